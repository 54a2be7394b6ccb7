"""Cut-outs as files: RGBA to WebP or PNG and back."""

from __future__ import annotations

import io
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from wunderkammer.core.errors import ImageError

Rgba = npt.NDArray[np.uint8]
Format = Literal["webp", "png"]

WEBP_MOST_PX = 16_383
"""Longest side that WebP can hold."""

_WEBP_MARK = b"WEBP"
_WEBP_EFFORT = 2
_ALPHA_QUALITY = 90
_PNG_EFFORT = 3


def encode_cutout(rgba: Rgba, form: Format, quality: int) -> tuple[bytes, str]:
    """Return a cut-out as a file, and the suffix of its name.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
        RGB and straight alpha.
    form : str
        ``"webp"`` or ``"png"``. What is too large for WebP becomes PNG.
    quality : int
        Of WebP, 1 to 100; PNG loses nothing.

    Notes
    -----
    In WebP an alpha of 0 and of 255 stays what it is, and those between are at most a
    few steps off: that halves the time. Colours that alpha hides are not kept.
    """
    if form == "webp" and max(rgba.shape[:2]) <= WEBP_MOST_PX:
        buffer = io.BytesIO()
        Image.fromarray(rgba).save(
            buffer, "WEBP",
            quality=quality, method=_WEBP_EFFORT, alpha_quality=_ALPHA_QUALITY,
        )  # fmt: skip
        return buffer.getvalue(), ".webp"
    return _png(rgba), ".png"


def decode_cutout(content: bytes) -> Rgba:
    """Return a picture with its alpha; one without is opaque throughout.

    Parameters
    ----------
    content : bytes
        What :func:`encode_cutout` returned, or any other image.

    Raises
    ------
    ImageError
        If it is no image, or broken off.
    """
    webp = decode_webp(content)
    if webp is not None:
        return webp if webp.shape[2] == 4 else np.insert(webp, 3, 255, axis=2)
    try:
        with Image.open(io.BytesIO(content)) as image:
            return np.array(image.convert("RGBA"))
    except UnidentifiedImageError:
        raise ImageError(
            f"{len(content):,} bytes are no cut-out.", hint="Cut the photograph out again."
        ) from None
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise ImageError(
            f"the cut-out cannot be decoded whole: {error}.", hint="Cut the photograph out again."
        ) from None


def decode_webp(content: bytes) -> npt.NDArray[np.uint8] | None:
    """Return RGB or RGBA as Pillow would, in half the time; None for what is no whole WebP."""
    import cv2

    if content[8:12] != _WEBP_MARK:
        return None
    found = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None or found.ndim != 3:
        return None
    swap = cv2.COLOR_BGRA2RGBA if found.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(found, swap), np.uint8)


def size_of(content: bytes) -> tuple[int, int]:
    """Return width and height of an image without decoding it.

    Raises
    ------
    ImageError
        If it is no image.
    """
    try:
        with Image.open(io.BytesIO(content)) as image:
            return image.width, image.height
    except (OSError, ValueError, SyntaxError) as error:
        raise ImageError(
            f"the image cannot be read: {error}.", hint="Make it again with 'wk run'."
        ) from None


def _png(rgba: Rgba) -> bytes:
    import cv2

    swapped = cv2.cvtColor(np.ascontiguousarray(rgba), cv2.COLOR_RGBA2BGRA)
    _, content = cv2.imencode(".png", swapped, [cv2.IMWRITE_PNG_COMPRESSION, _PNG_EFFORT])
    return content.tobytes()
