"""Figures of a detector: what was flagged against what is wrong, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.metrics.classification import thinned
from wunderkammer.metrics.intervals import N_RESAMPLES, Interval, percentile_interval

_CURVE_POINTS = 200

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Detection:
    """How well wrong labels were found.

    Attributes
    ----------
    precision : Interval
        Share of the flagged that are wrong; 0 where nothing is flagged.
    recall : Interval
        Share of the wrong that are flagged: the true positive rate (TPR).
    f1 : Interval
    false_positive_rate : Interval
        Share of the right that are flagged (FPR).
    average_precision : Interval
        Of the ranking by score, whatever was flagged.
    curve_precision, curve_recall, curve_score : tuple of float
        The precision-recall curve, at most 200 points, recall rising: flagging what
        scores at most ``curve_score``.
    n_media, n_wrong, n_flagged : int
    """

    precision: Interval
    recall: Interval
    f1: Interval
    false_positive_rate: Interval
    average_precision: Interval
    curve_precision: tuple[float, ...]
    curve_recall: tuple[float, ...]
    curve_score: tuple[float, ...]
    n_media: int
    n_wrong: int
    n_flagged: int

    def figures(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "precision": self.precision.figures(),
            "recall": self.recall.figures(),
            "f1": self.f1.figures(),
            "false_positive_rate": self.false_positive_rate.figures(),
            "true_positive_rate": self.recall.figures(),
            "average_precision": self.average_precision.figures(),
            "curve": {
                "precision": list(self.curve_precision),
                "recall": list(self.curve_recall),
                "score": list(self.curve_score),
            },
            "n_media": self.n_media,
            "n_wrong": self.n_wrong,
            "n_flagged": self.n_flagged,
        }


def detection(
    wrong: npt.ArrayLike,
    flagged: npt.ArrayLike,
    scores: npt.ArrayLike,
    *,
    seed: int = 0,
    n_resamples: int = N_RESAMPLES,
) -> Detection:
    """Measure what a detector flagged and how it ranked.

    Parameters
    ----------
    wrong, flagged : array_like of bool, shape (n,)
    scores : array_like of float, shape (n,)
        Low = suspect.
    seed, n_resamples : int, optional
        Of the bootstrap over media.

    Raises
    ------
    NotEnoughMediaError
        If nothing is wrong, or everything.

    Notes
    -----
    Average precision is ``Σ (R_n - R_{n-1}) P_n`` over distinct scores, as scikit-learn's,
    which is not interpolated [1]_. Its resamples are drawn as weights of the media, those of
    the other figures as the four counts of right and wrong, flagged and not, which is the
    same for n media drawn with replacement.

    References
    ----------
    .. [1] Davis, J. & Goadrich, M. (2006). The relationship between precision-recall and
       ROC curves. ICML.
    """
    is_wrong, is_flagged = np.asarray(wrong, np.bool_), np.asarray(flagged, np.bool_)
    if is_wrong.all() or not is_wrong.any():
        raise NotEnoughMediaError(
            f"metrics: right and wrong labels are needed to measure a detector, and "
            f"{int(is_wrong.sum())} of {len(is_wrong)} are wrong.",
            hint="Plant a larger share, or measure more media.",
        )
    rng = np.random.default_rng(seed)
    cells = np.bincount(2 * is_wrong.astype(np.int64) + is_flagged, minlength=4)
    drawn = rng.multinomial(len(is_wrong), cells / len(is_wrong), n_resamples)
    precision, recall, f1, false_positive_rate = (
        percentile_interval(float(value[0]), resampled)
        for value, resampled in zip(_rates(cells[None]), _rates(drawn), strict=True)
    )
    ranking = _Ranking(is_wrong, np.asarray(scores, np.float64))
    curve_precision, curve_recall, curve_score = ranking.curve()
    return Detection(
        precision=precision,
        recall=recall,
        f1=f1,
        false_positive_rate=false_positive_rate,
        average_precision=ranking.interval(rng, n_resamples),
        curve_precision=curve_precision,
        curve_recall=curve_recall,
        curve_score=curve_score,
        n_media=len(is_wrong),
        n_wrong=int(is_wrong.sum()),
        n_flagged=int(is_flagged.sum()),
    )


def _rates(cells: npt.NDArray[np.int64]) -> tuple[Floats, Floats, Floats, Floats]:
    """Return precision, recall, F1 and false positive rate of each row of four counts."""
    kept, alarms, missed, hits = cells.T.astype(np.float64)
    return (
        _share(hits, hits + alarms),
        _share(hits, hits + missed),
        _share(2 * hits, 2 * hits + alarms + missed),
        _share(alarms, alarms + kept),
    )


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, np.zeros(len(part)), where=whole > 0)


class _Ranking:
    """Media in order of suspicion, those of the same score taken together."""

    def __init__(self, wrong: Bools, scores: Floats) -> None:
        order = np.argsort(scores, kind="stable")
        self.wrong = wrong[order].astype(np.float64)
        self.scores = scores[order]
        (self.ends,) = np.nonzero(np.append(self.scores[1:] > self.scores[:-1], True))

    def points(self, weights: Floats | None = None) -> tuple[Floats, Floats]:
        """Return precision and recall at each distinct score."""
        counts = np.ones(len(self.wrong)) if weights is None else weights
        hits, flagged = np.cumsum(counts * self.wrong)[self.ends], np.cumsum(counts)[self.ends]
        return _share(hits, flagged), hits / hits[-1] if hits[-1] else np.full(len(hits), np.nan)

    def average_precision(self, weights: Floats | None = None) -> float:
        """Return the area of the steps of the curve; NaN where nothing wrong was drawn."""
        precision, recall = self.points(weights)
        return float((np.diff(recall, prepend=0) * precision).sum())

    def interval(self, rng: np.random.Generator, n_resamples: int) -> Interval:
        n = len(self.wrong)
        drawn = [
            self.average_precision(np.bincount(rng.integers(0, n, n), minlength=n).astype(float))
            for _ in range(n_resamples)
        ]
        return percentile_interval(self.average_precision(), drawn)

    def curve(self) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
        """Return precision, recall and score of some points of the curve."""
        precision, recall = self.points()
        shown = thinned(len(self.ends), _CURVE_POINTS)
        scores = self.scores[self.ends[shown]]
        return (
            tuple(precision[shown].tolist()),
            tuple(recall[shown].tolist()),
            tuple(scores.tolist()),
        )
