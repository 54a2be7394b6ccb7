import numpy as np
import pytest

from wunderkammer.atlas.encoding import decode_tile, encode_tile
from wunderkammer.atlas.style import TileStyle


def tile():
    y, x = np.mgrid[:256, :256]
    return np.dstack([x, y, (x + y) // 2]).astype(np.uint8)


@pytest.mark.parametrize(
    ("kind", "signature", "tolerance"),
    [("jpeg", b"\xff\xd8", 4), ("webp", b"RIFF", 6), ("png", b"\x89PNG", 0)],
)
def test_a_tile_comes_back_in_each_format_with_its_colours_in_place(kind, signature, tolerance):
    data = encode_tile(tile(), TileStyle(format=kind, quality=90))
    assert data.startswith(signature)
    error = np.abs(decode_tile(data).astype(int) - tile()).mean()
    assert error <= tolerance


@pytest.mark.parametrize("kind", ["jpeg", "webp", "png"])
def test_equal_pixels_give_equal_bytes(kind):
    style = TileStyle(format=kind)
    assert encode_tile(tile(), style) == encode_tile(tile().copy(), style)


def test_a_lower_quality_is_smaller():
    sizes = [len(encode_tile(tile(), TileStyle(quality=quality))) for quality in (40, 95)]
    assert sizes[0] < sizes[1]
