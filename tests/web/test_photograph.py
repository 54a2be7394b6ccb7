"""A photograph finds what is like it in a collection, and nothing of it is kept anywhere."""

import contextlib
import http.client
import io
import json
import os
import re
import signal
import socket
import struct
import threading
import time
import zlib
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import psutil
import pytest
import uvicorn
from PIL import Image

import cabinet
import curated
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.testing import SpecimenGenerator
from wunderkammer.web import server as serving
from wunderkammer.web.guards import TOKEN_HEADER, Guard
from wunderkammer.web.pages import app_behind
from wunderkammer.web.photograph import MAX_BYTES, MOST_WAITING, photograph_routes
from wunderkammer.web.photograph_process import PhotographProcess
from wunderkammer.web.server import serve

SHORT_S = 2.0


class Visitor:
    """Sends photographs as the page does."""

    def __init__(self, address):
        self.host = urlsplit(address).netloc
        page = self.raw("GET", "/")[1].decode()
        self.powers = re.search('name="powers" content="([^"]+)"', page)[1].split()
        self.token = re.search('name="review-token" content="([^"]+)"', page)[1]

    def raw(self, method, path, content=b"", **headers):
        connection = http.client.HTTPConnection(self.host, timeout=120)
        connection.request(method, path, content or None, headers)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def send(self, content, kind="image/jpeg", **headers):
        own = {"Origin": f"http://{self.host}", TOKEN_HEADER: self.token, "Content-Type": kind}
        return self.raw("POST", "/api/photograph", content, **{**own, **headers})

    def told(self, content, kind="image/jpeg"):
        status, lines = self.send(content, kind)
        assert status == 200, lines
        return [json.loads(line) for line in lines.splitlines()]


@pytest.fixture(scope="module")
def temporary(tmp_path_factory):
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def server(cabinet_to_curate, temporary):
    env = {**os.environ, "TMPDIR": str(temporary)}
    with curated.serving(cabinet_to_curate.root, "--photos", env=env) as found:
        yield found


@pytest.fixture(scope="module")
def visitor(server):
    return Visitor(server.address)


def everything_below(*folders):
    return {
        (path, path.stat().st_size, path.stat().st_mtime_ns)
        for folder in folders
        for path in Path(folder).rglob("*")
        if path.is_file()
    }


def original(collection, media_id):
    [row] = collection.query(
        f"SELECT original FROM image WHERE media_id = '{media_id}'"
    ).to_pylist()
    return (collection.root / row["original"]).read_bytes()


def whole_media(collection):
    """Return media that are a photograph with one specimen."""
    sql = "SELECT media_id FROM cutout WHERE n_cutouts = 1 AND status = 'done' ORDER BY 1"
    found = collection.query(sql).to_pydict()["media_id"]
    images = collection.query("SELECT media_id FROM image").to_pydict()["media_id"]
    return [one for one in found if one in set(images)]


def test_a_photograph_of_a_specimen_finds_it_first_and_its_neighbours_after(
    visitor, cabinet_to_curate
):
    assert visitor.powers == ["photograph"]
    one = whole_media(cabinet_to_curate)[0]
    told = visitor.told(original(cabinet_to_curate, one))
    steps = [line["step"] for line in told[:-1]]
    assert steps == ["loading", "cutout", "upright", "features", "search"]
    liked = told[-1]["liked"]
    assert liked["media"][0]["id"] == one
    assert liked["media"][0]["similarity"] > 0.995
    assert liked["n_specimens"] == 1
    assert liked["picture"].startswith("data:image/webp;base64,")
    known = sorted(cabinet_to_curate.query("SELECT media_id FROM media").to_pydict()["media_id"])
    graph = np.load(cabinet_to_curate.artifacts("neighbours") / "indices.npy")
    near = {known[place] for place in graph[known.index(one)]}
    found = {medium["id"] for medium in liked["media"][1:6]}
    assert len(near & found) >= 4, "as the stage neighbours finds them"
    again = [line["step"] for line in visitor.told(original(cabinet_to_curate, one))[:-1]]
    assert "loading" not in again, "the encoder is read once"


def test_a_photograph_is_turned_as_the_camera_says(visitor, cabinet_to_curate):
    one = whole_media(cabinet_to_curate)[1]
    upright = Image.open(io.BytesIO(original(cabinet_to_curate, one)))
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    upright.transpose(Image.Transpose.ROTATE_90).save(buffer, "JPEG", quality=95, exif=exif)
    liked = visitor.told(buffer.getvalue())[-1]["liked"]
    assert liked["media"][0]["id"] == one


def test_nothing_of_a_photograph_is_stored_and_nothing_is_said_of_it(
    cabinet_to_curate, server, visitor, temporary
):
    drawn = SpecimenGenerator(seed=77, size_px=320, ventral_share=0).specimen(3).image
    buffer = io.BytesIO()
    Image.fromarray(drawn).save(buffer, "PNG")
    visitor.told(buffer.getvalue(), "image/png")
    before = everything_below(cabinet_to_curate.root, temporary)
    assert "liked" in visitor.told(buffer.getvalue(), "image/png")[-1]
    assert everything_below(cabinet_to_curate.root, temporary) == before
    assert everything_below(temporary) == set()
    blobs = {path.read_bytes() for path in (cabinet_to_curate.root / "blobs").rglob("*.*")}
    assert buffer.getvalue() not in blobs


def bomb():
    """Return a PNG that says it has 60,000 x 60,000 pixels."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(100_000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def test_what_is_no_photograph_is_refused_in_words(visitor, cabinet_to_curate):
    assert visitor.told(b"<html>no</html>")[-1]["problem"]["title"] == (
        "this is no photograph that can be read."
    )
    assert "60,000 x 60,000 pixels" in visitor.told(bomb(), "image/png")[-1]["problem"]["title"]
    broken = original(cabinet_to_curate, whole_media(cabinet_to_curate)[0])[:2000]
    assert "cannot be decoded" in visitor.told(broken)[-1]["problem"]["title"]
    gif = io.BytesIO()
    Image.new("RGB", (9, 9)).save(gif, "GIF")
    assert "problem" in visitor.told(gif.getvalue())[-1], "called a JPEG, and is none"
    assert visitor.send(gif.getvalue(), "image/gif")[0] == 415
    too_long = {"Content-Length": str(MAX_BYTES + 1)}
    assert visitor.send(b"x", **too_long)[0] == 413


def test_only_its_own_page_asks_and_nothing_can_be_stated(visitor):
    assert visitor.send(b"x", Origin="http://elsewhere.test")[0] == 403
    assert visitor.send(b"x", **{TOKEN_HEADER: "guessed"})[0] == 403
    assert visitor.raw("GET", "/curate/api/session")[0] == 404


def test_without_features_there_is_nothing_to_compare_with(tmp_path):
    made = cabinet.make(tmp_path / "bare", ("a0",), stages=False)
    with pytest.raises(ConfigurationError, match="no features"):
        serve(made, port=0, photographs=True)


def child_of(process):
    """Return the process that a server has started."""
    [child] = psutil.Process(process.pid).children()
    return child.pid


def announced(visitor, n_bytes):
    """Begin to send a photograph as the page does, and do not go on."""
    host, _, port = visitor.host.partition(":")
    sending = socket.create_connection((host, int(port)), timeout=60)
    lines = (
        "POST /api/photograph HTTP/1.1",
        f"Host: {visitor.host}",
        f"Origin: http://{visitor.host}",
        f"{TOKEN_HEADER}: {visitor.token}",
        "Content-Type: image/jpeg",
        f"Content-Length: {n_bytes}",
    )
    sending.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + bytes(1000))
    return sending


def test_so_many_may_wait_and_whoever_gives_up_makes_room(visitor):
    photograph = picture_of(40, 40)
    waiting = [announced(visitor, 100_000) for _ in range(MOST_WAITING)]
    try:
        deadline = time.monotonic() + 20
        while (answer := visitor.send(photograph))[0] != 503 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert answer[0] == 503
        problem = json.loads(answer[1])
        assert "many people ask" in problem["title"]
        assert problem["detail"] == "Try again in a minute."
    finally:
        for sending in waiting:
            sending.close()
    deadline = time.monotonic() + 20
    while (answer := visitor.send(photograph))[0] == 503 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert answer[0] == 200


@pytest.fixture
def hurried(tmp_path):
    """Answer with little time for a photograph to arrive, in a thread; return who visits."""
    listening = serving._listen("127.0.0.1", 0)
    listening.listen(64)
    host = f"127.0.0.1:{listening.getsockname()[1]}"
    guard = Guard((host,))
    app = app_behind(guard, "Hurried")
    # no photograph arrives whole, so nothing is ever asked of the process
    routes = photograph_routes(PhotographProcess(tmp_path), longest_way_s=SHORT_S)
    app.include_router(routes, prefix="/api")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    found = Visitor.__new__(Visitor)
    found.host, found.token = host, guard.token
    yield found
    server.should_exit = True
    thread.join(30)


def all_of(sending):
    """Return what is answered until the connection is closed."""
    content = b""
    with contextlib.suppress(ConnectionError), sending:
        while piece := sending.recv(1 << 16):
            content += piece
    return content


def test_who_sends_slower_than_that_is_refused_and_gives_up_the_place(hurried):
    begin = time.monotonic()
    slow = [announced(hurried, 100_000) for _ in range(MOST_WAITING)]
    too_long = {"Content-Length": str(MAX_BYTES + 1)}
    while (status := hurried.send(b"x", **too_long)[0]) == 413:
        assert time.monotonic() < begin + SHORT_S / 2, "all places are taken by now"
    assert status == 503
    for sending in slow:
        sending.sendall(bytes(100))  # a few bytes now and then help nobody
    said = [all_of(sending) for sending in slow]
    assert SHORT_S <= time.monotonic() - begin < SHORT_S + 10
    for content in said:
        head, _, body = content.partition(b"\r\n\r\n")
        assert head.split()[1] == b"408"
        assert json.loads(body)["title"] == f"the photograph did not arrive within {SHORT_S:g} s."
        assert json.loads(body)["detail"] == "Send a smaller one."
    assert hurried.send(b"x", **too_long)[0] == 413, "there is room again"


def picture_of(width, height):
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, "JPEG")
    return buffer.getvalue()


def test_what_looks_at_photographs_is_replaced_if_it_dies_and_ends_with_the_server(server, visitor):
    visitor.told(b"no image")
    first = child_of(server.process)
    os.kill(first, signal.SIGKILL)
    assert "problem" in visitor.told(b"no image")[-1], "it may be seen only now that it died"
    assert visitor.told(b"no image")[-1]["problem"]["title"].startswith("this is no photograph")
    child = child_of(server.process)
    assert child != first
    server.process.kill()
    server.process.wait(10)
    deadline = time.monotonic() + 60
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Path(f"/proc/{child}").exists()
