import numpy as np
import pytest

from wunderkammer.imaging.boxes import overlapping_pairs


@pytest.mark.parametrize(
    ("positions", "sizes", "n"),
    [
        ([[0, 0]], [[1, 1]], 0),
        ([[0, 0], [1, 0]], [[1, 1], [1, 1]], 0),
        ([[0, 0], [0.1 + 0.2, 0]], [[0.3, 1], [0.3, 1]], 0),
        ([[0, 0], [0.999, 0]], [[1, 1], [1, 1]], 1),
        ([[0, 0], [0.5, 1.5]], [[1, 1], [1, 1]], 0),
        ([[0, 0]] * 4, [[1, 1]] * 4, 6),
        ([[0, 0], [3, 0]], [[10, 10], [0.1, 0.1]], 1),
    ],
)
def test_pairs_are_counted(positions, sizes, n):
    assert overlapping_pairs(np.array(positions, float), np.array(sizes, float)) == n


def test_a_hundred_thousand_that_touch_do_not_overlap_until_one_moves():
    side = 316
    positions = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2) * 1.1
    sizes = np.full(positions.shape, 1.1)
    assert overlapping_pairs(positions, sizes) == 0
    positions[5000] += (0.01, 0.01)
    assert overlapping_pairs(positions, sizes) == 3


def test_thousands_in_one_heap_are_counted_in_bounded_blocks():
    assert overlapping_pairs(np.zeros((3000, 2)), np.ones((3000, 2))) == 3000 * 2999 // 2


def test_a_box_that_is_nowhere_counts_against_all():
    positions = np.array([[0.0, 0.0], [5.0, 0.0], [np.nan, 0.0]])
    assert overlapping_pairs(positions, np.ones((3, 2))) == 2


def test_a_long_low_box_meets_a_shorter_one_that_is_higher():
    positions = np.array([[0.25, 0.0], [0.25, 0.25]])
    assert overlapping_pairs(positions, np.array([[0.125, 0.5], [1.0, 0.125]])) == 1
