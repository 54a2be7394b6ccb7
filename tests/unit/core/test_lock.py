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
