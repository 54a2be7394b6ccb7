"""The one table."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

import toy
from toy import WORDS
from wunderkammer.core.collection import Collection
from wunderkammer.core.column import Column
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.stage import Done
from wunderkammer.core.table import ANSWERS, literal, quoted


def test_rows_of_a_batch_count_before_they_are_compacted(collection):
    table = collection.table()
    stage = collection.configuration.stage("measure")
    parts = table.parts(stage)
    rows = table.connection.sql("SELECT * FROM measure LIMIT 1").to_arrow_table()
    changed = rows.set_column(rows.column_names.index("length"), "length", [[99]])
    parts.append(changed)
    found = collection.query("SELECT count(*) AS n, max(length) AS longest FROM measure")
    assert found.to_pylist() == [{"n": 20, "longest": 99}]


def test_names_with_quotes_are_names(tmp_path):
    assert quoted('a"b') == '"a""b"'
    assert literal("o'clock") == "'o''clock'"
    collection = toy.make(tmp_path / 'o\'clock "x"', WORDS)
    collection.run()
    assert Collection(collection.root, toy.pipeline()).plan().nothing_to_do


def test_a_column_nobody_writes_is_named(collection):
    with pytest.raises(ConfigurationError, match="there is no column 'features/x'"):
        collection.table().cells(["features/x"])


def test_readers_are_not_disturbed_while_a_run_reads_the_source_and_folds(tmp_path):
    collection = toy.make(tmp_path / "words", WORDS)
    collection.run()
    command = [sys.executable, toy.__file__, collection.root, "0"]
    environment = os.environ | {"PYTHONPATH": str(Path(toy.__file__).parent), "TOY_SLEEP": "0.01"}
    toy.write_words(collection.root, [*WORDS, *((f"x{n}", "word", "UK") for n in range(60))])
    counts = set()
    with subprocess.Popen(command, env=environment) as writer:
        while writer.poll() is None:
            answer = collection.query(
                "SELECT count(*) AS n, count(DISTINCT media_id) AS d FROM media"
            )
            counts.add(tuple(answer.to_pylist()[0].values()))
    assert writer.returncode == 0
    assert all(n == distinct for n, distinct in counts)
    assert {n for n, _ in counts} <= {24, 84}


def test_what_was_stated_of_a_medium_holds_for_those_cut_from_it(collection, log):
    (parent, child) = collection.query(
        'SELECT "derivedFromMediaID", media_id FROM media '
        'WHERE "derivedFromMediaID" IS NOT NULL ORDER BY media_id LIMIT 1'
    ).to_pylist()[0].values()  # fmt: skip

    def countries():
        sql = (
            f"SELECT country FROM media WHERE \"derivedFromMediaID\" = '{parent}' ORDER BY media_id"
        )
        return {row["country"] for row in collection.query(sql).to_pylist()}

    collection.annotate([{"media_id": parent, "term": "country", "value": "Norway"}])
    assert countries() == {"Norway"}
    assert collection.plan()["vector"].reasons == {"input changed": 2}
    collection.annotate([{"media_id": child, "term": "country", "value": "Sweden"}])
    assert countries() == {"Norway", "Sweden"}
    collection.annotate([{"media_id": child, "term": "country", "value": None}])
    assert countries() == {"Norway"}


def test_a_statement_called_like_a_column_does_not_hide_it(collection):
    media_id = collection.query("SELECT media_id FROM records LIMIT 1").to_pylist()[0]["media_id"]
    collection.annotate([{"media_id": media_id, "term": "length", "value": "long"}])
    found = collection.query(f"SELECT length FROM measure WHERE media_id = '{media_id}'")
    assert isinstance(found.to_pylist()[0]["length"], int)
    assert collection.query("SELECT sum(length) AS n FROM media").to_pylist()[0]["n"] > 0
    (own, stated) = collection.table().cells(["length", "record/length"])
    assert own.group == "measure"
    assert stated.group == ""


class Spelt(toy.Measure):
    """Counts letters, and gives the first one where that is asked for."""

    first: bool = False

    def writes(self):
        more = (Column("first", "text", "First letter."),) if self.first else ()
        return (*super().writes(), *more)

    def limits(self):
        return "first" if self.first else None

    def process(self, batch, context):
        outcomes = super().process(batch, context)
        letters = {row["media_id"]: row["word"][0] for row in batch}
        for one in outcomes if self.first else ():
            if isinstance(one, Done):
                one.values["first"] = letters[one.media_id]
        return outcomes


def test_a_setting_may_add_a_column_to_rows_that_were_written_without_it(tmp_path):
    kinds = tuple(Spelt if kind is toy.Measure else kind for kind in toy.pipeline().stages)
    pipeline = dataclasses.replace(toy.pipeline(), stages=kinds)
    root = toy.make(tmp_path / "words", WORDS).root
    Collection(root, pipeline).run()
    text = (root / "collection.toml").read_text()
    (root / "collection.toml").write_text(text + "\n[measure]\nfirst = true\n")
    collection = Collection(root, pipeline)
    before = collection.query("SELECT count(*) AS n, count(first) AS known FROM measure")
    assert before.to_pylist()[0]["known"] == 0
    assert "settings changed" in collection.plan()["measure"].reasons
    collection.run()
    after = collection.query("SELECT count(first) AS known FROM measure").to_pylist()
    assert after[0]["known"] >= 19


def test_what_each_person_said_last_is_there_and_what_they_took_back_is_not(tmp_path):
    collection = toy.make(tmp_path / "words", WORDS[:3])
    collection.run(["ingest"])
    ids = collection.query("SELECT media_id FROM records ORDER BY media_id")["media_id"].to_pylist()
    for place, who, value in (
        (0, "ada", "good"), (0, "bea", "good"), (1, "ada", "good"), (1, "bea", "bad"),
        (1, "carl", "bad"), (2, "ada", "good"), (2, "ada", None),
    ):  # fmt: skip
        one = {"media_id": ids[place], "term": "state", "value": value, "who": who}
        collection.annotate([one])
    table = collection.table()
    [cell] = table.cells(["said/state"])
    rows = table.connection.sql(
        f"SELECT u.id_0, {cell.value} FROM ({table.universe()}) u {cell.join} ORDER BY 1"
    ).fetchall()
    assert rows == [(ids[0], "good"), (ids[1], f"bad{ANSWERS}good"), (ids[2], None)]


def test_a_term_with_a_slash_that_people_stated_is_a_column_for_queries(tmp_path):
    collection = toy.make(tmp_path / "words", WORDS[:3])
    collection.run(["ingest"])
    ids = collection.query("SELECT media_id FROM records ORDER BY media_id")["media_id"].to_pylist()
    collection.annotate([{"media_id": ids[0], "term": "state/settled", "value": "good"}])
    rows = collection.query('SELECT "state/settled" FROM media ORDER BY media_id').to_pydict()
    assert rows == {"state/settled": ["good", None, None]}
