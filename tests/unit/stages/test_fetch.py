"""Fetch: every original on this machine, or a reason why not."""

import csv
import json

import pytest

import wunderkammer
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.stage import Context
from wunderkammer.stages.fetch import FetchStage
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import Redirect, Throttle, html, image, status
from wunderkammer.testing.hosts.pictures import Picture
from wunderkammer.testing.hosts.rules import Rule

ON_LOOPBACK = {
    "collection.title": "Addresses",
    "ingest.source.name": "table",
    "ingest.source.path": "records.csv",
    "fetch.allow_private": ["127.0.0.0/8"],
    "fetch.requests_per_second": 0,
    "fetch.tries": 1,
}
RULES = [
    Rule(status(404), path="gone.jpg"),
    Rule(html(media_type="image/jpeg"), path="page.jpg"),
    Rule(Redirect("new.jpg", status=301), path="old.jpg"),
]
GOOD = ("a.jpg", "b.jpg", "old.jpg")


@pytest.fixture(scope="module")
def site():
    with ImageHost(RULES, in_thread=True) as started:
        yield started


def make(root, rows, **settings):
    root.mkdir()
    with (root / "records.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["catalogNumber", "accessURI", "Licence"])
        writer.writerows(rows)
    chosen = {name.replace("__", "."): value for name, value in settings.items()}
    return wunderkammer.create(root, ON_LOOPBACK | chosen)


def rows_of(site, names, licence="CC0"):
    return [(f"K.{name}", site.address(name), licence) for name in names]


def by_name(collection):
    rows = collection.query("FROM media").to_pylist()
    return {row["catalogNumber"].removeprefix("K."): row for row in rows}


def test_what_is_fetched_is_what_the_host_has_and_whence_is_known(tmp_path, site):
    collection = make(tmp_path / "c", rows_of(site, GOOD))
    collection.run(["ingest", "fetch", "image"])
    found = by_name(collection)
    for name in GOOD:
        served = "new.jpg" if name == "old.jpg" else name
        assert found[name]["content_sha256"] == site.sha256(served) == found[name]["sha256"]
        path = collection.root / found[name]["content_path"]
        assert path.read_bytes() == site.content(served)
        assert found[name]["original"] == found[name]["content_path"]
    assert json.loads(found["old.jpg"]["redirects"]) == [site.address("old.jpg")]
    assert found["old.jpg"]["fetched_from"] == site.address("new.jpg")
    assert found["a.jpg"]["redirects"] is None


def test_a_dead_link_and_a_web_page_are_failures_with_a_class_of_their_own(tmp_path, site):
    collection = make(tmp_path / "c", rows_of(site, ("gone.jpg", "page.jpg", "a.jpg")))
    report = collection.run(["ingest", "fetch", "image"])
    failed = {row["where"]: row["error"] for row in collection.failures().to_pylist()}
    assert failed == {"K.gone.jpg": "NotFoundError", "K.page.jpg": "WrongTypeError"}
    assert report.stages[-1].n_done == 1


def test_a_local_original_passes_through_and_no_host_is_asked(tmp_path, site):
    n_before = len(site.requests())
    rows = [(*row, "a.jpg") for row in rows_of(site, ("a.jpg",))]
    root = tmp_path / "c"
    root.mkdir()
    (root / "a.jpg").write_bytes(site.content("b.jpg"))
    with (root / "records.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["catalogNumber", "accessURI", "Licence", "file"])
        writer.writerows(rows)
    collection = wunderkammer.create(root, ON_LOOPBACK)
    collection.run(["ingest", "fetch", "image"])
    (found,) = by_name(collection).values()
    assert found["content_path"] == "a.jpg"
    assert found["sha256"] == site.sha256("b.jpg")
    assert len(site.requests()) == n_before


def test_only_the_licences_asked_for_are_fetched(tmp_path, site):
    rows = [
        *rows_of(site, ("a.jpg",), "CC0"),
        *rows_of(site, ("b.jpg",), "© Trustees, all rights reserved"),
        *rows_of(site, ("c.jpg",), "http://creativecommons.org/licenses/by/4.0/"),
    ]
    collection = make(tmp_path / "c", rows, fetch__licences=["cc0"])
    collection.run(["ingest", "fetch"])
    errors = {row["where"]: row["error"] for row in collection.failures().to_pylist()}
    assert errors == {"K.b.jpg": "LicenceRefusedError", "K.c.jpg": "LicenceRefusedError"}


def test_a_changed_setting_looks_at_the_files_and_asks_no_host(tmp_path, site):
    collection = make(tmp_path / "c", rows_of(site, GOOD))
    collection.run(["ingest", "fetch"])
    before = by_name(collection)
    n_before = len(site.requests())
    text = (collection.root / "collection.toml").read_text(encoding="utf-8")
    changed = text.replace("# copy_px = 0", "copy_px = 100")
    (collection.root / "collection.toml").write_text(changed, encoding="utf-8")
    collection = wunderkammer.open(collection.root)
    assert collection.plan()["fetch"].reasons == {"settings changed": 3}
    collection.run(["fetch"])
    after = by_name(collection)
    assert len(site.requests()) == n_before
    for name in GOOD:
        assert (collection.root / after[name].pop("copy")).is_file()
    assert after == before


def test_asking_again_is_conditional_and_sees_a_change(tmp_path):
    with ImageHost(in_thread=True) as site:
        collection = make(tmp_path / "c", rows_of(site, ("a.jpg", "b.jpg")))
        collection.run(["ingest", "fetch"])
        site.follow([Rule(image(Picture(version=1)), path="b.jpg")])
        n_before = len(site.requests())
        collection.run(["fetch"], again=["fetch"])
        answers = {one.path: one.status for one in site.requests()[n_before:]}
        assert answers == {"a.jpg": 304, "b.jpg": 200}
        assert by_name(collection)["b.jpg"]["content_sha256"] == site.sha256("b.jpg")
        assert collection.plan()["image"].reasons == {"new": 2}


def test_a_host_that_wants_to_be_left_alone_is_left_for_the_next_run(tmp_path):
    throttle = Rule(Throttle(every=2, closed_s=3600), hosts=0)
    with ImageHost([throttle], n_hosts=2, in_thread=True) as site:
        rows = rows_of(site, ("a.jpg", "b.jpg", "c.jpg", "d.jpg"))
        rows += [(f"K.other{n}", site.address(f"{n}.jpg", host=1), "CC0") for n in range(3)]
        collection = make(tmp_path / "c", rows, fetch__patience_s=1, fetch__concurrency_per_host=1)
        report = collection.run(["ingest", "fetch"])
        assert "left for the next run" in report.stages[1].note
        assert collection.failures().num_rows == 0
        n_done = report.stages[1].n_done
        assert 3 <= n_done < 7
        assert collection.plan()["fetch"].reasons == {"new": 7 - n_done}
        n_before = len(site.requests())
        collection.run(["fetch"])
        assert [one for one in site.requests()[n_before:] if one.host == 0] == []


def test_a_public_host_is_not_asked_by_nobody(tmp_path):
    collection = make(tmp_path / "c", [("K.1", "https://images.museum.example/1.jpg", "CC0")])
    with pytest.raises(ConfigurationError, match="contact"):
        collection.run(["ingest", "fetch"])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"accessURI": None}, "names no image"),
        ({"accessURI": None, "original_path": "lost.jpg"}, "lost.jpg is not there"),
        ({"accessURI": "ftp://x.org/a.jpg"}, "does not begin with http"),
    ],
)
def test_what_cannot_be_asked_for_needs_no_host(tmp_path, row, message):
    whole = {"media_id": "0" * 20, "original_path": None, "original_sha256": None} | row
    stage = FetchStage()
    assert stage.lane(whole, Context(tmp_path)) == ""
    assert message in stage._here(whole, Context(tmp_path)).error.message
