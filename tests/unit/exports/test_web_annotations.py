"""Annotations: an outline as a path of SVG and a box, names with who and when."""

from xml.etree import ElementTree as ET

import numpy as np

from wunderkammer.exports import web_annotations
from wunderkammer.exports.opinions import Opinion
from wunderkammer.exports.outlines import Outline

CANVAS = "https://example.org/canvas/1"


def test_an_outline_is_a_path_and_a_box():
    outline = Outline(10, 20, np.ones((5, 8), bool))
    found = web_annotations.outline_annotation(
        "https://x.org/#1", CANVAS, outline, "a <b>", (99, 88)
    )
    svg, box = found["target"]["selector"]
    root = ET.fromstring(svg["value"])
    assert (root.get("width"), root.get("height")) == ("99", "88")
    path = root[0].get("d")
    for corner in ("10.5,20.5", "17.5,20.5", "17.5,24.5", "10.5,24.5"):
        assert corner in path
    assert box["value"] == "xywh=10,20,8,5"
    assert found["target"]["source"]["id"] == CANVAS
    assert found["body"]["value"] == "a &lt;b&gt;", "a text is no markup"


def test_a_point_has_a_box_alone():
    outline = Outline(1, 2, np.ones((1, 1), bool))
    found = web_annotations.outline_annotation("https://x.org/#1", CANVAS, outline, "", (9, 9))
    assert found["target"]["selector"]["value"] == "xywh=1,2,1,1"


def test_a_name_says_who_and_when():
    terms = {
        "scientificName": "Idea leuconoe",
        "identifiedBy": "ada",
        "dateIdentified": "2026-02-28",
    }
    found = web_annotations.opinion_annotation("https://x.org/#1", CANVAS, Opinion("person", terms))
    assert found["creator"] == {"type": "Person", "name": "ada"}
    assert found["created"] == "2026-02-28T00:00:00Z"
    assert [one["value"] for one in found["body"]] == [
        "Idea leuconoe", "identified by a person, ada, 2026-02-28",
    ]  # fmt: skip
    software = Opinion("software", {**terms, "dateIdentified": "1890"})
    found = web_annotations.opinion_annotation("https://x.org/#1", CANVAS, software)
    assert found["creator"]["type"] == "Software"
    assert "created" not in found
