"""What an atlas is asked by who means it no good: paths, ranges, methods, bodies, faults."""

import contextlib
import json
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import cabinet
from asker import Asker, refused, sender
from wunderkammer.atlas.site import Site
from wunderkammer.core import journal
from wunderkammer.web import server as serving
from wunderkammer.web.app import atlas_app
from wunderkammer.web.guards import TOKEN_HEADER
from wunderkammer.web.review import MAX_JSON

SECRET = b"nobody may read this"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a site with a secret beside it, and links that lead there."""
    root = tmp_path_factory.mktemp("danger")
    page, artifacts = root / "page", root / "artifacts"
    for folder in (page / "assets", artifacts / "tiles" / "0"):
        folder.mkdir(parents=True)
    (page / "index.html").write_text("<html><head></head>here</html>")
    (page / "assets" / "page.js").write_text("let x = 1;\n" * 500)
    (artifacts / "points.bin").write_bytes(bytes(range(256)) * 4)
    (artifacts / "tiles" / "0" / "0.jpg").write_bytes(b"\xff\xd8tile")
    (root / "secret.txt").write_bytes(SECRET)
    (artifacts / "link.bin").symlink_to(root / "secret.txt")
    (artifacts / "up").symlink_to(root)
    (artifacts / "inside.bin").symlink_to(artifacts / "points.bin")
    (page / "assets" / "link.js").symlink_to("../../secret.txt")
    return Site(page, root, (artifacts,), about={})


class Broken(Site):
    """A site whose files fail in an unforeseen way."""

    def file(self, name):
        if name == "broken.bin":
            raise RuntimeError("/a/path/that/stays/here")
        return super().file(name)


@pytest.fixture(scope="module")
def ask(site):
    """Return a function that asks a real server of that site."""
    import uvicorn

    listening = serving._listen("127.0.0.1", 0)
    broken = Broken(site.page, site.root, site.artifacts, about={})
    server = uvicorn.Server(uvicorn.Config(atlas_app(lambda: broken), log_level="critical"))
    listening.listen(64)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    port = listening.getsockname()[1]

    yield sender(f"127.0.0.1:{port}")
    server.should_exit = True
    thread.join(20)


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/%252e%252e%252fsecret.txt",
        "/tiles/../../secret.txt",
        "/tiles/%2e%2e/%2e%2e/secret.txt",
        "/./../secret.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/etc/passwd%00.jpg",
        "/points.bin%00",
        "/points.bin/",
        "/points.bin/..",
        "/tiles",
        "/tiles/",
        "/link.bin",
        "/up/secret.txt",
        "/tiles/./0/0.jpg",
        "/tiles//0/0.jpg",
        "/assets/link.js",
        "/assets/../../secret.txt",
        "/pictures/../../secret.txt",
        "/pictures/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/curate/curate.html",
        "/%ff%fe",
        "/C:%5cWindows%5cwin.ini",
        "/" + "a" * 300,
        "/" + "a/" * 2000,
        "/secret.txt",
    ],
)
def test_no_path_leads_out_of_the_atlas(ask, path):
    answer = ask(path)
    refused(answer, 404)
    assert SECRET not in answer[2]


def test_a_link_that_stays_inside_is_a_file_like_others(ask, site):
    assert ask("/inside.bin")[2] == (site.artifacts[0] / "points.bin").read_bytes()
    wanted = ["assets/page.js", "atlas.json", "index.html", "inside.bin", "points.bin"]
    assert sorted(site.paths()) == [*wanted, "tiles/0/0.jpg"], "what leads out is not published"


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=1000-", 206, slice(1000, 1024)),
        ("bytes=-5", 206, slice(1019, 1024)),
        ("bytes=-5000", 206, slice(0, 1024)),
        ("bytes=0-999999999999999999", 206, slice(0, 1024)),
        ("BYTES = 0 - 9", 206, slice(0, 10)),
        ("bytes=9-0", 416, None),
        ("bytes=1024-", 416, None),
        ("bytes=-0", 416, None),
        ("bytes=-", 416, None),
        ("bytes=", 416, None),
        ("bytes=a-b", 416, None),
        ("bytes=0x0-0x9", 416, None),
        ("bytes=-1-5", 416, None),
        ("bytes=99999999999999999999999999-", 416, None),
        ("bytes=0-1,5-6", 200, slice(0, 1024)),
        ("bytes=" + ",".join(1000 * ["0-"]), 200, slice(0, 1024)),
        ("lines=0-9", 200, slice(0, 1024)),
    ],
)
def test_ranges_cost_no_more_than_the_file(ask, site, asked, status, part):
    whole = (site.artifacts[0] / "points.bin").read_bytes()
    answer = ask("/points.bin", Range=asked)
    assert answer[0] == status
    if status == 416:
        refused(answer, 416)
        assert answer[1]["content-range"] == "bytes */1024"
    else:
        assert answer[2] == whole[part]
        assert int(answer[1]["content-length"]) == len(answer[2])


def test_a_part_of_what_has_changed_is_sent_whole(ask, site):
    path = site.artifacts[0] / "changing.bin"
    path.write_bytes(b"before" * 100_000)
    etag = ask("/changing.bin")[1]["etag"]
    assert ask("/changing.bin", Range="bytes=0-5", If_Range=etag)[0] == 206
    assert ask("/changing.bin", If_None_Match=f'"x", W/{etag}')[0] == 304
    new = path.with_name("new")
    new.write_bytes(b"behind" * 100_000)
    new.replace(path)
    status, headers, content = ask("/changing.bin", Range="bytes=0-5", If_Range=etag)
    assert (status, content) == (200, b"behind" * 100_000)
    assert headers["etag"] != etag
    assert ask("/changing.bin", If_None_Match=etag)[0] == 200
    path.unlink()
    refused(ask("/changing.bin"), 404)


def test_head_is_get_without_the_bytes_and_texts_are_compressed_as_wanted(ask):
    for path, encoding in (("/points.bin", "br"), ("/assets/page.js", "br"), ("/nothing", "br")):
        get, head = (ask(path, method, Accept_Encoding=encoding) for method in ("GET", "HEAD"))
        assert (head[0], head[2]) == (get[0], b"")
        assert {k: v for k, v in head[1].items() if k != "date"} == {
            k: v for k, v in get[1].items() if k != "date"
        }
    for wanted, found in (("gzip;q=0, br;q=0", None), ("br;q=0, gzip", "gzip"), ("*", None),
                          ("gzip;q=0.5,br;q=0.1", "br"), ("brotli", None)):  # fmt: skip
        headers = ask("/assets/page.js", Accept_Encoding=wanted)[1]
        assert headers.get("content-encoding") == found, wanted
        assert "accept-encoding" in headers["vary"].lower()


def test_nothing_but_looking_is_allowed_and_whoever_tries_is_told(ask):
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        for path in ("/", "/atlas.json", "/nothing", "/api/photograph", "/curate/api/session"):
            answer = ask(path, method, Content_Length="0")
            refused(answer, 405)
            assert answer[1]["allow"] == "GET, HEAD"
            assert "access-control-allow-origin" not in answer[1]


def test_a_fault_is_a_problem_without_a_trace(ask):
    answer = ask("/broken.bin")
    told = refused(answer, 500)
    assert told.detail
    assert b"/a/path" not in answer[2]
    assert b"Traceback" not in answer[2]
    assert "default-src 'self'" in answer[1]["content-security-policy"]


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    return cabinet.make(tmp_path_factory.mktemp("dangers") / "cabinet", ("a0",), stages=False)


def test_a_body_without_a_length_is_cut_off_at_the_limit(reviewed):
    media_id = cabinet.ids(reviewed)["a0"]
    before = journal.read(reviewed.root).num_rows
    with cabinet.reviewing(reviewed) as review:
        host = urlsplit(review.address).netloc
        made = socket.create_connection(tuple(host.split(":")), timeout=60)
        made.sendall(
            f"POST /api/upright/{media_id}/statements HTTP/1.1\r\nHost: {host}\r\n"
            f"Origin: http://{host}\r\n{TOKEN_HEADER}: {review.guard.token}\r\n"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        n_sent = 0
        made.settimeout(0.05)
        content = b""
        while n_sent < 200 * MAX_JSON and not content:
            made.settimeout(20)
            made.sendall(b"1000\r\n" + b" " * 4096 + b"\r\n")
            n_sent += 4096
            made.settimeout(0.05)
            with contextlib.suppress(TimeoutError):
                content = made.recv(1 << 16)
        made.close()
        assert content.startswith(b"HTTP/1.1 413")
        assert b"application/problem+json" in content
        assert n_sent < 100 * MAX_JSON
        assert Asker(review).raw("GET", "/api/session")[0] == 200
    assert journal.read(reviewed.root).num_rows == before


def test_json_that_is_deep_or_no_json_is_refused_in_words(reviewed):
    media_id = cabinet.ids(reviewed)["a0"]
    path = f"/api/upright/{media_id}/statements"
    with cabinet.reviewing(reviewed) as review:
        ask = Asker(review)
        many = json.dumps({"statements": 61 * [{"term": "angle_deg", "value": "1"}]}).encode()
        for body in (b"[" * 8000, b'{"statements":' * 900, b"\xff\xfe", b"NaN", b"",
                     b'{"statements": [{"term": "angle_deg", "value": "' + b"9" * 9000 + b'"}]}',
                     many):  # fmt: skip
            refused(ask.raw("POST", path, body, Content_Type="application/json"), 422)


def test_there_is_a_limit_for_files_that_are_open(site):
    n = len(list(Path("/proc/self/fd").iterdir()))
    from wunderkammer.web.files import OpenFiles

    opened = OpenFiles()
    folder = site.artifacts[0] / "large"
    folder.mkdir()
    for k in range(200):
        path = folder / f"{k}.bin"
        path.touch()
        with path.open("r+b") as file:
            file.truncate(400_000)
        opened.get(path)
    assert len(list(Path("/proc/self/fd").iterdir())) <= n + 66
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
