"""Dates as collections write them: years, ranges, doubt, and a text to show."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

FIRST_YEAR, LAST_YEAR = 1000, 2199
"""A number outside these is not taken for a year."""

PLACEHOLDERS = frozenset({(1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1904, 1, 1), (1970, 1, 1)})
"""Days that spreadsheets and clocks write for an empty cell: kept, and marked suspicious."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year; ``month`` and ``day`` are None where not known."""

    year: int
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class DateRange:
    """A span of time, ends included.

    Attributes
    ----------
    start, end : PartialDate
        Equal for a single date.
    approximate : bool
        The source says so: "approximate", "ca.", "?".
    suspicious : bool
        Readable and likely wrong: a spreadsheet's zero, a day that no month
        has, an end before its start (then the two are exchanged).
    """

    start: PartialDate
    end: PartialDate
    approximate: bool = False
    suspicious: bool = False

    @property
    def years(self) -> tuple[int, int]:
        """First and last year."""
        return self.start.year, self.end.year


MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""English names; ``calendar.month_name`` would change with the locale."""

_EN_DASH = "\N{EN DASH}"
_MONTHS = {name.casefold(): n for n, name in enumerate(MONTH_NAMES, start=1)}
_MONTHS |= {name[:3]: n for name, n in list(_MONTHS.items())} | {"sept": 9}
_ROMAN_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN = {numeral: n for n, numeral in enumerate(_ROMAN_NUMERALS, start=1)}
_DOUBT = re.compile(
    r"\b(?:approximate(?:ly)?|approx|about|probably|possibly|perhaps)\b\.?"
    r"|\bc(?:a|irca)?\b\.?|\bc(?=\d{4})|[?~≈]"
)
_DOUBT_ELSEWHERE = re.compile(
    r"\b(?:etwa|ungefähr|vermutlich|wohl|wahrscheinlich|environ|env|probablement|peut-être"
    r"|aproximadamente|aprox|probablemente|posiblemente|hacia)\b\.?"
    r"|\b(?:um|gegen|vers)(?= \W?\d{4})|(?<=\d)%"
)
"""Words of German, French and Spanish, and a sign of EDTF: heard as doubt, and left where they
stand, so that what years a text means does not depend on them."""

_DASH = rf"\s*(?:-|{_EN_DASH}|—|\bto\b|\band\b|\bor\b|\buntil\b)\s*"
_MONTH_WORD = r"(?P<month>[a-z]{3,9})\.?"


def parse_date(text: str) -> DateRange | None:
    """Return the span of time a text names, or None if it names none for sure.

    Parameters
    ----------
    text : str
        ISO 8601 dates and intervals, abbreviated ends included; years, ranges
        of years, decades, centuries; English and Roman months; a year within
        other words. A day and month that could be exchanged (``03/02/1979``)
        leave the year alone. Two-digit years, ``before 1900`` and numbers
        outside :data:`FIRST_YEAR` to :data:`LAST_YEAR` are not read.

    Examples
    --------
    >>> parse_date("[1894-1900, approximate]").years
    (1894, 1900)
    >>> parse_date("2012-07-01/2").end
    PartialDate(year=2012, month=7, day=2)
    >>> parse_date("Unknown") is None
    True
    """
    plain = " ".join(text.casefold().split())
    doubt = any(words.search(plain) for words in (_DOUBT, _DOUBT_ELSEWHERE))
    plain = _DOUBT.sub(" ", re.sub(r"[\[\]()]", " ", plain))
    plain = " ".join(plain.split()).strip(" ,;.")
    for read in _READERS:
        found = read(plain)
        if found is not None:
            return replace(found, approximate=found.approximate or doubt)
    return None


def with_doubt(span: DateRange, written: Iterable[str]) -> DateRange:
    """Return a date as approximate if another text of it says so.

    A cleaned ``eventDate`` is often a bare year, and only ``verbatimEventDate``
    still has the "ca.".

    Parameters
    ----------
    span : DateRange
        A date that was read.
    written : iterable of str
        What else a record tells of when; a text counts if it begins in the same year.

    Examples
    --------
    >>> with_doubt(parse_date("1904"), ["", "ca. 1904"]).approximate
    True
    """
    others = (parse_date(text) for text in written if text)
    doubt = any(one and one.approximate and one.years[0] == span.years[0] for one in others)
    return replace(span, approximate=span.approximate or doubt)


def _span(start: PartialDate | None, end: PartialDate | None) -> DateRange | None:
    """Return the range of two ends, in order and marked where it looks wrong."""
    if start is None or end is None:
        return None
    checked = [_possible(date) for date in (start, end)]
    if checked[0] is None or checked[1] is None:
        return None
    suspicious = checked[0].day != (start.day or None) or checked[1].day != (end.day or None)
    first, last = checked[0], checked[1]
    if _floor(first) > _ceiling(last):
        first, last, suspicious = last, first, True
    zero = (first.year, first.month, first.day) in PLACEHOLDERS and first == last
    return DateRange(first, last, suspicious=suspicious or zero)


def _one(date: PartialDate) -> DateRange | None:
    return _span(date, date)


def _possible(date: PartialDate) -> PartialDate | None:
    """Return the date without a day that its month has not; None for no date at all."""
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        return None
    if not date.month:  # 00 stands for unknown
        return PartialDate(date.year)
    if not 1 <= date.month <= 12:
        return None
    if not date.day:
        return PartialDate(date.year, date.month)
    if date.day > calendar.monthrange(date.year, date.month)[1]:
        return PartialDate(date.year, date.month) if date.day <= 31 else None
    return date


def _floor(date: PartialDate) -> tuple[int, int, int]:
    return date.year, date.month or 1, date.day or 1


def _ceiling(date: PartialDate) -> tuple[int, int, int]:
    month = date.month or 12
    return date.year, month, date.day or calendar.monthrange(date.year, month)[1]


def _iso(text: str) -> PartialDate | None:
    """Return one ISO date, its time left out."""
    found = re.fullmatch(
        r"(\d{4})(?: ?([-/.]) ?(\d{1,2})(?: ?\2 ?(\d{1,2}))?)?(?:[t ]\d{1,2}:\d\d\S*)?", text
    )
    if found:
        return PartialDate(
            int(found[1]), *(int(part) if part else None for part in found.group(3, 4))
        )
    basic = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text)
    return PartialDate(*(int(part) for part in basic.groups())) if basic else None


def _iso_interval(text: str) -> DateRange | None:
    """Return an ISO interval; its end may leave out what it shares with its start."""
    left, slash, right = text.partition("/")
    start = _iso(left.strip())
    right = re.sub(r"[t ]\d{1,2}:\d\d\S*$", "", right.strip())
    if not slash or start is None:
        return None
    if re.match(r"\d{4}(-|$)", right):
        return _span(start, _iso(right))
    short = re.fullmatch(r"(?:(\d{1,2})-)?(\d{1,2})", right)
    if short is None or start.month is None:
        return None
    last = int(short[2])
    if start.day is None:
        end = PartialDate(start.year, last) if short[1] is None else None
    else:
        end = PartialDate(start.year, int(short[1]) if short[1] else start.month, last)
    return _span(start, end)


def _iso_date(text: str) -> DateRange | None:
    date = _iso(text)
    if date is None:
        return None
    if date.month is not None and date.month > 12 and date.day is None:
        return _year_range(text)
    return _one(date)


def _year_range(text: str) -> DateRange | None:
    """Return ``1893-1903`` or ``1893-95``."""
    found = re.fullmatch(rf"(?:between |from )?(\d{{4}}){_DASH}(\d{{4}}|\d{{2}})", text)
    if found is None:
        return None
    first, last = found.groups()
    end = int(last) if len(last) == 4 else int(first[:2] + last)
    if len(last) == 2 and end <= int(first):
        return None
    return _span(PartialDate(int(first)), PartialDate(end))


def _decade(text: str) -> DateRange | None:
    """Return ``1890s``; ``1900s`` may mean the century, so it spans it, in doubt."""
    found = re.fullmatch(
        "(?:the |(early|mid|late)[ -])?(\\d{3})0['\N{RIGHT SINGLE QUOTATION MARK}]?s", text
    )
    if found is None:
        return None
    start = int(found[2]) * 10
    wide = start % 100 == 0
    span = _span(PartialDate(start), PartialDate(start + (99 if wide else 9)))
    return span and replace(span, approximate=wide or found[1] is not None)


def _century(text: str) -> DateRange | None:
    found = re.fullmatch(r"(?:the |(early|mid|late)[ -])?(\d{2})(?:st|nd|rd|th) century", text)
    if found is None:
        return None
    last = int(found[2]) * 100
    span = _span(PartialDate(last - 99), PartialDate(last))
    return span and replace(span, approximate=found[1] is not None)


def _worded(text: str) -> DateRange | None:
    """Return dates with a month as a word or a Roman number."""
    for pattern in (
        rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?{_MONTH_WORD},? (?P<year>\d{{4}})",
        rf"{_MONTH_WORD} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        r"(?:(?P<day>\d{1,2}) ?[-./ ] ?)?(?P<month>[ivx]+) ?[-./ ] ?(?P<year>\d{4})",
        rf"(?P<year>\d{{4}}),? {_MONTH_WORD}(?: (?P<day>\d{{1,2}}))?",
    ):
        found = re.fullmatch(pattern, text)
        month = found and (_MONTHS.get(found["month"]) or _ROMAN.get(found["month"]))
        if found and month:
            day = int(found["day"]) if found["day"] else None
            return _one(PartialDate(int(found["year"]), month, day))
    return None


def _numeric(text: str) -> DateRange | None:
    """Return ``25/12/1979``; the year alone where day and month could be exchanged."""
    found = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", text)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if first == second or (first > 12) != (second > 12):
        month, day = (second, first) if first >= second else (first, second)
        return _one(PartialDate(year, month, day))
    return _one(PartialDate(year)) if max(first, second) <= 12 else None


def _year_in_words(text: str) -> DateRange | None:
    """Return the only year in a text, or the only two that a dash or ``to`` joins."""
    if re.search(r"\b(before|after|pre|post|prior|until|since|by|not)\b", text):
        return None
    joined = re.search(rf"\b(\d{{4}}){_DASH}(\d{{4}})\b", text)
    years = re.findall(r"(?<!\d)\d{4}(?!\d)", text)
    if joined and len(years) == 2:
        return _span(PartialDate(int(joined[1])), PartialDate(int(joined[2])))
    others = re.findall(r"\d+", text)
    return _one(PartialDate(int(years[0]))) if len(years) == len(others) == 1 else None


_READERS: tuple[Callable[[str], DateRange | None], ...] = (
    _iso_interval,
    _iso_date,
    _year_range,
    _decade,
    _century,
    _worded,
    _numeric,
    _year_in_words,
)


def pretty(span: DateRange) -> str:
    """Return a date as a person writes it, whole months and years named as such.

    Examples
    --------
    >>> pretty(parse_date("1979-02-03")), pretty(parse_date("2006-07-01/2006-07-31"))
    ('3 February 1979', 'July 2006')
    >>> pretty(parse_date("[1890, approximate]"))
    'about 1890'
    """
    start, end = _whole(span)
    text = _text(start, end)
    return f"about {text}" if span.approximate else text


def iso_ends(span: DateRange) -> tuple[str, str]:
    """Return first and last date in ISO 8601, as far as they are known; equal for one date.

    Examples
    --------
    >>> iso_ends(parse_date("2006-07-01/2006-07-31")), iso_ends(parse_date("3 Feb 1979"))
    (('2006-07', '2006-07'), ('1979-02-03', '1979-02-03'))
    """
    start, end = _whole(span)
    return _iso_text(start), _iso_text(end)


def _iso_text(date: PartialDate) -> str:
    return "-".join(
        f"{part:0{width}}"
        for part, width in ((date.year, 4), (date.month, 2), (date.day, 2))
        if part is not None
    )


def _whole(span: DateRange) -> tuple[PartialDate, PartialDate]:
    """Return the ends without the days or months that a whole one implies."""
    start, end = span.start, span.end
    if start == end:
        return start, end
    if start.day == 1 and end.day and (end.year, end.month, end.day) == _ceiling(_month_of(end)):
        start, end = _month_of(start), _month_of(end)
    if start.month == 1 and end.month == 12 and start.day is None and end.day is None:
        start, end = PartialDate(start.year), PartialDate(end.year)
    return start, end


def _month_of(date: PartialDate) -> PartialDate:
    return PartialDate(date.year, date.month)


def _text(start: PartialDate, end: PartialDate) -> str:
    if start == end:
        return _date_text(start)
    plain = start.day is None and end.day is None
    if start.year != end.year:
        dash = _EN_DASH if start.month is None and end.month is None else f" {_EN_DASH} "
        return f"{_date_text(start)}{dash}{_date_text(end)}"
    if start.month == end.month and start.day and end.day:
        return f"{start.day}{_EN_DASH}{_date_text(end)}"
    if plain and start.month and end.month:
        return f"{MONTH_NAMES[start.month - 1]}{_EN_DASH}{_date_text(end)}"
    first = _date_text(start).removesuffix(f" {start.year}")
    return f"{first} {_EN_DASH} {_date_text(end)}"


def _date_text(date: PartialDate) -> str:
    if date.month is None:
        return str(date.year)
    month = f"{MONTH_NAMES[date.month - 1]} {date.year}"
    return f"{date.day} {month}" if date.day else month
