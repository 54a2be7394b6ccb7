"""Digests of source files, remembered."""

import os
import shutil

import pytest

import toy
from wunderkammer.core.collection import Collection
from wunderkammer.core.digests import SourceDigest
from wunderkammer.core.errors import StageError
from wunderkammer.core.files import file_sha256
from wunderkammer.core.plan import Reason


def test_only_bytes_decide(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("one")
    before = SourceDigest(tmp_path).of_files([path])[path]
    os.utime(path, (1, 1))
    assert SourceDigest(tmp_path).of_files([path])[path] == before == file_sha256(path)
    path.write_text("two")
    assert SourceDigest(tmp_path).of_files([path])[path] == file_sha256(path) != before


def test_a_change_of_same_length_and_time_is_seen(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("one")
    os.utime(path, (1, 1))
    before = SourceDigest(tmp_path).of_files([path])[path]
    path.write_text("two")
    os.utime(path, (1, 1))
    assert SourceDigest(tmp_path).of_files([path])[path] != before


def test_the_memory_may_be_lost(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("one")
    before = SourceDigest(tmp_path).of_files([path])
    shutil.rmtree(tmp_path / "cache")
    assert SourceDigest(tmp_path).of_files([path]) == before


WEIGHTED = toy.TOML + "[vector]\nweights = 'a.bin'\n[order]\nweights = 'b.bin'\n"


def weighted(root, **content):
    """Return the words with two stages that use a file each."""
    for name, text in content.items():
        (root / f"{name}.bin").write_text(text)
    (root / "collection.toml").write_text(WEIGHTED)
    return Collection(root, toy.pipeline(workers=2))


def test_the_content_of_a_stages_file_decides_and_not_where_it_lies(tmp_path, log):
    toy.make(tmp_path / "words", toy.WORDS)
    weighted(tmp_path / "words", a="one", b="two").run()
    shutil.move(tmp_path / "words", tmp_path / "elsewhere")
    root = tmp_path / "elsewhere"
    (root / "a.bin").rename(root / "moved.bin")
    (root / "collection.toml").write_text(WEIGHTED.replace("a.bin", "moved.bin"))
    log()
    assert Collection(root, toy.pipeline()).plan().nothing_to_do
    os.utime(root / "moved.bin", (1, 1))
    assert Collection(root, toy.pipeline()).plan().nothing_to_do


def test_other_weights_redo_their_stage_and_the_plan_says_which_file(tmp_path):
    root = tmp_path / "words"
    toy.make(root, toy.WORDS)
    before = weighted(root, a="one", b="two")
    before.run()
    kept = before.configuration.stage("vector").file_digests()["weights"][:12]
    after = weighted(root, a="other")
    plan = after.plan()
    assert plan["split"].n_todo == 0
    assert plan["vector"].reasons == {Reason.SETTINGS_CHANGED: 24}
    (line,) = plan["vector"].changed
    assert line.startswith(f"file weights: {kept} → ")
    after.run()
    assert after.plan().nothing_to_do
    plan = weighted(root, b="other").plan()
    assert plan["vector"].n_todo == 0
    assert plan["order"].reasons == {Reason.SETTINGS_CHANGED: 24}
    assert plan["order"].changed[0].startswith("file weights: ")


def test_missing_weights_are_said_by_the_stage_and_break_no_status(tmp_path):
    root = tmp_path / "words"
    toy.make(root, toy.WORDS)
    whole = weighted(root, a="one", b="two")
    whole.run()
    (root / "a.bin").unlink()
    broken = weighted(root)
    assert {one.group: one.n_todo for one in broken.status()}["vector"] == 24
    assert broken.plan()["vector"].changed[0].endswith(" → missing")
    with pytest.raises(StageError, match=r"no weights in a\.bin"):
        broken.run()
    assert weighted(root, a="one").plan().nothing_to_do


def test_a_run_tells_which_files_it_used(tmp_path):
    root = tmp_path / "words"
    toy.make(root, toy.WORDS)
    collection = weighted(root, a="one", b="two")
    collection.run()
    (run,) = collection.runs()
    files = {one["group"]: one["files"] for one in run["stages"]}
    assert files["vector"] == {"weights": file_sha256(root / "a.bin")}
    assert files["measure"] == {}


def test_a_stage_without_files_has_the_key_of_its_settings():
    assert toy.Measure().digest() == toy.Measure().settings_digest()
