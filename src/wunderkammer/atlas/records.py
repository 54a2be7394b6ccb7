"""Records: what the sources say of each medium, in packed pages of rows, for exports."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.blocks import Array, write_blocks
from wunderkammer.atlas.cards import plain_text, web_address
from wunderkammer.atlas.paths import PICTURE
from wunderkammer.atlas.record_schemas import RecordFile, RecordGroup
from wunderkammer.vocab import licences

ROWS_A_PAGE = 256
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

MAIN = frozenset(
    (
        *("occurrenceID", "institutionCode", "collectionCode", "catalogNumber", "scientificName"),
        *("scientificNameAuthorship", "vernacularName", "family", "genus", "typeStatus", "sex"),
        *("lifeStage", "eventDate", "country", "title", "caption", *ALWAYS),
    )
)
"""Columns by which a medium is named, found and cited: they have pages of their own."""

_LETTERS_SAVE = 0.8
"""Texts are told letter by letter where that takes no more than this share of the bytes."""


@dataclass(frozen=True)
class _Texts:
    """A text for each of some rows, each distinct one once."""

    values: list[str]
    codes: npt.NDArray[np.int64]

    def told(self, first: int, end: int) -> dict[str, Any]:
        """Return the texts of some rows as a page has them; nothing if all are empty."""
        codes = self.codes[first:end].tolist()
        place = {code: i for i, code in enumerate(dict.fromkeys(codes))}
        values = [self.values[code] for code in place]
        if not any(values):
            return {}
        if len(values) == 1:
            return {"values": values}
        texts = [self.values[code] for code in codes]
        told: dict[str, Any] = {"values": texts}
        if len(values) < len(codes):
            told = {"values": values, "codes": [place[code] for code in codes]}
        if 2 * len(values) < len(codes) or not _are_alike(texts):
            return told
        letters = {"letters": _letters(texts)}
        saves = len(_packed(letters)) <= _LETTERS_SAVE * len(_packed(told))
        return letters if saves else told


def record_groups(columns: Sequence[str]) -> list[RecordGroup]:
    """Return which columns are told in the same pages; without ``media_id``, which is in none.

    Parameters
    ----------
    columns : sequence of str
        Which are told besides :data:`ALWAYS`, in the order of an export.
    """
    told = [name for name in dict.fromkeys((*columns, *ALWAYS)) if name != "media_id"]
    groups = {
        "main": [name for name in told if name in MAIN],
        "more": [name for name in told if name not in MAIN],
    }
    return [RecordGroup(name=name, columns=some) for name, some in groups.items() if some]


def record_pages(rows: Any, columns: Sequence[str]) -> list[list[bytes]]:
    """Return pages: the columns of every :data:`ROWS_A_PAGE` rows as JSON, packed by gzip.

    Parameters
    ----------
    rows : pyarrow.Table
        Strings.
    columns : sequence of str
        Which are told besides :data:`ALWAYS`, in the order of an export.

    Returns
    -------
    list of list of bytes
        For each page the part of each of :func:`record_groups`: an object of columns by
        name. Each has ``values``: distinct texts in the order in which they occur; and
        ``codes``: the place of each row's text among them. Without ``codes`` there is a
        text for each row, or one for all. Texts that are much alike have ``letters``
        instead: the first letters of all rows, then the second ones, one where all are
        the same; spaces at the end fill up. A column without any text is left out.
    """
    texts = {
        name: _texts(rows, (name,), plain_text)
        for name in columns
        if name not in ALWAYS and name in rows.schema.names
    }
    texts["license"] = _texts(rows, _LICENCE, _licence_address)
    texts["UsageTerms"] = _texts(rows, _LICENCE, _licence_label)
    texts["rightsHolder"] = _texts(rows, _HOLDER, plain_text)
    texts["creator"] = _texts(rows, _CREATOR, plain_text)
    texts["references"] = _texts(rows, _LINK, web_address, begins="http")
    groups = [
        {name: texts[name] for name in group.columns if name in texts}
        for group in record_groups(columns)
    ]
    return [
        [_part(group, first, min(first + ROWS_A_PAGE, len(rows))) for group in groups]
        for first in range(0, len(rows), ROWS_A_PAGE)
    ]


def write_records(
    folder: Path,
    pages: Iterable[Sequence[bytes]],
    columns: Sequence[str],
    n: int,
    path: str = PATH,
) -> RecordFile:
    """Write the pages of each group one after another, in the order of the rows.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    pages : iterable of sequence of bytes
        What :func:`record_pages` returned, of all rows.
    columns : sequence of str
        The columns in the order in which exports tell them.
    n : int
        How many rows there are.
    path : str, optional
        Relative to the folder.
    """
    groups = record_groups(columns)
    packed = list(pages)
    arrays: dict[str, Array] = {}
    for i, group in enumerate(groups):
        sizes = [len(page[i]) for page in packed]
        arrays[f"page_at:{group.name}"] = np.cumsum([0, *sizes]).astype(np.uint32)
    for i, group in enumerate(groups):
        content = b"".join(page[i] for page in packed)
        arrays[f"page:{group.name}"] = np.frombuffer(content, np.uint8)
    return RecordFile(
        path=path,
        n=n,
        per_page=ROWS_A_PAGE,
        columns=list(dict.fromkeys(("media_id", *columns, *ALWAYS))),
        groups=groups,
        picture=PICTURE,
        blocks=write_blocks(folder / path, arrays),
    )


def _texts(
    rows: Any, names: Sequence[str], clean: Callable[[object], str], *, begins: str = ""
) -> _Texts:
    """Return the first of some columns that tells anything, each distinct text cleaned once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = set(names) & set(rows.schema.names)
    told = [rows[name].cast(pa.string()) for name in names if name in found]
    if not told:
        return _Texts([""], np.zeros(len(rows), np.int64))
    # an empty text says no more than none
    told = [
        pc.if_else(pc.and_(pc.not_equal(one, ""), pc.starts_with(one, begins)), one, None)
        for one in told
    ]
    cells = pc.fill_null(pc.coalesce(*told), "").dictionary_encode()
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    cleaned = [clean(text) for text in cells.dictionary.to_pylist()]
    place = {text: i for i, text in enumerate(dict.fromkeys(cleaned))}
    codes = np.array([place[text] for text in cleaned], np.int64)
    return _Texts(list(place), codes[cells.indices.to_numpy()])


def _part(texts: dict[str, _Texts], first: int, end: int) -> bytes:
    """Return the columns of a group for some rows, packed."""
    told = {name: column.told(first, end) for name, column in texts.items()}
    return _packed({name: column for name, column in told.items() if column})


def _are_alike(texts: Sequence[str]) -> bool:
    """Whether texts are plain letters, and about as long as one another."""
    width = max(map(len, texts))
    return all(map(str.isascii, texts)) and width * len(texts) <= 2 * sum(map(len, texts))


def _letters(texts: Sequence[str]) -> list[str]:
    """Return the first letters of all texts, then the second ones: one where all are the same.

    Spaces fill up at the end of a text, where no plain text has any.
    """
    width = max(map(len, texts))
    filled = (text.ljust(width) for text in texts)
    places = ("".join(letters) for letters in zip(*filled, strict=True))
    return [place[0] if len(set(place)) == 1 else place for place in places]


def _packed(content: object) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)


def _licence_address(text: object) -> str:
    """Return the address of a licence, or what is said instead."""
    stated = licences.licence(plain_text(text))
    return web_address(stated.url) or stated.verbatim


def _licence_label(text: object) -> str:
    return licences.licence(plain_text(text)).label
