"""What a pyramid must be, whatever draws it."""

import io
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from PIL import Image

from wunderkammer.atlas.encoding import decode_tile
from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.pyramid import build_pyramid
from wunderkammer.atlas.representatives import choose_representatives
from wunderkammer.atlas.sprites import EncodedSprites
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.core.identity import stable_id
from wunderkammer.imaging.compositing import dim, paint, premultiplied, shade
from wunderkammer.imaging.shadows import shadow_reach, soft_shadow

STYLE = TileStyle(format="png", retina=False, shadow_opacity=0.6, background="#f4f1ea")
RETINA = STYLE.model_copy(update={"retina": True})
FAST_RETINA = TileStyle(shadow_opacity=0.6)


class Kept(dict):
    """A writer that keeps tiles in memory."""

    def write(self, zoom, x, y, data):
        assert (zoom, x, y) not in self
        self[zoom, x, y] = data


def png(image):
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def portrait(rng, width, height, cutout):
    """Return a sprite that differs in every pixel: noise on a gradient, half of them cut out."""
    y, x = np.mgrid[:height, :width]
    ground = np.dstack([x * 200 // width, y * 200 // height, 0 * x + rng.integers(200)])
    image = (ground + rng.integers(0, 55, ground.shape)).astype(np.uint8)
    if not cutout:
        return image
    radius = np.hypot(x / width - 0.5, y / height - 0.5)
    return np.dstack([image, (np.clip(0.5 - radius, 0, 0.1) * 2550).astype(np.uint8)])


@pytest.fixture(scope="module")
def atlas():
    """Return a jittered wall of 70 sprites, photographs and cut-outs, as large as their boxes."""
    rng = np.random.default_rng(11)
    n, sprite_px = 70, 130
    positions = np.stack([np.arange(n) % 9, np.arange(n) // 9], axis=1) * 1.08
    positions = positions + rng.uniform(-0.03, 0.03, (n, 2))
    sizes = rng.uniform(0.35, 1, (n, 2))
    ids = [stable_id(str(number)) for number in range(n)]
    geometry = geometry_of(ids, positions, sizes, sprite_px=sprite_px, margin_px=20)
    images = {
        media_id: portrait(rng, int(box[2]), int(box[3]), cutout=row % 2 == 1)
        for row, (media_id, box) in enumerate(zip(geometry.media_ids, geometry.boxes, strict=True))
    }
    return geometry, images


def source_of(images):
    """Return a source that other processes can receive."""
    return EncodedSprites({name: png(image) for name, image in images.items()}.__getitem__)


def drawn(atlas, style=STYLE, **more):
    geometry, images = atlas
    tiles, retina = Kept(), Kept()
    report = build_pyramid(
        source_of(images),
        geometry,
        style=style,
        writer=tiles,
        retina_writer=retina if style.retina else None,
        **more,
    )
    return tiles, retina, report


def joined(tiles, zoom, style=STYLE, edge=256):
    """Return all tiles of a zoom as one picture, the background where there is none."""
    whole = np.full((edge << zoom, edge << zoom, 3), style.background_rgb, np.uint8)
    for (of_zoom, x, y), data in tiles.items():
        if of_zoom == zoom:
            whole[y * edge : (y + 1) * edge, x * edge : (x + 1) * edge] = decode_tile(data)
    return whole


def one_big_picture(atlas, style):
    """Draw the whole bottom zoom on one canvas: every shadow, then every sprite."""
    geometry, images = atlas
    sigma = style.shadow_blur * geometry.sprite_px
    reach, drop = shadow_reach(sigma), round(style.shadow_drop * geometry.sprite_px)
    side = geometry.world_px
    light = np.full((side, side), 255, np.uint8)
    rows = list(zip(geometry.boxes.tolist(), map(images.get, geometry.media_ids), strict=True))
    for (left, top, _, _), image in rows:
        alpha = image[:, :, 3] if image.shape[2] == 4 else np.full(image.shape[:2], 255, np.uint8)
        dark = soft_shadow(np.ascontiguousarray(alpha), sigma, reach)
        kept = np.rint(255 - dark * style.shadow_opacity).astype(np.uint8)
        shade(light, kept, left - reach, top - reach + drop)
    canvas = dim(np.full((side, side, 3), style.background_rgb, np.uint8), light)
    for (left, top, _, _), image in rows:
        if image.shape[2] == 4:
            layer = premultiplied(image)
            paint(canvas, layer[:, :, :3], layer[:, :, 3], left, top)
        else:
            paint(canvas, image, None, left, top)
    return canvas


def test_the_tiles_of_the_bottom_joined_are_one_big_picture_pixel_for_pixel(atlas):
    tiles, _, report = drawn(atlas)
    assert report.failures == []
    assert (joined(tiles, atlas[0].max_zoom) == one_big_picture(atlas, STYLE)).all()


def test_a_photograph_appears_with_its_own_pixels_where_the_geometry_says(atlas):
    geometry, images = atlas
    tiles, _, _ = drawn(atlas)
    whole = joined(tiles, geometry.max_zoom)
    photographs = [row for row in range(len(geometry)) if row % 2 == 0]
    for row in photographs:
        left, top, width, height = geometry.boxes[row].tolist()
        shown = whole[top : top + height, left : left + width]
        assert (shown == images[geometry.media_ids[row]]).all()


def test_a_parent_is_the_mean_of_its_children(atlas):
    tiles, _, _ = drawn(atlas)
    for zoom in range(atlas[0].max_zoom):
        child = joined(tiles, zoom + 1).astype(float)
        side = child.shape[0] // 2
        mean = child.reshape(side, 2, side, 2, 3).mean(axis=(1, 3))
        assert np.abs(joined(tiles, zoom) - mean).max() <= 0.5


def test_retina_tiles_show_the_full_image_and_1x_is_these_halved(atlas):
    geometry, _ = atlas
    rng = np.random.default_rng(2)
    large = {
        media_id: portrait(rng, 2 * int(box[2]), 2 * int(box[3]), cutout=False)
        for media_id, box in zip(geometry.media_ids, geometry.boxes, strict=True)
    }
    tiles, retina, _ = drawn((geometry, large), RETINA)
    assert set(tiles) == set(retina)
    whole = joined(retina, geometry.max_zoom, edge=512)
    for row, media_id in enumerate(geometry.media_ids):
        left, top, width, height = (2 * geometry.boxes[row]).tolist()
        assert (whole[top : top + height, left : left + width] == large[media_id]).all()
    for zoom in range(geometry.max_zoom + 1):
        fine = joined(retina, zoom, edge=512).astype(float)
        side = fine.shape[0] // 2
        mean = fine.reshape(side, 2, side, 2, 3).mean(axis=(1, 3))
        assert np.abs(joined(tiles, zoom) - mean).max() <= 0.5


def test_one_bad_sprite_costs_its_own_pixels_and_shadow_only(atlas):
    geometry, images = atlas
    good, _, _ = drawn(atlas)
    bad_id = geometry.media_ids[30]
    content = {name: png(image) for name, image in images.items()} | {bad_id: b"\x89PNG broken"}
    tiles = Kept()
    source = EncodedSprites(content.__getitem__)
    report = build_pyramid(source, geometry, style=STYLE, writer=tiles)
    assert [failure.media_id for failure in report.failures] == [bad_id]
    changed = np.argwhere(
        (joined(tiles, geometry.max_zoom) != joined(good, geometry.max_zoom)).any(axis=2)
    )
    left, top, width, height = geometry.boxes[30].tolist()
    room = 12
    assert len(changed) > 0.9 * width * height
    assert (changed.min(axis=0) >= [top - room, left - room]).all()
    assert (changed.max(axis=0) < [top + height + room, left + width + room]).all()


def test_where_subtrees_are_drawn_leaves_no_trace(atlas, monkeypatch):
    geometry, _ = atlas
    more = {
        "representatives": {1: np.array([12]), 2: np.array([3, 12, 60])},
        "representative_style": RepresentativeStyle(sprite_px=150),
    }
    assert geometry.max_zoom == 3
    whole, _, _ = drawn(atlas, **more)
    for depth in (0, 2, 3):
        monkeypatch.setattr("wunderkammer.atlas.pyramid.SUBTREE_DEPTH", depth)
        tiles, _, _ = drawn(atlas, ordered_map=map, **more)
        assert tiles == whole


def test_processes_draw_the_same_bytes_as_one(atlas, monkeypatch):
    monkeypatch.setattr("wunderkammer.atlas.pyramid.SUBTREE_DEPTH", 2)
    whole, whole_retina, _ = drawn(atlas, FAST_RETINA)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        tiles, retina, report = drawn(atlas, FAST_RETINA, ordered_map=pool.map)
    assert tiles == whole
    assert retina == whole_retina
    assert report.failures == []


def test_failures_are_told_once_wherever_they_are_met(atlas):
    geometry, images = atlas
    bad = sorted(geometry.media_ids[10:40:10])
    content = {name: png(image) for name, image in images.items()}
    content.update(dict.fromkeys(bad, b"no image"))
    source = EncodedSprites(content.__getitem__)
    reports = [
        build_pyramid(source, geometry, style=STYLE, writer=Kept(), ordered_map=ordered_map)
        for ordered_map in (None, map)
    ]
    for report in reports:
        assert [failure.media_id for failure in report.failures] == bad
    assert reports[0] == reports[1]


@pytest.mark.shared_data
def test_real_photographs_make_an_atlas_without_a_failure(shared_data):
    paths = sorted((shared_data / "museum-insects" / "images").iterdir())[:120]
    content = {stable_id(path.name): path for path in paths}
    sizes = []
    for path in paths:
        with Image.open(path) as image:
            sizes.append(np.array(image.size) / max(image.size))
    positions = np.stack([np.arange(120) % 11, np.arange(120) // 11], axis=1) * 1.2
    geometry = geometry_of(list(content), positions, np.array(sizes), sprite_px=128, margin_px=16)
    tiles = Kept()
    source = EncodedSprites(lambda media_id: content[media_id].read_bytes())
    style = TileStyle(retina=False)
    report = build_pyramid(source, geometry, style=style, writer=tiles)
    assert report.failures == []
    assert choose_representatives(geometry, RepresentativeStyle()) == {}
    painted = (joined(tiles, geometry.max_zoom, style) < 250).any(axis=2).mean()
    covered = (geometry.boxes[:, 2] * geometry.boxes[:, 3]).sum() / geometry.world_px**2
    assert 0.5 * covered < painted < 1.3 * covered
