"""Marks an encoded image so that its bytes are its own and of an exact length."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

LONGEST_COMMENT = 65_533
"""Bytes that one JPEG comment segment can hold."""

SMALLEST_MARK = 64
"""Bytes to keep free for a mark in any container."""


def marked(encoded: bytes, kind: str, mark: bytes, n_bytes: int | None) -> bytes:
    """Return an image with a mark in its container and padding up to a length.

    Parameters
    ----------
    encoded : bytes
        A whole JPEG, PNG, TIFF or WebP (with an extended header).
    kind : str
        ``"jpeg"``, ``"png"``, ``"tiff"`` or ``"webp"``.
    mark : bytes
        At most 32 bytes; does not touch the pixels.
    n_bytes : int or None
        Length of what is returned, at least ``len(encoded) + SMALLEST_MARK``;
        None for no padding.
    """
    room = SMALLEST_MARK if n_bytes is None else n_bytes - len(encoded)
    return _MARKERS[kind](encoded, mark, room)


def _marked_jpeg(encoded: bytes, mark: bytes, room: int) -> bytes:
    """Put comment segments after the first segment, which has to stay the first (JFIF)."""
    start = 4 + int.from_bytes(encoded[4:6], "big")
    n_segments = -(-room // (LONGEST_COMMENT + 4))
    segments = []
    for number in range(n_segments):
        size = room // n_segments + (number < room % n_segments)
        content = mark.ljust(size - 4, b"\0")
        segments.append(b"\xff\xfe" + (size - 2).to_bytes(2, "big") + content)
    return b"".join((encoded[:start], *segments, encoded[start:]))


def _marked_png(encoded: bytes, mark: bytes, room: int) -> bytes:
    """Put a private chunk before the last one (IEND, 12 bytes)."""
    named = b"wkMk" + mark.ljust(room - 12, b"\0")
    checksum = zlib.crc32(named).to_bytes(4, "big")
    chunk = (room - 12).to_bytes(4, "big") + named + checksum
    return b"".join((encoded[:-12], chunk, encoded[-12:]))


def _marked_tiff(encoded: bytes, mark: bytes, room: int) -> bytes:
    """Append: everything in a TIFF is found by its offset."""
    return encoded + mark.ljust(room, b"\0")


def _marked_webp(encoded: bytes, mark: bytes, room: int) -> bytes:
    """Append an unknown chunk, which readers skip, and count it in; chunks are even."""
    size = (room - 8) // 2 * 2
    chunk = b"WKMK" + size.to_bytes(4, "little") + mark.ljust(size, b"\0")
    total = (len(encoded) - 8 + len(chunk)).to_bytes(4, "little")
    return b"".join((encoded[:4], total, encoded[8:], chunk, b"\0" * (room % 2)))


_MARKERS: Mapping[str, Callable[[bytes, bytes, int], bytes]] = {
    "jpeg": _marked_jpeg,
    "png": _marked_png,
    "tiff": _marked_tiff,
    "webp": _marked_webp,
}
