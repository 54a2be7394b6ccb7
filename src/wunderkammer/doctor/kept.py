"""A collection: whether it opens, who holds it, what was left over, and the room it will need."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import wunderkammer
from wunderkammer.core.collection import Collection
from wunderkammer.core.configuration import FILE
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.core.files import TEMPORARY
from wunderkammer.core.lock import held, was_cut_short
from wunderkammer.core.sizes import in_bytes
from wunderkammer.doctor.finding import Finding, note, ok, problem

EACH = 600_000
"""Bytes a medium takes with all that is made of it, where none has been done yet."""

ENTRIES = 200_000
"""Files that are looked at, at most: more are told as so many at least."""

_SHARDS = 16
_OF_MEDIA = ("media", "blobs", "columns", "records")


def kept(root: Path) -> Iterator[Finding]:
    """Yield what is found of a collection; nothing in it is changed.

    Parameters
    ----------
    root : Path
        Its folder.
    """
    try:
        collection = wunderkammer.open(root)
        yield ok("collection", f"{collection.configuration.about.title}: {FILE} can be used")
        yield from _held(root)
        yield from _left_over(root)
        yield from _progress(collection)
    except WunderkammerError as error:
        yield problem("collection", error.message, error.hint or f"Look at {root}.")


def _held(root: Path) -> Iterator[Finding]:
    if not os.access(root, os.W_OK):
        return  # told of the disk
    try:
        holder = held(root)
    except OSError as error:
        yield problem(
            "lock",
            f"the collection cannot be locked: {error.strerror}.",
            "Work on a disk of this machine, or ask its owner for the right to write.",
        )
        return
    if holder is not None:
        yield note("lock", holder.message, holder.hint)
    elif was_cut_short(root):
        yield note(
            "lock",
            "a run was cut short; what it had finished is kept.",
            f"Run it again, and it goes on: wk run -C {root}",
        )
    else:
        yield ok("lock", "nobody else is changing the collection")


def _left_over(root: Path) -> Iterator[Finding]:
    """Say what killed processes left unfinished; it is removed by the next run."""
    n_found = size = 0
    for path, looked_at in _entries(root):
        if path.name.startswith(TEMPORARY):
            n_found += 1
            size += _size(path)
        if looked_at >= ENTRIES:
            break
    if n_found:
        yield note(
            "left over",
            f"{n_found:,} unfinished files or folders ({in_bytes(size)}) of processes that were "
            "stopped; they do no harm.",
            f"The next run removes them: wk run -C {root}",
        )
    else:
        yield ok("left over", "nothing unfinished lies about")


def _progress(collection: Collection) -> Iterator[Finding]:
    stages = collection.status()
    n_failed = sum(one.n_failed for one in stages)
    n_known = max((one.n_done + one.n_failed + max(0, one.n_todo) for one in stages), default=0)
    n_finished = min((one.n_done + one.n_failed for one in stages if one.n_todo), default=n_known)
    if n_failed:
        yield note(
            "failures",
            f"{n_failed:,} media or rows failed in a stage; the others went on.",
            f"See why: wk failures -C {collection.root}",
        )
    todo = [one.group for one in stages if one.n_todo]
    if not todo:
        yield ok("progress", f"every stage is done, {n_known:,} media")
        return
    yield note(
        "progress",
        f"to do: {', '.join(todo)}",
        f"wk run -C {collection.root}",
    )
    yield from _room(collection.root, n_known, min(n_finished, n_known))


def _room(root: Path, n_media: int, n_finished: int) -> Iterator[Finding]:
    """Compare the room that unfinished media will take with what is free."""
    each = EACH
    if n_finished:
        each = max(1, sum(estimated_bytes(root / name) for name in _OF_MEDIA) // n_finished)
    needed = each * (n_media - n_finished) + estimated_bytes(root / "artifacts")
    if not needed:
        return
    free = shutil.disk_usage(root).free
    said = f"what is to do takes about {in_bytes(needed)} more, and {in_bytes(free)} are free"
    if needed > free:
        yield problem("room to come", f"{said}.", "Free some, or move the folder to a larger disk.")
    else:
        yield ok("room to come", said)


def estimated_bytes(folder: Path) -> int:
    """Return about how many bytes lie below a folder.

    Folders of images are spread over 256 by their name: some of these stand for all.
    """
    if not folder.is_dir():
        return 0
    inner = sorted(one for one in folder.iterdir() if one.is_dir())
    spread = [one for one in inner if len(one.name) == 2]
    if len(spread) > _SHARDS:
        step = len(spread) / _SHARDS
        some = [spread[int(n * step)] for n in range(_SHARDS)]
        return int(sum(map(_bytes_below, some)) * step)
    if folder.name == "blobs":
        return sum(map(estimated_bytes, inner))
    return _bytes_below(folder)


def _bytes_below(folder: Path) -> int:
    total = 0
    for path, looked_at in _entries(folder):
        total += _size(path)
        if looked_at >= ENTRIES:
            break
    return total


def _entries(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield everything below a folder, with how many were yielded."""
    n = 0
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            n += 1
            yield Path(parent, name), n


def _size(path: Path) -> int:
    try:
        return 0 if path.is_dir() else path.stat().st_size
    except OSError:
        return 0
