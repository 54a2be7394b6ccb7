"""Reading: what layouts take out of the columns of records, as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import StageError
from wunderkammer.vocab.dates import DateRange, PartialDate, parse_date

if TYPE_CHECKING:
    import pyarrow as pa

_MONTHS = 12
_DAYS = 31

Floats = npt.NDArray[np.float64]


def numbers(records: pa.Table | None, name: str, n_media: int) -> Floats:
    """Return a column as numbers; dates as years with a fraction, the middle of what they span.

    Parameters
    ----------
    records : pyarrow.Table or None
    name : str
        Column of numbers, of text with a number, or of dates.
    n_media : int
        Length of the result.

    Returns
    -------
    ndarray of float64, shape (n_media,)
        NaN where the cell is empty or says neither.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if records is None or name not in records.column_names:
        return np.full(n_media, np.nan)
    cells = records[name]
    kind = cells.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        found = pc.cast(cells, pa.float64()).to_numpy(zero_copy_only=False)
        return np.where(np.isfinite(found), found, np.nan)
    codes = pc.cast(cells, pa.string()).combine_chunks().dictionary_encode()
    values = np.array([_number(text) for text in codes.dictionary.to_pylist()] + [np.nan])
    return np.asarray(values[codes.indices.fill_null(len(values) - 1).to_numpy()])


def refuse_unknown(known: npt.NDArray[np.bool_], layout: str, what: str) -> None:
    """Refuse to lay out media of which none has what the layout goes by.

    Raises
    ------
    StageError
        If there are media, and none is known.
    """
    if len(known) and not known.any():
        raise StageError(
            f"layout: '{layout}' goes by {what}, and none of {len(known):,} media has it.",
            hint="Name other columns, or choose another layout, such as relax; "
            "'wk query \"describe media\"' lists all columns.",
        )


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        date = parse_date(text)
        return np.nan if date is None else _middle(date)
    return found if np.isfinite(found) else np.nan


def _middle(date: DateRange) -> float:
    """Return the middle of a span; a year alone is that number, as where years are a column."""
    if date.start == date.end and date.start.month is None:
        return float(date.start.year)
    first = _fraction(date.start, 1, 0)
    return (first + _fraction(date.end, _MONTHS, _DAYS)) / 2


def _fraction(date: PartialDate, month: int, day: int) -> float:
    """Return a date as a year with a fraction; what is not known is taken as given."""
    months = (date.month or month) - 1
    days = day if date.day is None else date.day - 0.5
    return date.year + (months + days / _DAYS) / _MONTHS
