"""The journal of annotations: what people stated, appended to a journal and never changed."""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import json
import os
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wunderkammer.core.files import sync
from wunderkammer.core.seals import seal

FOLDER = "annotations"

_LOCK = ".lock"
_TAIL = 256
"""Bytes before a place by which it is known again."""

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("media_id", "term", "value", "was", "who", "when")]
)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _whoever_runs_this() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


class Annotation(BaseModel):
    """One statement of one person about one medium.

    ``value`` None takes back what was stated before; ``was`` is the value that
    the person saw.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    media_id: str = Field(pattern="^[0-9a-f]{20}$")
    term: str = Field(min_length=1)
    value: str | None
    was: str | None = None
    who: str = Field(default_factory=_whoever_runs_this)
    when: str = Field(default_factory=_now)


class DamagedJournalWarning(UserWarning):
    """The last line of the journal was unfinished; it was put aside and the rest is whole."""


def append(root: Path, annotations: Iterable[Annotation]) -> int:
    """Append to the journal of this month and return how many; on disk when it returns.

    Several processes may append at once. A line that a killed writer left unfinished is put
    aside first, see :func:`mend`. Where the disk takes no more, the journal stays as it was.
    """
    lines = [json.dumps(one.model_dump(), ensure_ascii=False) for one in annotations]
    if not lines:
        return 0
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{dt.datetime.now(dt.UTC):%Y-%m}.jsonl"
    with FileLock(folder / _LOCK):
        _mend(path)
        _write(path, ("\n".join(lines) + "\n").encode())
        with contextlib.suppress(OSError):  # it is stated; the seal comes with the next
            seal(path)
        sync(folder)
    return len(lines)


def mend(root: Path) -> None:
    """Make the journal whole: put aside the last line of a month where it is unfinished.

    What is put aside lies in ``annotations/<month>.damaged``, and a
    :class:`DamagedJournalWarning` says so, once. A last line that only lacks its end of line
    gets it. Where nothing may be written, nothing is mended.
    """
    folder = root / FOLDER
    if not any(_ends_within_a_line(path) for path in files(root)):
        return
    with contextlib.suppress(PermissionError), FileLock(folder / _LOCK):
        for path in files(root):
            _mend(path)


def _mend(path: Path) -> None:
    """Mend one month; the caller holds the lock, so no writer is in the midst of a line."""
    if not _ends_within_a_line(path):
        return
    content = path.read_bytes()
    kept = content.rfind(b"\n") + 1
    if _readable(content[kept:].decode("utf-8", "replace")):
        _write(path, b"\n")
        return
    aside = path.with_suffix(".damaged")
    _write(aside, content[kept:] + b"\n")
    sync(path.parent)
    os.truncate(path, kept)
    sync(path)
    warnings.warn(
        f"the last line of {path.name} was not finished ({len(content) - kept:,} bytes: "
        f"a program was killed, or the disk was full, while it was written). It is kept in "
        f"{FOLDER}/{aside.name}; all statements before it are there.",
        DamagedJournalWarning,
        stacklevel=3,
    )


def _write(path: Path, content: bytes) -> None:
    """Append bytes to a file, all of them or none."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        before = os.fstat(handle).st_size
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, before)
            raise
    finally:
        os.close(handle)


def _ends_within_a_line(path: Path) -> bool:
    """Tell whether a killed writer left the last line unfinished."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def read(root: Path) -> pa.Table:
    """Return all annotations in the order they were made; unreadable lines are left out."""
    rows = Follower(root).news().rows
    # from_pylist would bring pandas, most of a second, where there is nothing to read
    return pa.Table.from_pylist(rows, schema=SCHEMA) if rows else pa.Table.from_batches([], SCHEMA)


class News(NamedTuple):
    """What a follower found.

    Attributes
    ----------
    rows : list of mapping
        Statements that it had not returned before, in the order they were made.
    anew : bool
        Whether they are all there are: the journal is not what it was, or is read first.
    """

    rows: list[dict[str, Any]]
    anew: bool


class _Place(NamedTuple):
    """How far a file was read: its inode, the bytes, and the last of them."""

    inode: int
    offset: int
    tail: bytes


class Follower:
    """Reads a journal again and again, each time only what was appended.

    Parameters
    ----------
    root : Path
        The collection's folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._places: dict[str, _Place] = {}
        self._began = False

    def news(self) -> News:
        """Return what was stated since the last call.

        A line that is just being written is left for the next call; if it is the last of
        all, and a whole statement, it counts.
        """
        months = files(self.root)
        anew = not self._began or not self._is_continued(months)
        if anew:
            self._places = {}
        self._began = True
        rows = [row for path in months for row in self._lines(path)]
        return News(rows, anew)

    def _is_continued(self, months: Sequence[Path]) -> bool:
        """Tell whether all that was read is still there, and nothing came before it."""
        known = list(self._places)
        if [path.name for path in months][: len(known)] != known:
            return False
        last = len(known) - 1
        for n, (path, place) in enumerate(zip(months, self._places.values(), strict=False)):
            found = path.stat()
            if found.st_ino != place.inode or found.st_size < place.offset:
                return False
            if found.st_size == place.offset:
                continue
            if n < last or not _continues(path, place):
                return False
        return True

    def _lines(self, path: Path) -> Iterator[dict[str, Any]]:
        """Yield the statements of a file from where it was read up to, and keep the place."""
        place = self._places.get(path.name, _Place(0, 0, b""))
        with path.open("rb") as file:
            inode = os.fstat(file.fileno()).st_ino
            file.seek(place.offset)
            content = file.read()
        whole = content.rfind(b"\n") + 1
        if _readable(content[whole:].decode("utf-8", "replace")):
            whole = len(content)
        tail = (place.tail + content[:whole])[-_TAIL:]
        self._places[path.name] = _Place(inode, place.offset + whole, tail)
        for line in content[:whole].decode("utf-8", "replace").split("\n"):
            found = _readable(line)
            if found:
                yield found


def _continues(path: Path, place: _Place) -> bool:
    """Tell whether a file still has, before a place, what it had there."""
    with path.open("rb") as file:
        file.seek(place.offset - len(place.tail))
        return file.read(len(place.tail)) == place.tail


def files(root: Path) -> list[Path]:
    """Return the journals of all months, in their order."""
    return sorted((root / FOLDER).glob("*.jsonl"))


def _readable(line: str) -> dict[str, Any] | None:
    """Return the statement of a line, or None if it is none."""
    if not line.strip():
        return None
    try:
        return Annotation.model_validate_json(line).model_dump()
    except ValidationError:
        return None
