"""Clients that dribble, stall or come by the hundred are let go; others are answered meanwhile."""

import contextlib
import http.client
import json
import os
import socket
import threading
import time
from pathlib import Path

import pytest

from wunderkammer.web import server as serving
from wunderkammer.web.app import atlas_app
from wunderkammer.web.connections import Patience, PatientProtocol
from wunderkammer.web.entrance import Entrance

SHORT = Patience(head_s=1.0, body_s=1.0, body_rate=4096, stalled_s=1.5, n_connections=40,
                 head_bytes=20_000)  # fmt: skip
LARGE = 48 * 2**20


class Folder:
    """A site of a few files."""

    def __init__(self, root):
        self.root = root

    def made(self, name):
        return {"atlas.json": b"{}", "index.html": b"<html><head></head>here</html>"}.get(name)

    def file(self, name):
        path = self.root / name
        return path if path.is_file() else None


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    (root / "tile.jpg").write_bytes(os.urandom(9000))
    with (root / "tiles.pmtiles").open("wb") as file:
        file.truncate(LARGE)
    return root


@pytest.fixture(scope="module")
def port(folder):
    """Serve with little patience, in a thread; yield the port."""
    import uvicorn

    listening = serving._listen("127.0.0.1", 0)
    before = PatientProtocol.patience
    PatientProtocol.patience = SHORT
    found = {}

    def keep(self, *words, **more):
        found["server"] = self
        return run(self, *words, **more)

    run = uvicorn.Server.run
    uvicorn.Server.run = keep
    started = threading.Event()
    app = atlas_app(lambda: Folder(folder), Entrance())
    thread = threading.Thread(target=serving._answer, args=(app, listening, started.set))
    thread.start()
    assert started.wait(60)
    yield listening.getsockname()[1]
    found["server"].should_exit = True
    thread.join(30)
    uvicorn.Server.run = run
    PatientProtocol.patience = before


def connected(port, **options):
    made = socket.create_connection(("127.0.0.1", port), timeout=30)
    for name, value in options.items():
        made.setsockopt(socket.SOL_SOCKET, getattr(socket, name), value)
    return made


def answer(made):
    """Return what a connection answers until it is closed."""
    content = b""
    with contextlib.suppress(ConnectionError):
        while piece := made.recv(1 << 16):
            content += piece
    return content


def problem(content):
    """Return the status of a problem that was sent before the end."""
    head, _, body = content.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head, content[:300]
    told = json.loads(body)
    assert told["title"]
    assert head.split()[1] == str(told["status"]).encode()
    return told["status"]


def n_open():
    """Return how many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def served(port):
    """Tell whether somebody else is answered, and how quickly."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/tile.jpg")
    content = connection.getresponse().read()
    connection.close()
    assert len(content) == 9000
    return time.monotonic() - began


def test_who_says_nothing_or_dribbles_a_head_is_let_go(port):
    silent, dribbling = connected(port), connected(port)
    began = time.monotonic()

    def dribble():
        with contextlib.suppress(OSError):
            for byte in b"GET /tile.jpg HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"b" * 10_000:
                dribbling.sendall(bytes([byte]))
                time.sleep(0.05)

    threading.Thread(target=dribble, daemon=True).start()
    assert problem(answer(silent)) == 408
    assert problem(answer(dribbling)) == 408
    assert time.monotonic() - began < 20, "long before its head would have ended"
    served(port)


def test_a_body_that_dribbles_is_let_go(port):
    made = connected(port)
    made.sendall(b"POST /tile.jpg HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx")
    began = time.monotonic()
    content = b""
    with contextlib.suppress(ConnectionError, BrokenPipeError):
        while time.monotonic() - began < 30:
            made.sendall(b"x")
            time.sleep(0.1)
    made.settimeout(5)
    with contextlib.suppress(OSError):
        content = answer(made)
    assert time.monotonic() - began < 20
    assert not content or content.startswith(b"HTTP/1.1 405"), "nothing here takes a body"


def test_a_reader_that_never_reads_is_let_go_and_costs_little(port):
    before = n_open()
    greedy = []
    for _ in range(6):
        made = connected(port, SO_RCVBUF=4096)
        made.sendall(b"GET /tiles.pmtiles HTTP/1.1\r\nHost: localhost\r\n\r\n")
        greedy.append(made)
    assert served(port) < 10
    time.sleep(4 * SHORT.stalled_s / 1.5)
    received = [len(answer(made)) for made in greedy]
    assert max(received) < LARGE / 2, "the server did not wait for them"
    served(port)
    for made in greedy:
        made.close()
    deadline = time.monotonic() + 20
    while n_open() > before + 4 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert n_open() <= before + 4


def test_a_slow_reader_that_goes_on_reading_gets_everything(port):
    made = connected(port, SO_RCVBUF=65536)
    made.sendall(b"GET /tiles.pmtiles HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                 b"Range: bytes=0-16777215\r\n\r\n")  # fmt: skip
    n = 0
    while piece := made.recv(1 << 19):
        n += len(piece)
        time.sleep(0.01)
    assert n > 16 * 2**20


def test_more_connections_than_there_may_be_do_not_keep_others_out(port):
    idle = [connected(port) for _ in range(4 * SHORT.n_connections)]
    for made in idle:
        with contextlib.suppress(OSError):
            made.sendall(b"GET /tile.jpg HTTP/1.1\r\nHost: ")
    assert [served(port) < 10 for _ in range(5)] == 5 * [True]
    for made in idle:
        made.close()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % (b"a" * 9000), 414),
        (b"GET /?%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % (b"a" * 9000), 414),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: %s\r\n\r\n" % (b"a" * 40_000), 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n%s\r\n" % (b"A: b\r\n" * 20_000), 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 3_000_000, 431),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET http://[:: HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET \xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ((b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
         b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /tile.jpg HTTP/1.1\r\n\r\n"), 400),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
    ],
)  # fmt: skip
def test_what_is_no_request_or_has_no_end_is_refused_in_words(port, said, status):
    made = connected(port)
    with contextlib.suppress(OSError):
        made.sendall(said)
        made.shutdown(socket.SHUT_WR)
    try:
        content = answer(made)
    finally:
        made.close()
    assert content, "refused without a word"
    assert problem(content[content.rfind(b"HTTP/1.1 ") :]) == status
    served(port)


def test_requests_one_after_the_other_on_one_connection_are_answered_in_order(port, folder):
    made = connected(port)
    parts = [(5, 9), (0, 3), (8000, 8999)]
    for first, last in parts:
        made.sendall(b"GET /tile.jpg HTTP/1.1\r\nHost: localhost\r\nRange: bytes=%d-%d\r\n\r\n"
                     % (first, last))  # fmt: skip
    made.sendall(b"GET /tile.jpg HTTP/1.0\r\nHost: localhost\r\n\r\n")
    content = answer(made)
    whole = Path(folder / "tile.jpg").read_bytes()
    for first, last in parts:
        place = content.index(whole[first : last + 1])
        content = content[place + last + 1 - first :]
    assert content.endswith(whole)
