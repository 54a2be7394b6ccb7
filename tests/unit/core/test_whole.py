"""Stages that are done as a whole."""

import numpy as np
import pyarrow.parquet as pq

from wunderkammer.core.identity import stable_id
from wunderkammer.core.whole import gather


def test_table_stages_keep_their_files_and_figures(collection):
    total = float((collection.artifacts("order") / "sum.txt").read_text())
    assert collection.runs()[0]["stages"][-1]["quality"] == {"sum": total}


def test_inputs_come_sorted_with_vectors_in_their_rows(collection):
    stage = collection.configuration.stage("order")
    inputs = gather(collection.table(), stage)
    assert inputs.ids == sorted(inputs.ids)
    lengths = {
        row["media_id"]: len(row["piece"])
        for row in collection.query("SELECT media_id, piece FROM media").to_pylist()
    }
    expected = [lengths[media_id] for media_id in inputs.ids]
    np.testing.assert_array_equal(inputs.vectors("vector")[:, 0], expected)


def test_rows_of_a_whole_carry_one_key(collection):
    (path,) = (collection.root / "columns" / "order").glob("part-*")
    assert len(set(pq.read_table(path)["key"].to_pylist())) == 1


def test_a_new_result_replaces_the_files_of_the_old(collection):
    before = collection.artifacts("order")
    media_id = stable_id("n03")
    collection.annotate([{"media_id": media_id, "term": "word", "value": "a longer word"}])
    collection.run()
    after = collection.artifacts("order")
    assert after != before
    assert not before.exists()
