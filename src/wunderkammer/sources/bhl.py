"""Illustrations of the Biodiversity Heritage Library: its page table, or a list of page ids."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Literal

import pyarrow as pa
from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from wunderkammer.core.errors import RecordError
from wunderkammer.core.identity import stable_id
from wunderkammer.sources import BulkSource, Rejected, registry
from wunderkammer.sources._bhl_export import (
    PAGES,
    Export,
    credited,
    joined_pages,
    open_export,
    put_books,
)
from wunderkammer.sources._bhl_pages import (
    MOST_ID,
    PageFilter,
    Rule,
    left_out,
    not_an_id,
    open_text,
    page_id,
)
from wunderkammer.sources._spill import Spill, lean_memory

_SITE = "https://www.biodiversitylibrary.org"
_SUFFIXES = (".jpeg", ".jpg", ".png", ".jp2", ".tif", ".webp", ".gif")
_ADDRESS = re.compile(r"/(?:page|pageimage)/(\d+)(?:\D|$)")
_ROWS = 8_192


@registry.register
class BhlSource(BulkSource):
    """Every page of a library's page table that shows an illustration, with its book.

    A row passes if its page type and its page prefix say so; a page is kept if
    a row of it passes and, unless ``exclusive`` is off, none fails. A list of
    page ids, one a line, is taken as it is.
    """

    name: Literal["bhl"] = "bhl"
    version: Literal["1"] = "1"
    path: Path = Field(
        description="The page table (page.txt), the folder or the zip it lies in, or a list of "
        "page ids. Tables of items, titles and creators beside it are joined.",
        json_schema_extra={"context": True},
    )
    images: Path | None = Field(
        None,
        description="Folder of page images that are already here, named by their page id.",
        json_schema_extra={"context": True},
    )
    page_types: tuple[str, ...] = Field(
        ("Illustration", "Drawing"), description="Page types that count.", min_length=1
    )
    prefixes: tuple[str, ...] = Field(
        ("plate", "fig", "pl.", "pl "),
        description="Words of which the page prefix must contain one, case aside. One empty word: "
        "any prefix.",
        min_length=1,
    )
    exclusive: bool = Field(
        default=True,
        description="Drop a page of which any row says that it is something else too.",
    )
    start: int = Field(0, description="Pages to pass over at the beginning.", ge=0)
    maximum: int | None = Field(
        None, description="Pages to take at most after that. Left out: all.", ge=1
    )
    image_url: str = Field(
        f"{_SITE}/pageimage/{{id}}", description="Address of a page's image; {id} is its page id."
    )
    link: str = Field(
        f"{_SITE}/page/{{id}}",
        description="Address of a page on the site; kept as 'references'.",
    )

    @field_validator("image_url", "link")
    @classmethod
    def _names_the_page(cls, template: str) -> str:
        if "{id}" not in template:
            raise PydanticCustomError(
                "template", "The address must hold {place}", {"place": "{id}"}
            )
        return template

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Return whether a file, folder or zip is a page table or a list of page ids."""
        return _looks_like_pages(path)

    def inputs(self) -> list[Path]:
        """Return the page table or list, and the tables beside it that are joined."""
        with open_export(self.path) as export:
            return export.inputs

    def images_root(self) -> Path | None:
        """Return the folder of images that are here."""
        return self.images

    def batches(self, scratch: Path) -> Iterator[pa.Table | list[Rejected]]:
        """Yield a row for each kept page, in the order of ids; a list's in its own.

        Raises
        ------
        SourceError
            If there is no page table, or it lacks a column.
        """
        with lean_memory(), open_export(self.path) as export:
            with export.pages() as stream:
                is_table = b"\t" in stream.readline(1 << 16)
            if is_table:
                yield from self._of_table(export, Spill(scratch))
            else:
                yield from self._of_list(export)

    def _of_table(self, export: Export, spill: Spill) -> Iterator[pa.Table | list[Rejected]]:
        text = open_text(export.name, export.pages)
        rule = Rule(self.page_types, self.prefixes, self.exclusive)
        pages = PageFilter(text, rule, spill)
        pages.run()
        problems = [pages.explained]
        if spill.holds("pages"):
            problems += put_books(export, spill)
            kept = joined_pages(spill, pages.page)
            yield from self._window(map(credited, kept), export.name)
        yield [one for problem in problems for one in problem.all()]
        yield list(left_out(pages, text, rule))

    def _of_list(self, export: Export) -> Iterator[pa.Table | list[Rejected]]:
        with export.pages() as stream:
            yield from self._window(_listed_tables(stream, export.name), export.name)

    def _window(
        self, pages: Iterable[pa.Table | list[Rejected]], where: str
    ) -> Iterator[pa.Table | list[Rejected]]:
        """Yield the pages that the settings ``start`` and ``maximum`` ask for, count the others."""
        n_pages = 0
        for some in pages:
            if isinstance(some, list):
                yield some
                continue
            first = max(self.start - n_pages, 0)
            end = some.num_rows
            if self.maximum is not None:
                end = min(end, self.start + self.maximum - n_pages)
            n_pages += some.num_rows
            if end > first:
                yield self._media(some.slice(first, end - first))
        yield self._outside(n_pages, where)

    def _media(self, pages: pa.Table) -> pa.Table:
        """Return pages as records."""
        ids = [str(one) for one in pages.column("page:id").to_pylist()]
        media = [stable_id("bhl", one) for one in ids]
        columns: dict[str, Sequence[str | None]] = {
            "media_id": media,
            "specimen_id": media,
            "PageID": ids,
            "type": ["StillImage"] * len(ids),
            "accessURI": [self.image_url.replace("{id}", one) for one in ids],
            "references": [self.link.replace("{id}", one) for one in ids],
        }
        if self.images is not None:
            columns["original_file"] = [_file(self.images, one) for one in ids]
        text = {name: pa.array(values, pa.string()) for name, values in columns.items()}
        kept = {
            name: pages.column(name).cast(pa.string())
            for name in pages.column_names
            if name != "page:id" and name not in text
        }
        return pa.table(text | kept)

    def _outside(self, n_pages: int, where: str) -> list[Rejected]:
        """Return how many pages the settings ``start`` and ``maximum`` took out."""
        before = min(self.start, n_pages)
        after = 0 if self.maximum is None else max(n_pages - self.start - self.maximum, 0)
        counts = ((before, f"start = {self.start}"), (after, f"maximum = {self.maximum}"))
        return [
            Rejected(f"{where}, {n:,} pages", RecordError(f"left out by the setting {why}."))
            for n, why in counts
            if n
        ]


def _file(folder: Path, page: str) -> str | None:
    """Return the name of a page's image in a folder, or None."""
    names = (f"{page}{suffix}" for suffix in _SUFFIXES)
    return next((name for name in names if (folder / name).is_file()), None)


def _listed_tables(stream: IO[bytes], name: str) -> Iterator[pa.Table | list[Rejected]]:
    """Yield the page ids of a list as tables."""
    lines = _listed(stream, name)
    while batch := list(islice(lines, _ROWS)):
        yield pa.table({"page:id": pa.array([n for n in batch if isinstance(n, int)], pa.int64())})
        yield [one for one in batch if isinstance(one, Rejected)]


def _listed(stream: IO[bytes], name: str) -> Iterator[int | Rejected]:
    """Yield the page ids of a list, each once, and why other lines give none."""
    seen = bytearray(MOST_ID >> 3)  # memory is taken only where ids are
    for number, line in enumerate(stream, start=1):
        cell = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip()
        where = f"{name}, row {number}"
        if number == 1 and cell.casefold() == "pageid":
            continue
        found = _listed_id(cell)
        if found is None:
            problem = "the line is empty." if not cell else not_an_id(cell)
            yield Rejected(where, RecordError(problem))
        elif seen[found >> 3] & (1 << (found & 7)):
            yield Rejected(where, RecordError(f"page {found} stands in an earlier line already."))
        else:
            seen[found >> 3] |= 1 << (found & 7)
            yield found


def _listed_id(cell: str) -> int | None:
    """Return the page that a line names by its id or address, or None."""
    address = _ADDRESS.search(cell)
    return page_id(address[1] if address else cell)


def _looks_like_pages(path: Path) -> bool:
    try:
        if path.is_dir():
            return any(one.name.casefold() == PAGES for one in path.iterdir())
        if path.suffix.casefold() == ".zip":
            with zipfile.ZipFile(path) as archive:
                names = [name.rpartition("/")[2].casefold() for name in archive.namelist()]
            return PAGES in names
        with path.open("rb") as stream:
            head = stream.read(1024)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    lines = head.decode("utf-8-sig", "replace").splitlines()
    header = lines[0].casefold().split("\t") if lines else []
    if "pageid" in header:
        return True
    whole = [line for line in (lines[:-1] if len(head) == 1024 else lines) if line.strip()]
    return bool(whole) and all(_listed_id(line) is not None for line in whole)
