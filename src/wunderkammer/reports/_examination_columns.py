"""Columns of a collection that a map can be coloured by."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from wunderkammer.core.collection import Collection
from wunderkammer.core.table import literal, quoted
from wunderkammer.vocab.ranks import RANKS

MOST_VALUES = 250
"""A column of text with more values is no colour."""

EDGE, NONE = 65_000, 65_535
"""Codes of the highest number and of no value."""

_MOST_COLUMNS, _IDS_AT_ONCE = 48, 5_000
_FEW_NUMBERS = 12
_FIRST = (*RANKS, "scientificName", "institutionCode", "collectionCode", "recordedBy")
_LEFT_OUT = {"media_id", "specimen_id", "key", "derivedFromMediaID"}


def text_of(numbers: npt.NDArray[np.uint16]) -> str:
    """Return numbers as text that the page's script reads."""
    return base64.b64encode(numbers.astype("<u2").tobytes()).decode()


def columns_of(collection: Collection, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return the columns that some media can be coloured by, taxonomy first.

    Parameters
    ----------
    collection : Collection
    ids : sequence of str
        The media; codes are in their order.

    Returns
    -------
    list of dict
        ``name``, ``codes`` (16-bit numbers as base64), and for text ``values`` with
        ``counts``, the most frequent first, for numbers ``low`` and ``high``.
    """
    kinds = collection.query("SELECT column_name, column_type FROM (DESCRIBE media)")
    wanted = [
        (row["column_name"], row["column_type"])
        for row in kinds.to_pylist()
        if row["column_name"] not in _LEFT_OUT and _usable(row["column_type"])
    ]
    read = _read(collection, [name for name, _ in wanted], ids)
    found = []
    for name, kind in wanted:
        values = read[name].to_pylist()
        made = _words(values) if kind in {"VARCHAR", "BOOLEAN"} else _numbers(values)
        if made:
            found.append({"name": name, **made})
    found.sort(key=lambda one: (_place(one["name"]), one["name"]))
    return found[:_MOST_COLUMNS]


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


def _usable(kind: str) -> bool:
    numbers = {"DOUBLE", "FLOAT", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
    return kind in {"VARCHAR", "BOOLEAN", *numbers, *(f"U{one}" for one in numbers)}


def _read(collection: Collection, names: Sequence[str], ids: Sequence[str]) -> pa.Table:
    """Return columns of some media, in their order."""
    listed = ", ".join(quoted(name) for name in ("media_id", *names))
    parts = []
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = ", ".join(literal(one) for one in ids[start : start + _IDS_AT_ONCE])
        sql = f"SELECT {listed} FROM media WHERE media_id IN ({some})"  # noqa: S608 - names are quoted, ids escaped
        parts.append(collection.query(sql).to_arrow())
    read = pa.concat_tables(parts, promote_options="permissive")
    rows = {media_id: row for row, media_id in enumerate(read["media_id"].to_pylist())}
    return read.take(pa.array([rows.get(media_id) for media_id in ids], pa.int64()))


def _words(values: Sequence[Any]) -> dict[str, Any] | None:
    counts = Counter(str(value) for value in values if value not in {None, ""})
    if not 1 < len(counts) <= MOST_VALUES:
        return None
    order = sorted(counts, key=lambda name: (-counts[name], name))
    places = {name: place for place, name in enumerate(order)}
    codes = [NONE if value in {None, ""} else places[str(value)] for value in values]
    return {
        "values": order,
        "counts": [counts[name] for name in order],
        "codes": text_of(np.array(codes, np.uint16)),
    }


def _numbers(values: Sequence[Any]) -> dict[str, Any] | None:
    numbers = np.array([np.nan if value is None else value for value in values], np.float64)
    finite = np.isfinite(numbers)
    distinct = np.unique(numbers[finite])
    if len(distinct) < 2:
        return None
    if len(distinct) <= _FEW_NUMBERS:
        return _words([f"{one:g}" if ok else None for one, ok in zip(numbers, finite, strict=True)])
    # the outermost hundredths share a colour, or one of them takes all the others' away
    low, high = np.quantile(numbers[finite], [0.01, 0.99])
    share = np.clip((numbers - low) / max(high - low, 1e-12), 0, 1)
    codes = np.where(finite, np.rint(np.nan_to_num(share) * EDGE), NONE).astype(np.uint16)
    return {"low": float(low), "high": float(high), "codes": text_of(codes)}
