"""The site of a collection."""

import json

import pytest

import wunderkammer
from wunderkammer.core.errors import StageError


def test_an_atlas_that_is_not_built_is_not_published(tmp_path):
    made = wunderkammer.create(
        tmp_path / "new", {"ingest.source.name": "folder", "ingest.source.path": "images"}
    )
    with pytest.raises(StageError, match="has not run"):
        made.publish(tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_file_that_is_gone_is_published_again(collection, tmp_path):
    n_files = collection.publish(tmp_path)
    (tmp_path / "atlas.json").unlink()
    (tmp_path / "points.bin").write_bytes(b"half")
    assert collection.publish(tmp_path) == n_files
    assert (tmp_path / "atlas.json").read_bytes() == collection.site().atlas_json()
    assert (tmp_path / "points.bin").read_bytes() != b"half"


def test_what_was_published_and_is_no_more_is_removed_and_nothing_else(collection, tmp_path):
    collection.publish(tmp_path)
    names = json.loads((tmp_path / ".published.json").read_text())
    (tmp_path / "cards" / "99.json").write_text("[]")
    (tmp_path / "CNAME").write_text("atlas.example.org")
    (tmp_path / ".published.json").write_text(json.dumps([*names, "cards/99.json"]))
    collection.publish(tmp_path)
    assert not (tmp_path / "cards" / "99.json").exists()
    assert (tmp_path / "CNAME").exists()
