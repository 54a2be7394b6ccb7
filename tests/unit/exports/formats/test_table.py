"""The table is CSV or Parquet as its ending says."""

import csv

import pyarrow.parquet as pq
from click.testing import CliRunner

import hand_cut
import wunderkammer
from handed_over import LEAVING
from wunderkammer.cli.main import wk


def said(handed, monkeypatch, *words):
    monkeypatch.setattr(wunderkammer, "pipeline", lambda: hand_cut.PIPELINE)
    arguments = ["export", *map(str, words), "-C", str(handed.root)]
    return CliRunner().invoke(wk, arguments, catch_exceptions=False)


def test_the_ending_says_the_form(handed, tmp_path, monkeypatch):
    done = said(handed, monkeypatch, "table", "--to", tmp_path / "m.csv", "--columns", "width")
    assert f"{LEAVING} media ({LEAVING} rows)" in done.output
    assert "1  left out: no licence is stated" in done.output
    with (tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["width"] for row in rows} == {"160"}
    said(handed, monkeypatch, "table", "--to", tmp_path / "out", "--form", "csv")
    assert (tmp_path / "out" / "media.csv").is_file()
    said(handed, monkeypatch, "table", "--to", tmp_path / "m.parquet", "--where", "n_cutouts = 2")
    assert pq.read_table(tmp_path / "m.parquet").num_rows == 2


def test_wrong_words_name_the_right_ones(handed, tmp_path, monkeypatch):
    done = said(handed, monkeypatch, "table", "--to", tmp_path / "x", "--form", "xlsx")
    assert done.exit_code == 2
    assert "'parquet', 'csv'" in done.output
    done = said(handed, monkeypatch, "iiif", "--to", tmp_path / "x")
    assert "Missing option '--url'" in done.output
