"""Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import toy
from wunderkammer.core.interrupt import Interrupt


def test_control_c_stops_between_batches_and_keeps_what_is_done(tmp_path):
    root = tmp_path / "words"
    collection = toy.make(root, [(f"n{i}", f"word{i}", "UK") for i in range(60)])
    environment = os.environ | {"TOY_SLEEP": "0.3", "PYTHONPATH": str(Path(toy.__file__).parent)}
    with subprocess.Popen([sys.executable, toy.__file__, root, "2"], env=environment) as process:
        while not list((root / "columns" / "measure").glob("part-*")):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    run = json.loads(next((root / "runs").glob("*.json")).read_text())
    assert run["status"] == "interrupted"
    assert 0 < collection.plan()["measure"].n_fresh < 60


def test_the_second_control_c_insists():
    with Interrupt() as interrupt, pytest.raises(KeyboardInterrupt), interrupt.between_batches:
        signal.raise_signal(signal.SIGINT)
        assert interrupt.asked
        signal.raise_signal(signal.SIGINT)


def test_outside_batches_control_c_is_what_it_always_was():
    with Interrupt(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
