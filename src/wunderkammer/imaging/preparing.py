"""Preparing an image for a network: one size, one square, nothing lost unless asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from wunderkammer.imaging.resampling import (
    Colour,
    Pixels,
    edge_colour,
    pad_to_square,
    resize_to,
)

Padding = Literal["white", "grey", "black", "edge"]
"""What fills an image up to a square: a colour, or the median of the image's own edge."""

Fit = Literal["pad", "crop", "squash"]
Interpolation = Literal["area", "nearest", "bilinear", "bicubic", "lanczos"]

_FLAT: Mapping[str, Colour] = {
    "white": (255, 255, 255), "grey": (127, 127, 127), "black": (0, 0, 0),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preparation:
    """How an image becomes the input of a network.

    Attributes
    ----------
    side_px : int
        Side of the square that the network looks at.
    mean, std : tuple of float
        Of each colour, of values in [0, 1]: the input is ``(value - mean) / std``.
    interpolation : str
        ``area``: mean over the area where it shrinks, bilinear where it grows; the
        others are Pillow's, which blurs before it shrinks.
    fit : str
        ``pad``: the whole image on a colour; ``crop``: the square in its middle;
        ``squash``: the whole image, its aspect lost.
    padding : str
        Colour of ``pad``.
    shortest_px : int
        ``crop`` brings the shorter side to so many pixels before it cuts; 0: to ``side_px``.
    """

    side_px: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    interpolation: Interpolation = "bicubic"
    fit: Fit = "pad"
    padding: Padding = "white"
    shortest_px: int = 0

    def described(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def prepared(image: Pixels, preparation: Preparation) -> Pixels:
    """Return an image as the square that a network looks at, not yet scaled.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
    preparation : Preparation

    Returns
    -------
    ndarray of uint8, shape (side_px, side_px, 3)

    Examples
    --------
    >>> wide = np.zeros((10, 40, 3), np.uint8)
    >>> whole = prepared(wide, Preparation(8, (0, 0, 0), (1, 1, 1)))
    >>> whole.shape, int(whole[0, 0, 0]), int(whole[4, 4, 0])
    ((8, 8, 3), 255, 0)
    """
    side = preparation.side_px
    height, width = image.shape[:2]
    if preparation.fit == "squash":
        return _resized(image, (side, side), preparation.interpolation)
    if preparation.fit == "crop":
        scale = max(preparation.shortest_px, side) / min(height, width)
        larger = _scaled(image, scale, preparation.interpolation)
        top, left = (larger.shape[0] - side) // 2, (larger.shape[1] - side) // 2
        return np.ascontiguousarray(larger[top : top + side, left : left + side])
    if preparation.interpolation == "area":
        small = resize_to(image, side)
    else:
        small = _scaled(image, side / max(height, width), preparation.interpolation)
    padding = preparation.padding
    return pad_to_square(small, edge_colour(small) if padding == "edge" else _FLAT[padding])


def _scaled(image: Pixels, scale: float, interpolation: Interpolation) -> Pixels:
    shape = (max(1, round(image.shape[0] * scale)), max(1, round(image.shape[1] * scale)))
    return _resized(image, shape, interpolation)


def _resized(image: Pixels, shape: tuple[int, int], interpolation: Interpolation) -> Pixels:
    """Resize to (height, width) as Pillow does, each side as it needs."""
    from PIL import Image

    if image.shape[:2] == shape:
        return np.ascontiguousarray(image)
    how = Image.Resampling["BOX" if interpolation == "area" else interpolation.upper()]
    picture = Image.fromarray(np.ascontiguousarray(image))
    return np.asarray(picture.resize(shape[::-1], how), np.uint8)
