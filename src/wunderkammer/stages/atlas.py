"""Atlas: points, dictionaries and cards of what the tiles show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field

from wunderkammer.atlas.cards import write_chunks
from wunderkammer.atlas.columns import ColumnChoice, WrittenColumns, write_columns
from wunderkammer.atlas.geometry import Geometry
from wunderkammer.atlas.neighbours import write_neighbours
from wunderkammer.atlas.paths import (
    ATLAS,
    PICTURES,
    REPRESENTATIVES,
    TILES,
)
from wunderkammer.atlas.place_names import write_place_names
from wunderkammer.atlas.points import write_ids, write_points
from wunderkammer.atlas.record_schemas import RecordFile
from wunderkammer.atlas.records import SOURCES, write_records
from wunderkammer.atlas.representatives import read_representatives
from wunderkammer.atlas.schemas import (
    Atlas,
    LicenceCount,
    Neighbours,
    Step,
    Tiles,
)
from wunderkammer.core.arrays import open_neighbours
from wunderkammer.core.column import Column
from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.files import write_bytes, written_whole
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.settings import CONTEXT, LATER
from wunderkammer.core.stage import Context, TableResult, TableStage
from wunderkammer.stages import _picture
from wunderkammer.stages._cards import CARD_TERMS, DEEPZOOM, card_chunks, with_shown
from wunderkammer.stages._exported import EXPORTED, record_pages, tells
from wunderkammer.stages._sensitive import Sensitive
from wunderkammer.stages.tile import box_columns, layout_geometry, row_column
from wunderkammer.vocab import licences

INDICES = "indices.npy"
"""Where a stage keeps the neighbours it found: the places of the nearest of each medium."""

_KEPT = ("media_id", "thumbnail", "deepzoom")


class AtlasStage(TableStage):
    """Write what visitors search, click and read: points, dictionaries, cards."""

    name: Literal["atlas"] = "atlas"
    version: Literal["3"] = "3"
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
            "dataGeneralizations",
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
    sensitive: Sensitive = Field(
        default_factory=Sensitive,
        description="Media whose places are told vaguely: threatened species, sacred sites.",
        json_schema_extra={LATER: True},
    )

    @property
    def label(self) -> str:
        """The layout's name."""
        return self.layout

    def reads(self) -> tuple[str, ...]:
        """Return boxes, picture, and every column that is shown or searched."""
        searched = (*self.dictionaries, *self.numbers, *self.texts, *self.identifiers)
        shown = dict.fromkeys((*CARD_TERMS, *self.facts, *searched, *self.exports, *SOURCES))
        drawn = (*box_columns(self.layout), row_column(self.layout))
        pictures = (*_picture.cell_columns(self.picture), *_picture.shape_columns(self.picture))
        own = dict.fromkeys(("width", "height", "thumbnail", *pictures))
        asked = (name for name in self.sensitive.reads() if name not in {*own, *shown})
        return (*drawn, *own, *DEEPZOOM, *shown, *asked)

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
        self.sensitive.refuse_exact(inputs.steps)
        told = self.sensitive.generalised(inputs.scalars)
        cells = self._with_shown(told)
        found = self._write_columns(folder, told, order)
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
            records=self._write_records(folder, told, geometry, context),
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

    def _write_columns(self, folder: Path, scalars: pa.Table, order: pa.Array) -> WrittenColumns:
        choice = ColumnChoice(
            *(self.dictionaries, self.separator, self.numbers, self.texts, self.identifiers),
            self.names,
        )
        return write_columns(
            folder, lambda name: scalars[name].cast(pa.string()).take(order), choice
        )

    def _write_neighbours(
        self, folder: Path, inputs: Inputs, geometry: Geometry
    ) -> Neighbours | None:
        """Write the nearest of each row, where a stage found them."""
        if not self.neighbours:
            return None
        group = self.reads_artifacts()[1]
        found = open_neighbours(inputs.artifacts[group] / INDICES)
        known, ids = np.array(inputs.artifact_ids(group)), np.array(inputs.ids)
        place = np.minimum(np.searchsorted(known, ids), len(known) - 1)
        place[known[place] != ids] = -1
        return write_neighbours(folder, found, place[geometry.order], self.n_neighbours)


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
