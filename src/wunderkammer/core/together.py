"""Files that are written one after another, and flushed to the disk together."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from wunderkammer.core.files import beside, sync

_SYNCS = 16
"""Flushes at the same time: a disk does as many in one turn as it has before it."""


class Together:
    """Files that are whole or not there, as many at a time as are flushed in one go.

    Each is written beside its place. :meth:`settle` flushes them all and then
    renames them; so does the end of a block, which flushes the folders too. After
    an error what is unfinished is removed.

    Parameters
    ----------
    most : int
        Files that wait before they are settled.
    """

    def __init__(self, most: int = 512) -> None:
        self._most = most
        self._waiting: dict[Path, Path] = {}
        self._folders: set[Path] = set()

    def __enter__(self) -> Self:
        """Take files until the block ends."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the rest in place; after an error remove it."""
        try:
            if error is None:
                self.settle()
                _sync_all(self._folders)
        finally:
            for temporary in self._waiting.values():
                temporary.unlink(missing_ok=True)

    def begin(self, goal: Path) -> Path:
        """Return where to write what will be at ``goal`` once it is settled."""
        if len(self._waiting) >= self._most:
            self.settle()
        self._waiting[goal] = self.beside(goal)
        return self._waiting[goal]

    def beside(self, goal: Path) -> Path:
        """Return a name beside ``goal``, and flush its folder in the end."""
        if goal.parent not in self._folders:
            goal.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(goal.parent)
        return beside(goal)

    def settle(self) -> None:
        """Flush what waits, and rename it."""
        _sync_all(self._waiting.values())
        while self._waiting:
            goal, temporary = next(iter(self._waiting.items()))
            temporary.replace(goal)
            del self._waiting[goal]


def _sync_all(paths: Iterable[Path]) -> None:
    listed = list(paths)
    if listed:
        with ThreadPoolExecutor(min(_SYNCS, len(listed))) as pool:
            list(pool.map(sync, listed))
