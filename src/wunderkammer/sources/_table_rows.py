"""From the rows of a table to records."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from wunderkammer.core.errors import RecordError
from wunderkammer.core.identity import stable_id
from wunderkammer.sources import Record
from wunderkammer.sources._columns import Stated, is_address, lay_out
from wunderkammer.sources._delimited import BadRow
from wunderkammer.sources._images import nfc
from wunderkammer.sources._matching import LocalImages
from wunderkammer.sources._tabular import Table

Placed = tuple[str, Record | RecordError]
"""Where a row stands, and the record it gives or why it gives none."""


class RowReader:
    """Reads the rows of one table.

    Parameters
    ----------
    table : Table
        The table.
    stated : Stated
        What the settings say about its columns.
    root : Path
        Folder that files are relative to.
    local : LocalImages or None
        The images below it; without them a file is looked for at its path alone.
    separator : str
        Between several images in one cell.
    named_by_table : bool
        Whether a table without files and addresses is named after its image.
    """

    def __init__(
        self,
        table: Table,
        stated: Stated,
        *,
        root: Path,
        local: LocalImages | None,
        separator: str,
        named_by_table: bool,
    ) -> None:
        self._table = table
        self._root = root
        self._local = local
        self._separator = separator
        self._layout = lay_out(table, stated, self._exists, may_lack_images=named_by_table)

    def read(self) -> Iterator[Placed]:
        """Yield the records of every row, in order."""
        for row in self._table.read():
            where = f"{self._table.path.name}, row {row.number}"
            if isinstance(row, BadRow):
                yield where, row.error
                continue
            for one in self._of_row(row.cells):
                yield where, one

    def _of_row(self, cells: Sequence[str]) -> Iterator[Record | RecordError]:
        """Yield the records of a row, or why it gives none."""
        layout = self._layout
        named = zip(layout.names, cells, strict=True)
        terms = {name: cell for name, cell in named if cell.strip()}
        for term, fill in (("title", layout.title), ("references", layout.link)):
            value = fill(cells) if fill else ""
            if value:
                terms[term] = value
        files = self._several(cells[layout.file]) if layout.file is not None else []
        urls = self._several(cells[layout.url]) if layout.url is not None else []
        if layout.image_url and layout.image_url(cells):
            urls = [layout.image_url(cells)]
        if layout.has_no_images:
            files = [self._table.path.stem]
        if not files and not urls:
            yield _no_image(layout.image_columns)
        specimen = [cells[n].strip() for n in layout.ids]
        if specimen and not specimen[-1]:
            specimen = []
        for file, url in _aligned(files, urls):
            yield self._record(specimen, file, url, terms)

    def _several(self, cell: str) -> list[str]:
        """Return the images that a cell names; one where it exists as it stands."""
        if self._separator not in cell or self._exists(cell.strip()):
            return [cell.strip()] if cell.strip() else []
        parts = (part.strip() for part in cell.split(self._separator))
        return list(dict.fromkeys(part for part in parts if part))

    def _record(
        self, specimen: Sequence[str], file: str, url: str, terms: dict[str, str]
    ) -> Record | RecordError:
        """Return the record of one image of a row."""
        if is_address(file) and not url:
            file, url = "", file
        found = self._locate(file) if file else None
        if found is None and file and not url:
            plain = PurePosixPath(file.replace("\\", "/"))
            if plain.is_absolute() or ".." in plain.parts:
                return RecordError(
                    f"the file '{file}' lies outside the images folder '{self._root}'.",
                    hint="Set images to a folder that holds it.",
                )
            found = plain.as_posix()  # named and not here: the image stage says so
        media_id = stable_id("table", *specimen, nfc(file or url))
        specimen_id = stable_id("table", *specimen) if specimen else media_id
        kept = terms | ({"accessURI": url} if url else {})
        return Record(media_id, specimen_id, kept, found or "", url)

    def _exists(self, name: str) -> bool:
        return self._locate(name) is not None

    def _locate(self, name: str) -> str | None:
        """Return the file of a name relative to the root, or None."""
        path = Path(name)
        if path.is_absolute():
            if not path.is_relative_to(self._root):
                return None
            name = path.relative_to(self._root).as_posix()
        if self._local is not None:
            return self._local.find(name)
        path = self._root / name
        if not name or not os.path.isfile(path):  # noqa: PTH113  (no error for odd names)
            return None
        inside = path.resolve().is_relative_to(self._root.resolve())
        return PurePosixPath(name).as_posix() if inside and ".." not in path.parts else None


def _aligned(files: Sequence[str], urls: Sequence[str]) -> list[tuple[str, str]]:
    """Return files with their addresses, where they are as many; else whichever name images."""
    if len(files) == len(urls):
        return list(zip(files, urls, strict=True))
    return [(file, "") for file in files] or [("", url) for url in urls]


def _no_image(columns: Sequence[str]) -> RecordError:
    places = " and ".join(f"'{name}'" for name in columns) or "what the image_url template needs"
    return RecordError(
        f"the row names no image: {places} {'are' if len(columns) > 1 else 'is'} empty.",
        hint="Fill it in, or leave the row out.",
    )
