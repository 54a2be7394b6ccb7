"""The disk: room, and whether its file system does what keeps a collection whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from wunderkammer.core.files import TEMPORARY, sync
from wunderkammer.core.limits import SYSTEM
from wunderkammer.core.sizes import in_bytes
from wunderkammer.doctor.finding import Finding, note, ok, problem

LITTLE, LEAST = 10_000_000_000, 1_000_000_000
_FEW_NODES = 100_000

NETWORKS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "ceph", "lustre", "beegfs", "gpfs",
     "glusterfs", "fuse.sshfs", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.rclone", "fuse.s3fs"}
)  # fmt: skip
_BUCKETS = frozenset({"fuse.rclone", "fuse.s3fs", "fuse.gcsfuse", "fuse.blobfuse2", "fuse.goofys"})
_SMALL_FILES = frozenset({"vfat", "msdos"})
_FLEETING = {
    "tmpfs": "is kept in memory and gone when the machine restarts",
    "ramfs": "is kept in memory and gone when the machine restarts",
    "overlay": "belongs to a container and is gone when that is removed",
}


def disk(folder: Path, system: Path = SYSTEM) -> Iterator[Finding]:
    """Yield what is found of the disk that a folder lies on; what is tried there is removed.

    Parameters
    ----------
    folder : Path
        The folder of a collection, or where one would be made.
    system : Path
        Where the system tells of itself.
    """
    if not folder.is_dir():
        yield problem(
            "folder", f"{folder} is no folder.", "Name one that is there: wk doctor -C PATH"
        )
        return
    yield from _room(folder)
    yield from _kind(folder, system)
    try:
        trial = Path(tempfile.mkdtemp(prefix=f"{TEMPORARY}doctor-", dir=folder))
    except OSError as error:
        yield problem(
            "writing",
            f"nothing can be written to {folder}: {error.strerror}.",
            "Ask its owner for the right to write, or choose another folder with -C.",
        )
        return
    try:
        yield from _whole_files(trial)
        yield from _locks(trial)
        yield _letters(trial)
    finally:
        shutil.rmtree(trial, ignore_errors=True)


def _room(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    said = f"{in_bytes(free)} free at {folder}"
    if free < LEAST:
        yield problem("room", f"{said}: too little to work in.", "Free some, or use another disk.")
    elif free < LITTLE:
        yield note(
            "room", f"{said}: little for images and tiles.", "Watch it, or use another disk."
        )
    else:
        yield ok("room", said)
    if hasattr(os, "statvfs"):
        found = os.statvfs(folder)
        if found.f_files and found.f_favail < _FEW_NODES:
            yield note(
                "number of files",
                f"this disk takes {found.f_favail:,} more files; some come with each medium.",
                "Remove files that nobody needs, or use another disk.",
            )


def _kind(folder: Path, system: Path) -> Iterator[Finding]:
    kind = file_system(folder, system)
    if kind in _BUCKETS:
        yield problem(
            "file system",
            f"{folder} lies in object storage ({kind}), which cannot rename whole files at once.",
            "Work on a disk of this machine, and copy the published atlas there.",
        )
    elif kind in NETWORKS:
        yield note(
            "file system",
            f"{folder} lies on a network ({kind}): many small files are slow there, and one "
            "machine may not see that another is writing.",
            "Run wk on one machine at a time, or work on a disk of this machine.",
        )
    elif kind in _SMALL_FILES:
        yield note(
            "file system",
            f"{folder} lies on a {kind} disk, whose files end at 4.3 GB: tiles of a large "
            "collection are larger.",
            "Use a disk formatted otherwise, such as exFAT, NTFS, APFS or ext4.",
        )
    elif kind in _FLEETING:
        yield note(
            "file system",
            f"{folder} {_FLEETING[kind]}.",
            "Keep collections in a folder that stays, such as a mounted one.",
        )
    elif kind:
        yield ok("file system", f"{kind}, on this machine")


def file_system(folder: Path, system: Path = SYSTEM) -> str:
    """Return the kind of the file system that a folder lies on; empty where nobody says."""
    try:
        lines = (system / "proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    whole = folder.resolve()
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(before.split()[4].encode().decode("unicode_escape"))
        if whole.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split()[0]
    return kind


def _whole_files(trial: Path) -> Iterator[Finding]:
    """Try what every write of ours is made of."""
    try:
        (trial / "old").write_text("old", encoding="utf-8")
        (trial / "new").write_text("new", encoding="utf-8")
        sync(trial / "new")
        (trial / "new").replace(trial / "old")
        sync(trial)
        whole = (trial / "old").read_text(encoding="utf-8") == "new"
    except OSError as error:
        yield problem(
            "whole files",
            f"a file cannot be written, flushed and renamed there: {error.strerror}.",
            "Work on a disk of this machine; a power cut could leave half a file here.",
        )
        return
    if whole:
        yield ok("whole files", "files are written, flushed to the disk and renamed whole")
    else:
        yield problem(
            "whole files",
            "a renamed file still shows its old content.",
            "Work on a disk of this machine.",
        )


def _locks(trial: Path) -> Iterator[Finding]:
    """Try whether a second writer is kept out."""
    from filelock import FileLock, Timeout

    first, second = FileLock(trial / "lock"), FileLock(trial / "lock")
    try:
        with first.acquire(timeout=0):
            try:
                second.acquire(timeout=0)
            except Timeout:
                yield ok("locks", "a second writer is kept out")
                return
            second.release()
    except (OSError, NotImplementedError, Timeout) as error:
        said = f"files cannot be locked there: {error}."
    else:
        said = "a second writer is not kept out there."
    yield problem(
        "locks", said, "Work on a disk of this machine, or never run two commands at once."
    )


def _letters(trial: Path) -> Finding:
    (trial / "Aa").touch()
    if (trial / "aA").exists():
        return note(
            "letters",
            "names that differ only in capitals are one file here: 'IMG_1.JPG' and 'img_1.jpg' of "
            "one folder cannot both be kept.",
        )
    return ok("letters", "capital and small letters are told apart in names of files")
