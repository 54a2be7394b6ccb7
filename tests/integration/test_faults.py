"""Full disks, folders that may not be written, wrong clocks: said clearly, and nothing is lost."""

import contextlib
import datetime as dt
import os
import shutil
import subprocess
import sys

import pytest

import toy
from wunderkammer.core.collection import Collection
from wunderkammer.core.identity import stable_id

WORDS = [(f"n{i:03d}", f"word{i}" * 40, "UK") for i in range(120)]


def environment(**more):
    return os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | more


def wk(*words, before=()):
    """Run wk, as a person does, on the toy pipeline."""
    command = [*before, sys.executable, "-c", _WK, *map(str, words)]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)


_WK = """
import sys
import toy, wunderkammer
wunderkammer.pipeline = toy.pipeline
from wunderkammer.cli import main
main()
"""


@pytest.fixture
def small_disk(tmp_path):
    """Return a disk of one megabyte and a half, or skip where none may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1536k", "tmpfs", folder]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode:
        pytest.skip(f"no disk may be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    root = tmp_path_factory.mktemp("undisturbed") / "words"
    toy.make(root, WORDS).run()
    return toy.content(root)


@pytest.mark.parametrize("left_kb", [40, 200, 420, 560])
def test_a_full_disk_is_told_and_once_there_is_room_it_goes_on(small_disk, undisturbed, left_kb):
    root = small_disk / "words"
    toy.make(root, WORDS)
    ballast = small_disk / "ballast"
    about = os.statvfs(small_disk)
    ballast.write_bytes(b"\0" * (about.f_bavail * about.f_frsize - left_kb * 1024))
    done = wk("run", "-C", root)
    assert done.returncode == 1, done.stdout
    assert "No space left on device" in done.stderr
    assert "free" in done.stderr
    assert "Traceback" not in done.stderr
    ballast.unlink()
    again = Collection(root, toy.pipeline())
    assert again.verify().findings == [], "what was committed is sound"
    again.run()
    assert toy.content(root) == undisturbed
    assert again.verify().findings == []


@contextlib.contextmanager
def read_only(folder):
    """Make a folder read only by mounting it over itself, as a museum's archive may be."""
    for options in (["--bind", folder, folder], ["-o", "remount,ro,bind", folder]):
        done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"nothing may be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_read_only_collection_can_be_looked_at_and_verified_and_says_so_when_run(tmp_path):
    root = tmp_path / "words"
    toy.make(root, WORDS[:20]).run()
    before = toy.content(root)
    toy.write_words(root, WORDS[:25])
    with read_only(root):
        for words in (["failures"], ["plan"], ["verify"], ["query", "select count(*) from media"]):
            done = wk(*words, "-C", root)
            assert done.returncode == 0, done.stderr
        done = wk("run", "-C", root)
        assert done.returncode == 1
        assert "Read-only file system" in done.stderr
        assert "Traceback" not in done.stderr
    toy.write_words(root, WORDS[:20])
    assert toy.content(root) == before


@pytest.fixture
def held_to_permissions():
    """Return words that start a program which is held to permissions; root is not by itself."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root cannot be held to permissions here: there is no setpriv")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"]


def test_who_may_not_write_is_told_and_may_look(tmp_path, held_to_permissions):
    root = tmp_path / "words"
    toy.make(root, WORDS[:20]).run()
    before = toy.content(root)
    toy.write_words(root, WORDS[:25])
    for path in (root, *root.rglob("*")):
        path.chmod(path.stat().st_mode & 0o555)
    for words in (["failures"], ["plan"], ["verify"], ["query", "select count(*) from media"]):
        done = wk(*words, "-C", root, before=held_to_permissions)
        assert (done.returncode, done.stderr) == (0, ""), words
    stated = ["annotate", stable_id("n000"), "sex", "male"]
    for words in (["run"], stated, ["verify", "--repair"]):
        done = wk(*words, "-C", root, before=held_to_permissions)
        assert done.returncode == 1, (words, done.stderr)
        assert "Permission denied" in done.stderr
        assert "Traceback" not in done.stderr
    for path in (root, *root.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)
    toy.write_words(root, WORDS[:20])
    assert toy.content(root) == before


@pytest.mark.parametrize("folder", ["columns/vector", "blobs/picture"])
def test_one_folder_that_may_not_be_written_fails_no_medium(tmp_path, held_to_permissions, folder):
    root = tmp_path / "words"
    toy.make(root, WORDS[:20]).run()
    toy.write_words(root, WORDS[:30])
    closed = [root / folder, *(path for path in (root / folder).rglob("*") if path.is_dir())]
    for path in closed:
        path.chmod(0o555)
    done = wk("run", "-C", root, before=held_to_permissions)
    assert done.returncode == 1, done.stdout
    assert "Permission denied" in done.stderr
    assert str(root / folder) in done.stderr
    for path in closed:
        path.chmod(0o755)
    collection = Collection(root, toy.pipeline())
    assert collection.verify().findings == []
    assert collection.failures().num_rows == 0
    collection.run()
    toy.make(tmp_path / "expected", WORDS[:30]).run()
    assert toy.content(root) == toy.content(tmp_path / "expected")


@pytest.mark.parametrize("years", [-30, 30])
def test_files_of_another_time_are_as_fresh_as_ever(tmp_path, years):
    root = tmp_path / "words"
    collection = toy.make(root, WORDS[:20])
    collection.run()
    when = (dt.datetime.now(dt.UTC) + dt.timedelta(days=365 * years)).timestamp()
    for path in root.rglob("*"):
        os.utime(path, (when, when))
    assert collection.plan().nothing_to_do
    assert collection.verify().findings == []
    toy.write_words(root, [*WORDS[:19], ("n019", "another", "UK")])
    os.utime(root / "words.csv", (when, when))
    report = collection.run()
    assert {one.group: one.n_done for one in report.stages}["measure"] == 1


@pytest.mark.parametrize("offset", ["-20 years", "+20 years"])
def test_a_clock_that_jumps_makes_the_same_collection(tmp_path, undisturbed, offset):
    root = tmp_path / "words"
    toy.make(root, WORDS)
    Collection(root, toy.pipeline()).run(["ingest", "measure"])
    seconds = int(offset.split()[0]) * 365 * 86_400
    jump = (
        "import sys, time, datetime as dt, duckdb, pandas, pyarrow\n"  # they need the true class
        f"time.time = lambda was=time.time: was() + {seconds}\n"
        "class Then(dt.datetime):\n"
        "    @classmethod\n"
        "    def now(cls, tz=None):\n"
        f"        return super().now(tz) + dt.timedelta(seconds={seconds})\n"
        "dt.datetime = Then\n"
        "import toy\n"
        "from wunderkammer.core.collection import Collection\n"
        f"Collection({str(root)!r}, toy.pipeline()).run()\n"
    )
    subprocess.run([sys.executable, "-c", jump], env=environment(), check=True)
    collection = Collection(root, toy.pipeline())
    assert collection.plan().nothing_to_do
    assert collection.verify().findings == []
    assert toy.content(root) == undisturbed
    assert len(collection.runs()) == 2


def test_half_a_part_is_named_with_the_way_out(tmp_path):
    root = tmp_path / "words"
    toy.make(root, WORDS[:20]).run()
    expected = toy.content(root)
    path = root / "columns" / "vector" / "part-001-000.parquet"
    os.truncate(path, path.stat().st_size // 2)
    for words in (["run"], ["plan"], ["query", "select * from vector"]):
        done = wk(*words, "-C", root)
        assert done.returncode == 1, words
        assert "columns/vector/part-001-000.parquet" in done.stderr
        assert "wk verify" in done.stderr
        assert "Traceback" not in done.stderr
    assert wk("verify", "-C", root).returncode == 5
    assert wk("verify", "--repair", "-C", root).returncode == 0
    assert wk("run", "-C", root).returncode == 0
    after = {n: c for n, c in toy.content(root).items() if not n.startswith("damaged/")}
    assert after == expected


@pytest.mark.parametrize("name", ["columns/order/stage.json", "columns/ingest/stage.json"])
def test_half_a_note_of_a_stage_is_named_with_the_way_out(tmp_path, name):
    root = tmp_path / "words"
    toy.make(root, WORDS[:20]).run()
    os.truncate(root / name, 30)
    done = wk("run", "-C", root)
    assert (done.returncode, name in done.stderr) == (1, True), done.stderr
    assert "wk verify" in done.stderr


def test_two_processes_that_run_at_once_make_one_collection(tmp_path, undisturbed):
    root = tmp_path / "words"
    toy.make(root, WORDS)
    command = [sys.executable, toy.__file__, str(root), "0"]
    both = [
        subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate()[1] for process in both]
    codes = sorted(process.returncode for process in both)
    if codes != [0, 0]:  # else one had finished before the other began
        assert codes == [0, 1]
        assert any("is being changed by" in words for words in said)
    Collection(root, toy.pipeline()).run()
    assert toy.content(root) == undisturbed
