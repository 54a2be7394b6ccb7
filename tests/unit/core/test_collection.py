"""What is redone, and what is not."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import toy
from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import (
    CollectionLockedError,
    ConfigurationError,
    NotACollectionError,
    QueryError,
    SourceError,
)
from wunderkammer.core.identity import stable_id
from wunderkammer.core.journal import Annotation
from wunderkammer.core.plan import Reason

WORDS = [(f"n{i:02d}", f"word{i}" + ("+x" if i % 5 == 0 else ""), "UK") for i in range(20)]


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Return a function that gives what each stage has done since it was last asked."""
    path = tmp_path / "log.txt"
    monkeypatch.setenv("TOY_LOG", str(path))

    def done():
        lines = path.read_text().split("\n")[:-1] if path.exists() else []
        path.unlink(missing_ok=True)
        found = {}
        for line in lines:
            stage, media_id = line.split()
            found.setdefault(stage, set()).add(media_id)
        return found

    return done


@pytest.fixture
def collection(tmp_path):
    made = toy.make(tmp_path / "words", WORDS)
    made.run()
    return made


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
    same = {name for name in before if not name.startswith(("words.csv", "columns/ingest/stage"))}
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


def test_rows_that_are_no_records_are_counted_and_explained(tmp_path):
    collection = toy.make(tmp_path / "words", [*WORDS, ("", "nameless", "UK"), WORDS[0]])
    report = collection.run(["ingest"])
    assert (report.stages[0].n_done, report.stages[0].n_failed) == (20, 2)
    messages = collection.failures("ingest")["message"].to_pylist()
    assert sorted(messages) == [
        "the name is empty.",
        "two rows describe this medium; the first is kept.",
    ]
        "the name is empty.",
        "two rows describe this medium; the first is kept.",
    ]


def test_a_source_without_a_usable_row_keeps_what_was_there(collection):
    toy.write_words(collection.root, [("", "nameless", "UK")])
    with pytest.raises(SourceError, match="none of 1 rows can be used"):
        collection.run()
    assert collection.query("SELECT count(*) AS n FROM records").to_pylist() == [{"n": 20}]


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


def test_a_second_process_is_told_who_holds_the_collection(tmp_path):
    root = tmp_path / "words"
    collection = toy.make(root, WORDS)
    environment = os.environ | {"TOY_SLEEP": "0.5", "PYTHONPATH": str(Path(toy.__file__).parent)}
    with subprocess.Popen([sys.executable, toy.__file__, root, "0"], env=environment) as holder:
        while not (root / ".lock-holder.json").exists():
            time.sleep(0.01)
        time.sleep(0.1)
        with pytest.raises(CollectionLockedError, match=f"process {holder.pid} on .* since"):
            collection.run()
        assert collection.query("SELECT 1 AS one").to_pylist() == [{"one": 1}], "readers may read"
        holder.send_signal(signal.SIGKILL)
    collection.run()
    assert collection.plan().nothing_to_do, "a killed holder holds no more"


def test_control_c_stops_between_batches_and_keeps_what_is_done(tmp_path):
    root = tmp_path / "words"
    collection = toy.make(root, [(f"n{i}", f"word{i}", "UK") for i in range(60)])
    environment = os.environ | {"TOY_SLEEP": "0.3", "PYTHONPATH": str(Path(toy.__file__).parent)}
    with subprocess.Popen([sys.executable, toy.__file__, root, "2"], env=environment) as process:
        while not list((root / "columns" / "measure").glob("part-*")):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    run = json.loads(next((root / "runs").glob("*.json")).read_text())
    assert run["status"] == "interrupted"
    assert 0 < collection.plan()["measure"].n_fresh < 60


def test_each_run_leaves_its_provenance(collection):
    (run,) = collection.runs()
    assert run["status"] == "finished"
    measure = next(stage for stage in run["stages"] if stage["group"] == "measure")
    assert measure["settings"] == {"name": "measure", "version": "1", "factor": 1}
    assert measure["n_done"] == 20
    assert measure["key"] == collection.configuration.stage("measure").digest()
    assert {"wunderkammer", "numpy"} <= set(run["software"])


def test_table_stages_keep_their_files_and_figures(collection):
    total = float((collection.artifacts("order") / "sum.txt").read_text())
    assert collection.runs()[0]["stages"][-1]["quality"] == {"sum": total}


def test_upstream_names_what_a_stage_needs(collection):
    assert collection.upstream("split") == ["ingest", "measure", "split"]


@pytest.mark.parametrize(
    "sql", ["DELETE FROM annotations", "SELECT 1; SELECT 2", "COPY records TO 'x.csv'", "SELEC"]
)
def test_queries_only_read(collection, sql):
    with pytest.raises(QueryError):
        collection.query(sql)


def test_queries_see_no_file_outside(collection, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(QueryError):
        collection.query(f"SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')")


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[measur]\n", r"there is no table \[measur\]\. Did you mean 'measure'"),
        ("[measure]\nfactr = 2\n", r"no setting 'factr'\. Did you mean 'factor'"),
        (
            "[measure]\nfactor = 'x'\n",
            r"\[measure\]: factor = 'x': input should be a valid integer",
        ),
        ("[measure\n", "is not TOML"),
    ],
)
def test_mistakes_in_the_configuration_are_named(tmp_path, toml, message):
    root = tmp_path / "words"
    root.mkdir()
    with pytest.raises(ConfigurationError, match=message):
        Collection.create(root, toml, toy.pipeline())
    assert not (root / "collection.toml").exists()


def test_a_folder_is_not_a_collection_by_itself(tmp_path, collection):
    with pytest.raises(NotACollectionError, match="has no collection.toml"):
        Collection(tmp_path, toy.pipeline())
    with pytest.raises(NotACollectionError, match="already"):
        Collection.create(collection.root, toy.TOML, toy.pipeline())
