"""The local engine: processes on this machine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self

from wunderkammer.core.engine import ONE_CORE, Needs
from wunderkammer.core.limits import cores_allowed
from wunderkammer.core.resources import memory_gb
from wunderkammer.engines._processes import Pool, called, gpus


class LocalEngine:
    """``n_workers`` processes; with 0, calls are made in this process.

    Workers are spawned, not forked: threads of the parent (torch, DuckDB) do not
    survive a fork. They leave interrupts to the parent, and end when it is gone,
    even if it was killed. A worker that dies is replaced; only its own call is lost.

    Parameters
    ----------
    n_workers : int, optional
        Default: one a core.
    """

    def __init__(self, n_workers: int | None = None) -> None:
        self._n = cores() if n_workers is None else n_workers
        self._pool: Pool | None = None

    @property
    def n_workers(self) -> int:
        """Calls that can be done at the same time."""
        return max(1, self._n)

    @property
    def n_threads(self) -> int:
        """Threads that a stage may use in this process: as many as there are workers."""
        return self.n_workers

    @property
    def about(self) -> str:
        """What it is, in words."""
        if self._n == 0:
            return "this process"
        return f"{self._n} {'process' if self._n == 1 else 'processes'} on this machine"

    def n_at_once(self, needs: Needs) -> int:
        """Return how many calls fit this machine's cores, GPUs and memory: at least one."""
        fitting = [self.n_workers // needs.n_cores]
        if needs.n_gpus:
            fitting.append(int(len(gpus()) / needs.n_gpus))
        if needs.memory_gb:
            fitting.append(int(memory_gb() / needs.memory_gb))
        return max(1, min(fitting))

    def submit(
        self, function: Callable[..., Any], /, *args: Any, needs: Needs = ONE_CORE
    ) -> Future[Any]:
        """Start a call in a worker; calls of other needs end first, and with them their workers."""
        if self._n == 0:
            return called(function, args)
        if self._pool is None or self._pool.needs != needs:
            if self._pool is not None:
                self._pool.end(finish=True)
            self._pool = Pool(self.n_at_once(needs), needs)
        return self._pool.submit(function, args)

    def __enter__(self) -> Self:
        """Return itself; workers start when they are needed."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop every worker; after an error, without doing what is queued."""
        if self._pool is not None:
            self._pool.end(finish=error is None)
            self._pool = None


def cores() -> int:
    """Return how many cores this process may use."""
    return cores_allowed()
