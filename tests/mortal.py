"""An engine in this process whose workers die of some media, for tests of what is then done."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Future
from typing import Any, Self

from wunderkammer.core.engine import ONE_CORE, Needs
from wunderkammer.core.errors import WorkerLostError


class MortalEngine:
    """Makes calls at once; a batch that holds a deadly medium costs a worker.

    Parameters
    ----------
    deadly : collection of str
        Ids.
    n_workers : int
        How many it says it has.
    """

    def __init__(self, deadly: Collection[str] = (), n_workers: int = 2) -> None:
        self.deadly, self.n_workers, self.n_threads = set(deadly), n_workers, 1
        self.n_deaths = 0
        self.handed_out: list[int] = []
        self.about = "mortal workers"

    def n_at_once(self, needs: Needs) -> int:
        return self.n_workers

    def submit(
        self, function: Callable[..., Any], /, *args: Any, needs: Needs = ONE_CORE
    ) -> Future[Any]:
        future: Future[Any] = Future()
        ids = set(args[1]["media_id"].to_pylist())
        self.handed_out.append(len(ids))
        if ids & self.deadly:
            self.n_deaths += 1
            future.set_exception(WorkerLostError("a worker was killed by a medium."))
        else:
            future.set_result(function(*args))
        return future

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass
