"""Masks as files, at other sizes, and how far a probability can be trusted."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from wunderkammer.core.errors import ImageError

Mask = npt.NDArray[np.bool_]
Probability = npt.NDArray[np.float32]

THRESHOLD = 0.5
"""Probability from which a pixel counts as specimen where nothing else is set."""

MAX_PIXELS = 500_000_000
"""Pixels of a mask above which it is refused before it is decoded: a decompression bomb."""

_TOPS = (1, 255, 65535)
_MAX_MIDTONES = 0.5


def decode_mask(content: bytes, *, max_pixels: int = MAX_PIXELS) -> Mask:
    """Read a mask from an image file: white is specimen, black is not.

    Parameters
    ----------
    content : bytes
        A PNG or another image of any mode: one bit, grey of 8 or 16 bits, floats,
        palette, colour, with or without transparency.
    max_pixels : int
        More are refused before anything is decoded.

    Returns
    -------
    ndarray of bool, shape (height, width)
        True on the specimen; all False where nothing is marked, which is no error.

    Raises
    ------
    ImageError
        If it is no image, broken off, too large, or no mask: most of its pixels
        are neither light nor dark, as in a photograph.

    Notes
    -----
    A pixel is specimen where its brightest channel is above half of what the file
    can hold; a file whose brightest value is 1 is taken to hold 0 and 1. What is
    transparent is never specimen. Where what is visible is all of one colour, or
    has other colours than black and white (a cut-out), the transparency alone speaks.
    """
    try:
        with Image.open(io.BytesIO(content)) as image:
            _refuse_bombs(image, max_pixels)
            values, opaque = _values(image), _opaque(image)
    except UnidentifiedImageError:
        raise ImageError(
            f"the mask is no image ({len(content):,} bytes).",
            hint="Save it as PNG: white on the specimen, black elsewhere.",
        ) from None
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise ImageError(
            f"the mask cannot be decoded whole: {error}.", hint="Save it again as PNG."
        ) from None
    if opaque is not None and not opaque.all() and _only_transparency_speaks(values, opaque):
        return opaque
    _refuse_photographs(values if opaque is None else values[opaque])
    light = values > 0.5
    return light if opaque is None else light & opaque


def _refuse_bombs(image: Image.Image, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise ImageError(
            f"the mask has {image.width:,} x {image.height:,} pixels, and {max_pixels:,} are "
            "allowed.",
            hint="Draw it on a smaller copy of the photograph: a mask may have any size.",
        )


def _values(image: Image.Image) -> Probability:
    """Return the brightest channel of each pixel, between 0 and 1."""
    plain = image
    if image.mode not in {"1", "L", "RGB", "F"} and not image.mode.startswith("I"):
        plain = image.convert("RGB")
    values = np.asarray(plain, dtype=np.float32)
    if values.ndim == 3:
        values = values.max(axis=2)
    brightest = values.max(initial=0)
    top = next((top for top in _TOPS if brightest <= top), float(brightest))
    return np.asarray(values / np.float32(top), np.float32)


def _opaque(image: Image.Image) -> Mask | None:
    """Return where an image is more opaque than transparent; nothing if it has no transparency."""
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        return np.asarray(image.convert("RGBA").getchannel("A")) > 127
    return None


def _only_transparency_speaks(values: Probability, opaque: Mask) -> bool:
    visible = values[opaque]
    if not visible.size:
        return True
    darkest, lightest = visible.min(), visible.max()
    black_and_white = ((visible < 0.25) | (visible > 0.75)).mean() > 1 - _MAX_MIDTONES
    return bool(lightest - darkest < 0.25 or not black_and_white)


def _refuse_photographs(values: Probability) -> None:
    midtones = float(((values > 0.25) & (values < 0.75)).mean()) if values.size else 0.0
    if midtones > _MAX_MIDTONES:
        raise ImageError(
            f"the image is no mask: {midtones:.0%} of its pixels are neither light nor dark.",
            hint="A mask is white on the specimen and black elsewhere; look whether it was "
            "mixed up with the photograph.",
        )


def encode_mask(mask: Mask) -> bytes:
    """Return a mask as PNG of one bit a pixel, white on the specimen."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(mask, dtype=np.bool_)).save(buffer, "PNG")
    return buffer.getvalue()


def resize_mask(mask: Mask, height: int, width: int) -> Mask:
    """Bring a mask to the size of its photograph.

    Parameters
    ----------
    mask : ndarray of bool, shape (h, w)
        A mask of any size and, within rounding, of the same aspect.
    height, width : int
        Size wanted.

    Returns
    -------
    ndarray of bool, shape (height, width)
        Made larger, each pixel takes the nearest; made smaller, it is specimen
        where at least half of its area is.
    """
    import cv2

    if mask.shape == (height, width):
        return mask
    grey = mask.astype(np.float32)
    smaller = height <= mask.shape[0] and width <= mask.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_NEAREST_EXACT
    resized = cv2.resize(grey, (width, height), interpolation=how)
    return np.asarray(resized >= 0.5 - 1e-6, np.bool_)


def confidence(probability: Probability, threshold: float = THRESHOLD) -> float:
    """Return the overlap with the truth that the probabilities themselves expect.

    Parameters
    ----------
    probability : ndarray of float32, shape (h, w)
        In [0, 1].
    threshold : float
        From here on a pixel is in the mask.

    Returns
    -------
    float
        Expected intersection over expected union of the mask with the truth, in
        [0, 1]; 0 where no pixel reaches the threshold.

    Notes
    -----
    If every probability were calibrated, ``sum(p inside)`` pixels of the mask were
    right, and ``sum(p outside)`` pixels of the truth were missed.

    Examples
    --------
    >>> confidence(np.array([[1.0, 1.0, 0.0, 0.5]], np.float32), 0.6)
    0.8
    """
    inside = probability >= threshold
    n_inside = int(inside.sum())
    if not n_inside:
        return 0.0
    right = float(probability[inside].sum(dtype=np.float64))
    missed = float(probability[~inside].sum(dtype=np.float64))
    return min(1.0, max(0.0, right / (n_inside + missed)))


def as_grey(probability: Probability) -> bytes:
    """Return probabilities as PNG of 8-bit grey, 0 black and 1 white."""
    import cv2

    grey = np.rint(np.clip(probability, 0, 1) * np.float32(255)).astype(np.uint8)
    _, content = cv2.imencode(".png", grey, [cv2.IMWRITE_PNG_COMPRESSION, 4])
    return content.tobytes()


def from_grey(content: bytes) -> Probability:
    """Read probabilities that :func:`as_grey` wrote, exact to 1/510.

    Raises
    ------
    ImageError
        If it is not a whole image.
    """
    import cv2

    packed = np.frombuffer(content, np.uint8)
    grey = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE) if packed.size else None
    if grey is None:
        raise ImageError(
            f"{len(content):,} bytes are no PNG of probabilities.",
            hint="Cut the photograph out again.",
        )
    return np.asarray(grey, np.float32) / np.float32(255)
