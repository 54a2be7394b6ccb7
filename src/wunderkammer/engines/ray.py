"""Ray: workers of a cluster, reached through its head."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from wunderkammer.core.engine import ONE_CORE, Needs
from wunderkammer.core.errors import EngineError, WorkerLostError
from wunderkammer.engines import library
from wunderkammer.engines._cluster import ClusterEngine, no_answer
from wunderkammer.engines._passing import PassedOn


class RayEngine(ClusterEngine):
    """Workers of a Ray cluster; they see the collection at the same path as the driver.

    Parameters
    ----------
    address : str
        Of the head, ``auto`` for the one of this machine; empty: what ``RAY_ADDRESS`` says.

    Raises
    ------
    EngineError
        If the library is not installed, or no cluster answers.
    """

    def __init__(self, address: str) -> None:
        self._ray = library("ray", "ray")
        address = address or os.environ.get("RAY_ADDRESS", "")
        if not address:
            raise EngineError(
                "the engine 'ray' needs the address of a cluster.",
                hint="Start one with 'ray start --head', then: wk run --engine ray --address auto.",
            )
        try:
            context = self._ray.init(
                address=address, log_to_driver=False, logging_level=logging.ERROR
            )
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise no_answer("Ray cluster", address, error) from None
        dashboard = context.dashboard_url
        self._where = f"Ray at {address}", f"http://{dashboard}" if dashboard else ""
        # Ray ends workers after each call that uses a GPU; ours keep their weights.
        self._made = self._ray.remote(max_retries=0, max_calls=0)(_made)

    @property
    def n_workers(self) -> int:
        """Cores of the cluster as of now."""
        return self.n_at_once(ONE_CORE)

    def n_at_once(self, needs: Needs) -> int:
        """Return how many calls fit the cluster; one where no node is there yet."""
        there, wanted = self._ray.cluster_resources(), _resources(needs)
        return max(1, min(int(there.get(name, 0) / value) for name, value in wanted.items()))

    def submit(
        self, function: Callable[..., Any], /, *args: Any, needs: Needs = ONE_CORE
    ) -> Future[Any]:
        """Start a call on a worker."""
        made = self._made.options(
            num_cpus=needs.n_cores, num_gpus=needs.n_gpus, memory=needs.memory_gb * 1e9 or None
        )
        reference = made.remote(partial(function, *args))
        cancel = partial(self._ray.cancel, reference)
        return PassedOn(reference.future(), self._in_our_words, cancel)

    def _words(self) -> tuple[str, str]:
        where, dashboard = self._where
        return f"{where}, {self.n_workers} cores", dashboard

    def _leave(self) -> None:
        self._ray.shutdown()

    def _in_our_words(self, error: BaseException) -> BaseException:
        known = self._ray.exceptions
        gone = (
            known.WorkerCrashedError, known.OutOfMemoryError, known.NodeDiedError,
            known.LocalRayletDiedError, known.ObjectLostError,
        )  # fmt: skip
        if isinstance(error, gone):
            return WorkerLostError(f"a Ray worker died: {str(error).splitlines()[0]}")
        return error.cause if isinstance(error, known.RayTaskError) else error


def _made(call: Callable[[], Any]) -> Any:
    return call()


def _resources(needs: Needs) -> dict[str, float]:
    wanted = {"GPU": needs.n_gpus, "memory": needs.memory_gb * 1e9}
    return {"CPU": needs.n_cores} | {name: value for name, value in wanted.items() if value}
