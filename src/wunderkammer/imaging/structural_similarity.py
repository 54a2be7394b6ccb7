"""How alike two pictures look: their structural similarity."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Field = npt.NDArray[np.float64]

WINDOW_PX = 11
"""Edge of the window that pictures are compared in."""

_SIGMA = 1.5
_LUMA = (0.299, 0.587, 0.114)
_STEADY_MEAN = (0.01 * 255) ** 2
_STEADY_VARIANCE = (0.03 * 255) ** 2


def structural_similarity(one: Image, other: Image) -> float:
    """Return the mean structural similarity (SSIM) of two pictures, 1 where they are equal.

    Parameters
    ----------
    one, other : ndarray of uint8, shape (height, width, 3)
        Red, green, blue; both sides at least 11 pixels. Compared in their
        lightness (ITU-R BT.601): differences of hue alone are not seen.

    Returns
    -------
    float
        At most 1; above 0.98 differences are hard to see side by side.

    Raises
    ------
    ValueError
        If the shapes differ, or a side is shorter than the window.

    Notes
    -----
    With the window of the source, 11 x 11 and Gaussian, sigma 1.5, and over those
    windows that lie wholly within [1]_.

    References
    ----------
    .. [1] Wang, Z., Bovik, A. C., Sheikh, H. R., Simoncelli, E. P. (2004).
       Image quality assessment: from error visibility to structural similarity.
       IEEE Transactions on Image Processing 13, 600-612.
    """
    if one.shape != other.shape or min(one.shape[:2]) < WINDOW_PX:
        raise ValueError(
            f"pictures of shapes {one.shape} and {other.shape} cannot be compared: "
            f"they must be alike, and {WINDOW_PX} pixels at least."
        )
    first, second = _lightness(one), _lightness(other)
    mean, other_mean = _windowed(first), _windowed(second)
    variance = _windowed(first * first) - mean**2
    other_variance = _windowed(second * second) - other_mean**2
    covariance = _windowed(first * second) - mean * other_mean
    luminance = (2 * mean * other_mean + _STEADY_MEAN) / (mean**2 + other_mean**2 + _STEADY_MEAN)
    structure = (2 * covariance + _STEADY_VARIANCE) / (variance + other_variance + _STEADY_VARIANCE)
    return float((luminance * structure).mean())


def _lightness(image: Image) -> Field:
    return np.asarray(image[:, :, :3] @ np.array(_LUMA), np.float64)


def _windowed(field: Field) -> Field:
    """Return the weighted mean in every window that lies wholly within."""
    import cv2

    edge = WINDOW_PX // 2
    blurred = cv2.GaussianBlur(field, (WINDOW_PX, WINDOW_PX), _SIGMA)
    return np.asarray(blurred[edge:-edge, edge:-edge], np.float64)
