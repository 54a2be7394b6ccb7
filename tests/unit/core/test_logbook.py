"""What a run notes while it runs."""

import datetime as dt
import errno
import json
import resource
import signal

import pytest

import toy
from mortal import MortalEngine
from toy import WORDS
from wunderkammer.core.collection import Collection, Pipeline
from wunderkammer.core.errors import StageError
from wunderkammer.core.identity import stable_id
from wunderkammer.core.logbook import Logbook
from wunderkammer.engines import engine_of


def lines(root):
    (path,) = (root / "runs").glob("*.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_line_has_its_time_its_event_and_its_facts(tmp_path):
    path = tmp_path / "runs" / "x.jsonl"
    Logbook(path).note("batch", stage="image", n_done=0, worker="", hint="Öffne es.")
    (line,) = map(json.loads, path.read_text("utf-8").splitlines())
    assert dt.datetime.fromisoformat(line.pop("at")).tzinfo is not None
    assert line == {"event": "batch", "stage": "image", "n_done": 0, "hint": "Öffne es."}


def test_a_run_notes_its_stages_and_every_batch_with_its_worker(tmp_path):
    collection = toy.make(tmp_path / "words", WORDS)
    collection.run(n_workers=0)
    told = lines(collection.root)
    assert [told[0]["event"], told[-1]["event"]] == ["run begins", "run ends"]
    assert told[0]["engine"] == "this process"
    batches = [one for one in told if one["event"] == "batch" and one["stage"] == "measure"]
    assert sum(one["n_done"] for one in batches) == len(WORDS)
    assert all(one["worker"] and one["seconds"] >= 0 for one in batches)
    collection.run(n_workers=0)
    assert lines(collection.root) == told


def test_a_run_that_dies_says_which_batch_and_why(tmp_path):
    collection = toy.make(tmp_path / "words", [(f"n{i:03d}", "word", "UK") for i in range(32)])
    deadly = {stable_id(f"n{i:03d}") for i in range(32)}
    with pytest.raises(StageError, match="workers die whatever they are given"):
        collection.run(engine=MortalEngine(deadly))
    told = lines(collection.root)
    lost = [one for one in told if one["event"] == "worker lost"]
    assert len(lost) == 24
    assert all("by a medium" in one["message"] and one["stage"] == "measure" for one in lost)
    assert told[-1]["status"] == "failed"
    assert "4 media from" in told[-1]["error"]


class FullDisk(toy.Measure):
    """A stage whose disk takes no more at one medium."""

    def process(self, batch, context):
        if any(one["word"] == "last straw" for one in batch):
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().process(batch, context)


def test_a_run_that_ends_for_the_machines_sake_says_over_which_batch(tmp_path):
    words = [(f"n{i:03d}", "last straw" if i == 9 else "word", "UK") for i in range(32)]
    root = toy.make(tmp_path / "words", words).root
    pipeline = Pipeline((toy.Read, FullDisk), engine_of)
    with pytest.raises(OSError, match="No space left"):
        Collection(root, pipeline).run(n_workers=0)
    (noted,) = [one for one in lines(root) if one["event"] == "batch ends the run"]
    assert (noted["stage"], noted["n_media"]) == ("measure", toy.Measure.batch_size)
    assert noted["first"] <= stable_id("n009") <= noted["last"]
    assert "No space left" in noted["message"]


def test_where_the_disk_is_full_a_line_is_there_whole_or_not_at_all(tmp_path):
    log = Logbook(tmp_path / "log.jsonl")
    log.note("begun")
    whole = (tmp_path / "log.jsonl").read_bytes()
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 5, limit[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            log.note("ended")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert (tmp_path / "log.jsonl").read_bytes() == whole
    log.note("ended")
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 2
