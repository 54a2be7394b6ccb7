"""Tables that spreadsheets open: CSV in which no cell is taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from wunderkammer.core.files import written_whole

_UNSAFE = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers stay.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("-12.5")
    ("'=1+1", '-12.5')
    """
    if not cell.startswith(_UNSAFE):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write rows as CSV for spreadsheets; return how many.

    UTF-8 with a mark that spreadsheets know it by; nothing is an empty cell. A cell that
    a spreadsheet would take for a formula gets an apostrophe in front.

    Parameters
    ----------
    path : Path
        Appears whole, or not at all.
    columns : sequence of str
        The first line.
    rows : iterable of sequences
        As many cells as columns.
    """
    n_rows = 0
    with (
        written_whole(path) as temporary,
        temporary.open("w", encoding="utf-8-sig", newline="") as out,
    ):
        writer = csv.writer(out)
        writer.writerow(columns)
        for n_rows, row in enumerate(rows, 1):  # noqa: B007 - how many there were
            writer.writerow("" if one is None else safe_cell(str(one)) for one in row)
    return n_rows
