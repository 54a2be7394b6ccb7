"""Downloaders side by side on the same files: ours, img2dataset, and a bare loop.

Run as a script it is the bare loop: python benchmarks/fetch_peers.py LIST FOLDER
"""

from __future__ import annotations

import asyncio
import csv
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

N_HOSTS = 20
PEER = "img2dataset==1.47.0"
PEER_HOME = Path(tempfile.gettempdir()) / "wunderkammer-benchmark-img2dataset"
AT_ONCE = 40
"""Connections of the bare loop: as many as ours opens, two to each of 20 hosts."""


@dataclass
class Contestant:
    """A way to fetch a list of addresses into a folder."""

    name: str
    does: str
    go: Callable[[Path, Path], None]
    seconds: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    n_files: int = 0


def measure_speed(n_files: int, n_rounds: int) -> str:
    """Return the section's text: everybody's files per second, in alternating order."""
    from report import table
    from wunderkammer.testing import ImageHost

    contestants = [
        Contestant(
            "`wk fetch`, reading the table first", "SHA-256, whole decoding, fsync, records", ours
        ),
        Contestant("bare aiohttp loop", "nothing: bytes into files", bare),
    ]
    peer = peer_command()
    n_cores = len(os.sched_getaffinity(0))
    if peer is not None:
        tuned = [f"--processes_count={n_cores}", "--thread_count=32", "--skip_reencode=True",
                 f"--number_sample_per_shard={-(-n_files // n_cores)}"]  # fmt: skip
        plain = ["--disable_all_reencoding=True", *tuned]
        contestants[1:1] = [
            Contestant("img2dataset, as it comes", "SHA-256, decoding, encoding", theirs(peer, [])),
            Contestant("img2dataset, tuned", "SHA-256, decoding", theirs(peer, tuned)),
            Contestant("img2dataset, not decoding", "SHA-256", theirs(peer, plain)),
        ]
    with ImageHost(n_hosts=N_HOSTS) as site:
        addresses = [site.address(f"a/{n:05d}.jpg", n % N_HOSTS) for n in range(n_files)]
        for turn in range(n_rounds):
            for contestant in contestants[:: -1 if turn % 2 else 1]:
                compete(contestant, addresses)
    rows = [
        [one.name, one.does, f"{one.n_files:,}", f"{statistics.median(one.seconds):.1f}",
         f"{n_files / statistics.median(one.seconds):,.0f}",
         f"{statistics.median(one.cpu_s):.1f}"]
        for one in contestants
    ]  # fmt: skip
    said = (
        f"{n_files:,} JPEG files of 40,000 bytes from {N_HOSTS} hosts on loopback, no limit of "
        f"rate. Whole commands from start to end, median of {n_rounds}, in alternating order; the "
        "hosts take their share of the same cores. "
    )
    if peer is None:
        said += f"`{PEER}` could not be installed here, so it is not compared. "
    else:
        said += (
            f"`{PEER}` with `resize_mode=no`, `output_format=files`; tuned: {n_cores} processes "
            "of 32 threads, `skip_reencode`, a shard for each. It neither asks for robots.txt nor "
            "syncs its files. "
        )
    head = ["", "besides fetching", "files", "seconds", "files/s", "CPU seconds"]
    return said + "\n\n" + table(head, rows)


def compete(contestant: Contestant, addresses: list[str]) -> None:
    """Let one fetch everything; note the time and the files that are there then."""
    with tempfile.TemporaryDirectory() as folder:
        listed, to = Path(folder) / "addresses.txt", Path(folder) / "out"
        listed.write_text("\n".join(addresses) + "\n", encoding="utf-8")
        began, cpu_before_s = time.perf_counter(), cpu_of_children_s()
        contestant.go(listed, to)
        contestant.seconds.append(time.perf_counter() - began)
        contestant.cpu_s.append(cpu_of_children_s() - cpu_before_s)
        contestant.n_files = sum(1 for path in to.rglob("*.jpg") if path.stat().st_size >= 40_000)
        print(f"{contestant.name}: {contestant.seconds[-1]:.1f} s, {contestant.n_files} files")


def cpu_of_children_s() -> float:
    """Return the processor time of all commands that have ended; the hosts go on."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ours(listed: Path, to: Path) -> None:
    """Fetch as a user does, from a table of addresses."""
    import wunderkammer

    to.mkdir()
    with (to / "records.csv").open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        rows.writerow(["catalogNumber", "accessURI"])
        lines = listed.read_text(encoding="utf-8").split()
        rows.writerows((f"K.{n}", address) for n, address in enumerate(lines))
    settings = {
        "ingest.source.name": "table",
        "ingest.source.path": "records.csv",
        "fetch.allow_private": ["127.0.0.0/8"],
        "fetch.requests_per_second": 0,
    }
    wunderkammer.create(to, settings)
    call(sys.executable, "-m", "wunderkammer", "fetch", "-C", str(to))


def bare(listed: Path, to: Path) -> None:
    """Fetch with the loop below, in a process of its own like the others."""
    call(sys.executable, __file__, str(listed), str(to))


def theirs(command: Path, options: list[str]) -> Callable[[Path, Path], None]:
    """Return how the peer fetches, with options."""

    def go(listed: Path, to: Path) -> None:
        call(str(command), f"--url_list={listed}", f"--output_folder={to}", "--resize_mode=no",
             "--output_format=files", *options)  # fmt: skip

    return go


def call(*words: str) -> None:
    """Run a command to its end; its output is shown only if it fails."""
    environment = {**os.environ, "NO_ALBUMENTATIONS_UPDATE": "1"}
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def peer_command() -> Path | None:
    """Return the peer's command, from an environment of its own; None if it cannot be had."""
    command = PEER_HOME / "bin" / "img2dataset"
    if command.exists():
        return command
    try:
        subprocess.run([sys.executable, "-m", "venv", PEER_HOME], check=True)
        subprocess.run([PEER_HOME / "bin" / "pip", "install", "-qq", PEER], check=True)
        subprocess.run([command, "--help"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"{PEER} cannot be had: {error}")
        shutil.rmtree(PEER_HOME, ignore_errors=True)
        return None
    return command


async def bare_loop(addresses: list[str], to: Path) -> None:
    """Fetch addresses with as little as can be: no check, no hash, no record."""
    import aiohttp

    todo = iter(enumerate(addresses))
    connector = aiohttp.TCPConnector(limit=AT_ONCE, limit_per_host=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def work() -> None:
            for number, address in todo:
                async with session.get(address) as answer:
                    answer.raise_for_status()
                    (to / f"{number:09d}.jpg").write_bytes(await answer.read())

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))


if __name__ == "__main__":
    there = Path(sys.argv[2])
    there.mkdir()
    asyncio.run(bare_loop(Path(sys.argv[1]).read_text(encoding="utf-8").split(), there))
