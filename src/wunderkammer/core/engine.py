"""The seam between a run and where its batches are done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Protocol, Self


class Engine(Protocol):
    """The shape of ``concurrent.futures``: submit, wait for the first to finish.

    An engine knows nothing of stages; whatever it is handed can be pickled.
    """

    @property
    def n_workers(self) -> int:
        """Batches that can be done at the same time."""
        ...

    def submit(self, function: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Start a call somewhere and return its future."""
        ...

    def wait_first(self, futures: Collection[Future[Any]]) -> Sequence[Future[Any]]:
        """Return those that are done, waiting until there is one."""
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
        """Stop every worker."""
        ...
