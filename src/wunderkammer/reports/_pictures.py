"""Small pictures of a report, in the page itself."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from wunderkammer.core.blobs import read_blob
from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.resampling import shrink

Rgb = npt.NDArray[np.uint8]
Rgba = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

SIDE_PX = 320
"""Longest side of a picture; two stand side by side."""

MACHINE, PERSON = (214, 96, 0), (0, 94, 190)
"""Colours of outlines: orange and blue, told apart by every kind of colour vision."""

GROUND = (232, 235, 238)
_QUALITY = 76


class Shown(NamedTuple):
    """One entry of a gallery.

    Attributes
    ----------
    name : str
        Of the medium; plain text.
    lines : tuple of str
        What is said of it; plain text.
    pictures : tuple of (bytes, str)
        WebP and what it shows in words.
    """

    name: str
    lines: tuple[str, ...]
    pictures: tuple[tuple[bytes, str], ...]


def gallery(entries: Iterable[Shown]) -> Iterator[str]:
    """Yield a list of pictures as HTML."""
    yield '<ul class="pictures">'
    for entry in entries:
        images = "".join(image(content, said) for content, said in entry.pictures)
        lines = "".join(f"<span>{escape(one)}</span>" for one in entry.lines if one)
        yield f'<li><div class="pair">{images}</div><b>{escape(entry.name)}</b>{lines}</li>'
    yield "</ul>"


def image(content: bytes, said: str, kind: str = "") -> str:
    """Return a picture in the page itself as HTML."""
    styled = f' class="{kind}"' if kind else ""
    code = base64.b64encode(content).decode()
    return f'<img{styled} src="data:image/webp;base64,{code}" alt="{escape(said)}">'


def encoded(pixels: Rgb, side_px: int = SIDE_PX, quality: int = _QUALITY) -> bytes:
    """Return a picture as WebP, its longest side at most ``side_px``."""
    buffer = io.BytesIO()
    Image.fromarray(shrink(pixels, side_px)).save(buffer, "WEBP", quality=quality, method=4)
    return buffer.getvalue()


def photograph(root: Path, cell: str) -> Rgb:
    """Return a blob as small RGB.

    Raises
    ------
    ImageError
        If it is gone or no image.
    """
    return shrink(np.asarray(_opened(root, cell).convert("RGB")), SIDE_PX)


def cutout(root: Path, cell: str) -> Rgba:
    """Return a blob as small RGBA with straight alpha.

    Raises
    ------
    ImageError
        If it is gone or no image.
    """
    opened = _opened(root, cell).convert("RGBA")
    opened.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.BOX, reducing_gap=None)
    return np.asarray(opened)


def outlined(pixels: Rgb, mask: Mask | None, colour: tuple[int, int, int]) -> Rgb:
    """Return a picture with a mask's outline drawn on it; the mask may have another size."""
    import cv2

    if mask is None:
        return pixels
    height, width = pixels.shape[:2]
    scaled = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    inside = (scaled >= 0.5).astype(np.uint8)
    found, _ = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    drawn = np.ascontiguousarray(pixels).copy()
    cv2.drawContours(drawn, found, -1, (255, 255, 255), 3, cv2.LINE_AA)
    cv2.drawContours(drawn, found, -1, colour, 1, cv2.LINE_AA)
    return np.asarray(drawn, np.uint8)


def _opened(root: Path, cell: str) -> Image.Image:
    content = read_blob(root, cell)
    try:
        with Image.open(io.BytesIO(content)) as opened:
            opened.load()
            return opened
    except OSError as error:
        raise ImageError(f"{cell} cannot be decoded: {error}.") from None
