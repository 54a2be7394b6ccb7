import os
import signal
import subprocess
import sys
import time
from urllib.request import urlopen

import psutil
import pytest

from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.errors import ImageHostError


def test_the_process_ends_with_the_one_that_started_it():
    code = (
        "from wunderkammer.testing import ImageHost\n"
        "site = ImageHost(); site.start()\n"
        "print(site._serving._child.pid, site.origins[0], flush=True)\n"
        "input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        pid, origin = starter.stdout.readline().split()
        server = psutil.Process(int(pid))
        with urlopen(f"{origin}/a") as answer:
            assert len(answer.read()) == 40_000
        starter.kill()
    gone, alive = psutil.wait_procs([server], timeout=10)
    assert gone
    assert not alive


def test_the_server_outlives_a_client_that_is_killed():
    with ImageHost() as site:
        code = f"from urllib.request import urlopen; urlopen({site.address('a')!r}); input()"
        with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as client:
            site.wait_for(1)
            client.send_signal(signal.SIGKILL)
        with urlopen(site.address("b")) as answer:
            assert answer.read() == site.content("b")
        assert [one.path for one in site.requests()] == ["a", "b"]


def test_clocks_of_client_and_server_are_one():
    with ImageHost() as site:
        before_s, before = time.monotonic(), time.time()
        with urlopen(site.address("a")) as answer:
            answer.read()
        after_s = time.monotonic()
        [request] = site.wait_for(1)
    assert before_s <= request.arrived_s <= request.ended_s
    assert request.arrived_s <= after_s
    assert before <= request.arrived_at <= time.time()


def test_a_server_that_is_gone_is_an_error_with_its_exit_code():
    site = ImageHost()
    site.start()
    os.kill(site._serving._child.pid, signal.SIGKILL)
    with pytest.raises(ImageHostError, match="ended while it was asked to 'requests'"):
        site.requests()
    with pytest.raises(ImageHostError):
        site.stop()
