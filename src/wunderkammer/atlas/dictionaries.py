"""Dictionaries: the distinct values of a column listed once, and a code a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.schemas import Dictionary, DictionaryRef, Value
from wunderkammer.core.files import write_bytes

Codes = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]


@dataclass(frozen=True)
class CodedColumn:
    """A column as its dictionary and the code of each row."""

    dictionary: Dictionary
    codes: Codes


def coded_column(column: str, values: Iterable[str | None] | Any) -> CodedColumn:
    """Return the dictionary of a column and its codes.

    Parameters
    ----------
    column : str
        Name of the column.
    values : iterable of str or None, or a pyarrow array of strings
        One for each row, in the order of the rows. Empty texts, texts of blanks
        and None are no value.

    Returns
    -------
    CodedColumn
        Code 0 is no value, code i is ``values[i - 1]``; uint16 while that
        suffices, else uint32. Values are sorted by code point.

    Notes
    -----
    A cell is one value: lists such as ``"Birds|Nests"`` stay one text.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = (
        values
        if isinstance(values, pa.Array | pa.ChunkedArray)
        else pa.array(list(values), pa.string())
    )
    texts = pc.utf8_trim_whitespace(pc.cast(texts, pa.string()))
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    texts = pc.if_else(pc.equal(texts, ""), None, texts)
    encoded = texts.dictionary_encode()
    found = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    distinct = encoded.dictionary.to_pylist()
    order = sorted(range(len(distinct)), key=distinct.__getitem__)
    code_of = np.zeros(len(distinct) + 1, np.int64)
    code_of[order] = np.arange(1, len(distinct) + 1)
    codes = code_of[found]
    counts = np.bincount(codes, minlength=len(distinct) + 1)
    listed = [Value(value=distinct[place], count=int(counts[code_of[place]])) for place in order]
    dtype = np.uint16 if len(distinct) <= np.iinfo(np.uint16).max else np.uint32
    return CodedColumn(Dictionary(column=column, values=listed), codes.astype(dtype))


def write_dictionary(
    folder: Path, dictionary: Dictionary, label: str, path: str = ""
) -> DictionaryRef:
    """Write a dictionary and return the reference to it.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    dictionary : Dictionary
        What to write.
    label : str
        The column's name for people.
    path : str, optional
        Relative to the folder; ``dictionaries/<column>.json`` if left out.
    """
    path = path or f"dictionaries/{dictionary.column}.json"
    write_bytes(folder / path, dictionary.model_dump_json().encode())
    return DictionaryRef(column=dictionary.column, label=label, path=path, n=len(dictionary.values))
