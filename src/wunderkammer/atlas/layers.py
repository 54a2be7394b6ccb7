"""Which sprites are drawn at which zoom, and in which tiles each of them lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.geometry import Boxes, Geometry, Ids
from wunderkammer.atlas.schemas import TILE_PX
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.core.morton import Codes, morton_codes
from wunderkammer.imaging.shadows import shadow_reach

Rows = npt.NDArray[np.int64]
Pictures = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Shadow:
    """A shadow's shape in pixels of 1x tiles."""

    opacity: float
    sigma: float
    reach: int
    drop: int

    @classmethod
    def of(cls, style: TileStyle, sprite_px: int) -> Shadow:
        """Return the shadow that a style throws under sprites of a size."""
        if style.shadow_opacity == 0:
            return cls(0.0, 0.0, 0, 0)
        sigma = style.shadow_blur * sprite_px
        return cls(
            style.shadow_opacity, sigma, shadow_reach(sigma), round(style.shadow_drop * sprite_px)
        )


@dataclass(frozen=True)
class Layer:
    """The sprites drawn at one zoom.

    Attributes
    ----------
    zoom : int
        The zoom they are drawn at.
    shadow : Shadow
        The shadow under each.
    ids : ndarray of uint8, shape (n, 10)
        The media_id of each sprite.
    boxes : ndarray of int32, shape (n, 4)
        Left, top, width, height in 1x pixels of that zoom.
    codes : ndarray of int64, shape (m,)
        Morton codes of the tiles that sprites touch, ascending; a sprite has
        one entry for each tile that it or its shadow touches.
    members : ndarray of int64, shape (m,)
        The sprite of each entry; ascending within a tile.
    pictures : ndarray of uint8, shape (n, length)
        A digest of the picture of each sprite.
    tile_px : int
        Edge of a tile in 1x pixels.
    """

    zoom: int
    shadow: Shadow
    ids: Ids
    boxes: Boxes
    codes: Codes
    members: Rows
    pictures: Pictures
    tile_px: int = TILE_PX

    @classmethod
    def of(
        cls,
        zoom: int,
        shadow: Shadow,
        ids: Ids,
        boxes: Boxes,
        pictures: Pictures | None = None,
        tile_px: int = TILE_PX,
    ) -> Layer:
        """Return the layer with the tiles that its sprites touch; a medium is its own picture."""
        codes, members = _touched(zoom, shadow, boxes, tile_px)
        shown = ids if pictures is None else pictures
        return cls(zoom, shadow, ids, boxes, codes, members, shown, tile_px)

    def within(self, zoom: int, code: int) -> slice:
        """Return the entries below a tile of this or a lower zoom."""
        depth = 2 * (self.zoom - zoom)
        first, last = np.searchsorted(self.codes, (code << depth, (code + 1) << depth))
        return slice(int(first), int(last))

    def touches(self, zoom: int, code: int) -> bool:
        """Tell whether any sprite lies in a tile of this or a lower zoom."""
        depth = 2 * (self.zoom - zoom)
        first = int(np.searchsorted(self.codes, code << depth))
        return first < len(self.codes) and int(self.codes[first]) < (code + 1) << depth

    def cut(self, zoom: int, code: int) -> Layer:
        """Return the part of the layer that lies below a tile: small, and complete for it."""
        entries = self.within(zoom, code)
        kept, members = np.unique(self.members[entries], return_inverse=True)
        return Layer(
            self.zoom,
            self.shadow,
            self.ids[kept],
            self.boxes[kept],
            self.codes[entries],
            members.astype(np.int64),
            self.pictures[kept],
            self.tile_px,
        )


def layers_of(
    geometry: Geometry,
    style: TileStyle,
    representatives: Mapping[int, Rows],
    representative_style: RepresentativeStyle,
    pictures: Pictures | None = None,
) -> dict[int, Layer]:
    """Return the layers of an atlas by zoom: all sprites at the highest, few between."""
    shadow, shown = Shadow.of(style, geometry.sprite_px), pictures
    if shown is None:
        shown = geometry.ids
    highest, tile_px = geometry.max_zoom, geometry.tile_px
    layers = {highest: Layer.of(highest, shadow, geometry.ids, geometry.boxes, shown, tile_px)}
    raised = Shadow.of(style, representative_style.sprite_px)
    for zoom, rows in representatives.items():
        boxes = raised_boxes(geometry, rows, zoom, representative_style.sprite_px)
        layers[zoom] = Layer.of(zoom, raised, geometry.ids[rows], boxes, shown[rows], tile_px)
    return layers


def raised_boxes(geometry: Geometry, rows: Rows, zoom: int, sprite_px: int) -> Boxes:
    """Return the boxes of rows drawn larger than the zoom shows them, about their own centres.

    Parameters
    ----------
    geometry : Geometry
        Where the rows lie.
    rows : ndarray of int64, shape (m,)
        Which of them.
    zoom : int
        The zoom at which they are drawn.
    sprite_px : int
        Longest side at which a normal sprite is drawn.

    Returns
    -------
    ndarray of int32, shape (m, 4)
        Left, top, width, height in 1x pixels of that zoom.
    """
    boxes = geometry.boxes[rows]
    extents = np.maximum(np.rint(boxes[:, 2:] * (sprite_px / geometry.sprite_px)), 1)
    centres = (boxes[:, :2] + boxes[:, 2:] / 2) / (1 << (geometry.max_zoom - zoom))
    return np.hstack([np.floor(centres - extents / 2), extents]).astype(np.int32)


def _touched(zoom: int, shadow: Shadow, boxes: Boxes, tile_px: int) -> tuple[Codes, Rows]:
    """Return a tile's code and a sprite for each tile that each sprite touches, sorted."""
    sides = np.array([shadow.reach, max(0, shadow.reach - shadow.drop)])
    last_tile = (1 << zoom) - 1
    first = np.clip((boxes[:, :2] - sides) // tile_px, 0, last_tile)
    far = boxes[:, :2] + boxes[:, 2:] - 1 + [shadow.reach, shadow.reach + shadow.drop]
    last = np.clip(far // tile_px, 0, last_tile)
    columns, rows = (last - first + 1).T
    counts = columns * rows
    members = np.repeat(np.arange(len(boxes), dtype=np.int64), counts)
    step = np.arange(len(members)) - np.repeat(np.cumsum(counts) - counts, counts)
    x = first[members, 0] + step % columns[members]
    y = first[members, 1] + step // columns[members]
    codes = morton_codes(x, y)
    order = np.argsort(codes, kind="stable")
    return codes[order], members[order]
