import numpy as np
import pytest

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.centring import REACH, centred, extent, turning
from wunderkammer.imaging.turning import turn


def wedge(scale=1):
    """Return a green wedge that points up, in a corner of a large canvas."""
    rows, columns = np.mgrid[: 200 * scale, : 300 * scale] / scale
    inside = (rows > 20) & (rows < 90) & (np.abs(columns - 60) < (rows - 20) * 0.4)
    rgba = np.zeros((*rows.shape, 4), np.uint8)
    rgba[inside] = (20, 160, 20, 255)
    return rgba


def likeness(one, other):
    return np.corrcoef(one.ravel().astype(float), other.ravel().astype(float))[0, 1]


def test_the_centroid_lies_in_the_middle_and_the_size_is_standard():
    square = centred(wedge(), 96)
    assert square.shape == (96, 96, 4)
    found = extent(square[:, :, 3])
    assert found.centre == pytest.approx([47.5, 47.5], abs=0.6)
    assert found.radius == pytest.approx(0.48 * 96, abs=1)


@pytest.mark.parametrize("scale", [2, 5])
def test_neither_size_nor_canvas_matter(scale):
    assert likeness(centred(wedge(), 64), centred(wedge(scale), 64)) > 0.995
    assert (
        likeness(centred(wedge(), 64), centred(np.pad(wedge(), ((40, 9), (3, 70), (0, 0))), 64))
        > 0.999
    )


@pytest.mark.parametrize("angle", [90, 25, -140])
def test_a_turned_cutout_gives_the_turned_square(angle):
    there = centred(turn(wedge(3), angle), 96)
    here = centred(wedge(3), 96, turning(angle))
    assert likeness(there, here) > 0.99


def test_colours_are_weighted_with_alpha():
    rgba = np.full((40, 40, 4), 200, np.uint8)
    rgba[:, :, 3] = 0
    rgba[10:30, 10:30, 3] = 128
    square = centred(rgba, 64)
    assert square[32, 32, :3] == pytest.approx([100, 100, 100], abs=2)
    assert square[0, 0].tolist() == [0, 0, 0, 0]


def test_a_long_antenna_does_not_shrink_the_body():
    body = np.zeros((200, 600, 4), np.uint8)
    body[80:120, 80:120, 3] = 255
    alone = extent(body[:, :, 3]).radius
    body[99:101, 120:590, 3] = 255
    found = extent(body[:, :, 3])
    assert found.radius < 470
    assert found.radius == pytest.approx(
        REACH * np.sqrt(((np.argwhere(body[:, :, 3])[:, ::-1] - found.centre) ** 2).sum(1).mean()),
        abs=2,
    )
    assert alone == pytest.approx(20 * np.sqrt(2), abs=1)


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1)])
def test_one_pixel_is_enough(shape):
    assert centred(np.full((*shape, 4), 255, np.uint8), 32).any()


def test_a_shift_moves_what_is_shown():
    still, moved = centred(wedge(), 64), centred(wedge(), 64, shift=(5, -3))
    assert likeness(np.roll(still, (-3, 5), (0, 1)), moved) > 0.99


def test_nothing_to_see_is_said():
    with pytest.raises(ImageError, match="transparent throughout"):
        centred(np.zeros((9, 9, 4), np.uint8), 32)
