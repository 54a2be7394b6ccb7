"""One collection on this machine, on Dask and on Ray: the same bytes."""

import shutil
import subprocess
import sys

import pytest

import toy
import wunderkammer
from clusters import Weighty, dask_cluster, started
from conftest import SMALL
from wunderkammer.core.collection import Collection, Pipeline
from wunderkammer.core.identity import stable_id
from wunderkammer.core.resources import EngineSettings
from wunderkammer.core.resubmitting import TRIES
from wunderkammer.engines import engine_of
from wunderkammer.testing import SpecimenGenerator, write_archive

WK = [sys.executable, "-m", "wunderkammer"]


N_SPECIMENS = 500
patient = pytest.mark.timeout(900)  # a busy machine draws and runs them slowly


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """Return a collection of 500 small specimens, finished by this process alone."""
    root = tmp_path_factory.mktemp("alone") / "cabinet"
    drawn = SpecimenGenerator(seed=5, size_px=160, ventral_share=0)
    write_archive(root / "source", drawn, N_SPECIMENS, truth=False)
    made = wunderkammer.create(root, SMALL)
    made.run(n_workers=0)
    return made


@patient
@pytest.mark.parametrize("kind", ["dask", "ray"])
def test_a_cluster_makes_the_bytes_of_one_process(tmp_path, alone, kind):
    root = tmp_path / "cabinet"
    shutil.copytree(alone.root / "source", root / "source")
    wunderkammer.create(root, SMALL)
    with started(kind) as address:
        done = subprocess.run(
            [*WK, "run", "-C", root, "--engine", kind, "--address", address],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[0].startswith(f"{kind.capitalize()} at ")
    made = toy.content(root)
    assert made == toy.content(alone.root)
    assert sum(name.startswith("artifacts/atlas") for name in made) >= 10
    count = "select count(*) as n from media where thumbnail is not null"
    n_seen = wunderkammer.open(root).query(count).to_pylist()[0]["n"]
    assert n_seen > 0.9 * N_SPECIMENS


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


@pytest.mark.parametrize("kind", ["local", "dask", "ray"])
def test_a_worker_reads_the_weights_of_a_stage_once(tmp_path, kind):
    words = [(f"n{n:02d}", f"w{n}", "UK") for n in range(48)]
    root = toy.make(tmp_path / "words", words).root
    collection = Collection(root, Pipeline((toy.Read, Weighty), engine_of))
    with started(kind) as address:
        workers = 2 if kind == "local" else None
        asked = EngineSettings(kind=kind, address=address, workers=workers)
        collection.run(engine=engine_of(asked))
    noted = [line.split() for line in (root / "noted.txt").read_text().splitlines()]
    loaded = [pid for what, pid in noted if what == "load"]
    batches = [pid for what, pid in noted if what == "batch"]
    assert len(batches) == len(words) // Weighty.batch_size
    assert sorted(loaded) == sorted(set(batches))
    assert len(loaded) <= 2
