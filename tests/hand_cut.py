"""A small collection whose cut-outs and turns are told by hand: what each should be is known."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image
from pydantic import Field

from wunderkammer.core.collection import Collection, Pipeline
from wunderkammer.core.column import Column
from wunderkammer.core.errors import ImageError
from wunderkammer.core.identity import derived_id
from wunderkammer.core.settings import Settings
from wunderkammer.core.stage import Context, Done, Failed, RowStage
from wunderkammer.core.template import template
from wunderkammer.engines import engine_of
from wunderkammer.imaging.cutout_files import encode_cutout
from wunderkammer.imaging.masks import as_grey, encode_mask
from wunderkammer.stages.cutout import CutoutStage
from wunderkammer.stages.fetch import FetchStage
from wunderkammer.stages.image import ImageStage
from wunderkammer.stages.ingest import IngestStage
from wunderkammer.stages.upright import UprightStage

HEIGHT, WIDTH = 120, 160
GROUND, BODY, HEAD = (214, 214, 206), (120, 60, 20), (20, 40, 160)


class HandPlugin(Settings):
    """Stands where a segmenter or an orienter does."""

    name: Literal["hand"] = "hand"
    weights: str = Field("", description="Folder.", json_schema_extra={"context": True})

    def files(self, root: Path) -> Mapping[str, Path]:
        if not self.weights:
            return {}
        return {"weights": root / "weights" / self.weights / "weights.safetensors"}


class HandCutout(RowStage):
    """Cut out as hand/<name>.json says."""

    derives: ClassVar[bool] = True
    name: Literal["cutout"] = "cutout"
    version: Literal["1"] = "1"
    segmenter: HandPlugin = HandPlugin()

    def reads(self) -> tuple[str, ...]:
        return ("sha256", "annotation/mask")

    def looks_up(self) -> tuple[str, ...]:
        return ("original_file", "original")

    def writes(self) -> tuple[Column, ...]:
        return CutoutStage.model_construct(segmenter=None).writes()

    def process(self, batch: Sequence[Mapping[str, Any]], context: Context) -> list[Any]:
        return [self._one(row, context) for row in batch]

    def _one(self, row: Mapping[str, Any], context: Context) -> Done | Failed:
        told = told_of(context.root, row["original_file"])
        if told.get("fails"):
            return Failed(row["media_id"], ImageError("told to fail."))
        probability = np.load(context.root / "hand" / f"{Path(row['original_file']).stem}.npy")
        by_person = bool(row["annotation/mask"])
        known = {
            "mask": context.write_blob("mask", as_grey(probability), ".png"),
            "cutout_confidence": 1.0 if by_person else told["confidence"],
            "cutout_by": "person" if by_person else "hand",
            "cutout_rejected": bool(told.get("rejected")),
            "cutout_reason": told.get("reason"),
            "n_cutouts": told.get("n", 1),
        }
        if told.get("rejected"):
            return Done(row["media_id"], known)
        pixels = np.asarray(Image.open(context.root / row["original"]).convert("RGB"))
        alpha = (probability >= 0.5).astype(np.uint8) * 255
        content, suffix = encode_cutout(np.dstack([pixels, alpha]), "png", 90)
        known |= {
            "cutout": context.write_blob("cutout", content, suffix),
            "cutout_left": 0, "cutout_top": 0,
            "cutout_width": pixels.shape[1], "cutout_height": pixels.shape[0],
        }  # fmt: skip
        if known["n_cutouts"] == 1:
            return Done(row["media_id"], known)
        parts = [
            Done(derived_id(row["media_id"], "cutout", place), known)
            for place in range(known["n_cutouts"])
        ]
        return Done(row["media_id"], {}, parts)


class HandUpright(RowStage):
    """Turn as hand/<name>.json says."""

    name: Literal["upright"] = "upright"
    version: Literal["1"] = "1"
    orienter: HandPlugin = HandPlugin()

    def reads(self) -> tuple[str, ...]:
        return ("cutout", "annotation/angle_deg")

    def looks_up(self) -> tuple[str, ...]:
        return ("original_file", "thumbnail")

    def writes(self) -> tuple[Column, ...]:
        columns = UprightStage.model_construct(orienter=None).writes()
        own = (
            Column("machine_angle_deg", "real", "Angle."),
            Column("machine_confidence", "real", "Confidence."),
        )
        names = {one.name for one in columns}
        return (*columns, *(one for one in own if one.name not in names))

    def process(self, batch: Sequence[Mapping[str, Any]], context: Context) -> list[Any]:
        return [self._one(row, context) for row in batch]

    def _one(self, row: Mapping[str, Any], context: Context) -> Done:
        told = told_of(context.root, row["original_file"])
        if row["cutout"] is None:
            values = {"upright": row["thumbnail"], "turned_deg": 0.0, "turn_reason": "no cut-out"}
            return Done(row["media_id"], values)
        stated = row["annotation/angle_deg"]
        machine = told.get("machine_deg", 0.0), told.get("turn_confidence", 0.9)
        return Done(
            row["media_id"],
            {
                "upright": row["cutout"],
                "turned_deg": machine[0] if stated is None else float(stated),
                "turn_confidence": machine[1] if stated is None else 1.0,
                "turned_by": "hand" if stated is None else "person",
                "machine_angle_deg": machine[0],
                "machine_confidence": machine[1],
            },
        )


PIPELINE = Pipeline((IngestStage, FetchStage, ImageStage, HandCutout, HandUpright), engine_of)


def told_of(root: Path, file: str) -> Mapping[str, Any]:
    return json.loads((root / "hand" / f"{Path(file).stem}.json").read_text())


@dataclass
class Told:
    """One photograph: what is in it, and what the machine and a person say of it.

    ``angle_deg`` is how far the specimen is turned; ``machine`` and ``person`` are masks.
    """

    name: str
    angle_deg: float = 0.0
    machine: np.ndarray | None = None
    person: np.ndarray | None = None
    stated_deg: float | None = None
    told: dict[str, Any] = field(default_factory=dict)


def specimen(angle_deg=0.0, long=50.0, wide=22.0, shift=0.0):
    """Return where an ellipse lies whose long axis is upright, then turned; and its head."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    x, y = columns - WIDTH / 2 - shift, HEIGHT / 2 - rows
    turned = math.radians(angle_deg)
    across, up = (
        x * math.cos(turned) + y * math.sin(turned),
        y * math.cos(turned) - x * math.sin(turned),
    )
    inside = (across / wide) ** 2 + (up / long) ** 2 <= 1
    return inside, inside & (up > long * 0.5)


def photograph(angle_deg):
    """Return a picture of the specimen, its head blue."""
    pixels = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    pixels[:] = GROUND
    inside, head = specimen(angle_deg)
    pixels[inside] = BODY
    pixels[head] = HEAD
    return pixels


def create(root, stages=PIPELINE.stages, settings=None):
    """Make a collection that has run nothing."""
    chosen = {
        "collection.title": "Hand & <cut>",
        "ingest.source.name": "table",
        "ingest.source.path": "records.csv",
        "ingest.source.images": "source",
        **(settings or {}),
    }
    pipeline = Pipeline(stages, engine_of)
    return Collection.create(root, template(stages, chosen), pipeline)


def make(root, told, settings=None):
    """Make a collection of photographs, run it, and state what people say; return it."""
    (root / "source").mkdir(parents=True)
    (root / "hand").mkdir()
    lines = ["original_file,catalogNumber,scientificName,license,rightsHolder"]
    for number, one in enumerate(told):
        Image.fromarray(photograph(one.angle_deg)).save(root / "source" / f"{one.name}.png")
        machine = specimen(one.angle_deg)[0] if one.machine is None else one.machine
        np.save(root / "hand" / f"{one.name}.npy", machine.astype(np.float32))
        words = {"confidence": 0.9, **one.told}
        (root / "hand" / f"{one.name}.json").write_text(json.dumps(words))
        cells = {
            "catalogNumber": f"M {number}", "scientificName": "Danaus plexippus",
            "license": "CC BY 4.0", "rightsHolder": "The Museum", **one.told.get("record", {}),
        }  # fmt: skip
        lines.append(",".join([f"{one.name}.png", *map(str, cells.values())]))
    (root / "records.csv").write_text("\n".join(lines) + "\n")
    collection = create(root, settings=settings)
    collection.run(n_workers=0)
    state(collection, told)
    collection.run(n_workers=0)
    return collection


def ids(collection):
    """Return the medium of each photograph by its name; several give a list."""
    rows = collection.query("SELECT media_id, original_file FROM media ORDER BY media_id")
    found: dict[str, list[str]] = {}
    for row in rows.to_pylist():
        found.setdefault(Path(row["original_file"]).stem, []).append(row["media_id"])
    return {name: many if len(many) > 1 else many[0] for name, many in found.items()}


def state(collection, told):
    """Write people's masks and angles as annotations of the photographs."""
    rows = collection.query("SELECT media_id, original_file FROM records").to_pylist()
    media = {Path(row["original_file"]).stem: row["media_id"] for row in rows}
    statements = []
    for one in told:
        if one.person is not None:
            content = encode_mask(one.person)
            path = Path("annotations/masks") / f"{hashlib.sha256(content).hexdigest()}.png"
            (collection.root / path).parent.mkdir(parents=True, exist_ok=True)
            (collection.root / path).write_bytes(content)
            statements.append({"media_id": media[one.name], "term": "mask", "value": str(path)})
        if one.stated_deg is not None:
            value = str(one.stated_deg)
            statements.append({"media_id": media[one.name], "term": "angle_deg", "value": value})
    collection.annotate(statements)


def write_weights(root, parts):
    """Write a folder of weights that was trained on some media; return its name."""
    folder = root / "weights" / "0123456789ab"
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").write_bytes(b"")
    (folder / "card.toml").write_text('title = "By <hand>"\nlicence = "MIT"\n')
    (folder / "metrics.json").write_text('{"test": {"iou": 0.9625, "n": 12}}')
    pq.write_table(
        pa.table({"media_id": list(parts), "part": list(parts.values())}), folder / "split.parquet"
    )
    return folder.name
