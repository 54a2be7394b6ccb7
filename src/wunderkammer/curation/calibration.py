"""Calibration: how far an ensemble's probabilities can be taken at their word."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import StageError

_STEPS = 24
_LOWEST, _HIGHEST = math.log(0.05), math.log(20.0)
_SPREAD = 1.0
"""How far from 1 a temperature is expected: the standard deviation of its logarithm."""


def mean_probabilities(
    logits: npt.NDArray[np.floating], temperature: float = 1.0
) -> npt.NDArray[np.float64]:
    """Return the mean over the members of their softmax, shape (n, n_classes).

    Parameters
    ----------
    logits : ndarray, shape (n_members, n, n_classes)
    temperature : float, optional
        Divides the logits of every member.
    """
    scores = np.asarray(logits, np.float64) / temperature
    scores -= scores.max(axis=2, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=2, keepdims=True)
    return np.asarray(scores.mean(axis=0))


def fit_temperature(logits: npt.NDArray[np.floating], codes: npt.NDArray[np.int64]) -> float:
    """Return the temperature at which held-out predictions are most likely true.

    Parameters
    ----------
    logits : ndarray, shape (n_members, n, n_classes)
        From members that did not see the media; rows that are not finite are left out.
    codes : ndarray of int64, shape (n,)
        Class of each medium; below 0 where it has no label, which leaves it out.

    Returns
    -------
    float
        Between 0.05 and 20; 1 without labels. Above 1 the members were too sure of
        themselves.

    Raises
    ------
    StageError
        If there are not as many labels as media.

    Notes
    -----
    The logits of all members are divided by one number, and the mean of their softmax is
    scored by its log loss [1]_, the ensemble as a whole thus being calibrated [2]_. Few labels
    say little: the logarithm is held near 0 by a normal prior with a standard deviation of 1.

    References
    ----------
    .. [1] Guo, C., Pleiss, G., Sun, Y. & Weinberger, K. Q. (2017). On calibration of modern
       neural networks. ICML, 1321-1330.
    .. [2] Rahaman, R. & Thiery, A. H. (2021). Uncertainty quantification and deep ensembles.
       NeurIPS 34.
    """
    said = np.asarray(codes, np.int64)
    if logits.ndim != 3 or logits.shape[1] != len(said):
        raise StageError(
            f"calibration: {len(said):,} labels came with logits of shape {logits.shape}; wanted "
            "is (members, media, classes).",
        )
    known = (said >= 0) & np.isfinite(logits).all(axis=(0, 2))
    if not known.any():
        return 1.0
    some, truth = np.asarray(logits[:, known], np.float64), said[known]
    return math.exp(_least(lambda log: _cost(some, truth, log)))


def _cost(
    logits: npt.NDArray[np.float64], codes: npt.NDArray[np.int64], log_temperature: float
) -> float:
    """Return the log loss of all media, and what the prior adds."""
    chances = mean_probabilities(logits, math.exp(log_temperature))
    own = chances[np.arange(len(codes)), codes]
    return float(-np.log(np.maximum(own, 1e-12)).sum() + (log_temperature / _SPREAD) ** 2 / 2)


def _least(cost: Callable[[float], float]) -> float:
    """Return where a valley between the bounds is deepest, by golden section."""
    ratio = (math.sqrt(5) - 1) / 2
    low, high = _LOWEST, _HIGHEST
    first, second = high - ratio * (high - low), low + ratio * (high - low)
    at_first, at_second = cost(first), cost(second)
    for _ in range(_STEPS):
        if at_first <= at_second:
            high, second, at_second = second, first, at_first
            first = high - ratio * (high - low)
            at_first = cost(first)
        else:
            low, first, at_first = first, second, at_second
            second = low + ratio * (high - low)
            at_second = cost(second)
    return (low + high) / 2
