"""What is found of a collection."""

import shutil

import pytest

from wunderkammer.core.lock import only_writer
from wunderkammer.doctor.kept import estimated_bytes, kept


@pytest.fixture
def copy(tmp_path, collection):
    return shutil.copytree(collection.root, tmp_path / "cabinet")


def told(root):
    return {one.about: one for one in kept(root)}


def test_a_finished_collection_has_nothing_to_mend(copy):
    before = {path for path in copy.rglob("*") if path.name != ".lock"}
    found = told(copy)
    assert {one.level for one in found.values()} == {"ok"}
    assert found["progress"].message == "every stage is done, 24 media"
    after = {path for path in copy.rglob("*") if path.name != ".lock"}
    assert after - before <= {copy / ".tmp-duckdb"}


def test_who_holds_it_and_what_is_left_over_is_told(copy):
    (copy / "columns/image/.tmp-1-part").write_bytes(bytes(2000))
    with only_writer(copy):
        found = told(copy)
        assert "is being changed by process" in found["lock"].message
    assert found["left over"].message.startswith("1 unfinished files or folders (2.0 kB)")
    (copy / ".lock-holder.json").write_text("{}")
    assert "was cut short" in told(copy)["lock"].message
    assert (copy / ".lock-holder.json").exists(), "the next run still learns of it"


def test_what_is_to_do_is_told_with_the_room_it_takes(copy):
    shutil.rmtree(copy / "columns" / "image")
    found = told(copy)
    assert found["progress"].level == "note"
    assert found["progress"].message.startswith("to do: image")
    assert found["room to come"].level == "ok"
    assert "more, and " in found["room to come"].message


def test_settings_that_cannot_be_used_are_a_problem_with_the_nearest_name(copy):
    with (copy / "collection.toml").open("a") as file:
        file.write("\n[embeding]\nperplexity = 30\n")
    (found,) = kept(copy)
    assert found.level == "problem"
    assert "embedding" in f"{found.message} {found.hint}"


def test_some_of_many_folders_stand_for_all(tmp_path):
    for n in range(256):
        folder = tmp_path / "blobs/thumbnail" / f"{n:02x}"
        folder.mkdir(parents=True)
        (folder / "one.jpg").write_bytes(bytes(1000))
    assert estimated_bytes(tmp_path / "blobs") == 256_000
    assert estimated_bytes(tmp_path / "blobs/thumbnail/00") == 1000
    assert estimated_bytes(tmp_path / "gone") == 0
