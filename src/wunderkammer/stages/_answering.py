"""Answering: probabilities that can be taken at their word, and when to say nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.metrics.classification import coverage_curve
from wunderkammer.metrics.logistic import OutOfFold

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NEVER = 2.0
"""A threshold that no probability reaches."""

_LEAST = 1e-12
_WIDEST = 3.0


@dataclass(frozen=True, slots=True)
class Reserve:
    """How confidence is read, and from which on an answer is given.

    Attributes
    ----------
    temperature : float
        Divides log probabilities; above 1 makes them less sure.
    threshold : float
        The least calibrated probability of an answer; :data:`NEVER` where the accuracy that
        is wanted was not reached.
    accuracy, coverage : float
        Of held-out answers, with the threshold chosen on the other folds: share that is right,
        and share of the media that get one. NaN accuracy where none does.
    """

    temperature: float
    threshold: float
    accuracy: float
    coverage: float


def calibrated(probabilities: Floats, temperature: float) -> Floats:
    """Return probabilities whose logarithms are divided by a temperature [1]_.

    References
    ----------
    .. [1] Guo, C. et al. (2017). On calibration of modern neural networks. ICML.
    """
    scores = np.log(np.maximum(probabilities, _LEAST)) / temperature
    scores -= scores.max(axis=1, keepdims=True)
    found = np.exp(scores)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def reserve_of(told: OutOfFold, wanted: float) -> Reserve:
    """Choose temperature and threshold on held-out answers.

    Parameters
    ----------
    told : OutOfFold
    wanted : float
        Share of the answers that shall be right.

    Notes
    -----
    The temperature is the one of the largest likelihood. The threshold is the smallest at
    which the wanted share of the held-out answers is right. Since a threshold promises too
    much on the media it was chosen on, the figures told are those of each fold with the
    threshold of the other folds.
    """
    temperature = _temperature(told)
    probabilities = calibrated(told.probabilities, temperature)
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == told.codes
    answered = np.zeros(len(right), np.bool_)
    for fold in np.unique(told.fold):
        held = told.fold == fold
        answered[held] = confidence[held] >= _threshold(confidence[~held], right[~held], wanted)
    accuracy = float(right[answered].mean()) if answered.any() else float("nan")
    threshold = _threshold(confidence, right, wanted)
    return Reserve(temperature, threshold, accuracy, float(answered.mean()))


def _temperature(told: OutOfFold) -> float:
    """Return the temperature of the largest likelihood, between 1/20 and 20."""
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(told.codes))

    def loss(log_temperature: float) -> float:
        found = calibrated(told.probabilities, float(np.exp(log_temperature)))
        return float(-np.log(np.maximum(found[rows, told.codes], _LEAST)).mean())

    best = minimize_scalar(loss, bounds=(-_WIDEST, _WIDEST), method="bounded")
    return float(np.exp(best.x))


def _threshold(confidence: Floats, right: Bools, wanted: float) -> float:
    """Return the smallest confidence from which on the wanted share is right.

    At so few answers that a single wrong one would spoil the share, none is believed.
    """
    if not len(right):
        return NEVER
    reached = coverage_curve(confidence, right, targets=(wanted,)).reached[wanted]
    n_needed = 1 / (1 - wanted)
    if reached is None or round(reached[0] * len(right)) < n_needed:
        return NEVER
    return reached[1]
