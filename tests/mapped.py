"""A collection of names with features that a test knows, mapped by the real stage."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

import wunderkammer.core.collection as core
from wunderkammer.core.column import Column
from wunderkammer.core.identity import stable_id
from wunderkammer.core.stage import Context, Done, RecordStage, RowStage
from wunderkammer.engines.local import LocalEngine
from wunderkammer.stages.embedding import EmbeddingStage
from wunderkammer.stages.neighbours import NeighboursStage

N_FEATURES = 12
GENERA = ("Aglais", "Vanessa", "Pieris", "Danaus", "Papilio")


class Read(RecordStage):
    """Read names.csv: name, genus, shift."""

    name: Literal["ingest"] = "ingest"
    version: Literal["1"] = "1"
    path: Path = Field(Path("names.csv"), json_schema_extra={"context": True})

    def input_files(self, root: Path) -> Mapping[str, Path]:
        return {"names.csv": root / self.path}

    def records(self, root: Path, digest: Mapping[Path, str]) -> Iterator[Sequence[Any]]:
        with (root / self.path).open(encoding="utf-8") as file:
            yield [
                {"media_id": stable_id(row["name"]), "specimen_id": "", **row}
                for row in csv.DictReader(file)
            ]


class Features(RowStage):
    """Draw features about the middle of the genus."""

    name: Literal["features"] = "features"
    version: Literal["1"] = "1"

    @property
    def label(self) -> str:
        return "drawn"

    def reads(self) -> tuple[str, ...]:
        return ("name", "drawn_about", "shift")

    def writes(self) -> tuple[Column, ...]:
        return (Column("features/drawn", "vector", "Numbers.", N_FEATURES),)

    def process(self, batch: Sequence[Mapping[str, Any]], context: Context) -> list[Any]:
        return [
            Done(
                row["media_id"],
                {
                    "features/drawn": 2 * drawn(row["drawn_about"])
                    + drawn(row["name"])
                    + float(row["shift"])
                },
            )
            for row in batch
        ]


def drawn(word: str) -> npt.NDArray[np.float32]:
    """Return numbers that the word alone decides."""
    seed = int(hashlib.sha256(word.encode()).hexdigest()[:8], 16)
    return np.random.default_rng(seed).normal(size=N_FEATURES).astype(np.float32)


def pipeline() -> core.Pipeline:
    stages = (Read, Features, NeighboursStage, EmbeddingStage)
    return core.Pipeline(stages, lambda asked: LocalEngine(asked.workers or 0))


def make(root: Path, toml: str, names: range) -> core.Collection:
    """Make a finished collection of these names."""
    write(root, names)
    made = core.Collection.create(root, f"[ingest]\n{toml}", pipeline())
    made.run()
    return made


def write(root: Path, names: Sequence[int], changed: Sequence[int] = ()) -> None:
    """Write the source; those that changed have other features."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "names.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "genus", "drawn_about", "shift"])
        for n in names:
            genus = GENERA[n % len(GENERA)]
            writer.writerow([f"n{n}", genus, genus, int(n in changed)])


def grow(collection: core.Collection, names: Sequence[int], **how: Any) -> Any:
    """Write another source and run; return what the embedding did."""
    write(collection.root, names, how.pop("changed", ()))
    return collection.run(**how).stages[-1]


def points(collection: core.Collection, group: str) -> dict[str, tuple[float, float, bool]]:
    """Return the map: a place by name, and whether it was placed on a finished map."""
    rows = collection.query(
        f'SELECT name, "{group}/x", "{group}/y", "{group}/placed" FROM media ORDER BY name'
    )
    return {row[0]: row[1:] for row in zip(*rows.to_pydict().values(), strict=True)}


def distance(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Return how far points moved from one map to another, in widths of the first: the median."""
    both = sorted(one.keys() & other.keys())
    a, b = (np.array([where[name][:2] for name in both]) for where in (one, other))
    return float(np.median(np.linalg.norm(a - b, axis=1)) / np.ptp(a, axis=0).max())
