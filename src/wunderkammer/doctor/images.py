"""Images: which kinds of files can be read here, each tried on a small image."""

from __future__ import annotations

import io
from collections.abc import Iterator

from wunderkammer.doctor.finding import Finding, note, ok, problem

KINDS = ("JPEG", "PNG", "TIFF", "WebP", "GIF", "BMP", "AVIF", "JPEG 2000")
_PILLOW = {"WebP": "WEBP", "JPEG 2000": "JPEG2000"}
_MUST = {"JPEG", "PNG"}
_SIDE = 16


def images() -> Iterator[Finding]:
    """Yield which kinds of image files can be read: written and read back, not asked for."""
    readable: list[str] = []
    not_readable: list[str] = []
    for kind in KINDS:
        (readable if _readable(kind) else not_readable).append(kind)
    if _MUST & set(not_readable):
        yield problem(
            "images",
            f"{', '.join(sorted(_MUST & set(not_readable)))} cannot be read.",
            "Install Pillow and simplejpeg anew: pip install --force-reinstall pillow simplejpeg",
        )
    else:
        yield ok(
            "images",
            f"{', '.join(readable)} can be read. HEIC (photographs of iPhones) and raw files of "
            "cameras cannot: convert them to JPEG or TIFF, and keep the originals",
        )
    others = [kind for kind in not_readable if kind not in _MUST]
    if others:
        yield note(
            "images",
            f"{', '.join(others)} cannot be read with this Pillow.",
            "If you have such files: pip install --upgrade --force-reinstall pillow",
        )


def _readable(kind: str) -> bool:
    import numpy as np
    from PIL import Image

    from wunderkammer.core.errors import ImageError
    from wunderkammer.imaging.decoding import decode

    buffer = io.BytesIO()
    try:
        Image.new("RGB", (_SIDE, _SIDE), (200, 100, 50)).save(buffer, _PILLOW.get(kind, kind))
        pixels = decode(buffer.getvalue(), max_pixels=_SIDE**2).pixels
    except (ImageError, ImportError, KeyError, OSError, ValueError):
        return False
    return bool(np.abs(pixels.astype(int) - (200, 100, 50)).max() < 16)
