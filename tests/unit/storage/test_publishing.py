"""A site in a bucket: right headers, no half of a new one, nothing written twice."""

import urllib.error

import pytest

from wunderkammer.storage.publishing import ENTRIES, headers, publish, to_bucket
from wunderkammer.storage.store import Store


class Pages:
    """A site of files in a folder."""

    def __init__(self, folder):
        self.folder = folder

    def write(self, **files):
        for name, text in files.items():
            path = self.folder / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def made(self, name):
        return b'{"title": "Moths"}' if name == "atlas.json" else None

    def file(self, name):
        path = self.folder / name
        return path if path.is_file() else None

    def paths(self):
        yield "atlas.json"
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(self.folder).as_posix()


class Noting(Store):
    """A store that notes in what order it is written."""

    def __init__(self, address):
        super().__init__(address)
        self.said = []

    def put(self, name, content, headers=None):
        super().put(name, content, headers)
        self.said.append(name)

    def remove(self, names):
        listed = list(names)
        self.said += [f"-{name}" for name in listed]
        return super().remove(listed)

    def news(self):
        said, self.said = [one for one in self.said if not one.startswith(".")], []
        return said


@pytest.fixture
def site(tmp_path):
    found = Pages(tmp_path / "site")
    found.write(index_html="<p>", sw_js="1", points_bin="1", assets__a_js="a")
    return found


def test_entry_points_come_after_all_they_lead_to(site, tmp_path):
    store = Noting(f"file://{tmp_path}/bucket")
    assert to_bucket(site, store) == 5
    said = store.news()
    assert set(said[:2]) == {"points.bin", "assets/a.js"}
    assert said[2:] == ["sw.js", "index.html", "atlas.json"]
    assert (tmp_path / "bucket" / "atlas.json").read_bytes() == site.made("atlas.json")


def test_only_what_changed_is_written_and_only_ours_is_removed(site, tmp_path):
    store = Noting(f"file://{tmp_path}/bucket")
    to_bucket(site, store)
    store.put("robots.txt", b"another's")
    store.news()
    to_bucket(site, store)
    assert store.news() == []
    (site.folder / "assets" / "a.js").unlink()
    site.write(index_html="<p>2", points_bin="2", assets__b_js="b")
    to_bucket(site, store)
    assert store.news() == ["assets/b.js", "points.bin", "index.html", "-assets/a.js"]
    assert store.read("robots.txt") == b"another's"


def test_what_somebody_removed_from_the_bucket_is_written_again(site, tmp_path):
    store = Noting(f"file://{tmp_path}/bucket")
    to_bucket(site, store)
    store.remove(["points.bin"])
    store.news()
    to_bucket(site, store)
    assert store.news() == ["points.bin"]


def test_a_publishing_that_was_killed_is_finished_by_the_next(site, tmp_path, monkeypatch):
    store = Noting(f"file://{tmp_path}/bucket")
    put = Noting.put

    def killed(self, name, content, headers=None):
        if name in ENTRIES:
            raise KeyboardInterrupt
        put(self, name, content, headers)

    monkeypatch.setattr(Noting, "put", killed)
    with pytest.raises(KeyboardInterrupt):
        to_bucket(site, store)
    assert store.read("index.html") is None
    monkeypatch.setattr(Noting, "put", put)
    (site.folder / "points.bin").unlink()
    to_bucket(site, store)
    names = {one.name for one in store.names("") if not one.name.startswith(".")}
    assert names == {"atlas.json", "index.html", "sw.js", "assets/a.js"}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("assets/index-1a.js", "text/javascript; charset=utf-8"),
        ("assets/index-1a.css", "text/css; charset=utf-8"),
        ("assets/icon-1a.svg", "image/svg+xml"),
        ("assets/x-1a.wasm", "application/wasm"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("cards/0.json", "application/json"),
        ("pictures/87/a.JPG", "image/jpeg"),
        ("pictures/87/a.webp", "image/webp"),
        ("tiles@2x.pmtiles", "application/vnd.pmtiles"),
        ("points.bin", "application/octet-stream"),
        ("licences.md", "text/markdown; charset=utf-8"),
        ("what.ever", "application/octet-stream"),
    ],
)
def test_every_kind_of_file_says_what_it_is(path, kind):
    assert headers(path)["Content-Type"] == kind


def test_what_has_its_digest_in_its_name_is_kept_and_what_is_replaced_is_asked_for():
    assert "immutable" in headers("assets/index-1a.js")["Cache-Control"]
    for path in (*ENTRIES, "tiles.pmtiles", "cards/0.json", "points.bin"):
        assert headers(path)["Cache-Control"] == "no-cache"


def test_a_visitor_gets_it_with_its_headers_and_by_range(site, s3, bucket_server):
    site.write(tiles_pmtiles="0123456789" * 1000)
    assert publish(site, f"{s3}/atlas", lambda _: None) == 6
    bucket = s3.removeprefix("s3://")
    with bucket_server.ask(
        f"/{bucket}/atlas/tiles.pmtiles", headers={"Range": "bytes=5-14"}
    ) as answer:
        assert answer.status == 206
        assert answer.read() == b"5678901234"
        assert answer.headers["Content-Range"] == "bytes 5-14/10000"
        assert answer.headers["Content-Type"] == "application/vnd.pmtiles"
    with bucket_server.ask(f"/{bucket}/atlas/assets/a.js") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        bucket_server.ask(f"/{bucket}/atlas/never")
