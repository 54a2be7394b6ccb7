import numpy as np
import pytest

from wunderkammer.layouts import Placement
from wunderkammer.layouts._keeping import Old, beside, settled, still

POINTS = np.random.default_rng(0).normal(size=(200, 2))
ONES = np.ones((200, 2))


def test_a_new_one_goes_the_ways_of_its_neighbours():
    stays = np.arange(200) < 190
    places = POINTS * (30, 12) + (5, 9)
    np.testing.assert_allclose(beside(POINTS, places, stays)[190:], places[190:])


def test_one_without_an_aim_goes_below_all():
    aims = POINTS.copy()
    aims[190:] = np.nan
    wanted = beside(aims, POINTS * 30, np.arange(200) < 190)
    assert (wanted[190:, 1] > (POINTS * 30)[:190, 1].max()).all()


def test_what_changed_its_size_or_overlaps_does_not_stay():
    before = Placement(np.arange(400.0).reshape(200, 2) * 3, ONES)
    other = ONES.copy()
    other[3] = 0.5, 1
    order = np.arange(200)[::-1]
    old = still(before, order, other)
    assert order[~old.stays].tolist() == [196]
    assert (old.places == before.positions[order]).all()
    before.positions[4] = before.positions[5]
    assert still(before, order, ONES) is None
    assert still(None, order, ONES) is None


@pytest.mark.parametrize("n_old", [1, 2, 199, 200])
def test_old_ones_lie_where_they_did(n_old):
    stays = np.arange(200) < n_old
    old = np.column_stack([np.arange(200) % 14, np.arange(200) // 14]) * 1.5
    found = settled(POINTS, ONES, 0.1, Old(old, stays))
    assert (found[stays] == old[stays]).all()
    distance = np.abs(found[:, None] - found).max(axis=2) + 9 * np.eye(200)
    assert distance.min() >= 1.1 - 1e-9
