"""What is not as the index says is found, and held still whatever becomes of it."""

import pytest

from wunderkammer.storage.index import Index, Known
from wunderkammer.storage.manifest import Entry
from wunderkammer.storage.scanning import difference, hold, looked_at, walk


@pytest.fixture
def root(tmp_path):
    (tmp_path / "root" / ".bucket").mkdir(parents=True)
    return tmp_path / "root"


def write(root, path, text="text"):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_what_belongs_to_this_machine_alone_is_no_part_of_the_collection(root):
    for path in (
        "collection.toml", "a/1", "a-", "a/.tmp-x/2", ".tmp-3", ".lock", ".lock-holder.json",
        "evaluation/.lock", ".bucket/index", "cache/tile", "b/cache/kept",
        "annotations/2026-01.jsonl", "annotations/m.png",
    ):  # fmt: skip
        write(root, path)
    assert [one.path for one in walk(root)] == [
        "a-", "a/1", "annotations/m.png", "b/cache/kept", "collection.toml",
    ]  # fmt: skip


def test_files_that_are_new_changed_or_gone_are_told(root):
    for path in ("same", "changed", "removed"):
        write(root, path)
    index = Index(root / ".bucket" / "index")
    entry = Entry(object="o", size=4, sha256="0")
    index.put(
        Known(one.path, entry, here=True, stat=one.stat)
        for one in (looked_at(root, path) for path in ("same", "changed", "removed"))
    )
    index.put([Known("never fetched", entry, here=False, stat="")])
    assert not difference(root, index)
    write(root, "new")
    write(root, "changed", "longer")
    (root / "removed").unlink()
    found = difference(root, index)
    assert [one.path for one in found.written] == ["changed", "new"]
    assert found.gone == ["removed"]


def test_a_file_that_is_held_stays_what_it_was(root):
    write(root, "part", "one")
    hold(root, "part", 3, root / ".bucket" / "held")
    write(root, "other", "two!")
    (root / "other").replace(root / "part")
    assert (root / ".bucket" / "held").read_text() == "one"


def test_of_a_log_that_grows_the_whole_lines_are_held(root):
    write(root, "runs/1.jsonl", "one\ntwo\nthr")
    size = looked_at(root, "runs/1.jsonl").size
    hold(root, "runs/1.jsonl", size, root / ".bucket" / "held")
    write(root, "runs/1.jsonl", "one\ntwo\nthree\n")
    assert (root / ".bucket" / "held").read_text() == "one\ntwo\n"
