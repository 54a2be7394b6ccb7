"""Labels as codes, and input that cannot be measured refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import NotEnoughMediaError, StageError

Codes = npt.NDArray[np.int64]


class Coded(NamedTuple):
    """Labels as numbers: ``names[codes[i]]`` is the label of medium i; -1 where it has none."""

    codes: Codes
    names: tuple[Any, ...]

    @property
    def counts(self) -> Codes:
        """Media of each label."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))


def coded(labels: Iterable[Any], n: int, names: tuple[Any, ...] | None = None) -> Coded:
    """Return labels as codes; None, NaN and the empty string are no label.

    Where ``names`` are given, labels beyond them have none.

    Raises
    ------
    StageError
        If there are not ``n`` labels.
    """
    values = np.asarray(labels).tolist() if isinstance(labels, np.ndarray) else list(labels)
    if len(values) != n:
        raise StageError(
            f"metrics: one label is needed for each medium; {len(values):,} came for {n:,} media.",
            hint="Select labels and features by the same media_id.",
        )
    stated = [not (one is None or one == "" or one != one) for one in values]  # noqa: PLR0124
    if names is None:
        names = tuple(sorted({one for one, has in zip(values, stated, strict=True) if has}))
    places = {name: place for place, name in enumerate(names)}
    codes = [places.get(one, -1) if has else -1 for one, has in zip(values, stated, strict=True)]
    return Coded(np.array(codes, np.int64), names)


def group_codes(groups: Iterable[Any] | None, n: int, taken: int = 0) -> Codes:
    """Return a code for each medium's group; who has none is a group of its own.

    Parameters
    ----------
    taken : int, optional
        Codes below this one are another's: those made up for media without a group,
        or without any groups being given, begin here.
    """
    if groups is None:
        return np.arange(taken, taken + n)
    codes, names = coded(groups, n)
    alone = codes < 0
    codes[alone] = max(taken, len(names)) + np.arange(int(alone.sum()))
    return codes


def checked_features(features: npt.ArrayLike) -> npt.NDArray[np.floating[Any]]:
    """Return features as an array of rows.

    Raises
    ------
    StageError
        If they are no table of finite numbers.
    """
    rows = np.asarray(features)
    if rows.dtype.kind != "f":
        rows = rows.astype(np.float64)
    if rows.ndim != 2:
        raise StageError(
            f"metrics: features are one row for each medium, and these have shape {rows.shape}."
        )
    step = max(1, (1 << 22) // max(1, rows.shape[1]))
    parts = range(0, len(rows), step)
    n_bad = sum(int((~np.isfinite(rows[at : at + step]).all(axis=1)).sum()) for at in parts)
    if n_bad:
        raise StageError(
            f"metrics: the features of {n_bad:,} of {len(rows):,} media are not finite.",
            hint="Run the features stage again for them.",
        )
    return rows


def refuse_one_label(labels: Coded, what: str) -> None:
    """Refuse labels that do not differ.

    Raises
    ------
    NotEnoughMediaError
        If fewer than two labels have media.
    """
    n_labels = int((labels.counts > 0).sum())
    if n_labels < 2:
        raise NotEnoughMediaError(
            f"metrics: {what} needs media of at least 2 labels, and {int(labels.counts.sum()):,} "
            f"media have {n_labels}.",
            hint="Choose a rank at which the media differ.",
        )
