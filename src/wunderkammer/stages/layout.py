"""Layout: a place for each sprite, so that none overlaps another."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from wunderkammer.core.column import Column
from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.registry import chosen_from
from wunderkammer.core.stage import Context, Inputs, TableResult, TableStage
from wunderkammer.layouts import Layout, registry
from wunderkammer.metrics.layout import layout_quality
from wunderkammer.stages import _picture


class LayoutStage(TableStage):
    """Place the sprites near their points of the embedding, none over another."""

    name: Literal["layout"] = "layout"
    version: Literal["1"] = "1"
    embedding: str = Field(
        "",
        description="Embedding that is laid out; empty: the first.",
        json_schema_extra={REFERS_TO: "embedding"},
    )
    method: Annotated[Layout, chosen_from(registry)] = Field(
        default_factory=lambda: registry.parse("relax"),
        description="How: a layout's name and its settings.",
    )
    picture: _picture.Name = _picture.picture_field("is placed: its shape is the sprite's")

    @property
    def label(self) -> str:
        """The layout's name."""
        return self.method.name

    def reads(self) -> tuple[str, ...]:
        """Return the points, the shapes of the pictures and what the method looks at."""
        found = (*self._points(), *_picture.shape_columns(self.picture), *self.method.reads())
        return tuple(dict.fromkeys(found))

    def writes(self) -> tuple[Column, ...]:
        """Return a box in atlas units."""
        unit = "atlas units (the longest side of a normal sprite)"
        return (
            Column(f"{self.group}/x", "real", f"Centre of the sprite, rightwards, in {unit}."),
            Column(f"{self.group}/y", "real", f"Centre of the sprite, downwards, in {unit}."),
            Column(f"{self.group}/width", "real", f"Width of the sprite in {unit}."),
            Column(f"{self.group}/height", "real", f"Height of the sprite in {unit}."),
        )

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Place, check every pair, and measure how far sprites were moved."""
        x, y = self._points()
        embedding = np.column_stack([inputs.numbers(x), inputs.numbers(y)])
        records = inputs.scalars.select(list(self.method.reads()))
        aspects = _picture.aspects(self.picture, inputs)
        placement = self.method.place(embedding, aspects, records)
        aims = self.method.aims(embedding, records)
        arrays = (*placement.positions.T, *placement.sizes.T)
        names = (column.name for column in self.writes())
        return TableResult(dict(zip(names, arrays, strict=True)), layout_quality(aims, *placement))

    def _points(self) -> tuple[str, str]:
        return f"embedding/{self.embedding}/x", f"embedding/{self.embedding}/y"
