"""Files that are either whole or not there: temporary file, fsync, rename."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wunderkammer.core.errors import DamagedFileError

TEMPORARY = ".tmp-"
"""Begins the name of every unfinished file and folder."""

_HERE = secrets.token_hex(4)
"""Tells processes of several machines apart that have the same number and share a disk."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})
"""What the system says when a disk takes no more: it is no medium's fault."""

NOT_A_MEDIUMS = NO_ROOM | {errno.EACCES, errno.EPERM}
"""What the system says where a file cannot be stored: it fails every medium, or none."""

HOW_TO_MEND = "'wk verify --repair' sets aside what 'wk run' can make again, and names the rest."

_OLD = "old-"
_UNFINISHED = re.compile(rf"{re.escape(TEMPORARY)}[0-9a-f]{{8}}-(?P<process>\d+)-(?P<name>.+)")
_CHUNK = 1 << 20
_SYNCS = 16


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; rename it there when the block succeeds.

    The file is flushed to disk before the rename and its folder after it, so a
    power cut leaves the old content or the new, never a part of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = beside(path)
    try:
        yield temporary
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def folder_written_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary folder beside ``path``; rename it there when the block succeeds.

    A folder that is there already is replaced: it is put aside whole and removed when the new
    one has its name, so that nobody finds a part of it. Files inside are flushed by whoever
    wrote them with :func:`written_whole`, or here.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_left_of(path)
    temporary = beside(path)
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        yield temporary
        _sync_below(temporary)
        _replace_folder(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _replace_folder(temporary: Path, path: Path) -> None:
    """Give a folder its name; who had that name before is removed after."""
    old = beside(path.with_name(f"{_OLD}{path.name}"))
    if path.exists():
        path.rename(old)
    try:
        temporary.rename(path)
    except OSError:
        if old.exists():
            old.rename(path)
        raise
    sync(path.parent)
    shutil.rmtree(old, ignore_errors=True)


def beside(path: Path) -> Path:
    """Return the name of what is unfinished beside ``path``: of this process, on this machine."""
    return path.parent / f"{TEMPORARY}{_HERE}-{os.getpid()}-{path.name}"


def sync(path: Path) -> None:
    """Flush a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_below(folder: Path) -> None:
    """Flush all files of a folder, then the folders; many at a time share a disk's turn."""
    folders = [(Path(parent), names) for parent, _, names in os.walk(folder)]
    with ThreadPoolExecutor(_SYNCS) as pool:
        for _ in pool.map(sync, (parent / name for parent, names in folders for name in names)):
            pass
        for _ in pool.map(sync, (parent for parent, _ in folders)):
            pass


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole."""
    with written_whole(path) as temporary:
        temporary.write_bytes(content)


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file whole, keys sorted, for people to read too."""
    write_bytes(path, json_bytes(value))


def json_bytes(value: Any) -> bytes:
    """Return a value as JSON, keys sorted, a line each."""
    return f"{json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)}\n".encode()


def read_json(path: Path) -> Any:
    """Return the content of a JSON file, or None if there is no such file.

    Raises
    ------
    DamagedFileError
        If it is no JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise DamagedFileError(f"{path} cannot be read: {error}.", hint=HOW_TO_MEND) from None


def file_sha256(path: Path) -> str:
    """Return the SHA-256 (hex) of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def remove_unfinished(folder: Path) -> None:
    """Remove what killed processes left unfinished below ``folder``."""
    for found in folder.rglob(f"{TEMPORARY}*"):
        _remove(found)


def remove_left_of(path: Path) -> None:
    """Remove what killed processes left beside a file or folder that they were writing.

    Outside a collection there is no lock: what a process that still runs is writing stays.
    """
    for found in path.parent.glob(f"{TEMPORARY}*"):
        match = _UNFINISHED.fullmatch(found.name)
        if match and match["name"].removeprefix(_OLD) == path.name and not _runs(match["process"]):
            _remove(found)


def remove_left_below(folder: Path) -> None:
    """Remove what killed processes left unfinished below a folder that is not ours alone."""
    for found in folder.rglob(f"{TEMPORARY}*"):
        match = _UNFINISHED.fullmatch(found.name)
        if match and not _runs(match["process"]):
            _remove(found)


def _runs(process: str) -> bool:
    """Tell whether a process runs on this machine; where nobody can tell, it does."""
    if os.name != "posix":
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _remove(found: Path) -> None:
    if found.is_dir():
        shutil.rmtree(found, ignore_errors=True)
    else:
        found.unlink(missing_ok=True)
