import io

import pytest

from wunderkammer.sources._delimited import (
    BadRow,
    Dialect,
    Row,
    find_dialect,
    find_encoding,
    read_rows,
)


def cells(data, **dialect):
    return [row.cells for row in read_rows(io.BytesIO(data), Dialect(**dialect))]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Москва, Санкт-Петербург и Подмосковье\n", "cp1251"),
        ("番号,場所\n1,東京都千代田区\n2,北海道札幌市\n", "shift_jis"),
        ("Müller, São Paulo, Málaga\n", "cp1252"),
        ("Hélène Lefèvre, forêt de Compiègne, à l'orée du bois\n", "cp1252"),
        ("Ångström, Malmö, Skåne, på äng\n", "cp1252"),
        ("Peña Nuñez, Cádiz, ¿año?; 5 m³, n.º 7\n", "cp1252"),
        ("Jiří Novák, Křivoklátsko, žlutá miska na louce\nTomáš Dvořák\n", "cp1250"),
        ("Józef Wiśniewski, skraj lasu koło Białowieży, na łące przy rzece\n", "cp1250"),
        ("Müller, São Paulo, Málaga\n", "utf-8"),
    ],
)
def test_encodings_are_told_apart(text, encoding):
    data = text.encode(encoding)
    assert data.decode(find_encoding(lambda: io.BytesIO(data))) == text


def test_a_letter_on_the_edge_of_a_block_does_not_spoil_utf_8():
    data = b"x" * 65535 + "é".encode() * 10
    assert find_encoding(lambda: io.BytesIO(data)) == "utf-8"


def test_very_long_cells_are_read():
    (row,) = cells(b"a," + b"x" * 300_000 + b"\n")
    assert len(row[1]) == 300_000


def test_line_separators_of_unicode_end_no_row():
    data = "a\tb\x85c\u2028d\n".encode()
    assert cells(data, delimiter="\t", quote="", terminator="\n") == [["a", "b\x85c\u2028d"]]


def test_unusual_line_ends_on_the_edge_of_a_block_are_seen():
    data = b"".join(b"%05d;x@@" % n for n in range(20_000))
    rows = cells(data, delimiter=";", quote="", terminator="@@")
    assert len(rows) == 20_000
    assert all(row[1] == "x" for row in rows)


def test_blank_lines_count_and_are_passed_over():
    rows = list(read_rows(io.BytesIO(b"a,b\n\nc,d\n"), Dialect()))
    assert [(row.number, row.cells) for row in rows] == [(1, ["a", "b"]), (3, ["c", "d"])]


def test_reading_goes_on_after_a_bad_row():
    rows = list(read_rows(io.BytesIO(b'a,b\n"x"y,1\nc,d\n'), Dialect()))
    assert [type(row) for row in rows] == [Row, BadRow, Row]


def test_the_delimiter_is_the_one_that_cuts_evenly():
    data = b'name;place\n"a, b";x, y, z\nc;d\n'
    assert find_dialect(lambda: io.BytesIO(data)).delimiter == ";"
