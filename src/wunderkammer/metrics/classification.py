"""Figures of a classifier: scores, calibration, and accuracy against coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import NotEnoughMediaError

N_BINS = 15
"""Bins of confidence, of equal width, that calibration is measured in."""

TARGETS = (0.95, 0.99)
"""Accuracies for which the largest coverage is told."""

_CURVE_POINTS = 100

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """Accuracy, and precision, recall and F1 of a label, or their means over labels."""

    accuracy: float
    precision: float
    recall: float
    f1: float

    def figures(self) -> dict[str, float]:
        """Return the four numbers by name."""
        return asdict(self)


def macro_scores(truth: npt.ArrayLike, answers: npt.ArrayLike) -> Scores:
    """Return accuracy and the macro means of precision, recall and F1.

    Parameters
    ----------
    truth, answers : array_like of int, shape (n,)
        Labels as codes from 0.

    Notes
    -----
    Of each label that is true or answered at least once, with TP its media told rightly:
    precision ``TP / answered``, recall ``TP / true``, F1 ``2 TP / (true + answered)``, 0 where
    nothing is divided by nothing; each label counts the same. These are scikit-learn's
    ``average="macro"`` with ``zero_division=0``.
    """
    asked, given = _both(truth, answers)
    size = int(max(asked.max(), given.max())) + 1
    true = np.bincount(asked, minlength=size).astype(np.float64)
    answered = np.bincount(given, minlength=size).astype(np.float64)
    hits = np.bincount(asked[asked == given], minlength=size).astype(np.float64)
    seen = (true + answered) > 0
    precision, recall = _ratio(hits, answered), _ratio(hits, true)
    f1 = _ratio(2 * hits, true + answered)
    means = [float(one[seen].mean()) for one in (precision, recall, f1)]
    return Scores(float((asked == given).mean()), *means)


def binary_scores(truth: npt.ArrayLike, answers: npt.ArrayLike) -> Scores:
    """Return accuracy, and precision, recall and F1 of what is true; 0 where undefined."""
    asked, given = np.asarray(truth, np.bool_), np.asarray(answers, np.bool_)
    _both(asked, given)
    hits, true, answered = float((asked & given).sum()), float(asked.sum()), float(given.sum())
    return Scores(
        accuracy=float((asked == given).mean()),
        precision=hits / answered if answered else 0.0,
        recall=hits / true if true else 0.0,
        f1=2 * hits / (true + answered) if true + answered else 0.0,
    )


def mean_scores(several: Sequence[Scores]) -> Scores:
    """Return the mean of each figure, as over folds."""
    return Scores(*np.mean([list(one.figures().values()) for one in several], axis=0).tolist())


def top_accuracy(truth: Codes, scores: Floats, k: int = 5) -> float | None:
    """Return the share of media whose label is among the k highest scores.

    None where there are no more than k labels, and any answer would be right. A label as
    high as the k-th counts as among them only by the order of its column.
    """
    if scores.shape[1] <= k:
        return None
    highest = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float((highest == truth[:, None]).any(axis=1).mean())


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far confidence can be taken at its word.

    Attributes
    ----------
    error : float
        Expected calibration error, between 0 and 1, 0 the best.
    n_media : tuple of int
        Media in each bin of confidence; the bins are of equal width from 0 to 1.
    confidence, accuracy : tuple of float
        Their means in each bin; 0 where it is empty.
    """

    error: float
    n_media: tuple[int, ...]
    confidence: tuple[float, ...]
    accuracy: tuple[float, ...]

    def figures(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "error": self.error,
            "n_media": list(self.n_media),
            "confidence": list(self.confidence),
            "accuracy": list(self.accuracy),
        }


def calibration(confidence: npt.ArrayLike, right: npt.ArrayLike) -> Calibration:
    """Return the expected calibration error and the table it comes from.

    Parameters
    ----------
    confidence : array_like of float, shape (n,)
        The probability of the answer given, in [0, 1].
    right : array_like of bool, shape (n,)

    Notes
    -----
    ``ECE = Σ_b (n_b / n) |accuracy_b - confidence_b|`` over 15 bins of equal width, each
    open below and closed above [1]_.

    References
    ----------
    .. [1] Guo, C. et al. (2017). On calibration of modern neural networks. ICML.
    """
    sure, hit = np.asarray(confidence, np.float64), np.asarray(right, np.float64)
    _both(sure, hit)
    bins = np.clip(np.ceil(sure * N_BINS).astype(np.int64) - 1, 0, N_BINS - 1)
    n_media = np.bincount(bins, minlength=N_BINS)
    means = [
        _ratio(
            np.bincount(bins, of, minlength=N_BINS).astype(np.float64), n_media.astype(np.float64)
        )
        for of in (sure, hit)
    ]
    error = float((n_media * np.abs(means[1] - means[0])).sum() / len(sure))
    return Calibration(
        error, tuple(n_media.tolist()), tuple(means[0].tolist()), tuple(means[1].tolist())
    )


@dataclass(frozen=True, slots=True)
class Coverage:
    """Accuracy against the share of media that get an answer at all.

    Attributes
    ----------
    coverage, accuracy, threshold : tuple of float
        Points of the curve, at most 100, coverage rising: answering where confidence is at
        least ``threshold`` answers this share of the media, this share of them rightly.
    area : float
        Mean accuracy over the coverages that media are answered at one by one, the surest
        first; 1 less the area under the risk-coverage curve.
    reached : mapping
        For each accuracy wanted, the largest coverage that reaches it and its threshold;
        None where none does.
    """

    coverage: tuple[float, ...]
    accuracy: tuple[float, ...]
    threshold: tuple[float, ...]
    area: float
    reached: dict[float, tuple[float, float] | None]

    def figures(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        reached = {
            str(wanted): None
            if found is None
            else dict(zip(("coverage", "threshold"), found, strict=True))
            for wanted, found in self.reached.items()
        }
        return {
            "coverage": list(self.coverage),
            "accuracy": list(self.accuracy),
            "threshold": list(self.threshold),
            "area": self.area,
            "reached": reached,
        }


def coverage_curve(
    confidence: npt.ArrayLike, right: npt.ArrayLike, *, targets: Sequence[float] = TARGETS
) -> Coverage:
    """Return how accuracy rises where the least sure answers are withheld.

    Parameters
    ----------
    confidence : array_like of float, shape (n,)
    right : array_like of bool, shape (n,)
    targets : sequence of float, optional
        Accuracies for which the largest coverage is looked for.

    Notes
    -----
    Selective classification [1]_, used for herbarium sheets in [2]_. Media of the same
    confidence are answered together or not at all. A threshold that reaches an
    accuracy on these media is chosen on them, and promises a little much for others.

    References
    ----------
    .. [1] El-Yaniv, R. & Wiener, Y. (2010). On the foundations of noise-free selective
       classification. JMLR 11, 1605-1641.
    .. [2] Bateux et al. (2025). PLOS Computational Biology, 10.1371/journal.pcbi.1013650.
    """
    sure, hit = np.asarray(confidence, np.float64), np.asarray(right, np.float64)
    _both(sure, hit)
    order = np.argsort(-sure, kind="stable")
    sure, n = sure[order], len(sure)
    last = np.append(sure[1:] < sure[:-1], True)  # of those that are as sure
    totals = np.cumsum(hit[order])
    (ends,) = np.nonzero(last)
    coverage, accuracy = (ends + 1) / n, totals[ends] / (ends + 1)
    steps = np.diff(ends, prepend=-1)
    reached = {}
    for wanted in targets:
        (good,) = np.nonzero(accuracy >= wanted)
        at = good[-1] if len(good) else None
        reached[wanted] = None if at is None else (float(coverage[at]), float(sure[ends[at]]))
    shown = thinned(len(ends), _CURVE_POINTS)
    return Coverage(
        tuple(coverage[shown].tolist()),
        tuple(accuracy[shown].tolist()),
        tuple(sure[ends[shown]].tolist()),
        float((accuracy * steps).sum() / n),
        reached,
    )


def thinned(n: int, most: int) -> Codes:
    """Return at most so many places spread evenly over n, the first and the last among them."""
    return np.unique(np.linspace(0, n - 1, min(n, most)).round().astype(np.int64))


def _both(one: npt.ArrayLike, other: npt.ArrayLike) -> tuple[Codes, Codes]:
    """Return two arrays of codes; refuse none at all."""
    first, second = np.asarray(one), np.asarray(other)
    if not len(first) or len(first) != len(second):
        raise NotEnoughMediaError(
            f"metrics: as many answers as media are needed, at least one; {len(second)} came for "
            f"{len(first)}."
        )
    return first.astype(np.int64, copy=False), second.astype(np.int64, copy=False)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, np.zeros(len(part)), where=whole > 0)
