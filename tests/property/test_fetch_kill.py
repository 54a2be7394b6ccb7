"""SIGKILL at any moment: no truncated file counts, and no finished file is fetched twice."""

import random
import signal
import subprocess
import sys
from collections import Counter

import pytest

from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import dripping, image, reset, truncated
from wunderkammer.testing.hosts.pictures import Picture
from wunderkammer.testing.hosts.rules import Rule

CHILD = """
import hashlib, sys
from pathlib import Path
from wunderkammer.fetch.fetcher import Fetcher
from wunderkammer.fetch.outcomes import Fetched, Wanted
from wunderkammer.fetch.policy import Policy

class Queue:
    def __init__(self, host, n):
        self.lane = [
            Wanted(f"{number:020d}", f"http://{host}/{number}.jpg", "k") for number in range(n)
        ]
        self.host = host
    def waiting(self): return {self.host: len(self.lane)}
    def take(self, host, n):
        taken, self.lane = self.lane[:n], self.lane[n:]
        return taken

root, host, n = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
policy = Policy(
    allow_private=("127.0.0.1",), requests_per_second=0, resume_bytes=30_000, backoff_s=0.02,
    concurrency_per_host=4,
)
print("begins", flush=True)
for outcome in Fetcher(root, policy, contact="").run(Queue(host, n), lambda: False):
    assert isinstance(outcome, Fetched), outcome
    content = (root / outcome.path).read_bytes()
    assert hashlib.sha256(content).hexdigest() == outcome.sha256
    print(outcome.media_id, flush=True)
"""

N_MEDIA = 60


def started(root, host):
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(root), host, str(N_MEDIA)], stdout=subprocess.PIPE
    )
    assert child.stdout.readline() == b"begins\n"
    return child


def finished(root):
    return {path.stem: path.read_bytes() for path in (root / "media").glob("??/*")}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of Unix")
def test_killed_at_random_moments_and_finished_it_is_as_if_undisturbed(tmp_path):
    rng = random.Random(20)
    rules = [
        Rule(truncated(20_000), first=1, share=0.2, seed=1),
        Rule(reset(60_000, image(Picture(n_bytes=90_000))), first=1, share=0.3, seed=2),
        Rule(dripping(900_000, image(Picture(n_bytes=90_000))), share=0.3, seed=2),
        Rule(dripping(900_000)),
    ]
    with ImageHost(rules) as site:
        host = site.address("").split("/")[2]
        n_killed = 0
        while True:
            before = finished(tmp_path)
            n_asked = Counter(one.path for one in site.requests())
            child = started(tmp_path, host)
            try:
                child.wait(rng.uniform(0.02, 0.4) if n_killed < 12 else 60)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)
            child.communicate()
            n_later = Counter(one.path for one in site.requests())
            for media_id, content in before.items():
                path = f"{int(media_id)}.jpg"
                assert content == site.content(path)
                assert n_later[path] == n_asked[path], "a finished file was asked for again"
            if child.returncode == 0:
                break
            assert child.returncode == -signal.SIGKILL
            n_killed += 1
        assert n_killed >= 3
        assert finished(tmp_path) == {
            f"{number:020d}": site.content(f"{number}.jpg") for number in range(N_MEDIA)
        }
    assert not list((tmp_path / "media/.part").iterdir())
