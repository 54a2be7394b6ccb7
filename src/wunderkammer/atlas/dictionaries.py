"""Dictionaries: the distinct values of a column listed once, a code a row, the rows a value."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.blocks import BlockFile, write_blocks
from wunderkammer.atlas.postings import decode_postings, encode_postings
from wunderkammer.atlas.schemas import Dictionary, DictionaryRef, Value, ValueFile
from wunderkammer.core.files import write_bytes

LISTED = 4_096
"""A dictionary of more values is not written as one JSON file."""

PAGE_VALUES = 256
"""Values from one entry of the first-level index to the next; readers take it from the file."""

Codes = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CodedColumn:
    """A column as its distinct values, the code of each row, and the rows of each value.

    Attributes
    ----------
    column : str
        Its name.
    values : pyarrow.Array of string
        Distinct, sorted by code point.
    codes : ndarray of uint16 or uint32, shape (n,)
        0 is no value, code i is ``values[i - 1]``; of several values the first.
    pairs : tuple of two ndarrays of int64, shape (m,)
        Value (from 0) and row of every cell's every value, sorted, each pair once.
    several : bool
        Whether any cell has more than one value.
    """

    column: str
    values: Any
    codes: Codes
    pairs: tuple[Numbers, Numbers]
    several: bool

    @property
    def counts(self) -> Numbers:
        """Media that have each value."""
        return np.bincount(self.pairs[0], minlength=len(self.values))

    @property
    def dictionary(self) -> Dictionary:
        """The values and how many media have each."""
        counted = zip(self.values.to_pylist(), self.counts.tolist(), strict=True)
        listed = [Value(value=value, count=count) for value, count in counted]
        return Dictionary(column=self.column, values=listed)


def coded_column(
    column: str, values: Iterable[str | None] | Any, separator: str = ""
) -> CodedColumn:
    """Return the dictionary of a column and its codes.

    Parameters
    ----------
    column : str
        Name of the column.
    values : iterable of str or None, or a pyarrow array of strings
        One for each row, in the order of the rows. Empty texts, texts of blanks
        and None are no value.
    separator : str, optional
        Parts the values of a cell that lists several, such as ``"|"``; if left
        out, a cell is one value.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = (
        values
        if isinstance(values, pa.Array | pa.ChunkedArray)
        else pa.array(list(values), pa.string())
    )
    cells = _single(pc.cast(texts, pa.string()).dictionary_encode())
    found = cells.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    distinct = cells.dictionary.cast(pa.string())
    owner, part = np.arange(len(distinct)), distinct
    if separator:
        lists = pc.split_pattern(distinct, separator)
        owner = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)
        part = pc.list_flatten(lists)
    part = pc.utf8_trim_whitespace(part)
    kept = pc.not_equal(part, "").to_numpy(zero_copy_only=False).astype(bool)
    owner = owner[kept]
    encoded = part.filter(pa.array(kept)).dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    value = rank[encoded.indices.to_numpy(zero_copy_only=False)]
    first = np.zeros(len(distinct) + 1, np.int64)
    first[owner[::-1]] = value[::-1] + 1
    codes = first[found]
    dtype = np.uint16 if len(order) <= np.iinfo(np.uint16).max else np.uint32
    return CodedColumn(
        column,
        encoded.dictionary.take(pa.array(order)),
        codes.astype(dtype),
        pairs_of_cells(found, owner, value),
        bool(len(owner) > len(np.unique(owner))),
    )


def _single(array: Any) -> Any:
    """Return a dictionary array in one piece."""
    import pyarrow as pa

    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def pairs_of_cells(found: Numbers, owner: Numbers, value: Numbers) -> tuple[Numbers, Numbers]:
    """Return value and row of every cell's every value, sorted, each pair once.

    Parameters
    ----------
    found : ndarray of int64, shape (n,)
        Which distinct cell each row has, -1 for none.
    owner : ndarray of int64, shape (m,)
        Which distinct cell each part is of, ascending.
    value : ndarray of int64, shape (m,)
        What each part is.
    """
    if not len(owner):
        return owner, owner
    n_parts = np.bincount(owner, minlength=int(found.max()) + 1)
    begins = np.cumsum(n_parts) - n_parts
    rows = np.flatnonzero(found >= 0)
    times = n_parts[found[rows]]
    place = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    both = value[np.repeat(begins[found[rows]], times) + place] * len(found)
    both += np.repeat(rows, times)
    both.sort()
    fresh = np.append(True, both[1:] != both[:-1])
    both = both[fresh]
    return both // len(found), both % len(found)


def write_dictionary(folder: Path, coded: CodedColumn, label: str, path: str = "") -> DictionaryRef:
    """Write a dictionary and return the reference to it.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    coded : CodedColumn
        What to write.
    label : str
        The column's name for people.
    path : str, optional
        Relative to the folder and without suffix; ``dictionaries/<column>`` if left out.
    """
    path = path or f"dictionaries/{coded.column}"
    n = len(coded.values)
    if n <= LISTED:
        write_bytes(folder / f"{path}.json", coded.dictionary.model_dump_json().encode())
    return DictionaryRef(
        column=coded.column,
        label=label,
        path=f"{path}.json" if n <= LISTED else "",
        n=n,
        several=coded.several,
        values=_write_values(folder, coded, f"{path}.bin"),
    )


def _write_values(folder: Path, coded: CodedColumn, path: str) -> ValueFile:
    """Write the values and their rows so that each is found by range."""
    counts, n = coded.counts, len(coded.values)
    rows, starts = encode_postings(*coded.pairs, n, len(coded.codes))
    text, text_at = text_blocks(coded.values)
    every = coded.values[::PAGE_VALUES].to_pylist()
    blocks = write_blocks(
        folder / path,
        {
            "text": text,
            "text_at": text_at,
            "count": counts.astype(np.uint32),
            "most": np.argsort(-counts, kind="stable").astype(np.uint32),
            "rows": rows,
            "rows_at": starts.astype(np.uint32),
            "page": json_block(every),
        },
    )
    return ValueFile(path=path, page_values=PAGE_VALUES, blocks=blocks)


def text_blocks(texts: Any) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    """Return pyarrow strings as their UTF-8, one after another, and where each begins."""
    import pyarrow as pa

    whole = pa.concat_arrays([texts.cast(pa.large_string())])
    starts = np.frombuffer(whole.buffers()[1], np.int64, len(whole) + 1, whole.offset * 8)
    data = whole.buffers()[2]
    held = np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8)
    return held[starts[0] : starts[-1]], (starts - starts[0]).astype(np.uint32)


def json_block(value: Any) -> npt.NDArray[np.uint8]:
    """Return a JSON value as a block of bytes."""
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), np.uint8)


def values_of(folder: Path, reference: DictionaryRef, first: int, end: int) -> list[str]:
    """Return the values of a dictionary from ``first`` to ``end``, exclusive, by two looks.

    Raises
    ------
    ValueError
        If the atlas is older than this file.
    """
    file = _opened(folder, reference)
    starts = file.read("text_at", first, end + 1).tolist()
    data = file.read("text", starts[0], starts[-1]).tobytes()
    edges = [start - starts[0] for start in starts]
    return [data[a:b].decode() for a, b in pairwise(edges)]


def rows_with(folder: Path, reference: DictionaryRef, value: int) -> Numbers:
    """Return the rows that have a value (from 0), ascending, by two looks at the file.

    Raises
    ------
    ValueError
        If the atlas is older than this file.
    """
    file = _opened(folder, reference)
    first, end = file.read("rows_at", value, value + 2).tolist()
    return decode_postings(file.read("rows", first, end))


def _opened(folder: Path, reference: DictionaryRef) -> BlockFile:
    if reference.values is None:
        raise ValueError(f"{reference.column} has no values by range: the atlas is an older one")
    return BlockFile(folder / reference.values.path, reference.values.blocks)
