"""A small collection for tests of sorting: pictures that are warm or cold, and one task."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

import wunderkammer
from wunderkammer.core.collection import Collection

TOML = """[collection]
title = "Sorting room"
[ingest.source]
name = "folder"
path = "source"
[features]
encoder = "colour-histogram"
[embedding]
projection = "pca"
[measure]
[[sort]]
task = "quality"
classes = ["good", "bad"]
"""


def picture(kind: str, seed: int, size: tuple[int, int] = (96, 72)) -> bytes:
    """Return a JPEG: 'good' is warm, 'bad' is cold, each with some of the other."""
    rng = np.random.default_rng(seed)
    base = (190, 120, 60) if kind == "good" else (60, 110, 190)
    pixels = np.clip(rng.normal(base, 45, (size[1], size[0], 3)), 0, 255)
    pixels[: rng.integers(5, size[1] // 2)] = rng.integers(0, 255, 3)
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def make_room(root: Path, n: int = 30, toml: str = TOML) -> Collection:
    """Make a collection of n media with features; every third is bad. It is run up to `sort`."""
    (root / "source").mkdir(parents=True)
    for place in range(n):
        kind = kind_of(place)
        (root / "source" / f"{place:04d}-{kind}.jpg").write_bytes(picture(kind, place))
    (root / "collection.toml").write_text(toml)
    return run_room(root)


def run_room(root: Path) -> Collection:
    """Bring features, measures and the task up to date."""
    collection = wunderkammer.open(root)
    stages = {*collection.upstream("sort"), *collection.upstream("measure")}
    collection.run(sorted(stages), n_workers=0)
    return wunderkammer.open(root)


def copy_of(room: Path, target: Path) -> Collection:
    """Return a copy that a test may change."""
    shutil.copytree(room, target)
    return wunderkammer.open(target)


def kind_of(place: int) -> str:
    """Return the class of the picture that was made so-many-th."""
    return "bad" if place % 3 == 0 else "good"


def truth_of(sorting: object) -> dict[str, str]:
    """Return the class of each medium of a task, from the name of its file."""
    media = sorting.media  # type: ignore[attr-defined]
    return {one: Path(media.row(one)["file"]).stem.split("-")[1] for one in media.ids}
