import json
import threading
import urllib.error
import urllib.request
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from wunderkammer.core.errors import SourceError
from wunderkammer.sources import Record
from wunderkammer.sources._iiif_harvest import file_name
from wunderkammer.sources.iiif import IiifSource, harvest


class Library:
    """A host of manifests on loopback that counts what it is asked for."""

    def __init__(self):
        self.documents, self.asked = {}, Counter()
        library = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                library.asked[self.path] += 1
                document = library.documents.get(self.path)
                content = document if isinstance(document, bytes) else json.dumps(document).encode()
                self.send_response(200 if document is not None else 404)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *words):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.home = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def manifest(self, name, version=3):
        """Put a manifest of one canvas there; return how a collection names it."""
        address = f"{self.home}/{name}"
        image = {"id": f"{address}.jpg", "type": "Image", "@id": f"{address}.jpg"}
        if version == 3:
            page = {"items": [{"motivation": "painting", "body": image}]}
            canvas = {"id": f"{address}/c", "type": "Canvas", "items": [page]}
            self.documents[f"/{name}"] = {"id": address, "type": "Manifest", "items": [canvas]}
            return {"id": address, "type": "Manifest"}
        canvas = {"@id": f"{address}/c", "images": [{"resource": image}]}
        self.documents[f"/{name}"] = {
            "@id": address, "@type": "sc:Manifest", "sequences": [{"canvases": [canvas]}]
        }  # fmt: skip
        return {"@id": address, "@type": "sc:Manifest"}

    def collection(self, name, **members):
        """Put a collection there; return how another one names it."""
        address = f"{self.home}/{name}"
        self.documents[f"/{name}"] = {"id": address, "type": "Collection"} | members
        return {"id": address, "type": "Collection"}

    def get(self, address):
        """Ask for an address as whoever calls a harvest does."""
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise SourceError(f"{address} answered {error.code}.") from None


@pytest.fixture
def library():
    made = Library()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_nested_paged_and_circular_collections_are_followed_each_address_once(library, tmp_path):
    inner = library.collection(
        "inner",
        manifests=[library.manifest("old", version=2)],
        members=[library.manifest("member", version=2)],
        collections=[{"@id": f"{library.home}/top", "@type": "sc:Collection"}],
    )
    library.collection("page2", items=[library.manifest("late"), library.manifest("new")])
    library.collection(
        "top", items=[library.manifest("new"), inner], next=f"{library.home}/page2#x"
    )
    told = []
    done = harvest(f"{library.home}/top", tmp_path, library.get, progress=told.append)
    assert done.n_manifests == 4
    assert len(done.files) == done.n_fetched == len(told) == 7
    assert not done.failed
    assert set(library.asked.values()) == {1}
    found = list(IiifSource(path=tmp_path).records())
    assert len(found) == 4
    assert all(isinstance(one, Record) for one in found)


def test_a_harvest_again_asks_for_nothing_and_finds_the_same(library, tmp_path):
    library.collection("top", items=[library.manifest("a"), library.manifest("b")])
    first = harvest(f"{library.home}/top", tmp_path, library.get)
    second = harvest(f"{library.home}/top", tmp_path, library.get)
    assert second.files == first.files
    assert second.n_fetched == 0
    assert set(library.asked.values()) == {1}


def test_what_failed_is_told_and_asked_for_again(library, tmp_path):
    named = [library.manifest(name) for name in ("a", "b", "c")]
    library.collection("top", items=named)
    whole = library.documents.pop("/b")
    library.documents["/c"] = b"<html>Please log in</html>"
    done = harvest(f"{library.home}/top", tmp_path, library.get)
    said = {address.rpartition("/")[2]: error.message for address, error in done.failed}
    assert said.keys() == {"b", "c"}
    assert "answered 404" in said["b"]
    assert "no JSON" in said["c"]
    assert "<html>Please log in" in said["c"]
    assert done.n_manifests == 1
    assert len(list(tmp_path.iterdir())) == 2
    rejected = [one for one in IiifSource(path=tmp_path).records() if not isinstance(one, Record)]
    assert len(rejected) == 2
    library.documents["/b"] = library.documents["/c"] = whole
    done = harvest(f"{library.home}/top", tmp_path, library.get)
    assert not done.failed
    assert done.n_fetched == 2
    assert library.asked["/a"] == 1


def test_most_stops_at_that_many_manifests_and_the_next_goes_on(library, tmp_path):
    library.collection("top", items=[library.manifest(f"m{n}") for n in range(5)])
    done = harvest(f"{library.home}/top", tmp_path, library.get, most=2)
    assert (done.n_manifests, done.n_left) == (2, 3)
    done = harvest(f"{library.home}/top", tmp_path, library.get, most=4)
    assert (done.n_manifests, done.n_fetched, done.n_left) == (4, 2, 1)


def test_a_harvest_that_was_killed_leaves_no_half_file(library, tmp_path):
    library.collection("top", items=[library.manifest("a"), library.manifest("b")])

    def get(address):
        if address.endswith("/b"):
            raise KeyboardInterrupt
        return library.get(address)

    with pytest.raises(KeyboardInterrupt):
        harvest(f"{library.home}/top", tmp_path, get)
    assert all(json.loads(path.read_bytes()) for path in tmp_path.iterdir())
    half = tmp_path / file_name(f"{library.home}/b")
    half.write_bytes(b'{"id": ')  # as another program may leave it
    done = harvest(f"{library.home}/top", tmp_path, library.get)
    assert done.n_manifests == 2
    assert json.loads(half.read_bytes())["type"] == "Manifest"


def test_manifests_that_stand_whole_in_a_collection_are_not_asked_for(library, tmp_path):
    library.manifest("a")
    library.collection("top", items=[library.documents.pop("/a")])
    done = harvest(f"{library.home}/top", tmp_path, library.get)
    assert library.asked == {"/top": 1}
    assert not done.failed
    [one] = IiifSource(path=tmp_path).records()
    assert one.access_uri == f"{library.home}/a.jpg"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("ftp-like/top", "no address"),
        ("{home}/none", "answered 404"),
        ("{home}/odd", "type is 'X'"),
    ],
)
def test_an_address_that_gives_nothing_usable_is_an_error(library, tmp_path, address, message):
    library.documents["/odd"] = {"type": "X"}
    with pytest.raises(SourceError, match=message):
        harvest(address.format(home=library.home), tmp_path, library.get)
    assert list(tmp_path.iterdir()) == []


def test_file_names_are_stable_safe_and_differ():
    names = [
        file_name(one)
        for one in (
            "https://x.org/a/manifest.json",
            "https://x.org/a/manifest.json?v=2",
            "https://y.org/a/manifest.json",
            "https://x.org/" + "long/" * 80,
            "https://x.org",
        )
    ]
    assert len(set(names)) == 5
    assert all(
        len(name) < 90 and name.replace("-", "").replace(".", "").isalnum() for name in names
    )
    assert names[0] == file_name("https://x.org/a/manifest.json#page=3")
    assert names[0].startswith("a-manifest-")
