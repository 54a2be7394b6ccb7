"""Seals: digests of what was appended to a journal, so that a changed line is found.

Beside ``annotations/<month>.jsonl`` lies ``<month>.seals``: a line for each time something was
appended, with the first byte of it, the byte after its last, its SHA-256, and a check of these
three. A line is sealed after it is on disk: what lies after the last seal was appended by a
program that was killed, and is sealed with what is appended next.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SUFFIX = ".seals"

_LINE_BYTES = 256
_CHUNK = 1 << 20


class Seal(NamedTuple):
    """One sealed piece of a journal: from a byte up to, not including, another."""

    first: int
    end: int
    sha256: str

    def line(self) -> str:
        """Return it as it is written."""
        text = f"{self.first} {self.end} {self.sha256}"
        return f"{text} {_check(text)}\n"


class Broken(NamedTuple):
    """Sealed lines that are not what they were: the first and the last, from 1."""

    first_line: int
    last_line: int


class Sealed(NamedTuple):
    """How a journal stands against its seals.

    Attributes
    ----------
    broken : list of Broken
        Lines that were changed.
    n_missing : int
        Sealed bytes that are no longer there.
    is_sound : bool
        Whether the seals themselves are as they were written.
    """

    broken: list[Broken]
    n_missing: int
    is_sound: bool


def seal(journal: Path) -> None:
    """Seal what was appended since the last seal; the caller keeps other writers away."""
    size = journal.stat().st_size
    last = _last(journal.with_suffix(SUFFIX))
    first = 0 if last is None else last.end
    if first >= size:
        return  # nothing is new, or sealed lines are gone: that stays to be found
    line = Seal(first, size, _digest(journal, first, size)).line().encode()
    handle = os.open(journal.with_suffix(SUFFIX), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        before = os.fstat(handle).st_size
        tail = os.pread(handle, _LINE_BYTES, max(0, before - _LINE_BYTES))
        before -= len(tail) - (tail.rfind(b"\n") + 1)  # what a power cut tore
        os.ftruncate(handle, before)
        if os.write(handle, line) != len(line):
            os.ftruncate(handle, before)  # the disk is full: it is sealed with what comes next
        os.fsync(handle)
    finally:
        os.close(handle)


def check(journal: Path) -> Sealed:
    """Hold a journal against its seals; without seals nothing can be wrong."""
    seals, is_sound = _read(journal.with_suffix(SUFFIX))
    size = journal.stat().st_size if journal.exists() else 0
    broken = []
    for one in seals:
        end = min(one.end, size)
        if one.first < end and _digest(journal, one.first, one.end) != one.sha256:
            before = _lines(journal, 0, one.first)
            broken.append(Broken(before + 1, before + max(1, _lines(journal, one.first, end))))
    missing = max((one.end for one in seals), default=0) - size
    return Sealed(broken, max(0, missing), is_sound)


def _read(path: Path) -> tuple[list[Seal], bool]:
    """Return the seals that can be read, and whether all can; the last may be torn."""
    if not path.exists():
        return [], True
    *lines, _torn = path.read_text(encoding="utf-8", errors="replace").split("\n")
    found = [_parsed(line) for line in lines]
    seals = [one for one in found if one is not None]
    return seals, len(seals) == len(found)


def _last(path: Path) -> Seal | None:
    """Return the last seal, from the end of the file."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LINE_BYTES))
        lines = file.read().decode("utf-8", "replace").split("\n")
    found = [one for one in map(_parsed, lines) if one is not None]
    return found[-1] if found else None


def _parsed(line: str) -> Seal | None:
    text, _, check_ = line.rpartition(" ")
    if not text or _check(text) != check_:
        return None
    first, end, sha256 = text.split(" ")
    return Seal(int(first), int(end), sha256)


def _check(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _digest(path: Path, first: int, end: int) -> str:
    digest = hashlib.sha256()
    for piece in _pieces(path, first, end):
        digest.update(piece)
    return digest.hexdigest()


def _lines(path: Path, first: int, end: int) -> int:
    return sum(piece.count(b"\n") for piece in _pieces(path, first, end))


def _pieces(path: Path, first: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while first < end and (piece := file.read(min(_CHUNK, end - first))):
            first += len(piece)
            yield piece
