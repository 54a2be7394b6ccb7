"""One tile: its four children halved, with the sprites of its own zoom on top."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wunderkammer.atlas.encoding import encode_tile
from wunderkammer.atlas.layers import Layer
from wunderkammer.atlas.sprites import Image, Sprite, SpriteFailure, SpriteMaker, SpriteSource
from wunderkammer.atlas.style import TileStyle
from wunderkammer.core.morton import tile_of
from wunderkammer.imaging.compositing import dim, halve, paint, shade

Quarters = Sequence[Image | None]
"""What each child of a tile fills of it, in Morton order; None where nothing is."""


@dataclass(frozen=True)
class Drawn:
    """A tile that was drawn.

    Attributes
    ----------
    encoded : tuple of bytes
        The tile at 1x and, where the style has it, at @2x; empty if it shows nothing.
    quarter : ndarray of uint8, or None
        The tile at half its size, which its parent is made of.
    is_whole : bool
        False if one of its own sprites could not be drawn.
    """

    encoded: tuple[bytes, ...]
    quarter: Image | None
    is_whole: bool


class TileDrawing:
    """Draws the tiles of some layers.

    Parameters
    ----------
    source : SpriteSource
        Gives the image of a medium.
    style : TileStyle
        How it looks.
    layers : mapping of int to Layer
        Layers by zoom.
    """

    def __init__(self, source: SpriteSource, style: TileStyle, layers: Mapping[int, Layer]) -> None:
        self._layers = layers
        self._style = style
        self._scale = 2 if style.retina else 1
        self._sprites = SpriteMaker(source, style, self._scale)
        self.edge = style.tile_px * self._scale
        self.depth = len(style.ground)
        self._blank = np.full((self.edge, self.edge, self.depth), style.ground, np.uint8)
        self._full_light = np.full((self.edge, self.edge), 255, np.uint8)

    @property
    def failures(self) -> list[SpriteFailure]:
        """The sprites left out, sorted by media_id."""
        return [failure for _, failure in sorted(self._sprites.failures.items())]

    def expect(self, zoom: int, codes: Collection[int]) -> None:
        """Say which tiles of a zoom will be drawn, so that their sprites are kept that long."""
        layer = self._layers.get(zoom)
        if layer is not None:
            wanted = np.isin(layer.codes, np.fromiter(codes, np.int64, len(codes)))
            self._sprites.expect(layer, layer.members[wanted])

    def tile(self, zoom: int, code: int, quarters: Quarters) -> Drawn:
        """Return a tile, given its children."""
        layer = self._layers.get(zoom)
        placed, n_members = ([], 0) if layer is None else self._placed(layer, code)
        canvas = self._painted(self._joined(quarters), placed)
        is_whole = len(placed) == n_members
        if canvas is None:
            return Drawn((), None, is_whole)
        quarter = halve(canvas)
        images = (canvas,) if self._scale == 1 else (quarter, canvas)
        return Drawn(tuple(encode_tile(one, self._style) for one in images), quarter, is_whole)

    def _joined(self, quarters: Quarters) -> Image | None:
        """Return the children side by side, or None if all are empty."""
        canvas = None
        half = self.edge // 2
        for number, quarter in enumerate(quarters):
            if quarter is not None:
                canvas = self._blank.copy() if canvas is None else canvas
                left, top = half * (number & 1), half * (number >> 1)
                canvas[top : top + half, left : left + half] = quarter
        return canvas

    def _painted(
        self, canvas: Image | None, placed: Sequence[tuple[Sprite, int, int]]
    ) -> Image | None:
        """Return the canvas with the sprites of its zoom: all shadows first, then all images."""
        if not placed:
            return canvas
        light = self._full_light.copy()
        for sprite, left, top in placed:
            if sprite.light is not None:
                shade(light, sprite.light, left - sprite.reach, top - sprite.reach + sprite.drop)
        is_lit = int(light.min()) == 255
        is_new = canvas is None
        canvas = self._blank.copy() if canvas is None else canvas
        canvas = canvas if is_lit else dim(canvas, light)
        inside = [
            paint(canvas, sprite.pixels, sprite.alpha, left, top) for sprite, left, top in placed
        ]
        return None if is_new and is_lit and not any(inside) else canvas

    def _placed(self, layer: Layer, code: int) -> tuple[list[tuple[Sprite, int, int]], int]:
        """Return the sprites of a tile with where each begins, and how many it should have."""
        x, y = tile_of(code)
        placed = []
        members = layer.members[layer.within(layer.zoom, code)].tolist()
        for member in members:
            sprite = self._sprites.take(layer, member)
            if sprite is not None:
                left = (int(layer.boxes[member, 0]) - x * layer.tile_px) * self._scale + sprite.left
                top = (int(layer.boxes[member, 1]) - y * layer.tile_px) * self._scale + sprite.top
                placed.append((sprite, left, top))
        return placed, len(members)
