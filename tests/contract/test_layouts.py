"""What every layout promises, whatever the map."""

import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.core.errors import StageError
from wunderkammer.layouts import registry

NAMES = registry.names()
COUNTS = (1, 2, 3, 7, 100, 997)


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
