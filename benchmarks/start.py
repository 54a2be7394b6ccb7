"""How long the first words take, and how much a fresh installation weighs.

python benchmarks/start.py [--install]    --install asks the registry and takes minutes
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from report import record, table

N = 7
WK = [sys.executable, "-m", "wunderkammer"]
LIMIT_S = 0.3


def seconds(command, **options):
    """Return the wall time of one call."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)
    return time.perf_counter() - begin


def cpu_seconds(command, **options):
    """Return the processor time of one call, which work beside it does not lengthen much."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def start(folder):
    """Measure the first words beside what Python itself and pip take, in turns."""
    import wunderkammer
    from wunderkammer.testing import SpecimenGenerator, write_archive

    write_archive(folder / "source", SpecimenGenerator(seed=1, size_px=200), 12)
    about = {"ingest.source.name": "dwca", "ingest.source.path": "source"}
    wunderkammer.create(folder, about).run(["ingest", "image"], n_workers=0)
    commands = {
        "`python -c pass`": [sys.executable, "-c", "pass"],
        "`pip --version`": [sys.executable, "-m", "pip", "--version"],
        "`import wunderkammer`": [sys.executable, "-c", "import wunderkammer"],
        "`wk --help`": [*WK, "--help"],
        "`wk status`, 12 specimens": [*WK, "status", "-C", folder],
        "`wk plan`, 12 specimens": [*WK, "plan", "-C", folder],
    }
    taken = {name: ([], []) for name in commands}
    for _ in range(N):
        for name, command in commands.items():
            taken[name][0].append(seconds(command))
            taken[name][1].append(cpu_seconds(command))
    peer = statistics.median(taken["`pip --version`"][1])
    rows = []
    for name, (wall, cpu) in taken.items():
        ratio = statistics.median(cpu) / peer
        cells = [f"{min(wall):.2f}", f"{statistics.median(wall):.2f}"]
        rows.append([name, *cells, f"{statistics.median(cpu):.2f}", f"{ratio:.1f}"])
    best = min(taken["`wk --help`"][0])
    load = os.getloadavg()[0]
    text = table(["", "s, best", "s, median", "CPU-s", "times pip"], rows)
    text += (
        f"\n\nA limit of {LIMIT_S} s was set for `wk --help`: {best:.2f} s at best here, of {N}. "
        f"Other work ran beside it (load {load:.0f} on {os.cpu_count()} cores): the processor "
        "time tells more than the clock."
    )
    record("start", "The first words", text)


def weight(folder):
    """Install into a fresh environment and weigh what came."""
    rows, biggest = [], []
    root = Path(__file__).parents[1]
    for name, what in (("none", "."), ("all but ray", ".[dask,gbif,onnx,transformers,zoo]")):
        here = folder / name.replace(" ", "-")
        subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, here], check=True)
        asked = ["uv", "pip", "install", "--quiet", "--python", here / "bin/python"]
        took = seconds([*asked, "-c", "constraints.txt", what], cwd=root)
        sizes = {
            one.name: sum(p.stat().st_size for p in one.rglob("*") if p.is_file())
            for one in (here / "lib").glob("*/site-packages/*")
            if one.is_dir()
        }
        n = len(list((here / "lib").glob("*/site-packages/*.dist-info")))
        rows.append([name, n, f"{took:.0f}", f"{sum(sizes.values()) / 1e6:,.0f}"])
        if not biggest:
            biggest = sorted(sizes.items(), key=lambda one: -one[1])[:12]
    text = table(["extras", "packages", "s", "MB"], rows)
    text += "\n\nThe biggest without extras: "
    text += ", ".join(f"{name} {size / 1e6:,.0f} MB" for name, size in biggest)
    text += (
        ".\n\nInstalled by uv, constrained to the tested versions, with a torch made for "
        "processors; what uv had fetched before came from its cache. A torch with CUDA adds "
        "gigabytes of libraries of NVIDIA."
    )
    record("start.install", "A fresh installation", text)


def main():
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--install", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.install:
            weight(Path(folder))
        else:
            start(Path(folder) / "cabinet")


if __name__ == "__main__":
    main()
