"""Premultiplied drawing and tiling noise."""

import numpy as np
import pytest

from wunderkammer.testing.specimens.canvas import (
    Canvas,
    Sprite,
    cloud,
    colour,
    crop_to_alpha,
    mix,
    noise,
    noise_patch,
    over,
    premultiplied,
    shade,
)
from wunderkammer.testing.specimens.geometry import Pose, ellipse


def test_a_filled_circle_covers_its_area_and_stays_premultiplied():
    canvas = Canvas(100, 120)
    canvas.fill(ellipse((60, 50), (30, 30), 200), (200, 100, 50))
    # OpenCV draws the outline too: half a pixel more all around
    assert canvas.alpha.sum() / 255 == pytest.approx(np.pi * 30.6**2, rel=0.02)
    assert (canvas.rgba[..., :3] <= canvas.rgba[..., 3:]).all()


def test_half_cover_over_white_lies_between():
    white = np.full((1, 1, 3), 255, np.uint8)
    over(white, np.array([[[100, 0, 0, 128]]], np.uint8))
    assert white[0, 0].tolist() == pytest.approx([227, 127, 127], abs=1)


def test_a_stamp_lies_where_its_pose_says_and_is_cut_at_the_rim():
    sprite = Sprite(np.full((21, 21, 4), 255, np.uint8), (10, 10), 10.0)
    canvas = Canvas(100, 100)
    canvas.stamp(sprite, Pose().scaled(20).moved(50, 30))
    rows, columns = np.nonzero(canvas.alpha > 127)
    assert (rows.mean(), columns.mean()) == pytest.approx((30, 50), abs=0.6)
    assert np.ptp(rows) == pytest.approx(41, abs=2)
    canvas.stamp(sprite, Pose().scaled(20).moved(0, 0))
    canvas.stamp(sprite, Pose().moved(-500, -500))
    assert canvas.alpha[0, 0] == 255


def test_cropping_keeps_the_origin_on_the_same_pixel():
    rgba = np.zeros((50, 60, 4), np.uint8)
    rgba[20:30, 25:40] = 255
    sprite = crop_to_alpha(rgba, (30.0, 22.0), 5.0)
    assert sprite.rgba.shape[:2] == (12, 17)
    assert sprite.origin == (6.0, 3.0)
    assert crop_to_alpha(np.zeros((5, 5, 4), np.uint8), (0, 0), 1).rgba.shape == (1, 1, 4)


@pytest.mark.parametrize("octave", [0, 3, 6])
def test_noise_tiles_without_a_seam(octave):
    tile = noise(octave)
    seam = np.abs(tile[:, 0] - tile[:, -1]).mean()
    inside = np.abs(tile[:, 500] - tile[:, 499]).mean()
    assert seam == pytest.approx(inside, rel=0.5, abs=0.02)
    assert np.abs(tile).max() <= 1


def test_a_patch_wraps_around():
    patch = noise_patch(cloud(), (10, 10), (1020, 1020))
    assert np.array_equal(patch[4:, 4:], cloud()[:6, :6])


def test_colours():
    assert colour("ff8000").tolist() == [255, 128, 0]
    assert mix((0, 0, 0), (100, 200, 50), 0.5).tolist() == [50, 100, 25]
    assert shade((200, 200, 200), 2).tolist() == [255, 255, 255]
    alpha = np.array([[0, 255]], np.uint8)
    assert premultiplied(np.full((1, 2, 3), 90.0, np.float32), alpha)[0, 0].tolist() == [0, 0, 0, 0]
