"""What is redone, and what is not."""

import shutil

import pytest

import toy
from toy import WORDS
from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import (
    NotACollectionError,
)
from wunderkammer.core.identity import stable_id
from wunderkammer.core.journal import Annotation
from wunderkammer.core.plan import Reason


def reopened(collection, toml=None):
    if toml is not None:
        (collection.root / "collection.toml").write_text(toml)
    return Collection(collection.root, collection.pipeline)


def test_a_finished_collection_has_nothing_to_do(collection, log):
    log()
    assert collection.plan().nothing_to_do
    report = collection.run()
    assert log() == {}
    assert [stage.n_done for stage in report.stages] == [0, 0, 0, 0, 0]


def test_a_changed_setting_redoes_its_stage_and_what_reads_from_it(collection, log):
    log()
    changed = reopened(collection, toy.TOML + "[vector]\nshift = 0.5\n")
    plan = changed.plan()
    assert not plan["measure"].reasons
    assert plan["vector"].reasons == {Reason.SETTINGS_CHANGED: 24}
    assert plan["vector"].changed == ["shift: 0.0 → 0.5"]
    assert Reason.INPUT_CHANGED in plan["order"].reasons
    changed.run()
    assert set(log()) == {"vector", "order"}
    assert changed.plan().nothing_to_do


def test_a_setting_that_does_not_change_values_stops_there(collection, log):
    log()
    (collection.root / "words.csv").write_text(
        (collection.root / "words.csv").read_text().replace("n03,word3,UK", "n03,word3,FR")
    )
    assert collection.plan()["ingest"].reasons == {Reason.INPUT_CHANGED: -1}
    collection.run()
    assert log() == {"vector": {stable_id("n03")}}, "FR is as long as UK: the vector is the same"


def test_a_changed_cell_redoes_the_media_that_read_it_and_no_other(collection, log):
    log()
    toy.write_words(collection.root, [("n03", "longer word", "UK"), *WORDS[:3], *WORDS[4:]])
    collection.run()
    done = log()
    assert done["measure"] == done["split"] == done["vector"] == {stable_id("n03")}
    assert len(done["order"]) == 24
    assert collection.plan().nothing_to_do


def test_a_new_record_is_the_only_one_done(collection, log):
    log()
    toy.write_words(collection.root, [("new", "fresh", "UK"), *WORDS])
    collection.run(["ingest"])
    plan = collection.plan()
    assert plan["measure"].reasons == {Reason.NEW: 1}
    assert plan["measure"].n_fresh == 20
    assert plan["vector"].reasons == {Reason.NEW: 1}
    collection.run()
    done = log()
    assert done["measure"] == done["vector"] == {stable_id("new")}


def test_order_of_the_source_changes_nothing(collection, log):
    before = toy.content(collection.root)
    log()
    toy.write_words(collection.root, WORDS[::-1])
    collection.run()
    assert log() == {}
    after = toy.content(collection.root)
    other = ("words.csv", "columns/ingest/stage", "columns/ingest/_SHA256SUMS")
    same = {name for name in before if not name.startswith(other)}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_failures_are_rows_and_retried_only_when_asked(tmp_path, log):
    collection = toy.make(tmp_path / "words", [*WORDS, ("bad", "oh!", "UK"), ("worse", "boom", "")])
    collection.run()
    failures = collection.failures("measure").to_pylist()
    assert {row["error"] for row in failures} == {"ImageError", "UnexpectedError"}
    assert next(row for row in failures if row["error"] == "ImageError")["hint"] == "Remove it."
    assert collection.plan()["vector"].n_blocked == 2
    log()
    collection.run()
    assert log() == {}
    assert collection.plan(retry_failed=True)["measure"].reasons == {Reason.FAILED_BEFORE: 2}
    collection.run(retry_failed=True)
    assert log() == {"measure": {stable_id("bad"), stable_id("worse")}}


def test_an_annotation_is_a_changed_input(collection, log):
    log()
    media_id = stable_id("n03")
    statement = Annotation(media_id=media_id, term="word", value="renamed", was="word3")
    assert collection.annotate([statement]) == 1
    assert collection.plan()["measure"].reasons == {Reason.INPUT_CHANGED: 1}
    collection.run()
    assert log()["measure"] == {media_id}
    row = collection.query(
        f"SELECT m.word, r.word AS given FROM media m JOIN records r USING (media_id) "
        f"WHERE media_id = '{media_id}'"
    ).to_pylist()
    assert row == [{"word": "renamed", "given": "word3"}], "the source's word is kept"
    collection.annotate([{"media_id": media_id, "term": "word", "value": None}])
    collection.run()
    assert log()["measure"] == {media_id}, "taking it back is a change too"


def test_derived_media_take_their_parents_place(collection):
    rows = collection.query(
        "SELECT word, piece, length, derivedFromMediaID FROM media WHERE word = 'word5+x' "
        "ORDER BY piece"
    ).to_pylist()
    parent = stable_id("n05")
    assert [row["piece"] for row in rows] == ["word5", "x"]
    assert {row["derivedFromMediaID"] for row in rows} == {parent}
    assert {row["length"] for row in rows} == {7}, "earlier columns come from the parent"
    assert collection.query("SELECT count(rank) AS n FROM media").to_pylist() == [{"n": 24}]


def test_a_parent_that_derives_fewer_leaves_no_orphan(collection):
    toy.write_words(collection.root, [("n05", "single", "UK"), *WORDS[:5], *WORDS[6:]])
    collection.run()
    rows = collection.query("SELECT piece FROM media WHERE name = 'n05'").to_pylist()
    assert rows == [{"piece": "single"}]
    assert collection.query("SELECT count(*) AS n FROM media").to_pylist() == [{"n": 23}]


def test_a_moved_or_copied_collection_stays_fresh(collection, tmp_path):
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(collection.root, copy)
    assert Collection(copy, collection.pipeline).plan().nothing_to_do
    moved = tmp_path / "moved"
    shutil.move(collection.root, moved)
    assert Collection(moved, collection.pipeline).plan().nothing_to_do


def test_a_collection_outlives_its_source(collection):
    (collection.root / "words.csv").unlink()
    plan = collection.plan()
    assert plan.nothing_to_do
    assert "The 20 records read before are kept." in plan["ingest"].note
    collection.run()


def test_upstream_names_what_a_stage_needs(collection):
    assert collection.upstream("split") == ["ingest", "measure", "split"]


def test_a_folder_is_not_a_collection_by_itself(tmp_path, collection):
    with pytest.raises(NotACollectionError, match=r"has no collection\.toml"):
        Collection(tmp_path, toy.pipeline())
    with pytest.raises(NotACollectionError, match="already"):
        Collection.create(collection.root, toy.TOML, toy.pipeline())
