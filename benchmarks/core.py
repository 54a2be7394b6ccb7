"""The cost of the core: planning a million rows, and batches against a plain pool.

python benchmarks/core.py [--rows 1000000]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np

from report import record, table
from wunderkammer.core.collection import Collection, Pipeline
from wunderkammer.core.column import Column
from wunderkammer.core.identity import stable_id
from wunderkammer.core.stage import Done, RecordStage, RowStage
from wunderkammer.engines.local import LocalEngine

SOURCE = "rows.csv"
WORK_PX = 700


class Rows(RecordStage):
    """A million records with nine columns."""

    name: Literal["ingest"] = "ingest"
    version: Literal["1"] = "1"

    def input_files(self, root: Path) -> dict[str, Path]:
        return {SOURCE: root / SOURCE}

    def records(self, root: Path, digest: Any) -> Any:
        n = int((root / SOURCE).read_text())
        for start in range(0, n, 8192):
            yield [
                {
                    "media_id": stable_id(str(i)),
                    "specimen_id": stable_id("specimen", str(i // 2)),
                    "scientificName": f"Genus{i % 997} species{i % 9973}",
                    "family": f"Family{i % 211}idae",
                    "country": f"Country {i % 150}",
                    "eventDate": f"19{i % 90 + 10}-0{i % 9 + 1}-11",
                    "catalogNumber": f"BM{i:09d}",
                    "accessURI": f"https://example.org/media/{i}.jpg",
                    "license": "CC-BY-4.0",
                }
                for i in range(start, min(start + 8192, n))
            ]


def stage(position: int) -> type[RowStage]:
    """Return a stage that reads what the one before wrote, and a term."""

    class Link(RowStage):
        name: Literal[f"stage{position}"] = f"stage{position}"
        version: Literal["1"] = "1"
        batch_size: ClassVar[int] = 4096

        def reads(self) -> tuple[str, ...]:
            before = (f"value{position - 1}",) if position > 1 else ()
            return (*before, "scientificName", "catalogNumber")

        def writes(self) -> tuple[Column, ...]:
            return (Column(f"value{position}", "text", "A value."),)

        def process(self, batch: Any, context: Any) -> Any:
            name = f"value{position}"
            return [Done(row["media_id"], {name: row["media_id"][:8]}) for row in batch]

    return Link


class Sharpen(RowStage):
    """Real work on an array: about ten milliseconds a medium."""

    name: Literal["sharpen"] = "sharpen"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 64

    def reads(self) -> tuple[str, ...]:
        return ("catalogNumber",)

    def writes(self) -> tuple[Column, ...]:
        return (Column("energy", "real", "A figure."),)

    def process(self, batch: Any, context: Any) -> Any:
        return [Done(row["media_id"], {"energy": work(row["catalogNumber"])}) for row in batch]


def work(text: str) -> float:
    """Return a figure that costs some ten milliseconds."""
    seed = int(text.removeprefix("BM"))
    image = np.random.default_rng(seed).random((WORK_PX, WORK_PX), dtype=np.float32)
    return float(np.abs(image - np.roll(image, 1, 0)).sum() + np.sort(image, axis=1)[:, 0].sum())


def work_batch(texts: list[str]) -> list[float]:
    return [work(text) for text in texts]


def pipeline(n_stages: int) -> Pipeline:
    return Pipeline((Rows, *(stage(i + 1) for i in range(n_stages))), lambda n: LocalEngine(0))


def make(root: Path, n: int, stages: Pipeline) -> Collection:
    (root / SOURCE).write_text(str(n))
    return Collection.create(root, '[collection]\ntitle = "Rows"\n[ingest]\n', stages)


def plan_in_fresh_process(root: Path, n_stages: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--plan", str(root), "--stages", str(n_stages)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))


def plan(root: Path, n_stages: int) -> None:
    start = time.perf_counter()
    found = Collection(root, pipeline(n_stages)).plan()
    seconds = time.perf_counter() - start
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"s": seconds, "mb": rss, "fresh": found.nothing_to_do}))


def measure_plan(n: int, n_stages: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        make(Path(folder), n, pipeline(n_stages)).run()
        run_s = time.perf_counter() - start
        fresh = plan_in_fresh_process(Path(folder), n_stages)
        (Path(folder) / SOURCE).write_text(f"{n} ")
        touched = plan_in_fresh_process(Path(folder), n_stages)
    rows = [
        ["`wk plan`, all fresh", f"{fresh['s']:.1f} s", f"{fresh['mb']:,.0f} MB"],
        ["`wk plan`, source changed", f"{touched['s']:.1f} s", f"{touched['mb']:,.0f} MB"],
        ["first run: ingest, stages of no work, commits, compaction", f"{run_s:.0f} s", ""],
    ]
    if not fresh["fresh"]:
        raise SystemExit("the plan of a finished collection is not empty")
    title = f"{n:,} rows x {n_stages} finished stages (asked: plan < 10 s, < 2 GB)"
    return f"{title}:\n\n" + table(["", "wall", "peak RSS"], rows)


def measure_engine(n: int, workers: int) -> str:
    """Time the engine and a plain pool on the same work, in turns; take the best of each."""
    texts = [f"BM{i:09d}" for i in range(n)]
    batches = [texts[i : i + Sharpen.batch_size] for i in range(0, n, Sharpen.batch_size)]
    plain, ours = [], []
    for _ in range(3):
        start = time.perf_counter()
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            pool.map(work_batch, batches, chunksize=1)
        plain.append(time.perf_counter() - start)
        with tempfile.TemporaryDirectory() as folder:
            stages = Pipeline((Rows, Sharpen), lambda n: LocalEngine(workers))
            collection = make(Path(folder), n, stages)
            collection.run(["ingest"])
            start = time.perf_counter()
            collection.run(["sharpen"])
            ours.append(time.perf_counter() - start)
    ratio = min(ours) / min(plain)
    rows = [
        ["`multiprocessing.Pool.map`, results thrown away", f"{min(plain):.2f} s", "1.00"],
        ["engine: plan, batches, keys, fsynced commits, compaction", f"{min(ours):.2f} s",
         f"{ratio:.2f}"],
    ]  # fmt: skip
    text = f"{n:,} media of about {1000 * min(plain) * workers / n:.0f} ms, {workers} workers, "
    return text + "best of 3 (asked: <= 1.10):\n\n" + table(["", "wall", "ratio"], rows)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--stages", type=int, default=6)
    parser.add_argument("--media", type=int, default=4096)
    parser.add_argument("--plan", type=Path)
    options = parser.parse_args()
    if options.plan:
        plan(options.plan, options.stages)
        return
    parts = [measure_engine(options.media, 2), measure_plan(options.rows, options.stages)]
    record("core", "The core", "\n\n".join(parts))


if __name__ == "__main__":
    main()
