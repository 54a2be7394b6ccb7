import dataclasses

import numpy as np

from wunderkammer.atlas.layers import Layer, Shadow, layers_of
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.atlas.tile_digests import look_digest, subtree_digest, tile_digests

STYLE = TileStyle()


def digests(geometry, pictures=None, style=STYLE, **representatives):
    layers = layers_of(
        geometry, style, representatives.get("rows", {}), RepresentativeStyle(), pictures
    )
    return tile_digests(layers, 0, look_digest(style))


def changed(one, other):
    """Return the addresses that only one has or where they differ."""
    flat = [
        {(z, c): d for z, codes in which.items() for c, d in codes.items()}
        for which in (one, other)
    ]
    return {key for key in flat[0] | flat[1] if flat[0].get(key) != flat[1].get(key)}


def touched(geometry, row):
    """Return the addresses that a sprite and its shadow touch, and all above them."""
    layer = Layer.of(
        geometry.max_zoom, Shadow.of(STYLE, geometry.sprite_px), geometry.ids[[row]],
        geometry.boxes[[row]],
    )  # fmt: skip
    return {
        (zoom, code >> 2 * (geometry.max_zoom - zoom))
        for zoom in range(geometry.max_zoom + 1)
        for code in layer.codes.tolist()
    }


def test_another_picture_changes_the_tiles_it_touches_and_no_other(grid):
    geometry = grid(90, sprite_px=100)
    pictures = np.random.default_rng(0).integers(0, 256, (90, 16), dtype=np.uint8)
    other = pictures.copy()
    other[33] += 1
    found = changed(digests(geometry, pictures), digests(geometry, other))
    assert found == touched(geometry, 33)


def test_a_moved_sprite_changes_the_tiles_of_both_places(grid):
    geometry = grid(90, sprite_px=100)
    boxes = geometry.boxes.copy()
    boxes[33, :2] += [7, -3]
    moved = dataclasses.replace(geometry, boxes=boxes)
    found = changed(digests(geometry), digests(moved))
    assert found == touched(geometry, 33) | touched(moved, 33)


def test_a_representative_changes_its_own_zoom_and_those_above(grid):
    geometry = grid(400, sprite_px=32)
    assert geometry.max_zoom == 2
    rows = {1: np.array([210])}
    found = changed(digests(geometry), digests(geometry, rows=rows))
    assert {zoom for zoom, _ in found} == {0, 1}


def test_equal_content_has_equal_digests_wherever_it_lies(grid):
    geometry = grid(4, sprite_px=200, pitch=256 * 4 / 200)
    same = np.zeros((4, 16), np.uint8)
    bottom = digests(geometry, same)[geometry.max_zoom]
    assert len(bottom) > len(set(bottom.values()))


def test_every_setting_of_the_style_counts():
    others = {
        "format": "png", "quality": 86, "background": "#000000", "fit": "contain", "retina": False,
        "shadow_opacity": 0.1, "shadow_blur": 0.1, "shadow_drop": 0.1,
    }  # fmt: skip
    for name, value in others.items():
        assert look_digest(STYLE.model_copy(update={name: value})) != look_digest(STYLE), name


def test_a_subtree_is_another_when_a_tile_of_it_is(grid):
    geometry = grid(90, sprite_px=100)
    pictures = np.random.default_rng(0).integers(0, 256, (90, 16), dtype=np.uint8)
    other = pictures.copy()
    other[33, 5] += 1
    boxes = geometry.boxes.copy()
    boxes[33, 0] += 1

    def found(geometry=geometry, pictures=pictures, style=STYLE, rows=()):
        chosen = {1: np.array(rows)} if rows else {}
        layers = layers_of(geometry, style, chosen, RepresentativeStyle(), pictures)
        return subtree_digest(layers, look_digest(style))

    assert found() == found()
    others = [
        found(pictures=other),
        found(dataclasses.replace(geometry, boxes=boxes)),
        found(style=TileStyle(shadow_blur=STYLE.shadow_blur * 2)),
        found(style=TileStyle(quality=STYLE.quality + 1)),
        found(rows=(3,)),
        found(rows=(4,)),
    ]
    assert len({found(), *others}) == 7
