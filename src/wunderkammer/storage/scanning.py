"""Scanning: which files of a working copy are not what the index says, and holding them still."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from wunderkammer.core.files import TEMPORARY
from wunderkammer.storage import MARK
from wunderkammer.storage.index import Index

_LEFT_OUT = frozenset({MARK, "cache"})
"""Folders of a collection that are this machine's alone: what is in them can be made again."""

_LOCKS = frozenset({".lock", ".lock-holder.json"})
_APPENDED = ".jsonl"
_JOURNALS = "annotations/"


class Found(NamedTuple):
    """A file as it is now: its relative path, its bytes, and by what a change is seen."""

    path: str
    size: int
    stat: str


@dataclass(slots=True)
class Difference:
    """What is not as the index says.

    Attributes
    ----------
    written : list of Found
        New files, and those that were written since.
    gone : list of str
        Files that were removed.
    """

    written: list[Found] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.written or self.gone)


def is_journal(path: str) -> bool:
    """Tell whether this is a journal of annotations, to which several machines may append."""
    return path.startswith(_JOURNALS) and path.endswith((_APPENDED, ".damaged"))


def walk(root: Path, below: str = "") -> Iterator[Found]:
    """Yield every file that belongs to the collection but the journals, sorted by path."""
    folder = root / below
    try:
        entries = [(one.name + "/" * one.is_dir(), one) for one in os.scandir(folder)]
    except FileNotFoundError:
        return
    for name, entry in sorted(entries, key=lambda one: one[0]):
        path = f"{below}{name}"
        if entry.name.startswith(TEMPORARY) or entry.name in _LOCKS:
            continue
        if name.endswith("/"):
            if below or entry.name not in _LEFT_OUT:
                yield from walk(root, path)
        elif not is_journal(path):
            found = looked_at(root, path)
            if found is not None:
                yield found


def looked_at(root: Path, path: str) -> Found | None:
    """Return a file as it is now, None if it has gone."""
    try:
        now = (root / path).stat()
    except FileNotFoundError:
        return None
    return Found(path, now.st_size, f"{now.st_ino}:{now.st_size}:{now.st_mtime_ns}")


def difference(root: Path, index: Index, below: str = "") -> Difference:
    """Compare a working copy, or a folder of it, with the index."""
    found = Difference()
    is_, was = walk(root, below), index.files(below)
    now, before = next(is_, None), next(was, None)
    while now is not None or before is not None:
        if before is None or (now is not None and now.path < before.path):
            assert now is not None
            found.written.append(now)
            now = next(is_, None)
        elif now is None or before.path < now.path:
            if before.here:
                found.gone.append(before.path)
            before = next(was, None)
        else:
            if not before.here or now.stat != before.stat:
                found.written.append(now)
            now, before = next(is_, None), next(was, None)
    return found


def hold(root: Path, path: str, size: int, held: Path) -> None:
    """Keep a file as it is now under another name, whatever becomes of the first.

    Most files are replaced, never changed: a second name (hard link) holds them. Of those
    that are appended to the whole lines are copied.
    """
    held.unlink(missing_ok=True)
    if path.endswith(_APPENDED):
        held.write_bytes(whole_lines(root / path, size))
        return
    try:
        os.link(root / path, held)
    except FileNotFoundError:
        raise
    except OSError:  # a disk without links
        shutil.copyfile(root / path, held)


def whole_lines(path: Path, size: int) -> bytes:
    """Return the lines among the first bytes of a file that are whole."""
    with path.open("rb") as file:
        content = file.read(size)
    return content[: content.rfind(b"\n") + 1]
