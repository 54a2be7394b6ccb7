"""Discrimination: whether two genera can be told apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device
from wunderkammer.core.errors import (
    ConfigurationError,
    NotEnoughMediaError,
    UnknownNameError,
    nearest,
)
from wunderkammer.metrics._labels import Coded, Codes, checked_features, coded, group_codes
from wunderkammer.metrics._threads import on_threads
from wunderkammer.metrics.classification import Scores, binary_scores, mean_scores
from wunderkammer.metrics.logistic import N_FOLDS, SEED, out_of_fold

LEAST_MEDIA = 10
"""Media that a genus must have to be compared."""


@dataclass(frozen=True, slots=True)
class Discrimination:
    """How well two labels are told apart.

    Attributes
    ----------
    first, second
        The labels; precision, recall and F1 are of the first.
    scores : Scores
        Mean over folds.
    folds : tuple of Scores
    n_first, n_second : int
        Media of each.
    """

    first: Any
    second: Any
    scores: Scores
    folds: tuple[Scores, ...]
    n_first: int
    n_second: int

    def figures(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "first": self.first,
            "second": self.second,
            "scores": self.scores.figures(),
            "folds": [one.figures() for one in self.folds],
            "n_first": self.n_first,
            "n_second": self.n_second,
        }


def discriminate(
    features: npt.ArrayLike,
    labels: Iterable[Any],
    pair: tuple[Any, Any],
    *,
    groups: Iterable[Any] | None = None,
    n_folds: int = N_FOLDS,
    seed: int = SEED,
) -> Discrimination:
    """Tell one pair of labels apart by cross-validation.

    Parameters
    ----------
    features : array_like, shape (n, n_features)
    labels : iterable
        Media of other labels take no part.
    pair : tuple
        Two labels; precision, recall and F1 are of the first.
    groups : iterable, optional
        Media of one group, such as a specimen, stay in one fold; Kew's study has none.
    n_folds, seed : int, optional
        Default: five plain folds, shuffled with seed 89, as Kew's study.

    Raises
    ------
    UnknownNameError
        If a label is not among those given.
    ConfigurationError
        If both are the same.
    NotEnoughMediaError
        If a label has fewer than ten media.

    Notes
    -----
    The protocol of Kew's study: media of the first label and then of the second,
    standardised features, class-balanced L2 logistic regression with C = 1, plain KFold.
    An answer is the first label where its probability is above one half.
    """
    rows = checked_features(features)
    given = coded(labels, len(rows))
    codes = tuple(_code_of(name, given) for name in pair)
    _refuse_unfit(given, codes)
    return _told(rows, given, group_codes(groups, len(rows)), codes, n_folds, seed)


def discriminate_all(
    features: npt.ArrayLike,
    labels: Iterable[Any],
    *,
    pairs: Sequence[tuple[Any, Any]] | None = None,
    groups: Iterable[Any] | None = None,
    n_folds: int = N_FOLDS,
    seed: int = SEED,
    device: Device | None = None,
) -> tuple[Discrimination, ...]:
    """Tell pairs of labels apart, hardest first.

    Parameters
    ----------
    features : array_like, shape (n, n_features)
    labels : iterable
    pairs : sequence of tuple, optional
        Default: all pairs of labels with at least ten media, which grows with the square
        of the labels; :func:`similar_pairs` names the few that are worth it.
    groups, n_folds, seed
        See :func:`discriminate`.
    device : Device, optional
        Pairs are fitted on as many threads of the processor as it allows.

    Raises
    ------
    UnknownNameError, ConfigurationError, NotEnoughMediaError
        See :func:`discriminate`.
    """
    rows = checked_features(features)
    given, whole = coded(labels, len(rows)), group_codes(groups, len(rows))
    if pairs is None:
        large = np.flatnonzero(given.counts >= LEAST_MEDIA).tolist()
        chosen = list(itertools.combinations(large, 2))
    else:
        chosen = [(_code_of(one, given), _code_of(two, given)) for one, two in pairs]
    for codes in chosen:
        _refuse_unfit(given, codes)

    def work(codes: tuple[int, int]) -> Discrimination:
        return _told(rows, given, whole, codes, n_folds, seed)

    workers = Device(n_threads=(device or Device()).n_threads)
    found = on_threads(work, chosen, workers)
    return tuple(sorted(found, key=lambda one: one.scores.accuracy))


def similar_pairs(
    features: npt.ArrayLike, labels: Iterable[Any], n_pairs: int = 10
) -> tuple[tuple[Any, Any], ...]:
    """Return the pairs of labels whose mean standardised features are nearest, nearest first.

    Labels with fewer than ten media are left out.
    """
    from scipy.spatial.distance import pdist

    rows = checked_features(features)
    given = coded(labels, len(rows))
    (large,) = np.nonzero(given.counts >= LEAST_MEDIA)
    if len(large) < 2:
        return ()
    spread = rows.std(axis=0, dtype=np.float64)
    spread[spread == 0] = 1
    means = np.stack([rows[given.codes == one].mean(axis=0, dtype=np.float64) for one in large])
    order = np.argsort(pdist(means / spread), kind="stable")[:n_pairs]
    first, second = np.triu_indices(len(large), 1)
    return tuple((given.names[large[first[one]]], given.names[large[second[one]]]) for one in order)


def _code_of(name: Any, labels: Coded) -> int:
    if name not in labels.names:
        known = nearest(str(name), [str(one) for one in labels.names])
        raise UnknownNameError(f"metrics: no medium has the label '{name}'. {known}")
    return labels.names.index(name)


def _refuse_unfit(labels: Coded, codes: tuple[int, ...]) -> None:
    if len(set(codes)) < len(codes):
        raise ConfigurationError(
            f"metrics: a pair is of two labels, and '{labels.names[codes[0]]}' was given twice."
        )
    for code in codes:
        if labels.counts[code] < LEAST_MEDIA:
            raise NotEnoughMediaError(
                f"metrics: {LEAST_MEDIA} media are needed to tell '{labels.names[code]}' from "
                f"another label, and it has {labels.counts[code]}.",
                hint="Choose a label with more media.",
            )


def _told(
    rows: npt.NDArray[Any],
    labels: Coded,
    groups: Codes,
    pair: tuple[int, ...],
    n_folds: int,
    seed: int,
) -> Discrimination:
    first, second = (np.flatnonzero(labels.codes == code) for code in pair)
    order = np.concatenate([first, second])
    is_first = np.arange(len(order)) < len(first)
    told = out_of_fold(
        rows[order], is_first, groups=groups[order], folding="plain", n_folds=n_folds, seed=seed
    )
    answers = told.probabilities[:, 1] > told.probabilities[:, 0]
    parts = [told.fold == place for place in range(n_folds)]
    folds = tuple(binary_scores(is_first[part], answers[part]) for part in parts)
    names = [labels.names[code] for code in pair]
    return Discrimination(names[0], names[1], mean_scores(folds), folds, len(first), len(second))
