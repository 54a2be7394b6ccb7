"""COCO: pycocotools finds the told masks; our own source reads names and licences again."""

import json
import shutil

import cv2
import numpy as np
import pytest
from pycocotools.coco import COCO

import hand_cut
import handed_over
from wunderkammer.exports.formats import registry
from wunderkammer.exports.selection import Chosen
from wunderkammer.sources import Record
from wunderkammer.sources.coco import CocoSource

TRUTH = {"a": hand_cut.specimen()[0], "b": handed_over.SHIFTED, "c": handed_over.ROUND}


@pytest.fixture(scope="module", params=["rle", "polygons"])
def coco(request, handed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("coco") / "out"
    handed_over.out(handed, registry.get("coco")(masks=request.param), folder)
    return request.param, folder, COCO(folder / "annotations.json")


def test_each_specimen_of_each_photograph_has_its_told_mask(coco, handed):
    masks, _, read = coco
    names = {one.media_id: one.text("original_file").removesuffix(".png") for one in Chosen(handed)}
    assert len(read.imgs) == 4
    assert len(read.anns) == handed_over.LEAVING
    for annotation in read.anns.values():
        truth = TRUTH.get(names[annotation["media_id"]])
        if truth is None:
            assert "segmentation" not in annotation
            continue
        found = read.annToMask(annotation).astype(bool)
        assert annotation["area"] == truth.sum()
        rows, columns = np.nonzero(truth)
        assert annotation["bbox"] == [
            columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1
        ]  # fmt: skip
        if masks == "rle":
            np.testing.assert_array_equal(found, truth)
        else:
            edge = cv2.dilate(truth.astype(np.uint8), np.ones((3, 3))) - cv2.erode(
                truth.astype(np.uint8), np.ones((3, 3))
            )
            assert not (found ^ truth)[edge == 0].any()


def test_a_photograph_of_several_is_one_image(coco, handed):
    _, folder, read = coco
    counts = [len(read.getAnnIds(imgIds=[one])) for one in read.imgs]
    assert sorted(counts) == [1, 1, 1, 2]
    for image in read.imgs.values():
        assert (folder / "images" / image["file_name"]).is_file()
        assert (image["width"], image["height"]) == (hand_cut.WIDTH, hand_cut.HEIGHT)
        assert image["rights_holder"] == "The Museum"


def test_our_own_source_reads_names_and_licences_again(coco, handed, tmp_path):
    _, folder, _ = coco
    shutil.copytree(folder, tmp_path / "in")
    source = CocoSource(path=tmp_path / "in" / "annotations.json", images=tmp_path / "in/images")
    records = [one for one in source.records() if isinstance(one, Record)]
    known = {one.text("derivedFromMediaID") or one.media_id: one for one in Chosen(handed)}
    assert {one.terms["media_id"] if "media_id" in one.terms else one.terms["image_media_id"]
            for one in records} == set(known)  # fmt: skip
    for record in records:
        medium = known[record.terms.get("media_id") or record.terms["image_media_id"]]
        assert record.terms["scientificName"] == medium.text("scientificName")
        assert record.terms["license"] == medium.rights.url
        assert record.original_file


def test_without_pictures_images_are_called_as_their_source_does(handed, tmp_path):
    handed_over.out(handed, registry.get("coco")(pictures=False), tmp_path / "out")
    document = json.loads((tmp_path / "out" / "annotations.json").read_text())
    assert {one["file_name"] for one in document["images"]} == {
        "a.png", "b.png", "c.png", "plain.png"
    }  # fmt: skip
    assert not (tmp_path / "out" / "images").exists()
