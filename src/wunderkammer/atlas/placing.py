"""Placing: files below a folder, each whole or not there, flushed many at a time."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from wunderkammer.core.files import TEMPORARY, sync

_WAITING = 512
_SYNCS = 16
_PIECE = 1 << 20


class Placing:
    """Puts files below a folder while a block runs; those that are there and equal are left.

    Parameters
    ----------
    target : Path
        The folder; it is made if need be.

    Notes
    -----
    A file is written beside its place, flushed to the disk, and renamed; flushing
    some hundred at once takes a tenth of the time of one after another. A link
    needs no flushing: its bytes are on the disk. The folders are flushed last.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._waiting: list[tuple[Path, Path]] = []
        self._folders: set[Path] = set()
        self._pool = ThreadPoolExecutor(_SYNCS)

    def __enter__(self) -> Self:
        """Take files until the block ends."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the last in place; after an error remove what is unfinished."""
        try:
            if error is None:
                self._settle()
                list(self._pool.map(sync, self._folders))
        finally:
            self._pool.shutdown()
            for temporary, _ in self._waiting:
                temporary.unlink(missing_ok=True)

    def write(self, name: str, content: bytes) -> None:
        """Place some bytes."""
        goal = self._target / name
        if not goal.is_file() or goal.read_bytes() != content:
            self._wait(goal).write_bytes(content)

    def copy(self, name: str, source: Path) -> None:
        """Place a copy of a file."""
        goal = self._target / name
        if not equal_files(source, goal):
            shutil.copyfile(source, self._wait(goal))

    def link(self, name: str, source: Path) -> None:
        """Place a second name of a file that nobody changes; a copy where none can be."""
        goal = self._target / name
        if equal_files(source, goal):
            return
        temporary = self._beside(goal)
        try:
            os.link(source, temporary)
        except OSError:  # another disk, one without links, or too many of this file
            shutil.copyfile(source, self._wait(goal))
            return
        temporary.replace(goal)
        temporary.unlink(missing_ok=True)  # a rename to another name of itself does nothing

    def _beside(self, goal: Path) -> Path:
        """Return where to write what will be at ``goal``."""
        if goal.parent not in self._folders:
            goal.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(goal.parent)
        return goal.parent / f"{TEMPORARY}{os.getpid()}-{goal.name}"

    def _wait(self, goal: Path) -> Path:
        if len(self._waiting) >= _WAITING:
            self._settle()
        self._waiting.append((self._beside(goal), goal))
        return self._waiting[-1][0]

    def _settle(self) -> None:
        """Flush what waits, and rename it."""
        list(self._pool.map(sync, [temporary for temporary, _ in self._waiting]))
        while self._waiting:
            temporary, goal = self._waiting[-1]
            temporary.replace(goal)
            self._waiting.pop()


def equal_files(one: Path, other: Path) -> bool:
    """Whether two files are there and have the same bytes; names of one file have."""
    try:
        here, there = one.stat(), other.stat()
    except FileNotFoundError:
        return False
    if (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino):
        return True
    if here.st_size != there.st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while True:
            piece = first.read(_PIECE)
            if piece != second.read(_PIECE):
                return False
            if not piece:
                return True
