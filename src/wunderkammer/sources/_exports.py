"""The tables of a portal's export: found by their names, their columns by the header."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.core.errors import SourceError, nearest
from wunderkammer.sources._archive import Archive, open_archive
from wunderkammer.sources._delimited import (
    Dialect,
    Row,
    find_dialect,
    read_rows,
    unique_names,
)
from wunderkammer.sources._texts import TextColumn, TextTable
from wunderkammer.vocab import audiovisual_core, darwin_core

QUOTED = Dialect("utf-8-sig", ",", '"')
"""As spreadsheets and Python write: commas, quotation marks where needed."""

TABBED = Dialect("utf-8-sig", "\t", "", "\n")
"""As GBIF writes: tabs, nothing quoted, no tab or line end within a cell."""

_FEW = 10

Prepare = Callable[[pa.Table], pa.Table]


def find_member(archive: Archive, name: str, *, hint: str = "") -> str:
    """Return the file of an export that is called ``name``, case left aside.

    Raises
    ------
    SourceError
        If there is none; says what there is.
    """
    for member in archive.names:
        if member.casefold() == name.casefold():
            return member
    tops = [member for member in archive.names if "/" not in member]
    raise SourceError(
        f"the export '{archive.path.name}' has no '{name}'.",
        hint=f"{nearest(name, tops[:30])} {hint}".strip(),
    )


def has_members(path: Path, *names: str) -> bool:
    """Return whether a folder or zip holds all files, at its top or in its only folder.

    Nothing but the list of files is read; case counts.
    """
    if path.is_dir():
        tops = (path, *_only_folder(path))
        return any(all((top / name).is_file() for name in names) for top in tops)
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            held = {PurePosixPath(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    inside = {PurePosixPath(), *(name.parent for name in held if len(name.parts) == 2)}
    return any(all(top / name in held for name in names) for top in inside)


def _only_folder(path: Path) -> list[Path]:
    """Return the folder that is all there is in a folder; looks no further than a few names."""
    with os.scandir(path) as entries:
        first = [one for one in islice(entries, _FEW) if not one.name.startswith(".")]
    return [Path(first[0].path)] if len(first) == 1 and first[0].is_dir() else []


def header_of(path: Path, name: str, dialect: Dialect) -> list[str]:
    """Return the columns of a file in a folder or zip; empty if they cannot be read."""
    try:
        with open_archive(path) as archive:
            return read_header(archive, find_member(archive, name), dialect)[1]
    except SourceError:
        return []


def read_header(archive: Archive, member: str, dialect: Dialect) -> tuple[Dialect, list[str]]:
    """Return how a file is written, and its columns as written.

    A file that somebody saved anew with another delimiter is told by its
    content.

    Raises
    ------
    SourceError
        If it has no row at all.
    """
    used = dialect
    for _ in range(2):
        with archive.open(member) as stream:
            first = next(read_rows(stream, used), None)
        if isinstance(first, Row) and len(first.cells) > 1:
            return used, [name.strip() for name in first.cells]
        used = find_dialect(lambda: archive.open(member))
    raise SourceError(
        f"'{member}' of '{archive.path.name}' has no header.",
        hint="Its first row must name the columns; export it again.",
    )


def column_index(
    archive: Archive, member: str, header: Sequence[str], wanted: Iterable[str]
) -> int:
    """Return the place of the first of some columns that the header has.

    Raises
    ------
    SourceError
        If it has none; says which was wanted, which there are, and the nearest.
    """
    names = list(wanted)
    folded = [name.casefold() for name in header]
    for name in names:
        if name.casefold() in folded:
            return folded.index(name.casefold())
    others = f" (or {', '.join(names[1:])})" if len(names) > 1 else ""
    raise SourceError(
        f"'{member}' of '{archive.path.name}' has no column '{names[0]}'{others}.",
        hint=nearest(names[0], header),
    )


def plain_names(header: Sequence[str]) -> list[str]:
    """Return the name under which each column is kept: its term, or itself without a colon.

    Prefixes of standards are taken off, others are joined to the name.

    Examples
    --------
    >>> plain_names(["dwc:order", "ac:accessURI", "idigbio:uuid", "gbif:genus", "_id"])
    ['order', 'accessURI', 'idigbio_uuid', 'gbif_genus', '_id']
    """
    names = []
    for written in header:
        prefix, colon, rest = written.partition(":")
        short = darwin_core.short_name(written)
        if colon and prefix.casefold() == "gbif":
            short = written
        known = short in darwin_core.TERMS or short in audiovisual_core.TERMS
        names.append(short if known else f"{prefix}_{rest}" if colon else written)
    return unique_names(name.replace(":", "_") for name in names)


def text_table(
    archive: Archive,
    member: str,
    *,
    id_columns: Sequence[str],
    needs: Sequence[str] = (),
    dialect: Dialect = QUOTED,
    names: Callable[[Sequence[str]], list[str]] = plain_names,
    drop: Sequence[str] = (),
    prepare: Prepare | None = None,
) -> TextTable:
    """Return a file of an export as a table whose columns are known by its header.

    Parameters
    ----------
    archive : Archive
        The export.
    member : str
        One of its files.
    id_columns : sequence of str
        Headers, likeliest first, of the column that names the specimen.
    needs : sequence of str
        Further headers that must be there.
    dialect : Dialect, optional
        How the portal writes.
    names : callable, optional
        Returns the name under which each column is kept.
    drop : sequence of str, optional
        Names of columns that are not kept.
    prepare : callable, optional
        See ``TextTable``.

    Raises
    ------
    SourceError
        If a column is not there.
    """
    used, header = read_header(archive, member, dialect)
    place = column_index(archive, member, header, id_columns)
    for name in needs:
        column_index(archive, member, header, (name,))
    columns = tuple(
        TextColumn(name, index) for index, name in enumerate(names(header)) if name not in drop
    )
    opened = ((member, partial(archive.open, member)),)
    return TextTable(opened, used, columns, place, prepare=prepare)


def text_of(table: pa.Table, name: str) -> pa.ChunkedArray:
    """Return a column as text, null throughout if the table has none of the name."""
    if name in table.column_names:
        return table.column(name)
    return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])


def first_filled(table: pa.Table, names: Sequence[str]) -> pa.ChunkedArray:
    """Return of each row the first of some columns that is filled."""
    return pc.coalesce(*(text_of(table, name) for name in names))


def with_columns(table: pa.Table, columns: Mapping[str, pa.ChunkedArray]) -> pa.Table:
    """Return a table with columns set or added."""
    for name, values in columns.items():
        if name in table.column_names:
            table = table.set_column(table.column_names.index(name), name, values)
        else:
            table = table.append_column(name, values)
    return table


def with_filled(table: pa.Table, columns: Mapping[str, pa.ChunkedArray]) -> pa.Table:
    """Return a table with columns set, and with those added that hold anything."""
    there = set(table.column_names)
    wanted = {
        name: values
        for name, values in columns.items()
        if name in there or values.null_count < len(values)
    }
    return with_columns(table, wanted)


def differ(written: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return where a value is filled and says something else than the other one.

    Case, white space and low lines make no difference, nor do zeros at the end of
    a decimal number: 'PreservedSpecimen' says what 'PRESERVED_SPECIMEN' says.
    """
    unlike = pc.not_equal(written, pc.coalesce(other, "")).fill_null(False)
    places = pc.indices_nonzero(unlike)
    found = np.zeros(len(written), bool)
    if len(places):
        said, beside = _essence(written.take(places)), _essence(other.take(places))
        still = pc.not_equal(said, pc.coalesce(beside, ""))
        found[places.to_numpy()] = still.to_numpy()
    return pa.chunked_array([pa.array(found)])


def _essence(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return texts without what makes no difference."""
    plain = pc.replace_substring_regex(pc.utf8_lower(texts), r"[\s_]+", "")
    shorter = pc.replace_substring_regex(plain, r"^([+-]?\d+\.\d*?)0+$", r"\1")
    return pc.replace_substring_regex(shorter, r"^([+-]?\d+)\.$", r"\1")
