import numpy as np
import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.layouts.grid import Grid

POINTS = np.random.default_rng(0).normal(size=(50, 2))
ASPECTS = np.random.default_rng(1).uniform(0.4, 2.5, 50)


@pytest.mark.parametrize(
    ("settings", "n", "shape"),
    [
        ({}, 1, (1, 1)),
        ({}, 2, (1, 2)),
        ({}, 9, (3, 3)),
        ({}, 1000, (32, 32)),
        ({"aspect": 16 / 9}, 1000, (42, 24)),
        ({"columns": 7}, 50, (7, 8)),
        ({"rows": 7}, 50, (8, 7)),
        ({"columns": 10, "rows": 10}, 50, (10, 10)),
        ({"cell_aspect": 2.0}, 800, (20, 40)),
    ],
)
def test_the_wall_is_near_the_asked_shape_with_few_empty_cells(settings, n, shape):
    assert Grid(**settings).shape(n) == shape


def test_primes_leave_few_cells_empty():
    for n in (97, 101, 997, 7919):
        columns, rows = Grid().shape(n)
        assert n <= columns * rows < n * 1.12
        assert 0.8 < columns / rows < 1.25


def test_too_small_a_wall_says_how_many_rows_are_needed():
    with pytest.raises(ConfigurationError, match="7 columns x 7 rows hold 49 media") as caught:
        Grid(columns=7, rows=7).place(POINTS, ASPECTS)
    assert "8 rows are needed" in caught.value.hint


def test_empty_cells_are_at_the_end_of_the_bottom_row():
    positions = Grid(columns=8, fit="fill").place(POINTS, ASPECTS).positions
    rows = np.floor(positions[:, 1])
    assert (np.bincount(rows.astype(int)) == [8, 8, 8, 8, 8, 8, 2]).all()
    assert set(positions[rows == 6, 0]) == {0.5, 1.5}


def test_spread_empty_cells_lie_where_the_map_is_empty():
    points = np.vstack([POINTS * 0.1, POINTS * 0.1 + (10, 0)])
    positions = Grid(columns=20, rows=10, empty="spread").place(points, np.ones(100)).positions
    left = positions[:50, 0]
    right = positions[50:, 0]
    assert right.min() - left.max() > 3


def test_fill_makes_all_sprites_cells_and_contain_keeps_them_inside():
    filled = Grid(fit="fill", cell_aspect=0.75).place(POINTS, ASPECTS)
    contained = Grid(fit="contain", cell_aspect=0.75).place(POINTS, ASPECTS)
    assert (filled.sizes == (0.75, 1.0)).all()
    assert (contained.sizes <= (0.75 + 1e-12, 1.0 + 1e-12)).all()
    touching = np.isclose(contained.sizes, (0.75, 1.0)).any(axis=1)
    assert touching.all()


def test_the_gap_is_the_distance_between_cells():
    positions = Grid(columns=10, gap=0.25, fit="fill").place(POINTS, ASPECTS).positions
    assert set(np.diff(np.unique(positions[:, 0].round(9))).round(9)) == {1.25}
