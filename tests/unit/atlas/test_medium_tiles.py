import numpy as np
import pytest

from wunderkammer.atlas.containers import PMTilesReader, verify_pmtiles
from wunderkammer.atlas.encoding import decode_tile
from wunderkammer.atlas.medium_tiles import medium_pyramid, zooms_of
from wunderkammer.atlas.style import TileStyle

LOSSLESS = TileStyle(format="png")


def noise(height, width, depth=3):
    return np.random.default_rng(width).integers(0, 256, (height, width, depth), dtype=np.uint8)


def zooms(content, folder, tile_px, depth=3):
    """Return the picture of each zoom, joined from its tiles; nothing where there is none."""
    path = folder / "picture.pmtiles"
    path.write_bytes(content)
    assert verify_pmtiles(path) == []
    found = {}
    with PMTilesReader(path) as reader:
        for (zoom, x, y), data in reader.items():
            tile = decode_tile(data)
            side = tile_px << zoom
            whole = found.setdefault(zoom, np.zeros((side, side, depth), np.uint8))
            height, width = tile.shape[:2]
            whole[y * tile_px : y * tile_px + height, x * tile_px : x * tile_px + width] = tile
    return found


@pytest.mark.parametrize(
    ("height", "width"), [(256, 256), (257, 100), (700, 1025), (1, 900), (513, 511)]
)
def test_every_pixel_comes_back_at_the_highest_zoom_and_halved_below(tmp_path, height, width):
    picture = noise(height, width)
    found = zooms(medium_pyramid(picture, LOSSLESS, 256), tmp_path, 256)
    assert sorted(found) == list(range(zooms_of(width, height, 256) + 1))
    expected = picture.astype(float)
    for zoom in sorted(found, reverse=True):
        rows, columns = expected.shape[:2]
        assert (np.abs(found[zoom][:rows, :columns] - expected) <= 0.5).all()
        assert not found[zoom][rows:].any(), "tiles end where the picture ends"
        assert not found[zoom][:, columns:].any()
        shown = found[zoom][:rows, :columns].astype(float)
        even = np.pad(shown, ((0, rows % 2), (0, columns % 2), (0, 0)), mode="edge")
        expected = (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / 4
    assert max(found[0].shape[:2]) == 256


def test_tiles_in_which_nothing_is_visible_are_left_out(tmp_path):
    picture = np.zeros((600, 1200, 4), np.uint8)
    picture[10:90, 700:760] = (9, 8, 7, 255)
    content = medium_pyramid(picture, LOSSLESS, 256)
    found = zooms(content, tmp_path, 256, depth=4)
    with PMTilesReader(tmp_path / "picture.pmtiles") as reader:
        assert [address for address in reader.tiles() if address[0] == 3] == [(3, 2, 0)]
    assert (found[3][:600, :1200] == picture).all()


def test_equal_pictures_give_equal_bytes():
    style = TileStyle(format="webp")
    assert medium_pyramid(noise(300, 500), style, 256) == medium_pyramid(
        noise(300, 500), style, 256
    )
