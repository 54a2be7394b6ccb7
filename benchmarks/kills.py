"""A download that is killed again and again, held against one that is left alone.

Run: python benchmarks/kills.py [--kills 100] [--seed 1]
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import report
import wunderkammer
from wunderkammer.core.collection import Collection
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import Throttle, dripping, image, reset, truncated
from wunderkammer.testing.hosts.pictures import Picture
from wunderkammer.testing.hosts.rules import Rule

SETTINGS = {
    "collection.title": "Killed",
    "ingest.source.name": "table",
    "ingest.source.path": "records.csv",
    "fetch.allow_private": ["127.0.0.0/8"],
    "fetch.requests_per_second": 0,
    "fetch.concurrency_per_host": 4,
    "fetch.backoff_s": 0.2,
}
LARGE = Picture(width_px=1200, height_px=900, n_bytes=3_000_000)
RULES = [
    Rule(Throttle(every=40, closed_s=1.0), hosts=1),
    Rule(reset(), share=0.1, first=1, seed=1),
    Rule(truncated(), share=0.1, first=1, seed=2),
    Rule(dripping(2_000_000, image(LARGE)), path="large/*"),
]
"""Hosts that refuse, reset and cut off now and then; some files are of 3 MB and come slowly."""


@dataclass
class Finding:
    """What a killed download did, and what it must not do."""

    n_media: int
    n_kills: int = 0
    n_starts: int = 0
    n_requests: int = 0
    seconds: float = 0.0
    asked_for_though_finished: list[str] = field(default_factory=list)
    wrong_bytes: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    resumed: int = 0


def addresses(site: ImageHost, n_files: int) -> Iterator[tuple[str, int, str]]:
    """Yield address, host and path of every file: one in twenty is large."""
    for n in range(n_files):
        folder = "large" if n % 20 == 0 else "small"
        host, path = n % site.n_hosts, f"{folder}/{n:05d}.jpg"
        yield site.address(path, host), host, path


def make(root: Path, site: ImageHost, n_files: int) -> Collection:
    """Make a collection of addresses."""
    root.mkdir(parents=True)
    with (root / "records.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["catalogNumber", "accessURI"])
        writer.writerows((f"K.{n}", one[0]) for n, one in enumerate(addresses(site, n_files)))
    made = wunderkammer.create(root, SETTINGS)
    made.run(["ingest"])
    return made


def fetch(root: Path, after_s: float | None) -> bool:
    """Start a fetch and kill it after some time; return whether it came to its end."""
    command = [sys.executable, "-m", "wunderkammer", "fetch", "-C", str(root), "--only"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        return False
    return process.returncode == 0


def finished_files(root: Path) -> set[str]:
    """Return the media that stand under their final names."""
    return {path.stem for path in originals(root)}


def originals(root: Path) -> list[Path]:
    """Return the files that stand under their final names: two digits, then the medium."""
    return sorted(path for path in (root / "media").glob("??/*.*") if path.name[0] != ".")


def content(root: Path) -> dict[str, bytes]:
    """Return every file that must be equal bit for bit."""
    skipped = ("runs/", "cache/", ".lock", ".tmp")
    paths = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in paths.items() if not name.startswith(skipped)}


def trial(folder: Path, *, n_kills: int, n_files: int, seed: int) -> Finding:
    """Kill a download until it is done or has been killed often enough; compare."""
    draw = random.Random(seed)
    found = Finding(n_files)
    with ImageHost(RULES, n_hosts=4) as site:
        alone, killed = folder / "alone", folder / "killed"
        ids = _ids(make(alone, site, n_files))
        fetch(alone, None)
        n_before = len(site.requests())
        site.follow(RULES)
        make(killed, site, n_files)
        start = time.monotonic()
        boundaries: list[tuple[int, set[str]]] = []
        done = False
        while not done:
            kill = found.n_kills < n_kills
            done = fetch(killed, draw.uniform(0.6, 3.0) if kill else None)
            found.n_starts += 1
            found.n_kills += not done
            boundaries.append((len(site.requests()), finished_files(killed)))
        found.seconds = time.monotonic() - start
        requests = site.requests()
        found.n_requests = len(requests) - n_before
        found.resumed = sum(one.status == 206 for one in requests[n_before:])
        for n, finished in boundaries:
            again = {ids.get((one.host, one.path)) for one in requests[n:]}
            found.asked_for_though_finished += sorted(finished & again)
        by_id = {media_id: place for place, media_id in ids.items()}
        for path in originals(killed):
            host, name = by_id[path.stem]
            if path.read_bytes() != site.content(name, host):
                found.wrong_bytes.append(path.name)
    one, two = content(alone), content(killed)
    found.differs = sorted(
        name for name in one.keys() | two.keys() if one.get(name) != two.get(name)
    )
    return found


def _ids(collection: Collection) -> dict[tuple[int, str], str]:
    """Return the id of each file by host and path."""
    rows = collection.query('select media_id, "accessURI" as address from records').to_pylist()
    place = {}
    for row in rows:
        origin, _, path = row["address"].partition("//")[2].partition("/")
        place[int(origin.split(":")[0].rsplit(".", 1)[1]) - 1, path] = row["media_id"]
    return place


def main() -> None:
    """Kill as often as asked, in as many rounds as that takes; write the section."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--files", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rounds: list[Finding] = []
    while (left := arguments.kills - sum(one.n_kills for one in rounds)) > 0:
        with tempfile.TemporaryDirectory() as folder:
            seed = arguments.seed + len(rounds)
            rounds.append(trial(Path(folder), n_kills=left, n_files=arguments.files, seed=seed))
            print(rounds[-1])
    n_again = sum(len(one.asked_for_though_finished) for one in rounds)
    rows = [
        ["kills (SIGKILL, at random moments)", sum(one.n_kills for one in rounds)],
        ["downloads, of so many media each", f"{len(rounds)} of {arguments.files:,}"],
        ["requests", f"{sum(one.n_requests for one in rounds):,}"],
        ["interrupted files gone on with (206)", sum(one.resumed for one in rounds)],
        ["finished files asked for again", n_again],
        ["files whose bytes are not the host's", sum(len(one.wrong_bytes) for one in rounds)],
        ["files of the collection that differ from the undisturbed one",
         sum(len(one.differs) for one in rounds)],
    ]  # fmt: skip
    report.record(
        "kills",
        "A download that is killed",
        "Four hosts that throttle, reset and cut off; `wk fetch` is killed and started again until "
        "it is done. A file counts as finished when it stands under its final name at the moment "
        "of a kill.\n\n" + report.table(["", ""], rows),
    )


if __name__ == "__main__":
    main()
