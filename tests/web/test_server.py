"""The server answers what is published, whole or in part, and nothing else."""

import asyncio
import gzip
import json
import socket
from urllib.parse import urlsplit

import brotli
import pytest

from asker import sender
from wunderkammer.atlas.card_schemas import Card
from wunderkammer.atlas.schemas import Atlas
from wunderkammer.web.server import _listen


@pytest.fixture
def ask(address):
    """Return a function that sends a raw request and gives status, headers and bytes."""
    return sender(urlsplit(address).netloc)


def test_what_is_served_is_what_is_published_byte_for_byte(collection, ask, tmp_path):
    n_files = collection.publish(tmp_path / "site")
    published = {
        path.relative_to(tmp_path / "site").as_posix(): path.read_bytes()
        for path in (tmp_path / "site").rglob("*")
        if path.is_file() and path.name not in {".published.json", "_SHA256SUMS"}
    }
    assert n_files == len(published) > 24
    for name, content in published.items():
        status, _, answer = ask(f"/{name}")
        assert (name, status) == (name, 200)
        assert answer == content, name
    assert ask("/")[2] == published["index.html"]


def test_publishing_again_changes_no_file(collection, tmp_path):
    collection.publish(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    collection.publish(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_range_is_a_part_of_the_whole(ask):
    _, headers, whole = ask("/tiles.pmtiles")
    assert headers["accept-ranges"] == "bytes"
    status, headers, part = ask("/tiles.pmtiles", Range="bytes=100-299")
    assert (status, part) == (206, whole[100:300])
    assert headers["content-range"] == f"bytes 100-299/{len(whole)}"
    assert ask("/tiles.pmtiles", Range="bytes=-50")[2] == whole[-50:]
    assert ask("/tiles.pmtiles", Range=f"bytes={len(whole)}-")[0] == 416


def test_what_a_client_has_is_not_sent_again(ask):
    for path in ("/atlas.json", "/tiles.pmtiles", "/index.html", "/cards/0.json"):
        etag = ask(path)[1]["etag"]
        status, _, content = ask(path, If_None_Match=etag)
        assert (path, status, content) == (path, 304, b"")


def test_texts_are_compressed_as_the_client_can_take_them(ask):
    _, headers, plain = ask("/cards/0.json")
    assert "content-encoding" not in headers
    _, headers, small = ask("/cards/0.json", Accept_Encoding="gzip, br")
    assert headers["content-encoding"] == "br"
    assert brotli.decompress(small) == plain
    _, headers, small = ask("/cards/0.json", Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(small) == plain
    assert len(small) < len(plain) / 2


def test_answers_are_sent_at_once_and_do_not_wait_for_an_acknowledgement():
    async def accepted():
        found = asyncio.get_running_loop().create_future()

        class Look(asyncio.Protocol):
            def connection_made(self, transport):
                taken = transport.get_extra_info("socket")
                found.set_result(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

        server = await asyncio.get_running_loop().create_server(Look, sock=listening)
        async with server:
            _, writer = await asyncio.open_connection(*listening.getsockname())
            no_delay = await found
            writer.close()
        return no_delay

    listening = _listen("127.0.0.1", 0)
    assert asyncio.run(accepted())


def test_head_tells_the_length_without_the_bytes(ask):
    length = len(ask("/points.bin")[2])
    status, headers, content = ask("/points.bin", method="HEAD")
    assert (status, int(headers["content-length"]), content) == (200, length, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/../collection.toml",
        "/%2e%2e/collection.toml",
        "/pictures/../../collection.toml",
        "//etc/passwd",
        "/pictures.parquet",
        "/tiles.json",
        "/pictures/00/nobody.jpg",
        "/assets",
        "/%00",
    ],
)
def test_nothing_else_is_answered(ask, path):
    status, headers, content = ask(path)
    assert status == 404
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(content)["status"] == 404


def test_nothing_can_be_changed_through_it(ask):
    for method in ("POST", "PUT", "DELETE"):
        assert ask("/atlas.json", method=method)[0] == 405


def test_every_answer_forbids_foreign_scripts(ask):
    for path in ("/", "/atlas.json", "/nothing"):
        headers = ask(path)[1]
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_the_entry_point_and_the_cards_follow_their_schemas(ask, collection):
    atlas = Atlas.model_validate_json(ask("/atlas.json")[2])
    assert atlas.title == "Small cabinet"
    assert [step.stage for step in atlas.steps][:3] == ["ingest", "fetch", "image"]
    cards = [Card.model_validate(one) for one in json.loads(ask("/cards/0.json")[2])]
    assert len(cards) == atlas.n_media
    known = set(collection.query("SELECT media_id FROM media").to_pydict()["media_id"])
    for card in cards:
        assert card.id in known
        assert card.title
        assert card.credit.licence
        assert ask(f"/{card.picture.path}")[2][:2] == b"\xff\xd8"
