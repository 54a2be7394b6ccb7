"""The part of a pyramid below one tile: drawn where it changed, taken as it is where not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from wunderkammer.atlas.drawing import Quarters, TileDrawing
from wunderkammer.atlas.hilbert import tile_ids
from wunderkammer.atlas.layers import Layer
from wunderkammer.atlas.packs import Place, intact
from wunderkammer.atlas.sprites import Image, SpriteFailure, SpriteSource
from wunderkammer.atlas.style import TileStyle
from wunderkammer.atlas.tile_digests import look_digest, tile_digests, without
from wunderkammer.atlas.tile_store import StoredTiles, record_table, subtree_packs
from wunderkammer.core.morton import from_morton

_CODEC = "lz4_raw"
"""Some 25 us for a quarter of 128 px, a third of its bytes; back in 10 us. zstd: three times."""


@dataclass(frozen=True)
class Subtree:
    """The part of a pyramid below one tile, with all that drawing it takes.

    Attributes
    ----------
    source, style, layers
        What is drawn, how, and where; layers have the sprites of this part alone.
    zoom, code : int
        The tile.
    store : Path
        Folder of the packs.
    before : tuple of StoredTiles
        This part of the pyramids of last time, one of each density, or nothing.
    is_kept : bool
        Whether pixels are put into the packs, for another time.
    """

    source: SpriteSource
    style: TileStyle
    layers: Mapping[int, Layer]
    zoom: int
    code: int
    store: Path
    before: tuple[StoredTiles, ...] = ()
    is_kept: bool = True


@dataclass(frozen=True)
class Unchanged:
    """The part of a pyramid below a tile that is drawn from what it was drawn from last time.

    Attributes
    ----------
    zoom, code, store, before
        As those of a :class:`Subtree`.
    """

    zoom: int
    code: int
    store: Path
    before: tuple[StoredTiles, ...]


@dataclass(frozen=True)
class SubtreeResult:
    """What became of a subtree.

    Attributes
    ----------
    quarter : bytes
        Its root at half its size, packed, for :func:`unpacked`; empty if there is nothing.
    tiles : tuple of list of StoredTiles
        Where its tiles lie now, for each density.
    n_drawn : int
        Tiles that had to be drawn.
    failures : list of SpriteFailure
        Sprites that could not be.
    """

    quarter: bytes
    tiles: tuple[list[StoredTiles], ...]
    n_drawn: int
    failures: list[SpriteFailure]


def renewed(task: Subtree | Unchanged) -> SubtreeResult | None:
    """Bring a subtree up to date; None if nothing changed but bytes are lost: it must be drawn."""
    return draw_subtree(task) if isinstance(task, Subtree) else _still_there(task)


def draw_subtree(subtree: Subtree) -> SubtreeResult:
    """Draw those tiles of a subtree that are not in the store, and put them there."""
    return _Renewal(subtree).run()


def _still_there(task: Unchanged) -> SubtreeResult | None:
    """Return where the tiles of last time lie, or None if any of their bytes is another."""
    for stored in task.before:
        rows = stored.records[list(Place._fields)].tolist()
        places = {number: Place(*row) for number, row in enumerate(rows)}
        if len(intact(stored.path, places)) < len(places):
            return None
    records = task.before[0].records
    root = records[records["id"] == tile_ids(task.zoom, *from_morton([task.code]))]
    pixels = subtree_packs(task.store, task.zoom, task.code, 0).pixels
    quarter = pixels.read(root["digest"][0].tobytes()) if len(root) else None
    if quarter is None:
        return None
    return SubtreeResult(quarter, tuple([stored] for stored in task.before), 0, [])


def unpacked(quarter: bytes, edge: int, depth: int) -> Image | None:
    """Return the pixels of a packed quarter of so many pixels along a side, and channels."""
    if not quarter:
        return None
    raw = pa.Codec(_CODEC).decompress(quarter, edge * edge * depth)
    return np.frombuffer(raw, np.uint8).reshape(edge, edge, depth)


def _packed(quarter: Image | None) -> bytes:
    if quarter is None:
        return b""
    packed: bytes = pa.Codec(_CODEC).compress(quarter, asbytes=True)
    return packed


class _Renewal:
    """One subtree being brought up to date, from its highest zoom to its root."""

    def __init__(self, subtree: Subtree) -> None:
        self._task = subtree
        n_densities = 2 if subtree.style.retina else 1
        look = look_digest(subtree.style)
        self._digests = tile_digests(subtree.layers, subtree.zoom, look)
        self._ids = {
            zoom: dict(zip(codes, tile_ids(zoom, *from_morton(list(codes))).tolist(), strict=True))
            for zoom, codes in self._digests.items()
        }
        self._packs = subtree_packs(subtree.store, subtree.zoom, subtree.code, n_densities)
        self._drawing = TileDrawing(subtree.source, subtree.style, subtree.layers)
        self._drawn: dict[bytes, tuple[bytes, ...]] = {}
        self._quarters: dict[bytes, Image | None] = {}
        self._packed: dict[bytes, bytes] = {}
        self._lacking: set[bytes | None] = set()
        self._in_pack: list[set[bytes]] = []
        self._before: list[dict[bytes, Place]] = []

    def run(self) -> SubtreeResult:
        """Draw what is missing, put it into the packs, and say where all tiles lie."""
        missing = self._missing()
        for zoom in sorted(self._digests, reverse=True):
            codes = missing.get(zoom, set())
            self._drawing.expect(zoom, codes)
            for code in sorted(codes):
                if not self._draw(zoom, code) and zoom > self._task.zoom:
                    missing.setdefault(zoom - 1, set()).add(code >> 2)
            for digest in self._digests.get(zoom + 1, {}).values():
                self._quarters.pop(digest, None)  # their parents are drawn
        root = self._quarter(self._task.zoom, self._task.code)
        self._put_away()
        return SubtreeResult(
            _packed(root),
            tuple(self._stored(number) for number in range(len(self._packs.tiles))),
            len(self._drawn),
            self._drawing.failures,
        )

    def _missing(self) -> dict[int, set[int]]:
        """Return the tiles by zoom whose bytes are neither in a pack nor in an old pyramid."""
        every = {digest for codes in self._digests.values() for digest in codes.values()}
        self._in_pack = [pack.intact(every) for pack in self._packs.tiles]
        self._before = [self._intact_before(stored) for stored in self._task.before]
        return {
            zoom: {
                code
                for code, digest in codes.items()
                if not all(
                    digest in pack or (self._before and digest in self._before[number])
                    for number, pack in enumerate(self._in_pack)
                )
            }
            for zoom, codes in self._digests.items()
        }

    def _intact_before(self, stored: StoredTiles) -> dict[bytes, Place]:
        """Return the tiles of last time that are wanted again where they were, and undamaged."""
        wanted = {
            self._ids[zoom][code]: digest
            for zoom, codes in self._digests.items()
            for code, digest in codes.items()
        }
        same = {
            digest: Place(*place)
            for tile_id, digest, *place in stored.records.tolist()
            if wanted.get(tile_id) == digest
        }
        whole = intact(stored.path, same)
        return {digest: place for digest, place in same.items() if digest in whole}

    def _draw(self, zoom: int, code: int) -> bool:
        """Draw one tile for the packs and tell whether no sprite on or below it is missing."""
        drawn = self._drawing.tile(zoom, code, self._children(zoom, code))
        children = (self._digests.get(zoom + 1, {}).get(4 * code + child) for child in range(4))
        is_whole = drawn.is_whole and self._lacking.isdisjoint(children)
        digests = self._digests[zoom]
        if not is_whole:
            digests[code] = without(digests[code])
            self._lacking.add(digests[code])
        self._drawn[digests[code]] = drawn.encoded or (b"",) * len(self._packs.tiles)
        self._quarters[digests[code]] = drawn.quarter
        if self._task.is_kept:
            self._packed[digests[code]] = _packed(drawn.quarter)
        return is_whole

    def _children(self, zoom: int, code: int) -> Quarters:
        """Return what the children fill; one whose pixels are lost is drawn for them."""
        children = self._digests.get(zoom + 1, {})
        return [
            self._quarter(zoom + 1, child) if child in children else None
            for child in range(4 * code, 4 * code + 4)
        ]

    def _quarter(self, zoom: int, code: int) -> Image | None:
        """Return a tile at half its size: just drawn, from the pack, or drawn for it."""
        digest = self._digests[zoom][code]
        if digest in self._quarters:
            return self._quarters[digest]
        packed = self._packs.pixels.read(digest)
        if packed is not None:
            return unpacked(packed, self._drawing.edge // 2, self._drawing.depth)
        self._draw(zoom, code)
        return self._quarters[self._digests[zoom][code]]

    def _put_away(self) -> None:
        """Add what was drawn to the packs, in the order it has in a PMTiles file."""
        self._packs.pixels.add(self._packed)
        ids = {
            digest: self._ids[zoom][code]
            for zoom, codes in self._digests.items()
            for code, digest in codes.items()
        }
        order = sorted(self._drawn, key=ids.__getitem__)
        for number, pack in enumerate(self._packs.tiles):
            pack.add({digest: self._drawn[digest][number] for digest in order})
            self._in_pack[number].update(order)
        for pack in (self._packs.pixels, *self._packs.tiles):
            pack.tidy(list(ids))

    def _stored(self, number: int) -> list[StoredTiles]:
        """Return where the tiles of a density lie, those that show nothing left out."""
        pack = self._packs.tiles[number]
        in_pack: dict[int, tuple[bytes, Place]] = {}
        in_pyramid: dict[int, tuple[bytes, Place]] = {}
        for zoom, codes in self._digests.items():
            for code, digest in codes.items():
                place = pack.place(digest) if digest in self._in_pack[number] else None
                if place is None:
                    in_pyramid[self._ids[zoom][code]] = digest, self._before[number][digest]
                elif place.length:
                    in_pack[self._ids[zoom][code]] = digest, place
        found = [StoredTiles(pack.path, record_table(in_pack))]
        if in_pyramid:
            found.append(StoredTiles(self._task.before[number].path, record_table(in_pyramid)))
        return found
