"""The pages on reports of cut-outs and on exports work as they are written."""

import contextlib
import csv
import re
import shlex
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

import hand_cut
import wunderkammer
from hand_cut import Told, specimen
from wunderkammer.cli.main import wk
from wunderkammer.imaging.masks import encode_mask

DOCS = Path(__file__).parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"<!-- run -->\n```sh\n(.*?)```", re.DOTALL)
RIGHT = specimen()[0]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a folder with a collection that was cut out, and one of masks."""
    folder = tmp_path_factory.mktemp("cut")
    told = [
        Told("0001", person=RIGHT, stated_deg=2.0),
        Told("0002", angle_deg=90.0, told={"machine_deg": 90.0}),
        Told("0003", told={"confidence": 0.3, "record": {"license": ""}}),
    ]
    hand_cut.make(folder / "moths", told)
    (folder / "truth").mkdir()
    (folder / "truth" / "0003.png").write_bytes(encode_mask(RIGHT))
    return folder


def followed(page, folder, monkeypatch):
    """Run a page's commands one after the other; return what each said."""
    monkeypatch.setattr(wunderkammer, "pipeline", lambda: hand_cut.PIPELINE)
    said = {}
    with contextlib.chdir(folder):
        for block in BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
            for line in block.splitlines():
                words = shlex.split(line)[1:]
                if words[0] == "export":
                    words += ["--workers", "0"]
                done = CliRunner().invoke(wk, words, catch_exceptions=False)
                assert done.exit_code == 0, f"{line}\n{done.output}"
                said[line] = done.output
    return said


def test_reports_are_written_as_the_page_says(made, monkeypatch):
    said = followed("cutout-report.md", made, monkeypatch)
    assert "held out (1): iou 1.000" in said["wk report cutout -C moths"]
    assert "held out (1): median 2.0°" in said["wk report upright -C moths"]
    for name in ("cutout", "upright", "cutout-truth"):
        for suffix in (".html", ".json", ".csv"):
            assert (made / f"{name}{suffix}").is_file()
    assert "the folder truth" in (made / "cutout-truth.html").read_text(encoding="utf-8")


def test_pictures_are_exported_as_the_page_says(made, monkeypatch):
    said = list(followed("export-images.md", made, monkeypatch).values())
    assert "2 pictures (2 written" in said[0]
    assert "1  left out: no licence is stated" in said[0]
    assert "3 pictures (1 written, 2 were there)" in said[1]
    page = (DOCS / "export-images.md").read_text(encoding="utf-8")
    for path in (made / "pictures").iterdir():
        assert f"`{path.name}{'/' if path.is_dir() else ''}`" in page
    with (made / "pictures" / "images.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            with Image.open(made / "pictures" / row["file"]) as image:
                assert image.size == (1024, 1024)
    with zipfile.ZipFile(made / "cut.zip") as archive:
        assert sum(name.endswith(".png") for name in archive.namelist()) == 2
    assert {path.suffix for path in (made / "lying" / "images").iterdir()} == {".webp"}
