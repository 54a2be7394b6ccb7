"""Whole or not there."""

import os
import subprocess
import sys

import pytest

from wunderkammer.core.files import (
    beside,
    folder_written_whole,
    read_json,
    remove_left_below,
    remove_left_of,
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


KILLED = """
import functools, shutil, sys
from pathlib import Path
import killing
from wunderkammer.core.files import folder_written_whole

def write(path, words):
    with folder_written_whole(path) as folder:
        for word in words:
            (folder / word).write_text(word)

for n in range(1, 99):
    root = Path(sys.argv[1]) / f"{n:02d}"
    write(root / "made", ("old", "older"))
    if not killing.killed_at(functools.partial(write, root / "made", ("new", "newer")), n):
        break
    print(n, *sorted(one.name for one in (root / "made").glob("*")), flush=True)
    write(root / "made", ("new", "newer"))
"""


def test_a_folder_that_is_replaced_is_the_old_or_the_new_wherever_it_is_killed(tmp_path):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", KILLED, tmp_path]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [line.split()[1:] for line in done.stdout.splitlines()]
    assert len(found) > 8
    assert found[0] == ["old", "older"]
    assert found[-1] == ["new", "newer"]
    assert all(one in (["old", "older"], [], ["new", "newer"]) for one in found), found
    for root in sorted(tmp_path.iterdir()):
        assert sorted(one.name for one in root.rglob("*")) == ["made", "new", "newer"], root


def test_what_a_process_that_still_runs_is_writing_is_left_to_it(tmp_path):
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          capture_output=True, text=True, check=True).stdout.strip()  # fmt: skip
    mine = beside(tmp_path / "site.zip")
    left, other = (tmp_path / f".tmp-00000000-{dead}-{one}" for one in ("site.zip", "b.zip"))
    named = tmp_path / ".tmp-of-somebody-else"
    for path in (mine, left, other, named):
        path.write_text("half")
    remove_left_of(tmp_path / "site.zip")
    assert sorted(tmp_path.iterdir()) == sorted([mine, other, named])
    (tmp_path / "below").mkdir()
    deep = other.rename(tmp_path / "below" / other.name)
    remove_left_below(tmp_path)
    assert not deep.exists()
    assert mine.exists()
    assert named.exists()


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
