"""Tables say whose each medium is in every row, and nothing of this machine."""

import csv

import pyarrow.parquet as pq
import pytest

from handed_over import LEAVING
from wunderkammer.core.errors import UnknownNameError
from wunderkammer.exports.selection import Chosen
from wunderkammer.exports.tables import RIGHTS, tables, write_csv, write_parquet


def test_every_row_says_whose_it_is(handed, tmp_path):
    chosen = Chosen(handed)
    assert write_parquet(tmp_path / "m.parquet", tables(chosen)) == LEAVING
    table = pq.read_table(tmp_path / "m.parquet")
    assert table.column_names[: 1 + len(RIGHTS)] == ["media_id", *RIGHTS]
    assert table["media_id"].to_pylist() == list(chosen.ids)
    for name in ("license", "rightsHolder", "credit"):
        assert all(table[name].to_pylist())
    assert str(handed.root) not in str(table.to_pylist())
    known = {row["media_id"]: row for row in handed.query("SELECT * FROM media").to_pylist()}
    for row in table.to_pylist():
        for name in ("catalogNumber", "cutout_confidence", "scientificName", "width"):
            assert row[name] == known[row["media_id"]][name]


def test_chosen_columns_in_their_order(handed):
    [table] = tables(Chosen(handed), ["width", "catalogNumber"])
    assert table.column_names == ["media_id", *RIGHTS, "width", "catalogNumber"]
    with pytest.raises(UnknownNameError, match="widht") as caught:
        next(tables(Chosen(handed), ["widht"]))
    assert "width" in caught.value.hint


def test_a_spreadsheet_takes_no_cell_for_a_formula(handed, tmp_path):
    [table] = tables(Chosen(handed), ["catalogNumber"])
    names = table["catalogNumber"].to_pylist()
    place = table.column_names.index("catalogNumber")
    table = table.set_column(place, "catalogNumber", [["=1+1", *names[1:]]])
    assert write_csv(tmp_path / "m.csv", [table, table]) == 2 * LEAVING
    with (tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["catalogNumber"] == "'=1+1"
    assert [row["catalogNumber"] for row in rows[1:LEAVING]] == names[1:]
