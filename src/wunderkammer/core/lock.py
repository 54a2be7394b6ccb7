"""One writer at a time; the second is told who the first is."""

from __future__ import annotations

import datetime as dt
import errno
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from wunderkammer.core.errors import CollectionLockedError
from wunderkammer.core.files import TEMPORARY, read_json, write_json

_LOCK = ".lock"
_HOLDER = ".lock-holder.json"


@contextmanager
def only_writer(root: Path, *, may_only_read: bool = False) -> Iterator[bool]:
    """Hold the collection for this process; the system lets go when the process dies.

    Parameters
    ----------
    root : Path
        The collection's folder.
    may_only_read : bool
        Go on where nothing may be written: who may not write has nothing to keep others from.

    Yields
    ------
    bool
        Whether the holder before this one died while it held: it may have left
        files unfinished.

    Raises
    ------
    CollectionLockedError
        If another process holds it; says which, where and since when.
    """
    lock = FileLock(root / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise _held(root) from None
    except OSError as error:
        if not may_only_read or error.errno not in {errno.EROFS, errno.EACCES, errno.EPERM}:
            raise
        yield False
        return
    died = (root / _HOLDER).exists()
    try:
        for left in root.glob(f"{TEMPORARY}*-{_HOLDER}"):  # of who was killed while it wrote that
            left.unlink(missing_ok=True)
        write_json(root / _HOLDER, _this_process())
        yield died
    finally:
        (root / _HOLDER).unlink(missing_ok=True)
        lock.release()


def held(root: Path) -> CollectionLockedError | None:
    """Return what a writer would be told now; None if it could write. Nothing is changed."""
    try:
        with FileLock(root / _LOCK).acquire(timeout=0):
            return None
    except Timeout:
        return _held(root)


def was_cut_short(root: Path) -> bool:
    """Tell whether a holder died while it held, or holds still."""
    return (root / _HOLDER).exists()


def _this_process() -> dict[str, object]:
    return {
        "pid": os.getpid(),
        "host": platform.node(),
        "since": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "command": " ".join(Path(part).name if n == 0 else part for n, part in enumerate(sys.argv)),
    }


def _held(root: Path) -> CollectionLockedError:
    holder = read_json(root / _HOLDER) or {}
    who = (
        f"process {holder['pid']} on {holder['host']} since {holder['since']} ({holder['command']})"
        if holder
        else "another process"
    )
    return CollectionLockedError(
        f"{root} is being changed by {who}.", hint="Wait until it has finished, or stop it."
    )
