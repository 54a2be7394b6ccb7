"""A small cabinet for tests of the review: photographs, hand-made cut-outs and turns."""

from __future__ import annotations

import functools
import io
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np
import uvicorn
from PIL import Image

import wunderkammer.core.collection as core
from wunderkammer.core.column import Column
from wunderkammer.core.identity import derived_id
from wunderkammer.core.stage import Context, Done, RowStage
from wunderkammer.engines.local import LocalEngine
from wunderkammer.imaging.masks import as_grey
from wunderkammer.stages import STAGES
from wunderkammer.testing import SpecimenGenerator

TOML = """[collection]
title = "Small cabinet"
[ingest.source]
name = "folder"
path = "source"
[cutout]
[upright]
"""


class Cut(RowStage):
    """Cut out what is darker than paper; b is doubtful, c is rejected, d shows two."""

    optional: ClassVar[bool] = True
    derives: ClassVar[bool] = True
    name: Literal["cutout"] = "cutout"
    version: Literal["1"] = "1"

    def reads(self) -> tuple[str, ...]:
        return ("thumbnail", "original", "original_file", "annotation/mask", "annotation/cutout")

    def writes(self) -> tuple[Column, ...]:
        sides = ("left", "top", "width", "height")
        return (
            Column("cutout", "blob", "RGBA."),
            Column("mask", "blob", "Probability."),
            Column("cutout_confidence", "real", "How sure."),
            Column("cutout_reason", "text", "Why not."),
            Column("cutout_rejected", "boolean", "Whether there is none."),
            Column("cutout_by", "text", "Who."),
            *(Column(f"cutout_{side}", "integer", "Pixels.") for side in sides),
        )

    def process(self, batch: Sequence[Mapping[str, Any]], context: Context) -> list[Done]:
        return [self._cut(row, context) for row in batch]

    def _cut(self, row: Mapping[str, Any], context: Context) -> Done:
        stem = Path(row["original_file"]).stem
        pixels = np.asarray(Image.open(context.root / row["original"]).convert("RGB"))
        inside = pixels.min(axis=2) < 128
        sure = {"b": 0.4, "c": 0.1}.get(stem[0], 0.9)
        mask = context.write_blob("mask", as_grey(inside.astype(np.float32) * 0.9), ".png")
        said = {"mask": mask, "cutout_confidence": sure, "cutout_by": "toy"}
        if stem[0] == "c":
            return Done(
                row["media_id"],
                {**said, "cutout": None, "cutout_reason": "nothing found", "cutout_rejected": True},
            )
        said |= {"cutout_reason": "little contrast" if sure < 0.5 else None}
        middle = pixels.shape[1] // 2
        halves = [(0, middle), (middle, pixels.shape[1])]
        if stem[0] != "d":
            return Done(row["media_id"], said | self._half(pixels, inside, (0, None), context))
        derived = [
            Done(
                derived_id(row["media_id"], "cutout", n),
                said | self._half(pixels, inside, half, context),
            )
            for n, half in enumerate(halves)
        ]
        return Done(row["media_id"], {}, derived)

    def _half(self, pixels: Any, inside: Any, half: Any, context: Context) -> dict[str, Any]:
        part = slice(*half)
        rgba = np.dstack([pixels[:, part], inside[:, part].astype(np.uint8) * 255])
        buffer = io.BytesIO()
        Image.fromarray(rgba).save(buffer, "WEBP", lossless=True)
        return {
            "cutout": context.write_blob("cutout", buffer.getvalue(), ".webp"),
            "cutout_rejected": False,
            "cutout_left": half[0],
            "cutout_top": 0,
            "cutout_width": rgba.shape[1],
            "cutout_height": rgba.shape[0],
        }


class Turn(RowStage):
    """Turn everything by 30 degrees, unless a person said otherwise."""

    optional: ClassVar[bool] = True
    name: Literal["upright"] = "upright"
    version: Literal["1"] = "1"

    def reads(self) -> tuple[str, ...]:
        return ("cutout", "annotation/angle_deg")

    def writes(self) -> tuple[Column, ...]:
        return (
            Column("turned_deg", "real", "Undone."),
            Column("turn_confidence", "real", "How sure."),
            Column("turned_by", "text", "Who."),
            Column("turn_reason", "text", "Why not."),
        )

    def process(self, batch: Sequence[Mapping[str, Any]], context: Context) -> list[Done]:
        return [
            Done(
                row["media_id"],
                {
                    "turned_deg": float(row["annotation/angle_deg"] or 30),
                    "turn_confidence": int(row["media_id"][0], 16) / 16,
                    "turned_by": "person" if row["annotation/angle_deg"] else "toy",
                },
            )
            for row in batch
        ]


NAMES = ("a0", "a1", "a2", "a3", "a4", "b", "c", "d")


@functools.cache
def photograph(name: str, size_px: int) -> bytes:
    """Return the photograph of a beetle as PNG."""
    drawn = SpecimenGenerator(seed=3, size_px=size_px, kinds=("beetle",), ventral_share=0)
    buffer = io.BytesIO()
    Image.fromarray(drawn.specimen(NAMES.index(name)).image).save(buffer, "PNG")
    return buffer.getvalue()


def make(
    root: Path, names: Sequence[str] = NAMES, *, stages: bool = True, size_px: int = 320
) -> core.Collection:
    """Make a collection of beetles in a folder, up to their pictures and cut-outs.

    ``a0`` … ``a4`` are cut out well, ``b`` doubtfully, ``c`` not at all; ``d`` shows two.
    """
    source = root / "source"
    source.mkdir(parents=True)
    for name in names:
        (source / f"{name}.png").write_bytes(photograph(name, size_px))
    early = [kind for kind in STAGES if kind.model_fields["name"].default in
             {"ingest", "fetch", "image"}]  # fmt: skip
    made = core.Collection.create(
        root,
        TOML if stages else TOML.partition("[cutout]")[0],
        core.Pipeline((*early, Cut, Turn), lambda _: LocalEngine(0)),
    )
    made.run()
    return made


def ids(collection: core.Collection) -> dict[str, str]:
    """Return the media of the records by the stem of their file."""
    rows = collection.query("SELECT media_id, original_file FROM records").to_pylist()
    return {Path(row["original_file"]).stem: row["media_id"] for row in rows}


class reviewing:  # noqa: N801 - reads as a word: with reviewing(collection) as address
    """Answers a review on loopback while a block runs."""

    def __init__(self, collection: core.Collection, who: str = "A. Curator") -> None:
        from wunderkammer.web.curator import Curator
        from wunderkammer.web.guards import Guard
        from wunderkammer.web.review import review_app
        from wunderkammer.web.server import LOOPBACK, _listen

        self.listening = _listen(LOOPBACK, 0)
        self.listening.listen(64)  # who comes before the server is ready waits
        host = f"{LOOPBACK}:{self.listening.getsockname()[1]}"
        self.guard = Guard((host,))
        app = review_app(Curator(collection, who), self.guard)
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        self.thread = threading.Thread(target=self.server.run, args=([self.listening],))
        self.address = f"http://{host}/"

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(20)
