"""Runs."""

import threading

import pytest

import toy
from toy import WORDS
from wunderkammer.core.errors import ConfigurationError, StageError


class Watcher:
    """Notes what a run tells."""

    def __init__(self):
        self.begun, self.counts, self.ended = [], {}, []

    def stage_begins(self, group, n_todo, n_fresh):
        self.begun.append((group, n_todo, n_fresh))

    def advanced(self, group, n_done, n_failed):
        self.counts[group] = self.counts.get(group, 0) + n_done + n_failed

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


def test_a_worker_that_dies_is_reported_and_the_rest_kept(tmp_path, monkeypatch):
    collection = toy.make(tmp_path / "words", [*WORDS, ("zz", "die", "UK")])
    monkeypatch.setenv("TOY_DIE", "1")
    with pytest.raises(StageError, match="a worker died"):
        collection.run(n_workers=1)
    monkeypatch.delenv("TOY_DIE")
    collection.run(n_workers=1)
    assert collection.plan().nothing_to_do


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
