import numpy as np
import pytest

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.turning import (
    VISIBLE,
    crop_to_alpha,
    framed,
    on_colour,
    padded_crop,
    turn,
    upright,
)


@pytest.fixture
def disc():
    """Return a red disc whose hidden surroundings are black, with a white mark at the right."""
    rows, columns = np.mgrid[:81, :121]
    rgba = np.zeros((81, 121, 4), np.uint8)
    inside = (rows - 40) ** 2 + (columns - 60) ** 2 <= 30**2
    rgba[inside] = (200, 30, 30, 255)
    rgba[38:43, 80:88] = (255, 255, 255, 255)
    return rgba


def centre_of_mark(rgba):
    rows, columns = np.nonzero((rgba[:, :, 1] > 150) & (rgba[:, :, 3] > 200))
    return columns.mean() - (rgba.shape[1] - 1) / 2, (rgba.shape[0] - 1) / 2 - rows.mean()


@pytest.mark.parametrize("angle", [30, 90, 137.5, -60, 180, -90, 300])
def test_a_turn_is_counter_clockwise_as_seen(disc, angle):
    across, up = centre_of_mark(turn(disc, angle))
    assert np.degrees(np.arctan2(up, across)) % 360 == pytest.approx(angle % 360, abs=1.5)
    assert np.hypot(across, up) == pytest.approx(23.5, abs=0.6)


@pytest.mark.parametrize("quarters", range(-4, 5))
def test_quarter_turns_move_pixels_and_change_none(disc, quarters):
    draw = np.random.default_rng(0)
    noise = draw.integers(0, 256, disc.shape, np.uint8)
    assert (turn(noise, 90 * quarters) == np.rot90(noise, quarters)).all()


@pytest.mark.parametrize("angle", [10, 45, 133])
def test_no_dark_fringe_and_nothing_is_lost(disc, angle):
    turned = turn(disc, angle)
    seen = turned[:, :, 3] > 0
    assert turned[:, :, 0][seen].min() > 190
    assert turned[:, :, 3].astype(float).sum() == pytest.approx(
        disc[:, :, 3].astype(float).sum(), rel=0.005
    )


def test_the_canvas_is_the_box_of_the_turned_rectangle(disc):
    high, wide = turn(disc, 30).shape[:2]
    assert wide == pytest.approx(121 * np.cos(np.pi / 6) + 81 * 0.5, abs=2)
    assert high == pytest.approx(121 * 0.5 + 81 * np.cos(np.pi / 6), abs=2)


def test_white_wings_are_cropped_by_alpha():
    rgba = np.full((50, 60, 4), 255, np.uint8)
    rgba[:, :, 3] = 0
    rgba[10:30, 5:50, 3] = 255
    assert crop_to_alpha(rgba).shape == (20, 45, 4)


def test_faint_pixels_count_from_the_threshold_on(disc):
    disc[0, 0] = (9, 9, 9, 40)
    assert crop_to_alpha(disc, 40).shape[:2] == (71, 91)
    assert crop_to_alpha(disc, 41).shape[:2] == (61, 61)


@pytest.mark.parametrize("act", [crop_to_alpha, lambda x: upright(x, 20), lambda x: framed(x, 99)])
def test_an_invisible_cutout_is_refused_with_its_alpha(act):
    with pytest.raises(ImageError, match="at most 5 of 255"):
        act(np.full((9, 9, 4), 5, np.uint8))


@pytest.mark.parametrize("longest", [None, 40])
def test_upright_undoes_the_turn_and_crops(disc, longest):
    lying = turn(disc, 70)
    stood = upright(lying, 70, longest)
    assert max(stood.shape[:2]) == (longest or 61) or longest is None
    assert max(stood.shape[:2]) <= (longest or 64)
    across, up = centre_of_mark(stood)
    assert up == pytest.approx(0, abs=0.7)
    assert across > 10
    assert stood[:, :, 0][stood[:, :, 3] >= VISIBLE].min() > 180


def test_a_large_cutout_is_shrunken_by_area(disc):
    large = np.kron(disc, np.ones((12, 12, 1), np.uint8))
    stood = upright(turn(large, 90), 90, 61)
    small = crop_to_alpha(disc)
    assert stood.shape == small.shape
    assert np.abs(stood.astype(int) - small).mean() < 2


def test_a_colour_shows_where_alpha_lets_it():
    half = np.array([[[200, 100, 0, 128]]], np.uint8)
    assert on_colour(half, (0, 0, 0))[0, 0].tolist() == [100, 50, 0]
    assert on_colour(half, (255, 255, 255))[0, 0].tolist() == [227, 177, 127]


@pytest.mark.parametrize("size", [64, 300])
def test_a_frame_centres_whole_specimens_with_a_margin(disc, size):
    picture = framed(disc, size, margin=0.1, background=(240, 240, 240), shadow=0)
    assert picture.shape == (size, size, 3)
    rows, columns = np.nonzero((picture != 240).any(axis=2))
    for low, high in ((rows.min(), rows.max()), (columns.min(), columns.max())):
        assert low == pytest.approx(0.1 * size, abs=2)
        assert high == pytest.approx(0.9 * size, abs=2)


def test_a_shadow_darkens_softly_around_and_leaves_the_corner(disc):
    plain = framed(disc, 200, margin=0.2, shadow=0)
    shaded = framed(disc, 200, margin=0.2, shadow=0.5)
    beside = shaded[100, :60, 0].astype(int)
    assert shaded[0, 0].tolist() == [240, 240, 240]
    assert beside[36:39].min() < 225
    assert (np.diff(beside[:36]) <= 0).all()
    assert (plain[100, 100] == shaded[100, 100]).all()


def test_a_padded_crop_keeps_the_ground_beneath():
    rgba = np.zeros((100, 100, 4), np.uint8)
    rgba[:, :, :3] = (10, 200, 10)
    rgba[30:70, 30:70] = (200, 10, 10, 255)
    small = padded_crop(rgba, 22)
    assert max(small.shape[:2]) == 22
    assert small[0, 0].tolist() == [10, 200, 10, 0]
    inside = small[small[:, :, 3] == 255]
    assert (inside[:, 0] > 190).all()
