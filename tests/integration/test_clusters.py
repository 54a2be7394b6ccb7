"""One collection on this machine, on Dask and on Ray: the same bytes."""

import shutil
import subprocess
import sys

import pytest

import toy
import wunderkammer
from clusters import dask_cluster, started
from conftest import SMALL
from wunderkammer.core.identity import stable_id
from wunderkammer.core.resources import EngineSettings
from wunderkammer.core.resubmitting import TRIES
from wunderkammer.engines import engine_of

WK = [sys.executable, "-m", "wunderkammer"]


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


def test_a_medium_that_kills_workers_of_dask_is_one_failure(tmp_path):
    names = sorted((f"n{n}" for n in range(6)), key=stable_id)
    deadly = names[-1]  # in a batch of two, after one of four
    words = [(name, "die" if name == deadly else name, "UK") for name in names]
    collection = toy.make(tmp_path / "words", words)
    (collection.root / "deadly").touch()
    with dask_cluster() as address:
        report = collection.run(engine=engine_of(EngineSettings(kind="dask", address=address)))
    done = next(one for one in report.stages if one.group == "measure")
    assert (done.n_done, done.n_failed) == (len(words) - 1, 1)
    assert done.n_lost >= 2 * TRIES
    (failure,) = collection.failures("measure").to_pylist()
    assert (failure["media_id"], failure["error"]) == (stable_id(deadly), "WorkerLostError")
    (collection.root / "deadly").unlink()
    collection.run(retry_failed=True, n_workers=0)
    never = toy.make(tmp_path / "never", words)
    never.run(n_workers=0)
    assert toy.content(collection.root) == toy.content(never.root)
