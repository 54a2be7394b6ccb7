"""The raster pyramid: sprites drawn once at the bottom, parents made from children.

Tiles are visited in Z-order, depth first. A tile of the highest zoom is painted
from the sprites that touch it; any other is its four children, halved, with the
representatives of its zoom on top. So one tile a zoom is in memory, whatever the
size of the atlas, and what holds no sprite is never visited.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np

from wunderkammer.atlas.encoding import encode_tile
from wunderkammer.atlas.geometry import Geometry
from wunderkammer.atlas.layers import Layer, Rows, layers_of
from wunderkammer.atlas.morton import tile_of
from wunderkammer.atlas.schemas import TILE_PX
from wunderkammer.atlas.sprites import Image, Sprite, SpriteFailure, SpriteMaker, SpriteSource
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.imaging.compositing import dim, halve, paint, shade

SUBTREE_DEPTH = 4
"""Zooms below the root of a subtree that one process draws at a time: 256 bottom tiles."""

Emit = Callable[["Tile"], None]


class TileWriter(Protocol):
    """Where encoded tiles go; they come in no particular order, each address once."""

    def write(self, zoom: int, x: int, y: int, data: bytes) -> None:
        """Store the bytes of one tile."""
        ...


class Tile(NamedTuple):
    """A tile that holds something, encoded."""

    zoom: int
    x: int
    y: int
    data: bytes
    retina_data: bytes | None


@dataclass(frozen=True)
class Subtree:
    """The part of a pyramid below one tile, with all that drawing it takes."""

    source: SpriteSource
    style: TileStyle
    layers: Mapping[int, Layer]
    zoom: int
    code: int


@dataclass(frozen=True)
class SubtreeResult:
    """A subtree's tiles, its root not yet encoded, and the sprites that failed."""

    root: Image | None
    tiles: list[Tile]
    failures: list[SpriteFailure]


@dataclass(frozen=True)
class PyramidReport:
    """What a pyramid holds.

    Attributes
    ----------
    tiles_by_zoom : dict
        Number of tiles with content at each zoom.
    n_bytes, n_retina_bytes : int
        Sum of the tiles' bytes.
    failures : list of SpriteFailure
        Sprites left out, sorted by media_id.
    """

    tiles_by_zoom: dict[int, int]
    n_bytes: int
    n_retina_bytes: int
    failures: list[SpriteFailure]

    @property
    def n_tiles(self) -> int:
        """Number of tiles, each counted once whether or not it is also there at @2x."""
        return sum(self.tiles_by_zoom.values())


@dataclass
class _Tally:
    """Hands tiles to the writers and counts them."""

    writer: TileWriter
    retina_writer: TileWriter | None
    tiles_by_zoom: Counter[int] = field(default_factory=Counter)
    n_bytes: int = 0
    n_retina_bytes: int = 0

    def take(self, tile: Tile) -> None:
        self.writer.write(tile.zoom, tile.x, tile.y, tile.data)
        self.tiles_by_zoom[tile.zoom] += 1
        self.n_bytes += len(tile.data)
        if self.retina_writer is not None and tile.retina_data is not None:
            self.retina_writer.write(tile.zoom, tile.x, tile.y, tile.retina_data)
            self.n_retina_bytes += len(tile.retina_data)


OrderedMap = Callable[
    [Callable[[Subtree], SubtreeResult], Iterable[Subtree]], Iterable[SubtreeResult]
]
"""Like the built-in ``map``: results in the order of the tasks, wherever they are computed."""


def build_pyramid(
    source: SpriteSource,
    geometry: Geometry,
    *,
    style: TileStyle,
    writer: TileWriter,
    retina_writer: TileWriter | None = None,
    representatives: Mapping[int, Rows] | None = None,
    representative_style: RepresentativeStyle | None = None,
    ordered_map: OrderedMap | None = None,
) -> PyramidReport:
    """Draw every tile that holds something, from the whole atlas to single pixels.

    Parameters
    ----------
    source : SpriteSource
        Gives the image of a medium.
    geometry : Geometry
        Where each medium lies.
    style : TileStyle
        How it looks.
    writer, retina_writer : TileWriter
        Take the 1x tiles and, where ``style.retina``, the @2x tiles. Those are drawn
        from images of twice the size; the 1x tiles are then these, halved.
    representatives : mapping, optional
        Rows drawn larger at each zoom, from ``choose_representatives``.
    representative_style : RepresentativeStyle, optional
        At which size.
    ordered_map : callable, optional
        Where subtrees are drawn, such as processes; in this
        process if left out. The tiles' bytes do not depend on it.

    Raises
    ------
    ConfigurationError
        If ``style.retina`` and ``retina_writer`` disagree.
    """
    if style.retina != (retina_writer is not None):
        raise ConfigurationError(
            f"The style says retina = {style.retina}, and "
            f"{'no' if retina_writer is None else 'a'} writer of @2x tiles was given.",
            hint="Give retina_writer exactly where style.retina is true.",
        )
    layers = layers_of(
        geometry, style, dict(representatives or {}), representative_style or RepresentativeStyle()
    )
    whole = Subtree(source, style, layers, 0, 0)
    tally = _Tally(writer, retina_writer)
    if ordered_map is None:
        drawing = _Drawing(whole, tally.take)
        drawing.tile(0, 0)
        failures = drawing.failures
    else:
        failures = _build_in_parts(whole, tally.take, ordered_map)
    return PyramidReport(
        dict(sorted(tally.tiles_by_zoom.items())), tally.n_bytes, tally.n_retina_bytes, failures
    )


def build_subtree(subtree: Subtree) -> SubtreeResult:
    """Draw the part of a pyramid below one tile, that tile included."""
    tiles: list[Tile] = []
    drawing = _Drawing(subtree, tiles.append)
    root = drawing.tile(subtree.zoom, subtree.code)
    return SubtreeResult(root, tiles, drawing.failures)


def _build_in_parts(whole: Subtree, emit: Emit, ordered_map: OrderedMap) -> list[SpriteFailure]:
    """Draw subtrees wherever the map does, and the zooms above them here."""
    cut = max(0, max(whole.layers) - SUBTREE_DEPTH)
    failures: dict[str, SpriteFailure] = {}
    results = iter(ordered_map(build_subtree, _parts(whole, cut)))

    def next_root(_code: int) -> Image | None:
        result = next(results)
        for tile in result.tiles:
            emit(tile)
        failures.update({failure.media_id: failure for failure in result.failures})
        return result.root

    top = _Drawing(whole, emit, floor=cut, roots=next_root)
    top.tile(0, 0)
    failures.update({failure.media_id: failure for failure in top.failures})
    return [failures[media_id] for media_id in sorted(failures)]


def _parts(whole: Subtree, cut: int) -> Iterator[Subtree]:
    """Yield the subtrees with content below the tiles of a zoom, in Z-order."""
    below = [layer for layer in whole.layers.values() if layer.zoom >= cut]
    codes = np.unique(np.concatenate([layer.codes >> 2 * (layer.zoom - cut) for layer in below]))
    for code in codes.tolist():
        layers = {layer.zoom: layer.cut(cut, code) for layer in below}
        yield Subtree(whole.source, whole.style, layers, cut, code)


class _Drawing:
    """One walk over a subtree, depth first."""

    def __init__(
        self,
        subtree: Subtree,
        emit: Emit,
        *,
        floor: int | None = None,
        roots: Callable[[int], Image | None] | None = None,
    ) -> None:
        self._layers = subtree.layers
        self._style = subtree.style
        self._scale = 2 if subtree.style.retina else 1
        self._sprites = SpriteMaker(subtree.source, subtree.style, self._scale)
        self._emit = emit
        self._floor = floor
        self._roots = roots
        self._bottom = max(subtree.layers)
        edge = TILE_PX * self._scale
        self._blank = np.full((edge, edge, 3), subtree.style.background_rgb, np.uint8)
        self._full_light = np.full((edge, edge), 255, np.uint8)

    @property
    def failures(self) -> list[SpriteFailure]:
        """The sprites left out, sorted by media_id."""
        return [failure for _, failure in sorted(self._sprites.failures.items())]

    def tile(self, zoom: int, code: int) -> Image | None:
        """Draw a tile and all below it; return its pixels, or None if it is empty."""
        if self._roots is not None and zoom == self._floor:
            return self._roots(code)
        canvas = None if zoom == self._bottom else self._from_children(zoom, code)
        canvas = self._painted(canvas, zoom, code)
        if canvas is not None:
            self._emit(self._encoded(canvas, zoom, code))
        return canvas

    def _from_children(self, zoom: int, code: int) -> Image | None:
        """Return the four children, each halved into its quarter, or None if all are empty."""
        canvas = None
        half = TILE_PX * self._scale // 2
        below = [layer for layer in self._layers.values() if layer.zoom > zoom]
        for child in range(code << 2, (code + 1) << 2):
            if not any(layer.touches(zoom + 1, child) for layer in below):
                continue
            pixels = self.tile(zoom + 1, child)
            if pixels is None:
                continue
            canvas = self._blank.copy() if canvas is None else canvas
            left, top = half * (child & 1), half * ((child >> 1) & 1)
            canvas[top : top + half, left : left + half] = halve(pixels)
        return canvas

    def _painted(self, canvas: Image | None, zoom: int, code: int) -> Image | None:
        """Return the canvas with the sprites of its zoom: all shadows first, then all images."""
        layer = self._layers.get(zoom)
        placed = [] if layer is None else self._placed(layer, code)
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

    def _placed(self, layer: Layer, code: int) -> list[tuple[Sprite, int, int]]:
        """Return the sprites of a tile with where each begins on it."""
        x, y = tile_of(code)
        placed = []
        for member in layer.members[layer.within(layer.zoom, code)].tolist():
            sprite = self._sprites.take(layer, member)
            if sprite is not None:
                left = (int(layer.boxes[member, 0]) - x * TILE_PX) * self._scale + sprite.left
                top = (int(layer.boxes[member, 1]) - y * TILE_PX) * self._scale + sprite.top
                placed.append((sprite, left, top))
        return placed

    def _encoded(self, pixels: Image, zoom: int, code: int) -> Tile:
        x, y = tile_of(code)
        if self._scale == 1:
            return Tile(zoom, x, y, encode_tile(pixels, self._style), None)
        halved = encode_tile(halve(pixels), self._style)
        return Tile(zoom, x, y, halved, encode_tile(pixels, self._style))
