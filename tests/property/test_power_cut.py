"""What a power cut may leave: each file is flushed before it has its name, its folder after it."""

import os
import re
import shutil
import subprocess
import sys

import pytest

import toy

WORDS = [(f"n{i:02d}", f"word{i}" + ("+x" if i % 5 == 0 else ""), "UK") for i in range(12)]
CALL = re.compile(r"(?P<name>f(?:data)?sync|rename\w*|unlink\w*)\((?P<rest>.*)\)\s+= 0")


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """Return the flushes, renames and removals of a run, in order: (what, paths)."""
    if shutil.which("strace") is None:
        pytest.skip("there is no strace here")
    root = tmp_path_factory.mktemp("traced") / "words"
    toy.make(root, WORDS)
    trace = root.parent / "trace"
    kinds = "trace=fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat"
    command = ["strace", "-f", "-y", "-s", "4096", "-e", kinds, "-o", str(trace)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command += [sys.executable, toy.__file__, str(root), "0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode and "ptrace" in done.stderr.lower():
        pytest.skip(f"nothing may be traced here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    found = []
    for line in _whole_lines(trace.read_text().splitlines()):
        call = CALL.search(line)
        if call:
            paths = re.findall(r'"([^"]*)"', call["rest"]) or re.findall(r"<([^>]*)>", call["rest"])
            if paths[-1].startswith(str(root)):
                found.append((call["name"], [p.removeprefix(f"{root}/") for p in paths]))
    return found


def _whole_lines(lines):
    """Yield calls whole where several threads were traced at once."""
    begun = {}
    for line in lines:
        thread, _, text = line.partition(" ")
        if text.endswith("<unfinished ...>"):
            begun[thread] = text.removesuffix("<unfinished ...>")
        elif "resumed>" in text:
            yield begun.pop(thread, "") + text.split("resumed>", 1)[1]
        else:
            yield text


def renames(calls):
    """Yield place, source and goal of each rename of a file that is to last."""
    for place, (name, paths) in enumerate(calls):
        if (
            name.startswith("rename")
            and not paths[-1].startswith("cache/")
            and ".tmp-" not in paths[-1]
        ):
            yield place, paths[0], paths[-1]


def flushed(calls):
    return [paths[-1] if name.endswith("sync") else "" for name, paths in calls]


def test_a_file_is_on_the_disk_before_it_has_its_name_and_its_name_soon_after(calls):
    found, flushes = list(renames(calls)), flushed(calls)
    goals = {goal for _, _, goal in found}
    assert {"records/part-001-000.parquet", "columns/vector/part-001-000.parquet"} <= goals
    assert any(goal.startswith("blobs/") for goal in goals)
    assert any(goal.startswith("artifacts/order/") for goal in goals)
    for place, source, goal in found:
        assert source in flushes[:place], f"{goal} was named before its bytes were flushed"
        assert goal.rpartition("/")[0] in flushes[place:], f"the name of {goal} was never flushed"


def test_a_digest_is_on_the_disk_before_its_file_has_its_name(calls):
    flushes, n_parts = flushed(calls), 0
    for place, source, goal in renames(calls):
        folder, _, name = goal.rpartition("/")
        if folder.startswith(("records", "columns")) and name != "_SHA256SUMS":
            before = max(n for n, one in enumerate(flushes[:place]) if one == source)
            noted = [n for n, one in enumerate(flushes[:place]) if one == f"{folder}/_SHA256SUMS"]
            assert noted, goal
            assert abs(noted[-1] - before) <= 3, f"{goal} has the notes of another"
            n_parts += 1
    assert n_parts > 12


def test_rows_are_removed_only_when_what_holds_them_now_is_on_the_disk(calls):
    flushes = flushed(calls)
    removed = [
        (place, paths[-1])
        for place, (name, paths) in enumerate(calls)
        if name.startswith("unlink") and "part-new-" in paths[-1] and ".tmp-" not in paths[-1]
    ]
    assert removed
    for place, path in removed:
        folder = path.rpartition("/")[0]
        named = [n for n, _, goal in renames(calls) if goal == f"{folder}/part-001-000.parquet"]
        last = max(n for n in named if n < place)
        assert folder in flushes[last:place], f"{path} was removed before its rows were safe"


def test_images_are_on_the_disk_before_rows_name_them(calls):
    blobs = [place for place, _, goal in renames(calls) if goal.startswith("blobs/")]
    rows = [place for place, _, goal in renames(calls) if goal.startswith("columns/measure/part")]
    flushes = flushed(calls)
    for place in rows[: len(WORDS) // toy.Measure.batch_size]:
        earlier = [blob for blob in blobs if blob < place]
        assert earlier
        folder = calls[earlier[-1]][1][-1].rpartition("/")[0]
        assert folder in flushes[earlier[-1] : place], "rows name an image whose name may be lost"
