import numpy as np
import pytest

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging import _strips
from wunderkammer.imaging.cutting import VISIBLE, Box, cut, foreground, visible_box

GREEN, WHITE = np.array([30, 120, 40.0]), np.array([250, 250, 250.0])


def disc(height, width, radius, soft=2.0):
    """Return the alpha of a soft-edged disc in the middle, as shares of one."""
    rows, columns = np.mgrid[0:height, 0:width]
    distance = np.hypot(rows - (height - 1) / 2, columns - (width - 1) / 2)
    return np.clip((radius - distance) / soft + 0.5, 0, 1)


def mixture(share, colour=GREEN, ground=WHITE):
    pixels = share[:, :, None] * colour + (1 - share[:, :, None]) * ground
    return np.rint(pixels).astype(np.uint8), np.rint(share * 255).astype(np.uint8)


def test_a_tight_crop_lies_around_what_is_visible():
    alpha = np.zeros((40, 60), np.uint8)
    alpha[10:20, 30:50] = 255
    alpha[25, 5] = VISIBLE - 1
    rgba, box = cut(np.zeros((40, 60, 3), np.uint8), alpha)
    assert box == Box(30, 10, 20, 10)
    assert rgba.shape == (10, 20, 4)
    assert (rgba[:, :, 3] == 255).all()


def test_the_margin_is_a_share_of_the_longer_side():
    alpha = np.zeros((40, 60), np.uint8)
    alpha[10:20, 30:50] = 255
    rgba, box = cut(np.zeros((40, 60, 3), np.uint8), alpha, 0.1)
    assert box == Box(28, 8, 24, 14)
    assert (rgba[2:12, 2:22, 3] == 255).all()
    assert rgba[:, :, 3].sum() == 200 * 255


def test_a_square_has_the_specimen_in_its_middle_and_may_leave_the_photograph():
    alpha = np.zeros((12, 60), np.uint8)
    alpha[1:11, 30:60] = 255
    image = np.full((12, 60, 3), 77, np.uint8)
    rgba, box = cut(image, alpha, 0.1, square=True)
    assert box == Box(27, -12, 36, 36)
    assert rgba.shape == (36, 36, 4)
    rows, columns = np.nonzero(rgba[:, :, 3])
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (13, 22, 3, 32)
    assert (rgba[rgba[:, :, 3] > 0][:, :3] == 77).all()


def test_inside_the_specimen_no_pixel_is_changed():
    draw = np.random.default_rng(0)
    image = draw.integers(0, 256, (50, 70, 3), np.uint8)
    alpha = np.rint(disc(50, 70, 20) * 255).astype(np.uint8)
    rgba, box = cut(image, alpha, 0.2)
    inside = rgba[:, :, 3] == 255
    back = rgba[:, :, :3][inside]
    there = np.nonzero(inside)
    assert (back == image[there[0] + box.top, there[1] + box.left]).all()


@pytest.mark.parametrize("soft", [1.0, 3.0, 6.0])
def test_the_soft_edge_takes_the_colour_of_the_specimen(soft):
    image, alpha = mixture(disc(80, 100, 25, soft))
    rgba, _ = cut(image, alpha, 0.1)
    shown = rgba[:, :, 3] > 25
    error = np.abs(rgba[:, :, :3][shown] - GREEN).max()
    before = np.abs(image[alpha > 25] - GREEN).max()
    assert before > 100
    assert error < 12


def test_an_antenna_that_is_nowhere_opaque_keeps_its_colour():
    share = disc(60, 100, 15, 1.0)
    share[29:31, 60:95] = 0.6
    image, alpha = mixture(share)
    rgba, box = cut(image, alpha)
    antenna = rgba[29 - box.top, 70 - box.left : 90 - box.left]
    assert (antenna[:, 3] == 153).all()
    assert np.abs(antenna[:, :3] - GREEN).max() < 25


def test_laid_on_its_own_background_it_looks_as_photographed():
    image, alpha = mixture(disc(80, 100, 25, 4.0))
    rgba, box = cut(image, alpha, 0.1)
    share = rgba[:, :, 3:] / 255
    laid = share * rgba[:, :, :3] + (1 - share) * WHITE
    there = image[box.top : box.top + box.height, box.left : box.left + box.width]
    assert np.abs(laid - there).max() < 8


def test_strips_give_what_the_whole_gives(monkeypatch):
    draw = np.random.default_rng(1)
    image = draw.integers(0, 256, (400, 90, 3), np.uint8)
    alpha = np.rint(disc(400, 90, 42, 9) * 255).astype(np.uint8)
    whole = foreground(image, alpha)
    parts = np.empty_like(whole)
    few = list(_strips.strips(400, 90, 41, 90 * 80))
    assert len(few) == 5
    monkeypatch.setattr(_strips.strips, "__defaults__", (90 * 80,))
    parts = foreground(image, alpha)
    assert np.abs(parts.astype(int) - whole).max() <= 1


def test_nothing_to_show_is_an_error():
    assert visible_box(np.zeros((4, 5), np.uint8)) is None
    with pytest.raises(ImageError, match="nothing can be cut out"):
        cut(np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5), np.uint8))


def test_an_alpha_of_another_size_is_named():
    with pytest.raises(ImageError, match=r"6 x 5 pixels, and the photograph 5 x 4"):
        cut(np.zeros((4, 5, 3), np.uint8), np.zeros((5, 6), np.uint8))


def test_a_single_pixel_can_be_cut_out():
    rgba, box = cut(np.full((1, 1, 3), 9, np.uint8), np.full((1, 1), 255, np.uint8), 0.5)
    assert box == Box(0, 0, 1, 1)
    assert rgba.tolist() == [[[9, 9, 9, 255]]]
