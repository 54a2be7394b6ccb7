"""Points that lie in memory as they lie on the map, and who draws whom there."""

import numpy as np
import pytest
from scipy.sparse import random_array

from wunderkammer.projections._compiling import Parts
from wunderkammer.projections._edges import Edges, order_on_map

N = 500


def test_points_near_each_other_on_the_map_come_close_together():
    side = 64
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
    points = np.random.default_rng(0).permutation(grid).astype(np.float32)
    order = order_on_map(points)
    assert sorted(order) == list(range(side * side))
    steps = np.linalg.norm(np.diff(points[order], axis=0), axis=1)
    assert steps.mean() < 2 < np.linalg.norm(np.diff(points, axis=0), axis=1).mean()


def test_a_point_far_out_does_not_throw_the_others_together():
    points = np.array([[3, 0], [1, 0], [2, 0], [1e4, 1e4]], np.float32)
    assert order_on_map(points).tolist() == [1, 2, 0, 3]


def test_points_of_one_place_keep_their_order():
    assert order_on_map(np.zeros((5, 2), np.float32)).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("n_threads", [1, 2])
def test_in_another_order_the_same_draw_each_other(n_threads):
    rng = np.random.default_rng(1)
    matrix = random_array((N, N), density=0.05, rng=rng, dtype=np.float32, format="csr")
    edges, parts = Edges(matrix.copy()), Parts(N, n_threads)
    rows = np.arange(N)
    for _ in range(3):
        order = rng.permutation(N)
        edges.reorder(order, parts)
        rows = rows[order]
        places, columns, weights = edges.arrays
        for row in (0, 17, N - 1):
            own = slice(int(places[row]), int(places[row + 1]))
            now = dict(zip(rows[columns[own]].tolist(), weights[own].tolist(), strict=True))
            before = matrix[[rows[row]]].tocoo()
            assert now == dict(zip(before.col.tolist(), before.data.tolist(), strict=True))
    parts.close()
