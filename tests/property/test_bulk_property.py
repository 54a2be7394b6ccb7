"""Laws of the bulk path: what it makes is what reading row by row makes."""

import io
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from wunderkammer.sources import Record, records_of
from wunderkammer.sources._blocks import line_ends, parse, read_blocks
from wunderkammer.sources._cells import blank_to_null, stripped
from wunderkammer.sources._delimited import Dialect, Row, read_rows
from wunderkammer.sources.dwca import DwcaSource
from wunderkammer.stages.ingest import _with_years
from wunderkammer.vocab.dates import parse_date

WIDTH = 3
dialects = st.builds(
    Dialect,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "ascii", "utf-16", "shift_jis"]),
    delimiter=st.sampled_from([",", "\t", ";"]),
    quote=st.sampled_from(['"', "", "'"]),
    terminator=st.sampled_from(["", "\n", "\r\n", "\r", "@@"]),
)
spaces = st.sampled_from([" ", "\N{IDEOGRAPHIC SPACE}", "\x85", "\x1c", "\N{NO-BREAK SPACE}x", ""])


@st.composite
def texts(draw):
    """Rows of mostly one width, with most that can go wrong in a text."""
    dialect = draw(dialects)
    quote, delimiter = dialect.quote or '"', dialect.delimiter
    plain = st.sampled_from(["a", "bb", "", "x y", "é", "12"])
    quoted = st.sampled_from(
        [f"{quote}{inner}{quote}"
         for inner in ("", "q" + 2 * quote + "r", "l\nm", f"a{delimiter}b", "x\r\ny")]
    )  # fmt: skip
    strange = st.sampled_from(["\r", "\0", f"a{quote}b", f"{quote}a", "\n", "a\rb", " "])
    cell = st.one_of(plain, plain, plain, quoted, spaces, strange)
    width = st.sampled_from([WIDTH] * 8 + [0, 1, WIDTH + 1])
    usual = dialect.terminator or "\n"
    end = st.sampled_from([usual] * 8 + ["\n", "\r\n", "\r", "\n\n"])
    row = width.flatmap(lambda n: st.lists(cell, min_size=n, max_size=n))
    rows = draw(st.lists(st.tuples(row, end), max_size=25))
    text = "".join(delimiter.join(cells) + ends for cells, ends in rows)
    if draw(st.booleans()):
        text += f"a{delimiter}b"
    data = text.encode(dialect.encoding, "replace")
    if draw(st.booleans()) and dialect.encoding == "ascii":
        data = data.replace(b"a", b"\xff", 1)
    return data, dialect


def told(row):
    return row.number, row.cells if isinstance(row, Row) else row.error.message


def by_blocks(data, dialect, size):
    """Yield the rows of a text as those who go on with blocks see them."""
    plain = Dialect("utf-8", dialect.delimiter, dialect.quote, dialect.terminator)
    for block in read_blocks(io.BytesIO(data), dialect, n_header_lines=-100, size=size):
        checked = block.checked(dialect)
        yield from map(told, checked.rows)
        if not checked.raw:
            continue
        ends = line_ends(checked.raw, plain).tolist()
        assert len(ends) == checked.n_rows
        raws = [checked.raw[a:b] for a, b in zip([0, *ends], ends, strict=False)]
        parsed = parse(pa.py_buffer(checked.raw), plain, WIDTH, list(range(WIDTH)))
        cells = iter(parsed.cells.to_pylist())
        for n, raw in enumerate(raws):
            if n in parsed.odd:
                odd = read_rows(io.BytesIO(raw), plain)
                yield from ((checked.first_row + n, row.cells) for row in odd)
                continue
            row = [cell or "" for cell in next(cells).values()]
            if raw not in {b"\n", b"\r\n"}:
                yield checked.first_row + n, row


@given(texts(), st.sampled_from([7, 40, 200, 10_000]))
@settings(max_examples=400, deadline=None)
def test_blocks_hold_the_rows_that_reading_row_by_row_gives(text, size):
    data, dialect = text
    expected = [told(row) for row in read_rows(io.BytesIO(data), dialect)]
    assert list(by_blocks(data, dialect, size)) == expected


@given(st.lists(st.one_of(st.none(), st.text(max_size=5), spaces)))
def test_white_space_is_what_python_says(cells):
    column = pa.array([cell or None for cell in cells], pa.string())
    filled = column.to_pylist()
    assert blank_to_null(column).to_pylist() == [
        None if cell is None or cell.isspace() else cell for cell in filled
    ]
    assert stripped(column).to_pylist() == [cell and (cell.strip() or None) for cell in filled]
    part = column.slice(len(cells) // 2)
    assert stripped(part).to_pylist() == stripped(column).to_pylist()[len(cells) // 2 :]


CORE = ("occurrenceID", "catalogNumber", "license", "accessURI", "country")
MEDIA = ("identifier", "accessURI", "type", "format", "license", "country", "title", "core_license")
META = """<archive xmlns="http://rs.tdwg.org/dwc/text/">
<core rowType="http://rs.tdwg.org/dwc/terms/Occurrence" {shape}>
<files><location>core.txt</location></files><id index="0"/>{core}
<field term="http://x/continent" default="Europe"/></core>
<extension rowType="http://rs.gbif.org/terms/1.0/Multimedia" {shape}>
<files><location>one.txt</location><location>two.txt</location></files><coreid index="0"/>{media}
</extension></archive>"""
SHAPE = (
    'fieldsTerminatedBy="," linesTerminatedBy="\\n" fieldsEnclosedBy="&quot;" ignoreHeaderLines="1"'
)


def archive(path, core, one, two):
    meta = META.format(
        shape=SHAPE,
        core="".join(f'<field index="{n}" term="http://x/{t}"/>' for n, t in enumerate(CORE, 1)),
        media="".join(f'<field index="{n}" term="http://x/{t}"/>' for n, t in enumerate(MEDIA, 1)),
    )
    with ZipFile(path, "w") as packed:
        packed.writestr("meta.xml", meta)
        for name, terms, rows in (
            ("core.txt", CORE, core), ("one.txt", MEDIA, one), ("two.txt", MEDIA, two)
        ):  # fmt: skip
            text = "".join(",".join(cells) + "\n" for cells in (["id", *terms], *rows))
            packed.writestr(name, text)
    return DwcaSource(path=path)


keys = st.sampled_from(["1", "2", "3", " 2 ", "", "é"])
values = st.sampled_from(["", "", "a", "b", " ", "CC0", "\N{IDEOGRAPHIC SPACE}", "é", '"q""r"'])
addresses = st.sampled_from(["", "http://x/1.jpg", "http://x/2.jpg | http://x/3.mp3", "f.mp3", "é"])
kinds = st.sampled_from(["", "", "StillImage", "Sound", "image/jpeg", "video/mp4"])


def rows_of(*cells):
    row = st.tuples(*cells).map(list)
    short = row.map(lambda found: found[:-1])
    long = row.map(lambda found: [*found, "more"])
    padded = row.map(lambda found: [*found, ""])
    return st.lists(st.one_of(row, row, row, row, row, short, long, padded), max_size=12)


cores = rows_of(keys, values, values, values, addresses, values)
media = rows_of(keys, addresses, addresses, kinds, kinds, values, values, values, values)


def facts(one):
    if isinstance(one, Record):
        terms = tuple(sorted(one.terms.items()))
        return one.media_id, one.specimen_id, terms, one.original_file, one.access_uri
    return one.where, one.error.message, one.error.hint


@given(cores, media, media)
@settings(max_examples=60, deadline=None)
def test_an_archive_read_by_the_table_gives_the_same_records_and_rejections(core, one, two):
    with TemporaryDirectory() as folder:
        source = archive(Path(folder, "a.zip"), core, one, two)
        expected = Counter(map(facts, source.records()))
        scratch = Path(folder, "scratch")
        scratch.mkdir()
        found = Counter(map(facts, records_of(source.batches(scratch))))
    assert found == expected


days = st.dates().map(str)
dates = st.one_of(
    st.none(), days, days.map(lambda day: f"{day} "), st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    st.sampled_from(["1979", "ca. 1890", "2012-07-01/2", "1970-01-01", "1979-02-30", "x"]),
)  # fmt: skip


@given(st.lists(st.tuples(dates, dates), min_size=1))
@settings(deadline=None)
def test_years_are_those_of_the_dates(pairs):
    first, second = zip(*pairs, strict=True)
    table = pa.table(
        {"eventDate": pa.array(first, pa.string()), "date": pa.array(second, pa.string())}
    )
    found = _with_years(table)
    for row in found.to_pylist():
        span = parse_date(row["eventDate"] or row["date"] or "")
        years = (None, None) if span is None else tuple(map(str, span.years))
        assert (row["year_from"], row["year_to"]) == years
