"""Rows of a collection that is all bookkeeping: records, thumbnails of a few bytes, a stub encoder.

What a run of millions costs its driver, whatever its workers do: reading records, planning,
handing out, committing, going on after a kill, folding the parts. Each step is a process.

python benchmarks/million_rows.py [--rows 1000000 10000000] [--folder <with room>]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np

import core
from million import _Peak, exponent
from report import record, table
from wunderkammer.core.collection import Collection, Pipeline
from wunderkammer.core.column import Column
from wunderkammer.core.stage import Done, RowStage
from wunderkammer.engines.local import LocalEngine

N_FEATURES = 16
STEPS = (
    "ingest", "plan, nothing done", "thumbnails, killed half-way", "plan after the kill",
    "resumed: thumbnails, stub encoder", "plan, all done", "run, all done",
)  # fmt: skip
LIMIT_GB = 8


class Thumbnail(RowStage):
    """A picture of a few bytes; only its name is kept."""

    name: Literal["image"] = "image"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 4096

    def reads(self) -> tuple[str, ...]:
        return ("catalogNumber", "accessURI")

    def writes(self) -> tuple[Column, ...]:
        return (
            Column("thumbnail", "blob", "A picture."),
            Column("width", "integer", "Pixels."),
        )

    def process(self, batch: Any, context: Any) -> Any:
        return [
            Done(one["media_id"], {"thumbnail": f"{one['media_id'][:2]}/{one['media_id']}.jpg",
                                   "width": 8})
            for one in batch
        ]  # fmt: skip


class Stub(RowStage):
    """Sixteen numbers from the medium's id, in place of an encoder's."""

    name: Literal["features"] = "features"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 4096

    def reads(self) -> tuple[str, ...]:
        return ("thumbnail",)

    def writes(self) -> tuple[Column, ...]:
        return (Column("features", "vector", "Numbers.", N_FEATURES),)

    def process(self, batch: Any, context: Any) -> Any:
        return [
            Done(one["media_id"], {"features": np.frombuffer(one["media_id"][:16].encode(), "u1")})
            for one in batch
        ]


def pipeline() -> Pipeline:
    return Pipeline((core.Rows, Thumbnail, Stub), lambda n: LocalEngine(0))


def do(root: Path, step: str) -> None:
    """Do one step; print what it found."""
    collection = Collection(root, pipeline())
    said: dict[str, Any] = {}
    if step == "ingest":
        collection.run(["ingest"])
    elif step.startswith("plan"):
        plan = collection.plan()
        said = {"todo": {one.group: one.n_todo for one in plan.stages}}
    elif step.startswith("thumbnails"):
        collection.run(["image"])
    else:
        report = collection.run()
        said = {"done": {one.group: one.n_done for one in report.stages}}
    print(json.dumps(said))


def measured(root: Path, step: str, kill_at: int = 0) -> dict[str, Any]:
    """Do one step in a process of its own, killed when it has committed so many parts."""
    command = [sys.executable, __file__, "--root", str(root), "--do", step]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    peak = _Peak(process.pid)
    while kill_at and process.poll() is None:
        if len(list((root / "columns/image").glob("part-new-*.parquet"))) >= kill_at:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.2)
    said = process.stdout.read() if process.stdout else b""
    peak.ended.set()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    peak.join()
    if process.returncode and not kill_at:
        raise SystemExit(f"{step} failed")
    found = {
        "wall": time.perf_counter() - start,
        "cpu": used.ru_utime + used.ru_stime,
        "mb": peak.n_bytes / 1e6,
        "said": json.loads(said.splitlines()[-1]) if said else {},
    }
    print(f"{step}: {found}", file=sys.stderr, flush=True)
    return found


def whole(n: int, folder: Path) -> dict[str, dict[str, Any]]:
    """Do all steps for n rows."""
    root = folder / f"rows-{n}"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    try:
        core.make(root, n, pipeline())
        n_parts = -(-n // max(Thumbnail.batch_size, -(-n // 2_000)))
        found = {}
        for step in STEPS:
            kill_at = n_parts // 2 if "killed" in step else 0
            found[step] = measured(root, step, kill_at)
        _check(n, found)
        found |= _from_log(root)
        return found
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _check(n: int, found: dict[str, dict[str, Any]]) -> None:
    """Hold what the steps said against what must be."""
    left = found["plan after the kill"]["said"]["todo"]["image"]
    if not 0 < left < n:
        raise SystemExit(f"{left:,} of {n:,} are left after the kill")
    done = found["resumed: thumbnails, stub encoder"]["said"]["done"]
    if done["image"] != left or done["features"] != n:
        raise SystemExit(f"the resumed run did {done}, and {left:,} were left")
    if any(found["plan, all done"]["said"]["todo"].values()):
        raise SystemExit("the plan of a finished collection is not empty")


def _from_log(root: Path) -> dict[str, dict[str, Any]]:
    """Return how long the resumed run took to plan a stage and to fold its parts."""
    import datetime as dt

    log = max((root / "runs").glob("*.jsonl"), key=lambda path: path.stat().st_size)
    events = [json.loads(line) for line in log.read_text().splitlines()]
    batches: dict[str, list[float]] = {}
    ends: dict[str, float] = {}
    for one in events:
        at = dt.datetime.fromisoformat(one["at"]).timestamp()
        if one["event"] == "batch":
            batches.setdefault(one["stage"], []).append(at)
        elif one["event"] == "stage ends":
            ends[one["stage"]] = at
    seconds = {stage: ends[stage] - times[-1] for stage, times in batches.items()}
    features = batches["features"]
    return {
        "of this, folding the parts of both stages": {"wall": sum(seconds.values())},
        "a batch of the stub encoder, handed out to committed": {
            "wall": (features[-1] - features[0]) / (len(features) - 1)
        },
    }


def told(sizes: Sequence[int], found: Sequence[dict[str, dict[str, Any]]]) -> str:
    """Return the table."""
    rows: list[list[object]] = []
    for step in found[0]:
        cells: list[object] = [step]
        for one in found:
            took = one[step]
            cells.append(f"{took['wall']:,.2f}" if took["wall"] < 10 else f"{took['wall']:,.0f}")
            cells.append(f"{took['cpu']:,.0f}" if "cpu" in took else "")
            cells.append(f"{took['mb']:,.0f}" if "mb" in took else "")
        many = "cpu" in found[0][step] and len(found) > 1
        cells.append(exponent(sizes, [one[step]["cpu"] for one in found]) if many else "")
        rows.append(cells)
    head = ["", *(name for n in sizes for name in (f"{n:,}: wall s", "CPU s", "MB"))]
    return table([*head, "exponent"], rows)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--beside", default="", help="what else ran on the machine")
    parser.add_argument("--root", type=Path)
    parser.add_argument("--do")
    options = parser.parse_args()
    if options.do:
        do(options.root, options.do)
        return
    found: list[dict[str, dict[str, Any]]] = []
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for n in sorted(options.rows):
            found.append(whole(n, Path(folder)))
            _record(sorted(options.rows)[: len(found)], found, options.beside)


def _record(sizes: Sequence[int], found: Sequence[dict[str, dict[str, Any]]], beside: str) -> None:
    most = max(one.get("mb", 0) for one in found[-1].values()) / 1e3
    about = (
        f"Synthetic records of nine columns, a stage of thumbnails that are only named, a stage of "
        f"{N_FEATURES} numbers; they do nothing else, so this is the driver's own part. "
        f"Most memory of any step: {most:.1f} GB (asked: at most {LIMIT_GB} GB at 10 million). "
        "The exponent is that of CPU time over the number of rows, starts included (asked: 1). "
        f"After the kill exactly what was not committed is done. {beside}"
    )
    title = "Millions of rows, planned and kept"
    record("million_rows", title, f"{about}\n\n{told(sizes, found)}")


if __name__ == "__main__":
    main()
