"""Numbers: columns that media are coloured, filtered and counted by."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.schemas import NumberRef
from wunderkammer.vocab import dates

MOST_BINS = 256
"""A histogram has no more bins, unless whole numbers as far as 512 apart have one each."""

DATE_COLUMNS = ("year", "eventDate", "verbatimEventDate", "verbatim_eventDate", "date")
"""Where a record tells when, the surest first."""

LAST = ":last"
"""End of the name of the block that tells the ends of ranges."""

_ONE_EACH = 512
_POLE = 90
_MOST_APART = 65_534

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """A column of numbers: what the atlas says of it, and its block.

    Attributes
    ----------
    reference : NumberRef
        Range and histogram.
    block : ndarray of uint16 or float32, shape (n,)
        0 or NaN where there is no number.
    last : ndarray of the same type or None
        The end of each range; None where all are single numbers.
    """

    reference: NumberRef
    block: npt.NDArray[np.uint16] | npt.NDArray[np.float32]
    last: npt.NDArray[np.uint16] | npt.NDArray[np.float32] | None = None


def number_column(
    column: str,
    label: str,
    values: Reals,
    lasts: Reals | None = None,
    approximate: npt.NDArray[np.bool_] | None = None,
) -> NumberColumn | None:
    """Return a column of numbers, or None if it has none.

    Parameters
    ----------
    column : str
        Name of the column.
    label : str
        Its name for people.
    values : ndarray of float64, shape (n,)
        In the order of the rows; what is not finite is no number.
    lasts : ndarray of float64, shape (n,), optional
        Where values are ranges of whole numbers, the last of each, which counts too: a
        medium counts in each bin of its range by an equal share.
    approximate : ndarray of bool, shape (n,), optional
        Which of them their source calls approximate: they are counted.
    """
    known = np.isfinite(values)
    if not known.any():
        return None
    ranged = lasts is not None and bool((lasts[known] > values[known]).any())
    ends = lasts if ranged and lasts is not None else values
    finite, end = values[known], ends[known]
    minimum, maximum = float(finite.min()), float(end.max())
    whole = bool((finite == np.floor(finite)).all())
    width, n_bins = _bins(minimum, maximum, whole=whole)

    def block(numbers: Reals) -> Any:
        if not (whole and maximum - minimum <= _MOST_APART):
            return np.where(known, numbers, np.nan).astype(np.float32)
        made = np.zeros(len(numbers), np.uint16)
        made[known] = (numbers[known] - minimum + 1).astype(np.uint16)
        return made

    reference = NumberRef(
        column=column,
        label=label,
        n=len(finite),
        minimum=minimum,
        maximum=maximum,
        bin_width=width,
        bins=_counted(finite - minimum, end - minimum, width, n_bins),
        ranges=ranged,
        approximate=0 if approximate is None else int(approximate[known].sum()),
    )
    return NumberColumn(reference, block(values), block(ends) if ranged else None)


def _counted(first: Reals, last: Reals, width: float, n_bins: int) -> list[int | float]:
    """Return how many media are in each bin, those of a range by shares."""
    begin = np.minimum(first // width, n_bins - 1).astype(np.int64)
    single = last <= first
    counts: Any = np.bincount(begin[single], minlength=n_bins)
    if single.all():
        found: list[int | float] = counts.tolist()
        return found
    counts = counts.astype(np.float64)
    spans, n_each = np.unique(
        np.stack([first[~single], last[~single]], axis=1), axis=0, return_counts=True
    )
    for (start, end), n in zip(spans, n_each, strict=True):
        bins = np.minimum(np.arange(start, end + 1) // width, n_bins - 1).astype(np.int64)
        np.add.at(counts, bins, n / len(bins))
    return [round(one, 9) for one in counts.tolist()]


def _bins(minimum: float, maximum: float, *, whole: bool) -> tuple[float, int]:
    """Return a width of one, two or five times a power of ten, and how many bins there are."""
    apart = maximum - minimum
    if whole and apart < _ONE_EACH:
        return 1.0, int(apart) + 1
    if not apart:
        return 1.0, 1
    exact = apart / (MOST_BINS - 1)
    power = 10.0 ** math.floor(math.log10(exact))
    width = next(step * power for step in (1, 2, 5, 10) if step * power >= exact)
    return width, int(apart // width) + 1


def numbers_of(texts: Any) -> Reals:
    """Return texts as numbers, NaN where one is none.

    Parameters
    ----------
    texts : pyarrow array of strings
        Such as ``"-12.5"``; null where empty.
    """
    return _by_distinct(texts, _number)


class Years(NamedTuple):
    """When events were: arrays of shape (n,).

    Attributes
    ----------
    first, last : ndarray of float64
        Years; NaN where they are not known.
    approximate : ndarray of bool
        The source says so: "ca.", "?", "approximate".
    """

    first: Reals
    last: Reals
    approximate: npt.NDArray[np.bool_]


def years_of(columns: Mapping[str, Any]) -> Years:
    """Return the first and the last year of each event, NaN where they are not known.

    Parameters
    ----------
    columns : mapping of str to pyarrow array of strings
        Of :data:`DATE_COLUMNS` those there are; the first that tells a year decides. One
        that begins in the same year may tell that it was a range, or approximate.
    """
    found: Reals | None = None
    lasts, doubts = np.empty(0), np.empty(0, bool)
    for name in DATE_COLUMNS:
        if name not in columns:
            continue
        first = _by_distinct(columns[name], _first_year)
        last = _by_distinct(columns[name], _last_year)
        doubt = _by_distinct(columns[name], _doubt) > 0
        if found is None:
            found, lasts, doubts = first, last, doubt
            continue
        new = np.isnan(found)
        longer = (found == first) & (last > lasts)
        lasts = np.where(new | longer, last, lasts)
        doubts |= doubt & (new | (found == first))
        found = np.where(new, first, found)
    return Years(np.empty(0) if found is None else found, lasts, doubts)


def coordinates_of(latitude: Any, longitude: Any) -> tuple[Reals, Reals]:
    """Return latitude and longitude in degrees, NaN both where they are not on Earth.

    Parameters
    ----------
    latitude, longitude : pyarrow arrays of strings
        Decimal degrees. 0, 0 stands for an empty cell.
    """
    north, east = numbers_of(latitude), numbers_of(longitude)
    known = (np.abs(north) <= _POLE) & (np.abs(east) <= 2 * _POLE) & ((north != 0) | (east != 0))
    return np.where(known, north, np.nan), np.where(known, east, np.nan)


def _by_distinct(texts: Any, read: Any) -> Reals:
    """Read each distinct text once."""
    import pyarrow as pa

    encoded = texts.cast(pa.string()).dictionary_encode()
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    distinct: Iterable[str] = encoded.dictionary.to_pylist()
    values = np.array([*map(read, distinct), math.nan])
    found: Reals = values[encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    return found


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _first_year(text: str) -> float:
    span = dates.parse_date(text)
    return float(span.years[0]) if span else math.nan


def _last_year(text: str) -> float:
    span = dates.parse_date(text)
    return float(span.years[1]) if span else math.nan


def _doubt(text: str) -> float:
    span = dates.parse_date(text)
    return float(span is not None and span.approximate)
