"""Exports: whole, with licences, gone on with where they were stopped."""

import csv
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

import hand_cut
from hand_cut import Told
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError, QueryError
from wunderkammer.exports.images import COLUMNS, Choice, Frame, export_images

FRAME = Frame(size_px=128)


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """Return a collection with every reason for which a picture stays behind."""
    told = [
        Told("a", told={"record": {"catalogNumber": "BM 1/2"}, "machine_deg": 0.0}),
        Told("b", angle_deg=120.0, stated_deg=120.0, told={"confidence": 0.6}),
        Told("c", told={"n": 2}),
        Told("rejected", told={"rejected": True, "reason": "too small"}),
        Told("unlicensed", told={"record": {"license": ""}}),
        Told("unowned", told={"record": {"rightsHolder": ""}}),
        Told("free", told={"record": {"license": "CC0", "rightsHolder": ""}}),
    ]
    return hand_cut.make(tmp_path_factory.mktemp("export") / "c", told)


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def files_of(folder):
    return {f"images/{path.name}" for path in (folder / "images").iterdir()}


def exported(cut, folder, frame=FRAME, choice=None):
    return export_images(cut, folder, frame, choice, n_workers=0)


def test_each_picture_lies_there_with_its_licence_and_the_rest_is_named(cut, tmp_path):
    report = exported(cut, tmp_path / "out")
    rows = rows_of(tmp_path / "out" / "images.csv")
    assert tuple(rows[0]) == COLUMNS
    assert {row["file"] for row in rows} == files_of(tmp_path / "out")
    assert len(rows) == report.n_written == 5
    ids = hand_cut.ids(cut)
    assert {row["media_id"] for row in rows} == {ids["a"], ids["b"], *ids["c"], ids["free"]}
    assert all(row["license"] and row["credit"] for row in rows)
    [first] = [row for row in rows if row["media_id"] == ids["a"]]
    assert first["file"] == f"images/BM_1_2_{ids['a'][:8]}.jpg"
    assert first["credit"] == "The Museum, CC BY 4.0"
    assert first["licence_url"] == "https://creativecommons.org/licenses/by/4.0/"
    left = {row["media_id"]: row["why"] for row in rows_of(tmp_path / "out" / "left-out.csv")}
    assert left == {
        ids["rejected"]: "no cut-out: too small",
        ids["unlicensed"]: "no licence is stated",
        ids["unowned"]: "no rights holder is stated",
    }
    text = (tmp_path / "out" / "LICENCES.txt").read_text(encoding="utf-8")
    assert "CC BY 4.0: 4 pictures" in text


def test_upright_is_upright_and_as_it_lies_is_not(cut, tmp_path):
    def picture(folder):
        [row] = [
            r for r in rows_of(folder / "images.csv") if r["media_id"] == hand_cut.ids(cut)["b"]
        ]
        return np.asarray(Image.open(folder / row["file"]).convert("RGB")).astype(int)

    def head_row(pixels):
        return np.flatnonzero((pixels[:, :, 2] - pixels[:, :, 0] > 60).any(axis=1)).mean()

    exported(cut, tmp_path / "up")
    exported(cut, tmp_path / "lies", Frame(size_px=128, picture="cutout"))
    assert head_row(picture(tmp_path / "up")) < 40
    assert head_row(picture(tmp_path / "lies")) > 64, "turned by 120 degrees, the head is below"


def test_the_same_call_again_does_nothing_and_a_changed_one_only_what_changed(cut, tmp_path):
    out = tmp_path / "out"
    exported(cut, out)
    before = {path: path.stat().st_mtime_ns for path in (out / "images").iterdir()}
    again = exported(cut, out)
    assert (again.n_written, again.n_kept) == (0, 5)
    assert {path: path.stat().st_mtime_ns for path in (out / "images").iterdir()} == before
    gone = next(iter(before))
    gone.unlink()
    mended = exported(cut, out)
    assert (mended.n_written, mended.n_kept) == (1, 4)
    other = exported(cut, out, Frame(size_px=96, format="png"))
    assert (other.n_written, other.n_removed) == (5, 5)
    assert {path.suffix for path in (out / "images").iterdir()} == {".png"}


def test_an_export_that_was_stopped_goes_on(cut, tmp_path):
    whole, out = tmp_path / "whole", tmp_path / "out"
    exported(cut, whole)
    exported(cut, out)
    lines = (out / "manifest.jsonl").read_text().splitlines(keepends=True)
    # What a kill leaves: a manifest broken off, a temporary file, pictures nobody noted.
    (out / "manifest.jsonl").write_text("".join(lines[:2]) + lines[2][:20])
    (out / "images" / ".tmp-1-x.jpg").write_bytes(b"half")
    report = exported(cut, out)
    assert (report.n_written, report.n_kept) == (3, 2)
    assert {p.name: p.read_bytes() for p in (out / "images").iterdir()} == {
        p.name: p.read_bytes() for p in (whole / "images").iterdir()
    }
    assert (out / "images.csv").read_bytes() == (whole / "images.csv").read_bytes()


def test_a_condition_and_a_least_size_choose(cut, tmp_path):
    sure = exported(cut, tmp_path / "sure", choice=Choice("cutout_confidence > 0.8 -- sure"))
    assert sure.n_written == 4
    with pytest.raises(QueryError):
        exported(cut, tmp_path / "x", choice=Choice("no_such_column > 1"))
    with pytest.raises(NotEnoughMediaError, match="smaller than 121 pixels"):
        exported(cut, tmp_path / "x", choice=Choice(min_px=121))
    with pytest.raises(NotEnoughMediaError, match="no medium meets"):
        exported(cut, tmp_path / "x", choice=Choice("false"))
    assert not (tmp_path / "x").exists()


def test_a_licence_can_be_stated_for_all_that_state_none(cut, tmp_path):
    choice = Choice(licence="CC BY-SA 4.0", rights_holder="Us")
    assert exported(cut, tmp_path / "out", choice=choice).n_written == 7
    rows = {row["media_id"]: row for row in rows_of(tmp_path / "out" / "images.csv")}
    ids = hand_cut.ids(cut)
    assert rows[ids["unlicensed"]]["license"] == "CC BY-SA 4.0"
    assert rows[ids["unowned"]]["rightsHolder"] == "Us"
    assert rows[ids["a"]]["license"] == "CC BY 4.0"


def test_a_folder_with_other_files_is_left_alone(cut, tmp_path):
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(ConfigurationError, match=r"such as letters\.txt"):
        exported(cut, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_a_picture_that_cannot_be_made_is_named_and_stands_in_no_table(cut, tmp_path):
    ids = hand_cut.ids(cut)
    [row] = cut.query(f"SELECT cutout FROM media WHERE media_id = '{ids['a']}'").to_pylist()
    blob = cut.root / row["cutout"]
    content = blob.read_bytes()
    blob.write_bytes(b"broken")
    try:
        report = exported(cut, tmp_path / "out")
    finally:
        blob.write_bytes(content)
    assert ids["a"] in report.failed
    rows = rows_of(tmp_path / "out" / "images.csv")
    assert {row["file"] for row in rows} == files_of(tmp_path / "out")
    assert ids["a"] not in {row["media_id"] for row in rows}
    left = {row["media_id"]: row["why"] for row in rows_of(tmp_path / "out" / "left-out.csv")}
    assert "other bytes" in left[ids["a"]]


def test_a_zip_holds_the_same_and_is_gone_on_with(cut, tmp_path):
    exported(cut, tmp_path / "out")
    exported(cut, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / "out" / name).read_bytes()
        assert len(archive.namelist()) == 5 + 4
    content = (tmp_path / "out.zip").read_bytes()
    assert exported(cut, tmp_path / "out.zip").n_kept == 5
    assert (tmp_path / "out.zip").read_bytes() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out.zip"]
    (tmp_path / "no.zip").write_text("none")
    with pytest.raises(ConfigurationError, match="is no ZIP file"):
        exported(cut, tmp_path / "no.zip")


def test_the_resolution_is_that_of_the_written_picture(tmp_path):
    told = [Told("a", told={"record": {}})]
    cut = hand_cut.make(tmp_path / "c", told)
    [medium] = cut.query("SELECT media_id FROM media")["media_id"].to_pylist()
    cut.annotate([{"media_id": medium, "term": "px_per_mm", "value": "10"}])
    exported(cut, tmp_path / "out", Frame(size_px=50, margin=0.0))
    [row] = rows_of(tmp_path / "out" / "images.csv")
    # 100 pixels are written as 50.
    assert float(row["px_per_mm"]) == pytest.approx(5, abs=0.1)
    [made] = (tmp_path / "out" / "manifest.jsonl").read_text().splitlines()
    assert json.loads(made)["scale"] == pytest.approx(0.5, abs=0.01)
