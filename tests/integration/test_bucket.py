"""A collection that lives in a bucket: killed at any moment, gone on with on another machine."""

import contextlib
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import toy
import wunderkammer
from buckets import content, forget, opened
from conftest import SMALL
from wunderkammer.storage.caring import freed
from wunderkammer.storage.manifest import Chain
from wunderkammer.storage.store import Store

WK = [sys.executable, "-m", "wunderkammer"]
BUCKETS = Path(__file__).parents[1] / "buckets.py"
MADE = ("records/", "columns/", "blobs/", "media/", "artifacts/")


def wk(*words, code=0):
    """Run wk and return what it printed; stderr comes after stdout."""
    done = subprocess.run([*WK, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def results(root):
    return {name: found for name, found in content(root).items() if name.startswith(MADE)}


@pytest.mark.timeout(900)
def test_killed_at_any_write_the_bucket_is_whole_and_ends_as_if_nothing_had_been(tmp_path, copies):
    plain = toy.make(tmp_path / "plain", toy.WORDS)
    plain.run()
    wanted = content(plain.root)
    (tmp_path / "killed").mkdir()
    subprocess.run([sys.executable, BUCKETS, tmp_path / "killed", "9"], check=True)
    buckets = sorted(one for one in (tmp_path / "killed").iterdir() if one.name != "copies")
    assert len(buckets) > 4
    for one in buckets:
        address = f"file://{one}"
        copies(f"other machine, {one.name}")
        before = Chain(Store(address)).newest()
        found = opened(address)  # every file has the bytes that its manifest says, or this fails
        freed(address)
        found.run()
        assert content(found.root) == wanted, one.name
        assert Chain(Store(address)).newest().number > before.number
    forget()


@pytest.mark.timeout(900)
def test_the_whole_pipeline_in_a_bucket_killed_and_gone_on_with_elsewhere(
    tmp_path, archive, collection, s3, bucket_server, copies, monkeypatch
):
    address = f"{s3}/cabinet"
    shutil.copytree(archive, tmp_path / "begun" / "source")
    wunderkammer.create(tmp_path / "begun", SMALL)
    assert f"{address} holds the collection" in wk("bucket", "fill", tmp_path / "begun", address)
    monkeypatch.setenv("WUNDERKAMMER_COMMIT_S", "0.2")
    driver = subprocess.Popen([*WK, "run", "-C", address, "--workers", "1"])
    chain = Chain(Store(address))
    with contextlib.suppress(subprocess.TimeoutExpired):
        while driver.poll() is None:  # killed as soon as some but not all is there
            paths = chain.files(chain.newest())["path"].to_pylist()
            if any(path.startswith("columns/image/") for path in paths):
                break
            time.sleep(0.1)
    copies("a second driver's")
    assert "is being changed by process" in wk("run", "-C", address, code=3)
    driver.send_signal(signal.SIGKILL)
    assert driver.wait() == -signal.SIGKILL
    assert "freed from process" in wk("bucket", "free", address)
    copies("another machine")
    wk("run", "-C", address)
    wk("bucket", "sweep", address)
    copies("a third")
    assert wk("plan", "-C", address) == "nothing to do\n"
    assert not list((tmp_path / "copies" / "a third").glob("*/media"))
    said = wk("publish", f"{s3}/atlas", "-C", address)
    assert f"files in {s3}/atlas" in said
    root = next((tmp_path / "copies" / "a third").iterdir())
    assert results(root) == results(collection.root)
    check_site(s3.removeprefix("s3://"), bucket_server, collection, tmp_path)


def check_site(bucket, server, collection, tmp_path):
    """Compare what a visitor of the bucket gets with what lies in a folder; tiles by range."""
    from pmtiles.reader import Reader

    collection.publish(tmp_path / "site")
    files = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    for path in files:
        name = path.relative_to(tmp_path / "site").as_posix()
        # a bucket keeps digests of its own
        if not name.startswith((".", "_SHA256SUMS", "atlas.json", "pictures/")):
            with server.ask(f"/{bucket}/atlas/{name}") as answer:
                assert answer.read() == path.read_bytes(), name

    def ranged(offset, length):
        span = {"Range": f"bytes={offset}-{offset + length - 1}"}
        with server.ask(f"/{bucket}/atlas/tiles.pmtiles", headers=span) as answer:
            assert answer.status == 206
            return answer.read()

    whole = (tmp_path / "site" / "tiles.pmtiles").read_bytes()
    tile = Reader(lambda offset, length: whole[offset : offset + length]).get(0, 0, 0)
    assert tile == Reader(ranged).get(0, 0, 0)
    assert tile.startswith(b"\xff\xd8")


def test_a_collection_is_made_at_an_address(archive, s3, copies):
    said = wk("new", f"{s3}/moths-of-kew", "--from", archive)
    assert f"Next: wk run -C {s3}/moths-of-kew" in said
    copies("there")
    shown = wk("config", "show", "-C", f"{s3}/moths-of-kew")
    assert 'title = "Moths of kew"' in shown
    assert f'path = "{archive}"' in shown  # no copy lies beside it


def test_without_the_extra_the_command_says_what_to_install(tmp_path):
    program = (
        "import sys\nsys.modules['obstore'] = None\nimport wunderkammer.cli\n"
        "sys.argv = ['wk', 'run', '-C', 's3://museum/moths']\nwunderkammer.cli.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "pip install 'wunderkammer[s3]'" in done.stderr
    assert "Traceback" not in done.stderr
