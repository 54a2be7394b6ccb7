"""Placing: files below a folder, each whole or not there, flushed many at a time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from wunderkammer.core.together import Together

_PIECE = 1 << 20


class Placing:
    """Puts files below a folder while a block runs; those that are there and equal are left.

    Parameters
    ----------
    target : Path
        The folder; it is made if need be.
    before : callable, optional
        Is called once, before the first file that is not there and equal is written.

    Notes
    -----
    A file is written beside its place, flushed to the disk, and renamed; flushing
    some hundred at once takes a tenth of the time of one after another. A link
    needs no flushing: its bytes are on the disk. The folders are flushed last.
    """

    def __init__(self, target: Path, before: Callable[[], None] = lambda: None) -> None:
        self._target = target
        self._before = before
        self._has_begun = False
        self._together = Together()

    def __enter__(self) -> Self:
        """Take files until the block ends."""
        self._together.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the last in place; after an error remove what is unfinished."""
        self._together.__exit__(kind, error, trace)

    def write(self, name: str, content: bytes) -> None:
        """Place some bytes."""
        goal = self._target / name
        if not goal.is_file() or goal.read_bytes() != content:
            self._begin(goal).write_bytes(content)

    def copy(self, name: str, source: Path) -> None:
        """Place a copy of a file."""
        goal = self._target / name
        if not equal_files(source, goal):
            shutil.copyfile(source, self._begin(goal))

    def link(self, name: str, source: Path) -> None:
        """Place a second name of a file that nobody changes; a copy where none can be."""
        goal = self._target / name
        if equal_files(source, goal):
            return
        self._tell()
        temporary = self._together.beside(goal)
        try:
            os.link(source, temporary)
        except OSError:  # another disk, one without links, or too many of this file
            shutil.copyfile(source, self._together.begin(goal))
            return
        temporary.replace(goal)
        temporary.unlink(missing_ok=True)  # a rename to another name of itself does nothing

    def _begin(self, goal: Path) -> Path:
        self._tell()
        return self._together.begin(goal)

    def _tell(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._before()


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
