"""Frames: the specimen whole, in the middle, upright, at its size."""

import io

import numpy as np
import pytest
from PIL import Image

from hand_cut import photograph, specimen
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.exports.framing import Frame, encode, frame_cutout

FRAME = {"size_px": 200, "margin": 0.1}
"""Room for 160 pixels; the specimen is 100 long and 44 wide."""


def cutout(angle_deg=0.0):
    alpha = specimen(angle_deg)[0].astype(np.uint8) * 255
    return np.dstack([photograph(angle_deg), alpha])


def box(shown):
    """Return top, bottom, left and right of what is shown."""
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def not_white(pixels):
    return (pixels < 200).any(axis=2)


@pytest.mark.parametrize(("enlarge", "long", "scale"), [(False, 100, 1.0), (True, 160, 1.6)])
def test_a_specimen_stands_in_the_middle_and_is_not_enlarged_unless_asked(enlarge, long, scale):
    made = frame_cutout(cutout(), None, Frame(**FRAME, enlarge=enlarge))
    assert made.pixels.shape == (200, 200, 3)
    assert made.scale == pytest.approx(scale)
    top, bottom, left, right = box(not_white(made.pixels))
    assert bottom - top == pytest.approx(long, abs=2)
    assert right - left == pytest.approx(44 * scale, abs=2)
    assert abs(top - (200 - bottom)) <= 2
    assert abs(left - (200 - right)) <= 2


def test_what_is_larger_than_the_frame_is_shrunken_to_it():
    made = frame_cutout(cutout(), None, Frame(size_px=50, margin=0.1))
    top, bottom, _, _ = box(not_white(made.pixels))
    assert bottom - top == pytest.approx(40, abs=2)
    assert made.scale == pytest.approx(0.4)


@pytest.mark.parametrize("angle_deg", [0, 30, 90, -135, 180])
def test_an_upright_picture_has_its_head_up(angle_deg):
    made = frame_cutout(cutout(angle_deg), angle_deg, Frame(**FRAME))
    blue = made.pixels[:, :, 2].astype(int) - made.pixels[:, :, 0] > 60
    top, bottom, left, right = box(not_white(made.pixels))
    head_top, head_bottom, _, _ = box(blue)
    assert head_top - top <= 3
    assert head_bottom < (top + bottom) / 2
    assert bottom - top == pytest.approx(100, abs=4)
    assert right - left == pytest.approx(44, abs=4)


def test_the_ground_has_the_colour_asked_for_and_a_shadow_darkens_it():
    plain = frame_cutout(cutout(), None, Frame(**FRAME, background="#10f020")).pixels
    assert (plain[0, 0] == (16, 240, 32)).all()
    shaded = frame_cutout(cutout(), None, Frame(**FRAME, background="#10f020", shadow=True)).pixels
    beside = (100, 100 + 22 + 3)
    assert shaded[beside][1] < plain[beside][1] - 10
    assert (shaded[0, 0] == plain[0, 0]).all()


def test_a_transparent_ground_is_transparent_and_its_shadow_half():
    frame = Frame(**FRAME, background="transparent", format="png")
    made = frame_cutout(cutout(), None, frame).pixels
    assert made.shape == (200, 200, 4)
    assert made[0, 0, 3] == 0
    assert made[100, 100, 3] == 255
    shaded = frame_cutout(cutout(), None, frame.model_copy(update={"shadow": True})).pixels
    assert 5 < shaded[100, 125, 3] < 110
    # On white, both ways to a shadow look alike.
    on_white = frame_cutout(cutout(), None, Frame(**FRAME, shadow=True)).pixels
    ground = Image.new("RGBA", (200, 200), "white")
    laid = np.asarray(Image.alpha_composite(ground, Image.fromarray(shaded)).convert("RGB"))
    assert np.abs(laid.astype(int) - on_white).max() <= 3


@pytest.mark.parametrize("form", ["jpeg", "png", "webp"])
def test_a_file_says_whose_it_is(form):
    frame = Frame(**FRAME, format=form)
    content = encode(frame_cutout(cutout(), None, frame).pixels, frame, "© The Museum", "Zoë")
    with Image.open(io.BytesIO(content)) as image:
        exif = image.getexif()
        assert image.size == (200, 200)
        said = [exif[0x8298], exif[0x013B]]
    # EXIF knows ASCII alone; what is written is UTF-8, and read as Latin-1.
    texts = [one.encode("latin-1") if isinstance(one, str) else one for one in said]
    assert [text.decode() for text in texts] == ["© The Museum", "Zoë"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"background": "transparent"}, "JPEG has no transparency"),
        ({"background": "reddish"}, "'reddish' is no colour"),
    ],
)
def test_a_frame_that_cannot_be_is_refused(wrong, said):
    with pytest.raises(ConfigurationError, match=said):
        Frame(**wrong).colour()
