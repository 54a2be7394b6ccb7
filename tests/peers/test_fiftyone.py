"""FiftyOne's own importer reads our export: samples, names, boxes and outlines."""

import json
import subprocess
from collections import Counter

import cv2
import numpy as np
import pytest

import hand_cut
import handed_over
import peers_beside
from wunderkammer.exports.formats import registry
from wunderkammer.exports.selection import Chosen

READ = """
import json, sys
import fiftyone
folder = sys.argv[1]
data = fiftyone.Dataset.from_dir(folder, dataset_type=fiftyone.types.FiftyOneDataset)
data.compute_metadata()
told = [sample.to_dict() for sample in data]
fields = {name: type(field).__name__ for name, field in data.get_field_schema().items()}
masks = {
    sample["media_id"]: sample["outlines"].polylines[0].to_segmentation(
        frame_size=(sample.metadata.width, sample.metadata.height), target=1
    ).mask.nonzero()
    for sample in data if sample["outlines"]
}
masks = {name: [one.tolist() for one in mask] for name, mask in masks.items()}
counts = {one: data.count_values(f"{one}.label") for one in
          ("ground_truth", "detections.detections", "outlines.polylines")}
said = {"name": data.name, "info": data.info, "fields": fields, "samples": told,
        "masks": masks, "counts": counts}
print("told " + json.dumps(said, default=str))
"""


@pytest.fixture(scope="module")
def read(handed, tmp_path_factory):
    """Return what FiftyOne says of an export, in its own process with its own database."""
    folder = tmp_path_factory.mktemp("fiftyone")
    environment = peers_beside.environment(
        "fiftyone", HOME=str(folder), PYTHONPATH="", FIFTYONE_DO_NOT_TRACK="true",
        FIFTYONE_DATABASE_DIR=str(folder / "database"),
    )  # fmt: skip
    handed_over.out(handed, registry.get("fiftyone")(), folder / "export")
    done = subprocess.run(
        [peers_beside.PEERS / "fiftyone" / "bin" / "python", "-c", READ, folder / "export"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if line.startswith("told ")]
    assert told, done.stdout + done.stderr
    return json.loads(told[0].removeprefix("told "))


def test_every_sample_comes_with_its_picture_name_and_rights(read, handed):
    media = {one.media_id: one for one in Chosen(handed)}
    assert len(read["samples"]) == handed_over.LEAVING
    names = [media[sample["media_id"]].text("scientificName") for sample in read["samples"]]
    assert read["counts"]["ground_truth"] == Counter(names)
    assert len(set(names)) == 2, "one was named otherwise by a person"
    for sample in read["samples"]:
        medium = media[sample["media_id"]]
        assert sample["catalogNumber"] == medium.text("catalogNumber")
        assert sample["rightsHolder"] == "The Museum"
        size = sample["metadata"]["width"], sample["metadata"]["height"]
        assert size == (hand_cut.WIDTH, hand_cut.HEIGHT)
    assert read["info"]["cite"] == "Hand (2026): Cut."


def test_boxes_and_outlines_are_detections_and_polylines_on_the_same_pixels(read, handed):
    media = {one.media_id: one for one in Chosen(handed)}
    assert len(read["masks"]) == handed_over.LEAVING - 1, "all but the one without a cut-out"
    labels = Counter(media[one].text("scientificName") for one in read["masks"])
    assert read["counts"]["detections.detections"] == labels
    assert read["counts"]["outlines.polylines"] == labels
    [shifted] = [one for one in read["masks"] if media[one].text("original_file") == "b.png"]
    found = np.zeros((hand_cut.HEIGHT, hand_cut.WIDTH), bool)
    found[tuple(read["masks"][shifted])] = True
    wanted = handed_over.SHIFTED.astype(np.uint8)
    two_pixels = np.ones((5, 5), np.uint8)  # corners are left out, and it rounds
    assert found[cv2.erode(wanted, two_pixels) > 0].all()
    assert not found[cv2.dilate(wanted, two_pixels) == 0].any()


def test_columns_are_fields_of_their_kinds(read):
    assert read["fields"]["cutout_confidence"] == "FloatField"
    assert read["fields"]["width"] == "IntField"
    assert read["fields"]["scientificName"] == "StringField"
