"""Dask: workers of a cluster, reached through its scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from functools import partial
from typing import Any
from weakref import WeakSet

from wunderkammer.core.engine import ONE_CORE, Needs
from wunderkammer.core.errors import EngineError
from wunderkammer.engines._cluster import ClusterEngine
from wunderkammer.engines._dask_cluster import Workers, connected, in_our_words, resources
from wunderkammer.engines._passing import PassedOn


class DaskEngine(ClusterEngine):
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
        self._client = connected(address)
        self._workers = Workers(self._client)
        self._waiting: WeakSet[Future[Any]] = WeakSet()
        self._missed: EngineError | None = None
        self._watch = self._on_its_loop(self._until_missed())

    @property
    def n_workers(self) -> int:
        """Workers as of now, one where none is there yet."""
        return max(1, len(self._workers.there()))

    def n_at_once(self, needs: Needs) -> int:
        """Return how many workers offer as much; one where no worker is there yet."""
        return self._workers.n_offering(needs)

    def submit(
        self, function: Callable[..., Any], /, *args: Any, needs: Needs = ONE_CORE
    ) -> Future[Any]:
        """Start a call on a worker; the scheduler itself tries again where workers die."""
        call = partial(function, *args)
        future = self._client.submit(call, pure=False, resources=resources(needs))
        # not by its get_executor(): that loses results of a worker that dies after its batch
        inner = self._on_its_loop(_result(future))
        self._waiting.add(inner)
        return PassedOn(inner, self._in_our_words, future.cancel)

    def _words(self) -> tuple[str, str]:
        info = self._client.scheduler_info()
        dashboard = self._client.dashboard_link if "dashboard" in info["services"] else ""
        return f"Dask at {info['address']}, {len(self._workers.there())} workers", dashboard

    def _leave(self) -> None:
        for inner in [self._watch, *self._waiting]:
            inner.cancel()
        self._client.close()

    def _on_its_loop(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._client.loop.asyncio_loop)

    async def _until_missed(self) -> None:
        """End all calls when no worker has been there for too long."""
        self._missed = await self._workers.missed(self._is_waiting)
        for inner in list(self._waiting):
            inner.cancel()

    def _is_waiting(self) -> bool:
        return any(not inner.done() for inner in list(self._waiting))

    def _in_our_words(self, error: BaseException) -> BaseException:
        return self._missed or in_our_words(error)


async def _result(future: Any) -> Any:
    """Return the result of a future of Dask; no worker need keep it any longer."""
    try:
        return await future
    finally:
        future.release()
