"""A collection of each format there was: it opens, nothing is done again, and it runs on."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import wunderkammer
from wunderkammer.core.formats import FORMAT
from wunderkammer.core.plan import Reason
from wunderkammer.testing import SpecimenGenerator, write_archive

HERE = Path(__file__).parent
FORMATS = sorted(int(path.name.removeprefix("format-")) for path in HERE.glob("format-*"))


def files(root):
    skipped = ("runs/", "cache/", ".lock", "annotations/.lock", "collection.toml")
    paths = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in paths.items() if not name.startswith(skipped)}


@pytest.fixture(params=FORMATS)
def old(request, tmp_path):
    """Return a copy of a collection as the software of its time left it."""
    root = tmp_path / "cabinet"
    shutil.copytree(HERE / f"format-{request.param}", root)
    return root


def test_there_is_one_of_each_format_and_each_is_small():
    assert list(range(1, FORMAT + 1)) == FORMATS
    for number in FORMATS:
        size = sum(p.stat().st_size for p in (HERE / f"format-{number}").rglob("*") if p.is_file())
        assert size < 300_000
        toml = tomllib.loads((HERE / f"format-{number}" / "collection.toml").read_text())
        assert toml.get("format", 1) == number


def test_it_opens_and_nothing_of_it_is_done_again(old):
    before = files(old)
    collection = wunderkammer.open(old)
    rows = collection.query("SELECT sex, thumbnail FROM media ORDER BY media_id").to_pylist()
    assert (len(rows), rows[0]["sex"]) == (5, "female")
    assert collection.verify().findings == []
    plan = collection.plan()
    # A stage may have a newer version since; nothing else is a reason.
    assert {reason for stage in plan.stages for reason in stage.reasons} <= {
        Reason.SETTINGS_CHANGED,
        Reason.INPUT_CHANGED,
    }
    for stage in plan.stages:
        assert not stage.reasons or any("version" in one for one in stage.changed), stage
    assert files(old) == before, "who only looks changes nothing"


def test_it_runs_on_in_the_format_of_today(old):
    before = files(old)
    wunderkammer.open(old).run(n_workers=0)
    toml = tomllib.loads((old / "collection.toml").read_text())
    assert toml["format"] == FORMAT
    now = wunderkammer.open(old)
    assert now.plan().nothing_to_do
    found = now.verify()
    assert (found.findings, found.unproven) == ([], [])
    kept = {name for name in before if name.startswith(("media/", "annotations/", "source/"))}
    assert {name: files(old)[name] for name in kept} == {name: before[name] for name in kept}
    shutil.rmtree(old / "source")
    write_archive(old / "source", SpecimenGenerator(seed=9, size_px=160, ventral_share=0), 6)
    wunderkammer.open(old).run(["ingest", "fetch", "image"], n_workers=0)
    rows = wunderkammer.open(old).query("SELECT thumbnail FROM media").to_pylist()
    assert sum(row["thumbnail"] is not None for row in rows) == 6


def test_a_newer_format_is_refused_before_anything_is_touched(tmp_path):
    root = tmp_path / "cabinet"
    shutil.copytree(HERE / f"format-{FORMAT}", root)
    toml = root / "collection.toml"
    toml.write_text(re.sub(r"(?m)^format = \d+$", f"format = {FORMAT + 1}", toml.read_text()))
    before = files(root)
    for words in (["run"], ["plan"], ["verify"], ["config", "set", "tile.sprite_px=64"]):
        command = [sys.executable, "-m", "wunderkammer", *words, "-C", str(root)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 3, (words, done.stderr)
        assert f"names format {FORMAT + 1}" in done.stderr
        assert "pip install --upgrade 'wunderkammer" in done.stderr
    assert files(root) == before
