"""One writer at a time."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import toy
from toy import WORDS
from wunderkammer.core.errors import CollectionLockedError
from wunderkammer.core.lock import held, only_writer, was_cut_short


def test_a_second_process_is_told_who_holds_the_collection(tmp_path):
    root = tmp_path / "words"
    collection = toy.make(root, WORDS)
    environment = os.environ | {"TOY_SLEEP": "0.5", "PYTHONPATH": str(Path(toy.__file__).parent)}
    with subprocess.Popen([sys.executable, toy.__file__, root, "0"], env=environment) as holder:
        while not (root / ".lock-holder.json").exists():
            time.sleep(0.01)
        time.sleep(0.1)
        with pytest.raises(CollectionLockedError, match=f"process {holder.pid} on .* since"):
            collection.run()
        assert collection.query("SELECT 1 AS one").to_pylist() == [{"one": 1}], "readers may read"
        holder.send_signal(signal.SIGKILL)
    collection.run()
    assert collection.plan().nothing_to_do, "a killed holder holds no more"


def test_the_next_holder_learns_that_one_died(tmp_path):
    with only_writer(tmp_path) as died:
        assert not died
    with only_writer(tmp_path) as died:
        assert not died
    (tmp_path / ".lock-holder.json").write_text("{}")
    with only_writer(tmp_path) as died:
        assert died


def test_what_a_dead_holder_was_writing_is_put_away(collection):
    left = collection.root / "columns" / "measure" / ".tmp-1-part-new-00000000.parquet"
    left.write_bytes(b"half")
    note = collection.root / ".tmp-0123abcd-1-.lock-holder.json"
    note.write_bytes(b"half")
    (collection.root / ".lock-holder.json").write_text("{}")
    collection.run()
    assert not left.exists()
    assert not note.exists()


def test_asking_who_holds_a_collection_changes_nothing(tmp_path):
    assert held(tmp_path) is None
    with only_writer(tmp_path):
        error = held(tmp_path)
        assert f"process {os.getpid()} on" in error.message
        assert was_cut_short(tmp_path)
    (tmp_path / ".lock-holder.json").write_text("{}")
    assert held(tmp_path) is None
    assert was_cut_short(tmp_path), "the next writer still learns that one died"
