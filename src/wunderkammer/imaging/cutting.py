"""Cutting out: a photograph and its alpha to a crop without the background's colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging._strips import strips

Image = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

VISIBLE = 12
"""Alpha from which a pixel counts when the crop is measured: below, nobody sees it."""

_WIDE_PX, _NARROW_PX = 31, 5
_DOUBT = np.float32(0.1)  # variance of a mixture's noise as a share of the colours' own
_NO_WEIGHT = np.float32(1e-4)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of whole pixels in a photograph.

    Attributes
    ----------
    left, top : int
        Its first column and row; negative where it begins outside the photograph.
    width, height : int
        Its size.
    """

    left: int
    top: int
    width: int
    height: int


def cut(
    image: Image, alpha: Grey, margin: float = 0.0, *, square: bool = False
) -> tuple[Image, Box]:
    """Cut out what an alpha shows, and remove the background's colour from its soft edge.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        RGB.
    alpha : ndarray of uint8, shape (height, width)
        255 on the specimen, 0 outside.
    margin : float
        Added on each side, as a share of the longer side of what is visible.
    square : bool
        Grow the shorter side to the longer one, what is visible in the middle.

    Returns
    -------
    rgba : ndarray of uint8, shape (box.height, box.width, 4)
        Straight alpha. Transparent where the box leaves the photograph.
    box : Box
        Where it lies in the photograph.

    Raises
    ------
    ImageError
        If the alpha shows nothing, or has another size than the image.

    Notes
    -----
    Pixels of the soft edge mix specimen and background. The specimen's part is
    estimated by blur fusion [1]_, twice: colours are carried outwards from where
    the alpha is high, then corrected, the more the higher the alpha, so that mixed
    with the background's they give what was photographed.

    References
    ----------
    .. [1] Forte, M. (2021). Approximate fast foreground colour estimation. ICIP,
       1340-1344.
    """
    if image.shape[:2] != alpha.shape:
        raise ImageError(
            f"the alpha has {alpha.shape[1]} x {alpha.shape[0]} pixels, and the photograph "
            f"{image.shape[1]} x {image.shape[0]}.",
            hint="Bring the mask to the size of the photograph first.",
        )
    tight = visible_box(alpha)
    if tight is None:
        raise ImageError("nothing can be cut out: no pixel of the alpha is visible.")
    box = _grown(tight, margin, square=square)
    there, here = _overlap(box, alpha.shape)
    colours = foreground(image[there], alpha[there])
    rgba = np.zeros((box.height, box.width, 4), np.uint8)
    rgba[(*here, slice(0, 3))] = colours
    rgba[(*here, 3)] = alpha[there]
    return rgba, box


def visible_box(alpha: Grey, threshold: int = VISIBLE) -> Box | None:
    """Return the smallest box around all pixels of at least some alpha; None if there is none."""
    shown = alpha >= threshold
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    if not rows.size:
        return None
    left, top = int(columns[0]), int(rows[0])
    return Box(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)


def foreground(image: Image, alpha: Grey) -> Image:
    """Return the specimen's own colours, also where the background shines through.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
    alpha : ndarray of uint8, shape (height, width)

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        The image where alpha is 255, estimated below that; where alpha is 0 the
        nearest colours carried on a little, so that resizing brings no fringe,
        and 0 further out.
    """
    height, width = alpha.shape
    colours = np.empty_like(image)
    for rows, seen, own in strips(height, width, _WIDE_PX + 2 * _NARROW_PX):
        colours[rows] = _foreground(image[seen], alpha[seen])[own]
    return colours


def _foreground(image: Image, alpha: Grey) -> Image:
    """Fuse blurs of two widths in one strip; nothing is computed away from the soft edge."""
    import cv2

    reach = np.ones((2 * _NARROW_PX + 1, 2 * _NARROW_PX + 1), np.uint8)
    band = (cv2.dilate(alpha, reach) > 0) & (alpha < 255)
    colours: Image = image * (alpha == 255)[:, :, None].astype(np.uint8)
    around = cv2.boundingRect(band.astype(np.uint8))
    if around[2]:
        left, top = max(0, around[0] - _WIDE_PX), max(0, around[1] - _WIDE_PX)
        part = (
            slice(top, around[1] + around[3] + _WIDE_PX),
            slice(left, around[0] + around[2] + _WIDE_PX),
        )
        colours[part][band[part]] = _fused(image[part], alpha[part], band[part])
    return colours


def _fused(image: Image, alpha: Grey, band: Mask) -> Image:
    """Return the specimen's colours in a band of pixels."""
    pixels = image.astype(np.float32)
    shares = alpha.astype(np.float32) / np.float32(255)
    share, mixed = shares[band][:, None], pixels[band]
    specimen, ground = pixels, pixels.copy()
    inner, outer = np.square(shares), np.square(1 - shares)
    for width, sharpen in ((_WIDE_PX, np.square), (_NARROW_PX, np.asarray)):
        near = _weighted_blur(specimen, sharpen(inner), width, band)
        far = _weighted_blur(ground, sharpen(outer), width, band)
        rest = mixed - share * near - (1 - share) * far
        near = np.clip(near + share / (share**2 + _DOUBT) * rest, 0, 255)
        specimen[band], ground[band] = near, far
    found: Image = np.rint(near).astype(np.uint8)
    return found


def _weighted_blur(values: Floats, weights: Floats, width: int, band: Mask) -> Floats:
    """Return the weighted mean in a square around each pixel of a band."""
    import cv2

    size, weighted = (width, width), cv2.multiply(values, cv2.merge([weights] * 3))
    total = cv2.blur(weighted, size, borderType=cv2.BORDER_CONSTANT)[band]
    weight = cv2.blur(weights, size, borderType=cv2.BORDER_CONSTANT)[band][:, None]
    enough = weight > _NO_WEIGHT
    return np.asarray(np.where(enough, total / np.maximum(weight, _NO_WEIGHT), values[band]))


def _grown(box: Box, margin: float, *, square: bool) -> Box:
    """Add the margin on each side, then make the box square if that is wanted."""
    edge = round(margin * max(box.width, box.height))
    width, height = box.width + 2 * edge, box.height + 2 * edge
    left, top = box.left - edge, box.top - edge
    if square:
        side = max(width, height)
        left, top = left - (side - width) // 2, top - (side - height) // 2
        width = height = side
    return Box(left, top, width, height)


def _overlap(box: Box, shape: tuple[int, ...]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return the part of the photograph that lies in a box, as slices of both."""
    top, bottom = max(0, box.top), min(shape[0], box.top + box.height)
    left, right = max(0, box.left), min(shape[1], box.left + box.width)
    there = (slice(top, bottom), slice(left, right))
    return there, (
        slice(top - box.top, bottom - box.top),
        slice(left - box.left, right - box.left),
    )
