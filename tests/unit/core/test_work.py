"""Batches."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

import toy
from wunderkammer.core.errors import EngineError, ImageError
from wunderkammer.core.identity import stable_id
from wunderkammer.core.provenance import software
from wunderkammer.core.stage import Context, Done, Failed
from wunderkammer.core.work import as_message, outcome_rows, process_batch


def batch(words):
    ids = [stable_id(word) for word in words]
    return pa.table({"media_id": ids, "key": [f"key of {word}" for word in words], "word": words})


def test_one_bad_medium_costs_itself_only(tmp_path):
    result = process_batch(toy.Measure(), batch(["one", "boom", "four!", "two"]), Context(tmp_path))
    assert (result.n_done, result.n_failed) == (2, 2)
    rows = {row["media_id"]: row for row in result.rows.to_pylist()}
    assert rows[stable_id("one")]["length"] == 3
    assert rows[stable_id("boom")]["error"] == "UnexpectedError"
    assert rows[stable_id("boom")]["message"] == "ZeroDivisionError: boom"
    assert rows[stable_id("four!")]["hint"] == "Remove it."
    assert rows[stable_id("two")]["key"] == "key of two"


def test_a_medium_that_is_forgotten_is_a_failure(tmp_path):
    class Forgetful(toy.Measure):
        def process(self, batch, context):
            return super().process(batch[:1], context)

    result = process_batch(Forgetful(), batch(["one", "two"]), Context(tmp_path))
    assert result.rows["message"].to_pylist()[1] == "measure returned nothing for this medium."


def test_vectors_are_stored_with_the_digest_of_their_bytes():
    stage = toy.Vector()
    ids = [stable_id(str(n)) for n in range(3)]
    outcomes = [
        Done(ids[0], {"vector": [1, 2, 3, 4]}),
        Done(ids[1], {"vector": np.array([1, 2, 3, 4], np.float64)}),
        Failed(ids[2], ImageError("no.")),
    ]
    rows = outcome_rows(stage, outcomes, dict.fromkeys(ids, "key"))
    one, same, failed = rows["vector:sha256"].to_pylist()
    assert one == same
    assert failed is None


def test_unexpected_errors_ask_for_a_report():
    assert "worth a report" in as_message(KeyError("x")).hint
    known = ImageError("no.", hint="Do.")
    assert as_message(known) is known


def test_a_worker_with_other_versions_or_another_disk_is_refused(tmp_path):
    class Counted(toy.Measure):
        factor: int = 7

    context = Context(tmp_path, software=software())
    with pytest.raises(EngineError, match="does not see"):
        process_batch(Counted(), batch(["one"]), context)
    (tmp_path / "collection.toml").touch()
    other = replace(context, software={**software(), "numpy": "0.9"})
    with pytest.raises(EngineError, match=r"numpy on the worker .* with the driver 0\.9"):
        process_batch(Counted(), batch(["one"]), other)
    assert process_batch(Counted(), batch(["one"]), context).n_done == 1


def test_a_worker_with_threads_does_one_batch_at_a_time(tmp_path):
    inside, most = [], []

    class Narrow(toy.Measure):
        def process(self, batch, context):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.02)
            inside.pop()
            return super().process(batch, context)

    with ThreadPoolExecutor(4) as threads:
        done = [
            threads.submit(process_batch, Narrow(), batch([f"w{n}"]), Context(tmp_path))
            for n in range(8)
        ]
    assert sum(one.result().n_done for one in done) == 8
    assert max(most) == 1
