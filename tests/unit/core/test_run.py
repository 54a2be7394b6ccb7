"""Runs."""

import threading

import pytest

import toy
from toy import WORDS
from wunderkammer.core.errors import ConfigurationError


class Watcher:
    """Notes what a run tells."""

    def __init__(self):
        self.begun, self.counts, self.ended = [], {}, []

    def stage_begins(self, group, n_todo, n_fresh):
        self.begun.append((group, n_todo, n_fresh))

    def advanced(self, group, n_done, n_failed):
        self.counts[group] = self.counts.get(group, 0) + n_done + n_failed

    def stands(self, group, text):
        raise AssertionError("no stage of this pipeline tells how far it is")

    def stage_ends(self, run):
        self.ended.append((run.group, run.n_done))


def test_progress_adds_up(tmp_path):
    watcher = Watcher()
    toy.make(tmp_path / "words", WORDS).run(progress=watcher)
    assert watcher.begun[1] == ("measure", 20, 0)
    assert watcher.counts == {"measure": 20, "split": 20, "vector": 24}
    assert watcher.ended[-1] == ("order", 24)


def test_processes_and_this_process_make_the_same_bytes(tmp_path):
    one = toy.make(tmp_path / "one", WORDS)
    two = toy.make(tmp_path / "two", WORDS)
    one.run(n_workers=0)
    two.run(n_workers=2)
    assert toy.content(one.root) == toy.content(two.root)


def test_a_medium_that_kills_its_workers_is_a_failure_and_no_dead_run(tmp_path):
    collection = toy.make(tmp_path / "words", [*WORDS, ("zz", "die", "UK")])
    (collection.root / "deadly").touch()
    report = collection.run(n_workers=2)
    (failure,) = collection.failures().to_pylist()
    assert (failure["stage"], failure["error"]) == ("measure", "WorkerLostError")
    measure = next(one for one in report.stages if one.group == "measure")
    assert (measure.n_done, measure.n_failed) == (len(WORDS), 1)
    assert measure.n_lost >= 3
    assert not list(collection.root.rglob(".tmp-*"))

    (collection.root / "deadly").unlink()
    collection.run(n_workers=0, retry_failed=True)
    clean = toy.make(tmp_path / "clean", [*WORDS, ("zz", "die", "UK")])
    clean.run(n_workers=0)
    assert toy.content(collection.root) == toy.content(clean.root)


def test_it_runs_outside_the_main_thread(tmp_path):
    collection = toy.make(tmp_path / "words", WORDS)
    thread = threading.Thread(target=collection.run)
    thread.start()
    thread.join()
    assert collection.plan().nothing_to_do


def test_stages_cannot_read_what_comes_later(tmp_path):
    collection = toy.make(tmp_path / "words", WORDS)
    measure = collection.configuration.stage("measure")
    with pytest.raises(ConfigurationError, match="'order' writes only later"):
        collection.table().cells(("rank",), measure)


CALLED = [("a", "one", "UK"), ("b", "two!", "UK"), ("c", "three", "FR"), ("d", "four", "ZZ")]
CALLING = toy.TOML + "[call]\n"


def answers(collection):
    rows = collection.query('select name, n_calls from media where "name" is not null').to_pylist()
    return {row["name"]: row["n_calls"] for row in rows}


def test_a_stream_finishes_lane_by_lane_and_leaves_the_rest_for_the_next_run(tmp_path):
    collection = toy.make(tmp_path / "words", CALLED, CALLING)
    report = collection.run(["ingest", "call"])
    assert report.stages[1].note == "ZZ does not answer; 1 left"
    assert answers(collection) == {"a": 1, "b": None, "c": 1, "d": None}
    assert [row["stage"] for row in collection.failures().to_pylist()] == ["call"]
    assert collection.plan()["call"].reasons == {"new": 1}
    assert collection.plan()["call"].n_failed == 1


def test_what_was_fresh_is_done_again_when_asked_and_knows_the_last_time(tmp_path):
    collection = toy.make(tmp_path / "words", CALLED, CALLING)
    collection.run(["ingest", "call"])
    report = collection.run(["call"], again=["call"])
    assert report.stages[0].reasons == {"asked again": 2, "new": 1}
    assert answers(collection)["a"] == 2
    assert collection.run(["call"], again=["call"], retry_failed=True).stages[0].n_failed == 1


def test_a_full_disk_ends_a_stream_and_keeps_what_was_finished(tmp_path, monkeypatch):
    collection = toy.make(tmp_path / "words", CALLED, CALLING)
    monkeypatch.setenv("TOY_STOP", "one")
    with pytest.raises(OSError, match="No space"):
        collection.run(["ingest", "call"])
    assert answers(collection) == {"a": None, "b": None, "c": 1, "d": None}
    monkeypatch.delenv("TOY_STOP")
    collection.run(["call"])
    assert answers(collection) == {"a": 1, "b": None, "c": 1, "d": None}


def test_later_stages_see_only_what_a_limiting_stage_chose(tmp_path):
    collection = toy.make(tmp_path / "words", CALLED, toy.TOML + "[few]\nat_least = 5\n")
    plan = collection.plan()
    assert [stage.group for stage in plan.stages][:3] == ["ingest", "few", "measure"]
    assert plan["measure"].reasons == {"new": -1}
    collection.run()
    assert collection.plan().nothing_to_do
    status = {one.group: one.n_done for one in collection.status()}
    assert status == {"ingest": 4, "few": 4, "measure": 1, "split": 1, "vector": 1, "order": 1}


def test_a_stage_that_floats_comes_after_what_it_reads(tmp_path):
    toml = toy.TOML + "[few]\nat_least = 5\nby = 'length'\n"
    collection = toy.make(tmp_path / "words", CALLED, toml)
    collection.run()
    groups = [stage.group for stage in collection.configuration.stages]
    assert groups == ["ingest", "measure", "few", "split", "vector", "order"]
    status = {one.group: one.n_done for one in collection.status()}
    assert (status["measure"], status["vector"]) == (3, 1)
