"""Croissant: mlcroissant takes the description and loads records and pictures by it."""

import logging

import mlcroissant
import pytest

import handed_over
from wunderkammer.exports.formats import registry
from wunderkammer.exports.selection import Chosen


def test_records_are_loaded_with_their_pictures(handed, tmp_path, caplog):
    form = registry.get("croissant")(columns="scientificName,width,cutout_confidence")
    report = handed_over.out(handed, form, tmp_path / "out")
    assert report.written == {"rows": handed_over.LEAVING, "pictures": handed_over.LEAVING}
    with caplog.at_level(logging.WARNING):
        read = mlcroissant.Dataset(tmp_path / "out" / "croissant.json")
    assert "warning" not in caplog.text, "nothing that is recommended is left out"
    known = {one.media_id: one for one in Chosen(handed)}
    found = list(read.records("media"))
    assert {one["media/media_id"].decode() for one in found} == set(known)
    for record in found:
        medium = known[record["media/media_id"].decode()]
        assert record["media/scientificName"].decode() == medium.text("scientificName")
        assert record["media/rightsHolder"] == b"The Museum"
        assert record["media/width"] == 160
        assert record["media/cutout_confidence"] == pytest.approx(medium.row["cutout_confidence"])
        assert record["media/image"].size == (160, 120)


def test_a_table_alone(handed, tmp_path):
    form = registry.get("croissant")(picture="none")
    report = handed_over.out(handed, form, tmp_path / "out")
    assert report.written["pictures"] == 0
    read = mlcroissant.Dataset(tmp_path / "out" / "croissant.json")
    assert len(list(read.records("media"))) == handed_over.LEAVING
    assert not (tmp_path / "out" / "images").exists()
