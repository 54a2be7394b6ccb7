"""CSV, TSV, Parquet and Excel files as a header and rows of text."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from wunderkammer.core.errors import ConfigurationError, RecordError, SourceError, nearest
from wunderkammer.sources._delimited import BadRow, Dialect, Row, find_dialect, read_rows

TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt", ".parquet", ".xlsx", ".xlsm"})
"""Endings of files that are read as tables."""

_WORKBOOKS = frozenset({".xlsx", ".xlsm"})
_EXACT_INTEGERS = 2**53
_ABOVE = 50
"""Rows among which the header is looked for."""

ReadRows = Callable[[], Iterator[Row | BadRow]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that can be read as often as needed.

    Attributes
    ----------
    path : Path
        The file.
    header : list of str
        Names of the columns as written.
    read : callable
        Returns an iterator of the rows below the header. Cells are text as
        written, as many as there are columns; rows of another width are bad.
    sheets : tuple of str
        Of a workbook: the sheet that is read, then the others.
    """

    path: Path
    header: list[str]
    read: ReadRows
    sheets: tuple[str, ...] = ()

    def sample(self, n_rows: int = 1000) -> list[list[str]]:
        """Return the cells of the first good rows."""
        good = (row.cells for row in self.read() if isinstance(row, Row))
        return list(islice(good, n_rows))


def open_table(path: Path, *, encoding: str = "", delimiter: str = "", sheet: str = "") -> Table:
    """Open a table.

    Parameters
    ----------
    path : Path
        A ``.parquet``, ``.xlsx`` or delimited text file of any other ending.
    encoding, delimiter : str, optional
        Of delimited text; found where empty.
    sheet : str, optional
        Of a workbook; the first where empty.

    Raises
    ------
    SourceError
        If it is not there, is empty, or is not what its ending says.
    ConfigurationError
        If the encoding or the sheet does not exist.
    """
    if not path.is_file():
        raise SourceError(f"there is no table at '{path}'.", hint=_siblings(path))
    if path.stat().st_size == 0:
        raise SourceError(f"the table '{path}' is empty (0 bytes).", hint="Export it again.")
    suffix = path.suffix.casefold()
    sheets: tuple[str, ...] = ()
    if suffix == ".parquet":
        read = _parquet(path)
    elif suffix in _WORKBOOKS:
        from wunderkammer.sources._workbook import workbook_rows

        read, sheets = workbook_rows(path, sheet)
    elif suffix in {".xls", ".ods", ".numbers"}:
        raise SourceError(
            f"the table '{path.name}' is a '{suffix}' file, which is not read.",
            hint="Save it as .xlsx or .csv.",
        )
    else:
        read = _delimited(path, encoding, delimiter)
    first = next(read(), None) if suffix == ".parquet" else _header(read)
    if first is None or isinstance(first, BadRow):
        reason = first.error.message if first else "it has no row."
        raise SourceError(
            f"the header of the table '{path.name}' cannot be read: {reason}",
            hint="Its first row must name the columns; look at it, or export it again.",
        )
    header = [name.strip() for name in first.cells]
    _refuse_what_is_no_text(path, header)
    while suffix in _WORKBOOKS and len(header) > 1 and not header[-1]:
        header.pop()
    below = first.number
    return Table(
        path, header, lambda: _below(read, header, below, padded=suffix in _WORKBOOKS), sheets
    )


def _header(read: ReadRows) -> Row | BadRow | None:
    """Return the row of column names: what people write above it fills few cells.

    It is the first that is more than half as full as most are; a title, the day of the last
    change and the like stand above it and are passed over.
    """
    rows = list(islice(read(), _ABOVE))
    filled = [_n_filled(row) for row in rows]
    usual = median(filter(None, filled)) if any(filled) else 0
    for row, n in zip(rows, filled, strict=True):
        if isinstance(row, BadRow) or 2 * n > usual:
            return row
    return rows[0] if rows else None


def _n_filled(row: Row | BadRow) -> int:
    return sum(1 for cell in row.cells if cell.strip()) if isinstance(row, Row) else 0


def _refuse_what_is_no_text(path: Path, header: Sequence[str]) -> None:
    """Refuse a file whose header holds what no text does, such as an image."""
    odd = sum(not letter.isprintable() and not letter.isspace() for letter in "".join(header))
    if odd > sum(map(len, header)) / 20:
        raise SourceError(
            f"the table '{path.name}' is not text: its first line holds {odd:,} signs that "
            "cannot be shown.",
            hint="Look at the file: its ending may be wrong, or it is damaged.",
        )


def _siblings(path: Path) -> str:
    if not path.parent.is_dir():
        return "Its folder does not exist either."
    names = [other.name for other in path.parent.iterdir() if other.suffix in TABLE_SUFFIXES]
    return nearest(path.name, names)


def _below(
    read: ReadRows, header: list[str], number: int, *, padded: bool
) -> Iterator[Row | BadRow]:
    """Yield the rows below the header that are not blank, checked for their width."""
    width = len(header)
    for row in read():
        if row.number <= number:
            continue
        if isinstance(row, BadRow):
            yield row
            continue
        cells = row.cells
        if not any(cells):
            continue
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if padded and len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        if [cell.strip() for cell in cells] == header:
            yield BadRow(row.number, RecordError("the header stands here once more."))
            continue
        yield Row(row.number, cells) if len(cells) == width else wrong_width(row, width)


def wrong_width(row: Row, width: int, of: str = "header") -> BadRow:
    """Return why a row with too few or too many cells cannot be used."""
    n = len(row.cells)
    if n > width:
        hint = "Put quotation marks around cells that hold a delimiter."
    else:
        hint = "The row may be cut off or hold a line break; export the table again."
    return BadRow(
        row.number, RecordError(f"the row has {n} cells, the {of} has {width}.", hint=hint)
    )


def no_such_column(location: str, needed: int, header_width: int) -> SourceError:
    """Return why a text does not fit what is said of its columns."""
    return SourceError(
        f"meta.xml speaks of {needed} columns of '{location}', whose header has {header_width}.",
        hint="The description belongs to another file, or its delimiter is wrong.",
    )


def checked(row: Row | BadRow, needed: int, header_width: int) -> Row | BadRow:
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


def _delimited(path: Path, encoding: str, delimiter: str) -> ReadRows:
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith((b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0")):
        raise SourceError(
            f"the table '{path.name}' is not text: it is a "
            f"{'Parquet file' if head == b'PAR1' else 'workbook or archive'}.",
            hint="Give it the ending that fits: .parquet, .xlsx or .zip.",
        )
    try:
        dialect = find_dialect(lambda: path.open("rb"), encoding=encoding, delimiter=delimiter)
    except LookupError:
        raise ConfigurationError(
            f"[source], encoding = '{encoding}': no encoding has this name.",
            hint="Leave it out, or use utf-8, windows-1252, utf-16, mac_roman, …",
        ) from None
    return lambda: _text_rows(path, dialect)


def _text_rows(path: Path, dialect: Dialect) -> Iterator[Row | BadRow]:
    with path.open("rb") as stream:
        yield from read_rows(stream, dialect)


def _parquet(path: Path) -> ReadRows:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names = pq.read_schema(path).names
    except (pa.ArrowException, OSError) as error:
        raise _no_parquet(path, error) from None

    def read() -> Iterator[Row]:
        yield Row(1, list(names))
        number = 1
        try:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=1024):
                    columns = [[as_text(value) for value in column.to_pylist()] for column in batch]
                    for cells in zip(*columns, strict=True):
                        number += 1
                        yield Row(number, list(cells))
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _no_parquet(path, error) from None

    return read


def _no_parquet(path: Path, error: Exception) -> SourceError:
    said = " ".join(str(error).split()).rstrip(".")
    return SourceError(
        f"the table '{path.name}' cannot be read as Parquet: {said}.",
        hint="It may not have been written to its end; export it again.",
    )


def as_text(value: Any) -> str:
    """Return a typed value as text: ISO dates, whole numbers without ``.0``."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | dict):
        return _structure(value)
    if isinstance(value, date | time):
        return _moment(value)
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < _EXACT_INTEGERS
        return str(int(value)) if whole else repr(value)
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _moment(value: date | time) -> str:
    """Return a date or time in ISO form; midnight is no time of day but the lack of one."""
    midnight = isinstance(value, datetime) and value.time() == time(0) and value.tzinfo is None
    return value.isoformat()[:10] if midnight else value.isoformat()


def _structure(value: Any) -> str:
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return "|".join(value)
    return json.dumps(value, ensure_ascii=False, default=str)
