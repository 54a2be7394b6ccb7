"""The index knows which file is which object, and what of a listing is not here."""

import pyarrow as pa
import pytest

from wunderkammer.storage.index import Index, Known
from wunderkammer.storage.manifest import SCHEMA, Entry


@pytest.fixture
def index(tmp_path):
    found = Index(tmp_path / "index.sqlite")
    yield found
    found.close()


def known(path, name="o", here=True):
    return Known(path, Entry(object=name, size=1, sha256="0"), here, "1:1:1")


def listing(**objects):
    rows = [{"path": p, "object": o, "size": 2, "sha256": "1"} for p, o in objects.items()]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def test_files_come_sorted_and_by_folder(index):
    index.put(known(path) for path in ("b/2", "a", "b/1", "b-", "c"))
    assert [one.path for one in index.files()] == ["a", "b-", "b/1", "b/2", "c"]
    assert [one.path for one in index.files("b/")] == ["b/1", "b/2"]


def test_it_is_there_again_when_it_is_opened_again(index, tmp_path):
    index.put([known("a")])
    index.note("number", 7)
    again = Index(tmp_path / "index.sqlite")
    assert (again.known("a"), again.fact("number")) == (known("a"), "7")
    assert (again.known("b"), again.fact("other")) == (None, "")


def test_a_listing_says_what_is_to_be_fetched_and_what_to_be_removed(index):
    index.put([known("same", "o1"), known("other", "o2"), known("gone", "o3")])
    assert index.take_over(listing(same="o1", other="o9", new="o4")) == ["gone"]
    assert [one.path for one in index.files()] == ["new", "other", "same"]
    assert [one.path for one in index.missing()] == ["new", "other"]


def test_what_lies_below_some_folders_may_be_left_out(index):
    index.put(known(path, here=False) for path in ("media/1", "mediaeval", "blobs/2", "x"))
    assert [one.path for one in index.missing(("media/", "blobs/"))] == ["mediaeval", "x"]


def test_more_files_than_are_looked_at_at_a_time(index):
    index.put(known(f"{n:06d}", here=n % 2 == 0) for n in range(20_000))
    assert sum(1 for _ in index.files()) == 20_000
    assert sum(1 for _ in index.missing()) == 10_000
