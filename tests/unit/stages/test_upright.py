"""Turning upright."""

import numpy as np
import pytest
from PIL import Image

from plain_plugins import Always
from wunderkammer.core.errors import RecordError
from wunderkammer.core.identity import stable_id
from wunderkammer.core.stage import Context, Failed
from wunderkammer.imaging.cutout_files import decode_cutout, encode_cutout
from wunderkammer.imaging.turning import turn
from wunderkammer.stages.upright import UprightStage, stated_angle_deg


def specimen(height=300, width=120):
    """Return a cut-out with a red head above a blue tail."""
    rgba = np.zeros((height + 40, width + 40, 4), np.uint8)
    rgba[20:-20, 20:-20] = (30, 40, 200, 255)
    rgba[20 : 20 + height // 3, 20:-20] = (200, 40, 30, 255)
    return rgba


def row(context, rgba, angle_deg=None, name="one"):
    thumbnail = np.full((90, 160, 3), 200, np.uint8)
    cell = context.write_blob("thumbnail", _png(thumbnail), ".png")
    cutout = None
    if rgba is not None:
        cutout = context.write_blob("cutout", *encode_cutout(rgba, "png", 1))
    return {
        "media_id": stable_id(name),
        "cutout": cutout,
        "thumbnail": cell,
        "annotation/angle_deg": angle_deg,
    }


def _png(pixels):
    alpha = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    return encode_cutout(np.concatenate([pixels, alpha], axis=2), "png", 1)[0]


def stage(angle_deg=0.0, confidence=0.9, **settings):
    orienter = Always(angle_deg=angle_deg, confidence=confidence)
    return UprightStage(orienter=orienter, **settings)


def head_is_up(rgba):
    middle = rgba.shape[1] // 2
    column = rgba[:, middle, :3].astype(int)
    return column[len(column) // 6, 0] > 150 and column[-len(column) // 6, 2] > 150


@pytest.mark.parametrize("angle_deg", [0.0, 37.0, -90.0, 180.0, 151.5])
def test_what_is_turned_comes_upright_and_is_cropped(tmp_path, angle_deg):
    context = Context(tmp_path)
    lying = turn(specimen(), angle_deg)
    (done,) = stage(angle_deg).process([row(context, lying)], context)
    values = done.values
    image = decode_cutout(context.read_blob(values["upright"]))
    assert head_is_up(image)
    assert image.shape[:2] == (values["upright_height"], values["upright_width"])
    assert abs(values["upright_height"] - 300) <= 6
    assert abs(values["upright_width"] - 120) <= 6
    assert values["turned_deg"] == angle_deg
    assert (values["turned_by"], values["turn_reason"]) == ("always", None)


def test_a_persons_angle_wins(tmp_path):
    context = Context(tmp_path)
    lying = turn(specimen(), 90)
    (done,) = stage(-45.0).process([row(context, lying, "90")], context)
    assert head_is_up(decode_cutout(context.read_blob(done.values["upright"])))
    assert (done.values["turned_by"], done.values["turned_deg"]) == ("person", 90.0)
    assert done.values["turn_confidence"] == 1.0
    assert done.values["machine_angle_deg"] == -45.0, "what the report measures"


def test_an_angle_that_is_none_fails_its_medium(tmp_path):
    context = Context(tmp_path)
    rows = [row(context, specimen(), "left", "one"), row(context, specimen(), None, "two")]
    outcomes = stage().process(rows, context)
    (failed,) = (one for one in outcomes if isinstance(one, Failed))
    assert failed.media_id == stable_id("one")
    assert isinstance(failed.error, RecordError)
    assert "angle_deg is stated as 'left'" in failed.error.message
    assert len(outcomes) == 2


def test_a_best_guess_is_taken_and_marked(tmp_path):
    context = Context(tmp_path)
    (done,) = stage(20.0, confidence=0.2).process([row(context, specimen())], context)
    assert done.values["turn_reason"] == "unsure"
    assert done.values["turned_deg"] == 20.0


def test_without_a_cutout_the_photograph_stands_as_it_is(tmp_path):
    context = Context(tmp_path)
    medium = row(context, None)
    (done,) = stage(30.0).process([medium], context)
    assert done.values["upright"] == medium["thumbnail"]
    assert (done.values["upright_width"], done.values["upright_height"]) == (160, 90)
    assert done.values["turn_reason"] == "no cut-out"
    (turned,) = stage(30.0).process([row(context, None, "90")], context)
    assert (turned.values["upright_width"], turned.values["upright_height"]) == (90, 160)


def test_the_longest_side_is_a_setting_and_nothing_is_enlarged(tmp_path):
    context = Context(tmp_path)
    (done,) = stage(size_px=64).process([row(context, specimen())], context)
    assert Image.open(tmp_path / done.values["upright"]).size[1] == 64
    (done,) = stage(size_px=2000).process([row(context, specimen())], context)
    assert done.values["upright_height"] == 300


def test_a_medium_does_not_depend_on_its_batch(tmp_path):
    context = Context(tmp_path)
    rows = [row(context, turn(specimen(), 40 * n), None, str(n)) for n in range(3)]
    together = stage(12.0).process(rows, context)
    assert together == [stage(12.0).process([one], context)[0] for one in rows]


@pytest.mark.parametrize(("text", "angle"), [("180", -180.0), ("-0.5", -0.5), (" ", None)])
def test_angles_are_brought_into_range(text, angle):
    assert stated_angle_deg(text) == angle


@pytest.mark.parametrize("text", ["nan", "inf", "12°"])
def test_what_is_no_angle_is_refused(text):
    with pytest.raises(RecordError, match="no number of degrees"):
        stated_angle_deg(text)
