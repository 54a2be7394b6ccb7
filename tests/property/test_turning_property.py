"""Turning, cropping and the table of turns keep what they were given."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wunderkammer.imaging.angles import difference_deg
from wunderkammer.imaging.turning import VISIBLE, crop_to_alpha, turn
from wunderkammer.training.turns import Turn, read_turns, write_turns

ANGLES = st.floats(-720, 720, allow_nan=False)
IDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp", "Cs"]),
    min_size=1,
    max_size=12,
)


def smooth_blob(seed):
    """Return a cut-out of two soft blobs, coloured throughout."""
    draw = np.random.default_rng(seed)
    rows, columns = np.mgrid[:70, :90].astype(float)
    alpha = np.zeros(rows.shape)
    for _ in range(2):
        y, x = draw.uniform(25, 45), draw.uniform(30, 60)
        alpha += np.exp(-(((rows - y) / 9) ** 2 + ((columns - x) / 12) ** 2))
    colours = [120 + 90 * np.sin(rows / draw.uniform(9, 15) + k) for k in range(3)]
    return np.dstack([*colours, np.clip(alpha * 1.5, 0, 1) * 255]).astype(np.uint8)


def middle(rgba, height, width):
    top, left = (rgba.shape[0] - height) // 2, (rgba.shape[1] - width) // 2
    return rgba[top : top + height, left : left + width]


@settings(max_examples=40)
@given(ANGLES, st.integers(0, 99))
def test_a_turn_and_back_comes_back(angle, seed):
    given_ = smooth_blob(seed)
    back = turn(turn(given_, angle), -angle)
    kept = middle(back, *given_.shape[:2]).astype(float)
    assert np.abs(kept[:, :, 3] - given_[:, :, 3]).mean() < 1
    solid = given_[:, :, 3] > 128
    assert np.abs(kept[:, :, :3][solid] - given_[:, :, :3][solid]).mean() < 4


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 255))
def test_a_crop_keeps_every_visible_pixel_and_touches_one_on_each_side(seed, threshold):
    draw = np.random.default_rng(seed)
    rgba = draw.integers(0, 256, (23, 31, 4), np.uint8)
    rgba[:, :, 3] = np.where(draw.random((23, 31)) < 0.02, rgba[:, :, 3], 0)
    rgba[draw.integers(23), draw.integers(31), 3] = 255
    cropped = crop_to_alpha(rgba, threshold)
    seen = cropped[:, :, 3] >= threshold
    assert seen.sum() == (rgba[:, :, 3] >= threshold).sum()
    assert seen[0].any()
    assert seen[-1].any()
    assert seen[:, 0].any()
    assert seen[:, -1].any()


@settings(max_examples=30)
@given(ANGLES)
def test_a_turn_keeps_what_is_visible_inside(angle):
    rgba = np.full((20, 34, 4), 255, np.uint8)
    turned = turn(rgba, angle)
    area = turned[:, :, 3].astype(float).sum() / 255
    assert abs(area - 20 * 34) < 0.03 * 20 * 34
    assert (turned[:, :, :3][turned[:, :, 3] >= VISIBLE] >= 250).all()


@settings(max_examples=50)
@given(st.dictionaries(IDS, ANGLES, min_size=1, max_size=8))
def test_a_table_of_turns_reads_back(tmp_path_factory, stated):
    path = tmp_path_factory.mktemp("turns") / "turns.csv"
    write_turns(path, [Turn(name, angle) for name, angle in stated.items()])
    turns, bad = read_turns(path)
    assert bad == []
    assert [turn_.media_id for turn_ in turns] == list(stated)
    for turn_ in turns:
        assert abs(difference_deg(turn_.angle_deg, stated[turn_.media_id])) < 1e-9
