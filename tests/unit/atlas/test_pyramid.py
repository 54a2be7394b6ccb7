import numpy as np
import pytest

from wunderkammer.atlas.encoding import decode_tile
from wunderkammer.atlas.pyramid import build_pyramid
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.core.errors import ConfigurationError, ImageError

FLAT = TileStyle(format="png", retina=False, shadow_opacity=0)


class Kept:
    """A writer that keeps tiles in memory and refuses an address it has."""

    def __init__(self):
        self.tiles = {}

    def write(self, zoom, x, y, data):
        assert (zoom, x, y) not in self.tiles
        self.tiles[zoom, x, y] = data


class Grey:
    """A source of plain squares; some media can fail, or be invisible."""

    def __init__(self, broken=(), invisible=()):
        self.broken = set(broken)
        self.invisible = set(invisible)

    def load(self, media_id, width, height):
        if media_id in self.broken:
            raise ImageError(f"{media_id} is broken.")
        channels = 4 if media_id in self.invisible else 3
        return np.zeros((height, width, channels), np.uint8)


def build(geometry, source=None, style=FLAT, **more):
    writer = Kept()
    report = build_pyramid(source or Grey(), geometry, style=style, writer=writer, **more)
    return writer.tiles, report


def test_every_tile_with_a_pixel_is_there_and_no_other(grid):
    geometry = grid(5, sprite_px=64, margin_px=8, pitch=10.0)  # far apart: most tiles are empty
    tiles, report = build(geometry)
    expected = set()
    for left, top, width, height in geometry.boxes.tolist():
        for x in range(left // 256, (left + width - 1) // 256 + 1):
            for y in range(top // 256, (top + height - 1) // 256 + 1):
                for zoom in range(geometry.max_zoom + 1):
                    shift = geometry.max_zoom - zoom
                    expected.add((zoom, x >> shift, y >> shift))
    assert set(tiles) == expected
    assert report.n_tiles == len(tiles)
    assert report.tiles_by_zoom[0] == 1
    assert report.n_bytes == sum(map(len, tiles.values()))


def test_an_atlas_whose_sprites_all_fail_has_no_tiles_and_names_them(grid):
    geometry = grid(7)
    tiles, report = build(geometry, Grey(broken=geometry.media_ids))
    assert tiles == {}
    assert [failure.media_id for failure in report.failures] == sorted(geometry.media_ids)
    assert {failure.error for failure in report.failures} == {"ImageError"}


def test_a_tile_that_nothing_changes_is_not_written(grid):
    geometry = grid(1, sprite_px=64)
    style = TileStyle(format="png", retina=False)
    tiles, _ = build(geometry, Grey(broken=geometry.media_ids), style)
    assert tiles == {}


def test_retina_needs_its_writer_and_its_writer_needs_retina(grid):
    with pytest.raises(ConfigurationError, match="retina"):
        build(grid(1), style=TileStyle(retina=True))
    with pytest.raises(ConfigurationError, match="retina"):
        build(grid(1), style=FLAT, retina_writer=Kept())


def test_the_background_is_the_styles(grid):
    tiles, _ = build(grid(1), style=TileStyle(format="png", retina=False, background="#102030"))
    assert decode_tile(tiles[0, 0, 0])[0, 0].tolist() == [0x10, 0x20, 0x30]


def test_representatives_lie_large_on_the_shrunken_image(grid):
    geometry = grid(400, sprite_px=32, margin_px=8)
    assert geometry.max_zoom == 2
    style = RepresentativeStyle(sprite_px=96)
    rows = np.array([210])
    plain, _ = build(geometry)
    tiles, _ = build(geometry, representatives={1: rows}, representative_style=style)
    changed = {address for address in tiles if tiles[address] != plain[address]}
    assert {zoom for zoom, _, _ in changed} == {0, 1}  # the parent shows it too, halved
    x, y = (geometry.centres[210] / 2).astype(int)
    pixels = decode_tile(tiles[1, x // 256, y // 256])
    assert (pixels[y % 256, x % 256] == 0).all()
    black = sum(
        int((decode_tile(tiles[1, i, j]) == 0).all(axis=2).sum()) for i in (0, 1) for j in (0, 1)
    )
    assert black >= 96 * 96
