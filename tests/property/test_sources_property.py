"""Laws of sources: nothing is changed on the way in, and order means nothing."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from wunderkammer.sources import Record
from wunderkammer.sources._delimited import Dialect, Row, find_dialect, read_rows, unique_names
from wunderkammer.sources.table import TableSource
from wunderkammer.testing.archives import SPECIMENS, make_dwca

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
cell = st.text(letters, max_size=12)
awkward = st.sampled_from(
    ['"', '""', ",", "a,b", "\n", "x\r\ny", "\t", "007", "1984", " a ", "\N{EN DASH}é"]
)
cells = st.one_of(cell, awkward)
filled = cells.filter(lambda text: bool(text.strip()))
tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(cells, min_size=width, max_size=width).filter(any), min_size=1, max_size=8
    )
)


def written(rows, **dialect):
    out = io.StringIO(newline="")
    if any("\r" in cell for row in rows for cell in row):
        dialect["quoting"] = csv.QUOTE_ALL  # Python below 3.13 leaves a lone "\r" bare
    csv.writer(out, **dialect).writerows(rows)
    return out.getvalue()


@given(tables, st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=150, deadline=None)
def test_reading_what_was_written_gives_the_same_cells(rows, delimiter, end):
    text = written(rows, delimiter=delimiter, lineterminator=end)
    found = read_rows(io.BytesIO(text.encode()), Dialect(delimiter=delimiter))
    assert [row.cells for row in found if isinstance(row, Row)] == rows


@given(tables, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(max_examples=60, deadline=None)
def test_no_row_is_lost_whatever_the_encoding(rows, encoding):
    data = written(rows, quoting=csv.QUOTE_ALL).encode(encoding)
    dialect = find_dialect(lambda: io.BytesIO(data), encoding=encoding, delimiter=",")
    assert [row.cells for row in read_rows(io.BytesIO(data), dialect)] == rows


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=6), st.randoms())
@settings(max_examples=40, deadline=None)
def test_a_tables_records_hold_its_cells_and_ignore_its_order(pairs, random):
    rows = [[f"{n}.jpg", *pair] for n, pair in enumerate(pairs)]
    shuffled = random.sample(rows, len(rows))
    with TemporaryDirectory() as folder:
        found = []
        for name, some in (("a.csv", rows), ("b.csv", shuffled), ("c.csv", rows[:-1])):
            text = written([["file", "Name", "Note"], *some])
            (Path(folder) / name).write_bytes(text.encode())
            source = TableSource(path=Path(folder) / name, file_column="file", delimiter=",")
            found.append({one.media_id: one for one in source.records()})
    first, second, smaller = found
    assert first == second
    assert smaller.items() <= first.items()
    for (file, name, note), record in zip(rows, first.values(), strict=True):
        assert isinstance(record, Record)
        given_cells = {"file": file, "Name": name, "Note": note}
        assert record.terms == {k: v for k, v in given_cells.items() if v.strip()}


@given(st.permutations(SPECIMENS))
@settings(max_examples=10, deadline=None)
def test_an_archives_records_do_not_depend_on_its_order(specimens):
    with TemporaryDirectory() as folder:
        archive = make_dwca(Path(folder), specimens)
        found = {r.media_id: r for r in archive.source.records() if isinstance(r, Record)}
    with TemporaryDirectory() as folder:
        usual = make_dwca(Path(folder)).source.records()
        assert found == {r.media_id: r for r in usual if isinstance(r, Record)}


@given(st.lists(st.text(max_size=4), max_size=8), st.lists(st.text(max_size=4), max_size=3))
def test_names_are_unique_whatever_their_case(names, taken):
    given_names = unique_names(names, taken=taken)
    folded = [name.casefold() for name in given_names]
    assert len(set(folded)) == len(names)
    assert not set(folded) & {name.casefold() for name in taken}
