"""Figures of a round, measured on labelled media that the members did not see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.metrics.intervals import Interval, percentile_interval, share_interval

FIGURES = ("accuracy", "balanced accuracy", "auc")
"""What is measured, the most easily understood first."""

_N_RESAMPLES = 300

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a round.

    Attributes
    ----------
    name : str
        One of :data:`FIGURES`.
    held_out : Interval or None
        Over all labelled media, each told by members fitted without it. Media that the
        machine chose are among them, which are harder than others.
    audited : Interval or None
        The same over the labelled beginning of the lot alone: without bias.
    members : tuple of float or None
        ``held_out`` of each member by itself.
    by_lot : float or None
        ``audited`` once more, but of members that learnt from nothing except the beginning of
        the lot: what the labels would have taught that were not chosen by the machine.
    """

    name: str
    held_out: Interval | None
    audited: Interval | None
    members: tuple[float | None, ...]
    by_lot: float | None = None

    def figures(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "name": self.name,
            "held_out": None if self.held_out is None else self.held_out.figures(),
            "audited": None if self.audited is None else self.audited.figures(),
            "members": list(self.members),
            "by_lot": self.by_lot,
        }

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> Figure:
        """Return what :meth:`figures` wrote."""
        both = {
            side: None if figures[side] is None else Interval(**figures[side])
            for side in ("held_out", "audited")
        }
        members, by_lot = tuple(figures["members"]), figures.get("by_lot")
        return cls(figures["name"], both["held_out"], both["audited"], members, by_lot)


def held_out_figures(
    chances: Floats,
    of_members: Sequence[Floats],
    codes: Codes,
    is_random: npt.NDArray[np.bool_],
    *,
    seed: int,
    by_lot: Floats | None = None,
) -> tuple[Figure, ...]:
    """Measure what an ensemble says of labelled media.

    Parameters
    ----------
    chances : ndarray, shape (n, n_classes)
        Probabilities from members that did not see the media.
    of_members : sequence of ndarray, shape (n, n_classes)
        The same of each member.
    codes : ndarray of int64, shape (n,)
        Class of each.
    is_random : ndarray of bool, shape (n,)
        Which belong to the labelled beginning of the lot.
    seed : int
        Of the bootstrap.
    by_lot : ndarray, shape (n_random, n_classes), optional
        Probabilities of the random ones, from members that learnt from other random ones only.

    Notes
    -----
    *Balanced accuracy* is the mean over classes of the share told rightly, *auc* the mean over
    classes of the area under the receiver operating characteristic of that class against the
    others [1]_; both are over the classes that occur. Their intervals are percentiles of a
    bootstrap over media; that of the accuracy, a share, is Wilson's.

    References
    ----------
    .. [1] Fawcett, T. (2006). An introduction to ROC analysis. Pattern Recognition Letters 27,
       861-874.
    """
    measures: dict[str, Callable[[Floats, Codes], float]] = {
        "accuracy": accuracy, "balanced accuracy": balanced_accuracy, "auc": area,
    }  # fmt: skip
    found = []
    for name in FIGURES:
        measure = measures[name]
        members = tuple(_or_none(measure(one, codes)) for one in of_members)
        every = _interval(measure, chances, codes, seed)
        some = _interval(measure, chances[is_random], codes[is_random], seed)
        lone = None if by_lot is None else _or_none(measure(by_lot, codes[is_random]))
        found.append(Figure(name, every, some, members, lone))
    return tuple(found)


def accuracy(chances: Floats, codes: Codes) -> float:
    """Return the share of media whose likeliest class is theirs; NaN without media."""
    return float((chances.argmax(axis=1) == codes).mean()) if len(codes) else float("nan")


def balanced_accuracy(chances: Floats, codes: Codes) -> float:
    """Return the mean over classes of the share told rightly; NaN for fewer than two classes."""
    present = np.unique(codes)
    if len(present) < 2:
        return float("nan")
    right = chances.argmax(axis=1) == codes
    return float(np.mean([right[codes == one].mean() for one in present]))


def area(chances: Floats, codes: Codes) -> float:
    """Return the mean area under the curve of each class against the others; NaN for one class."""
    present = np.unique(codes)
    if len(present) < 2:
        return float("nan")
    if chances.shape[1] == 2:
        return _area(chances[:, 1], codes == 1)
    return float(np.mean([_area(chances[:, one], codes == one) for one in present]))


def _area(scores: Floats, is_it: npt.NDArray[np.bool_]) -> float:
    """Return how often one of a class scores above one of the others; ties count half."""
    order, which = np.unique(scores, return_inverse=True)
    ends = np.cumsum(np.bincount(which, minlength=len(order)))
    starts = np.concatenate([[0], ends[:-1]])
    ranks = ((starts + ends + 1) / 2)[which]
    n, others = int(is_it.sum()), int((~is_it).sum())
    return float((ranks[is_it].sum() - n * (n + 1) / 2) / (n * others))


def _interval(
    measure: Callable[[Floats, Codes], float], chances: Floats, codes: Codes, seed: int
) -> Interval | None:
    """Return a figure with its bootstrap interval, or None where it has no value."""
    value = measure(chances, codes)
    if np.isnan(value):
        return None
    if measure is accuracy:
        return share_interval(round(value * len(codes)), len(codes))
    rng = np.random.default_rng(seed)
    n = len(codes)
    resampled = [
        measure(chances[drawn], codes[drawn])
        for drawn in (rng.integers(0, n, n) for _ in range(_N_RESAMPLES))
    ]
    return percentile_interval(value, resampled)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value
