import numpy as np

from wunderkammer.atlas.drawing import TileDrawing
from wunderkammer.atlas.encoding import decode_tile
from wunderkammer.atlas.layers import Layer, Shadow
from wunderkammer.atlas.style import TileStyle

FLAT = TileStyle(format="png", retina=False, shadow_opacity=0)


class Grey:
    """A source of plain squares, or of nothing."""

    def __init__(self, value):
        self.value = value

    def load(self, media_id, width, height):
        if self.value is None:
            raise OSError("gone")
        return np.full((height, width, 3), self.value, np.uint8)


def drawing(value, style=FLAT):
    ids = np.zeros((1, 10), np.uint8)
    layer = Layer.of(1, Shadow(0, 0, 0, 0), ids, np.array([[10, 20, 30, 40]], np.int32))
    return TileDrawing(Grey(value), style, {1: layer})


def test_a_tile_is_its_children_with_its_own_sprites_on_top():
    red = np.zeros((128, 128, 3), np.uint8)
    red[:, :] = [200, 0, 0]
    drawn = drawing(7).tile(1, 0, [red, None, None, red])
    (encoded,) = drawn.encoded
    pixels = decode_tile(encoded)
    assert (pixels[20:60, 10:40] == 7).all()
    assert pixels[100, 100].tolist() == pixels[200, 200].tolist() == [200, 0, 0]
    assert (pixels[:128, 128:] == 255).all()
    mean = pixels.reshape(128, 2, 128, 2, 3).astype(float).mean(axis=(1, 3))
    assert np.abs(drawn.quarter - mean).max() <= 0.5
    assert drawn.is_whole


def test_a_tile_with_nothing_on_it_has_no_bytes():
    drawn = drawing(7).tile(1, 3, [None] * 4)
    assert drawn.encoded == ()
    assert drawn.quarter is None
    assert drawn.is_whole


def test_a_tile_whose_sprite_fails_is_not_whole():
    made = drawing(None)
    drawn = made.tile(1, 0, [None] * 4)
    assert drawn.encoded == ()
    assert not drawn.is_whole
    assert [failure.error for failure in made.failures] == ["OSError"]


def test_retina_is_encoded_twice():
    drawn = drawing(7, FLAT.model_copy(update={"retina": True})).tile(1, 0, [None] * 4)
    shapes = [decode_tile(data).shape for data in drawn.encoded]
    assert shapes == [(256, 256, 3), (512, 512, 3)]
    assert (decode_tile(drawn.encoded[0]) == drawn.quarter).all()
