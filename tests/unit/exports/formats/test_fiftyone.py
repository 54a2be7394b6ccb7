"""FiftyOne's samples: the fields it documents, shares of the photograph, plain values."""

import json

import numpy as np
import pytest

import hand_cut
import handed_over
from wunderkammer.exports.formats import registry
from wunderkammer.exports.selection import Chosen

RESERVED = {"id", "metadata", "created_at", "last_modified_at", "_id", "_media_type"}


@pytest.fixture(scope="module")
def samples(handed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fiftyone") / "out"
    handed_over.out(handed, registry.get("fiftyone")(), folder)
    return folder, json.loads((folder / "samples.json").read_text())["samples"]


def test_a_sample_has_a_picture_and_names_that_fiftyone_takes(samples):
    folder, found = samples
    assert len(found) == handed_over.LEAVING
    for sample in found:
        assert (folder / sample["filepath"]).is_file()
        assert sample["tags"] == []
        assert not RESERVED & set(sample)
        assert all(name.isidentifier() for name in sample)
        assert sample["rightsHolder"] == "The Museum"
        assert sample["ground_truth"]["_cls"] == "Classification"
    described = json.loads((folder / "metadata.json").read_text())
    assert "version" not in described, "with one, FiftyOne takes it for a dump of its database"
    assert described["info"]["cite"] == "Hand (2026): Cut."


def test_boxes_and_outlines_are_shares_of_the_photograph(samples, handed):
    _, found = samples
    names = {one.media_id: one.text("original_file") for one in Chosen(handed)}
    [sample] = [one for one in found if names[one["media_id"]] == "b.png"]
    [box] = sample["detections"]["detections"]
    rows, columns = np.nonzero(handed_over.SHIFTED)
    size = np.array([hand_cut.WIDTH, hand_cut.HEIGHT])
    np.testing.assert_allclose(
        np.array(box["bounding_box"][:2]) * size, [columns.min(), rows.min()]
    )
    np.testing.assert_allclose(
        np.array(box["bounding_box"][2:]) * size, [np.ptp(columns) + 1, np.ptp(rows) + 1]
    )
    assert box["confidence"] == 0.6
    [line] = sample["outlines"]["polylines"]
    points = np.array(line["points"][0]) * size
    assert line["closed"]
    assert points.min(0).tolist() == pytest.approx([columns.min() + 0.5, rows.min() + 0.5])
    [plain] = [one for one in found if names[one["media_id"]] == "plain.png"]
    assert "outlines" not in plain
