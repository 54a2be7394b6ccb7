"""A run killed at any moment and finished later equals one that was never disturbed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import toy
from wunderkammer.core.collection import Collection

WORDS = [
    (f"n{i:03d}", f"word{i}" + ("+x" if i % 7 == 0 else "") + ("!" if i % 11 == 0 else ""), "UK")
    for i in range(60)
]
ENVIRONMENT = os.environ | {"TOY_SLEEP": "0.02", "PYTHONPATH": str(Path(toy.__file__).parent)}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    root = tmp_path_factory.mktemp("undisturbed") / "words"
    toy.make(root, WORDS).run()
    return toy.content(root)


def start(root, workers):
    command = [sys.executable, toy.__file__, root, str(workers)]
    return subprocess.Popen(command, env=ENVIRONMENT)


@settings(
    max_examples=int(os.environ.get("KILL_EXAMPLES", "6")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    delays=st.lists(st.floats(0.3, 2.0), min_size=1, max_size=2), workers=st.sampled_from([0, 2])
)
def test_killed_and_resumed_equals_undisturbed(undisturbed, tmp_path, delays, workers):
    root = tmp_path / "words"
    shutil.rmtree(root, ignore_errors=True)
    toy.make(root, WORDS)
    for delay in delays:
        process = start(root, workers)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    Collection(root, toy.pipeline()).run()
    assert toy.content(root) == undisturbed


def test_a_kill_loses_at_most_the_batches_in_flight(tmp_path, monkeypatch):
    root = tmp_path / "words"
    collection = toy.make(root, WORDS)
    process = start(root, 0)
    committed = root / "columns" / "measure"
    while len(list(committed.glob("part-new-*"))) < 5:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = collection.plan()["measure"]
    assert kept.n_fresh + kept.n_failed >= 5 * toy.Measure.batch_size
    log = tmp_path / "log.txt"
    monkeypatch.setenv("TOY_LOG", str(log))
    collection.run(["measure"])
    redone = [line for line in log.read_text().splitlines() if line.startswith("measure")]
    assert len(redone) == len(WORDS) - kept.n_fresh - kept.n_failed


def test_a_kill_between_the_last_batch_and_the_end_of_its_stage_leaves_no_trace(
    undisturbed, tmp_path
):
    root = tmp_path / "words"
    collection = toy.make(root, WORDS)
    collection.run(["ingest", "measure"])
    (root / "columns" / "measure" / "stage.json").unlink()
    collection.run()
    assert toy.content(root) == undisturbed


@pytest.mark.parametrize("again", [False, True])
def test_a_stage_that_goes_on_from_before_may_be_killed_at_every_write(tmp_path, again):
    old, whole = tmp_path / "old", tmp_path / "whole"
    collection = toy.make(old, WORDS[:30], toy.TOML + "[shelf]\n")
    collection.run(["ingest", "measure", "shelf"])
    if not again:
        toy.write_words(old, WORDS[:40])
    collection.run(["ingest", "measure"])
    shutil.copytree(old, whole)
    Collection(whole, toy.pipeline()).run(["shelf"], again=["shelf"] if again else [])
    expected, killed = toy.content(whole), tmp_path / "killed"
    killed.mkdir()
    how = ["again" if again else "as it is"]
    subprocess.run([sys.executable, toy.__file__, old, killed, "shelf", *how], check=True)
    roots = sorted(killed.iterdir())
    assert len(roots) > 8
    assert toy.content(roots[-1]) == expected
    for root in roots[:-1]:
        resumed = Collection(root, toy.pipeline())
        resumed.run(["shelf"])
        if again and toy.content(root) == toy.content(old):  # it had not begun to be replaced
            resumed.run(["shelf"], again=["shelf"])
        assert toy.content(root) == expected, root
