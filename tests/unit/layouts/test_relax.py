import numpy as np
import pytest

from wunderkammer.imaging.boxes import overlapping_pairs
from wunderkammer.layouts.relax import Relax

DRAW = np.random.default_rng(0)


def test_the_longest_side_of_each_sprite_is_one():
    aspects = DRAW.uniform(0.1, 10, 200)
    sizes = Relax().place(DRAW.normal(size=(200, 2)), aspects).sizes
    np.testing.assert_allclose(sizes.max(axis=1), 1)


@pytest.mark.parametrize("gap", [0.0, 0.08, 0.5])
def test_the_gap_is_kept_on_all_sides(gap):
    placement = Relax(gap=gap).place(DRAW.normal(size=(400, 2)), DRAW.uniform(0.5, 2, 400))
    assert overlapping_pairs(placement.positions, placement.sizes + gap - 1e-8) == 0
    # and is no larger than asked where sprites crowd: grown a little more, many meet
    assert overlapping_pairs(placement.positions, placement.sizes + gap + 0.2) > 50


def test_crowded_squares_do_not_lie_in_rows():
    positions = Relax().place(DRAW.normal(size=(2000, 2)), np.ones(2000)).positions
    offsets = (positions[:, 1] / 1.08) % 1
    counts = np.histogram(offsets, 20, (0, 1))[0]
    assert counts.max() < 0.25 * len(positions)


def test_the_map_is_not_stretched():
    points = DRAW.uniform(size=(900, 2)) * (9, 1)
    positions = Relax(density=0.2).place(points, np.ones(900)).positions
    scale = np.polyfit(points[:, 0], positions[:, 0], 1)[0]
    assert np.polyfit(points[:, 1], positions[:, 1], 1)[0] == pytest.approx(scale, rel=0.05)


def test_up_stays_up():
    points = np.column_stack([np.zeros(300), np.arange(300.0)]) + DRAW.normal(size=(300, 2))
    positions = Relax().place(points, np.ones(300)).positions
    assert np.corrcoef(points[:, 1], positions[:, 1])[0, 1] > 0.99


def test_slivers_and_squares_lie_side_by_side():
    aspects = np.where(np.arange(500) % 2, 0.01, 1.0)
    placement = Relax().place(DRAW.normal(size=(500, 2)), aspects)
    assert overlapping_pairs(*placement) == 0
