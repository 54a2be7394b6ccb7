"""What the engines over a cluster share: it belongs to others, and is left as it was found."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from wunderkammer.core.errors import EngineError
from wunderkammer.engines.local import cores


class ClusterEngine(ABC):
    """An engine whose workers others have started; they see the collection at the same path."""

    @property
    def n_threads(self) -> int:
        """Cores of the driver's machine."""
        return cores()

    @property
    def about(self) -> str:
        """Where the cluster is, how much of it is there, and its dashboard."""
        words, dashboard = self._words()
        return f"{words}, dashboard {dashboard}" if dashboard else words

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the cluster, and whatever is not done."""
        self._leave()

    @abstractmethod
    def _words(self) -> tuple[str, str]:
        """Return where the cluster is and how much is there, and the dashboard's address."""

    @abstractmethod
    def _leave(self) -> None:
        """Let go of the cluster."""


def no_answer(whose: str, address: str, error: Exception) -> EngineError:
    """Return what to say when nobody is there at an address."""
    return EngineError(
        f"no {whose} answers at {address}: {error}.",
        hint="Look whether it runs, and whether this machine may reach it.",
    )
