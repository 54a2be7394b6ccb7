"""A toy pipeline for tests of the core: text in, numbers out, no images."""

from __future__ import annotations

import csv
import itertools
import os
import shutil
import signal
import sys
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

import wunderkammer.core.collection as core
from wunderkammer.core.column import Column
from wunderkammer.core.engine import Engine
from wunderkammer.core.errors import ImageError, RecordError, SourceError, StageError
from wunderkammer.core.identity import derived_id, stable_id
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.resources import EngineSettings
from wunderkammer.core.stage import (
    Context,
    Done,
    Failed,
    RecordStage,
    Rejection,
    RowStage,
    Stream,
    StreamStage,
    TableResult,
    TableStage,
)
from wunderkammer.engines import engine_of


class Read(RecordStage):
    """Read words.csv: name, word, country."""

    name: Literal["ingest"] = "ingest"
    version: Literal["1"] = "1"
    path: Path = Field(Path("words.csv"), json_schema_extra={"context": True})

    def input_files(self, root: Path) -> Mapping[str, Path]:
        path = root / self.path
        if not path.exists():
            raise SourceError(f"{path} is not there.")
        return {path.name: path}

    def records(self, root: Path, digest: Mapping[Path, str]) -> Iterator[Sequence[Any]]:
        with (root / self.path).open(encoding="utf-8") as file:
            for n, row in enumerate(csv.DictReader(file)):
                if not row["name"]:
                    yield [Rejection(f"row {n + 1}", RecordError("the name is empty."))]
                    continue
                yield [{"media_id": stable_id(row["name"]), "specimen_id": "", **row}]


class Measure(RowStage):
    """Count letters; fail on words that hold a '!'."""

    name: Literal["measure"] = "measure"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 4
    factor: int = 1

    def reads(self) -> tuple[str, ...]:
        return ("word",)

    def writes(self) -> tuple[Column, ...]:
        return (
            Column("length", "integer", "Letters."),
            Column("picture", "blob", "The word as a file."),
        )

    def process(self, batch: Sequence[Mapping[str, Any]], context: Context) -> list[Any]:
        time.sleep(float(os.environ.get("TOY_SLEEP", "0")))
        _count("measure", [row["media_id"] for row in batch], context)
        out = []
        for row in batch:
            if "!" in row["word"]:
                out.append(Failed(row["media_id"], ImageError("holds a '!'.", hint="Remove it.")))
                continue
            if row["word"] == "die" and (context.root / "deadly").exists():
                os.kill(os.getpid(), signal.SIGKILL)
            if row["word"] == "boom":
                raise ZeroDivisionError("boom")
            cell = context.write_blob("picture", row["word"].encode(), ".txt")
            values = {"length": self.factor * len(row["word"]), "picture": cell}
            out.append(Done(row["media_id"], values))
        return out


class Few(TableStage):
    """Choose the longest words; later stages see no others."""

    optional: ClassVar[bool] = True
    name: Literal["few"] = "few"
    version: Literal["1"] = "1"
    at_least: int = 6
    by: str = "word"

    @property
    def floats(self) -> bool:
        return True

    def reads(self) -> tuple[str, ...]:
        return (self.by,)

    def limits(self) -> str | None:
        return "chosen"

    def writes(self) -> tuple[Column, ...]:
        return (Column("chosen", "text", "Why it was chosen."),)

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        cells = inputs.column(self.by)
        long = [(len(c) if isinstance(c, str) else c) >= self.at_least for c in cells]
        return TableResult({"chosen": ["long" if one else None for one in long]})


class Call(StreamStage):
    """Ask each country in turn; nobody answers in ZZ."""

    optional: ClassVar[bool] = True
    name: Literal["call"] = "call"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 3

    def reads(self) -> tuple[str, ...]:
        return ("word", "country")

    def remembers(self) -> tuple[str, ...]:
        return ("n_calls",)

    def writes(self) -> tuple[Column, ...]:
        return (Column("n_calls", "integer", "How often it was asked."),)

    def lane(self, row: Mapping[str, Any], context: Context) -> str:
        return row["country"] or ""

    def stream(self, stream: Stream, context: Context) -> Generator[Done | Failed, None, str]:
        lanes = [lane for lane in stream.lanes.waiting() if lane != "ZZ"]
        while lanes:
            for lane in list(lanes):
                rows = stream.lanes.take(lane, 2)
                for row in rows:
                    if os.environ.get("TOY_STOP") == row["word"]:
                        raise OSError(28, "No space left on device")
                    _count("call", [row["media_id"]], context)
                    if "!" in row["word"]:
                        yield Failed(row["media_id"], ImageError("nobody there."))
                    else:
                        n_calls = (row["before.n_calls"] or 0) + 1
                        yield Done(row["media_id"], {"n_calls": n_calls})
                if not rows:
                    lanes.remove(lane)
        n_left = stream.lanes.waiting().get("ZZ", 0)
        return f"ZZ does not answer; {n_left} left" if n_left else ""


class Split(RowStage):
    """Derive one medium a part of a word that holds '+'."""

    name: Literal["split"] = "split"
    version: Literal["1"] = "1"
    derives: ClassVar[bool] = True

    def reads(self) -> tuple[str, ...]:
        return ("word", "length")

    def writes(self) -> tuple[Column, ...]:
        return (Column("piece", "text", "Part of the word."),)

    def process(self, batch: Sequence[Mapping[str, Any]], context: Context) -> list[Any]:
        _count("split", [row["media_id"] for row in batch], context)
        out = []
        for row in batch:
            pieces = row["word"].split("+")
            if len(pieces) == 1:
                out.append(Done(row["media_id"], {"piece": pieces[0]}))
                continue
            derived = [
                Done(derived_id(row["media_id"], "split", n), {"piece": piece})
                for n, piece in enumerate(pieces)
            ]
            out.append(Done(row["media_id"], {}, derived))
        return out


class Vector(RowStage):
    """Turn a piece into four numbers."""

    name: Literal["vector"] = "vector"
    version: Literal["1"] = "1"
    shift: float = 0.0
    weights: str = Field("", json_schema_extra={"context": True})

    def files(self, root: Path) -> Mapping[str, Path]:
        return {"weights": root / self.weights} if self.weights else {}

    def load(self, context: Context) -> None:
        if self.weights and not (context.root / self.weights).exists():
            raise StageError(f"there are no weights in {self.weights}.")

    def reads(self) -> tuple[str, ...]:
        return ("piece", "country")

    def writes(self) -> tuple[Column, ...]:
        return (Column("vector", "vector", "Four numbers.", 4),)

    def process(self, batch: Sequence[Mapping[str, Any]], context: Context) -> list[Any]:
        _count("vector", [row["media_id"] for row in batch], context)
        return [
            Done(
                row["media_id"],
                {"vector": [len(row["piece"]), len(row["country"] or ""), self.shift, 1]},
            )
            for row in batch
        ]


class Order(TableStage):
    """Rank media by their vectors, and write the sum to a file."""

    name: Literal["order"] = "order"
    version: Literal["1"] = "1"
    descending: bool = False
    weights: str = Field("", json_schema_extra={"context": True})

    def files(self, root: Path) -> Mapping[str, Path]:
        return {"weights": root / self.weights} if self.weights else {}

    def reads(self) -> tuple[str, ...]:
        return ("vector", "length")

    def writes(self) -> tuple[Column, ...]:
        return (Column("rank", "integer", "Place."),)

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        _count("order", inputs.ids, context)
        sums = inputs.vectors("vector").sum(axis=1) + inputs.numbers("length")
        ranks = np.argsort(np.argsort(sums, kind="stable"), kind="stable")
        (context.artifacts / "sum.txt").write_text(f"{sums.sum()}")
        return TableResult({"rank": ranks}, {"sum": float(sums.sum())})


class Shelf(TableStage):
    """Give each word a place of its own; old words keep theirs."""

    optional: ClassVar[bool] = True
    name: Literal["shelf"] = "shelf"
    version: Literal["1"] = "1"
    first: int = 0

    def reads(self) -> tuple[str, ...]:
        return ("length",)

    def remembers(self) -> tuple[str, ...]:
        return ("place",)

    def writes(self) -> tuple[Column, ...]:
        return (Column("place", "integer", "Place."),)

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Number words; if asked again, from one more than the lowest of before."""
        before = [None] * len(inputs)
        first = self.first
        if inputs.before is not None:
            context.tell(f"goes on from {inputs.before['unchanged'].to_pylist().count(True)}")
            same = inputs.before["unchanged"].to_pylist()
            before = [
                place if one else None
                for place, one in zip(inputs.before["place"].to_pylist(), same, strict=True)
            ]
        if inputs.asked_again:
            first = min(one for one in before if one is not None) + 1
            before = [None] * len(inputs)
        new = [one for one, place in zip(inputs.ids, before, strict=True) if place is None]
        _count("shelf", new, context)
        taken = [place for place in before if place is not None]
        free = itertools.count(max(taken, default=first - 1) + 1)
        places = [next(free) if one is None else one for one in before]
        return TableResult({"place": places}, note="asked again" if inputs.asked_again else "")


def _count(stage: str, ids: Sequence[str], context: Context) -> None:
    """Note what was done, outside the collection, if a test asked for it."""
    path = os.environ.get("TOY_LOG")
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{stage} {one}\n" for one in ids)


def pipeline(workers: int = 0) -> core.Pipeline:
    return core.Pipeline(
        (Read, Few, Call, Measure, Shelf, Split, Vector, Order),
        lambda asked: _engine(asked, workers),
    )


def _engine(asked: EngineSettings, workers: int) -> Engine:
    if asked.kind == "local" and asked.workers is None:
        asked = asked.model_copy(update={"workers": workers})
    return engine_of(asked)


WORDS = [(f"n{i:02d}", f"word{i}" + ("+x" if i % 5 == 0 else ""), "UK") for i in range(20)]

TOML = 'format = 2\n[collection]\ntitle = "Words"\n[ingest]\n'


def make(root: Path, words: Sequence[tuple[str, str, str]], toml: str = TOML) -> core.Collection:
    """Make a collection of words: (name, word, country)."""
    write_words(root, words)
    return core.Collection.create(root, toml, pipeline())


def write_words(root: Path, words: Sequence[tuple[str, str, str]]) -> None:
    root.mkdir(parents=True, exist_ok=True)
    with (root / "words.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "word", "country"])
        writer.writerows(words)


def content(root: Path) -> dict[str, bytes]:
    """Return every file that must be equal bit for bit, by path; times and locks are not."""
    skipped = ("runs/", "cache/", ".lock", ".tmp")
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    names = {path.relative_to(root).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith(skipped)}


def die_at_write(n: int) -> None:
    """Kill this process when it is about to flush a file or folder for the n-th time."""
    left, flush = itertools.count(1), os.fsync

    def count(handle: int) -> None:
        if next(left) == n:
            os.kill(os.getpid(), signal.SIGKILL)
        flush(handle)

    os.fsync = count


def killed_at_every_write(old: Path, folder: Path, stage: str, *, again: bool) -> None:
    """Run a stage in copies of a collection, each in a process killed at another write.

    The copies are called by the number of the write; the last was not killed.
    """
    for n in itertools.count(1):
        root = folder / f"{n:03d}"
        shutil.copytree(old, root)
        child = os.fork()
        if not child:
            die_at_write(n)
            core.Collection(root, pipeline()).run([stage], again=[stage] if again else [])
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            return


if __name__ == "__main__":
    if len(sys.argv) > 3:
        old, folder, stage, again = sys.argv[1:]
        killed_at_every_write(Path(old), Path(folder), stage, again=again == "again")
    else:
        core.Collection(Path(sys.argv[1]), pipeline(int(sys.argv[2]))).run()
