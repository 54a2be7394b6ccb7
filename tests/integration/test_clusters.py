"""One collection on this machine, on Dask and on Ray: the same bytes, also where workers die."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

import toy
import wunderkammer
from clusters import dask_cluster, started
from conftest import SMALL

WK = [sys.executable, "-m", "wunderkammer"]
WORDS = [(f"n{i:03d}", f"word{i}" + ("+x" if i % 7 == 0 else ""), "UK") for i in range(60)]


@pytest.mark.parametrize("kind", ["dask", "ray"])
def test_a_cluster_makes_the_bytes_of_one_process(tmp_path, archive, collection, kind):
    root = tmp_path / "small-cabinet"
    shutil.copytree(archive, root / "source")
    wunderkammer.create(root, SMALL)
    with started(kind) as address:
        done = subprocess.run(
            [*WK, "run", "-C", root, "--engine", kind, "--address", address],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[0].startswith(f"{kind.capitalize()} at ")
    assert toy.content(root) == toy.content(collection.root)


def test_dead_workers_and_a_medium_that_kills_change_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setenv("TOY_SLEEP", "0.2")
    made = toy.make(tmp_path / "words", [*WORDS, ("zz", "die", "UK")])
    (made.root / "deadly").touch()
    reports = []
    with dask_cluster() as address, made.engine("dask", address) as engine:
        settled = toy.core.Collection(made.root, toy.pipeline())
        run = threading.Thread(target=lambda: reports.append(settled.run(engine=engine)))
        run.start()
        victim = engine.submit(os.getpid).result()
        wait_for(lambda: list(made.root.glob("columns/measure/part-new-*")))
        psutil.Process(victim).send_signal(signal.SIGKILL)
        run.join()
    measure = next(one for one in reports[0].stages if one.group == "measure")
    assert (measure.n_done, measure.n_failed) == (len(WORDS), 1)
    assert measure.n_lost >= 4
    assert [one["error"] for one in made.failures().to_pylist()] == ["WorkerLostError"]

    monkeypatch.delenv("TOY_SLEEP")
    (made.root / "deadly").unlink()
    made.run(n_workers=0, retry_failed=True)
    alone = toy.make(tmp_path / "alone", [*WORDS, ("zz", "die", "UK")])
    alone.run(n_workers=0)
    assert toy.content(made.root) == toy.content(alone.root)


def wait_for(there, seconds=240):
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end
        time.sleep(0.02)
