"""From a layout to pixels: the square of the pyramid, boxes of sprites, order of rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.schemas import TILE_PX
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError
from wunderkammer.core.morton import Codes, morton_codes

ID_BYTES = 10
"""Bytes of a media_id, which is 20 hexadecimal digits."""

MAX_WORLD_PX = 1 << 23
"""Edge of the largest square: float32 holds every half pixel of it, and of no larger one."""

_ROUNDING = 1e-6
"""Pixels by which a touching neighbour may be off through floating point."""

_ROWS_PER_INDEX_TILE = 64
_MAX_INDEX_ZOOM = 8

Boxes = npt.NDArray[np.int32]
Ids = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Geometry:
    """Where every sprite lies in the pyramid, one row a medium, in Z-order.

    Attributes
    ----------
    max_zoom : int
        Zoom at which one pixel is one pixel here.
    width, height : int
        Size of the laid-out area in pixels.
    left, top : int
        Its top left corner in the square of the pyramid.
    sprite_px : int
        Longest side of a normal sprite.
    ids : ndarray of uint8, shape (n, 10)
        The media_id of each row as bytes.
    order : ndarray of int64, shape (n,)
        Row r is medium ``order[r]`` of the layout that was given.
    boxes : ndarray of int32, shape (n, 4)
        Left, top, width, height in pixels of the square; y down.
    tile_px : int
        Edge of a tile in pixels, a power of two.
    """

    max_zoom: int
    width: int
    height: int
    left: int
    top: int
    sprite_px: int
    ids: Ids
    order: npt.NDArray[np.int64]
    boxes: Boxes
    tile_px: int = TILE_PX

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.ids)

    @property
    def world_px(self) -> int:
        """Edge of the square of the pyramid in pixels: ``tile_px * 2**max_zoom``."""
        return self.tile_px << self.max_zoom

    @property
    def centres(self) -> npt.NDArray[np.float32]:
        """Centres in pixels, exact to the half pixel, shape (n, 2)."""
        return (self.boxes[:, :2] + self.boxes[:, 2:] / 2).astype(np.float32)

    @property
    def codes(self) -> Codes:
        """Morton codes of the pixels that hold the centres, ascending, shape (n,)."""
        return _centre_codes(self.boxes)

    @property
    def media_ids(self) -> list[str]:
        """The media_id of each row."""
        return [row.tobytes().hex() for row in self.ids]

    @property
    def index_zoom(self) -> int:
        """Zoom of the tiles that :attr:`index` counts: some 64 rows in each, at most 4**8."""
        tiles = max(1, len(self) / _ROWS_PER_INDEX_TILE)
        return min(self.max_zoom, _MAX_INDEX_ZOOM, math.ceil(math.log(tiles, 4)))

    @property
    def index(self) -> npt.NDArray[np.uint32]:
        """First row in each tile of ``index_zoom`` in Morton order, and n at the end."""
        pixel_bits = 2 * (self.max_zoom - self.index_zoom) + 2 * (self.tile_px.bit_length() - 1)
        tiles = np.arange(4**self.index_zoom + 1, dtype=np.int64)
        return np.searchsorted(self.codes, tiles << pixel_bits).astype(np.uint32)


def geometry_of(
    media_ids: Sequence[str],
    positions: npt.NDArray[np.float64],
    sizes: npt.NDArray[np.float64],
    *,
    sprite_px: int,
    margin_px: int,
    tile_px: int = TILE_PX,
) -> Geometry:
    """Return the pixels of a layout, in the smallest square that holds it.

    Parameters
    ----------
    media_ids : sequence of str
        20 hexadecimal digits each, all different.
    positions : ndarray of float64, shape (n, 2)
        Centres in atlas units (one unit is the longest side of a normal
        sprite), y down, any origin.
    sizes : ndarray of float64, shape (n, 2)
        Widths and heights in atlas units.
    sprite_px : int
        Pixels of an atlas unit at the highest zoom.
    margin_px : int
        Free pixels to keep around the laid-out area, for shadows.
    tile_px : int, optional
        Edge of a tile in pixels, a power of two.

    Raises
    ------
    NotEnoughMediaError
        If there is no medium.
    ConfigurationError
        If the square would be larger than 2**23 pixels.

    Notes
    -----
    Edges and sizes are rounded down, so sprites that do not overlap in the
    layout do not overlap in pixels; a side is at least one pixel.

    The layout is moved by a multiple of a large power of two of pixels, which
    brings its middle near that of the square. So a medium that is added at the
    edge leaves all others on their pixels, as long as the square is the same.
    """
    if not len(media_ids):
        raise NotEnoughMediaError(
            "The atlas needs at least one medium with a position, and none has one.",
            hint="Run the layout first: wk run layout.",
        )
    boxes = _boxes(np.asarray(positions, np.float64), np.asarray(sizes, np.float64), sprite_px)
    first, far = boxes[:, :2].min(axis=0), (boxes[:, :2] + boxes[:, 2:]).max(axis=0)
    width, height = (far - first).tolist()
    max_zoom = _zoom_for(max(width, height) + 2 * margin_px, sprite_px, tile_px)
    room = (tile_px << max_zoom) - 2 * margin_px
    left, top = (
        margin_px + _begin(int(begin), side, room)
        for begin, side in zip(first - margin_px, (width, height), strict=True)
    )
    moved: Boxes = (boxes + np.array([left - first[0], top - first[1], 0, 0])).astype(np.int32)
    ids = np.array([list(bytes.fromhex(media_id)) for media_id in media_ids], np.uint8)
    order = _z_order(moved, ids)
    return Geometry(
        max_zoom, width, height, left, top, sprite_px, ids[order], order, moved[order], tile_px
    )


def begins_at(geometry: Geometry, corner: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return where the origin of a layout lies in the square of its pyramid, in pixels.

    Parameters
    ----------
    geometry : Geometry
    corner : ndarray of float64, shape (2,)
        Top left corner of the sprite of row 0 in atlas units.
    """
    first = np.floor(np.asarray(corner, np.float64) * geometry.sprite_px + _ROUNDING)
    return geometry.boxes[0, :2].astype(np.float64) - first


def _begin(begin: int, side: int, room: int) -> int:
    """Return where a range is to begin in some room: near its middle, moved in large steps.

    At most a sixteenth of what is free is between the two middles.
    """
    free = room - side
    step = 1 << max(0, free.bit_length() - 4)
    middle = free // 2 - begin
    return min(max(begin + round(middle / step) * step, 0), free)


def _boxes(
    positions: npt.NDArray[np.float64], sizes: npt.NDArray[np.float64], sprite_px: int
) -> npt.NDArray[np.int64]:
    """Round down to pixels from the layout's own origin."""
    first = np.floor((positions - sizes / 2) * sprite_px + _ROUNDING)
    last = np.floor((positions + sizes / 2) * sprite_px + _ROUNDING)
    extents = np.minimum(np.floor(sizes * sprite_px + _ROUNDING), last - first)
    return np.hstack([first, np.maximum(extents, 1)]).astype(np.int64)


def _zoom_for(side_px: int, sprite_px: int, tile_px: int) -> int:
    zoom = max(0, math.ceil(math.log2(side_px / tile_px)))
    highest = int(math.log2(MAX_WORLD_PX // tile_px))
    if zoom > highest:
        raise ConfigurationError(
            f"The layout is {side_px:,} pixels wide at sprite_px = {sprite_px}, and an atlas "
            f"holds at most {MAX_WORLD_PX:,}.",
            hint=f"Lower sprite_px to {sprite_px >> (zoom - highest)} or less.",
        )
    return zoom


def _centre_codes(boxes: Boxes) -> Codes:
    return morton_codes(boxes[:, 0] + boxes[:, 2] // 2, boxes[:, 1] + boxes[:, 3] // 2)


def _z_order(boxes: Boxes, ids: Ids) -> npt.NDArray[np.int64]:
    """Sort by Morton code of the centre; media at one pixel by id."""
    names = np.ascontiguousarray(ids).view(f"S{ID_BYTES}").ravel()
    return np.lexsort((names, _centre_codes(boxes)))
