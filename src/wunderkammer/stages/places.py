"""Places: what the page needs to show a layout beside others, and what is written on it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from wunderkammer.atlas.geometry import Geometry
from wunderkammer.atlas.paths import ATLAS, LAYOUT, MARKS, REPRESENTATIVES, TILES
from wunderkammer.atlas.planes import write_marks, write_plane
from wunderkammer.atlas.representatives import read_representatives
from wunderkammer.atlas.schemas import Atlas, Layout, Plane, Tiles
from wunderkammer.core.column import Column
from wunderkammer.core.configuration import EACH, REFERS_TO
from wunderkammer.core.files import read_json, write_json
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.stage import Context, TableResult, TableStage
from wunderkammer.stages.atlas import step_of
from wunderkammer.stages.tile import box_columns, layout_geometry, row_column


class PlacesStage(TableStage):
    """Write where media lie in a layout, for a page that shows several."""

    name: Literal["places"] = "places"
    version: Literal["1"] = "1"
    layout: str = Field(
        "",
        description="Layout that is shown; empty: each that no other [[places]] names.",
        json_schema_extra={REFERS_TO: "tile", EACH: True},
    )
    atlas: str = Field(
        "",
        description="Atlas beside whose layout it is shown; empty: the first.",
        json_schema_extra={REFERS_TO: "atlas"},
    )

    @property
    def label(self) -> str:
        """The layout's name."""
        return self.layout

    @property
    def is_first(self) -> bool:
        """Whether it is the layout of the atlas itself."""
        return self.layout == self.atlas

    def reads(self) -> tuple[str, ...]:
        """Return boxes, of the media that the tiles show."""
        return (*box_columns(self.layout), row_column(self.layout))

    def reads_artifacts(self) -> tuple[str, ...]:
        """Return the layout with its marks, the pyramid, and the atlas whose rows are meant."""
        own = (f"layout/{self.layout}", f"tile/{self.layout}")
        return own if self.is_first else (*own, f"atlas/{self.atlas}")

    def writes(self) -> tuple[Column, ...]:
        """Return nothing: what it makes are files."""
        return ()

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Write points, unless the atlas has them, and marks into the artifact's folder."""
        folder = context.artifacts
        tiles, geometry = self._pyramid(inputs)
        laid_out = read_json(inputs.artifacts[f"layout/{self.layout}"] / MARKS) or {}
        marks = laid_out.get("marks", [])
        steps = {step["stage"]: step for step in inputs.steps}
        layout = Layout(
            name=self.layout,
            title="",
            method=steps[f"layout/{self.layout}"]["settings"]["method"]["name"],
            marks=write_marks(folder, self.layout, geometry, self._begin(inputs, geometry), marks),
            plane=None if self.is_first else self._plane(folder, inputs, geometry, tiles),
        )
        # a site shows it beside nothing else than these
        made_of = {group: inputs.artifacts[group].name for group in self.reads_artifacts()}
        write_json(folder / LAYOUT, {"made_of": made_of, "layout": layout.model_dump(mode="json")})
        return TableResult(quality={"n_media": float(len(geometry)), "n_marks": float(len(marks))})

    def _pyramid(self, inputs: Inputs) -> tuple[Tiles, Geometry]:
        """Return the tiles, and where they show each medium."""
        group = f"tile/{self.layout}"
        tiles = Tiles.model_validate_json((inputs.artifacts[group] / TILES).read_bytes())
        settings = next(step["settings"] for step in inputs.steps if step["stage"] == group)
        sprite_px, margin_px = settings["sprite_px"], settings["margin_px"]
        return tiles, layout_geometry(inputs, self.layout, sprite_px, margin_px, tiles.tile_px)

    def _begin(self, inputs: Inputs, geometry: Geometry) -> np.ndarray:
        """Return the top left corner of the sprite of row 0 in atlas units."""
        medium = geometry.order[0]
        x, y, width, height = (inputs.numbers(name)[medium] for name in box_columns(self.layout))
        return np.array([x - width / 2, y - height / 2])

    def _plane(self, folder: Path, inputs: Inputs, geometry: Geometry, tiles: Tiles) -> Plane:
        base = inputs.artifacts[f"atlas/{self.atlas}"]
        atlas = Atlas.model_validate_json((base / ATLAS).read_bytes())
        drawn = read_representatives(
            inputs.artifacts[f"tile/{self.layout}"] / REPRESENTATIVES, geometry
        )
        own = {f"layout/{self.layout}", f"tile/{self.layout}"}
        steps = (step_of(step) for step in inputs.steps if step["stage"] in own)
        return write_plane(folder, self.layout, geometry, tiles, drawn, (base, atlas), steps)
