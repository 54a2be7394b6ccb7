"""The rows of a Darwin Core archive's files, with the terms they fill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from wunderkammer.sources import Rejected
from wunderkammer.sources._archive import Archive
from wunderkammer.sources._delimited import BadRow, Row, read_rows
from wunderkammer.sources._dwca_description import FileDescription
from wunderkammer.sources._tabular import checked, no_such_column
from wunderkammer.sources._texts import TextColumn, TextTable


@dataclass(frozen=True, slots=True)
class TermRow:
    """A row of the core or an extension.

    Attributes
    ----------
    where : str
        Such as ``"occurrence.txt, row 17"``, header lines counted.
    core_id : str
        Its id in the core, or that of the core row it belongs to; may be empty.
    terms : dict of str to str
        Filled cells by short name; defaults of ``meta.xml`` fill empty ones.
    """

    where: str
    core_id: str
    terms: dict[str, str]


def read_term_rows(archive: Archive, file: FileDescription) -> Iterator[TermRow | Rejected]:
    """Yield the rows of a file in order.

    Rows that lack columns of ``meta.xml``, or have more filled cells than the
    header, are rejected: their cells stand in the wrong columns.

    Raises
    ------
    SourceError
        If ``meta.xml`` speaks of columns that the header does not have.
    """
    columns = [(column.name, column.index, column.default) for column in _columns(file)]
    for location in file.locations:
        with archive.open(location) as stream:
            yield from _rows(location, read_rows(stream, file.dialect), file, columns)


def text_table(archive: Archive, file: FileDescription, *, is_core: bool) -> TextTable:
    """Return a file as a table that is read by the column."""
    return TextTable(
        files=tuple((name, partial(archive.open, name)) for name in file.locations),
        dialect=file.dialect,
        columns=tuple(one for one in _columns(file) if is_core or one.name != "id"),
        id_index=file.id_index,
        n_header_lines=file.n_header_lines,
    )


def _columns(file: FileDescription) -> list[TextColumn]:
    """Return the terms of a file; the id is one of them if none stands in its column."""
    columns = [
        TextColumn(name, field.index, field.default)
        for name, field in zip(file.names, file.fields, strict=True)
    ]
    index = file.id_index
    taken = any(column.index == index or column.name == "id" for column in columns)
    return columns if index is None or taken else [*columns, TextColumn("id", index)]


def _rows(
    location: str,
    rows: Iterator[Row | BadRow],
    file: FileDescription,
    columns: list[tuple[str, int | None, str]],
) -> Iterator[TermRow | Rejected]:
    header_width = 0
    for row in rows:
        where = f"{location}, row {row.number}"
        if row.number <= file.n_header_lines:
            header_width = max(header_width, len(row.cells) if isinstance(row, Row) else 0)
            if row.number == file.n_header_lines and 0 < header_width < file.width:
                raise no_such_column(location, file.width, header_width)
            continue
        found = checked(row, file.width, header_width)
        if isinstance(found, BadRow):
            yield Rejected(where, found.error)
            continue
        cells = found.cells
        core_id = cells[file.id_index].strip() if file.id_index is not None else ""
        terms = {}
        for name, index, default in columns:
            value = (cells[index] if index is not None else "") or default
            if value and not value.isspace():
                terms[name] = value
        yield TermRow(where, core_id, terms)
