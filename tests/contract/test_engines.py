"""What every engine promises: calls are made elsewhere, and a dead worker is told of."""

import os
import time

import pytest

from clusters import die, fail, square, started
from wunderkammer.core.engine import ONE_CORE, wait_first
from wunderkammer.core.errors import ImageError, WorkerLostError
from wunderkammer.core.resources import EngineSettings
from wunderkammer.core.resubmitting import Resubmitting
from wunderkammer.engines import engine_of


@pytest.fixture(scope="module", params=["local", "dask", "ray"])
def engine(request):
    with started(request.param) as address:
        workers = 2 if request.param == "local" else None
        with engine_of(
            EngineSettings(kind=request.param, address=address, workers=workers)
        ) as made:
            yield made


def test_calls_come_back_as_they_finish(engine):
    futures = {engine.submit(square, n) for n in range(6)}
    found = set()
    while futures:
        for future in wait_first(futures):
            futures.discard(future)
            found.add(future.result())
    assert found == {0, 1, 4, 9, 16, 25}


def test_work_is_done_elsewhere_by_as_many_as_it_says(engine):
    assert engine.n_workers == engine.n_at_once(ONE_CORE) == 2
    futures = [engine.submit(time.sleep, 0.4) for _ in range(2)]
    futures += [engine.submit(os.getpid) for _ in range(2)]
    pids = {future.result() for future in futures[2:]}
    assert os.getpid() not in pids
    assert engine.n_threads >= 1
    assert engine.about


def test_an_error_keeps_its_class_its_words_and_its_hint(engine):
    with pytest.raises(ImageError) as caught:
        engine.submit(fail, "it is torn.").result()
    assert (caught.value.message, caught.value.hint) == ("it is torn.", "Mend it.")


def test_a_worker_that_dies_is_told_of_and_replaced(engine):
    with pytest.raises(WorkerLostError):
        engine.submit(die).result(timeout=120)
    assert engine.submit(square, 4).result(timeout=120) == 16


def test_what_a_dead_worker_had_is_done_again(engine, tmp_path):
    resubmitting = Resubmitting(engine)
    assert resubmitting.submit(die, str(tmp_path / "died")).result(timeout=120) == "alive"


def test_what_waits_can_be_cancelled(engine):
    busy = [engine.submit(time.sleep, 0.5) for _ in range(engine.n_workers)]
    waiting = [engine.submit(time.sleep, 60) for _ in range(4)]
    time.sleep(0.1)
    assert all(future.cancel() for future in waiting)
    assert {future.result(timeout=60) for future in busy} == {None}
    assert engine.submit(square, 5).result(timeout=60) == 25
