"""Tiles to bytes and back."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.style import TileStyle

Image = npt.NDArray[np.uint8]


def encode_tile(pixels: Image, style: TileStyle) -> bytes:
    """Return a tile in the style's format; equal pixels give equal bytes.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (edge, edge, 3)
        Red, green, blue.
    style : TileStyle
        Format and quality.
    """
    if style.format == "jpeg":
        import simplejpeg

        encoded: bytes = simplejpeg.encode_jpeg(
            pixels, quality=style.quality, colorspace="RGB", colorsubsampling="420"
        )
        return encoded
    from PIL import Image as PillowImage

    buffer = io.BytesIO()
    image = PillowImage.fromarray(pixels)
    if style.format == "webp":
        image.save(buffer, "WEBP", quality=style.quality, method=0)
    else:
        image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def decode_tile(data: bytes) -> Image:
    """Return the red, green and blue of a tile in any of the formats."""
    from PIL import Image as PillowImage

    with PillowImage.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))
