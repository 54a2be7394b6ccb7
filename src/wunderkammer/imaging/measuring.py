"""Measuring: how sharp and how light an image is, whatever it shows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.float32]

_BLUR_PX = 11
_HIGHLIGHT = 0.95


def luma(pixels: Pixels) -> Grey:
    """Return the luma of an RGB image, 0 to 1, ITU-R BT.601 weights, shape (height, width)."""
    import cv2

    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    return np.asarray(grey, np.float32) / np.float32(255)


def sharpness(pixels: Pixels) -> float:
    """Return how sharp an image is at the size it has, from 0 to 1.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
        RGB. Compare images of about one size: shrinking sharpens.

    Returns
    -------
    float
        0 for a plain image, which has nothing that could be sharp.

    Notes
    -----
    A sharp image loses much when it is blurred again, a blurred one little [1]_. The loss is the
    share by which a mean over 11 pixels lessens the differences of neighbouring pixels, along
    rows and along columns; the smaller one counts, so that motion in one direction is found.
    Unlike in [1]_ differences count by their squares: edges decide then, not grain and paper.

    References
    ----------
    .. [1] Crete, F., Dolmiere, T., Ladret, P. & Nicolas, M. (2007). The blur effect: perception
           and estimation with a new no-reference perceptual blur metric. SPIE 6492.

    Examples
    --------
    >>> edge = np.zeros((64, 64, 3), np.uint8)
    >>> edge[16:48, 16:48] = 255
    >>> round(sharpness(edge), 2)
    0.91
    """
    import cv2

    grey = luma(pixels)
    sides = ((1, _BLUR_PX), (_BLUR_PX, 1))
    blurred = [np.asarray(cv2.blur(grey, side), np.float32) for side in sides]
    return min(_loss(grey, after, axis) for axis, after in enumerate(blurred))


def highlight(pixels: Pixels) -> float:
    """Return the luma that 95 % of an image's pixels do not exceed, from 0 to 1.

    A dark specimen on a light ground is light by this measure, and so is a light one on
    black; only what was exposed too little is dark.
    """
    return float(np.quantile(luma(pixels), _HIGHLIGHT))


def _loss(grey: Grey, blurred: Grey, axis: int) -> float:
    """Return which share of the differences along an axis a blur takes away."""
    before = np.abs(np.diff(grey, axis=axis))
    lost = np.minimum(before, np.maximum(0, before - np.abs(np.diff(blurred, axis=axis))))
    total = float((before * before).sum(dtype=np.float64))
    return float((before * lost).sum(dtype=np.float64)) / total if total > 0 else 0.0
