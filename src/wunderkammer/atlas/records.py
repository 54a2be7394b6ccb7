"""Records: what the sources say of each medium, in packed pages of rows, for exports."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wunderkammer.atlas.blocks import Array, write_blocks
from wunderkammer.atlas.cards import plain_text, web_address
from wunderkammer.atlas.paths import PICTURE
from wunderkammer.atlas.schemas import RecordFile
from wunderkammer.vocab import licences

ROWS_A_PAGE = 1024
"""Rows in one page; readers take it from ``atlas.json``."""

PATH = "records.bin"

_LICENCE = ("license", "UsageTerms", "rights", "accessRights")
_HOLDER = ("rightsHolder", "Owner")
_CREATOR = ("creator", "creatorLiteral")
_LINK = ("references", "furtherInformationURL", "occurrenceID")

ALWAYS = ("license", "UsageTerms", "rightsHolder", "creator", "references")
"""Whose it is and where it comes from; in every page, as on the card, whatever is chosen."""

SOURCES = tuple(dict.fromkeys((*_LICENCE, *_HOLDER, *_CREATOR, *_LINK)))
"""Columns that tell these."""


def record_page(rows: Any, columns: Sequence[str]) -> bytes:
    """Return a page: the columns of some rows as JSON, packed by gzip.

    Parameters
    ----------
    rows : pyarrow.Table
        Strings; ``media_id`` and any other columns.
    columns : sequence of str
        Which are told besides ``media_id`` and :data:`ALWAYS`.

    Returns
    -------
    bytes
        An object of columns by name. Each has ``values``: distinct texts in the
        order in which they occur; and ``codes``: the place of each row's text among
        them. Without ``codes`` there is a text for each row, or one for all. A
        column without any text is left out.
    """
    texts = {"media_id": _column(rows, ("media_id",), plain_text)}
    for name in columns:
        if name not in ALWAYS:
            texts[name] = _column(rows, (name,), plain_text)
    texts["license"] = _column(rows, _LICENCE, _licence_address)
    texts["UsageTerms"] = _column(rows, _LICENCE, _licence_label)
    texts["rightsHolder"] = _column(rows, _HOLDER, plain_text)
    texts["creator"] = _column(rows, _CREATOR, plain_text)
    texts["references"] = _column(rows, _LINK, web_address, begins="http")
    page = {name: column for name, column in texts.items() if any(column["values"])}
    content = json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()
    return gzip.compress(content, 6, mtime=0)


def write_records(
    folder: Path, pages: Iterable[bytes], columns: Sequence[str], n: int, path: str = PATH
) -> RecordFile:
    """Write the pages one after another, in the order of the rows.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    pages : iterable of bytes
        What :func:`record_page` returned for every :data:`ROWS_A_PAGE` rows.
    columns : sequence of str
        The columns in the order in which exports tell them.
    n : int
        How many rows there are.
    path : str, optional
        Relative to the folder.
    """
    packed = list(pages)
    starts = np.cumsum([0, *map(len, packed)]).astype(np.uint32)
    arrays: dict[str, Array] = {
        "page_at": starts,
        "page": np.frombuffer(b"".join(packed), np.uint8),
    }
    return RecordFile(
        path=path,
        n=n,
        per_page=ROWS_A_PAGE,
        columns=list(dict.fromkeys(("media_id", *columns, *ALWAYS))),
        picture=PICTURE,
        blocks=write_blocks(folder / path, arrays),
    )


def _column(
    rows: Any, names: Sequence[str], clean: Callable[[object], str], *, begins: str = ""
) -> dict[str, Any]:
    """Return the first of some columns that tells anything, each distinct text cleaned once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = set(names) & set(rows.schema.names)
    told = [rows[name].cast(pa.string()) for name in names if name in found]
    if not told:
        return {"values": [""]}
    # an empty text says no more than none
    told = [
        pc.if_else(pc.and_(pc.not_equal(one, ""), pc.starts_with(one, begins)), one, None)
        for one in told
    ]
    cells = pc.fill_null(pc.coalesce(*told), "").dictionary_encode()
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    cleaned = [clean(text) for text in cells.dictionary.to_pylist()]
    values = list(dict.fromkeys(cleaned))
    if len(values) == 1:
        return {"values": values}
    place = {text: i for i, text in enumerate(values)}
    codes = np.array([place[text] for text in cleaned])[cells.indices.to_numpy()]
    if len(values) == len(codes):
        return {"values": [values[code] for code in codes]}
    return {"values": values, "codes": codes.tolist()}


def _licence_address(text: object) -> str:
    """Return the address of a licence, or what is said instead."""
    stated = licences.licence(plain_text(text))
    return web_address(stated.url) or stated.verbatim


def _licence_label(text: object) -> str:
    return licences.licence(plain_text(text)).label
