import numpy as np
import pytest

from wunderkammer.imaging.compositing import (
    dim,
    fill_box,
    fit_box,
    halve,
    paint,
    premultiplied,
    shade,
    straight,
)


def canvas(grey=200):
    return np.full((10, 12, 3), grey, np.uint8)


@pytest.mark.parametrize(
    ("left", "top", "n_painted"),
    [(0, 0, 12), (-1, 0, 9), (10, 8, 4), (0, -2, 4), (12, 0, 0), (0, 10, 0), (-4, 0, 0)],
)
def test_an_image_is_clipped_at_the_edges_of_the_canvas(left, top, n_painted):
    ground = canvas()
    inside = paint(ground, np.zeros((3, 4, 3), np.uint8), None, left, top)
    assert inside == (n_painted > 0)
    assert int((ground == 0).all(axis=2).sum()) == n_painted


def test_half_transparent_black_halves_the_ground():
    ground = canvas(200)
    paint(ground, np.zeros((2, 2, 3), np.uint8), np.full((2, 2), 128, np.uint8), 1, 1)
    assert ground[1, 1].tolist() == [100, 100, 100]
    assert ground[0, 0].tolist() == [200, 200, 200]


def test_alpha_of_0_leaves_the_ground_and_alpha_of_255_covers_it():
    ground = canvas()
    straight = np.zeros((1, 2, 4), np.uint8)
    straight[0, 0] = (250, 10, 10, 0)
    straight[0, 1] = (250, 10, 10, 255)
    layer = premultiplied(straight)
    paint(ground, layer[:, :, :3], layer[:, :, 3], 0, 0)
    assert ground[0, :2].tolist() == [[200, 200, 200], [250, 10, 10]]


def test_two_shadows_darken_more_than_one_in_either_order():
    one, other = np.full((4, 4), 128, np.uint8), np.full((4, 4), 64, np.uint8)
    first, second = np.full((6, 6), 255, np.uint8), np.full((6, 6), 255, np.uint8)
    shade(first, one, 0, 0)
    shade(first, other, 2, 2)
    shade(second, other, 2, 2)
    shade(second, one, 0, 0)
    assert (first == second).all()
    assert first[0, 0] == 128
    assert first[3, 3] == 32
    assert first[0, 5] == 255


def test_full_light_changes_nothing():
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (5, 7, 3), dtype=np.uint8)
    assert (dim(image, np.full((5, 7), 255, np.uint8)) == image).all()


def test_halving_takes_the_mean_of_two_by_two():
    image = np.array([[10, 20], [30, 40]], np.uint8)[:, :, None].repeat(3, axis=2)
    assert halve(image).tolist() == [[[25, 25, 25]]]


def test_filling_a_box_crops_at_the_centre_and_keeps_proportions():
    wide = np.zeros((100, 300, 3), np.uint8)
    wide[:, 100:200] = 255
    assert (fill_box(wide, 50, 50) == 255).all()
    assert fill_box(wide, 50, 50).shape == (50, 50, 3)
    tall = wide.transpose(1, 0, 2)
    assert (fill_box(tall, 50, 50) == 255).all()


def test_fitting_a_box_shows_the_whole_image():
    assert fit_box(np.zeros((100, 300, 3), np.uint8), 60, 60).shape == (20, 60, 3)
    assert fit_box(np.zeros((300, 100, 4), np.uint8), 60, 60).shape == (60, 20, 4)
    assert fit_box(np.zeros((1, 900, 3), np.uint8), 30, 30).shape == (1, 30, 3)


def test_an_image_of_the_size_of_its_box_is_not_resampled():
    rng = np.random.default_rng(1)
    image = rng.integers(0, 256, (31, 47, 3), dtype=np.uint8)
    assert (fill_box(image, 47, 31) == image).all()


def test_transparent_colour_does_not_bleed_into_a_shrunken_cutout():
    straight = np.zeros((8, 8, 4), np.uint8)
    straight[:, :4] = (10, 200, 10, 255)
    straight[:, 4:] = (255, 0, 0, 0)  # a red that nobody should see
    layer = fill_box(premultiplied(straight), 1, 1)[0, 0]
    assert abs(int(layer[3]) - 128) <= 1
    assert layer[0] <= 6
    assert abs(int(layer[1]) - 100) <= 1


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (30, 160, 90)])
def test_a_picture_on_no_ground_laid_on_a_colour_is_the_picture_drawn_on_it(colour):
    rng = np.random.default_rng(5)
    bare, solid = np.zeros((40, 40, 4), np.uint8), np.full((40, 40, 3), colour, np.uint8)
    for _ in range(4):
        light = rng.integers(0, 256, (40, 40), dtype=np.uint8)
        bare, solid = dim(bare, light), dim(solid, light)
        sprite = premultiplied(rng.integers(0, 256, (20, 20, 4), dtype=np.uint8))
        left, top = rng.integers(-8, 30, 2).tolist()
        for ground in (bare, solid):
            paint(ground, sprite[:, :, :3], sprite[:, :, 3], left, top)
            paint(ground, sprite[:5, :5, :3], None, top, left)
    laid = solid * 0 + np.array(colour, np.uint8)
    paint(laid, bare[:, :, :3], bare[:, :, 3], 0, 0)
    assert np.abs(laid.astype(int) - solid).max() <= 8


def test_colours_come_back_from_premultiplied_ones_as_far_as_alpha_keeps_them():
    rng = np.random.default_rng(6)
    image = rng.integers(0, 256, (50, 50, 4), dtype=np.uint8)
    back = straight(premultiplied(image))
    alpha = image[:, :, 3]
    assert (back[:, :, 3] == alpha).all()
    off = np.abs(back[:, :, :3].astype(int) - image[:, :, :3]).max(axis=2)
    assert (off[alpha > 0] <= 128 / alpha[alpha > 0] + 1).all()
    assert (straight(premultiplied(back)) == back).all(), "what was kept once is kept"
    clear = np.array([[[9, 9, 9, 0]]], np.uint8)
    assert straight(premultiplied(clear)).tolist() == [[[0, 0, 0, 0]]]
