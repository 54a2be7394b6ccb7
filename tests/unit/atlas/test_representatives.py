import numpy as np

from wunderkammer.atlas.encoding import decode_tile
from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.layers import raised_boxes
from wunderkammer.atlas.pyramid import build_pyramid
from wunderkammer.atlas.representatives import (
    choose_representatives,
    drawn_representatives,
    read_representatives,
    representative_zooms,
    write_representatives,
)
from wunderkammer.atlas.schemas import TILE_PX
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.core.identity import stable_id


def cloud(n, spread, seed=0, sprite_px=32):
    rng = np.random.default_rng(seed)
    ids = [stable_id(str(number)) for number in range(n)]
    sizes = rng.uniform(0.4, 1, (n, 2))
    return geometry_of(ids, rng.normal(0, spread, (n, 2)), sizes, sprite_px=sprite_px, margin_px=8)


def overlaps(boxes):
    near, far = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    both = ((near[:, None] < far[None]) & (near[None] < far[:, None])).all(axis=2)
    return int((both & ~np.eye(len(boxes), dtype=bool)).sum())


def test_a_small_atlas_has_none(grid):
    geometry = grid(464, sprite_px=256)
    assert len(representative_zooms(geometry, RepresentativeStyle())) == 0
    assert choose_representatives(geometry, RepresentativeStyle()) == {}


def test_zooms_are_those_where_sprites_are_too_small_to_read():
    geometry = cloud(3000, 60)
    assert geometry.max_zoom == 6
    assert list(representative_zooms(geometry, RepresentativeStyle(below_px=17))) == [3, 4, 5]
    assert list(representative_zooms(geometry, RepresentativeStyle(below_px=9))) == [3, 4]


def test_they_are_nested_and_do_not_overlap_and_lie_in_the_square():
    geometry, style = cloud(3000, 60), RepresentativeStyle(below_px=17)
    chosen = choose_representatives(geometry, style)
    assert list(chosen) == [3, 4, 5]
    previous = set()
    for zoom, rows in chosen.items():
        assert previous < set(rows.tolist())
        previous = set(rows.tolist())
        boxes = raised_boxes(geometry, rows, zoom, style.sprite_px)
        assert overlaps(boxes) == 0
        assert (boxes[:, :2] >= 0).all()
        assert (boxes[:, :2] + boxes[:, 2:] <= 256 << zoom).all()


def test_there_is_about_half_a_sprite_a_tile_that_has_any():
    geometry, style = cloud(4000, 60), RepresentativeStyle(below_px=17)
    for zoom, rows in choose_representatives(geometry, style).items():
        tiles = np.unique(geometry.centres.astype(int) >> (8 + geometry.max_zoom - zoom), axis=0)
        assert 0.3 * len(tiles) <= len(rows) <= 0.5 * len(tiles) + 1


def test_the_same_seed_chooses_the_same():
    geometry, style = cloud(2000, 60), RepresentativeStyle(below_px=17)
    one, other = choose_representatives(geometry, style), choose_representatives(geometry, style)
    assert all((one[zoom] == other[zoom]).all() for zoom in one)


def test_the_member_nearest_the_mean_in_looks_is_taken():
    rng = np.random.default_rng(5)
    n, corners = 100, np.array([[0.0, 0], [150, 0], [0, 150], [150, 150]])
    positions = np.repeat(corners, n, axis=0) + rng.uniform(-4, 4, (4 * n, 2))
    looks = rng.choice([-1.0, 1.0], (4 * n, 6)).astype(np.float32)
    plain = np.arange(4) * n + 17
    looks[plain] = 0  # in the middle of all looks, anywhere on the map
    ids = [stable_id(str(number)) for number in range(4 * n)]
    geometry = geometry_of(ids, positions, np.ones((4 * n, 2)), sprite_px=32, margin_px=8)
    style = RepresentativeStyle(from_zoom=2, below_px=5, sprite_px=32, per_tile=1)
    chosen = choose_representatives(geometry, style, looks)
    assert sorted(geometry.order[chosen[2]].tolist()) == plain.tolist()


class Coloured(dict):
    """A source of plain sprites, each in the colour that its media_id has, and a tile writer."""

    def load(self, media_id, width, height):
        return np.full((height, width, 3), list(bytes.fromhex(media_id[:6])), np.uint8)

    def write(self, zoom, x, y, data):
        self[zoom, x, y] = decode_tile(data)

    def square(self, zoom):
        """Return all tiles of a zoom in one picture."""
        picture = np.full((256 << zoom, 256 << zoom, 3), 255, np.uint8)
        for (z, x, y), tile in self.items():
            if z == zoom:
                picture[256 * y : 256 * y + 256, 256 * x : 256 * x + 256] = tile
        return picture


def test_the_pyramid_draws_each_exactly_in_its_box():
    geometry, style = cloud(1500, 45), RepresentativeStyle(below_px=17)
    chosen = choose_representatives(geometry, style)
    drawn = drawn_representatives(geometry, style, chosen)
    assert list(drawn) == list(chosen)
    made = Coloured()
    build_pyramid(
        made,
        geometry,
        style=TileStyle(format="png", retina=False, shadow_opacity=0),
        writer=made,
        representatives=chosen,
        representative_style=style,
    )
    for zoom, raised in drawn.items():
        picture = made.square(zoom).astype(int)
        boxes = raised.boxes >> (geometry.max_zoom - zoom)
        assert ((boxes << (geometry.max_zoom - zoom)) == raised.boxes).all(), "whole pixels"
        for row, (left, top, width, height) in zip(raised.rows, boxes.tolist(), strict=True):
            colour = list(geometry.ids[row, :3])
            assert (picture[top : top + height, left : left + width] == colour).all()
            around = picture[top - 1 : top + height + 1, left - 1 : left + width + 1]
            ring = np.ones(around.shape[:2], bool)
            ring[1:-1, 1:-1] = False
            assert (around[ring] == colour).all(axis=1).mean() < 0.1, "and no further"


def test_those_that_could_not_be_drawn_are_left_out():
    geometry, style = cloud(300, 20), RepresentativeStyle()
    names = geometry.media_ids
    chosen = {3: np.array([5]), 4: np.array([5, 70, 200])}
    drawn = drawn_representatives(geometry, style, chosen, {names[5]})
    assert list(drawn) == [4]
    assert drawn[4].rows.tolist() == [70, 200]
    assert len(drawn[4].boxes) == 2


def test_what_is_written_comes_back_and_has_the_same_bytes_each_time(tmp_path):
    geometry, style = cloud(3000, 60), RepresentativeStyle(below_px=17)
    drawn = drawn_representatives(geometry, style, choose_representatives(geometry, style))
    one, other = tmp_path / "one.parquet", tmp_path / "other.parquet"
    write_representatives(one, geometry, drawn)
    write_representatives(other, geometry, drawn)
    assert one.read_bytes() == other.read_bytes()
    found = read_representatives(one, geometry)
    assert list(found) == list(drawn) == [3, 4, 5]
    for zoom, raised in drawn.items():
        assert found[zoom].rows.tolist() == raised.rows.tolist()
        assert found[zoom].boxes.tolist() == raised.boxes.tolist()
    assert read_representatives(tmp_path / "none.parquet", geometry) == {}


def test_a_change_of_looks_stays_in_its_block_of_each_zoom():
    geometry, style = cloud(6000, 90), RepresentativeStyle(below_px=17)
    looks = np.random.default_rng(8).normal(size=(6000, 8)).astype(np.float32)
    before = choose_representatives(geometry, style, looks)
    row = int(before[min(before)][0])
    looks[geometry.order[row]] += 100
    after = choose_representatives(geometry, style, looks)
    changed = 0
    for zoom, rows in before.items():
        block = TILE_PX << (geometry.max_zoom - zoom + 2)
        home = geometry.centres[row] // block
        for other in set(rows.tolist()) ^ set(after[zoom].tolist()):
            assert (geometry.centres[other] // block == home).all()
            changed += 1
    assert changed >= 2, "an outlier in looks stands for nobody"
    assert row not in after[min(after)]


def test_a_medium_that_is_added_changes_nobody_outside_its_block_of_each_zoom():
    rng = np.random.default_rng(3)
    positions = rng.uniform(0, 250, (6000, 2))
    positions[:2] = [[0, 0], [250, 250]]
    ids = [stable_id(str(number)) for number in range(6001)]
    style = RepresentativeStyle(below_px=17)
    chosen = []
    for n in (6000, 6001):
        places = np.vstack([positions, [[101, 57]]])[:n]
        geometry = geometry_of(ids[:n], places, np.ones((n, 2)), sprite_px=32, margin_px=8)
        names = np.array(geometry.media_ids)
        by_zoom = choose_representatives(geometry, style)
        chosen.append({zoom: set(names[rows].tolist()) for zoom, rows in by_zoom.items()})
    centres = dict(zip(geometry.media_ids, geometry.centres, strict=True))
    assert len(chosen[0]) >= 2
    for zoom in chosen[0]:
        block = TILE_PX << (geometry.max_zoom - zoom + 2)
        for name in chosen[0][zoom] ^ chosen[1][zoom]:
            assert (centres[name] // block == centres[ids[-1]] // block).all()
