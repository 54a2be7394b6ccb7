"""Records and rejections."""

from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import toy
from toy import WORDS
from wunderkammer.core import parts as parts_module
from wunderkammer.core import recording
from wunderkammer.core.errors import RecordError, SourceError
from wunderkammer.core.identity import stable_id
from wunderkammer.core.provenance import StageRun
from wunderkammer.core.recording import run_records
from wunderkammer.core.stage import RecordStage, Rejection


def test_rows_that_are_no_records_are_counted_and_explained(tmp_path):
    collection = toy.make(tmp_path / "words", [*WORDS, ("", "nameless", "UK"), WORDS[0]])
    report = collection.run(["ingest"])
    assert (report.stages[0].n_done, report.stages[0].n_failed) == (20, 2)
    messages = collection.failures("ingest")["message"].to_pylist()
    assert sorted(messages) == [
        "the name is empty.",
        "two rows describe this medium; the first is kept.",
    ]


def test_a_source_without_a_usable_row_keeps_what_was_there(collection):
    toy.write_words(collection.root, [("", "nameless", "UK")])
    with pytest.raises(SourceError, match="the only row cannot be used"):
        collection.run()
    assert collection.query("SELECT count(*) AS n FROM records").to_pylist() == [{"n": 20}]


def test_records_that_vanish_from_the_source_vanish(collection, log):
    log()
    toy.write_words(collection.root, WORDS[1:])
    collection.run()
    assert collection.query("SELECT count(*) AS n FROM media WHERE name = 'n00'").to_pylist() == [
        {"n": 0}
    ]
    log()
    toy.write_words(collection.root, WORDS)
    collection.run()
    assert set(log()) == {"order"}, "rows of a record that comes back are still there"


class Given(RecordStage):
    """Records that a test gives."""

    name: Literal["ingest"] = "ingest"
    version: Literal["1"] = "1"
    batches: ClassVar[list[Any]] = []

    def input_files(self, root):
        return {}

    def records(self, root, digest):
        return iter(self.batches)


def recorded(root, *batches):
    Given.batches = list(batches)
    run = StageRun("ingest", "1", {})
    run_records(root, Given(), run)
    files = {path.name: path.read_bytes() for path in (root / "records").glob("part-*")}
    rejected = pq.read_table(root / "columns" / "ingest" / recording.REJECTED).to_pylist()
    assert (run.n_done, run.n_failed) == (records_of(root).num_rows, len(rejected))
    return files, rejected


def records_of(root):
    return pq.read_table(root / "records").sort_by("media_id")


def rows(numbers):
    return [
        {"media_id": stable_id(str(n)), "name": f"n{n}", **({"odd": str(n)} if n % 2 else {})}
        for n in numbers
    ]


def table(some):
    names = sorted({name for row in some for name in row})
    return pa.table({n: pa.array([row.get(n) for row in some], pa.string()) for n in names})


@pytest.mark.parametrize("seed", range(3))
def test_tables_and_mappings_in_any_order_and_number_make_the_same_bytes(tmp_path, seed, small):
    numbers = np.random.default_rng(seed).permutation(90).tolist()
    usual, _ = recorded(tmp_path / "usual", rows(range(90)))
    batches = [rows(numbers[:20]), table(rows(numbers[20:21])), table(rows(numbers[21:]))]
    other, _ = recorded(tmp_path / "other", *batches)
    assert len(usual) == parts_module.shard_count(90) == 16
    assert other == usual
    found = records_of(tmp_path / "other")
    assert found.schema.names == ["media_id", "specimen_id", "name", "odd"]
    assert sorted(found["name"].to_pylist()) == sorted(f"n{n}" for n in range(90))
    assert found["odd"].null_count == 45


@pytest.fixture(params=[0, 10**6])
def small(request, monkeypatch):
    """Small parts, and records put aside in few buckets or in many."""
    monkeypatch.setattr(parts_module, "ROWS_PER_SHARD", 10)
    monkeypatch.setattr(recording, "_COARSE_ROWS", request.param)
    monkeypatch.setattr(recording, "_WAITING_ROWS", 7)


def test_the_first_of_several_rows_of_a_medium_stays_and_parts_are_as_without(tmp_path, small):
    alone, _ = recorded(tmp_path / "alone", rows(range(40)))
    again = [{**row, "name": "later"} for row in rows(range(30))]
    found, rejected = recorded(tmp_path / "again", rows(range(40)), table(again), again[:5])
    assert found == alone
    assert len(rejected) == 35
    assert [one["where"] for one in rejected] == sorted(one["where"] for one in rejected)
    assert {one["message"] for one in rejected} == {
        "two rows describe this medium; the first is kept."
    }


def test_a_column_without_a_value_is_no_column(tmp_path):
    empty = table(rows([1])).append_column("empty", pa.nulls(1, pa.string()))
    recorded(tmp_path, empty)
    assert "empty" not in records_of(tmp_path).schema.names


def test_thousands_of_rejections_keep_their_order(tmp_path):
    lost = [Rejection(f"row {n}", RecordError("lost.", hint="Look.")) for n in range(20_000)]
    _, rejected = recorded(tmp_path, lost[:15_000], rows([1]), lost[15_000:])
    assert [one["where"] for one in rejected] == [one.where for one in lost]
    assert rejected[0] == {
        "where": "row 0", "error": "RecordError", "message": "lost.", "hint": "Look.",
    }  # fmt: skip
