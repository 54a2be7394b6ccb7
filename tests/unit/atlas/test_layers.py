import numpy as np

from wunderkammer.atlas.layers import Layer, Shadow, layers_of, raised_boxes
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.core.morton import tile_of

ID = np.zeros((1, 10), np.uint8)
NONE = Shadow(0, 0, 0, 0)


def tiles_of(layer, member=0):
    return {tile_of(int(code)) for code in layer.codes[layer.members == member]}


def test_a_sprite_lies_in_every_tile_that_holds_a_pixel_of_it():
    inside = Layer.of(2, NONE, ID, np.array([[256, 256, 256, 256]], np.int32))
    assert tiles_of(inside) == {(1, 1)}
    across = Layer.of(2, NONE, ID, np.array([[255, 256, 258, 256]], np.int32))
    assert tiles_of(across) == {(0, 1), (1, 1), (2, 1)}


def test_a_shadow_reaches_into_tiles_that_the_sprite_does_not():
    shadow = Shadow(0.5, 2.0, 6, 4)
    layer = Layer.of(2, shadow, ID, np.array([[300, 262, 100, 244]], np.int32))
    assert tiles_of(layer) == {(1, 1), (1, 2)}  # 2 pixels up, 10 down: drawn on purpose
    higher = Layer.of(2, shadow, ID, np.array([[300, 257, 100, 100]], np.int32))
    assert tiles_of(higher) == {(1, 0), (1, 1)}


def test_what_sticks_out_of_the_square_is_left_out():
    layer = Layer.of(1, Shadow(0.5, 2.0, 6, 0), ID, np.array([[0, 0, 512, 512]], np.int32))
    assert tiles_of(layer) == {(0, 0), (1, 0), (0, 1), (1, 1)}


def test_members_of_a_tile_come_in_the_order_of_their_rows():
    boxes = np.array([[10, 10, 400, 20], [0, 40, 500, 20], [300, 10, 20, 20]], np.int32)
    layer = Layer.of(1, NONE, ID.repeat(3, axis=0), boxes)
    assert layer.members[layer.within(1, 0)].tolist() == [0, 1]
    assert layer.members[layer.within(1, 1)].tolist() == [0, 1, 2]


def test_a_cut_holds_the_same_sprites_for_its_tiles_and_nothing_else(grid):
    geometry = grid(100, sprite_px=64)
    layer = layers_of(geometry, TileStyle(), {}, RepresentativeStyle())[geometry.max_zoom]
    part = layer.cut(1, 2)
    assert 0 < len(part.ids) < 100
    for code in np.unique(part.codes).tolist():
        assert code >> 2 * (layer.zoom - 1) == 2
        whole, cut = layer.within(layer.zoom, code), part.within(part.zoom, code)
        assert (part.boxes[part.members[cut]] == layer.boxes[layer.members[whole]]).all()
        assert (part.ids[part.members[cut]] == layer.ids[layer.members[whole]]).all()


def test_touches_says_whether_within_is_not_empty(grid):
    geometry = grid(30, sprite_px=64)
    layer = layers_of(geometry, TileStyle(), {}, RepresentativeStyle())[geometry.max_zoom]
    for zoom in range(geometry.max_zoom + 1):
        for code in range(4**zoom):
            entries = layer.within(zoom, code)
            assert layer.touches(zoom, code) == (entries.stop > entries.start)


def test_a_raised_sprite_keeps_its_centre(grid):
    geometry = grid(50)
    rows = np.arange(50)
    boxes = raised_boxes(geometry, rows, geometry.max_zoom - 1, 96)
    assert (boxes[:, 2:] == 96).all()
    centres = boxes[:, :2] + boxes[:, 2:] / 2
    assert np.abs(centres - geometry.centres / 2).max() <= 1
