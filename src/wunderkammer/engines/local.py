"""The local engine: a pool of processes on this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from types import TracebackType
from typing import Any, Self


class LocalEngine:
    """A pool of ``n_workers`` processes; with 0, calls are made in this process.

    Workers are spawned, not forked: threads of the parent (torch, DuckDB) do not
    survive a fork. They leave interrupts to the parent, and end when it is gone,
    even if it was killed.

    Parameters
    ----------
    n_workers : int, optional
        Default: one a core.
    """

    def __init__(self, n_workers: int | None = None) -> None:
        self._n = cores() if n_workers is None else n_workers
        self._pool: ProcessPoolExecutor | None = None

    @property
    def n_workers(self) -> int:
        """Batches that can be done at the same time."""
        return max(1, self._n)

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Start a call in a worker, which is started at the first call."""
        if self._n == 0:
            return _called(function, args)
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._n,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin_worker,
            )
        return self._pool.submit(function, *args)

    def wait_first(self, futures: Collection[Future[Any]]) -> Sequence[Future[Any]]:
        """Return those that are done, waiting until there is one."""
        return list(wait(futures, return_when=FIRST_COMPLETED).done)

    def __enter__(self) -> Self:
        """Return itself; workers start when they are needed."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop every worker; after an error, without waiting for what is queued."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=error is not None)
            self._pool = None


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "OPENCV_FOR_THREADS_NUM",
)


def _called(function: Callable[..., Any], args: Sequence[Any]) -> Future[Any]:
    future: Future[Any] = Future()
    try:
        future.set_result(function(*args))
    except Exception as error:  # noqa: BLE001 - a future carries any error to its reader
        future.set_exception(error)
    return future


def _begin_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in _THREADS:
        os.environ.setdefault(variable, "1")
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this worker when its parent is gone, so that a killed run leaves nobody behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
