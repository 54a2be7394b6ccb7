"""Many visitors at once: tiles a second, how long the slowest wait, and memory that stays flat.

python benchmarks/server_load.py [--folder kept] [--seconds 600] [--rounds 5]

Needs wrk; nginx, where it is installed, answers the same files beside it. Server and clients
share the machine's cores (at most two of them).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

import report
import wunderkammer
from wunderkammer.atlas.containers.pmtiles import PMTilesReader
from wunderkammer.core.collection import Collection
from wunderkammer.testing import SpecimenGenerator, write_archive

CLIENTS, ASKED_A_SECOND, ASKED_MS = 200, 2000, 50
PAUSE_MS = 85
N_SPECIMENS = 500
EVERY_S = 10.0
SETTINGS = {"collection.title": "Load", "ingest.source.name": "dwca",
            "ingest.source.path": "source", "features.encoder": "colour-histogram",
            "embedding.projection": "pca"}  # fmt: skip
NGINX = """worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
{user}events {{ worker_connections 2048; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  types {{ image/jpeg jpg; text/html html; application/json json; }}
  server {{ listen 127.0.0.1:{port}; root {root}; }} }}
"""


@dataclass(frozen=True)
class Load:
    """What one run of the clients measured.

    Attributes
    ----------
    a_second, p50_ms, p99_ms : float
    n, n_errors : int
        Answers; those that failed, came too late (10 s) or were no success.
    cpu_us : float
        Processor time of the server for an answer, in microseconds.
    others : float
        Share of the cores that other work on the machine took meanwhile.
    """

    a_second: float
    p50_ms: float
    p99_ms: float
    n: int
    n_errors: int
    cpu_us: float
    others: float


def made(root: Path, container: str) -> Collection:
    """Return a collection of synthetic specimens up to its atlas."""
    if not root.exists():
        write_archive(root / "source", SpecimenGenerator(seed=5, size_px=320), N_SPECIMENS)
        wunderkammer.create(root, SETTINGS | {"tile.container": container}).run(n_workers=0)
    return wunderkammer.open(root)


def script(path: Path, site: Path, container: str) -> int:
    """Write which tiles the clients ask for, in turn; return how many there are."""
    archive = site / "tiles.pmtiles"
    if container == "pmtiles":
        with PMTilesReader(archive) as reader:
            first = reader.header["tile_data_offset"]
            parts = [(first + one.offset, one.length) for _, one in reader._entries(reader._root)]  # noqa: SLF001
        lines = [f'f("GET", "/tiles.pmtiles", {{["Range"]="bytes={at}-{at + n - 1}"}})'
                 for at, n in parts]  # fmt: skip
    else:
        tiles = sorted((site / "tiles").rglob("*.jpg"))
        lines = [f'f("GET", "/{one.relative_to(site).as_posix()}")' for one in tiles]
    head = "local n = 0\nlocal asked\nfunction init()\nlocal f = wrk.format\nasked = {\n"
    foot = "}\nend\nfunction request() n = n % #asked + 1 return asked[n] end\n"
    path.write_text(head + ",\n".join(lines) + foot, encoding="utf-8")
    # a client that looks before it asks again: a little more than what is asked for, together
    paced = f"function delay() return {PAUSE_MS} end\n"
    paced_path(path).write_text(path.read_text("utf-8") + paced, encoding="utf-8")
    return len(lines)


def paced_path(lua: Path) -> Path:
    """Return the script in which clients pause between tiles."""
    return lua.with_suffix(".paced.lua")


@contextmanager
def ours(root: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Serve a collection with ``wk serve``; yield the address and the process."""
    command = [sys.executable, "-m", "wunderkammer", "serve", "-C", str(root), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().split()[4], psutil.Process(server.pid)
        finally:
            server.terminate()


@contextmanager
def nginx(site: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Serve a folder with one worker of nginx; yield the address and the worker."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as scratch:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        user = "user root; " if os.geteuid() == 0 else ""
        text = NGINX.format(folder=scratch, user=user, port=port, root=site)
        Path(scratch, "nginx.conf").write_text(text, encoding="ascii")
        command = [str(shutil.which("nginx")), "-c", f"{scratch}/nginx.conf", "-p", scratch]
        with subprocess.Popen(command) as server:
            try:
                while not (children := psutil.Process(server.pid).children()):
                    time.sleep(0.1)
                yield f"http://127.0.0.1:{port}/", children[0]
            finally:
                server.terminate()


def loaded(address: str, server: psutil.Process, lua: Path, seconds: float) -> Load:
    """Let the clients ask for a while."""
    urllib.request.urlopen(address, timeout=60).read()
    command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds:.0f}s", "--timeout", "10s", "--latency",
               "-s", str(lua), address]  # fmt: skip
    before, busy = cpu(server), machine_busy()
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as clients:
        asking = psutil.Process(clients.pid)
        asked_s = 0.0
        while clients.poll() is None:
            time.sleep(0.2)
            try:
                asked_s = cpu(asking)
            except psutil.Error:
                break
        said = clients.stdout.read() if clients.stdout else ""
    took = time.monotonic() - began
    ours_s = cpu(server) - before
    other_s = max(0.0, machine_busy() - busy - ours_s - asked_s)
    n = int(number(r"(\d+) requests in", said))
    errors = [int(one) for one in re.findall(r"(?:connect|read|write|timeout) (\d+)", said)]
    errors += [int(one) for one in re.findall(r"Non-2xx or 3xx responses: (\d+)", said)]
    return Load(
        number(r"Requests/sec:\s+([\d.]+)", said), milliseconds("50", said),
        milliseconds("99", said), n, sum(errors), 1e6 * ours_s / max(n, 1),
        other_s / took / len(os.sched_getaffinity(0)),
    )  # fmt: skip


def cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def machine_busy() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - times.iowait - getattr(times, "guest", 0)


def number(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    if found is None:
        raise SystemExit(f"wrk said nothing of {pattern}:\n{said}")
    return float(found[1])


def milliseconds(percent: str, said: str) -> float:
    found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)", said)
    if found is None:
        raise SystemExit(f"wrk said nothing of {percent} %:\n{said}")
    return float(found[1]) * {"us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4}[found[2]]


def held(root: Path, lua: Path, seconds: float) -> tuple[Load, list[float]]:
    """Load for long; return what was measured, and the memory in MiB every ten seconds."""
    with ours(root) as (address, server):
        loaded(address, server, lua, 5)  # what is loaded when first used is loaded
        command = [sys.executable, __file__, "--one", address, str(server.pid), str(lua),
                   str(seconds)]  # fmt: skip
        memory = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
            while run.poll() is None:
                memory.append(server.memory_info().rss / 2**20)
                time.sleep(EVERY_S)
            said = run.stdout.read() if run.stdout else ""
        return Load(**json.loads(said)), memory


def measure(folder: Path, rounds: int, seconds: float) -> None:
    """Measure in turns and write the section."""
    found: dict[str, list[Load]] = {}
    scripts, n_tiles = {}, 0
    for container in ("pmtiles", "directory"):
        collection = made(folder / container, container)
        site = folder / f"site-{container}"
        collection.publish(site)
        scripts[container] = folder / f"{container}.lua"
        n_tiles = script(scripts[container], site, container)
    for _ in range(rounds):
        for container, lua in scripts.items():
            with ours(folder / container) as (address, server):
                for name, asked in (("", lua), (", clients pause", paced_path(lua))):
                    found.setdefault(f"`wk serve`, {container}{name}", []).append(
                        loaded(address, server, asked, 8)
                    )
            if shutil.which("nginx"):
                with nginx(folder / f"site-{container}") as (address, server):
                    found.setdefault(f"nginx, {container}", []).append(
                        loaded(address, server, lua, 8)
                    )
            print({name: runs[-1] for name, runs in found.items()}, flush=True)
    long, memory = held(folder / "pmtiles", paced_path(scripts["pmtiles"]), seconds)
    write(found, long, memory, n_tiles, seconds)


def write(
    found: dict[str, list[Load]], long: Load, memory: list[float], n_tiles: int, seconds: float
) -> None:
    """Write the section."""
    rows: list[list[object]] = []
    for name, runs in found.items():
        best = max(runs, key=lambda one: one.a_second)
        median = statistics.median(one.a_second for one in runs)
        us = statistics.median(one.cpu_us for one in runs)
        if "pause" in name:
            best = min(runs, key=lambda one: one.p99_ms)
        rows.append([name, f"{best.a_second:,.0f}", f"{best.p50_ms:.0f} ms",
                     f"{best.p99_ms:.0f} ms",
                     f"{best.others:.0%}", f"{median:,.0f}", sum(one.n_errors for one in runs),
                     f"{us:.0f} µs", f"{1e6 / us:,.0f}"])  # fmt: skip
    head = ["", "best run: a second", "50 %", "99 %", "other work", "median run: a second",
            "errors in all runs", "processor time a tile", "a core alone could"]  # fmt: skip
    settled = memory[min(3, len(memory) - 1) :]
    report.record(
        "server_load",
        "Many visitors at once",
        f"{CLIENTS} clients that keep their connections ask for {n_tiles} tiles in turn (asked: "
        f"≥ {ASKED_A_SECOND:,} a second, 99 % within {ASKED_MS} ms, no error), on loopback; "
        "clients and server share the cores. They ask again at once, or *pause* "
        f"{PAUSE_MS} ms, as many people who look would. `pmtiles`: ranges of one file; "
        "`directory`: a file a tile. "
        f"Runs of 8 s ({len(next(iter(found.values())))} of each), in turns with nginx (one "
        "worker), the limit; the 200 first requests, which come at one moment, are more than 1 % "
        "of those of a run whose clients pause. *Other work* is the share of both cores that "
        "programs besides these took meanwhile; what a core alone could follows from the "
        "processor time of the server.\n\n"
        + report.table(head, rows)
        + f"\n\nFor {seconds / 60:.3g} minutes on end (pmtiles, clients pause): {long.n:,} tiles, "
        f"{long.a_second:,.0f} a second, 50 % within {long.p50_ms:.0f} ms, 99 % within "
        f"{long.p99_ms:.0f} ms, {long.n_errors} errors, while other work took {long.others:.0%}; "
        f"resident memory {settled[0]:.1f} MiB after half a minute, {max(settled):.1f} at most, "
        f"{settled[-1]:.1f} at the end ({len(memory)} readings).",
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, help="kept, and used again if it is there")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        address, pid, lua, seconds = options.one
        found = loaded(address, psutil.Process(int(pid)), Path(lua), float(seconds))
        print(json.dumps(found.__dict__))
        return
    if not shutil.which("wrk"):
        raise SystemExit("wrk is wanted (apt-get install wrk); nginx is measured if it is there.")
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        measure(folder, options.rounds, options.seconds)


if __name__ == "__main__":
    main()
