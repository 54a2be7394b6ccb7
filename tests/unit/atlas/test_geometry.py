import numpy as np
import pytest

from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.points import rows_in_tile
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError
from wunderkammer.core.identity import stable_id
from wunderkammer.core.morton import from_morton, morton_codes

IDS = [stable_id(str(number)) for number in range(4)]


def test_the_area_lies_near_the_middle_of_the_smallest_square_that_holds_it():
    positions = np.array([[0.5, 0.5], [2.5, 0.5], [0.5, 1.5], [2.5, 1.5]])
    geometry = geometry_of(IDS, positions, np.ones((4, 2)), sprite_px=100, margin_px=20)
    assert (geometry.width, geometry.height) == (300, 200)
    assert (geometry.max_zoom, geometry.world_px) == (1, 512)
    assert abs(geometry.left - 106) <= 212 / 16
    assert abs(geometry.top - 156) <= 312 / 16
    assert geometry.boxes.min(axis=0)[:2].tolist() == [geometry.left, geometry.top]
    far = (geometry.boxes[:, :2] + geometry.boxes[:, 2:]).max(axis=0)
    assert (far - [geometry.left, geometry.top]).tolist() == [300, 200]


def test_a_medium_that_sticks_out_at_the_edge_leaves_all_others_where_they_are():
    rng = np.random.default_rng(4)
    positions, sizes = rng.uniform(1, 29, (300, 2)), rng.uniform(0.3, 1, (300, 2))
    positions[:2], sizes[:2] = [[0.2, 0.2], [30, 30]], 1
    ids = [stable_id(str(number)) for number in range(301)]
    more = {"sprite_px": 100, "margin_px": 10}
    before = geometry_of(ids[:300], positions, sizes, **more)
    stayed = 0
    for place in ([0.17, 5], [12, 30.07], [30.02, 0.19], [0.1, 0.1]):
        after = geometry_of(ids, np.vstack([positions, place]), np.vstack([sizes, [1, 1]]), **more)
        assert after.max_zoom == before.max_zoom
        kept = [ids.index(name) < 300 for name in after.media_ids]
        stayed += int((after.boxes[kept] == before.boxes).all())
    assert stayed == 4


def test_margins_stay_free_whatever_the_layouts_origin():
    rng = np.random.default_rng(6)
    for _ in range(200):
        positions = rng.uniform(0, rng.uniform(0.1, 9), (4, 2)) + rng.uniform(-500, 500, 2)
        margin = int(rng.integers(0, 60))
        geometry = geometry_of(IDS, positions, np.ones((4, 2)), sprite_px=64, margin_px=margin)
        near, far = geometry.boxes[:, :2], geometry.boxes[:, :2] + geometry.boxes[:, 2:]
        assert near.min() >= margin
        assert far.max() <= geometry.world_px - margin
        free = geometry.world_px - 2 * margin - np.array([geometry.width, geometry.height])
        middle = margin + free / 2
        assert (np.abs(near.min(axis=0) - middle) <= free / 16 + 1).all()


def test_a_margin_can_ask_for_another_zoom():
    one = (IDS[:1], np.zeros((1, 2)), np.ones((1, 2)))
    assert geometry_of(*one, sprite_px=256, margin_px=0).max_zoom == 0
    assert geometry_of(*one, sprite_px=256, margin_px=1).max_zoom == 1


def test_a_layout_moved_by_whole_units_has_the_same_shape_in_pixels():
    rng = np.random.default_rng(3)
    positions, sizes = rng.uniform(0, 4, (4, 2)), rng.uniform(0.3, 1, (4, 2))
    here = geometry_of(IDS, positions, sizes, sprite_px=128, margin_px=4)
    there = geometry_of(IDS, positions - 1000, sizes, sprite_px=128, margin_px=4)
    shapes = []
    for geometry in (here, there):
        by_id = np.argsort(geometry.media_ids)
        shapes.append(geometry.boxes[by_id] - [geometry.left, geometry.top, 0, 0])
    assert (shapes[0] == shapes[1]).all()


def test_rows_are_in_z_order_and_media_at_one_place_are_sorted_by_id():
    geometry = geometry_of(IDS, np.zeros((4, 2)), np.ones((4, 2)), sprite_px=16, margin_px=0)
    assert geometry.media_ids == sorted(IDS)
    assert [IDS[number] for number in geometry.order] == sorted(IDS)


def test_centres_are_exact_to_the_half_pixel():
    sizes = np.array([[1.0, 0.5], [0.25, 1.0], [0.75, 0.75], [1.0, 1.0]])
    positions = np.array([[0.5, 0.5], [2, 0.5], [0.5, 2], [2, 2]])
    geometry = geometry_of(IDS, positions, sizes, sprite_px=101, margin_px=0)
    doubled = geometry.centres.astype(float) * 2
    assert (doubled == 2 * geometry.boxes[:, :2] + geometry.boxes[:, 2:]).all()


def test_the_index_counts_the_rows_of_every_tile(grid):
    geometry = grid(300)
    assert geometry.index_zoom == 2
    index = geometry.index
    assert len(index) == 4**2 + 1
    assert (index[0], index[-1]) == (0, 300)
    tile_px = geometry.world_px >> 2
    tiles = np.floor(geometry.centres / tile_px).astype(int)
    for y in range(4):
        for x in range(4):
            code = int(morton_codes([x], [y])[0])
            first, end = rows_in_tile(index, 2, 2, code)
            inside = np.flatnonzero((tiles == [x, y]).all(axis=1))
            assert inside.tolist() == list(range(first, end))


def test_the_index_of_one_medium_is_of_the_whole():
    geometry = geometry_of(IDS[:1], np.zeros((1, 2)), np.ones((1, 2)), sprite_px=64, margin_px=0)
    assert geometry.index_zoom == 0
    assert geometry.index.tolist() == [0, 1]


def test_no_medium_says_what_to_run():
    with pytest.raises(NotEnoughMediaError, match="at least one medium"):
        geometry_of([], np.empty((0, 2)), np.empty((0, 2)), sprite_px=64, margin_px=0)


def test_a_square_that_float32_cannot_hold_is_refused_with_a_size_that_it_can():
    positions = np.array([[0.0, 0.0], [100_000.0, 0.0]])
    with pytest.raises(ConfigurationError, match="Lower sprite_px to 64"):
        geometry_of(IDS[:2], positions, np.ones((2, 2)), sprite_px=128, margin_px=0)
    assert (
        geometry_of(IDS[:2], positions, np.ones((2, 2)), sprite_px=64, margin_px=0).max_zoom == 15
    )


@pytest.mark.parametrize("tile_px", [128, 256, 1024])
def test_the_index_counts_rows_in_tiles_of_any_size(tile_px):
    places = np.random.default_rng(1).uniform(0, 30, (900, 2))
    ids = [stable_id(str(number)) for number in range(900)]
    geometry = geometry_of(
        ids, places, np.ones((900, 2)), sprite_px=90, margin_px=4, tile_px=tile_px
    )
    assert geometry.world_px == tile_px << geometry.max_zoom
    assert geometry.world_px >= max(geometry.width, geometry.height) + 8 > geometry.world_px // 2
    assert geometry.index_zoom > 0
    edge = geometry.world_px >> geometry.index_zoom
    for code in range(4**geometry.index_zoom):
        first, end = geometry.index[code : code + 2].tolist()
        x, y = (int(axis[0]) for axis in from_morton([code]))
        assert (geometry.centres[first:end].astype(int) // edge == [x, y]).all()


@pytest.mark.parametrize("tile_px", [128, 1024])
def test_the_largest_square_is_the_same_whatever_its_tiles(tile_px):
    ids, places = [stable_id("a"), stable_id("b")], np.array([(0.0, 0.0), (70_000.0, 0.0)])
    more = {"margin_px": 0, "tile_px": tile_px}
    assert geometry_of(ids, places, np.ones((2, 2)), sprite_px=100, **more).world_px == 1 << 23
    with pytest.raises(ConfigurationError, match="8,388,608"):
        geometry_of(ids, places, np.ones((2, 2)), sprite_px=128, **more)
