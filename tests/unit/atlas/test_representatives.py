import numpy as np

from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.layers import raised_boxes
from wunderkammer.atlas.representatives import choose_representatives, representative_zooms
from wunderkammer.atlas.style import RepresentativeStyle
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
    positions = np.repeat(corners, n, axis=0) + rng.uniform(-8, 8, (4 * n, 2))
    looks = rng.choice([-1.0, 1.0], (4 * n, 6)).astype(np.float32)
    plain = np.arange(4) * n + 17
    looks[plain] = 0  # in the middle of all looks, anywhere on the map
    ids = [stable_id(str(number)) for number in range(4 * n)]
    geometry = geometry_of(ids, positions, np.ones((4 * n, 2)), sprite_px=32, margin_px=8)
    style = RepresentativeStyle(from_zoom=2, below_px=5, sprite_px=32, per_tile=1)
    chosen = choose_representatives(geometry, style, looks[geometry.order])
    assert sorted(geometry.order[chosen[2]].tolist()) == plain.tolist()
