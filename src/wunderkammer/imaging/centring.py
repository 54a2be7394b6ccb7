"""Cut-outs as a network sees them: centred, at one size, whatever way they lie."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.compositing import premultiplied

Rgba = npt.NDArray[np.uint8]
Matrix = npt.NDArray[np.float64]

REACH = 2.2
"""Root-mean-square radii around the centroid that are shown at most."""

_ROOM = 0.96
_FINE = 1.5


class Extent(NamedTuple):
    """Where the visible part of a cut-out lies.

    Attributes
    ----------
    centre : ndarray of float64, shape (2,)
        Centroid of the alpha, x and y in pixels (centres of pixels are whole).
    radius : float
        Of the circle around it that is shown: to the farthest visible pixel,
        but never beyond ``REACH`` times the root-mean-square distance, so that a
        long antenna or a scrap left in the mask does not shrink the specimen.
    """

    centre: Matrix
    radius: float


def centred(
    rgba: Rgba, side_px: int, linear: Matrix | None = None, shift: tuple[float, float] = (0, 0)
) -> Rgba:
    """Return a cut-out centred on its centroid in a square, at a standard size.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
        RGB and straight alpha, of any size.
    side_px : int
        Side of the square.
    linear : ndarray of float64, shape (2, 2), optional
        Applied to (x, y) around the centroid, y downwards, before the size is
        brought to the standard: a turn, a mirror, a stretch. Default: nothing.
    shift : tuple of float
        Moves the result by so many pixels to the right and down.

    Returns
    -------
    ndarray of uint8, shape (side_px, side_px, 4)
        Colours weighted with their alpha (premultiplied).

    Raises
    ------
    ImageError
        If nothing is visible.

    Notes
    -----
    Centre and size follow the specimen and not its bounding box, so a turned
    cut-out gives the turned square: the same specimen looks the same, at any angle.
    """
    import cv2

    small = _small(premultiplied(_inside(rgba)), side_px)
    matrix = np.eye(2) if linear is None else linear
    found = extent(small[:, :, 3], matrix)
    scale = _ROOM * side_px / (2 * found.radius)
    if scale * _FINE < 1:
        # A step by area first: interpolation alone would skip pixels.
        factor = scale * _FINE
        size = [max(1, round(edge * factor)) for edge in small.shape[1::-1]]
        small = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), np.uint8)
        found = extent(small[:, :, 3], matrix)
        scale = _ROOM * side_px / (2 * found.radius)
    affine = np.empty((2, 3))
    affine[:, :2] = matrix * scale
    affine[:, 2] = (side_px - 1) / 2 + np.asarray(shift) - affine[:, :2] @ found.centre
    square = cv2.warpAffine(
        small, affine, (side_px, side_px),
        flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(0, 0, 0, 0),
    )  # fmt: skip
    return np.asarray(square, np.uint8)


def extent(alpha: npt.NDArray[np.uint8], linear: Matrix | None = None) -> Extent:
    """Return centroid and radius of what is visible, after a linear map of the plane.

    Parameters
    ----------
    alpha : ndarray of uint8, shape (height, width)
    linear : ndarray of float64, shape (2, 2), optional
        The map; the centroid is returned as it is before the map.

    Raises
    ------
    ImageError
        If nothing is visible.
    """
    rows, columns = np.nonzero(alpha >= 128)
    if not rows.size:
        rows, columns = np.nonzero(alpha)
    if not rows.size:
        raise ImageError("The cut-out is transparent throughout.", hint="Draw its mask.")
    points = np.stack([columns, rows]).astype(np.float64)
    centre = points.mean(axis=1)
    away = points - centre[:, None]
    if linear is not None:
        away = linear @ away
    squares = (away**2).sum(axis=0)
    # A pixel is no point: half of one is added, and a single one has an extent.
    farthest, mean = np.sqrt(squares.max()) + 0.5, np.sqrt(squares.mean()) + 0.5
    return Extent(centre, float(min(farthest, REACH * mean)))


def turning(angle_deg: float) -> Matrix:
    """Return the matrix of a counter-clockwise turn as seen, for (x, y) with y downwards."""
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return np.array([[cosine, sine], [-sine, cosine]])


def _inside(rgba: Rgba) -> Rgba:
    """Cut off what is transparent on all sides."""
    seen = rgba[:, :, 3] > 0
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not rows.size:
        raise ImageError("The cut-out is transparent throughout.", hint="Draw its mask.")
    return np.ascontiguousarray(rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _small(weighted: Rgba, side_px: int) -> Rgba:
    """Bring large pictures down to four times the side: moments need no more."""
    import cv2

    longest = max(weighted.shape[:2])
    if longest <= 4 * side_px:
        return weighted
    factor = 4 * side_px / longest
    size = [max(1, round(edge * factor)) for edge in weighted.shape[1::-1]]
    return np.asarray(cv2.resize(weighted, size, interpolation=cv2.INTER_AREA), np.uint8)
