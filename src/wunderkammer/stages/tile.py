"""Tile: sprites in their places, drawn into a sparse raster pyramid."""

from __future__ import annotations

import functools
import hashlib
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Literal, Self

import numpy as np
from pydantic import Field

from wunderkammer.atlas.containers import DirectoryWriter, PMTilesWriter
from wunderkammer.atlas.geometry import Geometry, geometry_of
from wunderkammer.atlas.layers import Pictures
from wunderkammer.atlas.packs import DIGEST_BYTES
from wunderkammer.atlas.paths import REPRESENTATIVES, TILES
from wunderkammer.atlas.pyramid import (
    OrderedMap,
    PyramidReport,
    Task,
    build_pyramid,
)
from wunderkammer.atlas.representatives import (
    choose_representatives,
    drawn_representatives,
    write_representatives,
)
from wunderkammer.atlas.schemas import Tiles
from wunderkammer.atlas.sprites import Image, SpriteSource, decode_sprite
from wunderkammer.atlas.style import EXTENSIONS, MEDIA_TYPES, RepresentativeStyle, TileStyle
from wunderkammer.atlas.subtrees import SubtreeResult
from wunderkammer.atlas.tile_store import TileStore
from wunderkammer.core.blobs import read_blob
from wunderkammer.core.column import Column
from wunderkammer.core.configuration import EACH, REFERS_TO
from wunderkammer.core.engine import Engine
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.files import write_bytes
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.stage import Context, TableResult, TableStage
from wunderkammer.stages import _picture

CACHE = "cache"
"""Folder below the collection of what may be deleted at any time."""

_AHEAD = 2


class TileStage(TableStage):
    """Draw every sprite in its place into a pyramid of tiles."""

    name: Literal["tile"] = "tile"
    version: Literal["1"] = "1"
    layout: str = Field(
        "",
        description="Layout that is drawn; empty: each that no other [[tile]] names.",
        json_schema_extra={REFERS_TO: "layout", EACH: True},
    )
    features: str = Field(
        "",
        description="Encoder whose features choose the representatives; empty: the first.",
        json_schema_extra={REFERS_TO: "features"},
    )
    picture: _picture.Name = _picture.picture_field("is drawn; a cut-out casts its own shadow")
    container: Literal["pmtiles", "directory"] = Field(
        "pmtiles",
        description="One PMTiles file (needs a host with range requests) or one file a tile.",
    )
    sprite_px: int = Field(
        128, description="Longest side of a normal sprite in pixels at the highest zoom.", ge=8
    )
    margin_px: int = Field(
        32, description="Free pixels around the laid-out area, for shadows.", ge=0
    )
    style: TileStyle = Field(default_factory=TileStyle, description="How tiles look.")
    representatives: RepresentativeStyle = Field(
        default_factory=RepresentativeStyle,
        description="Larger sprites at zooms where all are too small to read.",
    )

    @property
    def label(self) -> str:
        """The layout's name."""
        return self.layout

    def reads(self) -> tuple[str, ...]:
        """Return boxes, pictures and, for the representatives, features."""
        pictures = _picture.cell_columns(self.picture)
        return (*box_columns(self.layout), *pictures, f"features/{self.features}")

    def writes(self) -> tuple[Column, ...]:
        """Return the row of the atlas; what else it makes are files."""
        return (
            Column(row_column(self.layout), "integer", "Row in the atlas: its place in Z-order."),
        )

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Draw the pyramid into the artifact's folder."""
        geometry = layout_geometry(
            inputs, self.layout, self.sprite_px, self.margin_px, self.style.tile_px
        )
        chosen = choose_representatives(
            geometry, self.representatives, inputs.vectors(f"features/{self.features}")
        )
        cells = _picture.picture_cells(self.picture, inputs)
        store = TileStore(context.root / CACHE / self.group, _digests(cells)[geometry.order])
        source = _Pictures(context.root, inputs.ids, cells)
        report = self._draw(source, geometry, chosen, context, store)
        failed = {failure.media_id for failure in report.failures}
        drawn = drawn_representatives(geometry, self.representatives, chosen, failed)
        if drawn:
            write_representatives(context.artifacts / REPRESENTATIVES, geometry, drawn)
        write_bytes(context.artifacts / TILES, self._tiles(geometry).model_dump_json().encode())
        return TableResult(
            {row_column(self.layout): np.argsort(geometry.order)},
            {
                "n_tiles": float(report.n_tiles),
                "n_bytes": float(report.n_bytes + report.n_retina_bytes),
                "n_sprites_failed": float(len(report.failures)),
            },
        )

    def _draw(
        self,
        source: SpriteSource,
        geometry: Geometry,
        chosen: Mapping[int, np.ndarray],
        context: Context,
        store: TileStore,
    ) -> PyramidReport:
        draw = functools.partial(
            build_pyramid,
            source,
            geometry,
            style=self.style,
            representatives=chosen,
            representative_style=self.representatives,
            ordered_map=ordered_map(context.engine),
            store=store,
        )
        media_type = MEDIA_TYPES[self.style.format]
        if self.container == "directory":
            extension = EXTENSIONS[self.style.format]
            folder = context.artifacts / "tiles"
            with DirectoryWriter(folder, extension) as writer:
                if not self.style.retina:
                    return draw(writer=writer)
                with DirectoryWriter(context.artifacts / "tiles@2x", extension) as retina:
                    return draw(writer=writer, retina_writer=retina)
        paths = [context.artifacts / "tiles.pmtiles", context.artifacts / "tiles@2x.pmtiles"]
        with PMTilesWriter(paths[0], media_type, tile_px=geometry.tile_px) as writer:
            if not self.style.retina:
                report = draw(writer=writer)
            else:
                with PMTilesWriter(paths[1], media_type, tile_px=2 * geometry.tile_px) as retina:
                    report = draw(writer=writer, retina_writer=retina)
        store.keep(paths, report.records, report.subtrees)
        return report

    def _tiles(self, geometry: Geometry) -> Tiles:
        extension = EXTENSIONS[self.style.format]
        single = self.container == "pmtiles"
        plain = "tiles.pmtiles" if single else f"tiles/{{z}}/{{x}}/{{y}}.{extension}"
        dense = "tiles@2x.pmtiles" if single else f"tiles@2x/{{z}}/{{x}}/{{y}}.{extension}"
        return Tiles(
            container=self.container,
            path=plain,
            retina_path=dense if self.style.retina else None,
            media_type=MEDIA_TYPES[self.style.format],
            tile_px=geometry.tile_px,
            min_zoom=0,
            max_zoom=geometry.max_zoom,
            background=self.style.background,
        )


class _Pictures:
    """The pictures of media, which lie in files; ids are ascending."""

    def __init__(self, root: Path, ids: Sequence[str], cells: Sequence[str]) -> None:
        self._root = root
        self._ids = ids
        self._cells = cells

    def load(self, media_id: str, width: int, height: int) -> Image:
        """Return the picture of a medium."""
        return decode_sprite(read_blob(self._root, self._cell(media_id)), width, height)

    def only(self, media_ids: Sequence[str]) -> Self:
        """Return the source of these media, ascending."""
        return type(self)(self._root, media_ids, [self._cell(one) for one in media_ids])

    def _cell(self, media_id: str) -> str:
        return self._cells[bisect_left(self._ids, media_id)]


def _digests(cells: Sequence[str]) -> Pictures:
    """Return a digest of each picture from its cell, which names its content."""
    digests = (hashlib.blake2b(cell.encode(), digest_size=DIGEST_BYTES).digest() for cell in cells)
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, DIGEST_BYTES)


def box_columns(layout: str) -> tuple[str, ...]:
    """Return the columns that hold the boxes of a layout."""
    return tuple(f"layout/{layout}/{part}" for part in ("x", "y", "width", "height"))


def row_column(layout: str) -> str:
    """Return the column that says which row of the atlas a medium of a layout is."""
    return f"tile/{layout}/row"


def layout_geometry(
    inputs: Inputs, layout: str, sprite_px: int, margin_px: int, tile_px: int
) -> Geometry:
    """Return where each medium of a layout lies in a pyramid.

    Raises
    ------
    NotEnoughMediaError
        If no medium has a place.
    """
    if not inputs.ids:
        raise NotEnoughMediaError(
            f"no medium has a place in the layout '{layout}'.",
            hint="See how far the stages have come with 'wk status', and what failed with "
            "'wk failures'.",
        )
    x, y, width, height = (inputs.numbers(name) for name in box_columns(layout))
    return geometry_of(
        inputs.ids,
        np.column_stack([x, y]),
        np.column_stack([width, height]),
        sprite_px=sprite_px,
        margin_px=margin_px,
        tile_px=tile_px,
    )


def ordered_map(engine: Engine | None) -> OrderedMap | None:
    """Return a map over an engine's workers, results in order and few waiting at a time."""
    if engine is None:
        return None

    def ordered(
        function: Callable[[Task], SubtreeResult | None], tasks: Iterable[Task]
    ) -> Iterator[SubtreeResult | None]:
        waiting: deque[Future[SubtreeResult | None]] = deque()
        for task in tasks:
            waiting.append(engine.submit(function, task))
            if len(waiting) > engine.n_workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    return ordered
