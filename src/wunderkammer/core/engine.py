"""The seam between a run and where its batches are done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self


@dataclass(frozen=True, slots=True)
class Needs:
    """What one call needs of the machine that does it; context, never part of a key.

    Attributes
    ----------
    n_cores : int
        Cores it may keep busy.
    n_gpus : float
        GPUs; a quarter where four calls share one.
    memory_gb : float
        Memory; 0 where it is not known.
    """

    n_cores: int = 1
    n_gpus: float = 0.0
    memory_gb: float = 0.0


ONE_CORE = Needs()
"""What is needed where nothing is said."""


class Engine(Protocol):
    """The shape of ``concurrent.futures``: submit, and futures that are done as they finish.

    An engine knows nothing of stages; whatever it is handed can be pickled. A call whose
    worker is gone ends with :class:`~wunderkammer.core.errors.WorkerLostError`: what then
    happens is decided by :mod:`wunderkammer.core.resubmitting`, alike for all engines.
    """

    @property
    def n_workers(self) -> int:
        """Calls that can be done at the same time, at least 1."""
        ...

    @property
    def n_threads(self) -> int:
        """Threads that a stage may use in the driver's own process."""
        ...

    @property
    def about(self) -> str:
        """What and where it is, in words, with the address of its dashboard."""
        ...

    def n_at_once(self, needs: Needs) -> int:
        """Return how many calls with such needs can be done at the same time.

        Raises
        ------
        EngineError
            If no worker there is offers as much.
        """
        ...

    def submit(
        self, function: Callable[..., Any], /, *args: Any, needs: Needs = ONE_CORE
    ) -> Future[Any]:
        """Start a call somewhere and return its future."""
        ...

    def __enter__(self) -> Self:
        """Start."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let every worker go that it started."""
        ...


def wait_first(futures: Collection[Future[Any]]) -> Sequence[Future[Any]]:
    """Return those that are done, waiting until there is one."""
    return list(wait(futures, return_when=FIRST_COMPLETED).done)
