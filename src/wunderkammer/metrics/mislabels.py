"""Mislabels: plant wrong labels, find them, and say why each is suspect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError, StageError
from wunderkammer.metrics._folds import Folding
from wunderkammer.metrics._labels import Coded, Codes, coded, refuse_one_label
from wunderkammer.metrics.logistic import N_FOLDS, SEED, Scaling, out_of_fold
from wunderkammer.metrics.neighbours import Neighbours

DOUBTING = 10.0
"""Strength of a classifier that learns from labels of which some are wrong, commonly scaled."""

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Planted:
    """Labels, some of which were made wrong.

    Attributes
    ----------
    labels : tuple
        With the planted ones.
    wrong : ndarray of bool, shape (n,)
        Which were planted.
    """

    labels: tuple[Any, ...]
    wrong: Bools

    def figures(self) -> dict[str, int]:
        """Return how many labels there are, and how many are planted."""
        return {"n_media": len(self.labels), "n_wrong": int(self.wrong.sum())}


def plant(
    labels: Iterable[Any],
    fraction: float,
    *,
    within: Iterable[Any] | None = None,
    seed: int = 0,
) -> Planted:
    """Give a fraction of the media another label, of each label about as many.

    Parameters
    ----------
    labels : iterable
    fraction : float
        In (0, 1).
    within : iterable, optional
        A coarser label of each medium, such as its family: wrong labels then come from
        among those of the same family, as mistakes of people do. Labels that are alone in
        their family stay right.
    seed : int, optional

    Raises
    ------
    ConfigurationError
        If the fraction is not between 0 and 1.
    NotEnoughMediaError
        If no label can be changed, or so small a fraction is less than one medium.
    StageError
        If a medium has no label, or a label lies in several families.

    Notes
    -----
    Of all media that can be changed ``round(fraction * n)`` are drawn: from each label the
    whole part of its share, and one more from those with the largest remainders. Each gets
    one of the other labels, all as likely. With two genera these are the swaps of Kew's
    study, which rounds within each genus.
    """
    if not 0 < fraction < 1:
        raise ConfigurationError(
            f"metrics: the fraction of wrong labels is more than 0 and less than 1, not {fraction}."
        )
    names = list(labels)
    given = _all_labelled(names, len(names))
    family = _families(given, within)
    rng = np.random.default_rng(seed)
    codes = given.codes.copy()
    can = np.bincount(family)[family] > 1
    for code, n_wrong in enumerate(_shared_out(fraction, np.where(can, given.counts, 0), rng)):
        if n_wrong:
            (others,) = np.nonzero((family == family[code]) & (np.arange(len(family)) != code))
            drawn = rng.choice(np.flatnonzero(given.codes == code), n_wrong, replace=False)
            codes[drawn] = rng.choice(others, n_wrong)
    wrong = codes != given.codes
    if not wrong.any():
        raise NotEnoughMediaError(
            f"metrics: {fraction:.1%} of the media whose label could be another is no medium.",
            hint="Plant a larger fraction, or choose a lower rank or a wider group.",
        )
    return Planted(tuple(given.names[code] for code in codes), wrong)


def _shared_out(fraction: float, counts: Codes, rng: np.random.Generator) -> list[int]:
    """Return how many of each label make up a fraction of all, by the largest remainders."""
    exact = fraction * counts
    whole = np.floor(exact).astype(np.int64)
    rest = round(fraction * int(counts.sum())) - int(whole.sum())
    shuffled = rng.permutation(len(counts))
    order = shuffled[np.argsort(whole[shuffled] - exact[shuffled], kind="stable")]
    whole[order[:rest]] += 1
    found: list[int] = whole.tolist()
    return found


def _all_labelled(labels: Iterable[Any], n: int) -> Coded:
    given = coded(labels, n)
    n_bare = int((given.codes < 0).sum())
    if n_bare:
        raise StageError(
            f"metrics: {n_bare:,} of {n:,} media have no label.", hint="Leave them out first."
        )
    refuse_one_label(given, "looking for wrong labels")
    return given


def _families(labels: Coded, within: Iterable[Any] | None) -> Codes:
    """Return the coarser label of each label, as codes."""
    if within is None:
        return np.zeros(len(labels.names), np.int64)
    coarse = coded(within, len(labels.codes))
    pairs = np.unique(np.stack([labels.codes, coarse.codes]), axis=1)
    if pairs.shape[1] != len(labels.names):
        several = labels.names[int(np.bincount(pairs[0]).argmax())]
        raise StageError(
            f"metrics: each label must lie in one coarser group, and '{several}' lies in several.",
            hint="Use labels that say where they belong, such as 'Genus species'.",
        )
    return np.asarray(pairs[1])


@dataclass(frozen=True, slots=True)
class Suspicions:
    """What a detector makes of the label of each medium.

    Attributes
    ----------
    names : tuple
        All labels.
    scores : ndarray of float64, shape (n,)
        In [0, 1], low = suspect.
    flagged : ndarray of bool, shape (n,)
        What is called a label issue.
    given, suggested : ndarray of int64, shape (n,)
        Places among the names: the label as it is, and the one the detector would give.
    """

    names: tuple[Any, ...]
    scores: Floats
    flagged: Bools
    given: Codes
    suggested: Codes

    def figures(self) -> dict[str, Any]:
        """Return how many media were looked at and flagged."""
        return {"n_media": len(self.scores), "n_flagged": int(self.flagged.sum())}


def suspect_by_confidence(  # noqa: PLR0913  (each is a setting with its own name)
    features: npt.ArrayLike,
    labels: Iterable[Any],
    *,
    groups: Iterable[Any] | None = None,
    folding: Folding = "stratified",
    balanced: bool = False,
    strength: float = DOUBTING,
    scaling: Scaling = "common",
    n_folds: int = N_FOLDS,
    seed: int = SEED,
    device: Device | None = None,
) -> Suspicions:
    """Suspect labels by confident learning, with cleanlab.

    Parameters
    ----------
    features : array_like, shape (n, n_features)
    labels : iterable
        One for each medium.
    groups : iterable, optional
        Media of one group, such as a specimen, stay in one fold.
    folding : {"stratified", "plain"}, optional
        Kew's study has plain folds.
    balanced : bool, optional
        Whether labels count the same in the classifier; not in Kew's study.
    strength, scaling : optional
        Of the classifier, see :func:`~wunderkammer.metrics.logistic.fit_logistic`. Kew's study
        has 1 and ``"each"``, with which a classifier on many features learns wrong labels by
        heart, and finds fewer of them.
    n_folds, seed : int, optional
    device : Device, optional
        Folds are fitted on as many threads of the processor as it allows.

    Raises
    ------
    NotEnoughMediaError
        If there are too few labels or media for so many folds.
    StageError
        If a medium has no label.

    Notes
    -----
    Probabilities are out-of-fold, of L2 logistic regression. What is flagged is
    cleanlab's ``find_label_issues`` with ``prune_by_noise_rate``, as Kew's study; the score is
    its normalised margin, ``(p_given - max p_other + 1) / 2`` [1]_.

    References
    ----------
    .. [1] Northcutt, C., Jiang, L. & Chuang, I. (2021). Confident learning: estimating
       uncertainty in dataset labels. JAIR 70, 1373-1411.
    """
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    told = out_of_fold(
        features, labels, groups=groups, folding=folding, n_folds=n_folds, seed=seed,
        balanced=balanced, strength=strength, scaling=scaling, device=device,
    )  # fmt: skip
    flagged = find_label_issues(
        told.codes, told.probabilities, filter_by="prune_by_noise_rate", n_jobs=1
    )
    scores = get_label_quality_scores(told.codes, told.probabilities, method="normalized_margin")
    return Suspicions(
        names=told.names,
        scores=np.clip(np.asarray(scores, np.float64), 0, 1),
        flagged=np.asarray(flagged, np.bool_),
        given=told.codes,
        suggested=told.probabilities.argmax(axis=1),
    )


def suspect_by_neighbours(neighbours: Neighbours, labels: Iterable[Any]) -> Suspicions:
    """Suspect labels that the nearest media do not share.

    Parameters
    ----------
    neighbours : Neighbours
        Of media among themselves, never of one specimen; 10 to 20 are a good number.
    labels : iterable
        One for each medium.

    Raises
    ------
    NotEnoughMediaError
        If there are fewer than two labels.
    StageError
        If a medium has no label.

    Notes
    -----
    Each neighbour votes for its label with weight ``exp(-d² / 2s²)``, s the distance of the
    middle one, and votes are divided by their sum. The score is the margin
    ``(v_given - max v_other + 1) / 2``, and below one half a label is flagged. Wrong labels
    also vote; so all votes are counted a second time, each weighted with the score its
    caster came to in the first.
    """
    given = _all_labelled(labels, len(neighbours.groups))
    allowed = neighbours.indices >= 0
    weights = np.where(allowed, _closeness(neighbours.distances), 0)
    seen = np.where(allowed, given.codes[neighbours.indices], -1)
    scores, suggested = _margins(weights, seen, given.codes)
    scores, suggested = _margins(weights * scores[neighbours.indices], seen, given.codes)
    return Suspicions(given.names, scores, scores < 0.5, given.codes, suggested)


def _closeness(distances: Floats) -> Floats:
    """Return the weight of each neighbour, 1 at no distance."""
    finite = np.where(np.isinf(distances), np.nan, distances)
    has = ~np.isnan(finite).all(axis=1)
    middle = np.zeros(len(distances))
    middle[has] = np.nanmedian(finite[has], axis=1)
    scale = np.where(middle > 0, middle, 1)[:, None]
    return np.asarray(np.exp(-0.5 * np.square(np.where(np.isinf(distances), 0, distances) / scale)))


def _margins(weights: Floats, seen: Codes, own: Codes) -> tuple[Floats, Codes]:
    """Return scores from weighted votes, and the label with most votes."""
    total = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, total, np.zeros_like(weights), where=total > 0)
    votes = np.zeros_like(shares)  # votes for the label of the neighbour in each place
    for place in range(seen.shape[1]):
        votes[:, place] = (shares * (seen == seen[:, place, None])).sum(axis=1)
    is_own = seen == own[:, None]
    for_own = (shares * is_own).sum(axis=1)
    others = np.where(is_own | (seen < 0), -1.0, votes)
    best = others.argmax(axis=1)
    for_other = np.maximum(others.max(axis=1), 0)
    suggested = np.where(for_other > for_own, seen[np.arange(len(own)), best], own)
    return np.clip((for_own - for_other + 1) / 2, 0, 1), suggested


@dataclass(frozen=True, slots=True)
class LabelIssue:
    """A suspected wrong label, and the media that speak against it.

    Attributes
    ----------
    row : int
        Which medium.
    given, suggested
        Its label, and the one that would be given.
    score : float
        In [0, 1], low = suspect.
    neighbours : tuple of int
        Rows of its nearest media outside its own specimen, nearest first.
    neighbour_labels : tuple
        Their labels.
    distances : tuple of float
    """

    row: int
    given: Any
    suggested: Any
    score: float
    neighbours: tuple[int, ...]
    neighbour_labels: tuple[Any, ...]
    distances: tuple[float, ...]

    def figures(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "row": self.row,
            "given": self.given,
            "suggested": self.suggested,
            "score": self.score,
            "neighbours": list(self.neighbours),
            "neighbour_labels": list(self.neighbour_labels),
            "distances": list(self.distances),
        }


def label_issues(
    suspicions: Suspicions, neighbours: Neighbours, *, k: int = 5, most: int | None = None
) -> tuple[LabelIssue, ...]:
    """Return what was flagged, most suspect first, each with its nearest neighbours as the reason.

    Parameters
    ----------
    suspicions : Suspicions
    neighbours : Neighbours
        Of the same media among themselves.
    k : int, optional
        Neighbours to show.
    most : int, optional
        No more issues than this.
    """
    (rows,) = np.nonzero(suspicions.flagged)
    order = rows[np.argsort(suspicions.scores[rows], kind="stable")][:most]
    return tuple(_issue(suspicions, neighbours, int(row), k) for row in order)


def _issue(suspicions: Suspicions, neighbours: Neighbours, row: int, k: int) -> LabelIssue:
    near = neighbours.indices[row, :k]
    near, ways = near[near >= 0], neighbours.distances[row, :k][near >= 0]
    names = suspicions.names
    return LabelIssue(
        row=row,
        given=names[suspicions.given[row]],
        suggested=names[suspicions.suggested[row]],
        score=float(suspicions.scores[row]),
        neighbours=tuple(near.tolist()),
        neighbour_labels=tuple(names[suspicions.given[one]] for one in near),
        distances=tuple(ways.tolist()),
    )
