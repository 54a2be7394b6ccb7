import csv
from collections import Counter

import pytest

from wunderkammer.vocab.dates import DateRange, PartialDate, parse_date, pretty, with_doubt


def day(*parts):
    return DateRange(PartialDate(*parts), PartialDate(*parts))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1979", (1979,)),
        ("1950-11", (1950, 11)),
        ("1940 - 08", (1940, 8)),
        ("1979-02-03", (1979, 2, 3)),
        ("1979/02/03", (1979, 2, 3)),
        ("19790203", (1979, 2, 3)),
        ("1979-02-03T10:30:00Z", (1979, 2, 3)),
        ("1979-02-03 00:00:00", (1979, 2, 3)),
        ("1979-00-00", (1979,)),
        ("[1967]", (1967,)),
        ("3 February 1979", (1979, 2, 3)),
        ("3rd of February 1979", (1979, 2, 3)),
        ("February 3, 1979", (1979, 2, 3)),
        ("Feb. 1979", (1979, 2)),
        ("sept 1979", (1979, 9)),
        ("3.vii.1932", (1932, 7, 3)),
        ("3-VII-1932", (1932, 7, 3)),
        ("VII.1932", (1932, 7)),
        ("25/12/1979", (1979, 12, 25)),
        ("12/25/1979", (1979, 12, 25)),
        ("5/5/1979", (1979, 5, 5)),
        ("03/02/1979", (1979,)),
        ("Summer 1923", (1923,)),
    ],
)
def test_single_dates(text, parts):
    assert parse_date(text) == day(*parts)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1893-1903", (1893,), (1903,)),
        ("[1900-1920]", (1900,), (1920,)),
        ("1893-95", (1893,), (1895,)),
        ("1928/1930", (1928,), (1930,)),
        ("between 1890 and 1900", (1890,), (1900,)),
        ("2006-07-01/2006-07-15", (2006, 7, 1), (2006, 7, 15)),
        ("2012-07-01/2", (2012, 7, 1), (2012, 7, 2)),
        ("1986-06-30/07-02", (1986, 6, 30), (1986, 7, 2)),
        ("2012-07/09", (2012, 7), (2012, 9)),
        ("1912-11/1912-12", (1912, 11), (1912, 12)),
        ("1890s", (1890,), (1899,)),
        ("19th century", (1801,), (1900,)),
    ],
)
def test_ranges(text, start, end):
    found = parse_date(text)
    assert (found.start, found.end) == (PartialDate(*start), PartialDate(*end))
    assert not found.approximate
    assert not found.suspicious


@pytest.mark.parametrize(
    "text",
    ["Unknown", "", "North America", "2/3/79", "12345", "0000-00-00", "1950-13", "1979-02-99",
     "before 1900", "not 1900", "1890, 1893 and 1899", "K.113274", "9999", "2012-07-01/x"],
)  # fmt: skip
def test_what_names_no_date_for_sure_is_none(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("[1894-1900, approximate]", (1894, 1900)),
        ("1910, approximate", (1910, 1910)),
        ("ca. 1890", (1890, 1890)),
        ("c1890", (1890, 1890)),
        ("circa 1890", (1890, 1890)),
        ("1890?", (1890, 1890)),
        ("about 1890", (1890, 1890)),
        ("1900s", (1900, 1999)),
        ("late 19th century", (1801, 1900)),
        ("um 1904", (1904, 1904)),
        ("etwa 1893-1903", (1893, 1903)),
        ("vermutlich Juli 1932", (1932, 1932)),
        ("vers 1904", (1904, 1904)),
        ("hacia 1904", (1904, 1904)),
        ("1904~", (1904, 1904)),
        ("1904%", (1904, 1904)),
    ],
)
def test_doubt_of_the_source_is_kept(text, years):
    found = parse_date(text)
    assert found.approximate
    assert found.years == years


@pytest.mark.parametrize("text", ["Museum 1904", "gegenüber 1904", "versus 1904", "Umbria 1904"])
def test_words_that_only_begin_like_doubt_are_none(text):
    assert not parse_date(text).approximate


@pytest.mark.parametrize(
    ("written", "doubt"),
    [("ca. 1904", True), ("1904", False), ("ca. 1850", False), ("unknown", False), ("", False)],
)
def test_the_date_as_first_written_may_say_that_a_clean_one_is_approximate(written, doubt):
    assert with_doubt(parse_date("1904-05"), [written]).approximate is doubt


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("1899-12-30", (1899, 1899)),
        ("1904-01-01", (1904, 1904)),
        ("1970-01-01", (1970, 1970)),
        ("1979-02-30", (1979, 1979)),
        ("1903-1893", (1893, 1903)),
    ],
)
def test_what_is_likely_wrong_is_kept_and_marked(text, years):
    found = parse_date(text)
    assert found.suspicious
    assert found.years == years


@pytest.mark.parametrize("month", range(1, 13))
def test_each_month_is_shown_under_its_own_name(month):
    names = "January February March April May June July August September October November December"
    shown = pretty(parse_date(f"1979-{month:02}-03"))
    assert shown == f"3 {names.split()[month - 1]} 1979"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1979-02", "February 1979"),
        ("1893-1903", "1893{}1903"),
        ("ca. 1890", "about 1890"),
        ("[1894-1900, approximate]", "about 1894{}1900"),
        ("2006-07-01/2006-07-31", "July 2006"),
        ("1877-01-01/1877-12-31", "1877"),
        ("2006-07-01/2006-07-15", "1{}15 July 2006"),
        ("1980-05-01/1980-07-31", "May{}July 1980"),
        ("1980-06-29/1980-07-02", "29 June {} 2 July 1980"),
        ("1999-12-20/2000-01-03", "20 December 1999 {} 3 January 2000"),
        ("1928-02-01/1928-02-29", "February 1928"),
        ("1928-02-01/1928-02-28", "1{}28 February 1928"),
    ],
)
def test_dates_are_shown_as_people_write_them(text, shown):
    assert pretty(parse_date(text)) == shown.format("\N{EN DASH}")


@pytest.mark.shared_data
def test_every_date_of_the_photo_wall(shared_data):
    with (shared_data / "photo-wall" / "photographs.csv").open(encoding="utf-8-sig") as stream:
        texts = [row["Date"] for row in csv.DictReader(stream)]
    parsed = [parse_date(text) for text in texts]
    unread = Counter(t for t, date in zip(texts, parsed, strict=True) if date is None)
    assert unread == {"Unknown": 316, "": 2, "North America": 1}
    dates = [date for date in parsed if date is not None]
    assert len(dates) == 681
    assert sum(date.approximate for date in dates) == 68
    assert sum(date.years[0] != date.years[1] for date in dates) == 74
    assert not any(date.suspicious for date in dates)
    assert (min(d.years[0] for d in dates), max(d.years[1] for d in dates)) == (1870, 2017)


@pytest.mark.shared_data
def test_every_date_of_the_museum_insects(shared_data):
    path = shared_data / "museum-insects" / "occurrence.txt"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        texts = [row["eventDate"] for row in rows]
    assert texts.count("") == 195
    parsed = [parse_date(text) for text in texts if text]
    assert len(parsed) == 269
    assert None not in parsed
    days = [date for date in parsed if date.start == date.end and date.start.day]
    assert len(days) == 199
    assert not any(date.approximate for date in parsed)
