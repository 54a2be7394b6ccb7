"""Drawing that is killed, or begins again after a change, ends as one that was left alone."""

import shutil
import signal
import subprocess
import sys
import time

import pytest

import wunderkammer


def of_many_subtrees(collection, root):
    """Return a copy of a collection whose sprites are drawn so large that it has many tiles."""
    shutil.copytree(collection.root, root)
    path = root / "collection.toml"
    text = path.read_text()
    for was, becomes in (
        ("# sprite_px = 128\n", "sprite_px = 1400\n"),
        ("# retina = true", "retina = false"),
    ):
        assert text.count(was) == 1
        text = text.replace(was, becomes)
    path.write_text(text)
    return root


def command(root, workers):
    return [sys.executable, "-m", "wunderkammer", "run", "tile", "-C", root, "--workers", workers]


def run(root, workers="2"):
    subprocess.run(command(root, workers), check=True, stdout=subprocess.DEVNULL)


def pyramid(root):
    return wunderkammer.open(root).artifacts("tile") / "tiles.pmtiles"


def packs(root, ending):
    return sorted((root / "cache" / "tile" / "relax").glob(f"*.{ending}"))


def state(paths):
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_size) for path in paths}


@pytest.fixture(scope="module")
def drawn(collection, tmp_path_factory):
    """Return a collection that was drawn undisturbed."""
    root = of_many_subtrees(collection, tmp_path_factory.mktemp("drawn") / "cabinet")
    run(root)
    return root


def test_killed_and_resumed_has_the_same_bytes_and_draws_nothing_twice(collection, drawn, tmp_path):
    root = of_many_subtrees(collection, tmp_path / "cabinet")
    process = subprocess.Popen(command(root, "1"), stdout=subprocess.DEVNULL)
    while len(packs(root, "1x")) < 3:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(0.2)  # its worker ends with it
    whole = [path.with_suffix(".pixels") for path in packs(root, "1x")[:3]]
    kept = state(whole)
    run(root)
    assert len(packs(root, "pixels")) > len(whole), "there was more to draw"
    assert state(whole) == kept
    assert pyramid(root).read_bytes() == pyramid(drawn).read_bytes()


def test_the_finished_pyramid_is_on_the_disk_once(drawn):
    assert packs(drawn, "1x") == []
    assert pyramid(drawn).samefile(drawn / "cache" / "tile" / "relax" / "pyramid" / "1x.pmtiles")


def test_without_the_cache_the_same_is_drawn(drawn, tmp_path):
    root = tmp_path / "cabinet"
    shutil.copytree(drawn, root)
    for folder in ("cache", "artifacts/tile", "columns/tile"):
        shutil.rmtree(root / folder)
    run(root)
    assert pyramid(root).read_bytes() == pyramid(drawn).read_bytes()
