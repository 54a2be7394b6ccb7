"""The local engine."""

import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from clusters import die, square
from wunderkammer.core.engine import Needs
from wunderkammer.core.errors import WorkerLostError
from wunderkammer.engines.local import LocalEngine, cores


def test_no_workers_means_this_process():
    with LocalEngine(0) as engine:
        assert engine.submit(os.getpid).result() == os.getpid()
        with pytest.raises(ZeroDivisionError):
            engine.submit(divmod, 1, 0).result()


def test_workers_end_when_their_parent_is_killed():
    code = (
        "from wunderkammer.engines.local import LocalEngine\n"
        "import os, time\n"
        "if __name__ == '__main__':\n"
        "    engine = LocalEngine(2)\n"
        "    engine.submit(os.getpid).result()\n"
        "    print('ready', flush=True)\n"
        "    engine.submit(time.sleep, 60)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout.readline() == b"ready\n"
        workers = psutil.Process(parent.pid).children(recursive=True)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    gone, alive = psutil.wait_procs(workers, timeout=10)
    assert gone
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]


def test_there_is_a_core():
    assert 1 <= cores() <= os.cpu_count()


def test_a_worker_says_how_it_died_and_only_its_own_call_is_lost():
    with LocalEngine(2) as engine:
        other = engine.submit(time.sleep, 1)
        with pytest.raises(WorkerLostError, match="was killed by SIGKILL"):
            engine.submit(die).result()
        with pytest.raises(WorkerLostError, match="ended with code 3"):
            engine.submit(os._exit, 3).result()
        assert other.result() is None
        assert engine.submit(square, 3).result() == 9


def test_what_cannot_be_sent_is_an_error_and_no_death():
    with LocalEngine(1) as engine:
        pid = engine.submit(os.getpid).result()
        with pytest.raises(TypeError, match="lock"):
            engine.submit(threading.Lock).result()
        with pytest.raises(TypeError, match="lock"):
            engine.submit(square, threading.Lock()).result()
        assert engine.submit(os.getpid).result() == pid


def test_other_needs_get_other_workers_and_those_before_end(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with LocalEngine(4) as engine:
        first = engine.submit(os.getpid, needs=Needs(n_cores=2)).result()
        assert psutil.pid_exists(first)
        assert engine.submit(os.getenv, "OMP_NUM_THREADS", needs=Needs(n_cores=4)).result() == "4"
        assert not psutil.pid_exists(first)
    assert [engine.n_at_once(Needs(n_cores=n)) for n in (1, 2, 3, 4, 9)] == [4, 2, 1, 1, 1]
    assert engine.n_at_once(Needs(memory_gb=10_000)) == 1


def test_each_worker_has_the_gpus_it_was_given(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,5")
    half = Needs(n_gpus=0.5)
    with LocalEngine(8) as engine:
        assert engine.n_at_once(half) == 4
        assert engine.n_at_once(Needs(n_gpus=1)) == 2
        seen = engine.submit(os.getenv, "CUDA_VISIBLE_DEVICES", needs=half).result()
    assert seen in {"3", "5"}


def test_nobody_outlives_the_engine():
    with LocalEngine(1) as engine:
        pid = engine.submit(os.getpid).result()
    assert not psutil.pid_exists(pid)
