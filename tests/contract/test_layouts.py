"""What every layout promises, whatever the map."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.core.errors import StageError
from wunderkammer.layouts import Placement, registry

NAMES = registry.names()
COUNTS = (1, 2, 3, 7, 100, 997)
THREADS_SCRIPT = """
import hashlib, sys
import numpy as np
from wunderkammer.layouts import registry
sys.path.insert(0, sys.argv[1])
from test_layouts import NAMES, clustered, longest_sides, records
for name in NAMES:
    layout = registry.get(name)()
    given = (*clustered(1500), records(layout, 1500))
    placement = layout.place(*given, longest=longest_sides(1500))
    print(name, hashlib.sha256(placement.positions.tobytes()).hexdigest())
"""


def clustered(n, seed=0):
    draw = np.random.default_rng(seed)
    centres = draw.normal(size=(5, 2)) * 20
    return centres[draw.integers(0, 5, n)] + draw.normal(size=(n, 2)), draw.uniform(0.3, 3.0, n)


def records(layout, n, seed=0):
    """Return what the layout reads: text as sources give it, a tenth of the cells empty."""
    draw = np.random.default_rng(seed)
    makers = {
        "year_from": lambda: str(draw.integers(1850, 2020)),
        "decimalLatitude": lambda: f"{draw.normal(45, 9):.2f}",
        "decimalLongitude": lambda: f"{draw.normal(5, 15):.2f}",
    }
    cells = {}
    for name in layout.reads():
        make = makers.get(name, lambda name=name: f"{name[0].upper()}{'aeiou'[draw.integers(5)]}ra")
        # the first has a value, so that there is always one medium that can be placed
        texts = [make() if i == 0 or draw.random() > 0.1 else None for i in range(n)]
        cells[name] = pa.array(texts, pa.string())
    return pa.table(cells) if cells else None


def longest_sides(n, seed=0):
    """Return sizes of specimens: the largest has sixteen times the side of the smallest."""
    return np.clip(np.exp(np.random.default_rng(seed).normal(scale=0.8, size=n)), 0.25, 4)


def of_some(placement, rows, n):
    """Return an old placement of some media among n: none for the others."""
    found = Placement(np.full((n, 2), np.nan), np.full((n, 2), np.nan))
    found.positions[rows], found.sizes[rows] = placement
    return found


def taken(table, rows):
    return None if table is None else table.take(pa.array(rows))


def n_overlaps(placement):
    """Compare all pairs, with no index at all."""
    x, y = placement.positions.T
    w, h = placement.sizes.T / 2
    deep_x = (w[:, None] + w) - np.abs(x[:, None] - x)
    deep_y = (h[:, None] + h) - np.abs(y[:, None] - y)
    return (np.triu((deep_x > 1e-9) & (deep_y > 1e-9), 1)).sum()


def box(placement):
    return (placement.positions - placement.sizes / 2).min(axis=0)


@pytest.fixture(params=[name for name in NAMES if registry.get(name).keeps])
def keeper(request):
    return registry.get(request.param)()


@pytest.fixture(params=NAMES)
def layout(request):
    return registry.get(request.param)()


@pytest.mark.parametrize("n", COUNTS)
def test_each_medium_gets_a_finite_place_that_overlaps_no_other(layout, n):
    placement = layout.place(*clustered(n), records(layout, n))
    assert placement.positions.shape == placement.sizes.shape == (n, 2)
    assert np.isfinite(placement.positions).all()
    assert (placement.sizes > 0).all()
    assert placement.sizes.max() <= 1 + 1e-12
    assert n_overlaps(placement) == 0


@pytest.mark.parametrize("n", COUNTS)
@pytest.mark.parametrize("shape", ["one point", "a line", "an upright line", "two heaps"])
def test_degenerate_maps_are_laid_out_all_the_same(layout, n, shape):
    points = np.zeros((n, 2))
    if shape == "a line":
        points[:, 0] = np.arange(n)
    elif shape == "an upright line":
        points[:, 1] = np.arange(n)
    elif shape == "two heaps":
        points[n // 2 :] = (3.0, -2.0)
    placement = layout.place(points, clustered(n)[1], records(layout, n))
    assert np.isfinite(placement.positions).all()
    assert n_overlaps(placement) == 0
    area = placement.sizes.max(axis=0).prod() * n
    extent = (placement.positions + placement.sizes / 2).max(axis=0)
    assert extent.prod() < 20 * area + 20


@pytest.mark.parametrize("n", COUNTS)
def test_the_origin_is_the_top_left_corner_of_the_tightest_box(layout, n):
    placement = layout.place(*clustered(n), records(layout, n))
    assert np.abs(box(placement)).max() < 1e-9


def test_images_keep_their_aspects(layout):
    points, aspects = clustered(300)
    placement = layout.place(points, aspects, records(layout, 300))
    np.testing.assert_allclose(placement.sizes[:, 0] / placement.sizes[:, 1], aspects)


@pytest.mark.parametrize("n", [2, 7, 997])
def test_moving_or_scaling_the_map_changes_nothing(layout, n):
    points, aspects = clustered(n)
    known = records(layout, n)
    placement = layout.place(points, aspects, known)
    shift = np.array([1234.5, -77.25])
    for other in (points + shift, points * 0.0137, points * 1e6 - 5e5):
        again = layout.place(other, aspects, known)
        np.testing.assert_allclose(again.positions, placement.positions, atol=1e-9)


@pytest.mark.parametrize("n", [2, 7, 997])
def test_the_order_of_media_does_not_matter(layout, n):
    points, aspects = clustered(n)
    shuffled = np.random.default_rng(1).permutation(n)
    known = records(layout, n)
    placement = layout.place(points, aspects, known)
    again = layout.place(points[shuffled], aspects[shuffled], taken(known, shuffled))
    assert (again.positions == placement.positions[shuffled]).all()
    assert (again.sizes == placement.sizes[shuffled]).all()


def test_the_same_map_gives_the_same_bytes(layout):
    points, aspects = clustered(500)
    known = records(layout, 500)
    first, second = (layout.place(points, aspects, known) for _ in range(2))
    assert first.positions.tobytes() == second.positions.tobytes()


def test_nothing_gives_nothing(layout):
    placement = layout.place(np.empty((0, 2)), np.empty(0))
    assert placement.positions.shape == (0, 2)


def test_input_is_left_as_it_was(layout):
    points, aspects = clustered(50)
    before = points.copy()
    layout.place(points, aspects, records(layout, 50))
    assert (points == before).all()


def test_a_place_that_is_no_number_is_counted_and_refused(layout):
    points, aspects = clustered(10)
    points[3, 1] = np.nan
    with pytest.raises(StageError, match="1 of 10 media"):
        layout.place(points, aspects, records(layout, 10))


def test_an_aspect_that_is_not_positive_is_refused(layout):
    points, aspects = clustered(10)
    aspects[:2] = 0
    with pytest.raises(StageError, match="2 of 10 media"):
        layout.place(points, aspects, records(layout, 10))


def test_a_layout_that_goes_by_records_says_what_none_of_them_has(layout):
    points, aspects = clustered(10)
    if not layout.reads():
        assert layout.place(points, aspects).positions.shape == (10, 2)
        return
    empty = pa.table({name: pa.nulls(10, pa.string()) for name in layout.reads()})
    for known in (None, empty):
        with pytest.raises(StageError, match="none of 10 media has it"):
            layout.place(points, aspects, known)


@pytest.mark.parametrize("n", [1, 7, 100])
def test_what_a_layout_aims_at_is_a_point_for_each_medium_or_none(layout, n):
    aims = layout.aims(clustered(n)[0], records(layout, n))
    assert aims.shape == (n, 2)
    assert np.isfinite(aims).all(axis=1).any()


@pytest.mark.parametrize("n", COUNTS)
def test_sprites_of_many_sizes_have_their_sizes_and_overlap_none(layout, n):
    points, aspects = clustered(n)
    longest = longest_sides(n)
    placement = layout.place(points, aspects, records(layout, n), longest=longest)
    np.testing.assert_allclose(placement.sizes.max(axis=1), longest)
    np.testing.assert_allclose(placement.sizes[:, 0] / placement.sizes[:, 1], aspects)
    assert n_overlaps(placement) == 0
    assert np.abs(box(placement)).max() < 1e-9


def test_a_size_that_is_not_positive_is_refused(layout):
    points, aspects = clustered(10)
    with pytest.raises(StageError, match="1 of 10 media"):
        layout.place(points, aspects, records(layout, 10), longest=np.r_[np.ones(9), 0])


@pytest.mark.parametrize("n", [2, 3, 101, 997])
@pytest.mark.parametrize("sized", [False, True])
def test_what_is_added_finds_room_and_nothing_else_moves(layout, n, sized):
    points, aspects = clustered(n)
    known, longest = records(layout, n), longest_sides(n) if sized else None
    old = np.flatnonzero(np.random.default_rng(2).permutation(n) > max(1, n // 30) - 1)
    sides = None if longest is None else longest[old]
    first = layout.place(points[old], aspects[old], taken(known, old), longest=sides)
    before = of_some(first, old, n)
    placement = layout.place(points, aspects, known, longest=longest, before=before)
    assert n_overlaps(placement) == 0
    assert np.isfinite(placement.positions).all()
    if n > 100 and layout.keeps:  # of very few, the new one may not fit what the others made
        assert (placement.positions[old] == first.positions).all()
    shuffled = np.random.default_rng(1).permutation(n)
    again = layout.place(
        points[shuffled],
        aspects[shuffled],
        taken(known, shuffled),
        longest=None if longest is None else longest[shuffled],
        before=Placement(before.positions[shuffled], before.sizes[shuffled]),
    )
    assert (again.positions == placement.positions[shuffled]).all()


def test_what_is_gone_leaves_a_hole(keeper):
    points, aspects = clustered(300)
    known = records(keeper, 300)
    first = keeper.place(points, aspects, known)
    rest = np.arange(5, 300)
    before = Placement(first.positions[rest], first.sizes[rest])
    placement = keeper.place(points[rest], aspects[rest], taken(known, rest), before=before)
    assert (placement.positions == first.positions[rest]).all()


def test_what_has_another_shape_is_placed_again_alone(keeper):
    points, aspects = clustered(300)
    known = records(keeper, 300)
    first = keeper.place(points, aspects, known)
    other = aspects.copy()
    other[7] = 1 / aspects[7] * 1.1
    placement = keeper.place(points, other, known, before=first)
    assert n_overlaps(placement) == 0
    assert (np.delete(placement.positions, 7, 0) == np.delete(first.positions, 7, 0)).all()


def test_a_new_medium_lies_near_those_like_it(keeper):
    if keeper.name == "grid":  # else it has empty cells at the end alone
        keeper = type(keeper)(spare=0.05, empty="even")
    points, aspects = clustered(997)
    known = records(keeper, 997)
    first = keeper.place(points[1:], aspects[1:], taken(known, np.arange(1, 997)))
    placement = keeper.place(points, aspects, known, before=of_some(first, np.arange(1, 997), 997))
    aims = keeper.aims(points, known)
    if not np.isfinite(aims[0]).all() or keeper.name == "taxonomy":  # goes by names, not by aims
        return
    like = np.argsort(np.hypot(*(aims - aims[0]).T))[1:9]
    way = np.hypot(*(placement.positions[like] - placement.positions[0]).T)
    anywhere = np.hypot(*(placement.positions - placement.positions[0]).T)
    assert np.median(way) < 0.5 * np.median(anywhere)


def test_threads_do_not_matter():
    here = str(Path(__file__).parent)
    found = [
        subprocess.run(
            [sys.executable, "-c", THREADS_SCRIPT, here],
            env={**os.environ, "NUMBA_NUM_THREADS": n, "OMP_NUM_THREADS": n},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for n in ("1", "2")
    ]
    assert found[0].count("\n") == len(NAMES)
    assert found[0] == found[1]
