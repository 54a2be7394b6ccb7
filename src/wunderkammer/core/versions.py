"""Versions of files: what tells a file from another that took its name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

Version = tuple[int, int, int] | None
"""Inode, nanoseconds of its last change, and bytes; None where there is no file."""


def version(path: Path) -> Version:
    """Return the version of a file as it is now."""
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    return about.st_ino, about.st_mtime_ns, about.st_size


def versions(paths: Iterable[Path]) -> dict[Path, Version]:
    """Return the version of each file as it is now."""
    return {path: version(path) for path in paths}
