"""Two hosts of our own: network namespaces, or groups of processes where these are refused.

One has the driver, the scheduler, the host of the images and a worker; the other has workers.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import psutil

import toy
import wunderkammer.core.collection as core
from wunderkammer.core.resources import EngineSettings
from wunderkammer.core.stage import Context
from wunderkammer.engines import engine_of
from wunderkammer.stages.fetch import FetchStage
from wunderkammer.stages.image import ImageStage
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.analysis import most_in_window, served_whole

HEAD, FAR = "head", "far"
N_MEDIA, N_SITES, RATE = 96, 2, 30
WORKERS = {HEAD: 1, FAR: 2}
SLOWLY = "TWO_HOSTS_SLEEP"
PATIENCE = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "4s",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "11s",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "4s",
    "DASK_DISTRIBUTED__WORKER__MULTIPROCESSING_METHOD": "forkserver",
}
"""A host that says nothing is given up after seconds, not after minutes; workers start quickly."""


class Look(ImageStage):
    """The stage of thumbnails, in small batches that take their time."""

    batch_size: ClassVar[int] = 4

    def process(self, batch: Sequence[Mapping[str, Any]], context: Context) -> Any:
        time.sleep(float(os.environ.get(SLOWLY, "0")))
        return super().process(batch, context)


def pipeline() -> core.Pipeline:
    return core.Pipeline((toy.Read, FetchStage, Look), engine_of)


@dataclass
class Seen:
    """What came of a run, and what the host of the images saw of it."""

    n_media: int
    n_done: int
    n_lost: int
    differs: list[str]
    busiest: int
    most_often: int
    n_files: int


class Namespaces:
    """Two network namespaces and the cable between them."""

    def __init__(self, folder: Path) -> None:
        self.names = {one: f"wk{os.getpid()}{one}" for one in (HEAD, FAR)}
        self.address = "10.213.7.1"
        self._started: list[subprocess.Popen[bytes]] = []

    @staticmethod
    def refused() -> str:
        """Return why there can be none; empty where there can."""
        if os.environ.get("WK_NO_NAMESPACES"):
            return "WK_NO_NAMESPACES is set"
        if sys.platform != "linux" or not shutil.which("ip"):
            return "network namespaces need Linux and the command 'ip' (iproute2)"
        name = f"wk{os.getpid()}try"
        made = [["ip", "netns", "add", name],
                ["ip", "-n", name, "link", "add", "one", "type", "veth", "peer", "name", "two"],
                ["ip", "netns", "exec", name, "true"]]  # fmt: skip
        found = [subprocess.run(one, capture_output=True, text=True, check=False) for one in made]
        subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
        why = next((one.stderr.strip() for one in found if one.returncode), "")
        return f"network namespaces are refused here: {why}" if why else ""

    def __enter__(self) -> Self:
        head, far = self.names[HEAD], self.names[FAR]
        for name in (head, far):
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
        _ip("-n", head, "link", "add", "cable", "type", "veth", "peer", "name", "cable",
            "netns", far)  # fmt: skip
        for name, address in ((head, "10.213.7.1/24"), (far, "10.213.7.2/24")):
            _ip("-n", name, "addr", "add", address, "dev", "cable")
            _ip("-n", name, "link", "set", "cable", "up")
        return self

    def __exit__(self, *_: object) -> None:
        _end(self._started)
        for name in self.names.values():
            _ip("netns", "del", name)

    def start(
        self, host: str, *command: object, slowly: str = "0", **options: Any
    ) -> subprocess.Popen[bytes]:
        """Start a command on a host."""
        whole = ["ip", "netns", "exec", self.names[host], *map(str, command)]
        self._started.append(_started(whole, slowly, options))
        return self._started[-1]

    def cut(self, host: str) -> None:
        """Pull the cable of a host: nobody says goodbye."""
        _ip("-n", self.names[host], "link", "set", "cable", "down")


class Groups:
    """Two groups of processes with folders of their own, and a shared one."""

    def __init__(self, folder: Path) -> None:
        self.address = "127.0.0.1"
        self._started: dict[str, list[subprocess.Popen[bytes]]] = {HEAD: [], FAR: []}
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _end([*self._started[HEAD], *self._started[FAR]])

    def start(
        self, host: str, *command: object, slowly: str = "0", **options: Any
    ) -> subprocess.Popen[bytes]:
        """Start a command on a host."""
        own = self._folder / host
        own.mkdir(parents=True, exist_ok=True)
        self._started[host].append(_started(list(map(str, command)), slowly, options, own))
        return self._started[host][-1]

    def cut(self, host: str) -> None:
        """Freeze all processes of a host: nobody says goodbye."""
        for one in self._started[host]:
            os.killpg(one.pid, signal.SIGSTOP)


def _started(
    command: list[str], slowly: str, options: dict[str, Any], own: Path | None = None
) -> subprocess.Popen[bytes]:
    here = str(Path(__file__).parent)
    path = os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])
    env = {**os.environ, **PATIENCE, "PYTHONPATH": path, SLOWLY: slowly}
    if own:
        env["TMPDIR"] = str(own)
    return subprocess.Popen(command, env=env, start_new_session=True, **options)


def _end(started: Sequence[subprocess.Popen[bytes]]) -> None:
    """Kill what was started and all that it started."""
    for one in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(one.pid, signal.SIGKILL)
        one.wait()


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def start_cluster(
    hosts: Namespaces | Groups, folder: Path, slowly: str
) -> tuple[str, subprocess.Popen[bytes]]:
    """Start a scheduler, a worker beside it and two on the far host.

    Returns its address, and the process that keeps the far workers.
    """
    log = (folder / "cluster.log").open("wb")
    quiet = {"stdout": log, "stderr": log}
    port = 8786 if isinstance(hosts, Namespaces) else _free_port()
    address = f"tcp://{hosts.address}:{port}"
    dask = [sys.executable, "-m", "dask"]
    hosts.start(HEAD, *dask, "scheduler", "--host", hosts.address, "--port", port,
                "--dashboard-address", "127.0.0.1:0", **quiet)  # fmt: skip
    for host, n_workers in WORKERS.items():
        keeper = hosts.start(
            host, *dask, "worker", address, "--nworkers", n_workers, "--nthreads", 1,
            "--no-dashboard", "--local-directory", folder / f"scratch-{host}",
            slowly=slowly, **quiet,
        )  # fmt: skip
    return address, keeper


def done_below(process: subprocess.Popen[bytes], found: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the workers of some batches that a process keeps, in the order they showed."""
    below = {one.pid for one in psutil.Process(process.pid).children(recursive=True)}
    pids = dict.fromkeys(int(one["worker"].rpartition(":")[2]) for one in found)
    return [pid for pid in pids if pid in below]


def batches(root: Path) -> Iterator[dict[str, Any]]:
    """Yield the batches that are committed, as a run notes them."""
    for path in (root / "runs").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                noted = json.loads(line)
            except ValueError:
                continue
            if noted["event"] == "batch":
                yield noted


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def make(root: Path, site: ImageHost) -> core.Collection:
    """Make a collection of addresses."""
    root.mkdir(parents=True)
    with (root / "words.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "accessURI"])
        for n in range(N_MEDIA):
            writer.writerow([f"n{n:03d}", site.address(f"{n}.jpg", n % N_SITES)])
    toml = (
        '[collection]\ntitle = "Apart"\n[ingest]\n[fetch]\nallow_private = ["127.0.0.0/8"]\n'
        f"requests_per_second = {RATE}\nconcurrency_per_host = 8\n"
    )
    return core.Collection.create(root, toml, pipeline())


def drive(folder: Path, address: str) -> Seen:
    """Run a collection alone and another one on the cluster; compare them."""
    with ImageHost(n_hosts=N_SITES) as site:
        alone = make(folder / "alone", site)
        alone.run(n_workers=0)
        n_before = len(site.requests())
        apart = make(folder / "apart", site)
        engine = engine_of(EngineSettings(kind="dask", address=address))
        while engine.n_workers < sum(WORKERS.values()):
            time.sleep(0.1)
        report = apart.run(engine=engine)
        requests = site.requests()[n_before:]
    looked = report.stages[-1]
    one, two = toy.content(alone.root), toy.content(apart.root)
    whole = served_whole([each for each in requests if each.path != "robots.txt"])
    return Seen(
        n_media=apart.query("select count(*) as n from media").to_pylist()[0]["n"],
        n_done=looked.n_done,
        n_lost=looked.n_lost,
        differs=sorted(name for name in {*one, *two} if one.get(name) != two.get(name)),
        busiest=max(most_in_window(requests).values()),
        most_often=max(whole.values()),
        n_files=len(whole),
    )


if __name__ == "__main__":
    seen = drive(Path(sys.argv[1]), sys.argv[2])
    (Path(sys.argv[1]) / "seen.json").write_text(json.dumps(asdict(seen)), encoding="utf-8")
