"""The command that draws a collection."""

import csv

from wunderkammer.testing.__main__ import main


def test_command_writes_an_archive_with_images(tmp_path):
    arguments = ["--out", str(tmp_path), "--n", "3", "--size", "160", "--kinds", "beetle,leaf"]
    assert main(arguments) == 0
    assert len(list((tmp_path / "images").glob("*.jpg"))) >= 3
    assert (tmp_path / "meta.xml").is_file()


def test_unknown_kind_ends_with_two_and_writes_nothing(tmp_path):
    assert main(["--out", str(tmp_path / "new"), "--kinds", "beetel"]) == 2
    assert not (tmp_path / "new").exists()


def test_taxa_second_photographs_and_wrong_names_are_as_asked(tmp_path):
    arguments = ["--n", "8", "--size", "160", "--kinds", "herbarium", "--taxa", "1x2x1"]
    arguments += ["--bad", "0", "--again", "1", "--wrong", "1", "--wrong-within", "family"]
    assert main(["--out", str(tmp_path), *arguments]) == 0
    with (tmp_path / "truth" / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 16
    assert {row["view"] for row in rows} == {"upper", "again"}
    assert {row["reason"] for row in rows} == {""}
    assert len({row["species"] for row in rows}) == 2
    assert all(row["recorded"] != row["species"] for row in rows)
