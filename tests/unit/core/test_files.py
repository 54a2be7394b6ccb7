"""Whole or not there."""

import pytest

from wunderkammer.core.files import (
    folder_written_whole,
    read_json,
    remove_unfinished,
    write_bytes,
    write_json,
    written_whole,
)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    write_bytes(path, b"old")
    with pytest.raises(RuntimeError), written_whole(path) as temporary:
        temporary.write_bytes(b"new, but")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


def test_a_failed_folder_leaves_the_old_folder(tmp_path):
    target = tmp_path / "made"
    with folder_written_whole(target) as temporary:
        (temporary / "one.txt").write_text("1")
    with pytest.raises(RuntimeError), folder_written_whole(target) as temporary:
        (temporary / "two.txt").write_text("2")
        raise RuntimeError
    assert [one.name for one in target.iterdir()] == ["one.txt"]


def test_what_killed_processes_left_is_removed(tmp_path):
    (tmp_path / "deep" / ".tmp-1-folder").mkdir(parents=True)
    (tmp_path / "deep" / ".tmp-1-file").write_text("half")
    (tmp_path / "deep" / "whole").write_text("whole")
    remove_unfinished(tmp_path)
    assert [one.name for one in (tmp_path / "deep").iterdir()] == ["whole"]


def test_json_is_the_same_bytes_for_the_same_value(tmp_path):
    write_json(tmp_path / "a.json", {"b": 1, "a": "é"})
    write_json(tmp_path / "b.json", {"a": "é", "b": 1})
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert read_json(tmp_path / "a.json") == {"a": "é", "b": 1}
    assert read_json(tmp_path / "none.json") is None
