"""What a spreadsheet opens says what was written, and nothing in it is a formula."""

import csv

import pytest

from wunderkammer.core.spreadsheet import safe_cell, write_rows


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_would_be_a_formula_is_marked_as_text(cell):
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-12.5", "+3", "1e-3", "Morpho = menelaus", "", "O'Brien"])
def test_numbers_and_names_stay(cell):
    assert safe_cell(cell) == cell


def test_rows_are_read_back_as_they_were(tmp_path):
    rows = [("Größe", None, 1.5), ('a "quoted", one', "two\nlines", True)]
    assert write_rows(tmp_path / "a.csv", ["name", "note", "n"], iter(rows)) == 2
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["name", "note", "n"],
            ["Größe", "", "1.5"],
            ['a "quoted", one', "two\nlines", "True"],
        ]


def test_a_table_that_cannot_be_made_whole_does_not_appear(tmp_path):
    def rows():
        yield ("1",)
        raise OSError("broken off")

    with pytest.raises(OSError, match="broken off"):
        write_rows(tmp_path / "a.csv", ["n"], rows())
    assert not (tmp_path / "a.csv").exists()
