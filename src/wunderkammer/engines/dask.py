"""Dask: workers of a cluster, reached through its scheduler."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import partial
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

from wunderkammer.core.engine import ONE_CORE, Needs
from wunderkammer.core.errors import EngineError, WorkerLostError
from wunderkammer.engines import library
from wunderkammer.engines._passing import PassedOn
from wunderkammer.engines.local import cores

_EVERY_S = 1.0
"""Workers come and go; who is there is asked for so often at most."""


class DaskEngine:
    """Workers of a Dask cluster; they see the collection at the same path as the driver.

    A worker does one batch at a time, whatever threads it has. Needs beyond a core are
    abstract resources that workers declare: ``CPU``, ``GPU`` and ``MEMORY`` (in GB).

    Parameters
    ----------
    address : str
        Of the scheduler, or its file (``.json``); empty: what Dask's own settings say.

    Raises
    ------
    EngineError
        If the library is not installed, or no scheduler answers.
    """

    def __init__(self, address: str) -> None:
        self._dask = library("distributed", "dask")
        settings = library("dask.config", "dask")
        address = address or settings.get("scheduler-address", None) or ""
        if not address:
            raise EngineError(
                "the engine 'dask' needs the address of a scheduler.",
                hint="Start one with 'dask scheduler', then: wk run --engine dask --address "
                "tcp://HOST:8786.",
            )
        file = {"scheduler_file": address} if address.endswith(".json") else {"address": address}
        try:
            self._client = self._dask.Client(**file, name="wunderkammer", set_as_default=False)
        except (OSError, ValueError) as error:
            raise EngineError(
                f"no Dask scheduler answers at {address}: {error}.",
                hint="Look whether it runs, and whether this machine may reach it.",
            ) from None
        self._waiting: WeakSet[Future[Any]] = WeakSet()
        self._known: dict[str, Any] = {}
        self._asked = -math.inf

    @property
    def n_workers(self) -> int:
        """Workers as of now, one where none is there yet."""
        return max(1, len(self._workers()))

    @property
    def n_threads(self) -> int:
        """Cores of the driver's machine."""
        return cores()

    @property
    def about(self) -> str:
        """Where the scheduler is, and its dashboard."""
        info = self._client.scheduler_info()
        dashboard = self._client.dashboard_link if "dashboard" in info["services"] else ""
        words = f"Dask at {info['address']}, {len(self._workers())} workers"
        return f"{words}, dashboard {dashboard}" if dashboard else words

    def n_at_once(self, needs: Needs) -> int:
        """Return how many workers offer as much; one where no worker is there yet."""
        wanted, workers = _resources(needs), self._workers()
        offered = [one.get("resources", {}) for one in workers.values()]
        n = sum(all(one.get(k, 0) >= v for k, v in wanted.items()) for one in offered)
        if workers and not n:
            declared = " ".join(f"{name}={value:g}" for name, value in wanted.items())
            raise EngineError(
                f"none of {len(workers)} Dask workers offers {declared}.",
                hint=f"Start workers with --resources '{declared}'.",
            )
        return max(1, n)

    def submit(
        self, function: Callable[..., Any], /, *args: Any, needs: Needs = ONE_CORE
    ) -> Future[Any]:
        """Start a call on a worker; the scheduler itself tries again where workers die."""
        future = self._client.submit(
            partial(function, *args), pure=False, resources=_resources(needs)
        )
        # not by its get_executor(): that loses results of a worker that dies after its batch
        loop = self._client.loop.asyncio_loop
        inner = asyncio.run_coroutine_threadsafe(_awaited(future), loop)
        self._waiting.add(inner)
        return PassedOn(inner, self._in_our_words, future.cancel)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the cluster, which belongs to others, and whatever is not done."""
        for inner in list(self._waiting):
            inner.cancel()
        self._client.close()

    def _workers(self) -> dict[str, Any]:
        """Return who is there, asked for once a second at most."""
        if time.monotonic() - self._asked > _EVERY_S:
            info = self._client.scheduler_info(n_workers=-1)
            self._known, self._asked = dict(info["workers"]), time.monotonic()
        return self._known

    def _in_our_words(self, error: BaseException) -> BaseException:
        if isinstance(error, self._dask.KilledWorker):
            n, last = error.allowed_failures + 1, error.last_worker.address
            who = "a Dask worker" if n == 1 else f"{n} Dask workers, the last"
            return WorkerLostError(
                f"{who} at {last} died over one batch.",
                hint="Their logs say more.",
                n_lost=n,
            )
        if isinstance(error, CancelledError | asyncio.CancelledError):
            return EngineError(
                "the Dask scheduler has gone. What was finished is kept.",
                hint="Start it, and run the same command again.",
            )
        return error


async def _awaited(future: Any) -> Any:
    """Return the result of a future of Dask."""
    return await future


def _resources(needs: Needs) -> dict[str, float]:
    """Return what workers must have declared; one core is what each has."""
    wanted = {"GPU": needs.n_gpus, "MEMORY": needs.memory_gb}
    wanted["CPU"] = needs.n_cores if needs.n_cores > 1 else 0
    return {name: value for name, value in sorted(wanted.items()) if value}
