"""Layout: a place for each sprite, so that none overlaps another."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from wunderkammer.core.column import Column
from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.files import write_json
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.registry import chosen_from
from wunderkammer.core.settings import CONTEXT
from wunderkammer.core.stage import Context, TableResult, TableStage
from wunderkammer.layouts import Layout, Placement, registry
from wunderkammer.metrics.layout import layout_quality, moved_quality
from wunderkammer.stages import _picture, _scale

MOVED = "moved.csv"
"""Among the files of a layout: the media that lie elsewhere than the last time."""

MARKS = "marks.json"
"""Among the files of a layout: names of blocks, ticks and lines, to be read beside sprites."""

_STILL = 1e-9
_BEGINS = "placing; a machine's first time compiles for some seconds"


class LayoutStage(TableStage):
    """Place the sprites near their points of the embedding, none over another."""

    redoing: ClassVar[str] = "Lay everything out anew."
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
    size_range: float = Field(
        1.0,
        ge=1,
        le=16,
        description="1: all sprites have the same longest side. More, such as 4: specimens are "
        "as large as they are beside each other, from a quarter to 4 times the median one; what "
        "lies beyond is drawn in, and media without a known scale count as median.",
    )
    keep: float = Field(
        0.2,
        ge=0,
        le=1,
        description="Old sprites stay where they are while at most this share of the media is new "
        "or has changed since the last layout; beyond, and at 0, all are laid out anew.",
    )
    called: str = Field(
        "",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$|^$",
        description="What it is called in addresses, where there are several; empty: as its "
        "method.",
        json_schema_extra={CONTEXT: True},
    )
    title: str = Field(
        "",
        description="What visitors read who choose among several; empty: what its method is to "
        "people, such as Timeline.",
        json_schema_extra={CONTEXT: True},
    )

    @property
    def label(self) -> str:
        """What it is called, or the method's name."""
        return self.called or self.method.name

    def reads(self) -> tuple[str, ...]:
        """Return the points, the shapes and sizes of the pictures and what the method looks at."""
        scale = _scale.COLUMNS if self.size_range > 1 else ()
        shape = _picture.shape_columns(self.picture)
        return tuple(dict.fromkeys((*self._points(), *shape, *scale, *self.method.reads())))

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return the method's files."""
        return self.method.files(root)

    def remembers(self) -> tuple[str, ...]:
        """Return the boxes: what is not new keeps its own."""
        keeps = self.keep and self.method.keeps
        return tuple(column.name for column in self.writes()) if keeps else ()

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
        context.tell(_BEGINS)
        x, y = self._points()
        embedding = np.column_stack([inputs.numbers(x), inputs.numbers(y)])
        records = inputs.scalars.select(list(self.method.reads()))
        aspects = _picture.aspects(self.picture, inputs)
        old = self._old(inputs)
        before = self._before(inputs, old)
        quality: dict[str, float] = {}
        longest = None
        if self.size_range > 1:
            sizes = None if before is None else before.sizes
            longest, quality = _scale.longest_sides(inputs, self.picture, self.size_range, sizes)
        method = self.method.within(context.root)
        placement = method.place(embedding, aspects, records, longest=longest, before=before)
        marks = method.marks(placement, records)
        write_json(context.artifacts / MARKS, {"marks": [mark._asdict() for mark in marks]})
        quality |= layout_quality(method.aims(embedding, records), *placement)
        note = ""
        if old is not None:
            quality |= moved_quality(old.positions, placement.positions)
            _write_moved(context.artifacts / MOVED, inputs.ids, old, placement)
            note = _told(quality, len(inputs))
        arrays = (*placement.positions.T, *placement.sizes.T)
        names = (column.name for column in self.writes())
        return TableResult(dict(zip(names, arrays, strict=True)), quality, note)

    def _points(self) -> tuple[str, str]:
        return f"embedding/{self.embedding}/x", f"embedding/{self.embedding}/y"

    def _old(self, inputs: Inputs) -> Placement | None:
        """Return where sprites lay the last time, NaN where they are new; None if all are."""
        if inputs.before is None:
            return None
        boxes = np.column_stack(
            [
                inputs.before[name].to_numpy(zero_copy_only=False).astype(np.float64)
                for name in self.remembers()
            ]
        )
        return Placement(boxes[:, :2], boxes[:, 2:])

    def _before(self, inputs: Inputs, old: Placement | None) -> Placement | None:
        """Return where sprites may stay; None if too many are new or a person asked for it."""
        if inputs.before is None or old is None or inputs.asked_again:
            return None
        same = inputs.before["unchanged"].to_numpy(zero_copy_only=False).astype(bool)
        stays = same & np.isfinite(old.positions).all(axis=1)
        if (~stays).sum() > self.keep * len(stays):
            return None
        return Placement(*(np.where(stays[:, None], array, np.nan) for array in old))


def _write_moved(path: Path, ids: list[str], old: Placement, new: Placement) -> None:
    """Write the media that lie elsewhere than before, the furthest first."""
    import pyarrow as pa
    from pyarrow import csv

    ways = np.hypot(*(new.positions - old.positions).T)
    rows = np.flatnonzero(ways > _STILL)
    rows = rows[np.argsort(-ways[rows], kind="stable")]
    columns = {
        "media_id": pa.array([ids[row] for row in rows], pa.string()),
        "moved": ways[rows].round(6),
        "x_before": old.positions[rows, 0],
        "y_before": old.positions[rows, 1],
        "x": new.positions[rows, 0],
        "y": new.positions[rows, 1],
    }
    csv.write_csv(pa.table(columns), path)


def _told(quality: Mapping[str, float], n_media: int) -> str:
    """Return in words what has moved."""
    n_new, n_moved = int(quality["n_new"]), int(quality["n_moved"])
    n_old = n_media - n_new
    if not n_moved:
        return f"{n_new:,} new, the other {n_old:,} where they were"
    median, most = quality["median_moved"], quality["max_moved"]
    return (
        f"{n_new:,} new; {n_moved:,} of the other {n_old:,} moved, by {median:.1f} sides in the "
        f"median and {most:.1f} at most ({MOVED})"
    )
