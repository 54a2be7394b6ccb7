"""The local engine."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from wunderkammer.engines.local import LocalEngine, cores


def test_calls_come_back_as_they_finish():
    with LocalEngine(2) as engine:
        futures = {engine.submit(pow, 2, n) for n in range(5)}
        found = set()
        while futures:
            for future in engine.wait_first(futures):
                futures.discard(future)
                found.add(future.result())
    assert found == {1, 2, 4, 8, 16}


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
