"""Text columns: white space as Python knows it, most cells never looked at one by one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_LAST_ASCII_SPACE = 0x20
_FIRST_NON_ASCII = 0x80
_LEADS = np.zeros(256, bool)
_LEADS[: _LAST_ASCII_SPACE + 1] = True
_LEADS[[0xC2, 0xE1, 0xE2, 0xE3]] = True
"""First bytes of white space in UTF-8, and of much that is none."""

_TAIL_BYTES = 16
_MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9], np.uint64)

_TAILS = np.zeros(256, bool)
_TAILS[: _LAST_ASCII_SPACE + 1] = True
_TAILS[_FIRST_NON_ASCII:] = True


def whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column in one piece; not copied if it is one."""
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.nulls(0, column.type)


def blank_to_null(column: pa.Array) -> pa.Array:
    """Return a text column with null in place of cells that hold white space only."""
    return _changed(column, lambda text: None if text.isspace() else text, leads_only=True)


def stripped(column: pa.Array) -> pa.Array:
    """Return a text column without white space around its cells, null where nothing is left."""
    return _changed(column, lambda text: text.strip() or None, leads_only=False)


def nfc(column: pa.Array) -> pa.Array:
    """Return a text column in Unicode's composed form."""
    ascii_only = pc.string_is_ascii(column).fill_null(True)
    if pc.all(ascii_only, min_count=0).as_py():
        return column
    places = np.flatnonzero(~ascii_only.to_numpy(zero_copy_only=False))
    return _replaced(column, places, lambda text: unicodedata.normalize("NFC", text))


def buckets_of(column: pa.Array, n_buckets: int) -> npt.NDArray[np.int64]:
    """Return a bucket for each cell of a text column, the same for equal cells.

    Made from the last 16 bytes and the length: there identifiers differ.
    """
    offsets, data = _buffers(column)
    starts, ends = offsets[:-1].astype(np.int64), offsets[1:].astype(np.int64)
    places = ends[:, np.newaxis] + np.arange(-_TAIL_BYTES, 0)
    tail = np.where(
        places >= starts[:, np.newaxis], data[np.maximum(places, 0)] if len(data) else 0, 0
    )
    halves = np.ascontiguousarray(tail, dtype=np.uint8).view(np.uint64)
    mixed = (halves * _MULTIPLIERS).sum(axis=1, dtype=np.uint64) + (ends - starts).astype(np.uint64)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _MULTIPLIERS[0]
    bucket = (mixed >> np.uint64(33)) % np.uint64(n_buckets)
    return np.asarray(bucket, np.int64)


def _changed(
    column: pa.Array, change: Callable[[str], str | None], *, leads_only: bool
) -> pa.Array:
    """Change the cells that begin (or end) with a byte that may be of white space."""
    offsets, data = _buffers(column)
    starts, ends = offsets[:-1], offsets[1:]
    places = np.flatnonzero(ends > starts)
    if not len(places):
        return column
    candidates = _LEADS[data[starts[places]]]
    if not leads_only:
        candidates |= _TAILS[data[ends[places] - 1]]
    if column.null_count:
        candidates &= column.is_valid().to_numpy(zero_copy_only=False)[places]
    return _replaced(column, places[candidates], change)


def _replaced(
    column: pa.Array, places: npt.NDArray[np.int64], change: Callable[[str], str | None]
) -> pa.Array:
    """Change the cells at some places."""
    if not len(places):
        return column
    old = column.take(pa.array(places)).to_pylist()
    new = [change(text) for text in old]
    if new == old:
        return column
    mask = np.zeros(len(column), bool)
    mask[places] = True
    return pc.replace_with_mask(column, pa.array(mask), pa.array(new, pa.string()))


def _buffers(column: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Return where cells begin and end, and their bytes."""
    _, offsets, data = column.buffers()
    if offsets is None or data is None or not len(column):
        return np.zeros(len(column) + 1, np.int32), np.zeros(0, np.uint8)
    found = np.frombuffer(offsets, np.int32)
    return found[column.offset : column.offset + len(column) + 1], np.frombuffer(data, np.uint8)
