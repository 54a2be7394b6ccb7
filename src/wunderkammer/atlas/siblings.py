"""Siblings: further media of the same specimen, as far as records tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

IDENTIFIERS = ("occurrenceID", "institutionCode", "collectionCode", "catalogNumber")
"""Columns that tell specimens apart: the first alone, or the others together."""

MOST = 12
"""Of a specimen no more are named."""


def siblings_of(read: Callable[[str], Any]) -> pa.Array:
    """Return for each row those of further media of its specimen, in their order.

    Parameters
    ----------
    read : callable
        Returns a column of :data:`IDENTIFIERS` as pyarrow strings, one for each row, null
        where a cell is empty.

    Returns
    -------
    pyarrow.ListArray of int32, length n
        No more than :data:`MOST` a row; empty where nothing tells the specimen.
    """
    codes = _codes(read)
    order = np.argsort(codes, kind="stable")
    grouped = codes[order]
    edges = np.flatnonzero(np.diff(grouped, prepend=grouped[:1] - 1, append=grouped[-1:] + 1))
    found: dict[int, list[int]] = {}
    for group in np.flatnonzero((np.diff(edges) > 1) & (grouped[edges[:-1]] >= 0)):
        rows = order[edges[group] : edges[group + 1]].tolist()
        for row in rows:
            found[row] = [other for other in rows[: MOST + 1] if other != row][:MOST]
    counts = np.zeros(len(codes) + 1, np.int32)
    for row, others in found.items():
        counts[row + 1] = len(others)
    flat = [other for row in sorted(found) for other in found[row]]
    return pa.ListArray.from_arrays(
        pa.array(np.cumsum(counts, dtype=np.int32)), pa.array(flat, pa.int32())
    )


def _codes(read: Callable[[str], Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return a number for the specimen of each row, -1 where nothing tells it."""
    stated, *named = (read(name) for name in IDENTIFIERS)
    parts = [pc.fill_null(one, "") for one in named[:-1]]
    number = pc.binary_join_element_wise(*parts, named[-1], "\x1f")
    # an address or the like may be the same as a number: the sign before keeps them apart
    keys = pc.coalesce(pc.binary_join_element_wise("\x1e", stated, ""), number)
    encoded = pc.dictionary_encode(keys)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    indices = encoded.indices
    found = pc.fill_null(indices, -1).to_numpy(zero_copy_only=False)
    return np.asarray(found, np.int64)
