"""An ensemble of linear heads on frozen features, fitted in seconds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.core.files import written_whole
from wunderkammer.core.one_thread import one_thread
from wunderkammer.core.settings import Settings
from wunderkammer.curation._draws import Marks, folds_of, marks_of, strength_of, weights_of
from wunderkammer.curation._safetensors import in_order
from wunderkammer.curation._softmax import Floats, Span, fit_softmax, span
from wunderkammer.curation.calibration import fit_temperature

Codes = npt.NDArray[np.int64]
Singles = npt.NDArray[np.float32]
Logits = Singles

_KIND = "wunderkammer head ensemble 1"
_CHUNK_VALUES = 1 << 22


class EnsembleSettings(Settings):
    """How the members of an ensemble are fitted, and how they differ."""

    n_members: int = Field(5, description="Members of the ensemble.", ge=1, le=50)
    seed: int = Field(0, description="Draws the members and the folds.")
    n_folds: int = Field(
        5, description="Folds in which labelled media are held out in turn.", ge=2, le=50
    )
    strengths: tuple[float, ...] = Field(
        (3.0, 10.0, 30.0),
        description="Inverse penalties that members draw from, in shuffled turn.",
        min_length=1,
    )
    bootstrap: float = Field(
        1.0,
        description="How much the weight of a medium differs between members: 0 not at all, "
        "1 as in a Bayesian bootstrap.",
        ge=0,
        le=1,
    )
    balance: float = Field(
        1.0,
        description="Whether rare classes count as much as frequent ones: 0 every medium "
        "counts the same, 1 every class.",
        ge=0,
        le=1,
    )
    prior: float = Field(
        0.5,
        description="Weight of a made-up medium in the middle of all, one for each class, so "
        "that a class without media keeps a chance.",
        gt=0,
    )


@dataclass(frozen=True, slots=True, eq=False)
class HeadEnsemble:
    """Linear heads on the features of one encoder, the scaler folded into their weights.

    Attributes
    ----------
    weights : ndarray of float32, shape (n_members, n_features, n_classes)
        For features as they are.
    intercepts : ndarray of float32, shape (n_members, n_classes)
    temperature : float
        Divides all logits before they become probabilities;
        see :func:`~wunderkammer.curation.calibration.mean_probabilities`.
    classes : tuple of str
        In the order of the columns.
    """

    weights: Singles
    intercepts: Singles
    temperature: float
    classes: tuple[str, ...]

    def logits(self, features: npt.ArrayLike) -> Logits:
        """Return what each member says, shape (n_members, n, n_classes), not yet divided.

        Raises
        ------
        StageError
            If the features are of another length than those fitted on.
        """
        rows = _table(features)
        m, d, c = self.weights.shape
        if rows.shape[1] != d:
            raise StageError(
                f"ensemble: it was fitted on {d:,} features, and these media have "
                f"{rows.shape[1]:,}.",
                hint="Use the features that it was fitted on, or train a new round.",
            )
        flat = self.weights.transpose(1, 0, 2).reshape(d, m * c).astype(np.float64)
        found = np.empty((len(rows), m * c), np.float32)
        step = max(1, _CHUNK_VALUES // max(1, d))
        for start in range(0, len(rows), step):
            part = slice(start, start + step)
            # in double precision, so that rounding hides who else is in the batch
            found[part] = rows[part].astype(np.float64) @ flat + self.intercepts.reshape(m * c)
        return np.ascontiguousarray(found.reshape(-1, m, c).transpose(1, 0, 2))

    def save(self, path: Path) -> None:
        """Write the ensemble as one safetensors file, whole or not at all."""
        from safetensors.numpy import save

        about = {
            "kind": _KIND,
            "classes": json.dumps(self.classes),
            "temperature": repr(float(self.temperature)),
        }
        tensors = {
            "weights": np.ascontiguousarray(self.weights),
            "intercepts": np.ascontiguousarray(self.intercepts),
        }
        content = in_order(save(tensors, metadata=about))
        with written_whole(path) as temporary:
            temporary.write_bytes(content)

    @classmethod
    def load(cls, path: Path) -> HeadEnsemble:
        """Read what :meth:`save` wrote.

        Raises
        ------
        StageError
            If the file is missing, damaged, or holds something else.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="numpy") as file:
                about = file.metadata() or {}
                if about.get("kind") != _KIND:
                    raise StageError(
                        f"{path} is not what a round of sorting writes.",
                        hint="Copy the collection again, or learn anew: wk curate round TASK.",
                    )
                return cls(
                    file.get_tensor("weights"),
                    file.get_tensor("intercepts"),
                    float(about["temperature"]),
                    tuple(json.loads(about["classes"])),
                )
        except (OSError, SafetensorError) as error:
            raise StageError(
                f"{path} cannot be read as an ensemble: {error}.", hint="Train a new round."
            ) from None


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """An ensemble, and what it says of the labelled media when it has not seen them.

    Attributes
    ----------
    ensemble : HeadEnsemble
        Fitted on all labelled media; its temperature comes from ``held_out``.
    held_out : ndarray of float32, shape (n_members, n, n_classes)
        Logits out of fold, for the labelled media in the order they were given in.
    """

    ensemble: HeadEnsemble
    held_out: Logits


def fit_ensemble(
    features: npt.ArrayLike,
    codes: Codes,
    classes: Sequence[str],
    settings: EnsembleSettings | None = None,
    *,
    groups: Iterable[Any] | None = None,
) -> Fitted:
    """Fit the members, once on all labelled media and once without each fold.

    Parameters
    ----------
    features : array_like, shape (n, n_features)
        Of the labelled media, in any order.
    codes : ndarray of int64, shape (n,)
        Class of each.
    classes : sequence of str
    settings : EnsembleSettings, optional
    groups : iterable, optional
        What each medium belongs to, such as its specimen: media of one group are never parted
        by a fold. None and ``""`` is a group of its own.

    Raises
    ------
    NotEnoughMediaError
        If there is no medium, or fewer than two classes.
    StageError
        If features, labels or groups do not fit together, or features are not finite.

    Notes
    -----
    Each member is a multinomial logistic regression with its own strength of penalty and its
    own weights of the media, those of a Bayesian bootstrap [1]_: unlike in the ordinary one no
    medium is ever left out, which would hurt where a class has three. A weight depends on the
    medium's features, the member and the seed alone. So neither the order of the media matters
    nor what else is labelled, and from round to round members stay themselves.

    Features are centred, and all are divided by one number, after which their variances add
    up to 1: differences keep their proportions. The folds are dealt class by class from a
    seeded order. A class without media is said to be unlikely everywhere, how much so depends
    on the number of labels; where all media are of one class nothing else can be learnt.

    References
    ----------
    .. [1] Rubin, D. B. (1981). The Bayesian bootstrap. Annals of Statistics 9, 130-134.
    """
    how = settings or EnsembleSettings()
    rows, said = _checked(features, codes, classes)
    marks = marks_of(rows, how.seed)
    parts = folds_of(marks, said, groups, how.n_folds)
    order = np.argsort(marks, kind="stable")
    ensemble, held_out = _fit(
        rows[order], said[order], marks[order], parts[order], tuple(classes), how
    )
    found = np.empty_like(held_out)
    found[:, order] = held_out
    return Fitted(replace(ensemble, temperature=fit_temperature(found, said)), found)


def fit_heads(
    features: npt.ArrayLike,
    codes: Codes,
    classes: Sequence[str],
    settings: EnsembleSettings | None = None,
) -> HeadEnsemble:
    """Fit the members on all labelled media; nothing is held out and the temperature is 1.

    See :func:`fit_ensemble`.
    """
    how = settings or EnsembleSettings()
    rows, said = _checked(features, codes, classes)
    marks = marks_of(rows, how.seed)
    order = np.argsort(marks, kind="stable")
    return _fit(rows[order], said[order], marks[order], None, tuple(classes), how)[0]


def held_out_logits(
    features: npt.ArrayLike,
    codes: Codes,
    classes: Sequence[str],
    settings: EnsembleSettings | None = None,
    groups: Iterable[Any] | None = None,
) -> Logits:
    """Return what members say of labelled media that they were not fitted on.

    Returns
    -------
    ndarray of float32, shape (n_members, n, n_classes)
        See :func:`fit_ensemble`, which gives this and the ensemble at once.
    """
    return fit_ensemble(features, codes, classes, settings, groups=groups).held_out


def _checked(features: npt.ArrayLike, codes: Codes, classes: Sequence[str]) -> tuple[Floats, Codes]:
    """Return features and codes as arrays that fit together."""
    rows, said = _table(features), np.asarray(codes, np.int64)
    if len(rows) != len(said):
        raise StageError(f"ensemble: {len(said):,} labels came for {len(rows):,} media.")
    if len(classes) < 2:
        raise NotEnoughMediaError(
            f"ensemble: media are sorted into at least 2 classes, and {len(classes)} is named."
        )
    if not len(rows):
        raise NotEnoughMediaError(
            "ensemble: no medium with a label has features.", hint="Label a few first."
        )
    if said.min() < 0 or said.max() >= len(classes):
        raise StageError(
            f"ensemble: classes are 0 to {len(classes) - 1}; found {said.min()} to {said.max()}.",
            hint="Leave media without a label out.",
        )
    if not np.isfinite(rows).all():
        raise StageError(
            "ensemble: the features of some labelled media are not finite.",
            hint="Run the features stage again for them.",
        )
    return np.asarray(rows, np.float64), said


def _table(features: npt.ArrayLike) -> npt.NDArray[np.floating]:
    rows = np.asarray(features)
    if rows.ndim != 2:
        raise StageError(
            f"ensemble: features are one row for each medium, and these have shape {rows.shape}."
        )
    return rows if rows.dtype.kind == "f" else rows.astype(np.float64)


def _fit(
    rows: Floats, codes: Codes, marks: Marks, parts: Codes | None, classes: tuple[str, ...],
    how: EnsembleSettings,
) -> tuple[HeadEnsemble, Logits]:  # fmt: skip
    """Fit all members, and again without each fold; media come in the order of their marks."""
    middle = rows.mean(axis=0)
    scale = float(np.sqrt(rows.var(axis=0).sum())) or 1.0
    with one_thread():  # sums never change their order
        axes = span((rows - middle) / scale)
        kept = _kept(parts, len(rows), how.n_folds)
        drawn = weights_of(marks, how.n_members, how.bootstrap)
        found = _coefficients(axes, codes, kept[:, None] * drawn, len(classes), how)
        ensemble = _folded(found[:, 0], axes, middle, scale, classes)
        return ensemble, _told(found[:, 1:], axes, parts)


def _kept(parts: Codes | None, n: int, n_folds: int) -> Floats:
    """Return which media each fit sees, shape (1 + n_folds, n): first all, then without a fold."""
    everyone = np.ones((1, n))
    if parts is None:
        return everyone
    return np.concatenate([everyone, parts[None] != np.arange(n_folds)[:, None]])


def _coefficients(
    axes: Span, codes: Codes, own: Floats, n_classes: int, how: EnsembleSettings
) -> Floats:
    """Return coefficients of every member and fit, shape (n_members, n_fits, r + 1, n_classes).

    ``own`` are the weights of the media, shape (n_fits, n_members, n).
    """
    n_fits, m, _ = own.shape
    weights = _weighed(own.transpose(1, 0, 2).reshape(m * n_fits, -1), codes, n_classes, how)
    strengths = np.repeat(
        [strength_of(member, how.strengths, how.seed) for member in range(m)], n_fits
    )
    made_up = np.zeros((n_classes, axes.coordinates.shape[1]), np.float32)
    found = fit_softmax(
        np.concatenate([axes.coordinates, made_up]),
        np.concatenate([codes, np.arange(n_classes)]), weights, strengths, n_classes,
    )  # fmt: skip
    return found.reshape(m, n_fits, *found.shape[1:])


def _weighed(own: Floats, codes: Codes, n_classes: int, how: EnsembleSettings) -> Floats:
    """Return weights of media and of the made-up ones, classes balanced, shape (n_fits, n + c)."""
    member_of = np.eye(n_classes)[codes]
    totals = own @ member_of
    present = totals > 0
    aim = np.where(present, np.maximum(totals, 1e-12) ** (1 - how.balance), 0)
    n_kept = (own > 0).sum(axis=1, keepdims=True)
    aim *= n_kept / np.maximum(aim.sum(axis=1, keepdims=True), 1e-12)
    factors = aim / np.where(present, totals, 1)
    made_up = np.full((len(own), n_classes), how.prior)
    return np.concatenate([own * (factors @ member_of.T), made_up], axis=1)


def _folded(
    found: Floats, axes: Span, middle: Floats, scale: float,
    classes: tuple[str, ...],
) -> HeadEnsemble:  # fmt: skip
    """Return heads for features as they are, of coefficients (n_members, r + 1, n_classes)."""
    weights = np.einsum("dr,mrc->mdc", axes.axes, found[:, :-1]) / scale
    intercepts = found[:, -1] - np.einsum("d,mdc->mc", middle, weights)
    return HeadEnsemble(weights.astype(np.float32), intercepts.astype(np.float32), 1.0, classes)


def _told(found: Floats, axes: Span, parts: Codes | None) -> Logits:
    """Return what each member said of each medium when it did not see it."""
    m, _, _, c = found.shape
    told = np.zeros((m, len(axes.coordinates), c), np.float32)
    if parts is None:
        return told
    for fold in range(found.shape[1]):
        rows = parts == fold
        told[:, rows] = axes.coordinates[rows] @ found[:, fold, :-1] + found[:, fold, -1:]
    return told
