"""Sizes of files and memories, for people."""

from __future__ import annotations


def in_bytes(size: float) -> str:
    """Return a size in the unit people would use.

    Examples
    --------
    >>> in_bytes(3_400_000)
    '3.4 MB'
    >>> in_bytes(812_000_000_000)
    '812 GB'
    """
    unit = "bytes"
    for bigger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, bigger
    return f"{size:.0f} {unit}" if size >= 100 or unit == "bytes" else f"{size:.1f} {unit}"
