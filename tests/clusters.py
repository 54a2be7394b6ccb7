"""Clusters on loopback: real schedulers and worker processes, and calls for their workers."""

from __future__ import annotations

import importlib.util
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest

import toy
from wunderkammer.core.errors import ImageError

HERE = Path(__file__).parent
HAS_RAY = importlib.util.find_spec("ray") is not None
NO_RAY = "ray is not installed: its wheel has 76 MB; 'make test-ray' installs it and runs this"

_STEADY = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.deploy.lost-worker-timeout": "5 minutes",
    "distributed.worker.multiprocessing-method": "forkserver",
}
"""A LocalCluster gives workers up that are not back after 15 s; forked ones are back sooner."""


@contextmanager
def started(kind: str) -> Iterator[str]:
    """Yield the address of a cluster of a kind of engine, empty for this machine; or skip."""
    if kind == "local":
        yield ""
    elif kind == "dask":
        with dask_cluster() as address:
            yield address
    elif not HAS_RAY:
        pytest.skip(NO_RAY)
    else:
        with ray_cluster() as address:
            yield address


@contextmanager
def dask_cluster(
    n_workers: int = 2, *, resources: Mapping[str, float] | None = None
) -> Iterator[str]:
    """Yield the address of a scheduler with so many worker processes on loopback."""
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set(_STEADY),
        _found_by_workers(),
        LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
            resources=resources,
        ) as cluster,
    ):
        yield cluster.scheduler_address


@contextmanager
def ray_cluster(n_cores: int = 2) -> Iterator[str]:
    """Yield the address of a head with so many cores on loopback."""
    from ray.cluster_utils import Cluster

    with _found_by_workers():
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": n_cores})
        try:
            yield cluster.address
        finally:
            cluster.shutdown()


@contextmanager
def _found_by_workers() -> Iterator[None]:
    """Let workers import what lies beside the tests."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE), *([before] if before else [])])
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before


class Weighty(toy.Measure):
    """A stage that notes each time its weights are read, and its batches by who did them."""

    batch_size: ClassVar[int] = 2

    def load(self, context):
        self._note("load", context)

    def process(self, batch, context):
        self._note("batch", context)
        return super().process(batch, context)

    def _note(self, what, context):
        time.sleep(0.05)
        with (context.root / "noted.txt").open("a", encoding="utf-8") as file:
            file.write(f"{what} {os.getpid()}\n")


def square(n):
    return n * n


def fail(words):
    raise ImageError(words, hint="Mend it.")


def die(once=None):
    """Kill this worker; with a file, only where it is not there yet."""
    if once is None or not Path(once).exists():
        if once is not None:
            Path(once).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"
