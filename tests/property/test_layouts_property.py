"""Layouts and boxes on whatever hypothesis can think of."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from wunderkammer.imaging.boxes import overlapping_pairs
from wunderkammer.layouts._assignment import assign
from wunderkammer.layouts.grid import Grid
from wunderkammer.layouts.relax import Relax

COORDINATES = st.floats(-1e3, 1e3, allow_nan=False) | st.integers(-3, 3).map(float)
ASPECTS = st.floats(0.05, 20) | st.just(1.0)


@st.composite
def maps(draw, most=60):
    n = draw(st.integers(1, most))
    return draw(arrays(np.float64, (n, 2), elements=COORDINATES)), draw(
        arrays(np.float64, n, elements=ASPECTS)
    )


def brute_pairs(positions, sizes):
    depth = (sizes[:, None] + sizes) / 2 - np.abs(positions[:, None] - positions)
    return np.triu((depth > 1e-9).all(axis=2), 1).sum()


@settings(max_examples=100, deadline=None)
@given(maps(), st.floats(0, 1), st.floats(0.05, 0.9))
def test_relax_never_overlaps_and_keeps_the_gap(given_map, gap, density):
    placement = Relax(gap=gap, density=density).place(*given_map)
    assert np.isfinite(placement.positions).all()
    # grown by the gap (less rounding), they still do not overlap
    grown = placement.sizes + gap - 1e-8 * (gap > 0)
    assert brute_pairs(placement.positions, grown) == 0
    np.testing.assert_allclose(placement.sizes.max(axis=1), 1)


@settings(max_examples=100, deadline=None)
@given(maps(), st.sampled_from(["bottom", "spread"]), st.floats(0, 1), st.floats(0.1, 10))
def test_grid_never_overlaps_and_each_sprite_has_a_cell(given_map, empty, gap, cell_aspect):
    grid = Grid(empty=empty, gap=gap, cell_aspect=cell_aspect, fit="fill")
    placement = grid.place(*given_map)
    assert brute_pairs(placement.positions, placement.sizes) == 0
    pitch = placement.sizes[0] + gap
    cells = np.rint((placement.positions - placement.sizes / 2) / pitch)
    np.testing.assert_allclose(cells * pitch + placement.sizes / 2, placement.positions, atol=1e-6)
    assert len(np.unique(cells, axis=0)) == len(placement.positions)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_every_point_gets_a_usable_cell_of_its_own(data):
    columns, rows = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 12))
    usable = data.draw(arrays(bool, (rows, columns)))
    usable[0, 0] = True
    n = data.draw(st.integers(1, int(usable.sum())))
    points = data.draw(arrays(np.float64, (n, 2), elements=st.floats(-20, 20)))
    cells = assign(
        points, columns, rows, usable=usable, n_window_sweeps=data.draw(st.integers(0, 3))
    )
    assert len(set(cells.tolist())) == n
    assert usable.reshape(-1)[cells].all()


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_overlaps_are_counted_as_comparing_all_pairs_counts_them(data):
    n = data.draw(st.integers(0, 40))
    positions = data.draw(arrays(np.float64, (n, 2), elements=st.floats(-5, 5)))
    sizes = data.draw(arrays(np.float64, (n, 2), elements=st.floats(0.01, 4)))
    assert overlapping_pairs(positions, sizes) == brute_pairs(positions, sizes)
