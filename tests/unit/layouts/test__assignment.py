import numpy as np
import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.layouts._assignment import assign


def test_more_points_than_cells_are_refused_with_both_numbers():
    with pytest.raises(
        ConfigurationError, match="13 media need as many cells, and the grid has 12"
    ):
        assign(np.zeros((13, 2)), 4, 3)


def test_a_full_column_takes_points_in_their_order():
    points = np.column_stack([np.full(9, 0.5), [5, 3, 8, 1, 9, 2, 7, 4, 6]])
    assert assign(points, 1, 9).tolist() == [4, 2, 7, 0, 8, 1, 6, 3, 5]


def test_flat_cells_send_points_further_down_than_across():
    points = np.full((9, 2), 4.5)
    cells = assign(points, 9, 9, cell_size=(1.0, 0.25))
    assert np.ptp(cells // 9) > np.ptp(cells % 9)


def test_windows_only_shorten_the_ways():
    points = np.random.default_rng(0).normal(size=(900, 2)) * 4 + 15
    ways = []
    for n_sweeps in (0, 1, 4):
        cells = assign(points, 30, 30, n_window_sweeps=n_sweeps)
        centres = np.column_stack([cells % 30, cells // 30]) + 0.5
        ways.append(np.square(points - centres).sum())
    assert ways[0] > ways[1] > ways[2]


def test_masked_cells_stay_free_through_swaps_and_windows():
    usable = np.ones((12, 12), bool)
    usable[3:9, 3:9] = False
    points = np.full((100, 2), 6.0)
    cells = assign(points, 12, 12, usable=usable, n_window_sweeps=3)
    assert usable.reshape(-1)[cells].all()
    assert len(set(cells.tolist())) == 100
