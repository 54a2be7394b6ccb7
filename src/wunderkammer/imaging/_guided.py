"""The guided filter: a value as a linear function of colour in every small window."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def colour_coefficients(guide: Floats, values: Floats, radius: int, smooth: float) -> Floats:
    """Return for each pixel the line through colours that fits the values around it.

    Parameters
    ----------
    guide : ndarray of float32, shape (h, w, 3)
        The image, in [-0.5, 0.5]: rounding errors are least around zero.
    values : ndarray of float32, shape (h, w)
        What is to follow the image's edges.
    radius : int
        Of the square windows, in pixels.
    smooth : float
        Variance of colour below which a window is taken as flat.

    Returns
    -------
    ndarray of float32, shape (h, w, 4)
        Three factors and an offset: ``(guide * c[..., :3]).sum(2) + c[..., 3]``.

    References
    ----------
    .. [1] He, K., Sun, J. & Tang, X. (2013). Guided image filtering. IEEE TPAMI
       35(6), 1397-1409. Equations 19 to 21.
    """
    import cv2

    mean, level = box_mean(guide, radius), box_mean(values, radius)
    joint = box_mean(weighted(guide, values), radius) - weighted(mean, level)
    slopes = _solved(_covariances(guide, mean, radius, smooth), joint)
    offset = level - np.einsum("hwc,hwc->hw", slopes, mean)
    return box_mean(np.asarray(cv2.merge([*cv2.split(slopes), offset]), np.float32), radius)


def box_mean(values: Floats, radius: int) -> Floats:
    """Return the mean in a square around each pixel; the image is mirrored at its border."""
    import cv2

    side = 2 * radius + 1
    return np.asarray(cv2.blur(values, (side, side), borderType=cv2.BORDER_REFLECT), np.float32)


def weighted(colours: Floats, weights: Floats) -> Floats:
    """Return each pixel's colours times its weight."""
    import cv2

    return np.asarray(cv2.multiply(colours, cv2.merge([weights] * 3)), np.float32)


def _covariances(guide: Floats, mean: Floats, radius: int, smooth: float) -> list[Floats]:
    """Return the upper triangle of the 3 x 3 covariance matrices: rr, rg, rb, gg, gb, bb."""
    found = []
    for one, other in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)):
        products = np.ascontiguousarray(guide[:, :, one] * guide[:, :, other])
        covariance = box_mean(products, radius) - mean[:, :, one] * mean[:, :, other]
        found.append(covariance + np.float32(smooth) if one == other else covariance)
    return found


def _solved(covariances: list[Floats], joint: Floats) -> Floats:
    """Solve the symmetric 3 x 3 system of every pixel by its cofactors."""
    import cv2

    rr, rg, rb, gg, gb, bb = covariances
    cofactors = (
        (gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb),
        (gb * rb - rg * bb, rr * bb - rb * rb, rb * rg - rr * gb),
        (rg * gb - gg * rb, rb * rg - rr * gb, rr * gg - rg * rg),
    )
    inverse = 1 / (cofactors[0][0] * rr + cofactors[0][1] * rg + cofactors[0][2] * rb)
    red, green, blue = cv2.split(joint)
    rows = [(row[0] * red + row[1] * green + row[2] * blue) * inverse for row in cofactors]
    return np.asarray(cv2.merge(rows), np.float32)
