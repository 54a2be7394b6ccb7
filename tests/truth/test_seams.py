"""Tiles joined are one big rendering: here it is drawn whole, in plain NumPy, and compared."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.layers import raised_boxes
from wunderkammer.atlas.pyramid import build_pyramid
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.core.errors import ImageError
from wunderkammer.core.identity import stable_id
from wunderkammer.imaging.shadows import shadow_reach, soft_shadow


class Kept(dict):
    """A writer that keeps tiles in memory."""

    def write(self, zoom, x, y, data):
        assert (zoom, x, y) not in self
        self[zoom, x, y] = data


class Portraits:
    """Images as large as is asked for, none like another; some of them cannot be read."""

    def __init__(self, broken=()):
        self.broken = set(broken)

    def load(self, media_id, width, height):
        if media_id in self.broken:
            raise ImageError("the file is torn.")
        return portrait(media_id, width, height)


def portrait(media_id, width, height):
    """Return a photograph of noise, or, for every second id, a disc of it with a soft rim."""
    rng = np.random.default_rng([int(media_id, 16) % 2**32, width, height])
    image = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    if int(media_id, 16) % 2:
        return image
    y, x = (np.mgrid[:height, :width] + 0.5) / np.array([height, width])[:, None, None] - 0.5
    alpha = np.clip((0.5 - np.hypot(x, y)) * 5, 0, 1) * 255
    return np.dstack([image, alpha.astype(np.uint8)])


def times(one, other):
    """Return the product of two shares of 255, rounded to the nearest."""
    product = one.astype(np.int64) * other.astype(np.int64)
    return ((2 * product + 255) // 510).astype(np.uint8)


def common(canvas, patch, left, top):
    """Return the parts of canvas and patch that lie on each other."""
    height, width = canvas.shape[:2]
    rows = [y for y in range(patch.shape[0]) if 0 <= y + top < height]
    columns = [x for x in range(patch.shape[1]) if 0 <= x + left < width]
    if not rows or not columns:
        return None
    here = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    there = np.s_[rows[0] + top : rows[-1] + top + 1, columns[0] + left : columns[-1] + left + 1]
    return there, here


def drawn_over(canvas, sprites, style, sprite_px, scale):
    """Draw one zoom's sprites over a picture of it: every shadow, then every image.

    The last channel is how much is covered; on an opaque ground that is 255 throughout.
    """
    light = np.full(canvas.shape[:2], 255, np.uint8)
    sigma = style.shadow_blur * sprite_px
    reach, drop = shadow_reach(sigma), round(style.shadow_drop * sprite_px)
    for image, left, top in sprites if style.shadow_opacity else ():
        solid = np.full(image.shape[:2], 255, np.uint8)
        alpha = np.ascontiguousarray(image[:, :, 3]) if image.shape[2] == 4 else solid
        dark = soft_shadow(alpha, sigma * scale, reach * scale)
        kept = np.rint(255 - dark * style.shadow_opacity).astype(np.uint8)
        at = common(light, kept, left - reach * scale, top + (drop - reach) * scale)
        if at:
            light[at[0]] = times(light[at[0]], kept[at[1]])
    covered = 255 - times(255 - canvas[:, :, 3], light)
    canvas = np.dstack([times(canvas[:, :, :3], light[:, :, None]), covered])
    for image, left, top in sprites:
        at = common(canvas, image, left, top)
        if at and image.shape[2] == 3:
            canvas[at[0]] = np.insert(image[at[1]], 3, 255, axis=2)
        elif at:
            alpha = image[at[1]][:, :, 3:]
            paint = np.dstack([times(image[at[1]][:, :, :3], alpha), alpha])
            canvas[at[0]] = times(canvas[at[0]], 255 - alpha) + paint
    return canvas


def halved(canvas):
    """Return the mean of each 2 x 2 pixels, halves up."""
    height, width, depth = canvas.shape
    parts = canvas.reshape(height // 2, 2, width // 2, 2, depth).astype(np.int64)
    return ((parts.sum(axis=(1, 3)) + 2) // 4).astype(np.uint8)


def whole_pictures(geometry, style, chosen, raised_px, broken):
    """Return the picture of each zoom, drawn on one canvas without any tile."""
    scale = 2 if style.retina else 1

    def sprites(rows, boxes):
        for row, box in zip(rows, (boxes * scale).tolist(), strict=True):
            name = geometry.media_ids[row]
            if name not in broken:
                yield portrait(name, box[2], box[3]), box[0], box[1]

    side = geometry.world_px * scale
    canvas = np.full((side, side, 4), ground(style), np.uint8)
    bottom = list(sprites(range(len(geometry)), geometry.boxes))
    canvas = drawn_over(canvas, bottom, style, geometry.sprite_px, scale)
    pictures = {geometry.max_zoom: canvas}
    for zoom in range(geometry.max_zoom - 1, -1, -1):
        canvas = halved(canvas)
        if zoom in chosen:
            boxes = raised_boxes(geometry, chosen[zoom], zoom, raised_px)
            raised = list(sprites(chosen[zoom].tolist(), boxes))
            canvas = drawn_over(canvas, raised, style, raised_px, scale)
        pictures[zoom] = canvas
    return pictures


def ground(style):
    """Return the pixel of an empty place: a colour, or nothing."""
    if style.background == "transparent":
        return (0, 0, 0, 0)
    return (*bytes.fromhex(style.background[1:]), 255)


def joined(tiles, zoom, style, density=1):
    """Return all tiles of a zoom as one picture, the background where there is none."""
    edge = style.tile_px * density
    whole = np.full((edge << zoom, edge << zoom, 4), ground(style), np.uint8)
    for (of_zoom, x, y), data in tiles.items():
        if of_zoom == zoom:
            with Image.open(io.BytesIO(data)) as image:
                shown = np.asarray(image.convert("RGBA"))
            whole[y * edge : (y + 1) * edge, x * edge : (x + 1) * edge] = shown
    return whole


def as_stored(picture):
    """Return premultiplied colours as a file keeps them: as they are, not as they shine."""
    alpha = picture[:, :, 3:].astype(np.int64)
    plain = (2 * 255 * picture[:, :, :3].astype(np.int64) + alpha) // np.maximum(2 * alpha, 1)
    return np.dstack([np.clip(plain, 0, 255).astype(np.uint8), picture[:, :, 3]])


@st.composite
def atlases(draw):
    """Return a scattered atlas with representatives, a style, and which sprites are broken."""
    n = draw(st.integers(1, 14))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    spread = rng.uniform(0.5, 14, 2)
    sprite_px = draw(st.integers(12, 60))
    tile_px = draw(st.sampled_from([128, 256, 512]))
    geometry = geometry_of(
        [stable_id(str(number)) for number in range(n)],
        rng.uniform(0, 1, (n, 2)) * spread,
        rng.uniform(0.2, 1, (n, 2)),
        sprite_px=sprite_px,
        margin_px=draw(st.integers(0, 20)),
        tile_px=tile_px,
    )
    chosen = {
        zoom: np.sort(rng.choice(n, rng.integers(1, n + 1), replace=False))
        for zoom in range(geometry.max_zoom)
        if rng.uniform() < 0.7
    }
    style = TileStyle(
        format="png",
        tile_px=tile_px,
        retina=draw(st.booleans()),
        background=draw(st.sampled_from(["#ffffff", "#14181c", "transparent"])),
        shadow_opacity=draw(st.sampled_from([0, 0.4, 1])),
        shadow_blur=draw(st.sampled_from([0, 0.03, 0.2])),
        shadow_drop=draw(st.sampled_from([0, 0.05, 0.2])),
    )
    broken = {name for name in geometry.media_ids if rng.uniform() < 0.15}
    return geometry, chosen, draw(st.integers(8, 96)), style, broken


@settings(max_examples=25, deadline=None)
@given(atlases())
def test_tiles_joined_are_one_big_picture_at_every_zoom(atlas):
    geometry, chosen, raised_px, style, broken = atlas
    tiles, retina = Kept(), Kept()
    report = build_pyramid(
        Portraits(broken),
        geometry,
        style=style,
        writer=tiles,
        retina_writer=retina if style.retina else None,
        representatives=chosen,
        representative_style=RepresentativeStyle(sprite_px=raised_px),
    )
    assert {failure.media_id for failure in report.failures} == broken
    for zoom, expected in whole_pictures(geometry, style, chosen, raised_px, broken).items():
        if style.retina:
            assert (joined(retina, zoom, style, 2) == as_stored(expected)).all()
        plain = halved(expected) if style.retina else expected
        assert (joined(tiles, zoom, style) == as_stored(plain)).all()


def test_a_sprite_that_breaks_as_a_representative_costs_itself_at_every_zoom():
    places = np.stack([np.arange(36) % 6, np.arange(36) // 6], axis=1) * 1.1
    ids = [stable_id(str(number)) for number in range(36)]
    geometry = geometry_of(ids, places, np.ones((36, 2)), sprite_px=100, margin_px=9)
    chosen = {0: np.array([7, 20]), 1: np.array([7, 20, 33])}
    style = TileStyle(format="png", retina=False)
    broken = {geometry.media_ids[7]}
    tiles = Kept()
    report = build_pyramid(
        Portraits(broken),
        geometry,
        style=style,
        writer=tiles,
        representatives=chosen,
        representative_style=RepresentativeStyle(sprite_px=90),
    )
    assert [failure.media_id for failure in report.failures] == sorted(broken)
    for zoom, expected in whole_pictures(geometry, style, chosen, 90, broken).items():
        assert (joined(tiles, zoom, style) == expected).all()


class Flat:
    """Every sprite in one colour of its own, no two alike."""

    def __init__(self, ids):
        self.colours = {name: [row + 1, 255 - row, 17 * row % 256] for row, name in enumerate(ids)}

    def load(self, media_id, width, height):
        return np.full((height, width, 3), self.colours[media_id], np.uint8)


@pytest.mark.parametrize("fit", ["fill", "contain"])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_sprites_that_touch_in_the_layout_cover_no_pixel_of_each_other(fit, data):
    n = data.draw(st.integers(1, 7))
    sides = np.array(data.draw(st.lists(st.floats(0.1, 1), min_size=n, max_size=n)))
    edges = np.concatenate([[0], np.cumsum(sides)]) + data.draw(st.floats(-2, 2))
    x, y = np.meshgrid(np.arange(n), np.arange(n))
    middles = (edges[:-1] + edges[1:]) / 2
    positions = np.stack([middles[x.ravel()], middles[y.ravel()]], axis=1)
    sizes = np.stack([sides[x.ravel()], sides[y.ravel()]], axis=1)
    ids = [stable_id(str(number)) for number in range(n * n)]
    geometry = geometry_of(ids, positions, sizes, sprite_px=40, margin_px=3)
    source, tiles = Flat(geometry.media_ids), Kept()
    style = TileStyle(format="png", retina=False, shadow_opacity=0, fit=fit, background="#000000")
    build_pyramid(source, geometry, style=style, writer=tiles)
    whole = joined(tiles, geometry.max_zoom, style)[:, :, :3]
    for name, (left, top, width, height) in zip(
        geometry.media_ids, geometry.boxes.tolist(), strict=True
    ):
        mine = (whole == source.colours[name]).all(axis=2)
        assert mine.sum() == width * height
        assert mine[top : top + height, left : left + width].all()
