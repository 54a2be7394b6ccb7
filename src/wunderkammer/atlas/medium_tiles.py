"""A single picture as a small pyramid of its own, for zooming in past the atlas' last zoom."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.containers import PMTilesWriter
from wunderkammer.atlas.encoding import encode_tile
from wunderkammer.atlas.style import MEDIA_TYPES, TileStyle
from wunderkammer.imaging.compositing import halve

Image = npt.NDArray[np.uint8]


def zooms_of(width: int, height: int, tile_px: int) -> int:
    """Return the highest zoom of a picture's own pyramid: at 0 it fits into one tile.

    Examples
    --------
    >>> zooms_of(512, 300, 512), zooms_of(513, 300, 512), zooms_of(6000, 4000, 512)
    (0, 1, 4)
    """
    zoom = 0
    while max(width, height) > tile_px << zoom:
        zoom += 1
    return zoom


def medium_pyramid(picture: Image, style: TileStyle, tile_px: int) -> bytes:
    """Return a PMTiles file that holds a picture at every zoom.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width, 3) or (height, width, 4)
        Red, green, blue, or these premultiplied with the alpha that follows them.
    style : TileStyle
        Format and quality.
    tile_px : int
        Edge of a tile.

    Returns
    -------
    bytes
        At the highest zoom a pixel is a pixel of the picture, whose top left corner
        is that of tile 0, 0. Each zoom below has half the sides, rounded up, each
        pixel the mean of 2 x 2. Tiles at the right and at the bottom end where the
        picture ends; one without any visible pixel is left out. Equal pictures give
        equal bytes.
    """
    zoom = zooms_of(picture.shape[1], picture.shape[0], tile_px)
    media_type = MEDIA_TYPES[style.format]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "tiles.pmtiles"
        with PMTilesWriter(path, media_type, tile_px=tile_px) as writer:
            for level in range(zoom, -1, -1):
                for x, y, tile in _tiles(picture, tile_px):
                    writer.write(level, x, y, encode_tile(tile, style))
                picture = _half(picture) if level else picture
        return path.read_bytes()


def _tiles(picture: Image, tile_px: int) -> Iterator[tuple[int, int, Image]]:
    """Yield column, row and pixels of each tile that shows anything."""
    height, width = picture.shape[:2]
    for top in range(0, height, tile_px):
        for left in range(0, width, tile_px):
            tile = picture[top : top + tile_px, left : left + tile_px]
            if tile.shape[2] == 3 or tile[:, :, 3].any():
                yield left // tile_px, top // tile_px, np.ascontiguousarray(tile)


def _half(picture: Image) -> Image:
    """Return the picture at half its size, odd sides made even by their last pixels."""
    height, width = picture.shape[:2]
    return halve(np.pad(picture, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge"))
