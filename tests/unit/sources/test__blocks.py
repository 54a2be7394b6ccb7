"""Blocks: whole rows, fast where that is exact, slow only around what is not."""

import io

import pyarrow as pa
import pytest

from wunderkammer.sources._blocks import line_ends, parse, read_blocks
from wunderkammer.sources._delimited import Dialect, Row

TABS = Dialect("utf-8", "\t", "", "\n")
COMMAS = Dialect()


def blocks(data, dialect, size=4096):
    found = read_blocks(io.BytesIO(data), dialect, size=size)
    return [one.checked(dialect) for one in found]


def n_slow(found):
    return sum(len(one.rows) for one in found if not one.raw)


def lines(n, cell="x"):
    return "".join(f"{i},{cell},z\n" for i in range(n)).encode()


def test_all_but_the_first_rows_are_fast_and_numbered_on():
    found = blocks(lines(5000), COMMAS)
    assert n_slow(found) == 100
    first = 1
    for one in found:
        assert one.first_row == first
        first += len(one.rows) or one.n_rows
    assert first == 5001


@pytest.mark.parametrize(
    ("stray", "dialect"),
    [
        (b'0,5" nail,z\n', COMMAS),
        (b'0,"a"b,z\n', COMMAS),
        (b"0,a\rb,z\n", COMMAS),
        (b"0\ta\rb\tz\n", TABS),
        (b"0\ta\0b\tz\n", TABS),
        (b"0\t\xff\tz\n", TABS),
    ],
)
def test_after_what_only_the_slow_reader_knows_it_is_fast_again(stray, dialect):
    good = lines(3000) if dialect is COMMAS else lines(3000).replace(b",", b"\t")
    found = blocks(good + stray + good, dialect)
    assert n_slow(found) < 100 + 1500
    assert any(one.raw for one in found[-3:])


def test_a_quotation_mark_that_is_never_closed_says_from_where():
    data = lines(2000) + b'0,"never\n' + lines(2000)
    last = blocks(data, COMMAS)[-1].rows[-1]
    assert last.number == 2001
    assert "opened on line 2001" in last.error.message
    assert "2001 lines to the end" in last.error.message


def test_a_row_longer_than_a_block_is_whole():
    long = "y" * 50_000
    found = blocks(lines(200) + f'1,"{long}\n{long}",z\n'.encode() + lines(200), COMMAS, 1000)
    cells = [
        cell.as_py()
        for one in found
        if one.raw
        for cell in parse(pa.py_buffer(one.raw), COMMAS, 3, [1]).cells["1"]
    ]
    assert f"{long}\n{long}" in cells


def test_rows_of_another_width_are_odd_and_blank_ones_keep_their_place():
    raw = b"a,b,c\n\nd,e\nf,g,h\ni,j,k,l\n"
    parsed = parse(pa.py_buffer(raw), COMMAS, 3, [0, 2])
    assert parsed.odd == [2, 4]
    assert parsed.cells.to_pydict() == {"0": ["a", None, "f"], "2": ["c", None, "h"]}
    assert line_ends(raw, COMMAS).tolist() == [6, 7, 11, 17, 25]


def test_a_text_in_an_older_encoding_is_fast_too():
    data = "Müller,Ö,z\n".encode("cp1252") * 3000
    dialect = Dialect("windows-1252")
    found = blocks(data, dialect)
    assert n_slow(found) == 100
    assert "Müller" in found[-1].raw.decode()


def test_a_text_of_wide_letters_is_read_the_slow_way():
    data = lines(10_000).decode().encode("utf-16")
    found = blocks(data, Dialect("utf-16"))
    rows = [row for one in found for row in one.rows]
    assert [row.number for row in rows] == list(range(1, 10_001))
    assert all(isinstance(row, Row) for row in rows)
