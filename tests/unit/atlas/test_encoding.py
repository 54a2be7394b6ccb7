import io

import numpy as np
import pytest
from PIL import Image

from wunderkammer.atlas.encoding import decode_tile, encode_tile
from wunderkammer.atlas.style import MEDIA_TYPES, TileStyle
from wunderkammer.imaging.compositing import premultiplied


def tile():
    y, x = np.mgrid[:256, :256]
    return np.dstack([x, y, (x + y) // 2]).astype(np.uint8)


@pytest.mark.parametrize(
    ("kind", "quality", "tolerance"),
    [("jpeg", 0, 4), ("webp", 0, 6), ("png", 0, 0), ("avif", 0, 4)],
)
def test_a_tile_comes_back_in_each_format_with_its_colours_in_place(kind, quality, tolerance):
    data = encode_tile(tile(), TileStyle(format=kind, quality=quality))
    with Image.open(io.BytesIO(data)) as image:
        assert image.get_format_mimetype() == MEDIA_TYPES[kind]
    error = np.abs(decode_tile(data).astype(int) - tile()).mean()
    assert error <= tolerance


@pytest.mark.parametrize("kind", ["jpeg", "webp", "png", "avif"])
def test_equal_pixels_give_equal_bytes(kind):
    style = TileStyle(format=kind)
    assert encode_tile(tile(), style) == encode_tile(tile().copy(), style)


@pytest.mark.parametrize(("kind", "tolerance"), [("png", 0), ("webp", 8), ("avif", 8)])
def test_a_tile_without_ground_keeps_its_alpha_and_what_alpha_shows(kind, tolerance):
    alpha = np.linspace(0, 255, 256).astype(np.uint8)[:, None, None].repeat(256, axis=1)
    pixels = premultiplied(np.dstack([tile(), alpha]))
    style = TileStyle(format=kind, background="transparent")
    back = decode_tile(encode_tile(pixels, style))
    assert back.shape == pixels.shape
    assert np.abs(back.astype(int) - pixels).mean() <= tolerance
    if kind != "avif":
        assert (back[:, :, 3] == pixels[:, :, 3]).all()


@pytest.mark.parametrize(("kind", "quality"), [("jpeg", 85), ("webp", 80), ("avif", 70)])
def test_no_quality_is_the_one_that_was_measured(kind, quality):
    measured = encode_tile(tile(), TileStyle(format=kind))
    assert measured == encode_tile(tile(), TileStyle(format=kind, quality=quality))
    assert measured != encode_tile(tile(), TileStyle(format=kind, quality=quality - 20))


def test_a_lower_quality_is_smaller():
    sizes = [len(encode_tile(tile(), TileStyle(quality=quality))) for quality in (40, 95)]
    assert sizes[0] < sizes[1]
