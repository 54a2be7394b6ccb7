"""Journals in a bucket: statements of people on several machines are all kept.

A journal is only appended to. What was appended here since it was last equal to its
object is appended to whatever others have made of that object meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock

from wunderkammer.core.files import write_bytes
from wunderkammer.core.journal import FOLDER
from wunderkammer.storage.index import Index
from wunderkammer.storage.manifest import Entry, object_name
from wunderkammer.storage.scanning import is_journal
from wunderkammer.storage.store import Store


def merged(root: Path, index: Index, store: Store, theirs: Mapping[str, Entry]) -> dict[str, Entry]:
    """Bring the journals here and in the bucket together; return what they now are.

    Parameters
    ----------
    root : Path
        The working copy. Its journals hold all statements when this returns.
    index : Index
        What they were when they were last equal; it is not changed.
    store : Store
        Objects that are new are written there.
    theirs : mapping of str to Entry
        The journals as the newest manifest names them.
    """
    before = index.journals()
    here = {
        path.relative_to(root).as_posix()
        for path in (root / FOLDER).glob("*")
        if is_journal(path.relative_to(root).as_posix())
    }
    result = dict(theirs)
    for name in sorted(here | set(theirs)):
        made = _merged_one(root / name, before.get(name), store, theirs.get(name))
        if made is not None:
            result[name] = made
    return result


def differ(root: Path, theirs: Mapping[str, Entry]) -> bool:
    """Tell whether a journal here has whole lines that a manifest's has not."""
    for path in (root / FOLDER).glob("*"):
        name = path.relative_to(root).as_posix()
        if is_journal(name):
            content = _whole(path.read_bytes())
            if content and (name not in theirs or not _is(content, theirs[name])):
                return True
    return False


def _merged_one(
    path: Path, before: Entry | None, store: Store, theirs: Entry | None
) -> Entry | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.parent / ".lock"):
        mine = path.read_bytes() if path.exists() else b""
        if theirs is None:
            content = _whole(mine)
        elif _is(mine, theirs):
            return theirs
        else:
            others = store.read(theirs.object) or b""
            added = b"" if others.startswith(mine) else _appended(mine, before)
            content = others + _whole(added)
            write_bytes(path, content + mine[len(_whole(mine)) :])
    if theirs is not None and _is(content, theirs):
        return theirs
    if not content:
        return None
    sha256 = hashlib.sha256(content).hexdigest()
    name = object_name(sha256)
    store.put(name, content)
    return Entry(object=name, size=len(content), sha256=sha256)


def _appended(mine: bytes, before: Entry | None) -> bytes:
    """Return what was appended since a journal was equal to an object; all if it never was."""
    if before is not None and _is(mine[: before.size], before):
        return mine[before.size :]
    return mine


def _whole(content: bytes) -> bytes:
    """Return the whole lines; the last may just be being written."""
    return content[: content.rfind(b"\n") + 1]


def _is(content: bytes, entry: Entry) -> bool:
    return len(content) == entry.size and hashlib.sha256(content).hexdigest() == entry.sha256
