"""Atlas: points, dictionaries and cards of what the tiles show."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import Field

from wunderkammer.atlas.card_schemas import Picture, PictureTiles
from wunderkammer.atlas.cards import card_from_record, chunk_of_cards, write_chunks
from wunderkammer.atlas.columns import ColumnChoice, WrittenColumns, write_columns
from wunderkammer.atlas.geometry import Geometry
from wunderkammer.atlas.neighbours import write_neighbours
from wunderkammer.atlas.paths import (
    ATLAS,
    PICTURES,
    REPRESENTATIVES,
    TILES,
    picture_path,
    picture_tiles_path,
    upright_path,
)
from wunderkammer.atlas.place_names import write_place_names
from wunderkammer.atlas.points import write_ids, write_points
from wunderkammer.atlas.records import SOURCES, write_records
from wunderkammer.atlas.representatives import read_representatives
from wunderkammer.atlas.schemas import (
    CARDS_PER_CHUNK,
    Atlas,
    LicenceCount,
    Neighbours,
    RecordFile,
    Step,
    Tiles,
)
from wunderkammer.atlas.siblings import siblings_of
from wunderkammer.core.column import Column
from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.engine import Engine
from wunderkammer.core.files import write_bytes, written_whole
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.settings import CONTEXT
from wunderkammer.core.stage import Context, TableResult, TableStage
from wunderkammer.stages import _picture
from wunderkammer.stages._exported import EXPORTED, record_pages, tells
from wunderkammer.stages.tile import box_columns, layout_geometry, row_column
from wunderkammer.vocab import licences, ranks

INDICES = "indices.npy"
"""Where a stage keeps the neighbours it found: the places of the nearest of each medium."""

_CARDS_AT_ONCE = 32 * CARDS_PER_CHUNK
_CARD_TERMS = (
    *("scientificName", "scientificNameAuthorship", "vernacularName", "title"),
    *ranks.RANKS,
    *("locality", "stateProvince", "county", "country", "countryCode"),
    *("decimalLatitude", "decimalLongitude", "eventDate", "verbatimEventDate"),
    *("year", "month", "day", "date"),
    *("license", "rightsHolder", "creator", "rights", "accessRights", "UsageTerms"),
    *("references", "furtherInformationURL", "occurrenceID", "original_file"),
    *("bibliographicCitation", "institutionCode", "collectionCode", "catalogNumber"),
)


_KEPT = ("media_id", "thumbnail", "deepzoom")
_SHOWN = ("shown", "shown_width", "shown_height")
"""The picture that a card shows first, where it is not the photograph."""

_DEEPZOOM = ("deepzoom", "deepzoom_width", "deepzoom_height")


class AtlasStage(TableStage):
    """Write what visitors search, click and read: points, dictionaries, cards."""

    name: Literal["atlas"] = "atlas"
    version: Literal["1"] = "1"
    layout: str = Field(
        "",
        description="Layout whose tiles it goes with; empty: the first.",
        json_schema_extra={REFERS_TO: "layout"},
    )
    dictionaries: tuple[str, ...] = Field(
        (
            *("scientificName", "order", "family", "genus", "sex", "typeStatus", "lifeStage"),
            *("country", "stateProvince", "recordedBy", "institutionCode", "subject"),
        ),
        description="Columns to find, filter and colour media by.",
    )
    separator: str = Field(
        "|",
        description="Parts the values of a cell of these columns that lists several; empty: a "
        "cell is one value.",
    )
    numbers: tuple[str, ...] = Field(
        ("year", "decimalLatitude", "decimalLongitude"),
        description="Columns of numbers to filter and colour media by; a year is also taken from "
        "dates.",
    )
    texts: tuple[str, ...] = Field(
        ("title", "vernacularName", "caption", "locality"),
        description="Columns whose words are searched.",
    )
    identifiers: tuple[str, ...] = Field(
        ("catalogNumber", "recordNumber", "otherCatalogNumbers"),
        description="Columns of numbers and codes that are searched as they are written.",
    )
    names: tuple[str, ...] = Field(
        ("order", "family", "subfamily", "genus"),
        description="Dictionaries whose values name regions of the map where they are far more "
        "frequent than elsewhere, the wide before the narrow; none: no names on the map.",
    )
    facts: tuple[str, ...] = Field(
        (
            *("sex", "lifeStage", "typeStatus", "recordedBy", "identifiedBy", "subject"),
            *("institutionCode", "collectionCode", "catalogNumber", "preparations"),
        ),
        description="Columns shown on a card below name, place and date, in this order.",
    )
    picture: _picture.Name = _picture.picture_field("a card shows before the photograph")
    exports: tuple[str, ...] = Field(
        EXPORTED,
        description="Columns that visitors take away in tables and archives of what they selected, "
        "besides licence, rights holder, creator and link; none: only these.",
    )
    neighbours: str = Field(
        "",
        description="Neighbours that are shown as similar; empty: the first, and none where no "
        "stage finds any.",
        # what they are is in the key by the files that are read
        json_schema_extra={REFERS_TO: "neighbours", CONTEXT: True},
    )
    n_neighbours: int = Field(10, ge=1, description="Similar media that are shown of each.")

    @property
    def label(self) -> str:
        """The layout's name."""
        return self.layout

    def reads(self) -> tuple[str, ...]:
        """Return boxes, picture, and every column that is shown or searched."""
        searched = (*self.dictionaries, *self.numbers, *self.texts, *self.identifiers)
        shown = dict.fromkeys((*_CARD_TERMS, *self.facts, *searched, *self.exports, *SOURCES))
        drawn = (*box_columns(self.layout), row_column(self.layout))
        pictures = (*_picture.cell_columns(self.picture), *_picture.shape_columns(self.picture))
        own = dict.fromkeys(("width", "height", "thumbnail", *pictures))
        return (*drawn, *own, *_DEEPZOOM, *shown)

    def reads_artifacts(self) -> tuple[str, ...]:
        """Return the pyramid, which says how large the map is, and the neighbours."""
        near = (f"neighbours/{self.neighbours}",) if self.neighbours else ()
        return (f"tile/{self.layout}", *near)

    def writes(self) -> tuple[Column, ...]:
        """Return nothing: what it makes are files."""
        return ()

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Write the files of the atlas into the artifact's folder."""
        folder = context.artifacts
        pyramid = inputs.artifacts[f"tile/{self.layout}"]
        tiles = Tiles.model_validate_json((pyramid / TILES).read_bytes())
        geometry = self._geometry(inputs, tiles.tile_px)
        order = pa.array(geometry.order)
        cells = self._with_shown(inputs.scalars)
        found = self._write_columns(folder, inputs, order)
        drawn = read_representatives(pyramid / REPRESENTATIVES, geometry)
        atlas = Atlas(
            format=1,
            title="",
            description="",
            n_media=len(geometry),
            width=geometry.width,
            height=geometry.height,
            left=geometry.left,
            top=geometry.top,
            sprite_px=geometry.sprite_px,
            tiles=tiles,
            points=write_points(folder, geometry, found.codes, drawn, numbers=found.numbers),
            ids=write_ids(folder, geometry.ids),
            dictionaries=found.dictionaries,
            numbers=found.ranges,
            neighbours=self._write_neighbours(folder, inputs, geometry),
            names=write_place_names(folder, geometry, found.names),
            search=found.search,
            cards=write_chunks(folder, self._card_chunks(cells, inputs, geometry, context)),
            records=self._write_records(folder, inputs.scalars, geometry, context),
            licences=licence_counts(inputs.scalars["license"]),
            steps=self._steps(inputs),
            generator="",
        )
        write_bytes(folder / ATLAS, atlas.model_dump_json().encode())
        with written_whole(folder / PICTURES) as temporary:
            pq.write_table(cells.select([*_KEPT, "shown"]).take(order), temporary)
        return TableResult(quality={"n_media": float(len(geometry))})

    def _geometry(self, inputs: Inputs, tile_px: int) -> Geometry:
        """Return where the tiles show each medium."""
        tile = next(step for step in inputs.steps if step["stage"] == f"tile/{self.layout}")
        sprite_px, margin_px = (tile["settings"][name] for name in ("sprite_px", "margin_px"))
        return layout_geometry(inputs, self.layout, sprite_px, margin_px, tile_px)

    def _with_shown(self, scalars: pa.Table) -> pa.Table:
        """Add the columns of the picture that a card shows before the photograph."""
        if self.picture in {"", "image"}:
            return with_shown(scalars, None)
        return with_shown(scalars, _picture.COLUMNS[self.picture][0])

    def _steps(self, inputs: Inputs) -> list[Step]:
        """Return how it was made; other layouts that were made besides are not part of it."""
        others = (
            step["stage"].startswith(("layout/", "tile/"))
            and step["stage"].partition("/")[2] != self.layout
            for step in inputs.steps
        )
        return [
            step_of(step) for step, other in zip(inputs.steps, others, strict=True) if not other
        ]

    def _card_chunks(
        self, cells: pa.Table, inputs: Inputs, geometry: Geometry, context: Context
    ) -> Iterator[bytes]:
        made = (step["settings"]["tile_px"] for step in inputs.steps if step["stage"] == "deepzoom")
        return card_chunks(
            cells,
            geometry.order,
            self.facts,
            context.engine,
            own_tile_px=next(made, 0),
        )

    def _write_records(
        self, folder: Path, scalars: pa.Table, geometry: Geometry, context: Context
    ) -> RecordFile:
        """Write what exports tell of each row."""
        told = [name for name in self.exports if tells(scalars, name)]
        pages = record_pages(scalars, geometry.order, told, context.engine)
        return write_records(folder, pages, told, len(geometry))

    def _write_columns(self, folder: Path, inputs: Inputs, order: pa.Array) -> WrittenColumns:
        choice = ColumnChoice(
            *(self.dictionaries, self.separator, self.numbers, self.texts, self.identifiers),
            self.names,
        )
        return write_columns(
            folder, lambda name: inputs.scalars[name].cast(pa.string()).take(order), choice
        )

    def _write_neighbours(
        self, folder: Path, inputs: Inputs, geometry: Geometry
    ) -> Neighbours | None:
        """Write the nearest of each row, where a stage found them."""
        if not self.neighbours:
            return None
        group = self.reads_artifacts()[1]
        found = np.load(inputs.artifacts[group] / INDICES, mmap_mode="r", allow_pickle=False)
        known, ids = np.array(inputs.artifact_ids(group)), np.array(inputs.ids)
        place = np.minimum(np.searchsorted(known, ids), len(known) - 1)
        place[known[place] != ids] = -1
        return write_neighbours(folder, found, place[geometry.order], self.n_neighbours)


def with_shown(scalars: pa.Table, columns: _picture.PictureColumns | None) -> pa.Table:
    """Return a table with the columns :data:`_SHOWN`: empty where that is the photograph."""
    n = len(scalars)
    if columns is None:
        cell, sides = pa.nulls(n, pa.string()), [pa.nulls(n, pa.int64())] * 2
    else:
        cell = scalars[columns.cell].cast(pa.string())
        same = pc.fill_null(pc.equal(cell, scalars["thumbnail"].cast(pa.string())), False)
        cell = pc.if_else(same, pa.scalar(None, pa.string()), cell)
        sides = [scalars[side] for side in (columns.width, columns.height)]
    for name, values in zip(_SHOWN, (cell, *sides), strict=True):
        scalars = scalars.append_column(name, values)
    return scalars


def card_chunks(
    scalars: pa.Table,
    order: npt.NDArray[np.int64],
    facts: tuple[str, ...],
    engine: Engine | None = None,
    *,
    own_tile_px: int = 0,
) -> Iterator[bytes]:
    """Yield the files of cards, some thousand rows in memory at a time.

    Parameters
    ----------
    scalars : pyarrow.Table
        The cells of each medium.
    order : ndarray of int64, shape (n,)
        The medium of each row.
    facts : tuple of str
        Columns shown below name, place and date.
    engine : Engine, optional
        Makes them at the same time, where there are many.
    own_tile_px : int, optional
        Edge of the tiles of single pictures; 0 where there are none.
    """
    if "shown" not in scalars.column_names:
        scalars = with_shown(scalars, None)
    own = ("media_id", "width", "height", *_DEEPZOOM, *_SHOWN)
    shown = scalars.select(list(dict.fromkeys((*_CARD_TERMS, *facts, *own)))).combine_chunks()
    near = siblings_of(lambda name: scalars[name].cast(pa.string()).take(pa.array(order)))
    parts = (
        shown.take(pa.array(order[first : first + _CARDS_AT_ONCE])).append_column(
            "siblings", near.slice(first, _CARDS_AT_ONCE)
        )
        for first in range(0, len(order), _CARDS_AT_ONCE)
    )
    if engine is None or len(order) <= _CARDS_AT_ONCE:
        for rows in parts:
            yield from _chunks(rows, facts, own_tile_px)
        return
    waiting: deque[Future[list[bytes]]] = deque()
    for rows in parts:
        waiting.append(engine.submit(_chunks, rows, facts, own_tile_px))
        if len(waiting) > engine.n_workers:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def _chunks(rows: pa.Table, facts: tuple[str, ...], own_tile_px: int) -> list[bytes]:
    """Return the files of cards of some rows."""
    records = rows.to_pylist()
    cards = [
        card_from_record(
            one,
            _photograph(one, own_tile_px),
            facts,
            upright=_upright(one),
            siblings=one.pop("siblings"),
        )
        for one in records
    ]
    return [
        chunk_of_cards(cards[first : first + CARDS_PER_CHUNK])
        for first in range(0, len(cards), CARDS_PER_CHUNK)
    ]


def _upright(record: Mapping[str, Any]) -> Picture | None:
    if not record["shown"]:
        return None
    return Picture(
        path=upright_path(record["media_id"], record["shown"]),
        width=int(record["shown_width"]),
        height=int(record["shown_height"]),
    )


def _photograph(record: Mapping[str, Any], tile_px: int) -> Picture:
    media_id = record["media_id"]
    return Picture(
        path=picture_path(media_id),
        width=int(record["width"]),
        height=int(record["height"]),
        tiles=_tiles(record, tile_px) if record["deepzoom"] and tile_px else None,
    )


def _tiles(record: Mapping[str, Any], tile_px: int) -> PictureTiles:
    return PictureTiles(
        path=picture_tiles_path(record["media_id"]),
        width=int(record["deepzoom_width"]),
        height=int(record["deepzoom_height"]),
        tile_px=tile_px,
    )


def licence_counts(texts: Any) -> list[LicenceCount]:
    """Return how many media carry each licence, the most frequent first."""
    names: Counter[str] = Counter()
    for one in texts.value_counts().to_pylist():
        found = licences.licence(one["values"] or "")
        names[found.label or found.verbatim] += one["counts"]
    return [
        LicenceCount(licence=name, n=n)
        for name, n in sorted(names.items(), key=lambda one: (-one[1], one[0]))
    ]


def step_of(step: Mapping[str, Any]) -> Step:
    """Return a stage before this one as visitors read of it."""
    settings = {
        name: value for name, value in step["settings"].items() if name not in {"name", "version"}
    }
    return Step(
        stage=step["stage"], version=step["version"], settings=settings, quality=step["quality"]
    )
