"""The files of a Biodiversity Heritage Library export, and what they say about its books."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

import pyarrow as pa

from wunderkammer.core.errors import SourceError, nearest
from wunderkammer.core.table import quoted
from wunderkammer.sources._archive import open_archive
from wunderkammer.sources._bhl_pages import Explained, filled, open_text, read_blocks
from wunderkammer.sources._delimited import Opener
from wunderkammer.sources._spill import Spill, one_a_key, sliced

if TYPE_CHECKING:
    import duckdb

PAGES = "page.txt"

_MEMORY = "96MB"

_KEPT = {
    "item.txt": (
        "ItemID", "TitleID", "BarCode", "CallNumber", "VolumeInfo", "ItemURL", "Year",
        "InstitutionName", "HoldingInstitution", "RightsHolder", "CopyrightHolder", "LicenseUrl",
        "LicenseType", "License", "RightsStatus", "CopyrightStatus", "RightsStatement", "Rights",
    ),
    "title.txt": (
        "TitleID", "FullTitle", "ShortTitle", "PublicationDetails", "StartYear", "EndYear",
        "LanguageCode", "TL2Author", "TitleURL",
    ),
    "creator.txt": ("TitleID", "CreatorName"),
}  # fmt: skip
_KEYS = {"item.txt": "ItemID", "title.txt": "TitleID", "creator.txt": "TitleID"}
_JOINS = (("item", "ItemID", False), ("title", "TitleID", False), ("creator", "TitleID", True))
_CREDIT = {
    "title": ("FullTitle", "ShortTitle"),
    "creator": ("CreatorName", "TL2Author"),
    "date": ("Year", "item_Year", "StartYear"),
    "license": (
        "LicenseUrl", "LicenseType", "License", "RightsStatus", "CopyrightStatus",
        "RightsStatement", "Rights",
    ),
    "rightsHolder": (
        "RightsHolder", "CopyrightHolder", "HoldingInstitution", "InstitutionName",
    ),
    "source": ("ItemURL", "TitleURL"),
}  # fmt: skip
_ANCHOR = re.compile(r"<a\s[^>]*href=[\"']?([^\"'\s>]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Export:
    """The files of an export that are used.

    Attributes
    ----------
    name : str
        Of the page table or the list of pages, for messages.
    pages : callable
        Opens it.
    companions : dict of str to callable
        Open the tables of items, titles and creators, by lower-case name.
    inputs : list of Path
        The files on disk that hold all of these.
    """

    name: str
    pages: Opener
    companions: dict[str, Opener] = field(default_factory=dict)
    inputs: list[Path] = field(default_factory=list)


@contextmanager
def open_export(path: Path) -> Iterator[Export]:
    """Find the page table, or a list of page ids, and the tables beside it.

    Parameters
    ----------
    path : Path
        The file, a folder with ``page.txt``, or a zip of it.

    Raises
    ------
    SourceError
        If it is not there, or holds no page table.
    """
    if path.is_dir():
        yield _of_folder(path)
    elif path.suffix.casefold() == ".zip":
        with open_archive(path) as archive:
            named = {PurePosixPath(name).name.casefold(): name for name in reversed(archive.names)}
            if PAGES not in named:
                raise _no_pages(path, archive.names)
            openers: dict[str, Opener] = {
                lowered: partial(archive.open, name) for lowered, name in named.items()
            }
            beside = {name: openers[name] for name in _KEPT if name in openers}
            yield Export(PAGES, openers[PAGES], beside, [path])
    elif path.is_file():
        yield _export(path)
    else:
        names = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        raise SourceError(f"there is no page table at '{path}'.", hint=nearest(path.name, names))


def _of_folder(folder: Path) -> Export:
    found = sorted(
        one for one in (*folder.iterdir(), *folder.glob("*/*")) if one.name.casefold() == PAGES
    )
    if not found:
        raise _no_pages(folder, [one.name for one in folder.iterdir()])
    return _export(found[0])


def _export(path: Path) -> Export:
    beside = _beside(path)
    openers: dict[str, Opener] = {name: partial(_bytes, other) for name, other in beside.items()}
    return Export(path.name, partial(_bytes, path), openers, [path, *beside.values()])


def _bytes(path: Path) -> IO[bytes]:
    return path.open("rb")


def _beside(path: Path) -> dict[str, Path]:
    """Return the companions of a page table; a list of ids has none, for it names no item."""
    with path.open("rb") as stream:
        if b"\t" not in stream.readline(1 << 16):
            return {}
    others = {one.name.casefold(): one for one in sorted(path.parent.iterdir(), reverse=True)}
    return {name: others[name] for name in _KEPT if name in others}


def _no_pages(path: Path, names: list[str]) -> SourceError:
    return SourceError(f"'{path}' holds no '{PAGES}'.", hint=nearest(PAGES, sorted(names)[:20]))


def put_books(export: Export, spill: Spill) -> list[Explained]:
    """Put the tables beside the page table aside, each as a heap: ``item``, ``title``, ``creator``.

    Returns
    -------
    list of Explained
        Rows of each that cannot be read.

    Raises
    ------
    SourceError
        If one of them lacks the column that it is joined by.
    """
    explained = []
    for file, opened in export.companions.items():
        text = open_text(file, opened)
        text.column(_KEYS[file])
        found = {name: text.find(name) for name in _KEPT[file]}
        problems = Explained(file)
        heap = file.removesuffix(".txt")
        for block in read_blocks(text, problems):
            columns = {name: filled(block.column(at)) for name, at in found.items() if at}
            spill.put(heap, pa.table(columns))
        explained.append(problems)
    return explained


def joined_pages(spill: Spill, page: str) -> Iterator[pa.Table]:
    """Yield a row for each kept page, in the order of ids: its rows as one, and its book.

    Different values of a page's rows stand side by side in the order of the
    alphabet, so that the order of the table does not matter. A book's column
    that the page has too is called ``item_<name>`` or ``title_<name>``.
    """
    heaps = [heap for heap, _, _ in _JOINS if spill.holds(heap)]
    own = [name for name in spill.columns("pages") if name not in {page, "page:id"}]
    columns = {heap: spill.columns(heap) for heap in heaps}
    pages = (
        one_a_key(rows.select(["page:id", *own]), "page:id", own)
        for rows in spill.in_order("pages", "page:id")
    )
    if not heaps:
        for rows in pages:
            yield from sliced(rows)
        return
    with spill.connect(_MEMORY) as connection:
        for rows in pages:
            yield from sliced(_with_books(connection, rows, columns).sort_by("page:id"))


def _with_books(
    connection: duckdb.DuckDBPyConnection, pages: pa.Table, columns: Mapping[str, Sequence[str]]
) -> pa.Table:
    """Return some pages with the columns of their items, titles and creators.

    Only the books of these pages are held in memory, not all there are.
    """
    joined, names = connection.from_arrow(pages), pages.column_names
    for heap, key, several in _JOINS:
        if heap not in columns or key not in names:
            continue
        others = [name for name in columns[heap] if name != key]
        called = {name: name if name not in names else f"{heap}_{name}" for name in others}
        values = [f"{_value(name, several)} AS {quoted(called[name])}" for name in others]
        wanted = joined.project(quoted(key)).distinct()
        books = connection.view(heap).set_alias("a").join(wanted.set_alias("b"), key, how="semi")
        books = books.aggregate(", ".join([quoted(key), *values]), quoted(key))
        joined = joined.set_alias("a").join(books.set_alias("b"), key, how="left")
        joined = connection.from_arrow(joined.to_arrow_table())
        names = [*names, *called.values()]
    return joined.project(", ".join(map(quoted, names))).to_arrow_table()


def _value(name: str, several: bool) -> str:
    """Return the SQL of a column's value: one, or all of them sorted."""
    if several:
        return f"string_agg(DISTINCT {quoted(name)}, ' | ' ORDER BY {quoted(name)})"
    return f"min({quoted(name)})"


def credited(rows: pa.Table) -> pa.Table:
    """Return kept pages with what every medium carries, made of their book's columns.

    The columns stay as they are. A licence written as a link becomes its
    address, and "Public domain." with a sentence after it becomes "Public domain".
    """
    import pyarrow.compute as pc

    for term, places in _CREDIT.items():
        there = [rows.column(place) for place in places if place in rows.column_names]
        if there:
            value = pc.coalesce(*there)
            if term == "license":
                value = pa.array([_licence(one) for one in value.to_pylist()], pa.string())
            rows = rows.append_column(term, value)
    return rows


def _licence(text: str | None) -> str | None:
    if text is None:
        return None
    link = _ANCHOR.search(text)
    if link:
        return link[1]
    return "Public domain" if text.casefold().startswith("public domain.") else text
