"""People who sort a collection: a server in a process of its own, and clients that ask it."""

import json
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from types import SimpleNamespace
from urllib.parse import urlencode

import uvicorn

import wunderkammer
from asker import Asker
from wunderkammer.web.desk import Desk
from wunderkammer.web.server import LOOPBACK, _address, _guard_of, _listen
from wunderkammer.web.sorting import sort_app
from wunderkammer.web.sorting_schemas import Counts, SortQueue, SortState

TASKS = """
[[sort]]
task = "quality"
classes = ["good", "bad"]

[[sort]]
task = "side"
classes = ["dorsal", "ventral", "none of both"]
"""

_LONGEST_S = 120

_SERVE = """
import sys, wunderkammer
from wunderkammer.web.server import serve_sorting
collection = wunderkammer.open(sys.argv[1])
serve_sorting(collection, who="A. Curator", port=0, started=lambda at: print(at, flush=True))
"""


def sorted_copy(collection, root, tasks=TASKS):
    """Return a copy of a finished collection that is sorted."""
    shutil.copytree(collection.root, root)
    with (root / "collection.toml").open("a", encoding="utf-8") as file:
        file.write(tasks)
    return wunderkammer.open(root)


class sorting:  # noqa: N801 - reads as a word: with sorting(collection) as server
    """Serves a sorting in this process while a block runs."""

    def __init__(self, collection, who="A. Curator"):
        listening = _listen(LOOPBACK, 0)
        listening.listen(64)  # who comes before the server is ready waits
        self.guard = _guard_of(listening)
        self.address = _address(listening)
        app = sort_app(Desk(collection, who), self.guard)
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        self.thread = threading.Thread(target=self.server.run, args=([listening],))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.should_exit = True
        self.thread.join(_LONGEST_S)


class sorting_process:  # noqa: N801 - reads as a word: with sorting_process(root) as server
    """Serves a sorting in a process of its own while a block runs."""

    def __init__(self, root):
        self.root = root

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(self.root)], stdout=subprocess.PIPE, text=True
        )
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("http://127.0.0.1:"), self.address
        with urllib.request.urlopen(self.address) as page:
            token = re.search(r'name="review-token" content="([^"]+)"', page.read().decode())
        self.guard = SimpleNamespace(token=token[1])
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(_LONGEST_S)
        self.process.stdout.close()

    def interrupt(self):
        """Press Ctrl-C, and return the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_LONGEST_S)

    def kill(self):
        self.process.kill()
        self.process.wait(_LONGEST_S)


class Sorter(Asker):
    """One person at the page."""

    timeout_s = 120

    def __init__(self, server, who="A. Curator", task="quality"):
        super().__init__(server)
        self.who, self.task = who, task

    @property
    def path(self):
        return f"/api/sort/{self.task}"

    def post(self, path, said, **headers):
        """Return status, headers and bytes."""
        return self.raw("POST", path, json.dumps(said).encode(),
                        **{"Content_Type": "application/json", **headers})  # fmt: skip

    def say(self, labels, *, settled=False):
        """Label media: a mapping of id to class, 'unsure' or None."""
        listed = [{"id": one, "value": value} for one, value in labels.items()]
        said = {"who": self.who, "labels": listed, "settled": settled}
        return self.post(f"{self.path}/labels", said)

    def state(self):
        return self.get(self.path, SortState)

    def queue(self, name="next", limit=60, **asked):
        query = urlencode({"name": name, "limit": limit, "who": self.who, **asked})
        return self.get(f"{self.path}/queue?{query}", SortQueue)

    def ids(self, name="lot", limit=60):
        return [one.id for one in self.queue(name, limit).media]

    def train(self):
        """Start a round and wait until it has ended; return the state then."""
        status, _, content = self.post(f"{self.path}/rounds", {"who": self.who})
        assert status == 200, content
        return self.trained()

    def trained(self):
        pause = threading.Event()
        for _ in range(1200):
            state = self.state()
            if state.training is None:
                return state
            pause.wait(0.1)
        raise AssertionError(state)


def counted(state):
    """Return what counts of a state, as the small counts have it."""
    return Counts(**{name: getattr(state, name) for name in Counts.model_fields})
