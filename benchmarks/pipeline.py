"""Seconds a stage, from records to atlas, for collections of two sizes.

python benchmarks/pipeline.py [--sizes 464 10000]
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import wunderkammer
from report import record, table
from wunderkammer.testing import SpecimenGenerator, write_archive

SIZES = (464, 10_000)


def measure(n: int, folder: Path) -> dict[str, float]:
    """Return wall seconds a stage of a first run, of drawing, and of a run with nothing to do."""
    start = time.perf_counter()
    write_archive(folder / "source", SpecimenGenerator(seed=1), n, truth=False)
    seconds = {"(drawing the specimens)": time.perf_counter() - start}
    collection = wunderkammer.create(
        folder, {"ingest.source.name": "dwca", "ingest.source.path": "source"}
    )
    start = time.perf_counter()
    report = collection.run()
    seconds |= {stage.group: stage.seconds for stage in report.stages}
    seconds["**all stages**"] = time.perf_counter() - start
    start = time.perf_counter()
    collection.run()
    seconds["run again, nothing to do"] = time.perf_counter() - start
    start = time.perf_counter()
    collection.publish(folder / "site")
    seconds["publish"] = time.perf_counter() - start
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    sizes = parser.parse_args().sizes
    found = {}
    for n in sizes:
        folder = Path(tempfile.mkdtemp())
        try:
            found[n] = measure(n, folder)
        finally:
            shutil.rmtree(folder)
    names = list(found[sizes[0]])
    rows = [[name, *(f"{found[n][name]:,.1f}" for n in sizes)] for name in names]
    text = table(["seconds (wall)", *(f"{n:,} specimens" for n in sizes)], rows)
    note = (
        "Synthetic specimens of 800 px, default settings: efficientnet-lite0, t-SNE, relax, "
        "tiles with @2x and shadows."
    )
    record("pipeline", "From records to atlas", f"{note}\n\n{text}")


if __name__ == "__main__":
    main()
