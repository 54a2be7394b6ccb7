"""Batches that are handed out, and what is done about those that kill."""

import pyarrow as pa
import pytest

import toy
from mortal import MortalEngine
from wunderkammer.core.dispatch import Dispatch, Order
from wunderkammer.core.errors import StageError
from wunderkammer.core.identity import stable_id
from wunderkammer.core.resubmitting import TRIES, Resubmitting
from wunderkammer.core.stage import Context

N, SIZE = 128, 16
IDS = sorted(stable_id(str(n)) for n in range(N))


def batches(taken=None):
    for first in range(0, N, SIZE):
        ids = IDS[first : first + SIZE]
        if taken is not None:
            taken.append(first)
        yield pa.table({"media_id": ids, "key": ids, "word": ["word"] * SIZE})


def dispatched(root, engine, *, at_once=None, stop=lambda: False):
    order = Order(toy.Measure(), Context(root), at_once=at_once)
    return Dispatch(Resubmitting(engine), order, stop)


def outcome(results):
    rows = pa.concat_tables([one.rows for one in results])
    return dict(zip(rows["media_id"].to_pylist(), rows["status"].to_pylist(), strict=True)), rows


@pytest.mark.parametrize("deadly", [[0], [37], [N - 1], [3, 4, 90]])
def test_those_that_kill_fail_and_all_others_are_done_once(tmp_path, deadly):
    killers = {IDS[n] for n in deadly}
    engine = MortalEngine(killers)
    results = list(dispatched(tmp_path, engine).results(batches()))
    status, rows = outcome(results)
    assert rows.num_rows == N
    assert {one for one, state in status.items() if state == "failed"} == killers
    assert sum(one.n_done for one in results) == N - len(killers)
    assert set(rows["error"].drop_null().to_pylist()) == {"WorkerLostError"}


def test_a_killer_costs_few_workers(tmp_path):
    engine = MortalEngine({IDS[5]})
    list(dispatched(tmp_path, engine).results(batches()))
    halvings = 1 + 3  # the suspect alone, then of 8, 4 and 2
    assert engine.n_deaths == TRIES + halvings + TRIES


def test_where_workers_die_of_everything_the_run_ends_and_says_so(tmp_path):
    engine = MortalEngine(IDS)
    with pytest.raises(StageError) as caught:
        list(dispatched(tmp_path, engine).results(batches()))
    assert "8 times in a row" in caught.value.message
    assert any(f"16 media from {one}" in caught.value.message for one in IDS)
    assert "killed by a medium" in caught.value.message
    assert engine.n_deaths == 8 * TRIES


@pytest.mark.parametrize(("at_once", "most"), [(None, 6), (1, 1)])
def test_few_batches_are_taken_ahead(tmp_path, at_once, most):
    taken = []
    results = dispatched(tmp_path, MortalEngine(n_workers=3), at_once=at_once).results(
        batches(taken)
    )
    next(results)
    assert len(taken) == most


def test_it_stops_when_it_is_asked(tmp_path):
    done = []
    dispatch = dispatched(tmp_path, MortalEngine({IDS[0]}), stop=lambda: len(done) >= 2)
    done.extend(result for result in dispatch.results(batches()))
    assert 2 <= len(done) < N // SIZE - 1
