"""An export is whole or not there, and replaces nothing but an export of its kind."""

import csv
import zipfile
from typing import Literal

import pytest

import handed_over
from wunderkammer.core.errors import ConfigurationError, ImageError
from wunderkammer.exports.formats import Format, registry
from wunderkammer.exports.writing import MARK


class Breaking(Format):
    name: Literal["breaking"] = "breaking"
    version: Literal["1"] = "1"

    def write(self, chosen, folder):
        (folder / "half.txt").write_text("half")
        raise ImageError("broken.")


def table(**options):
    return registry.get("table").model_validate(options)


def test_a_folder_names_what_stays_behind(handed, tmp_path):
    report = handed_over.out(handed, table(), tmp_path / "out")
    assert (report.n_media, report.written) == (handed_over.LEAVING, {"rows": 5})
    with (tmp_path / "out" / "left-out.csv").open(newline="") as file:
        assert {row["why"] for row in csv.DictReader(file)} == set(report.left_out)
    assert report.left_out.total() == 2


def test_what_breaks_leaves_nothing_and_spoils_nothing(handed, tmp_path):
    for target in ("new", "new.zip"):
        with pytest.raises(ImageError):
            handed_over.out(handed, Breaking(), tmp_path / target)
    assert list(tmp_path.iterdir()) == []
    kept = tmp_path / "kept"
    handed_over.export(handed, table(), kept)
    before = (kept / "media.parquet").read_bytes()
    (kept / MARK).write_text('{"format": "breaking"}')
    with pytest.raises(ImageError):
        handed_over.export(handed, Breaking(), kept)
    assert (kept / "media.parquet").read_bytes() == before


def test_other_peoples_files_are_left_alone(handed, tmp_path):
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(ConfigurationError, match="holds other files"):
        handed_over.export(handed, table(), tmp_path)
    with pytest.raises(ConfigurationError, match="is a file"):
        handed_over.export(handed, table(), tmp_path / "letters.txt")
    handed_over.export(handed, registry.get("coco")(pictures=False), tmp_path / "coco")
    with pytest.raises(ConfigurationError, match="is an export as 'coco'"):
        handed_over.export(handed, table(), tmp_path / "coco")
    handed_over.export(handed, registry.get("coco")(pictures=False), tmp_path / "coco")
    assert (tmp_path / "letters.txt").read_text() == "dear"


def test_a_zip_and_a_file_hold_the_same_as_a_folder(handed, tmp_path):
    for target in ("out", "out.zip", "out.parquet"):
        handed_over.export(handed, table(), tmp_path / target)
    content = (tmp_path / "out" / "media.parquet").read_bytes()
    assert (tmp_path / "out.parquet").read_bytes() == content
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == ["media.parquet"]
        assert archive.read("media.parquet") == content
    assert {path.name for path in tmp_path.iterdir()} == {"out", "out.zip", "out.parquet"}
