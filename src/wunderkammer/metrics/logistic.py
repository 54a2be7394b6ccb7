"""L2 logistic regression on frozen features, its scaler folded into the weights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.core.one_thread import one_thread
from wunderkammer.metrics._folds import Folding, folds_of
from wunderkammer.metrics._labels import (
    Coded,
    checked_features,
    coded,
    group_codes,
    refuse_one_label,
)
from wunderkammer.metrics._threads import on_threads

N_FOLDS = 5
SEED = 89
"""What Kew's study draws its folds with."""

Scaling = Literal["each", "common"]
"""Whether each feature is divided by its own standard deviation, or all by one number."""

_CHUNK_VALUES = 1 << 22
_MAX_ITER = 5_000

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A fitted classifier.

    Attributes
    ----------
    names : tuple
        The labels, in the order of the columns.
    weights : ndarray of float64, shape (n_features, n_labels)
        For features as they are: the scaler is folded in.
    intercepts : ndarray of float64, shape (n_labels,)
    """

    names: tuple[Any, ...]
    weights: Floats
    intercepts: Floats

    def probabilities(self, features: npt.ArrayLike) -> Floats:
        """Return the probability of each label for each medium, shape (n, n_labels).

        Raises
        ------
        StageError
            If the features are of another length than those fitted on.
        """
        rows = checked_features(features)
        if rows.shape[1] != len(self.weights):
            raise StageError(
                f"metrics: the classifier was fitted on {len(self.weights)} features, and these "
                f"media have {rows.shape[1]}.",
                hint="Use the features of the encoder it was fitted on.",
            )
        found = np.empty((len(rows), len(self.names)))
        step = max(1, _CHUNK_VALUES // max(1, rows.shape[1]))
        for start in range(0, len(rows), step):
            part = slice(start, start + step)
            scores = rows[part] @ self.weights + self.intercepts
            scores -= scores.max(axis=1, keepdims=True)
            np.exp(scores, out=scores)
            found[part] = scores / scores.sum(axis=1, keepdims=True)
        return found

    def figures(self) -> dict[str, Any]:
        """Return the weights as plain lists."""
        return {
            "names": list(self.names),
            "weights": self.weights.tolist(),
            "intercepts": self.intercepts.tolist(),
        }


def fit_logistic(
    features: npt.ArrayLike,
    labels: Iterable[Any],
    *,
    strength: float = 1.0,
    balanced: bool = True,
    scaling: Scaling = "each",
) -> LogisticModel:
    """Fit L2 logistic regression to centred and scaled features.

    Parameters
    ----------
    features : array_like, shape (n, n_features)
    labels : iterable
        None, NaN and ``""`` are no label: such media are not fitted on.
    strength : float, optional
        C of scikit-learn: the inverse of the penalty.
    balanced : bool, optional
        Whether each label counts the same: media weigh ``n / (n_labels * n_of_label)``.
    scaling : {"each", "common"}, optional
        ``each``: every feature gets a variance of 1. ``common``: all are divided by one
        number, after which their variances add up to 1; distances keep their proportions,
        features that hardly vary have as little say as they had, and a strength means the
        same whatever the number of features.

    Raises
    ------
    NotEnoughMediaError
        If fewer than two labels have media.

    Notes
    -----
    Minimises ``|w|² / 2 + C Σ weight_i · loss_i`` with the multinomial loss (of two labels the
    binomial one), the intercept free, as scikit-learn's LogisticRegression [1]_ does, by
    L-BFGS in single precision to its default tolerance, at most 5,000 iterations. There is
    no draw in it. Nothing but one thread is used, so that sums never change their order.

    References
    ----------
    .. [1] Pedregosa, F. et al. (2011). Scikit-learn: machine learning in Python.
       JMLR 12, 2825-2830.
    """
    rows = checked_features(features)
    given = coded(labels, len(rows))
    refuse_one_label(given, "a classifier")
    if (given.codes < 0).any():
        rows, given = rows[given.codes >= 0], Coded(given.codes[given.codes >= 0], given.names)
    with one_thread():
        return _fitted(rows, given, strength, balanced=balanced, scaling=scaling)


def _fitted(
    rows: npt.NDArray[Any], labels: Coded, strength: float, *, balanced: bool, scaling: Scaling
) -> LogisticModel:
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(rows)
    if scaling == "common":
        scaler.scale_ = np.full_like(scaler.scale_, np.sqrt(scaler.var_.sum()) or 1.0)
    model = LogisticRegression(
        C=strength, class_weight="balanced" if balanced else None, max_iter=_MAX_ITER
    ).fit(scaler.transform(rows).astype(np.float32), labels.codes)
    present = np.asarray(model.classes_)
    weights = np.asarray(model.coef_, np.float64).T / scaler.scale_[:, None]
    intercepts = np.asarray(model.intercept_, np.float64) - scaler.mean_ @ weights
    if len(present) == 2:  # one column of log odds: the other label's are zero
        weights = np.concatenate([np.zeros_like(weights), weights], axis=1)
        intercepts = np.concatenate([[0.0], intercepts])
    return LogisticModel(tuple(labels.names[one] for one in present), weights, intercepts)


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What classifiers said of media they were not fitted on.

    Attributes
    ----------
    names : tuple
        The labels, in the order of the columns.
    codes : ndarray of int64, shape (n,)
        The place of each medium's label among the names.
    probabilities : ndarray of float64, shape (n, n_labels)
        0 for labels that the fold had no medium of.
    fold : ndarray of int64, shape (n,)
        The fold in which each medium was held out.
    """

    names: tuple[Any, ...]
    codes: npt.NDArray[np.int64]
    probabilities: Floats
    fold: npt.NDArray[np.int64]


def out_of_fold(  # noqa: PLR0913  (each is a setting with its own name)
    features: npt.ArrayLike,
    labels: Iterable[Any],
    *,
    groups: Iterable[Any] | None = None,
    folding: Folding = "stratified",
    n_folds: int = N_FOLDS,
    seed: int = SEED,
    balanced: bool = True,
    strength: float = 1.0,
    scaling: Scaling = "each",
    device: Device | None = None,
) -> OutOfFold:
    """Return probabilities for each medium from a classifier that did not see it.

    Parameters
    ----------
    features : array_like, shape (n, n_features)
    labels : iterable
        One for each medium, none missing.
    groups : iterable, optional
        Media of one group, such as a specimen, are never parted.
    folding : {"stratified", "plain"}, optional
        Whether every fold gets its share of each label.
    n_folds, seed : int, optional
        Default: five folds and the seed of Kew's study.
    balanced, strength, scaling : optional
        See :func:`fit_logistic`.
    device : Device, optional
        Folds are fitted on as many threads of the processor as it allows.

    Raises
    ------
    NotEnoughMediaError
        If there are too few labels or media for so many folds.
    StageError
        If a medium has no label.
    """
    rows = checked_features(features)
    given = coded(labels, len(rows))
    refuse_one_label(given, "cross-validation")
    if (given.codes < 0).any():
        raise StageError(
            f"metrics: {int((given.codes < 0).sum()):,} of {len(rows):,} media have no label.",
            hint="Leave them out first.",
        )
    folds = folds_of(given.codes, group_codes(groups, len(rows)), folding, n_folds, seed)
    probabilities = np.zeros((len(rows), len(given.names)))
    fold = np.empty(len(rows), np.int64)

    def work(place: int) -> None:
        fitted, held_out = folds[place]
        model = fit_logistic(
            rows[fitted], given.codes[fitted], balanced=balanced, strength=strength,
            scaling=scaling,
        )  # fmt: skip
        columns = np.array(model.names)
        probabilities[held_out[:, None], columns] = model.probabilities(rows[held_out])
        fold[held_out] = place

    on_threads(work, range(n_folds), Device(n_threads=(device or Device()).n_threads))
    return OutOfFold(given.names, given.codes, probabilities, fold)
