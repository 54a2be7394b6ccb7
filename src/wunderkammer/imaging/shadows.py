"""Soft shadows from silhouettes."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]

REACH = 3.0
"""Standard deviations at which a shadow ends."""

_FINE_SIGMA = 2.0
"""Pixels of blur that lose nothing visible when the silhouette is shrunken first."""


def soft_shadow(silhouette: Grey, sigma: float, margin: int) -> Grey:
    """Return the blurred silhouette with a margin on every side.

    Parameters
    ----------
    silhouette : ndarray of uint8, shape (height, width)
        Alpha of a cut-out, or 255 throughout for a photograph.
    sigma : float
        Standard deviation of the blur in pixels; 0 leaves the edge hard.
    margin : int
        Pixels added on each side; ``shadow_reach(sigma)`` holds all of it.

    Returns
    -------
    ndarray of uint8, shape (height + 2 * margin, width + 2 * margin)
        255 in full shadow, 0 outside.

    Notes
    -----
    A wide blur is made on a shrunken silhouette: its cost then depends on the
    sprite, hardly on the blur.
    """
    import cv2

    padded = np.pad(silhouette, margin)
    if sigma <= 0:
        return padded
    shrink = max(1, int(sigma / _FINE_SIGMA))
    height, width = padded.shape
    small_size = (math.ceil(width / shrink), math.ceil(height / shrink))
    grown = np.pad(
        padded, ((0, small_size[1] * shrink - height), (0, small_size[0] * shrink - width))
    )
    small = cv2.resize(grown, small_size, interpolation=cv2.INTER_AREA) if shrink > 1 else grown
    kernel = 2 * math.ceil(REACH * sigma / shrink) + 1
    small = cv2.GaussianBlur(
        small, (kernel, kernel), sigma / shrink, borderType=cv2.BORDER_CONSTANT
    )
    if shrink > 1:
        small = cv2.resize(small, grown.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(small[:height, :width])


def shadow_reach(sigma: float) -> int:
    """Return the pixels by which a shadow sticks out of its silhouette.

    Examples
    --------
    >>> shadow_reach(4.0)
    12
    """
    return math.ceil(REACH * sigma)
