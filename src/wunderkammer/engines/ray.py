"""Ray: workers of a cluster, reached through its head."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from types import TracebackType
from typing import Any, Self

from wunderkammer.core.engine import ONE_CORE, Needs
from wunderkammer.core.errors import EngineError, WorkerLostError
from wunderkammer.engines import library
from wunderkammer.engines._passing import PassedOn
from wunderkammer.engines.local import cores


class RayEngine:
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
            raise EngineError(
                f"no Ray cluster answers at {address}: {error}.",
                hint="Look whether it runs, and whether this machine may reach it.",
            ) from None
        self._where = f"Ray at {address}", context.dashboard_url
        # Ray ends workers after each call that uses a GPU; ours keep their weights.
        self._made = self._ray.remote(max_retries=0, max_calls=0)(_made)

    @property
    def n_workers(self) -> int:
        """Cores of the cluster as of now."""
        return self.n_at_once(ONE_CORE)

    @property
    def n_threads(self) -> int:
        """Cores of the driver's machine."""
        return cores()

    @property
    def about(self) -> str:
        """Where the cluster is, and its dashboard."""
        where, dashboard = self._where
        words = f"{where}, {self.n_workers} cores"
        return f"{words}, dashboard http://{dashboard}" if dashboard else words

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

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the cluster; it belongs to others."""
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
