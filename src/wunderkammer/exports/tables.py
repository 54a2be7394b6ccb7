"""Media as tables: any columns, with whose each medium is in every row."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.errors import UnknownNameError, nearest
from wunderkammer.core.spreadsheet import write_rows
from wunderkammer.exports.credits import TERMS
from wunderkammer.exports.selection import HERE, Chosen

RIGHTS = ("license", "licence_name", "licence_url", "rightsHolder", "creator", "credit")
"""Columns that say whose a medium is; they stand in every table."""

_PLACES = {"licence_name": 1, "licence_url": 2, "license": 0, "rightsHolder": 3, "creator": 4,
           "credit": 5}  # fmt: skip


def columns_of(chosen: Chosen, columns: Sequence[str]) -> list[str]:
    """Return the columns of a table: those asked for, or all; id first, rights apart.

    Raises
    ------
    UnknownNameError
        If one is not there.
    """
    for name in columns:
        if name not in {*chosen.columns, *RIGHTS}:
            raise UnknownNameError(
                f"there is no column '{name}'.", hint=nearest(name, chosen.columns)
            )
    wanted = columns or [one for one in chosen.columns if one not in HERE]
    return ["media_id", *(one for one in wanted if one not in {"media_id", *RIGHTS})]


def tables(chosen: Chosen, columns: Sequence[str] = ()) -> Iterator[pa.Table]:
    """Yield media as tables of some thousand rows, specimen by specimen.

    Parameters
    ----------
    chosen : Chosen
    columns : sequence of str, optional
        Default: all but vectors. :data:`RIGHTS` are always there, after the id.
    """
    names = columns_of(chosen, columns)
    known = set(chosen.columns)
    read = dict.fromkeys([*names, *(one for one in TERMS if one in known)])
    for block in chosen.blocks(list(read)):
        stated = block.select([one for one in TERMS if one in known]).to_pylist()
        rights = [chosen.rights(row) for row in stated]
        ours = {
            name: pa.array([one[_PLACES[name]] for one in rights], pa.string()) for name in RIGHTS
        }
        others = {name: block[name] for name in names[1:]}
        yield pa.table({"media_id": block["media_id"], **ours, **others})


def write_parquet(path: Path, some: Iterable[pa.Table]) -> int:
    """Write tables as one Parquet file; return how many rows."""
    writer: pq.ParquetWriter | None = None
    n_rows = 0
    try:
        for table in some:
            if writer is None:
                writer = pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table.cast(writer.schema))
            n_rows += table.num_rows
    finally:
        if writer is not None:
            writer.close()
    return n_rows


def write_csv(path: Path, some: Iterable[pa.Table]) -> int:
    """Write tables as one CSV file for spreadsheets; return how many rows."""
    tables = iter(some)
    first = next(tables, None)
    if first is None:
        path.touch()
        return 0
    rows = (
        row
        for table in itertools.chain([first], tables)
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True)
    )
    return write_rows(path, first.column_names, rows)
