"""Predictions: what a round says of all media, as one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.errors import StageError

_SCHEMA = pa.schema(
    [
        pa.field("media_id", pa.string(), nullable=False),
        pa.field("label", pa.string()),
        pa.field("in_lot_prefix", pa.bool_(), nullable=False),
        pa.field("logits", pa.list_(pa.float32()), nullable=False),
        pa.field("held_out", pa.list_(pa.float32())),
    ]
)

Logits = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a round says of all media.

    Attributes
    ----------
    ids : tuple of str
        Media that had features, in the order of the lot.
    labels : tuple of str or None
        The label of each at that time: a class, "unsure", or none.
    is_random : ndarray of bool, shape (n,)
        Which belonged to the answered beginning of the lot.
    logits : ndarray of float32, shape (n_members, n, n_classes)
    held_out : ndarray of float32, shape (n_members, n, n_classes)
        The same of labelled media, from members fitted without them; NaN for all others.
    """

    ids: tuple[str, ...]
    labels: tuple[str | None, ...]
    is_random: npt.NDArray[np.bool_]
    logits: Logits
    held_out: Logits

    @cached_property
    def honest(self) -> Logits:
        """What members say of media that they did not see, shape (n_members, n, n_classes)."""
        return np.where(np.isnan(self.held_out), self.logits, self.held_out)

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The place of each medium."""
        return {one: place for place, one in enumerate(self.ids)}

    def in_order(self, ids: Sequence[str], logits: Logits) -> Logits:
        """Return logits of this round for media in another order; NaN for those it has not."""
        found = np.full((logits.shape[0], len(ids), logits.shape[2]), np.nan, np.float32)
        own = np.array([self.place.get(one, -1) for one in ids], np.int64)
        found[:, own >= 0] = logits[:, own[own >= 0]]
        return found


def write_predictions(path: Path, found: Predictions) -> None:
    """Write predictions as Parquet, one row a medium."""
    known = np.asarray(~np.isnan(found.held_out).any(axis=(0, 2)))
    every = np.ones(len(found.ids), np.bool_)
    table = pa.table(
        {
            "media_id": pa.array(found.ids, pa.string()),
            "label": pa.array(found.labels, pa.string()),
            "in_lot_prefix": pa.array(found.is_random),
            "logits": _as_lists(found.logits, every),
            "held_out": _as_lists(found.held_out, known),
        },
        schema=_SCHEMA,
    )
    pq.write_table(table, path)


def read_predictions(path: Path, n_classes: int) -> Predictions:
    """Read what :func:`write_predictions` wrote.

    Raises
    ------
    StageError
        If the file is missing or damaged.
    """
    try:
        table = pq.read_table(path, schema=_SCHEMA)
    except (OSError, pa.ArrowException) as error:
        raise StageError(
            f"{path} cannot be read: {error}.", hint="Train a new round; labels are not lost."
        ) from None
    logits = _as_array(table["logits"], n_classes)
    held_out = np.full_like(logits, np.nan)
    known = table["held_out"].is_valid().to_numpy(zero_copy_only=False)
    if known.any():
        held_out[:, known] = _as_array(table["held_out"].filter(pa.array(known)), n_classes)
    return Predictions(
        tuple(table["media_id"].to_pylist()),
        tuple(table["label"].to_pylist()),
        np.asarray(table["in_lot_prefix"].to_numpy(zero_copy_only=False), np.bool_),
        logits,
        held_out,
    )


def _as_lists(logits: Logits, known: npt.NDArray[np.bool_]) -> pa.Array:
    """Return (n_members, n, n_classes) as a list for each medium, null where it is not known."""
    m, _, c = logits.shape
    flat = np.ascontiguousarray(logits[:, known].transpose(1, 0, 2), np.float32).reshape(-1)
    ends = np.cumsum(known) * (m * c)
    offsets = pa.array(np.concatenate([[0], ends]).astype(np.int32))
    return pa.ListArray.from_arrays(offsets, pa.array(flat), mask=pa.array(~known))


def _as_array(lists: pa.ChunkedArray, n_classes: int) -> Logits:
    n = len(lists)
    flat = lists.combine_chunks().flatten().to_numpy(zero_copy_only=False)
    found = (
        np.asarray(flat, np.float32).reshape(n, -1, n_classes)
        if n
        else np.zeros((0, 1, n_classes), np.float32)
    )
    return np.ascontiguousarray(found.transpose(1, 0, 2))
