"""Audit: what a sorting is worth, told from a random sample that people labelled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import StageError
from wunderkammer.metrics.classification import thinned
from wunderkammer.metrics.intervals import LEVEL, Interval, share_interval

NEVER = 2.0
"""A threshold that no probability reaches: everything is for a person."""

_CURVE_POINTS = 100

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.floating]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ClassAudit:
    """How well one class is told.

    Attributes
    ----------
    name : str
    n_true, n_predicted, n_right : int
        Audited media that people gave this class, that the ensemble gives it, and both.
    precision : Interval
        Share of those predicted that are of the class.
    recall : Interval
        Share of those of the class that are predicted.
    """

    name: str
    n_true: int
    n_predicted: int
    n_right: int
    precision: Interval
    recall: Interval


@dataclass(frozen=True, slots=True)
class Point:
    """What keeping everything from a confidence on would give.

    Attributes
    ----------
    threshold : float
        The least probability that is kept.
    coverage : float
        Share of all media that are kept.
    n_audited, n_right : int
        Audited media that are kept, and those of them that are right.
    accuracy : Interval
        Share of the kept that are right.
    """

    threshold: float
    coverage: float
    n_audited: int
    n_right: int
    accuracy: Interval


@dataclass(frozen=True, slots=True)
class Audit:
    """What the sample says of the sorting as a whole.

    Attributes
    ----------
    n : int
        Media of the random sample that have a class.
    n_unsure : int
        Those of the sample that people were not sure of; they count nowhere else.
    n_media : int
        All media.
    accuracy : Interval
        Of all predictions.
    classes : tuple of ClassAudit
    curve : tuple of Point
        Accuracy against coverage, at most 100 points, coverage rising.
    wanted : float
        The precision asked for.
    promised : bool
        Whether the sample is large enough to say so: the lower end of the interval reaches it.
    choice : Point or None
        The largest coverage that is promised; where none is, the largest whose measured
        precision reaches what is wanted; None where even that does not exist.
    n_kept, n_person : int
        Media without a label that the choice keeps by itself, and that it leaves for a person.
    n_more : int or None
        Audited media that are still missing until something can be promised, if the next
        ones turn out like those so far; 0 where it is; None where more would not help.
    sentence : str
        The same for a curator.
    """

    n: int
    n_unsure: int
    n_media: int
    accuracy: Interval
    classes: tuple[ClassAudit, ...]
    curve: tuple[Point, ...]
    wanted: float
    promised: bool
    choice: Point | None
    n_kept: int
    n_person: int
    n_more: int | None
    sentence: str

    @property
    def threshold(self) -> float:
        """The least probability that is kept; :data:`NEVER` where nothing is."""
        return self.choice.threshold if self.choice is not None else NEVER

    def figures(self) -> dict[str, Any]:
        """Return all of it as JSON values; a share of nothing is None."""
        found: dict[str, Any] = _plain({**asdict(self), "threshold": self.threshold})
        return found


def audit(
    probabilities: Floats,
    codes: Codes,
    classes: Sequence[str],
    *,
    confidence: Floats,
    labelled: Bools,
    precision: float = 0.99,
) -> Audit:
    """Tell from the random sample what can be kept without a person looking.

    Parameters
    ----------
    probabilities : ndarray, shape (n_sample, n_classes)
        Calibrated, of the media of the uniform random sample (the labelled beginning of the
        lot), from members that did not see them; rows that are not finite are left out.
    codes : ndarray of int64, shape (n_sample,)
        What people said of them; below 0: they were not sure.
    classes : sequence of str
    confidence : ndarray, shape (n_media,)
        Probability of the ensemble's class for every medium of the collection, that of
        labelled media again from members that did not see them.
    labelled : ndarray of bool, shape (n_media,)
        Whether people have said what a medium is: it is then neither kept nor left over.
    precision : float, optional
        Share of what is kept that shall be right.

    Raises
    ------
    StageError
        If the arrays do not belong together, or the precision is not between 0 and 1.

    Notes
    -----
    Only a uniform random sample tells how good a sorting is: media that the machine chose to
    ask about are harder than others. Intervals are Wilson's [1]_. A threshold is promised
    where the lower end of the 95 % interval of the precision above it reaches what is wanted.
    It is chosen on the sample it is measured on, which promises a little much [2]_; nested
    thresholds fail together and the lower end alone is missed once in 40, so that fewer than
    1 in 40 promises were broken wherever that was simulated.
    The audited media must be drawn independently: of specimens with many media each, the
    intervals are too narrow.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Journal of the American Statistical Association 22, 209-212.
    .. [2] Geifman, Y. & El-Yaniv, R. (2017). Selective classification for deep neural
       networks. NeurIPS.
    """
    said, of_all = np.asarray(codes, np.int64), np.nan_to_num(confidence, nan=0.0)
    _check(probabilities, said, classes, of_all, labelled, precision)
    usable = (said >= 0) & np.isfinite(probabilities).all(axis=1)
    told, truth = np.asarray(probabilities, np.float64)[usable], said[usable]
    answers = told.argmax(axis=1)
    curve = _Curve(told.max(axis=1), answers == truth, of_all)
    choice, promised = curve.chosen(precision)
    kept = of_all >= (choice.threshold if choice is not None else NEVER)
    n_more = 0 if promised else curve.n_more(precision)
    n_person = int((~kept & ~labelled).sum())
    return Audit(
        n=len(truth),
        n_unsure=int((said < 0).sum()),
        n_media=len(of_all),
        accuracy=share_interval(int((answers == truth).sum()), len(truth)),
        classes=_by_class(truth, answers, classes),
        curve=curve.points(),
        wanted=precision,
        promised=promised,
        choice=choice,
        n_kept=int((kept & ~labelled).sum()),
        n_person=n_person,
        n_more=n_more,
        sentence=_sentence(choice, promised, precision, len(truth), n_more, n_person),
    )


def _check(
    probabilities: Floats,
    codes: Codes,
    classes: Sequence[str],
    confidence: Floats,
    labelled: Bools,
    precision: float,
) -> None:
    """Refuse arrays of different media, and a precision that cannot be reached."""
    if probabilities.shape != (len(codes), len(classes)) or len(confidence) != len(labelled):
        raise StageError(
            f"audit: probabilities of shape {probabilities.shape} came with {len(codes):,} labels "
            f"of {len(classes)} classes, and {len(confidence):,} confidences with "
            f"{len(labelled):,} media."
        )
    if not 0 < precision < 1:
        raise StageError(
            f"audit: a precision between 0 and 1 is wanted, and {precision} was given.",
            hint="No sample can promise 1; ask for 0.99.",
        )


def _by_class(truth: Codes, answers: Codes, classes: Sequence[str]) -> tuple[ClassAudit, ...]:
    found = []
    for code, name in enumerate(classes):
        true, predicted = truth == code, answers == code
        n_true, n_predicted = int(true.sum()), int(predicted.sum())
        n_right = int((true & predicted).sum())
        found.append(
            ClassAudit(
                name, n_true, n_predicted, n_right,
                share_interval(n_right, n_predicted), share_interval(n_right, n_true),
            )
        )  # fmt: skip
    return tuple(found)


class _Curve:
    """Audited media, the surest first, those as sure as each other taken together."""

    def __init__(self, sure: Floats, right: Bools, of_all: Floats) -> None:
        order = np.argsort(-sure, kind="stable")
        sure = np.asarray(sure[order], np.float64)
        last = np.append(sure[1:] < sure[:-1], np.ones(min(1, len(sure)), np.bool_))
        (ends,) = np.nonzero(last)
        self.thresholds = sure[ends]
        self.n_audited = ends + 1
        self.n_right = np.cumsum(right[order])[ends]
        below = np.searchsorted(np.sort(of_all), self.thresholds, side="left")
        self.coverage = 1 - below / max(1, len(of_all))

    def point(self, at: int) -> Point:
        n, n_right = int(self.n_audited[at]), int(self.n_right[at])
        return Point(
            float(self.thresholds[at]), float(self.coverage[at]), n, n_right,
            share_interval(n_right, n),
        )  # fmt: skip

    def points(self) -> tuple[Point, ...]:
        """Return some points, coverage rising."""
        if not len(self.thresholds):
            return ()
        return tuple(self.point(at) for at in thinned(len(self.thresholds), _CURVE_POINTS))

    def chosen(self, wanted: float) -> tuple[Point | None, bool]:
        """Return the largest coverage that is promised, else measured; and which it is."""
        enough = self.n_audited >= _n_needed(self.n_right / self.n_audited, wanted)
        for promised, good in ((True, enough), (False, self.n_right >= wanted * self.n_audited)):
            if good.any():
                return self.point(int(np.flatnonzero(good)[-1])), promised
        return None, False

    def n_more(self, wanted: float) -> int | None:
        """Return the fewest further audited media after which something is promised."""
        if not len(self.thresholds):
            return int(_n_needed(np.ones(1), wanted)[0])
        needed = _n_needed(self.n_right / self.n_audited, wanted)
        n = int(self.n_audited[-1])
        fewest = float((needed / self.n_audited).min()) * n
        return max(1, math.ceil(fewest - n)) if math.isfinite(fewest) else None


def _n_needed(shares: Floats, wanted: float) -> Floats:
    """Return of how many these shares must be right so that what is wanted is promised.

    Wilson's interval is the inverse of the score test: its lower end reaches w where
    ``n (p - w)² >= z² w (1 - w)``. Infinite where p is not above w.
    """
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    above = np.maximum(shares - wanted, 0)
    found: Floats = np.full(len(shares), np.inf)
    np.divide(z**2 * wanted * (1 - wanted), above**2, out=found, where=above > 1e-12)
    return np.ceil(found, out=found)


def _sentence(
    choice: Point | None, promised: bool, wanted: float, n: int, n_more: int | None, n_person: int
) -> str:
    """Return what a curator is told."""
    goal = _percent(wanted)
    if not n:
        return (
            f"No medium of the random sample is labelled yet: label the first {n_more:,} of it, "
            f"and {goal} precision can be promised if all are predicted rightly."
        )
    if choice is None:
        return (
            f"No threshold reaches {goal} precision on the {n:,} audited media: a person should "
            "look at all. Label more, or ask for less."
        )
    share = f"{_percent(choice.coverage, down=True)} automatically at ≥ {goal} precision"
    left = _percent(1 - choice.coverage, up=True)
    rest = f"{left} for a person ({n_person:,} media without a label)"
    if promised:
        return f"Keep {share}, {rest}."
    more = (
        f"about {n_more:,} more audited media would settle it if they turn out alike"
        if n_more is not None
        else "it would take another round of labels rather than a larger audit"
    )
    return (
        f"Perhaps {share}, {rest}; this cannot be promised yet: {choice.n_right:,} of "
        f"{choice.n_audited:,} audited media above the threshold are right, which says no more "
        f"than ≥ {_percent(choice.accuracy.low, down=True)}; {more}."
    )


def _percent(share: float, *, down: bool = False, up: bool = False) -> str:
    """Return a share in percent, with a decimal where the rest to 100 is small."""
    digits = 1 if min(share, 1 - share) < 0.02 and share not in {0, 1} else 0
    if not (down or up):
        return f"{100 * share:.6g} %"
    scaled = 100 * share * 10**digits
    value = (math.floor(scaled + 1e-9) if down else math.ceil(scaled - 1e-9)) / 10**digits
    return f"{value:.{digits}f} %"


def _plain(value: Any) -> Any:
    """Return a value without tuples and NaN."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and math.isnan(value) else value
