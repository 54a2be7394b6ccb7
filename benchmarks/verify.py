"""How fast a collection is verified, beside reading the same files and hashing them.

python benchmarks/verify.py [--megabytes 2000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import wunderkammer
from report import record, table
from wunderkammer.core.sums import SUMS, note_all
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import image
from wunderkammer.testing.hosts.pictures import Picture
from wunderkammer.testing.hosts.rules import Rule

LARGE, SMALL = 1_500_000, 40_000
SMALL_A_LARGE = 8
N_THREADS = 4
"""Files read at the same time, as `wk verify` does."""

PIECE = 1 << 20


def make(root, site, megabytes):
    """Fetch originals, of which one in nine is large; return them."""
    n_large = megabytes * 1_000_000 // (LARGE + SMALL_A_LARGE * SMALL)
    names = [f"large/{n:05d}.jpg" for n in range(n_large)]
    names += [f"small/{n:06d}.jpg" for n in range(n_large * SMALL_A_LARGE)]
    root.mkdir()
    with (root / "records.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["catalogNumber", "accessURI"])
        writer.writerows((f"K.{n}", site.address(name)) for n, name in enumerate(names))
    about = {
        "ingest.source.name": "table",
        "ingest.source.path": "records.csv",
        "fetch.allow_private": ["127.0.0.0/8"],
        "fetch.requests_per_second": 0,
        "fetch.concurrency_per_host": 8,
    }
    wunderkammer.create(root, about).run(["ingest", "fetch"], n_workers=0)
    found = sorted(root.glob("media/??/*.jpg"))
    assert len(found) == len(names)
    return found


def read_and_hashed(paths):
    """Read files and hash them, some at the same time, and do nothing else."""

    def hashed(path):
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
        return digest.digest()

    with ThreadPoolExecutor(N_THREADS) as pool:
        assert len(list(pool.map(hashed, paths))) == len(paths)


def looked_for(paths):
    """Ask the system for the length of each file, and do nothing else."""
    assert all(path.stat().st_size for path in paths)


def cpu_seconds():
    """Return the processor time of this process and its children, so far."""
    return sum(os.times()[:4])


def verified(*words):
    """Run ``wk verify`` as a person does."""
    command = [sys.executable, "-m", "wunderkammer", "verify", *map(str, words)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "none damaged" in said, said


def main():
    """Measure in turns, and write the section."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    rules = [Rule(image(Picture(n_bytes=LARGE)), path="large/*")]
    rules += [Rule(image(Picture(n_bytes=SMALL)), path="small/*")]
    with tempfile.TemporaryDirectory() as folder:
        root, public = Path(folder) / "fetched", Path(folder) / "public"
        with ImageHost(rules) as site:
            paths = make(root, site, arguments.megabytes)
        public.mkdir()
        for path in paths:
            os.link(path, public / path.name)
        note_all(public)
        ways = {
            "read and SHA-256, nothing else": lambda: read_and_hashed(paths),
            "`wk verify`": lambda: verified("-C", root),
            "`wk verify`, the same files as a site": lambda: verified(public),
            "`os.stat` of each file, nothing else": lambda: looked_for(paths),
            "`wk verify --quick`": lambda: verified("-C", root, "--quick"),
            "`wk verify --quick`, as a site": lambda: verified(public, "--quick"),
            "`wk --version`": lambda: subprocess.run(
                [sys.executable, "-m", "wunderkammer", "--version"], check=True, capture_output=True
            ),
        }
        taken = {name: [] for name in ways}
        worked = {name: [] for name in ways}
        for _ in range(arguments.rounds):
            for name, way in ways.items():
                begin, cpu = time.perf_counter(), cpu_seconds()
                way()
                taken[name].append(time.perf_counter() - begin)
                worked[name].append(cpu_seconds() - cpu)
        n_bytes = sum(path.stat().st_size for path in paths)
        assert (public / SUMS).exists()
    limit = "read and SHA-256, nothing else"
    wall = {name: statistics.median(one) for name, one in taken.items()}
    cpu = {name: statistics.median(one) for name, one in worked.items()}
    rows = [
        [
            name,
            f"{wall[name]:.2f} s",
            f"{n_bytes / 1e6 / wall[name]:,.0f} MB/s" if "verify" in name or name == limit else "",
            f"{wall[name] / wall[limit]:.2f}",
            f"{cpu[name]:.2f} s",
            f"{cpu[name] / cpu[limit]:.2f}",
        ]
        for name in ways
    ]
    busy = os.getloadavg()[0]
    record(
        "verify",
        "Are all files sound",
        f"{len(paths):,} originals that were fetched, {n_bytes / 1e9:.2f} GB, in the system's "
        f"memory already; median of {arguments.rounds} rounds in turns; {N_THREADS} files are read "
        f"at the same time, by `wk verify` and beside it. Seconds are of the whole command, from "
        f"its start; ratios are to the first line. Other work may have run beside it (the load was "
        f"{busy:.1f} at its end), which lengthens the wall time and hardly the CPU time.\n\n"
        + table(["", "wall", "", "ratio", "CPU", "ratio"], rows),
    )


if __name__ == "__main__":
    main()
