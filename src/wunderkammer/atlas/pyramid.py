"""The raster pyramid: sprites drawn once at the bottom, parents made from children.

The zooms below a cut are parted into subtrees, which are drawn wherever there is
room, in Z-order; the few tiles above are drawn here. What holds no sprite is never
visited. A tile of the highest zoom is painted from the sprites that touch it; any
other is its four children, halved, with the representatives of its zoom on top. What
a store has from a time before, by the digest of what a tile shows, is not drawn again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from wunderkammer.atlas.drawing import TileDrawing
from wunderkammer.atlas.geometry import Geometry
from wunderkammer.atlas.hilbert import TileIds, tile_ids, zooms_of
from wunderkammer.atlas.layers import Layer, Rows, layers_of
from wunderkammer.atlas.packs import DIGEST_BYTES, Place, read_piece
from wunderkammer.atlas.sprites import DivisibleSource, Image, SpriteFailure, SpriteSource
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.atlas.subtrees import (
    Subtree,
    SubtreeResult,
    Unchanged,
    draw_subtree,
    renewed,
    unpacked,
)
from wunderkammer.atlas.tile_digests import look_digest, subtree_digest
from wunderkammer.atlas.tile_store import (
    Records,
    StoredTiles,
    TileStore,
    below,
    record_table,
    sorted_records,
)
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.morton import tile_of

SUBTREE_DEPTH = 4
"""Zooms below the root of a subtree that one process draws at a time: 256 bottom tiles."""

_NO_DIGEST = bytes(DIGEST_BYTES)
"""Of the tiles above the subtrees, which are drawn each time."""


class TileWriter(Protocol):
    """Where encoded tiles go; they come in no particular order, each address once."""

    def write(self, zoom: int, x: int, y: int, data: bytes) -> None:
        """Store the bytes of one tile."""
        ...


@runtime_checkable
class StoredTileWriter(Protocol):
    """A writer that takes many tiles out of a file at once, when all are known."""

    def write_stored(self, path: Path, ids: TileIds, places: TileIds, lengths: TileIds) -> None:
        """Note tiles by their ids, where each begins in the file, and their lengths in bytes."""
        ...


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
    n_drawn : int
        Tiles that had to be drawn; the others were there from a time before.
    records : tuple of ndarray
        All tiles of each density, for :meth:`TileStore.keep`.
    subtrees : mapping of int to bytes
        What each subtree was drawn from, for the same.
    """

    tiles_by_zoom: dict[int, int]
    n_bytes: int
    n_retina_bytes: int
    failures: list[SpriteFailure]
    n_drawn: int = field(default=0, compare=False)
    records: tuple[Records, ...] = field(default=(), compare=False, repr=False)
    subtrees: Mapping[int, bytes] = field(default_factory=dict, compare=False, repr=False)

    @property
    def n_tiles(self) -> int:
        """Number of tiles, each counted once whether or not it is also there at @2x."""
        return sum(self.tiles_by_zoom.values())


Task = Subtree | Unchanged

OrderedMap = Callable[
    [Callable[[Task], SubtreeResult | None], Iterable[Task]], Iterable[SubtreeResult | None]
]
"""Like the built-in ``map``: results in the order of the tasks, wherever they are computed."""


def build_pyramid(  # noqa: PLR0913  (each has its own name)
    source: SpriteSource,
    geometry: Geometry,
    *,
    style: TileStyle,
    writer: TileWriter,
    retina_writer: TileWriter | None = None,
    representatives: Mapping[int, Rows] | None = None,
    representative_style: RepresentativeStyle | None = None,
    ordered_map: OrderedMap | None = None,
    store: TileStore | None = None,
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
        Where subtrees are drawn, such as processes; in this process if left out.
        The tiles' bytes do not depend on it.
    store : TileStore, optional
        Has tiles of a time before, and gets these. A writer that takes stored tiles
        reads them from there when its block ends; ``store.keep`` comes after that.

    Raises
    ------
    ConfigurationError
        If ``style.retina`` and ``retina_writer`` disagree.
    """
    _check(style, retina_writer)
    layers = layers_of(
        geometry,
        style,
        representatives or {},
        representative_style or RepresentativeStyle(),
        store.pictures if store is not None else None,
    )
    writers = (writer,) if retina_writer is None else (writer, retina_writer)
    with ExitStack() as stack:
        before: tuple[StoredTiles, ...] = ()
        if store is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        else:
            folder, before = store.folder, store.pyramids(len(writers))
        whole = Subtree(source, style, layers, 0, 0, folder, before, is_kept=store is not None)
        building = _Building(whole, writers, store)
        subtrees = building.run(ordered_map or map)
    if store is not None:
        store.forget_others(subtrees)
    return building.report()


def _check(style: TileStyle, retina_writer: TileWriter | None) -> None:
    if style.retina != (retina_writer is not None):
        raise ConfigurationError(
            f"The style says retina = {style.retina}, and "
            f"{'no' if retina_writer is None else 'a'} writer of @2x tiles was given.",
            hint="Give retina_writer exactly where style.retina is true.",
        )


class _Building:
    """One pyramid being built: subtrees elsewhere, the tiles above them here."""

    def __init__(
        self, whole: Subtree, writers: tuple[TileWriter, ...], store: TileStore | None
    ) -> None:
        self._whole = whole
        self._writers = writers
        self._by_reference = store is not None
        self._known = store.subtrees() if store is not None and whole.before else {}
        self._look = look_digest(whole.style)
        self._drawn_from: dict[int, bytes] = {}
        self._cut = max(0, max(whole.layers) - SUBTREE_DEPTH)
        top = {zoom: layer for zoom, layer in whole.layers.items() if zoom < self._cut}
        self._top = TileDrawing(whole.source, whole.style, top)
        self._failures: dict[str, SpriteFailure] = {}
        self._tables: tuple[list[Records], ...] = tuple([] for _ in writers)
        self._n_drawn = 0
        self._present: dict[int, set[int]] = {}
        self._results: Iterator[SubtreeResult | None] = iter(())

    def run(self, ordered_map: OrderedMap) -> list[tuple[int, int]]:
        """Draw everything and return the roots of the subtrees."""
        codes = _present(self._whole, self._cut)
        self._present = {self._cut: set(codes.tolist())}
        for zoom in range(self._cut - 1, -1, -1):
            above = {code >> 2 for code in self._present[zoom + 1]}
            self._present[zoom] = above | _touched(self._whole, zoom)
            self._top.expect(zoom, self._present[zoom])
        self._results = iter(ordered_map(renewed, map(self._task, codes.tolist())))
        self._quarter(0, 0)
        self._note(self._top.failures)
        return [(self._cut, code) for code in codes.tolist()]

    def report(self) -> PyramidReport:
        """Return what was built."""
        empty = record_table({})
        tables = tuple(sorted_records(np.concatenate([empty, *parts])) for parts in self._tables)
        zooms, counts = np.unique(zooms_of(tables[0]["id"]), return_counts=True)
        n_bytes = [int(table["length"].sum(dtype=np.int64)) for table in tables]
        return PyramidReport(
            dict(zip(zooms.tolist(), counts.tolist(), strict=True)),
            n_bytes[0],
            sum(n_bytes[1:]),
            [self._failures[media_id] for media_id in sorted(self._failures)],
            self._n_drawn,
            tables,
            self._drawn_from,
        )

    def _quarter(self, zoom: int, code: int) -> Image | None:
        """Return a tile at half its size, once all below it are drawn."""
        if zoom == self._cut:
            result = next(self._results)
            return self._from_subtree(code, result or draw_subtree(self._subtree(code)))
        quarters = [
            self._quarter(zoom + 1, child) if child in self._present[zoom + 1] else None
            for child in range(4 * code, 4 * code + 4)
        ]
        drawn = self._top.tile(zoom, code, quarters)
        self._n_drawn += 1
        x, y = tile_of(code)
        for writer, table, data in zip(self._writers, self._tables, drawn.encoded, strict=False):
            writer.write(zoom, x, y, data)
            place = Place(0, len(data), 0)
            table.append(record_table({int(tile_ids(zoom, [x], [y])[0]): (_NO_DIGEST, place)}))
        return drawn.quarter

    def _task(self, code: int) -> Task:
        """Return what is to be done below a tile: nothing is drawn that is drawn from the same."""
        layers = _layers_below(self._whole, self._cut, code)
        found = self._drawn_from[code] = subtree_digest(layers, self._look)
        if self._known.get(code) != found:
            return self._subtree(code)
        return Unchanged(self._cut, code, self._whole.store, self._before(code))

    def _subtree(self, code: int) -> Subtree:
        """Return the subtree below a tile, with what drawing it takes and no more."""
        layers = _layers_below(self._whole, self._cut, code)
        source = self._whole.source
        if isinstance(source, DivisibleSource):
            ids = np.unique(np.concatenate([layer.ids for layer in layers.values()]), axis=0)
            source = source.only([row.tobytes().hex() for row in ids])
        return replace(
            self._whole,
            source=source,
            layers=layers,
            zoom=self._cut,
            code=code,
            before=self._before(code),
        )

    def _before(self, code: int) -> tuple[StoredTiles, ...]:
        bottom = max(self._whole.layers)
        return tuple(below(tiles, self._cut, code, bottom) for tiles in self._whole.before)

    def _from_subtree(self, code: int, result: SubtreeResult) -> Image | None:
        for writer, table, stored in zip(self._writers, self._tables, result.tiles, strict=True):
            for tiles in stored:
                table.append(tiles.records)
                self._hand_over(writer, tiles)
        self._note(result.failures)
        if result.failures:  # next time they may be there
            del self._drawn_from[code]
        self._n_drawn += result.n_drawn
        return unpacked(result.quarter, self._top.edge // 2, self._top.depth)

    def _hand_over(self, writer: TileWriter, tiles: StoredTiles) -> None:
        """Give a writer the tiles of a file, or where in it they lie if that is enough."""
        from pmtiles.tile import tileid_to_zxy

        records = tiles.records
        if self._by_reference and isinstance(writer, StoredTileWriter):
            lengths = records["length"].astype(np.uint64)
            writer.write_stored(tiles.path, records["id"], records["place"], lengths)
            return
        if not len(records):
            return
        with tiles.path.open("rb") as file:
            for tile_id, _, *place in records.tolist():
                data = read_piece(file, Place(*place))
                assert data is not None, "it has just been written or checked"
                writer.write(*tileid_to_zxy(tile_id), data)

    def _note(self, failures: Iterable[SpriteFailure]) -> None:
        self._failures.update({failure.media_id: failure for failure in failures})


def _touched(whole: Subtree, zoom: int) -> set[int]:
    """Return the tiles of a zoom that its own sprites touch."""
    layer = whole.layers.get(zoom)
    return set() if layer is None else set(layer.codes.tolist())


def _present(whole: Subtree, cut: int) -> Rows:
    """Return the tiles of a zoom that have content at it or below, ascending."""
    below_cut = [layer for layer in whole.layers.values() if layer.zoom >= cut]
    codes: Rows = np.unique(
        np.concatenate([layer.codes >> 2 * (layer.zoom - cut) for layer in below_cut])
    )
    return codes


def _layers_below(whole: Subtree, cut: int, code: int) -> dict[int, Layer]:
    """Return the layers below a tile, each with what lies there alone."""
    return {
        zoom: layer.cut(cut, code)
        for zoom, layer in whole.layers.items()
        if zoom >= cut and layer.touches(cut, code)
    }
