"""Layouts against maps whose best layout is known."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from wunderkammer.layouts._assignment import assign
from wunderkammer.layouts.grid import Grid
from wunderkammer.layouts.relax import Relax
from wunderkammer.metrics.layout import displacement, layout_quality, neighbours_kept


def islands(n, seed=0):
    draw = np.random.default_rng(seed)
    weights = draw.pareto(1.2, 12) + 0.2
    which = draw.choice(12, n, p=weights / weights.sum())
    return (
        draw.normal(size=(12, 2))[which] * 30
        + draw.normal(size=(n, 2)) * draw.uniform(1, 5, 12)[which, None]
    )


def squared_ways(points, cells, columns):
    centres = np.column_stack([cells % columns, cells // columns]) + 0.5
    return np.square(points - centres).sum()


@pytest.mark.parametrize(("columns", "rows", "worse"), [(20, 20, 1.005), (40, 20, 1.03)])
def test_assignment_comes_near_the_exact_optimum(columns, rows, worse):
    points = islands(400)
    points = (points - points.min(axis=0)) / np.ptp(points, axis=0) * (columns, rows)
    cells = np.arange(columns * rows)
    centres = np.column_stack([cells % columns, cells // columns]) + 0.5
    costs = cdist(points, centres, "sqeuclidean")
    best = costs[linear_sum_assignment(costs)].sum()
    found = assign(points, columns, rows, n_window_sweeps=6)
    assert best * (1 - 1e-9) <= squared_ways(points, found, columns) <= best * worse


def test_points_on_cells_stay_in_them():
    cells = np.random.default_rng(0).permutation(30 * 17)[:200]
    points = np.column_stack([cells % 30, cells // 30]) + 0.5
    assert (assign(points, 30, 17) == cells).all()


def test_a_shuffled_lattice_becomes_the_same_wall():
    order = np.random.default_rng(3).permutation(1024)
    points = np.column_stack([order % 32, order // 32]).astype(float)
    wall = Grid(columns=32, rows=32).place(points, np.ones(1024))
    np.testing.assert_allclose(wall.positions, points + 0.5)


def test_a_thousand_photographs_fill_a_wall_of_32_by_32():
    points = islands(1000)
    wall = Grid(columns=32, rows=32).place(points, np.full(1000, 1.5))
    assert len(np.unique(np.round(wall.positions, 6), axis=0)) == 1000
    assert (wall.positions + wall.sizes / 2).max() <= 32
    assert neighbours_kept(points, wall.positions) > 0.45  # sorting by rows keeps 0.3


def test_sprites_with_room_lie_exactly_where_the_map_says():
    lattice = np.stack(np.meshgrid(np.arange(12.0), np.arange(12.0)), -1).reshape(-1, 2)
    points = lattice + np.random.default_rng(0).uniform(-0.05, 0.05, lattice.shape)
    placement = Relax().place(points, np.ones(len(points)))
    # places come down to what rounding and the last distance of 1e-5 leave
    assert displacement(points, placement.positions).max() < 1e-3


def test_dense_islands_part_and_stay_islands():
    points = islands(3000)
    placement = Relax().place(points, np.random.default_rng(0).uniform(0.6, 1.7, 3000))
    quality = layout_quality(points, *placement)
    assert quality["n_overlapping_pairs"] == 0
    assert quality["neighbours_kept"] > 0.55  # on a wall of the same media: 0.5
    extent = (placement.positions + placement.sizes / 2).max(axis=0)
    assert 0.2 < placement.sizes.prod(axis=1).sum() / extent.prod() < 0.8


def test_a_heap_spreads_to_a_disc_not_to_a_square():
    placement = Relax().place(np.zeros((2000, 2)), np.ones(2000))
    centred = placement.positions - placement.positions.mean(axis=0)
    radius = np.hypot(*centred.T)
    # in a disc, the mean distance from the middle is 2/3 of the largest; in a square 0.54
    assert radius.mean() / radius.max() > 0.62


def test_one_far_point_does_not_shrink_the_rest():
    points = islands(1000)
    rest = Relax().place(points, np.ones(1000)).positions
    points[0] = (1e7, -1e7)
    with_far = Relax().place(points, np.ones(1000)).positions
    spread = np.ptp(rest[1:], axis=0).prod() ** 0.5
    assert np.ptp(with_far[1:], axis=0).prod() ** 0.5 > 0.5 * spread


def test_low_density_moves_sprites_less():
    points = islands(1500)
    ways = []
    for density in (0.1, 0.5, 0.9):
        positions = Relax(density=density).place(points, np.ones(1500)).positions
        ways.append(displacement(points, positions).mean() / positions.max())
    assert ways[0] < ways[1] < ways[2]
