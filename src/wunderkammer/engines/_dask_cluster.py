"""What the Dask engine knows of its cluster: how to reach it, who is there, what went wrong."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import Any

from wunderkammer.core.engine import Needs
from wunderkammer.core.errors import EngineError, WorkerLostError
from wunderkammer.engines import library
from wunderkammer.engines._cluster import no_answer

_EVERY_S = 1.0
"""Workers come and go; who is there is asked for so often at most."""

_PATIENCE = "10 minutes"
"""A run waits so long for a worker, unless Dask's own setting says otherwise."""

_NO_WORKERS = "distributed.scheduler.no-workers-timeout"


def connected(address: str) -> Any:
    """Return a client of the scheduler at an address, or where Dask's own settings say.

    Raises
    ------
    EngineError
        If the library is not installed, or no scheduler answers.
    """
    dask = library("distributed", "dask")
    address = address or library("dask.config", "dask").get("scheduler-address", None) or ""
    if not address:
        raise EngineError(
            "the engine 'dask' needs the address of a scheduler.",
            hint="Start one with 'dask scheduler', then: wk run --engine dask --address "
            "tcp://HOST:8786.",
        )
    file = {"scheduler_file": address} if address.endswith(".json") else {"address": address}
    try:
        return dask.Client(**file, name="wunderkammer", set_as_default=False)
    except (OSError, ValueError) as error:
        raise no_answer("Dask scheduler", address, error) from None


class Workers:
    """The workers of a cluster, as its scheduler knows them.

    Parameters
    ----------
    client : distributed.Client
        Reaches the scheduler.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._known: dict[str, Any] = {}
        self._asked = -math.inf

    def there(self) -> dict[str, Any]:
        """Return who is there, asked for once a second at most."""
        if time.monotonic() - self._asked > _EVERY_S:
            info = self._client.scheduler_info(n_workers=-1)
            self._known, self._asked = dict(info["workers"]), time.monotonic()
        return self._known

    def n_offering(self, needs: Needs) -> int:
        """Return how many workers offer as much; one where no worker is there yet.

        Raises
        ------
        EngineError
            If there are workers and none of them does.
        """
        wanted, workers = resources(needs), self.there()
        offered = [one.get("resources", {}) for one in workers.values()]
        n = sum(all(one.get(k, 0) >= v for k, v in wanted.items()) for one in offered)
        if workers and not n:
            declared = " ".join(f"{name}={value:g}" for name, value in wanted.items())
            raise EngineError(
                f"none of {len(workers)} Dask workers offers {declared}.",
                hint=f"Start workers with --resources '{declared}'.",
            )
        return max(1, n)

    async def missed(self, is_waiting: Callable[[], bool]) -> EngineError:
        """Return what to say when calls have waited too long for any worker at all."""
        seconds = _patience_s()
        since = time.monotonic()
        while time.monotonic() - since <= seconds:
            await asyncio.sleep(min(seconds / 4, 5 * _EVERY_S))
            try:
                if await self._client.scheduler.ncores() or not is_waiting():
                    since = time.monotonic()
            except OSError:
                since = time.monotonic()  # the scheduler is away: its client sees to that
        return EngineError(
            f"no Dask worker was there for {seconds / 60:.2g} minutes. What was finished is kept.",
            hint="Look why they ended in their logs, start some, and run the same command again. "
            "To wait longer: DASK_DISTRIBUTED__SCHEDULER__NO_WORKERS_TIMEOUT='12 hours'.",
        )


def resources(needs: Needs) -> dict[str, float]:
    """Return what workers must have declared; one core is what each has."""
    wanted = {"GPU": needs.n_gpus, "MEMORY": needs.memory_gb}
    wanted["CPU"] = needs.n_cores if needs.n_cores > 1 else 0
    return {name: value for name, value in sorted(wanted.items()) if value}


def in_our_words(error: BaseException) -> BaseException:
    """Return the error of ours that an error of Dask means."""
    if isinstance(error, library("distributed", "dask").KilledWorker):
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


def _patience_s() -> float:
    """Return for how many seconds a run waits for a worker."""
    said = library("dask.config", "dask").get(_NO_WORKERS, None)
    parse = library("dask.utils", "dask").parse_timedelta
    return float(parse(said or _PATIENCE, default="seconds"))
