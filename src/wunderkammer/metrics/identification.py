"""Identification: whether a plain classifier on frozen features tells the names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.metrics._folds import folds_of
from wunderkammer.metrics._labels import (
    Coded,
    Codes,
    checked_features,
    coded,
    group_codes,
    refuse_one_label,
)
from wunderkammer.metrics._threads import on_threads
from wunderkammer.metrics.classification import (
    Calibration,
    Coverage,
    Scores,
    calibration,
    coverage_curve,
    macro_scores,
    mean_scores,
    top_accuracy,
)
from wunderkammer.metrics.intervals import Interval, mean_interval
from wunderkammer.metrics.logistic import N_FOLDS, SEED, fit_logistic, out_of_fold

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.floating[Any]]

N_LABELLED = (1, 2, 5, 10, 20)
"""Media of each label that learning curves are measured at."""


@dataclass(frozen=True, slots=True)
class Identification:
    """How well media are identified by a classifier that never saw them.

    Attributes
    ----------
    scores : Scores
        Accuracy and macro precision, recall and F1; the mean over folds where there are.
    folds : tuple of Scores
        Of each fold; empty for train to test.
    accuracy : Interval
        Share of all media that are told rightly.
    top5 : float or None
        Share whose label is among the five most probable; None for five labels or fewer.
    calibration : Calibration
    coverage : Coverage
    centroid : Scores
        The nearest centroid in the same split: what features tell without a fit.
    n_media, n_labels : int
        Media that were told and labels that could be answered.
    n_unseen : int
        Media left out because no medium to learn from has their label.
    """

    scores: Scores
    folds: tuple[Scores, ...]
    accuracy: Interval
    top5: float | None
    calibration: Calibration
    coverage: Coverage
    centroid: Scores
    n_media: int
    n_labels: int
    n_unseen: int

    def figures(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "scores": self.scores.figures(),
            "folds": [one.figures() for one in self.folds],
            "accuracy": self.accuracy.figures(),
            "top5": self.top5,
            "calibration": self.calibration.figures(),
            "coverage": self.coverage.figures(),
            "centroid": self.centroid.figures(),
            "n_media": self.n_media,
            "n_labels": self.n_labels,
            "n_unseen": self.n_unseen,
        }


def cross_validated(
    features: npt.ArrayLike,
    labels: Iterable[Any],
    *,
    groups: Iterable[Any] | None = None,
    n_folds: int = N_FOLDS,
    seed: int = SEED,
    device: Device | None = None,
) -> Identification:
    """Identify media by classifiers fitted on the others of the same set.

    Parameters
    ----------
    features : array_like, shape (n, n_features)
    labels : iterable
        None, NaN and ``""`` are no label: such media take no part.
    groups : iterable, optional
        Media of one group, such as a specimen, stay in one fold; Kew's study has none.
    n_folds, seed : int, optional
        Default: five stratified folds, shuffled with seed 89, as Kew's study.
    device : Device, optional
        Folds are fitted on as many threads of the processor as it allows.

    Raises
    ------
    NotEnoughMediaError
        If there are fewer than two labels, or none with a medium for each fold.

    Notes
    -----
    With the defaults this is the protocol of Kew's study *inside a test set*:
    standardised features, class-balanced L2 logistic regression with C = 1, and the mean
    over folds of accuracy and macro precision, recall and F1. It says how well names could be
    learnt from these very media; :func:`train_to_test` says what is known of them beforehand.
    Interval, calibration and coverage are of all held-out answers together.
    """
    rows, given, whole = _labelled(features, labels, groups)
    told = out_of_fold(rows, given.codes, groups=whole, n_folds=n_folds, seed=seed, device=device)
    answers = told.probabilities.argmax(axis=1)
    parts = [told.fold == place for place in range(n_folds)]
    folds = tuple(macro_scores(given.codes[part], answers[part]) for part in parts)
    centroid = [
        macro_scores(given.codes[held], _by_centroid(rows[fit], given.codes[fit], rows[held])[0])
        for fit, held in folds_of(given.codes, whole, "stratified", n_folds, seed)
    ]
    return _identification(
        given.codes, told.probabilities, whole, folds=folds,
        centroid=mean_scores(centroid), n_unseen=0, seed=seed,
    )  # fmt: skip


def train_to_test(
    features: npt.ArrayLike,
    labels: Iterable[Any],
    test_features: npt.ArrayLike,
    test_labels: Iterable[Any],
    *,
    test_groups: Iterable[Any] | None = None,
    seed: int = SEED,
) -> Identification:
    """Identify media of a test set by a classifier fitted on the training set.

    Parameters
    ----------
    features, test_features : array_like, shape (n, n_features)
        That no specimen is in both is the caller's business.
    labels, test_labels : iterable
        Media without one take no part; test media of labels that the training set does
        not have are counted in ``n_unseen`` and left out.
    test_groups : iterable, optional
        Whole groups are drawn for the interval.
    seed : int, optional
        Of the bootstrap.

    Raises
    ------
    NotEnoughMediaError
        If there are fewer than two labels, or no test medium has one of them.
    """
    rows, given, _ = _labelled(features, labels, None)
    asked, truth, whole, n_unseen = _askable(test_features, test_labels, test_groups, given)
    probabilities = fit_logistic(rows, given.codes).probabilities(asked)
    answers, _ = _by_centroid(rows, given.codes, asked)
    return _identification(
        truth, probabilities, whole, folds=(),
        centroid=macro_scores(truth, answers), n_unseen=n_unseen, seed=seed,
    )  # fmt: skip


def nearest_centroid(
    features: npt.ArrayLike, labels: Iterable[Any], test_features: npt.ArrayLike
) -> tuple[tuple[Any, ...], Floats]:
    """Return the label of the nearest mean for each test medium, and how far all means are.

    Parameters
    ----------
    features, test_features : array_like, shape (n, n_features)
        Standardised by the mean and spread of the former.
    labels : iterable
        Of the former.

    Returns
    -------
    tuple
        The labels answered, and Euclidean distances of shape (n_test, n_labels), columns in
        the order of the sorted labels.
    """
    rows, given, _ = _labelled(features, labels, None)
    answers, distances = _by_centroid(rows, given.codes, checked_features(test_features))
    return tuple(given.names[one] for one in answers), distances


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """What so many labelled media of each label are worth.

    Attributes
    ----------
    n_each : int
        Media of each label that were asked for; a label with fewer gives all.
    n_media : int
        Media that were fitted on.
    scores, centroid : tuple of Scores
        Of logistic regression and of the nearest centroid, one for each draw.
    """

    n_each: int
    n_media: int
    scores: tuple[Scores, ...]
    centroid: tuple[Scores, ...]

    def figures(self) -> dict[str, Any]:
        """Return means over draws and every draw, as plain values."""
        return {
            "n_each": self.n_each,
            "n_media": self.n_media,
            "scores": mean_scores(self.scores).figures(),
            "centroid": mean_scores(self.centroid).figures(),
            "draws": [one.figures() for one in self.scores],
            "centroid_draws": [one.figures() for one in self.centroid],
        }


def learning_curve(
    features: npt.ArrayLike,
    labels: Iterable[Any],
    test_features: npt.ArrayLike,
    test_labels: Iterable[Any],
    *,
    n_labelled: Sequence[int] = N_LABELLED,
    n_draws: int = 5,
    seed: int = SEED,
    device: Device | None = None,
) -> tuple[LearningPoint, ...]:
    """Return how identification of a test set improves with labelled media.

    Parameters
    ----------
    features, test_features : array_like, shape (n, n_features)
    labels, test_labels : iterable
        As for :func:`train_to_test`.
    n_labelled : sequence of int, optional
        Media of each label to fit on.
    n_draws : int, optional
        Sets of so many media that are drawn; a larger set of the same draw holds the
        smaller one.
    seed : int, optional
    device : Device, optional
        Draws are fitted on as many threads of the processor as it allows.

    Raises
    ------
    NotEnoughMediaError
        If there are fewer than two labels, or no test medium has one of them.
    """
    rows, given, _ = _labelled(features, labels, None)
    asked, truth, _, _ = _askable(test_features, test_labels, None, given)
    places = [_place_in_label(given.codes, seed, draw) for draw in range(n_draws)]

    def point(n_each: int) -> LearningPoint:
        scores, centroid = [], []
        for place in places:
            drawn = np.flatnonzero(place < n_each)
            model = fit_logistic(rows[drawn], given.codes[drawn])
            scores.append(macro_scores(truth, model.probabilities(asked).argmax(axis=1)))
            answers, _ = _by_centroid(rows[drawn], given.codes[drawn], asked)
            centroid.append(macro_scores(truth, answers))
        return LearningPoint(n_each, len(drawn), tuple(scores), tuple(centroid))

    workers = Device(n_threads=(device or Device()).n_threads)
    return tuple(on_threads(point, n_labelled, workers))


def _labelled(
    features: npt.ArrayLike, labels: Iterable[Any], groups: Iterable[Any] | None
) -> tuple[Rows, Coded, Codes]:
    """Return the media that have a label, their labels and their groups."""
    rows = checked_features(features)
    given, whole = coded(labels, len(rows)), group_codes(groups, len(rows))
    refuse_one_label(given, "identification")
    has = given.codes >= 0
    if has.all():
        return rows, given, whole
    return rows[has], Coded(given.codes[has], given.names), whole[has]


def _askable(
    features: npt.ArrayLike, labels: Iterable[Any], groups: Iterable[Any] | None, known: Coded
) -> tuple[Rows, Codes, Codes, int]:
    """Return test media of known labels, their codes and groups, and how many others there are."""
    rows, given = checked_features(features), list(labels)
    truth, whole = coded(given, len(rows), known.names).codes, group_codes(groups, len(rows))
    has = truth >= 0
    if not has.any():
        raise NotEnoughMediaError(
            f"metrics: none of {len(rows):,} test media has a label that was learnt.",
            hint="Choose a higher rank.",
        )
    n_labelled = int((coded(given, len(rows)).codes >= 0).sum())
    return rows[has], truth[has], whole[has], n_labelled - int(has.sum())


def _by_centroid(rows: Rows, codes: Codes, asked: Rows) -> tuple[Codes, Floats]:
    """Return the label of the nearest mean of standardised features, and distances to all."""
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(rows)
    present, places = np.unique(codes, return_inverse=True)
    means = np.zeros((len(present), rows.shape[1]))
    np.add.at(means, places, scaler.transform(rows))
    means /= np.bincount(places)[:, None]
    scaled = scaler.transform(asked)
    squared = (means**2).sum(axis=1) - 2 * (scaled @ means.T)
    squared += np.square(scaled).sum(axis=1, keepdims=True)
    distances = np.sqrt(np.maximum(squared, 0)).astype(np.float64)
    return present[distances.argmin(axis=1)], distances


def _place_in_label(codes: Codes, seed: int, draw: int) -> Codes:
    """Return the place of each medium in a shuffled row of its label's media."""
    shuffled = np.random.default_rng([seed, draw]).permutation(len(codes))
    order = shuffled[np.argsort(codes[shuffled], kind="stable")]
    starts = np.cumsum(np.bincount(codes)) - np.bincount(codes)
    places = np.empty(len(codes), np.int64)
    places[order] = np.arange(len(codes)) - starts[codes[order]]
    return places


def _identification(
    truth: Codes,
    probabilities: Floats,
    groups: Codes,
    *,
    folds: tuple[Scores, ...],
    centroid: Scores,
    n_unseen: int,
    seed: int,
) -> Identification:
    answers, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = answers == truth
    return Identification(
        scores=mean_scores(folds) if folds else macro_scores(truth, answers),
        folds=folds,
        accuracy=mean_interval(right, groups=groups, seed=seed),
        top5=top_accuracy(truth, probabilities),
        calibration=calibration(confidence, right),
        coverage=coverage_curve(confidence, right),
        centroid=centroid,
        n_media=len(truth),
        n_labels=probabilities.shape[1],
        n_unseen=n_unseen,
    )
