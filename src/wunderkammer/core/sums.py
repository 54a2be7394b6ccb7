"""Digests of stored files: noted in ``_SHA256SUMS`` beside a file before it has its name.

The notes of a folder are what ``sha256sum -c`` reads, with the lengths as comments. They
come in blocks, each with a check of its own, so that damage to the notes is told from damage
to a file. While rows are being made, blocks are appended after a first one, which says what
must be there: in a new folder, nothing. :func:`settle` leaves one block, in the order of the
names, so that the same files have the same notes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from wunderkammer.core.ahead import ahead
from wunderkammer.core.files import (
    TEMPORARY,
    file_sha256,
    folder_written_whole,
    json_bytes,
    sync,
    write_bytes,
    written_whole,
)

SUMS = "_SHA256SUMS"
"""Name of the notes of a folder."""

_BEGIN = "# SHA-256 of the files of this folder; 'sha256sum -c _SHA256SUMS' looks at them too."
_BYTES, _REMOVED, _CHECK = "# bytes ", "# removed ", "# check "
_DIGITS = 16
_THREADS = 8


class Sum(NamedTuple):
    """What was noted of a file: SHA-256 in hexadecimal, length in bytes."""

    sha256: str
    n_bytes: int


@dataclass(slots=True)
class Sums:
    """The notes of a folder.

    Attributes
    ----------
    noted : dict of str to list of Sum
        By the file's name below the folder; several where a file was being replaced: it then
        has the bytes of one of them.
    expected : set of str
        Files that must be there: others may have been noted and never renamed, or removed.
    n_blocks : int
        One where nothing has changed since the notes were settled.
    checks : list of str
        The check of each block.
    damaged : list of list of str
        The lines of each block that does not give its check.
    is_sound : bool
        Whether the notes are as they were written.
    is_settled : bool
        Whether they are one block without anything else.
    """

    noted: dict[str, list[Sum]] = field(default_factory=dict)
    expected: set[str] = field(default_factory=set)
    n_blocks: int = 0
    checks: list[str] = field(default_factory=list)
    damaged: list[list[str]] = field(default_factory=list)
    is_sound: bool = True
    is_settled: bool = False

    def explained_by(self, actual: Mapping[str, Sum]) -> bool:
        """Tell whether each damaged block gives its check with what files are in truth."""
        return bool(self.damaged) and all(_gives(block, actual) for block in self.damaged)


def sum_of(path: Path) -> Sum:
    """Return the digest and length of a file."""
    return Sum(file_sha256(path), path.stat().st_size)


def note(folder: Path, sums: Mapping[str, Sum], removed: Iterable[str] = ()) -> None:
    """Append digests to the notes of a folder, or that files are removed; on disk on return."""
    lines = [*_lines(sums.items()), *(f"{_REMOVED}{name}" for name in removed)]
    if not lines:
        return
    path = folder / SUMS
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        before = os.fstat(handle).st_size
        torn = before > 0 and os.pread(handle, 1, before - 1) != b"\n"
        try:
            first = "" if before else _block(())
            rest = memoryview(b"\n" * torn + f"{first}{_block(lines)}".encode())
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, before)
            if not before:
                path.unlink()
            raise
    finally:
        os.close(handle)
    if is_new:
        sync(folder)


@contextmanager
def written_noted(path: Path) -> Iterator[Path]:
    """Yield a temporary path; note the file's digest, then give it its name.

    See :func:`wunderkammer.core.files.written_whole`.
    """
    with written_whole(path) as temporary:
        yield temporary
        note(path.parent, {path.name: sum_of(temporary)})


@contextmanager
def folder_written_noted(path: Path) -> Iterator[Path]:
    """Yield a temporary folder; note what is in it, then give it its name.

    See :func:`wunderkammer.core.files.folder_written_whole`. An empty folder has no notes.
    """
    with folder_written_whole(path) as temporary:
        yield temporary
        note_all(temporary)


def write_noted_json(path: Path, value: Any) -> None:
    """Write a JSON file whole, and note its digest before it has its name."""
    with written_noted(path) as temporary:
        temporary.write_bytes(json_bytes(value))


def remove_noted(folder: Path, names: Iterable[str]) -> None:
    """Remove files of a folder, and note that before."""
    listed = list(names)
    known = read_sums(folder).noted.keys() & set(listed)
    note(folder, {}, [name for name in listed if name in known])
    present = [folder / name for name in listed if (folder / name).exists()]
    for path in present:
        path.unlink(missing_ok=True)
    for parent in {path.parent for path in present}:
        sync(parent)


def note_all(folder: Path) -> None:
    """Note every file below a folder, in place of what was noted; nothing if there is none."""
    write_sums(folder, _names_below(folder))


def write_sums(folder: Path, names: Iterable[str]) -> None:
    """Note some files of a folder, in place of what was noted; nothing if there is none."""
    listed = sorted(names)
    if listed:
        found = ahead(lambda name: (name, sum_of(folder / name)), listed, n_threads=_THREADS)
        write_known(folder, found)


def write_known(folder: Path, sums: Iterable[tuple[str, Sum]]) -> None:
    """Note files of which the digests are known, in place of what was noted, one at a time."""
    check = hashlib.sha256(_BEGIN.encode())
    with written_whole(folder / SUMS) as temporary, temporary.open("wb") as file:
        file.write(f"{_BEGIN}\n".encode())
        for one in sums:
            lines = "\n".join(_lines([one])).encode()
            check.update(b"\n" + lines)
            file.write(lines + b"\n")
        file.write(f"{_CHECK}{check.hexdigest()[:_DIGITS]}\n".encode())


def each_known(folder: Path) -> Iterator[tuple[str, Sum] | None]:
    """Yield what :func:`write_known` noted, one at a time; at last None if it is not sound."""
    check, said, last = hashlib.sha256(), "", ""
    with (folder / SUMS).open(encoding="utf-8", errors="replace", newline="\n") as file:
        for line in file:
            text = line.removesuffix("\n")
            if text.startswith(_CHECK):
                said = text.removeprefix(_CHECK)
                continue
            check.update(f"\n{text}".encode() if last else text.encode())
            if text.startswith(_BYTES) and not last.startswith("#"):
                digest, _, name = last.partition("  ")
                digits = text.removeprefix(_BYTES)
                yield name, Sum(digest, int(digits) if digits.isdecimal() else -1)
            last = text
    if said != check.hexdigest()[:_DIGITS]:
        yield None


def are_known(folder: Path) -> bool:
    """Tell whether a folder has notes that are as :func:`write_known` wrote them."""
    return (folder / SUMS).exists() and all(one is not None for one in each_known(folder))


def settle(folder: Path) -> None:
    """Leave one block in the notes of a folder: of files that are there, in order of name.

    Of a file of which several digests were noted, that one stays which it has. A file that
    has none of them keeps the last, and one that is gone without a note keeps its own: both
    are damage, and are found as such. Notes that are not sound are left as they are.
    """
    if not (folder / SUMS).exists():
        return
    found = read_sums(folder)
    if found.is_settled or not found.is_sound:
        return
    kept: dict[str, Sum] = {}
    for name, sums in sorted(found.noted.items()):
        if (folder / name).exists():
            kept[name] = sums[-1] if len(set(sums)) == 1 else _actual(folder / name, sums)
        elif name in found.expected:
            kept[name] = sums[-1]
    write_bytes(folder / SUMS, _block(_lines(kept.items())).encode())


def read_sums(folder: Path) -> Sums:
    """Return the notes of a folder; empty if there are none."""
    found = Sums()
    try:
        text = (folder / SUMS).read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return found
    *lines, rest = text.split("\n")
    block: list[str] = []
    is_torn = bool(rest)
    for line in lines:
        if line == _BEGIN and block:  # what a power cut tore: nothing was named after it
            is_torn = True
            _take(found, block, is_whole=False)
            block = []
        block.append(line)
        if line.startswith(_CHECK):
            _take(found, block, is_whole=True)
            block = []
    if block:
        is_torn = True
        _take(found, [*block, rest], is_whole=False)
    found.is_sound &= found.n_blocks > 0
    found.is_settled = found.is_sound and found.n_blocks == 1 and not is_torn
    return found


def check_of(sums: Iterable[tuple[str, Sum]]) -> str:
    """Return the check that settled notes of these files have."""
    return _check([_BEGIN, *_lines(sums)])


def _take(found: Sums, block: list[str], *, is_whole: bool) -> None:
    """Add a block to the notes; what one without a check says may be so, and need not."""
    *lines, last = block
    if is_whole:
        found.n_blocks += 1
        found.checks.append(last.removeprefix(_CHECK))
        if lines[:1] != [_BEGIN] or _check(lines) != found.checks[-1]:
            found.is_sound = False
            found.damaged.append(block)
    name = ""
    for line in lines:
        if line.startswith(_REMOVED):
            found.expected.discard(line.removeprefix(_REMOVED))
        elif line.startswith(_BYTES) and name:
            digits = line.removeprefix(_BYTES)
            n_bytes = int(digits) if digits.isdecimal() else -1
            found.noted[name][-1] = found.noted[name][-1]._replace(n_bytes=n_bytes)
        elif not line.startswith("#"):
            digest, _, name = line.partition("  ")
            if not name:  # a check whose first sign was damaged names no file
                continue
            found.noted.setdefault(name, []).append(Sum(digest, -1))
            if is_whole and found.n_blocks == 1:
                found.expected.add(name)


def _gives(block: list[str], actual: Mapping[str, Sum]) -> bool:
    """Tell whether a block gives its check once its lines say what the files it names are."""
    lines = [_BEGIN]
    for line in block[1:-1]:
        name = line.partition("  ")[2]
        if line.startswith(_REMOVED):
            lines.append(line)
        elif name in actual:
            lines += _lines([(name, actual[name])])
    return _check(lines) == block[-1].removeprefix(_CHECK)


def _names_below(folder: Path) -> Iterator[str]:
    """Yield the files below a folder in the order of their names, but for what is unfinished."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    yield from sorted(one for one in names if one != SUMS and TEMPORARY not in one)


def _actual(path: Path, sums: list[Sum]) -> Sum:
    actual = sum_of(path)
    return actual if actual in sums else sums[-1]


def _lines(sums: Iterable[tuple[str, Sum]]) -> list[str]:
    return [
        line
        for name, (digest, n_bytes) in sums
        for line in (f"{digest}  {name}", f"{_BYTES}{n_bytes}")
    ]


def _block(lines: Iterable[str]) -> str:
    whole = [_BEGIN, *lines]
    return "\n".join([*whole, f"{_CHECK}{_check(whole)}"]) + "\n"


def _check(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:_DIGITS]
