import numpy as np
import pytest

from wunderkammer.imaging.resampling import edge_colour, pad_to_square, resize_to, shrink

NOISE = np.random.default_rng(0).integers(0, 256, (90, 60, 3), np.uint8)


@pytest.mark.parametrize(
    ("shape", "longest", "expected"),
    [
        ((300, 600), 128, (64, 128)),
        ((600, 300), 128, (128, 64)),
        ((5000, 3), 100, (100, 1)),
        ((100, 100), 100, (100, 100)),
        ((40, 30), 100, (40, 30)),
        ((1, 1), 1, (1, 1)),
    ],
)
def test_shrinking_bounds_the_longest_side_and_never_enlarges(shape, longest, expected):
    small = shrink(np.zeros((*shape, 3), np.uint8), longest)
    assert small.shape == (*expected, 3)
    assert small.flags.c_contiguous


def test_each_pixel_is_the_mean_of_what_it_covers():
    small = shrink(NOISE, 30)
    means = NOISE.reshape(30, 3, 20, 3, 3).mean(axis=(1, 3))
    assert np.abs(small - means).max() <= 0.5 + 1e-6


def test_a_fine_chequerboard_becomes_grey_not_a_pattern():
    board = (np.indices((256, 256)).sum(axis=0) % 2 * 255).astype(np.uint8)
    small = shrink(np.repeat(board[:, :, None], 3, axis=2), 100)
    assert small.std() < 40
    assert abs(small.mean() - 127.5) < 2


def test_views_that_are_not_contiguous_are_taken():
    turned = np.rot90(NOISE)
    assert (shrink(turned, 30) == shrink(np.ascontiguousarray(turned), 30)).all()
    assert shrink(turned, 500).flags.c_contiguous


def test_resizing_reaches_the_side_from_below_and_above():
    assert resize_to(NOISE, 180).shape == (180, 120, 3)
    assert resize_to(NOISE, 45).shape == (45, 30, 3)
    assert (resize_to(NOISE, 90) == NOISE).all()


@pytest.mark.parametrize("shape", [(5, 8), (8, 5), (7, 7), (1, 4)])
def test_padding_keeps_every_pixel_in_the_middle(shape):
    image = NOISE[: shape[0], : shape[1]]
    square = pad_to_square(image, (1, 2, 3))
    side = max(shape)
    top, left = (side - shape[0]) // 2, (side - shape[1]) // 2
    assert square.shape == (side, side, 3)
    assert (square[top : top + shape[0], left : left + shape[1]] == image).all()
    outside = np.ones((side, side), bool)
    outside[top : top + shape[0], left : left + shape[1]] = False
    assert (square[outside] == (1, 2, 3)).all()


def test_the_edge_colour_ignores_the_middle_and_a_stray_label():
    image = np.full((50, 80, 3), (240, 230, 220), np.uint8)
    image[5:45, 5:75] = 0
    image[:10, :20] = (255, 0, 0)
    assert edge_colour(image) == (240, 230, 220)
