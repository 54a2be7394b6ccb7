"""The rows of a Darwin Core archive's files, with the terms they fill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wunderkammer.core.errors import SourceError
from wunderkammer.sources import Rejected
from wunderkammer.sources._archive import Archive
from wunderkammer.sources._delimited import BadRow, Row, read_rows
from wunderkammer.sources._dwca_description import FileDescription
from wunderkammer.sources._tabular import wrong_width


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
    columns = [
        (name, field.index, field.default)
        for name, field in zip(file.names, file.fields, strict=True)
    ]
    if file.id_index is not None and all(index != file.id_index for _, index, _ in columns):
        is_core = not any(name == "id" for name, _, _ in columns)
        columns += [("id", file.id_index, "")] if is_core else []
    for location in file.locations:
        with archive.open(location) as stream:
            yield from _rows(location, read_rows(stream, file.dialect), file, columns)


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
                raise _no_such_column(location, file.width, header_width)
            continue
        checked = _checked(row, file.width, header_width)
        if isinstance(checked, BadRow):
            yield Rejected(where, checked.error)
            continue
        cells = checked.cells
        core_id = cells[file.id_index].strip() if file.id_index is not None else ""
        terms = {}
        for name, index, default in columns:
            value = (cells[index] if index is not None else "") or default
            if value and not value.isspace():
                terms[name] = value
        yield TermRow(where, core_id, terms)


def _no_such_column(location: str, needed: int, header_width: int) -> SourceError:
    return SourceError(
        f"meta.xml speaks of {needed} columns of '{location}', whose header has {header_width}.",
        hint="The description belongs to another file, or its delimiter is wrong.",
    )


def _checked(row: Row | BadRow, needed: int, header_width: int) -> Row | BadRow:
    """Return the row, or why its cells cannot be told apart."""
    if isinstance(row, BadRow):
        return row
    n = len(row.cells)
    if n < needed:
        return wrong_width(
            row, max(needed, header_width), "header" if header_width else "description"
        )
    too_many = header_width >= needed and n > header_width and any(row.cells[header_width:])
    return wrong_width(row, header_width) if too_many else row
