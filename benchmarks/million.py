"""The whole run, from records to a published atlas, at sizes that grow tenfold.

Every stage is run in a process of its own, so that time and memory are its own. Thumbnails are
drawn once, some thousand for any number of media; features are drawn from the genus and the
medium's id, in place of an encoder's.

python benchmarks/million.py [--sizes 10000 100000 1000000] [--folder <with room>] [--keep]
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pyarrow.csv

import report
from million_records import N_FAMILIES, N_GENERA, Records, family_of, names
from report import record, table
from wunderkammer.core.collection import Collection, Pipeline
from wunderkammer.core.column import Column
from wunderkammer.core.stage import Done, RowStage, Stage
from wunderkammer.core.template import template
from wunderkammer.engines.local import LocalEngine
from wunderkammer.stages import STAGES
from wunderkammer.stages.publish import site_of

N_FEATURES, N_WAYS = 128, 8
N_PICTURES, PICTURE_PX = 4_000, 96
LEFT_OUT = {
    *("fingerprint", "duplicates", "sample", "measure"),
    *("cutout", "upright", "sort", "identify"),
}
HAS_NEIGHBOURS = any(stage.model_fields["name"].default == "neighbours" for stage in STAGES)
SETTINGS: dict[str, Any] = {
    "collection.title": "A million media",
    "ingest.source.name": "table",
    "ingest.source.path": "records.csv",
    "ingest.source.images": "images",
    "image.keep_originals": False,
    "tile.sprite_px": 64,
    "tile.style.retina": False,
    **({"neighbours.k": 90} if HAS_NEIGHBOURS else {"embedding.projection": "pca"}),
}
START, AGAIN = "(start)", "run again"
PUBLISHING = ("publish", "publish again")


class PlantedFeatures(RowStage):
    """Features that lie about their genus, and the genera about their family."""

    name: Literal["features"] = "features"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 128

    @property
    def label(self) -> str:
        return "planted"

    def reads(self) -> tuple[str, ...]:
        return ("thumbnail", "genus")

    def writes(self) -> tuple[Column, ...]:
        return (Column(self.group, "vector", "Planted features.", N_FEATURES),)

    def load(self, context: Any) -> None:
        rng = np.random.default_rng(0)
        genera = [name.capitalize() for name in names(N_GENERA, 3, 3)]
        self._place = {name: place for place, name in enumerate(genera)}
        families = rng.normal(0, 1, (N_FAMILIES, N_FEATURES))
        middles = rng.normal(0, 0.6, (N_GENERA, N_FEATURES))
        self._middles = (families[family_of(np.arange(N_GENERA))] + middles).astype(np.float32)
        ways = rng.normal(0, 0.3 / math.sqrt(N_WAYS), (N_GENERA, N_WAYS, N_FEATURES))
        self._ways = ways.astype(np.float32)

    def process(self, batch: Any, context: Any) -> Any:
        return [Done(one["media_id"], {self.group: self._vector(one)}) for one in batch]

    def _vector(self, medium: Any) -> npt.NDArray[np.float32]:
        genus = self._place[medium["genus"]]
        drawn = np.random.Generator(np.random.Philox(int(medium["media_id"][:16], 16)))
        along = drawn.standard_normal(N_WAYS, np.float32) @ self._ways[genus]
        noise = 0.02 * drawn.standard_normal(N_FEATURES, np.float32)
        return np.asarray(self._middles[genus] + along + noise, np.float32)


def pipeline() -> Pipeline:
    kept: list[type[Stage]] = []
    for stage in STAGES:
        name = stage.model_fields["name"].default
        if name not in LEFT_OUT:
            kept.append(PlantedFeatures if name == "features" else stage)
    return Pipeline(kept, LocalEngine, site_of)


def draw_pictures(folder: Path) -> list[str]:
    """Draw butterflies of all colours, two wings each; return their names."""
    import simplejpeg

    folder.mkdir(parents=True)
    rows, columns = np.mgrid[-1 : 1 : PICTURE_PX * 1j, -1 : 1 : PICTURE_PX * 1j]
    found = []
    for number in range(N_PICTURES):
        rng = np.random.default_rng(number)
        wide, high = rng.uniform(0.35, 0.48), rng.uniform(0.4, 0.9)
        wing = ((np.abs(columns) - 0.5) / wide) ** 2 + (rows / high) ** 2 < 1
        bands = 0.75 + 0.25 * np.sin(rng.uniform(4, 20) * np.hypot(columns, rows))
        picture = np.full((PICTURE_PX, PICTURE_PX, 3), 250.0)
        picture[wing] = (rng.uniform(40, 230, 3) * bands[:, :, None])[wing]
        top = round(PICTURE_PX * (1 - high) / 2)
        content = simplejpeg.encode_jpeg(
            np.ascontiguousarray(picture[top : PICTURE_PX - top].astype(np.uint8)), quality=88
        )
        found.append(f"{number}.jpg")
        (folder / found[-1]).write_bytes(content)
    return found


def make(root: Path, n: int) -> None:
    """Write records and pictures and make the collection, which is not timed."""
    files = draw_pictures(root / "images")
    pyarrow.csv.write_csv(Records(n).table(files), root / "records.csv")
    made = pipeline()
    Collection.create(root, template(made.stages, SETTINGS), made)


def do(root: Path, step: str) -> None:
    """Do one step; say what it measured."""
    collection = Collection(root, pipeline())
    said: dict[str, Any] = {}
    if step in PUBLISHING:
        said = {"n_files": collection.publish(root / "site")}
    elif step == AGAIN:
        said = {"n_done": sum(one.n_done for one in collection.run().stages)}
        if said["n_done"]:
            raise SystemExit("a finished collection has something to do")
    elif step != START:
        (run,) = collection.run([step]).stages
        if run.n_failed:
            raise SystemExit(f"{step}: {run.n_failed} failed")
        said = {"n_done": run.n_done, **run.quality}
    print(json.dumps(said))


def measured(root: Path, stage: str) -> dict[str, Any]:
    """Run one stage in a process of its own; return what it took and what it said."""
    command = [sys.executable, __file__, "--root", str(root), "--do", stage]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    peak = _Peak(process.pid)
    said = process.stdout.read() if process.stdout else b""
    peak.ended.set()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    peak.join()
    if process.returncode:
        raise SystemExit(f"{stage} failed")
    seconds = time.perf_counter() - start
    return {
        "wall": seconds,
        "cpu": used.ru_utime + used.ru_stime,
        "mb": peak.n_bytes / 1e6,
        "said": json.loads(said.splitlines()[-1]),
    }


class _Peak(threading.Thread):
    """Watches how much memory a process and all it started hold together."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.n_bytes = 0
        self._pid = pid
        self.start()

    def run(self) -> None:
        # To ask costs milliseconds a gigabyte and holds up who is asked: seldom, where it is long.
        pause = 0.1
        while not self.ended.wait(pause):
            self.n_bytes = max(self.n_bytes, sum(map(_held, _family(self._pid))))
            pause = min(2.0, 1.05 * pause)


def _family(pid: int) -> Iterator[int]:
    """Yield a process and its descendants."""
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = path.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _held(pid: int) -> int:
    """Return the bytes that a process alone holds and its part of what it shares."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(
        (1024 * int(line.split()[1]) for line in text.splitlines() if line[:4] == "Pss:"), 0
    )


def whole(n: int, folder: Path, *, keep: bool) -> dict[str, dict[str, Any]]:
    """Run everything on n media; return what each step took."""
    root = folder / f"media-{n}"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    try:
        make(root, n)
        stages = Collection(root, pipeline()).configuration.stages
        steps = [stage.group.partition("/")[0] for stage in stages]
        found = {}
        for step in [START, *steps, *PUBLISHING, AGAIN]:
            found[step] = measured(root, step)
            print(f"{n:,} {step}: {found[step]}", file=sys.stderr, flush=True)
        found["disk"] = {"gb": _disk(root), "artifacts": _disk(root / "artifacts")}
        print(f"{n:,} disk: {found['disk']}", file=sys.stderr, flush=True)
        return found
    finally:
        if not keep:
            shutil.rmtree(root, ignore_errors=True)


def _disk(root: Path) -> float:
    """Return the gigabytes below a folder, a file of several names once."""
    done = subprocess.run(["du", "-s", "-B1", str(root)], check=True, capture_output=True)
    return int(done.stdout.split()[0]) / 1e9


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> str:
    """Return the power with which time grows, fitted to all sizes."""
    if len(sizes) < 2 or min(seconds) <= 0:
        return ""
    return f"{np.polyfit(np.log(sizes), np.log(seconds), 1)[0]:.2f}"


def growth(sizes: Sequence[int], found: Sequence[dict[str, dict[str, Any]]]) -> str:
    """Return the table of all steps."""
    rows: list[list[object]] = []
    for step in found[0]:
        if step == "disk":
            continue
        cells: list[object] = [step]
        for one in found:
            took = one[step]
            cells += [f"{took['wall']:,.1f}", f"{took['cpu']:,.1f}", f"{took['mb']:,.0f}"]
        beyond = [one[step]["cpu"] - one[START]["cpu"] for one in found]
        rows.append([*cells, "" if step == START else exponent(sizes, beyond)])
    head = ["", *(name for n in sizes for name in (f"{n:,}: wall s", "CPU s", "MB"))]
    return table([*head, "exponent"], rows)


def told(sizes: Sequence[int], found: Sequence[dict[str, dict[str, Any]]]) -> str:
    """Return what was run, how, and what it measured of itself."""
    quality = [
        f"- {n:,}: "
        + ", ".join(
            f"{name} {value:,.4g}"
            for step in ("neighbours", "embedding", "layout", "tile", "publish")
            for name, value in one.get(step, {}).get("said", {}).items()
            if name != "n_done"
        )
        + f"; {one['disk']['gb']:.1f} GB on disk, the site included"
        for n, one in zip(sizes, found, strict=True)
    ]
    return "\n".join(quality)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, help="where the collections are made and removed")
    parser.add_argument("--keep", action="store_true", help="leave the largest collection")
    parser.add_argument("--page", type=Path, default=report.PAGE)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--do")
    options = parser.parse_args()
    if options.do:
        do(options.root, options.do)
        return
    report.PAGE = options.page
    folder = options.folder or Path(tempfile.mkdtemp())
    sizes = sorted(options.sizes)
    # The largest first, so that its site can be looked at while the others run.
    by_size = {n: whole(n, folder, keep=options.keep and n == sizes[-1]) for n in sizes[::-1]}
    found = [by_size[n] for n in sizes]
    about = (
        f"Synthetic records; {N_PICTURES:,} drawings of {PICTURE_PX} px stand for all media; "
        f"{N_FEATURES} planted features; sprites of {SETTINGS['tile.sprite_px']} px, no @2x; "
        + ("t-SNE." if HAS_NEIGHBOURS else "principal components.")
        + " Each step is a process of its own, its start included; MB are of all its processes "
        "together, what they share counted once. The exponent is fitted to the CPU seconds beyond "
        "those of a start (asked: at most 1.1)."
    )
    parts = [about, growth(sizes, found), told(sizes, found)]
    record("million", "From records to a published atlas, a million media", "\n\n".join(parts))


if __name__ == "__main__":
    main()
