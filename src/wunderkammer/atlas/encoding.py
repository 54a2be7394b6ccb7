"""Tiles to bytes and back."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.style import TileStyle
from wunderkammer.imaging.compositing import premultiplied, straight

Image = npt.NDArray[np.uint8]

_AVIF_SPEED = 10


def encode_tile(pixels: Image, style: TileStyle) -> bytes:
    """Return a tile in the style's format; equal pixels give equal bytes.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (edge, edge, 3) or (edge, edge, 4)
        Red, green, blue, or these premultiplied with the alpha that follows them.
    style : TileStyle
        Format and quality.
    """
    if style.format == "jpeg":
        import simplejpeg

        encoded: bytes = simplejpeg.encode_jpeg(
            pixels, quality=style.encoder_quality, colorspace="RGB", colorsubsampling="420"
        )
        return encoded
    from PIL import Image as PillowImage

    buffer = io.BytesIO()
    image = PillowImage.fromarray(straight(pixels) if pixels.shape[2] > 3 else pixels)
    quality = style.encoder_quality
    if style.format == "webp":
        image.save(buffer, "WEBP", quality=quality, method=0)
    elif style.format == "avif":
        image.save(buffer, "AVIF", quality=quality, speed=_AVIF_SPEED, max_threads=1)
    else:
        image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def decode_tile(data: bytes) -> Image:
    """Return a tile of any of the formats as :func:`encode_tile` takes it."""
    from PIL import Image as PillowImage

    with PillowImage.open(io.BytesIO(data)) as image:
        if image.has_transparency_data:
            return premultiplied(np.asarray(image.convert("RGBA")))
        return np.asarray(image.convert("RGB"))
