"""The media of a task, and their features."""

import numpy as np
import pytest

import cabinet
from sorting_board import ids_of, media_of
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.curation.lot import lot_ranks
from wunderkammer.curation.media import FeatureRows, read_media, stamp_of


def features_of(sorting, wanted):
    stage = sorting.collection.configuration.stage("features")
    return FeatureRows(sorting.collection, stage, wanted)


def test_they_stand_in_the_order_of_the_lot_with_what_pictures_need(sorting):
    media = sorting.media
    assert lot_ranks(media.ids, 0, "quality").tolist() == list(range(30))
    row = media.row(media.ids[3])
    assert row["id"] == row["photograph"] == media.ids[3]
    assert (row["width"], row["height"], row["cutouts"]) == (96, 72, None)
    assert (sorting.collection.root / row["thumbnail"]).exists()
    assert np.isfinite(media.numbers("sharpness")).all()
    assert np.isnan(media.numbers("nothing")).all()


def test_media_of_one_specimen_are_one_group():
    ids = ids_of(3)
    assert media_of(ids, specimen_id=["s", None, "s"]).groups() == ["s", ids[1], "s"]


def test_features_come_by_place_whatever_the_order(sorting):
    place = sorting.media.place
    rows = features_of(sorting, place)
    assert rows.places().tolist() == list(range(30))
    every = np.empty((30, rows.of(np.array([0])).shape[1]), np.float32)
    for places, block in rows.blocks():
        every[places] = block
    some = np.array([17, 3, 29])
    np.testing.assert_array_equal(rows.of(some), every[some])
    assert len(np.unique(every, axis=0)) == 30


def test_only_those_that_are_asked_for_come(sorting):
    few = {one: place for place, one in enumerate(sorting.media.ids[10:12])}
    assert features_of(sorting, few).places().tolist() == [0, 1]
    with pytest.raises(NotEnoughMediaError, match="no medium has features") as caught:
        features_of(sorting, {"f" * 20: 0}).places()
    assert "wk run features/colour-histogram" in caught.value.hint


def test_features_of_other_settings_are_not_taken(sorting):
    stage = sorting.collection.configuration.stage("features")
    other = stage.with_file_digests({"encoder.weights": "0" * 64})
    with pytest.raises(NotEnoughMediaError):
        FeatureRows(sorting.collection, other, sorting.media.place).places()


def test_the_stamp_changes_with_the_rows_alone(sorting):
    before = stamp_of(sorting.collection)
    sorting.say({sorting.media.ids[0]: "good"}, "ada")
    assert stamp_of(sorting.collection) == before
    (sorting.collection.root / "columns" / "image" / "part-new-1.parquet").touch()
    assert stamp_of(sorting.collection) != before


def test_specimens_of_one_photograph_are_media_of_their_own(tmp_path):
    made = cabinet.make(tmp_path / "cabinet", ("a0", "d"))
    media = read_media(made, made.configuration.stage("upright"), 0, "view")
    photograph = cabinet.ids(made)["d"]
    own = [row for row in map(media.row, media.ids) if row["photograph"] == photograph]
    assert len(media) == 3
    assert len(own) == 2
    assert all(row["cutouts"][0]["id"] == row["id"] != photograph for row in own)
    lefts = sorted(row["cutouts"][0]["cutout_left"] for row in own)
    assert lefts == [0, own[0]["width"] // 2]
