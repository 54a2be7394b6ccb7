"""Calls that are made again when their worker is lost."""

from concurrent.futures import Future

import pyarrow as pa
import pytest

from mortal import MortalEngine
from wunderkammer.core.engine import wait_first
from wunderkammer.core.errors import ImageError, WorkerLostError
from wunderkammer.core.resubmitting import TRIES, Resubmitting

BATCH = pa.table({"media_id": ["a", "b"]})


def length(_, batch):
    return batch.num_rows


def fail(_, batch):
    raise ImageError("it is torn.")


def test_it_is_made_three_times_and_each_loss_is_told():
    engine, told = MortalEngine({"a"}), []
    future = Resubmitting(engine, told.append).submit(length, None, BATCH)
    with pytest.raises(WorkerLostError, match="killed by a medium"):
        future.result()
    assert engine.n_deaths == len(told) == TRIES


def test_once_is_once():
    engine = MortalEngine({"a"})
    assert wait_first([Resubmitting(engine).submit_once(length, None, BATCH)])
    assert engine.n_deaths == 1


def test_what_lives_is_made_once():
    engine = MortalEngine()
    assert Resubmitting(engine).submit(length, None, BATCH).result() == 2
    assert engine.handed_out == [2]


class Patient(MortalEngine):
    """Waits for a test to say what becomes of a call."""

    def __init__(self):
        super().__init__()
        self.futures = []

    def submit(self, function, /, *args, needs=None):
        self.futures.append(Future())
        return self.futures[-1]


def test_it_comes_back_when_a_later_worker_lives():
    engine = Patient()
    future = Resubmitting(engine).submit(length, None, BATCH)
    engine.futures[0].set_exception(WorkerLostError("gone."))
    assert not future.done()
    engine.futures[1].set_result(7)
    assert future.result() == 7


def test_an_engine_that_has_tried_itself_is_believed():
    engine = Patient()
    future = Resubmitting(engine).submit(length, None, BATCH)
    engine.futures[0].set_exception(WorkerLostError("four are gone.", n_lost=4))
    with pytest.raises(WorkerLostError, match="four"):
        future.result()
    assert len(engine.futures) == 1


def test_other_errors_are_handed_on():
    engine = Patient()
    future = Resubmitting(engine).submit(fail, None, BATCH)
    engine.futures[0].set_exception(ImageError("it is torn."))
    with pytest.raises(ImageError):
        future.result()
    assert len(engine.futures) == 1


def test_what_has_begun_is_not_cancelled():
    engine = Patient()
    begun, waiting = (Resubmitting(engine).submit(length, None, BATCH) for _ in range(2))
    engine.futures[0].set_running_or_notify_cancel()
    assert (begun.cancel(), waiting.cancel()) == (False, True)
    assert waiting.cancelled()
    engine.futures[0].set_result(2)
    assert begun.result() == 2


def test_an_engine_that_was_left_ends_the_call():
    engine = Patient()
    future = Resubmitting(engine).submit(length, None, BATCH)
    engine.submit = None
    engine.futures[0].set_exception(WorkerLostError("gone."))
    with pytest.raises(TypeError):
        future.result()
