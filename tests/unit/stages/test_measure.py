"""Measures of thumbnails."""

import cv2
import numpy as np
import pytest

from sorting_room import picture
from wunderkammer.core.stage import Context, Done, Failed
from wunderkammer.stages.measure import MeasureStage


def test_each_thumbnail_is_measured_and_a_lost_one_says_so(tmp_path):
    context = Context(tmp_path)
    sharp = picture("good", 1)
    pixels = cv2.imdecode(np.frombuffer(sharp, np.uint8), cv2.IMREAD_COLOR)
    blurred = cv2.imencode(".png", cv2.GaussianBlur(pixels, (0, 0), 4))[1].tobytes()
    cells = [
        context.write_blob("thumbnail", sharp, ".jpg"),
        context.write_blob("thumbnail", blurred, ".png"),
        "blobs/thumbnail/00/lost.png",
    ]
    batch = [{"media_id": name, "thumbnail": cell} for name, cell in zip("abc", cells, strict=True)]
    a, b, c = MeasureStage().process(batch, context)
    assert isinstance(a, Done)
    assert isinstance(c, Failed)
    assert set(a.values) == {column.name for column in MeasureStage().writes()}
    assert a.values["sharpness"] > 2 * b.values["sharpness"]
    assert a.values["highlight"] == pytest.approx(b.values["highlight"], abs=0.3)
    assert all(0 <= value <= 1 for one in (a, b) for value in one.values.values())
