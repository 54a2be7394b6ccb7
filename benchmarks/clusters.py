"""The local engine against Dask and Ray on one machine; and one, two, four workers that wait.

python benchmarks/clusters.py [--images 1024] [--rounds 3] [--engines local dask ray]

Ray is left out where it is not installed ('make test-ray' puts it beside the environment).
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Literal

import core
from report import record, table
from wunderkammer.core.collection import Collection, Pipeline
from wunderkammer.core.column import Column
from wunderkammer.core.engine import Engine
from wunderkammer.core.resources import EngineSettings
from wunderkammer.core.stage import Done, RowStage
from wunderkammer.core.template import template
from wunderkammer.engines import engine_of
from wunderkammer.stages import STAGES
from wunderkammer.testing import SpecimenGenerator, write_archive

N_DRAWN = 64
N_IDLE, IDLE_BATCHES = 4_096, 256
WAIT_S, WAIT_BATCHES = 2.0, 16


class Idle(RowStage):
    """Do nothing, in many batches."""

    name: Literal["idle"] = "idle"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = N_IDLE // IDLE_BATCHES

    def reads(self) -> tuple[str, ...]:
        return ("catalogNumber",)

    def writes(self) -> tuple[Column, ...]:
        return (Column("idle", "integer", "One."),)

    def process(self, batch: Any, context: Any) -> Any:
        return [Done(one["media_id"], {"idle": 1}) for one in batch]


class Wait(Idle):
    """Wait, as for a GPU or a disk, in coarse batches."""

    name: Literal["wait"] = "wait"  # type: ignore[assignment]

    def writes(self) -> tuple[Column, ...]:
        return (Column("waited", "integer", "One."),)

    def process(self, batch: Any, context: Any) -> Any:
        time.sleep(WAIT_S)
        return [Done(one["media_id"], {"waited": 1}) for one in batch]


def idling() -> Pipeline:
    return Pipeline((core.Rows, Idle, Wait), engine_of)


def loaded(kind: str, address: str, n_workers: int) -> Engine:
    """Return an engine whose workers have loaded what they need; whoever runs with it leaves it."""
    engine = engine_of(EngineSettings(kind=kind, address=address, workers=n_workers))
    while engine.n_workers < n_workers:
        time.sleep(0.05)
    for call in [engine.submit(warm) for _ in range(n_workers)]:
        call.result()
    return engine


@contextmanager
def started(kind: str, n_workers: int) -> Iterator[str]:
    """Yield the address of a cluster with so many workers; of this machine it is empty."""
    here = str(Path(__file__).parent)
    os.environ["PYTHONPATH"] = os.pathsep.join([here, os.environ.get("PYTHONPATH", "")])
    if kind == "dask":
        from distributed import LocalCluster

        with LocalCluster(
            n_workers=n_workers, threads_per_worker=1, host="127.0.0.1", silence_logs=50,
            dashboard_address="127.0.0.1:0",
        ) as cluster:  # fmt: skip
            yield cluster.scheduler_address
    elif kind == "ray":
        from ray.cluster_utils import Cluster

        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": n_workers})
        try:
            yield cluster.address
        finally:
            cluster.shutdown()
    else:
        yield ""


def warm() -> None:
    """Load what a worker needs, for long enough that each worker gets one of these calls."""
    import cv2  # noqa: F401
    import pyarrow as pa  # noqa: F401

    import wunderkammer.stages  # noqa: F401

    time.sleep(1.0)


def make_images(root: Path, n: int) -> None:
    """Make a collection of n media that show some drawn specimens of 800 px."""
    write_archive(root / "drawn", SpecimenGenerator(seed=3), N_DRAWN, truth=False)
    found = sorted((root / "drawn").rglob("*.jpg"))
    lines = [f"S{i:06d},{found[i % len(found)].relative_to(root / 'drawn')}" for i in range(n)]
    (root / "records.csv").write_text("\n".join(["catalogNumber,file", *lines]))
    settings = {
        "collection.title": "Engines",
        "ingest.source.name": "table",
        "ingest.source.path": "records.csv",
        "ingest.source.images": "drawn",
    }
    made = Pipeline(STAGES, engine_of)
    Collection.create(root, template(made.stages, settings), made).run(["ingest", "fetch"])


def images_s(old: Path, kind: str, address: str, n: int) -> float:
    """Return how many images a second the stage of thumbnails does on two workers."""
    root = old.parent / "copy"
    shutil.copytree(old, root)
    try:
        engine = loaded(kind, address, 2)
        start = time.perf_counter()
        collection = Collection(root, Pipeline(STAGES, engine_of))
        (done,) = collection.run(["image"], engine=engine).stages
        seconds = time.perf_counter() - start
    finally:
        shutil.rmtree(root)
    if done.n_done != n:
        raise SystemExit(f"{kind}: {done.n_done:,} of {n:,} are done")
    return n / seconds


def seconds_of(
    root: Path, kind: str, address: str, stage: str, n_workers: int, n: int, settings: str = ""
) -> float:
    """Return how long a stage takes from its first batch's begin to its last one's commit."""
    root.mkdir(parents=True)
    core.make(root, n, idling())
    with (root / "collection.toml").open("a") as file:
        file.write(settings)
    collection = Collection(root, idling())
    collection.run(["ingest"])
    collection.run([stage], engine=loaded(kind, address, n_workers))
    (log,) = [path for path in (root / "runs").glob("*.jsonl") if f'"{stage}"' in path.read_text()]
    events = [json.loads(line) for line in log.read_text().splitlines()]
    batches = [one for one in events if one["event"] == "batch"]
    first, *_, last = (dt.datetime.fromisoformat(one["at"]) for one in batches)
    return (last - first).total_seconds() + batches[0]["seconds"]


def installed(kinds: Sequence[str]) -> list[str]:
    """Return the engines whose library is here."""
    there = importlib.util.find_spec("ray") is not None
    return [kind for kind in kinds if there or kind != "ray"]


def engines(kinds: Sequence[str], n: int, rounds: int) -> str:
    """Return the table of images a second and of what a batch costs."""
    best: dict[str, float] = dict.fromkeys(kinds, 0.0)
    idle: dict[str, float] = dict.fromkeys(kinds, float("inf"))
    with tempfile.TemporaryDirectory() as folder:
        images = Path(folder) / "images"
        images.mkdir()
        make_images(images, n)
        for turn in range(rounds):
            # who comes first finds nothing in the disk's cache
            first = turn % len(kinds)
            for kind in [*kinds[first:], *kinds[:first]]:
                own = Path(folder) / str(turn) / kind
                with started(kind, 2) as address:
                    best[kind] = max(best[kind], images_s(images, kind, address, n))
                    took = seconds_of(own, kind, address, "idle", 2, N_IDLE)
                idle[kind] = min(idle[kind], took)
    rows = [
        [kind, f"{best[kind]:.0f}", f"{best['local'] / best[kind]:.2f}",
         f"{1000 * idle[kind] / IDLE_BATCHES:.0f}"]
        for kind in kinds
    ]  # fmt: skip
    head = ["engine", "images/s", "local, of it", "ms a batch that does nothing"]
    return table(head, rows)


def scaling(kinds: Sequence[str]) -> str:
    """Return the table of workers that wait."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            n = WAIT_BATCHES * Wait.batch_size
            took = []
            for one in (1, 2, 4):
                own = Path(folder) / f"{kind}-{one}"
                with started(kind, one) as address:
                    took.append(seconds_of(own, kind, address, "wait", one, n))
            share = [took[0] / (one * s) for one, s in zip((1, 2, 4), took, strict=True)]
            rows.append(
                [kind, *(f"{s:.1f} s" for s in took), *(f"{100 * one:.0f} %" for one in share[1:])]
            )
    head = ["engine", "1 worker", "2", "4", "2 of linear", "4 of linear"]
    return table(head, rows)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=1_024)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", nargs="+", default=["local", "dask", "ray"])
    parser.add_argument("--parts", nargs="+", default=["engines", "scaling"])
    parser.add_argument("--beside", default="", help="what else ran on the machine")
    options = parser.parse_args()
    kinds = installed(options.engines)
    if "engines" in options.parts:
        about = (
            f"{options.images:,} photographs of 800 px through `image` on two workers, and "
            f"{IDLE_BATCHES} batches through a stage that does nothing: handed out, come back, "
            f"committed with an fsync each. Workers are started and have loaded what they need; "
            f"in turns, best of {options.rounds} (asked: local at least as quick as each "
            f"cluster). {options.beside}"
        )
        text = f"{about}\n\n{engines(kinds, options.images, options.rounds)}"
        record("clusters.engines", "The local engine and two clusters on one machine", text)
    if "scaling" in options.parts:
        about = (
            f"{WAIT_BATCHES} batches that wait {WAIT_S:g} s each, as for a GPU or a disk (asked: "
            f"at least 90 % of linear), from the begin of the first to the commit of the last; "
            f"workers are started before. {options.beside}"
        )
        text = f"{about}\n\n{scaling(kinds)}"
        record("clusters.scaling", "One, two, four workers that wait", text)


if __name__ == "__main__":
    main()
