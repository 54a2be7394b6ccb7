"""Calls that outlive their workers: what is lost is submitted again, a few times."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self

from wunderkammer.core.engine import ONE_CORE, Engine, Needs
from wunderkammer.core.errors import WorkerLostError

TRIES = 3
"""Workers that may be lost over one call."""


def unmourned(error: WorkerLostError) -> None:
    """Tell nobody that a worker was lost."""


class Resubmitting:
    """An engine whose calls are made again when their worker is lost, up to three times.

    It has the shape of an engine, so a stage that hands out work never sees a lost worker
    either; after the third its future ends with the error.

    Parameters
    ----------
    engine : Engine
        Where calls are made; it is entered and left by others.
    lost : callable
        Is told of each lost worker, in any thread.
    """

    def __init__(self, engine: Engine, lost: Callable[[WorkerLostError], None] = unmourned) -> None:
        self.engine = engine
        self._lost = lost

    @property
    def n_workers(self) -> int:
        """Calls that can be done at the same time."""
        return self.engine.n_workers

    @property
    def n_threads(self) -> int:
        """Threads that a stage may use in the driver's own process."""
        return self.engine.n_threads

    @property
    def about(self) -> str:
        """What and where it is."""
        return self.engine.about

    def n_at_once(self, needs: Needs) -> int:
        """Return how many calls with such needs can be done at the same time."""
        return self.engine.n_at_once(needs)

    def submit(
        self, function: Callable[..., Any], /, *args: Any, needs: Needs = ONE_CORE
    ) -> Future[Any]:
        """Start a call; start it again while there are tries left."""
        return _Persistent(
            lambda: self.engine.submit(function, *args, needs=needs), TRIES, self._lost
        )

    def submit_once(
        self, function: Callable[..., Any], /, *args: Any, needs: Needs = ONE_CORE
    ) -> Future[Any]:
        """Start a call that ends when its worker is lost."""
        return _Persistent(lambda: self.engine.submit(function, *args, needs=needs), 1, self._lost)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Do nothing: the engine belongs to others."""


class _Persistent(Future[Any]):
    """The future of a call that may be made several times."""

    def __init__(
        self,
        submit: Callable[[], Future[Any]],
        n_tries: int,
        lost: Callable[[WorkerLostError], None],
    ) -> None:
        super().__init__()
        self._submit = submit
        self._left = n_tries
        self._lost = lost
        self._begin()

    def cancel(self) -> bool:
        """Cancel the call if no worker has begun it."""
        return self._inner.cancel()

    def _begin(self) -> None:
        self._inner = self._submit()
        self._inner.add_done_callback(self._ended)

    def _ended(self, inner: Future[Any]) -> None:
        """Hand on what came of the call, or make it again."""
        if inner.cancelled():
            super().cancel()
            self.set_running_or_notify_cancel()
            return
        error = inner.exception()
        if isinstance(error, WorkerLostError):
            self._lost(error)
            self._left -= error.n_lost
            if self._left > 0:
                error = self._begun_again()
                if error is None:
                    return
        if error is not None:
            self.set_exception(error)
        else:
            self.set_result(inner.result())

    def _begun_again(self) -> BaseException | None:
        """Make the call once more; return why that cannot be, as when the engine was left."""
        try:
            self._begin()
        except Exception as error:  # noqa: BLE001 - a future carries any error to its reader
            return error
        return None
