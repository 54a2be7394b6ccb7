"""Sorted pictures as files."""

import csv

import numpy as np
import pytest
from PIL import Image

from sorting_room import make_room, truth_of
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError
from wunderkammer.curation.sorting import Sorting
from wunderkammer.exports.sorted import TILE_PX, Otherwise, export_collages, export_folders

CC0 = Otherwise("CC0")


@pytest.fixture(scope="module")
def sorting(tmp_path_factory):
    return Sorting(make_room(tmp_path_factory.mktemp("sorted") / "room", 6))


@pytest.fixture(scope="module")
def truth(sorting):
    return truth_of(sorting)


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def files(folder, pattern="*/*"):
    return {path.relative_to(folder).as_posix() for path in folder.glob(pattern)}


def test_each_picture_lies_in_the_folder_of_its_class_byte_for_byte(sorting, truth, tmp_path):
    report = export_folders(sorting.collection, sorting.stage, tmp_path / "out", truth, CC0)
    assert report.n_by_class == {"good": 4, "bad": 2}
    table = rows(tmp_path / "out" / "images.csv")
    assert {row["file"] for row in table} == files(tmp_path / "out")
    for row in table:
        assert row["class"] == truth[row["media_id"]] == row["file"].split("/")[0]
        assert row["licence_name"] == "CC0 1.0"
        original = sorting.collection.root / sorting.media.row(row["media_id"])["original"]
        assert (tmp_path / "out" / row["file"]).read_bytes() == original.read_bytes()
    assert "CC0" in (tmp_path / "out" / "LICENCES.txt").read_text()


def test_the_same_again_moves_what_went_to_another_class(sorting, truth, tmp_path):
    export_folders(sorting.collection, sorting.stage, tmp_path / "out", truth, CC0)
    turned = dict.fromkeys(truth, "good")
    export_folders(sorting.collection, sorting.stage, tmp_path / "out", turned, CC0)
    assert len(files(tmp_path / "out")) == 6
    assert not (tmp_path / "out" / "bad").exists()


def test_what_has_no_licence_stays_behind_with_its_reason(sorting, truth, tmp_path):
    with pytest.raises(NotEnoughMediaError, match="6 no licence is stated") as caught:
        export_folders(sorting.collection, sorting.stage, tmp_path / "out", truth)
    assert "--licence" in caught.value.hint
    assert not (tmp_path / "out").exists()


def test_a_folder_of_other_files_is_refused(sorting, truth, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="holds other files"):
        export_folders(sorting.collection, sorting.stage, tmp_path, truth, CC0)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_a_collage_shows_each_of_a_class(sorting, truth, tmp_path):
    target = tmp_path / "sheets"
    report = export_collages(sorting.collection, sorting.stage, target, truth, CC0)
    assert report.n_by_class == {"good": 4, "bad": 2}
    assert files(target, "*.jpg") == {"good.jpg", "bad.jpg"}
    with Image.open(target / "good.jpg") as sheet:
        assert sheet.size == (4 * TILE_PX, TILE_PX)
        middles = np.asarray(sheet)[TILE_PX // 2 + 25, TILE_PX // 2 :: TILE_PX].astype(int)
    assert (middles[:, 0] > middles[:, 2]).mean() >= 0.75  # good ones are warm
    assert {row["file"] for row in rows(target / "images.csv")} == {"good.jpg", "bad.jpg"}
