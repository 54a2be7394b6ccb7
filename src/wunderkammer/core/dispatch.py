"""Batches of a row stage, handed out: few in flight, the lost again, killers bisected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass

import pyarrow as pa

from wunderkammer.core.engine import ONE_CORE, Needs, wait_first
from wunderkammer.core.errors import StageError, WorkerLostError
from wunderkammer.core.resubmitting import TRIES, Resubmitting
from wunderkammer.core.stage import Context, Failed, RowStage
from wunderkammer.core.work import BatchResult, outcome_rows, process_batch

_AHEAD = 2
"""Batches handed out beyond one a worker, at least: none waits for the driver."""

_IN_A_ROW = 8
"""Batches or media that kill their workers with none between that does not: it is not they."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is handed out with each batch of a stage.

    Attributes
    ----------
    stage : RowStage
        Does the batch.
    context : Context
        Where.
    needs : Needs
        What a batch needs of a worker.
    at_once : int or None
        Batches at the same time, at most.
    """

    stage: RowStage
    context: Context
    needs: Needs = ONE_CORE
    at_once: int | None = None


def untold(batch: pa.Table, error: Exception) -> None:
    """Tell nobody."""


class Dispatch:
    """Hands out the batches of a stage and yields their results as they come.

    A batch over which three workers were lost is a suspect. When all others are done, each
    suspect is done alone, so that nobody else can be blamed: it comes back, or it is halved,
    down to the medium over which workers die, and that medium is a failure.

    Parameters
    ----------
    engine : Resubmitting
        Where.
    order : Order
        What.
    stop : callable
        Whether to hand out no more.
    died : callable, optional
        Is told of a batch whose error is nobody's failure and ends the run.
    """

    def __init__(
        self,
        engine: Resubmitting,
        order: Order,
        stop: Callable[[], bool],
        died: Callable[[pa.Table, Exception], None] = untold,
    ) -> None:
        self._engine = engine
        self._order = order
        self._stop = stop
        self._died = died
        self._suspects: list[pa.Table] = []
        self._n_in_a_row = 0

    def n_at_once(self) -> int:
        """Return how many batches are done at the same time, as things stand."""
        fitting = self._engine.n_at_once(self._order.needs)
        return min(fitting, self._order.at_once or fitting)

    def results(self, batches: Iterator[pa.Table]) -> Iterator[BatchResult]:
        """Yield results as they come; at most two batches a worker are in memory at a time.

        Raises
        ------
        StageError
            If workers die whatever they are given.
        """
        flying: dict[Future[BatchResult], pa.Table] = {}
        for batch in batches:
            if self._stop():
                break
            flying[self._submit(batch)] = batch
            while len(flying) >= self._most():
                yield from self._finished(flying)
        while flying:
            if self._stop():
                flying = {one: batch for one, batch in flying.items() if not one.cancel()}
            yield from self._finished(flying)
        for batch in self._suspects:
            yield from self._alone(batch)

    def _most(self) -> int:
        """Return how many batches may be in flight; the rest wait with the driver."""
        n = self.n_at_once()
        return n if self._order.at_once else max(n + _AHEAD, 2 * n)

    def _submit(self, batch: pa.Table, *, once: bool = False) -> Future[BatchResult]:
        submit = self._engine.submit_once if once else self._engine.submit
        order = self._order
        return submit(process_batch, order.stage, batch, order.context, needs=order.needs)

    def _finished(self, flying: dict[Future[BatchResult], pa.Table]) -> Iterator[BatchResult]:
        for future in wait_first(flying):
            batch = flying.pop(future)
            try:
                result = future.result()
            except WorkerLostError as error:
                self._blame(batch, error)
                self._suspects.append(batch)
            except Exception as error:
                self._died(batch, error)
                raise
            else:
                self._n_in_a_row = 0
                yield result

    def _alone(self, batch: pa.Table) -> Iterator[BatchResult]:
        """Do a suspect with nobody beside it; halve it while workers die."""
        if self._stop():
            return
        is_one = batch.num_rows == 1
        try:
            result = self._submit(batch, once=not is_one).result()
        except WorkerLostError as error:
            if is_one:
                self._blame(batch, error)
                yield self._failed(batch)
                return
            middle = batch.num_rows // 2
            yield from self._alone(batch.slice(0, middle))
            yield from self._alone(batch.slice(middle))
        except Exception as error:
            self._died(batch, error)
            raise
        else:
            self._n_in_a_row = 0
            yield result

    def _blame(self, batch: pa.Table, error: WorkerLostError) -> None:
        """Count those over which workers die, one after another; too many end the run."""
        self._n_in_a_row += 1
        if self._n_in_a_row < _IN_A_ROW:
            return
        group, ids = self._order.stage.group, batch["media_id"]
        raise StageError(
            f"{group}: workers die whatever they are given, {_IN_A_ROW} times in a row; the last "
            f"time over {batch.num_rows:,} media from {ids[0]} to {ids[-1]}: {error.message} "
            "What was finished is kept.",
            hint="Memory may be short: give fewer workers, or fewer at once with "
            f"[engine.stages.{self._order.stage.name}] in collection.toml.",
        )

    def _failed(self, batch: pa.Table) -> BatchResult:
        """Return the failure of a medium over which workers die."""
        stage, media_id = self._order.stage, batch["media_id"][0].as_py()
        error = WorkerLostError(
            f"each worker that did this medium died, {TRIES} times.",
            hint="Its image may need more memory than a worker has, or break a library: look at "
            "it, then 'wk run --retry-failed'.",
        )
        keys = {media_id: batch["key"][0].as_py()}
        return BatchResult(outcome_rows(stage, [Failed(media_id, error)], keys), 0, 1, 0.0)
