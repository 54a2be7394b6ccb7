"""Atlas: points, dictionaries and cards of what the tiles show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field

from wunderkammer.atlas.cards import card_from_record, write_cards
from wunderkammer.atlas.dictionaries import coded_column, write_dictionary
from wunderkammer.atlas.labels import label_of
from wunderkammer.atlas.paths import (
    ATLAS,
    PICTURES,
    REPRESENTATIVES,
    TILES,
    picture_path,
    picture_tiles_path,
)
from wunderkammer.atlas.points import write_ids, write_points
from wunderkammer.atlas.representatives import read_representatives
from wunderkammer.atlas.schemas import (
    Atlas,
    Card,
    DictionaryRef,
    LicenceCount,
    Picture,
    PictureTiles,
    Step,
    Tiles,
)
from wunderkammer.core.column import Column
from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.files import write_bytes, written_whole
from wunderkammer.core.stage import Context, Inputs, TableResult, TableStage
from wunderkammer.stages.tile import box_columns, layout_geometry, row_column
from wunderkammer.vocab import licences, ranks

_CARD_TERMS = (
    *("scientificName", "scientificNameAuthorship", "vernacularName", "title"),
    *ranks.RANKS,
    *("locality", "stateProvince", "county", "country", "countryCode"),
    *("decimalLatitude", "decimalLongitude", "eventDate", "verbatimEventDate"),
    *("year", "month", "day", "date"),
    *("license", "rightsHolder", "creator", "rights", "accessRights", "UsageTerms"),
    *("references", "furtherInformationURL", "occurrenceID", "original_file"),
)


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
        ("order", "family", "genus", "sex", "country", "institutionCode"),
        description="Columns to find and colour media by.",
    )
    facts: tuple[str, ...] = Field(
        (
            *("vernacularName", "sex", "lifeStage", "typeStatus", "recordedBy", "subject"),
            *("institutionCode", "collectionCode", "catalogNumber", "preparations"),
        ),
        description="Columns shown on a card below name, place and date, in this order.",
    )

    @property
    def label(self) -> str:
        """The layout's name."""
        return self.layout

    def reads(self) -> tuple[str, ...]:
        """Return boxes, picture, and every column a card or dictionary shows."""
        shown = dict.fromkeys((*_CARD_TERMS, *self.facts, *self.dictionaries))
        drawn = (*box_columns(self.layout), row_column(self.layout))
        return (*drawn, "width", "height", "thumbnail", *_DEEPZOOM, *shown)

    def reads_artifacts(self) -> tuple[str, ...]:
        """Return the pyramid, which says how large the map is."""
        return (f"tile/{self.layout}",)

    def writes(self) -> tuple[Column, ...]:
        """Return nothing: what it makes are files."""
        return ()

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Write the files of the atlas into the artifact's folder."""
        folder = context.artifacts
        tile = next(step for step in inputs.steps if step["stage"] == f"tile/{self.layout}")
        pyramid = inputs.artifacts[f"tile/{self.layout}"]
        tiles = Tiles.model_validate_json((pyramid / TILES).read_bytes())
        settings = tile["settings"]
        geometry = layout_geometry(
            inputs, self.layout, settings["sprite_px"], settings["margin_px"], tiles.tile_px
        )
        rows = inputs.scalars.take(pa.array(geometry.order))
        references, codes = self._write_dictionaries(folder, rows)
        drawn = read_representatives(pyramid / REPRESENTATIVES, geometry)
        names = [_licence_name(text) for text in _texts(rows, "license")]
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
            points=write_points(folder, geometry, codes, drawn),
            ids=write_ids(folder, geometry.ids),
            dictionaries=references,
            cards=write_cards(folder, _cards(rows, self.facts, _own_tile_px(inputs))),
            licences=[
                LicenceCount(licence=name, n=n)
                for name, n in sorted(Counter(names).items(), key=lambda one: (-one[1], one[0]))
            ],
            steps=[_step(step) for step in inputs.steps],
            generator="",
        )
        write_bytes(folder / ATLAS, atlas.model_dump_json().encode())
        with written_whole(folder / PICTURES) as temporary:
            pq.write_table(rows.select(["media_id", "thumbnail", "deepzoom"]), temporary)
        return TableResult(quality={"n_media": float(len(geometry))})

    def _write_dictionaries(
        self, folder: Path, rows: pa.Table
    ) -> tuple[list[DictionaryRef], dict[str, Any]]:
        """Write a dictionary for each column that has any value; return codes by column."""
        references, codes = [], {}
        for name in self.dictionaries:
            coded = coded_column(name, _texts(rows, name))
            if coded.dictionary.values:
                references.append(write_dictionary(folder, coded.dictionary, label_of(name)))
                codes[name] = coded.codes
        return references, codes


def _texts(rows: pa.Table, name: str) -> list[str | None]:
    return list(rows[name].cast(pa.string()).to_pylist())


def _own_tile_px(inputs: Inputs) -> int:
    """Return the edge of the tiles of single pictures; 0 if the collection has none."""
    made = (step["settings"]["tile_px"] for step in inputs.steps if step["stage"] == "deepzoom")
    return next(made, 0)


def _cards(rows: pa.Table, facts: tuple[str, ...], tile_px: int) -> Iterator[Card]:
    for batch in rows.to_batches(max_chunksize=1024):
        for record in batch.to_pylist():
            yield card_from_record(record, _picture(record, tile_px), facts)


def _picture(record: Mapping[str, Any], tile_px: int) -> Picture:
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


def _licence_name(text: str | None) -> str:
    found = licences.licence(text or "")
    return found.label or found.verbatim


def _step(step: Mapping[str, Any]) -> Step:
    settings = {
        name: value for name, value in step["settings"].items() if name not in {"name", "version"}
    }
    return Step(
        stage=step["stage"], version=step["version"], settings=settings, quality=step["quality"]
    )
