"""Worker processes, each held by a thread of the driver."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from wunderkammer.core.arrow import spare_pandas
from wunderkammer.core.engine import Needs
from wunderkammer.core.errors import WorkerLostError

_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
)


class Pool:
    """Threads that hold a worker each: which call a dead worker had is never in doubt.

    Parameters
    ----------
    n : int
        Workers; they start when they are needed, and again when they have died.
    needs : Needs
        What a call may use.
    """

    def __init__(self, n: int, needs: Needs) -> None:
        self.needs = needs
        self._threads = ThreadPoolExecutor(n, thread_name_prefix="worker")
        self._numbers = count()
        self._own = threading.local()
        self._starting = threading.Lock()
        self._workers: list[_Worker] = []

    def submit(self, function: Callable[..., Any], args: Sequence[Any]) -> Future[Any]:
        """Have a call made by the next worker that is free."""
        return self._threads.submit(self._by_worker, function, args)

    def end(self, *, finish: bool) -> None:
        """Let workers do what they have begun, and with ``finish`` what waits; then end them."""
        self._threads.shutdown(wait=True, cancel_futures=not finish)
        for worker in self._workers:
            worker.end()

    def _by_worker(self, function: Callable[..., Any], args: Sequence[Any]) -> Any:
        """Have this thread's worker make a call; start one if there is none."""
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            with self._starting:
                if not hasattr(self._own, "number"):
                    self._own.number = next(self._numbers)
                worker = self._own.worker = _Worker(self._own.number, self.needs)
                self._workers.append(worker)
        try:
            return worker.call(function, args)
        except WorkerLostError:
            self._own.worker = None
            self._workers.remove(worker)
            raise


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, number: int, needs: Needs) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawning.Pipe()
        self._process = spawning.Process(target=_work, args=(theirs, number, needs))
        self._process.start()
        theirs.close()

    def call(self, function: Callable[..., Any], args: Sequence[Any]) -> Any:
        """Return what a call gives there, or raise what it raises."""
        try:
            self._pipe.send((function, args))
            well, outcome = self._pipe.recv()
        except (EOFError, ConnectionError):
            self._pipe.close()
            self._process.join()
            raise WorkerLostError(
                f"a worker {_ended(self._process.exitcode)}.",
                hint="If memory ran out, fewer workers need less: 'wk run --workers 1'.",
            ) from None
        if not well:
            raise outcome
        return outcome

    def end(self) -> None:
        self._pipe.close()
        self._process.join()


def called(function: Callable[..., Any], args: Sequence[Any]) -> Future[Any]:
    """Return the future of a call that is made at once, in this process."""
    future: Future[Any] = Future()
    try:
        future.set_result(function(*args))
    except Exception as error:  # noqa: BLE001 - a future carries any error to its reader
        future.set_exception(error)
    return future


def gpus() -> list[str]:
    """Return the GPUs that this process may use; one where the system does not say."""
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    if chosen:
        return chosen.split(",")
    found = [path for path in Path("/dev").glob("nvidia*") if path.name[6:].isdigit()]
    return [str(n) for n in range(max(1, len(found)))]


def _ended(code: int | None) -> str:
    """Return how a process ended, in words."""
    if code is not None and code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def _work(pipe: Connection, number: int, needs: Needs) -> None:
    """Make calls until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in _THREADS:
        os.environ.setdefault(variable, str(needs.n_cores))
    if needs.n_gpus:
        there = gpus()
        os.environ["CUDA_VISIBLE_DEVICES"] = there[number % len(there)]
    threading.Thread(target=_end_with_parent, daemon=True).start()
    spare_pandas()
    while True:
        try:
            outcome = _outcome(pipe)
        except (EOFError, ConnectionError):
            return
        try:
            pipe.send(outcome)
        except (EOFError, ConnectionError):
            return
        except Exception as error:  # noqa: BLE001 - what cannot be sent is told instead
            pipe.send((False, TypeError(f"a result cannot be sent: {error}")))


def _outcome(pipe: Connection) -> tuple[bool, Any]:
    """Take a call from the pipe and make it; say whether it went well."""
    try:
        function, args = pipe.recv()
    except (EOFError, ConnectionError):
        raise
    except Exception as error:  # noqa: BLE001 - such as a module that is not there
        return False, error
    future = called(function, args)
    raised = future.exception()
    if raised is None:
        return True, future.result()
    raised.add_note("".join(traceback.format_exception(raised)))
    return False, raised


def _end_with_parent() -> None:
    """End this worker when its parent is gone, so that a killed run leaves nobody behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
