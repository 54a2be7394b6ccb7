"""What a run tells those who watch it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from wunderkammer.core.lanes import LaneState
from wunderkammer.core.provenance import StageRun


class Progress(Protocol):
    """Watches a run; the command line draws it, a library user may log it."""

    def stage_begins(self, group: str, n_todo: int, n_fresh: int) -> None:
        """Learn that a stage starts; ``n_todo`` is -1 if it cannot be known."""
        ...

    def advanced(self, group: str, n_done: int, n_failed: int) -> None:
        """Learn that so many more media were done or failed."""
        ...

    def lanes_stand(self, group: str, lanes: Sequence[LaneState]) -> None:
        """Learn how the lanes of a stream stage stand, such as the hosts of a download."""
        ...

    def stands(self, group: str, text: str) -> None:
        """Learn in words how far a table stage is."""
        ...

    def stage_ends(self, run: StageRun) -> None:
        """Learn what a stage did."""
        ...


class Silent:
    """Watches and says nothing."""

    def stage_begins(self, group: str, n_todo: int, n_fresh: int) -> None:
        """Do nothing."""

    def advanced(self, group: str, n_done: int, n_failed: int) -> None:
        """Do nothing."""

    def lanes_stand(self, group: str, lanes: Sequence[LaneState]) -> None:
        """Do nothing."""

    def stands(self, group: str, text: str) -> None:
        """Do nothing."""

    def stage_ends(self, run: StageRun) -> None:
        """Do nothing."""
