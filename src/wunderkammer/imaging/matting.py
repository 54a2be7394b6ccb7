"""Matting: probabilities of a few hundred pixels to a soft alpha of the whole photograph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging._guided import Floats, box_mean, colour_coefficients, weighted
from wunderkammer.imaging._print import without_print
from wunderkammer.imaging._strips import strips
from wunderkammer.imaging.masks import Mask, Probability

Image = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]
_Window = tuple[slice, slice]
_Values = TypeVar("_Values", Image, Floats)

_GUIDE_PX = 1024  # longest side of the copy that the filter is fitted on
_SMOOTH = 1e-4  # variance of colour, of a range of one, below which there is no edge
_DARKEST, _BRIGHTEST = 0.15, 0.85  # what the filter gives between these becomes 0 to 1
# Lengths in pixels of the probabilities:
_RADIUS = 2.5  # of the filter's windows
_SURE = 2  # this deep inside the mask alpha is 255
_TRUSTED = 2  # so far outside it the probabilities still speak
_ZONE = 4  # beyond this alpha is 0
_AROUND = 6.0  # half the side of the square that the background is averaged in
_THIN = 0.8  # half the width of lines the probabilities cannot resolve
_VISIBLE = 0.06  # least difference of a thin line from its background, of a range of one
_NOISES = 3.0  # the same, in mean differences of the background from itself


def soft_alpha(probability: Probability, image: Image, keep: Mask) -> Grey:
    """Return the alpha of a specimen at the photograph's own resolution.

    Parameters
    ----------
    probability : ndarray of float32, shape (h, w)
        How likely each pixel belongs to a specimen; usually much smaller than the
        photograph, at most as large.
    image : ndarray of uint8, shape (height, width, 3)
        The whole photograph, RGB, of the same aspect.
    keep : ndarray of bool, shape (h, w)
        The specimen among what is probable, as
        :func:`wunderkammer.imaging.keeping.specimens` returns it.

    Returns
    -------
    ndarray of uint8, shape (height, width)
        255 well inside the specimen, 0 further than four pixels of the
        probabilities from it, and between them near its edge.

    Raises
    ------
    ImageError
        If probabilities and mask differ in size.

    Notes
    -----
    A guided filter [1]_ carries the probabilities to the photograph's edges: in
    each small window alpha is a linear function of colour, fitted to the
    probabilities on a reduced copy [2]_ and applied to all pixels, a strip at a
    time. Lines too thin for the probabilities to resolve (antennae, legs, hairs)
    are followed as far as they hang together with the specimen within that zone.
    Letters at the specimen's edge that continue a line of print beside it are taken away.

    References
    ----------
    .. [1] He, K., Sun, J. & Tang, X. (2013). Guided image filtering. IEEE TPAMI
       35(6), 1397-1409.
    .. [2] He, K. & Sun, J. (2015). Fast guided filter. arXiv:1505.00996.
    """
    if probability.shape != keep.shape:
        raise ImageError(
            f"the probabilities have {probability.shape[1]} x {probability.shape[0]} pixels, and "
            f"the mask {keep.shape[1]} x {keep.shape[0]}.",
            hint="Bring the mask to the size of the probabilities.",
        )
    alpha = np.zeros(image.shape[:2], np.uint8)
    if not keep.any():
        return alpha
    shape = _guide_shape(image.shape, probability.shape)
    fitted = np.zeros((*shape, 6), np.float32)
    zone = _resized(_grown(keep, _ZONE).astype(np.float32), shape)
    scale = max(shape) / max(probability.shape)
    window = _window(zone > 0, round(2 * _AROUND * scale))
    guide = _resized(image, shape)[window].astype(np.float32) / np.float32(255) - np.float32(0.5)
    small = _Small(probability, keep, shape, window)
    wanted = np.maximum(small.at_guide(_wanted(probability, keep)), _thin_lines(guide, small))
    fitted[(*window, slice(0, 4))] = colour_coefficients(
        guide, wanted, max(1, round(_RADIUS * scale)), _SMOOTH
    )
    fitted[..., 4] = _resized(_grown(keep, -_SURE).astype(np.float32), shape)
    fitted[..., 5] = zone
    height, width = image.shape[:2]
    for rows, _, _ in strips(height, width, 0):
        _apply(fitted, image, alpha, rows)
    without_print(alpha, image)
    return alpha


@dataclass(frozen=True)
class _Small:
    """What is known at the size of the probabilities, and how it lies on the guide."""

    probability: Probability
    keep: Mask
    shape: tuple[int, int]
    window: _Window

    @property
    def scale(self) -> float:
        """Pixels of the guide to one of the probabilities."""
        return float(max(self.shape) / max(self.probability.shape))

    def at_guide(self, values: Floats) -> Floats:
        """Return values at the size of the guide, its window alone."""
        return np.ascontiguousarray(_resized(values, self.shape)[self.window])


def _guide_shape(full: tuple[int, ...], small: tuple[int, ...]) -> tuple[int, int]:
    """Return the size of the guide: the photograph's, or less where that is very large."""
    longest = min(max(full[:2]), max(_GUIDE_PX, 2 * max(small)))
    scale = longest / max(full[:2])
    return max(1, round(full[0] * scale)), max(1, round(full[1] * scale))


def _window(zone: Mask, edge: int) -> _Window:
    """Return the rows and columns of a zone, with some background around it."""
    rows, columns = np.flatnonzero(zone.any(axis=1)), np.flatnonzero(zone.any(axis=0))
    return (
        slice(max(0, int(rows[0]) - edge), int(rows[-1]) + 1 + edge),
        slice(max(0, int(columns[0]) - edge), int(columns[-1]) + 1 + edge),
    )


def _wanted(probability: Probability, keep: Mask) -> Floats:
    """Return the probabilities of this specimen alone: certain inside it, 0 away from it."""
    wanted = np.where(keep, np.maximum(probability, np.float32(0.5)), probability)
    wanted[~_grown(keep, _TRUSTED)] = 0
    wanted[_grown(keep, -_SURE)] = 1
    return wanted.astype(np.float32)


def _thin_lines(guide: Floats, small: _Small) -> Floats:
    """Return how surely each pixel of the guide lies on a thin line that the specimen ends in.

    A line differs from the mean background around it, and is narrower than the
    probabilities resolve; where it is fainter than the specimen it is taken to cover
    its pixels in part.
    """
    seen, keep = small.at_guide(small.probability), small.at_guide(small.keep.astype(np.float32))
    ground = (seen < 0.05).astype(np.float32)
    around = max(2, round(_AROUND * small.scale))
    weight = box_mean(ground, around) + np.float32(1e-6)
    mean = box_mean(weighted(guide, ground), around)
    apart = guide - mean / weight[:, :, None]
    contrast = np.sqrt(np.einsum("hwc,hwc->hw", apart, apart))
    noise = box_mean(contrast * ground, around) / weight
    least = np.maximum(np.float32(_VISIBLE), np.float32(_NOISES) * noise)
    sure = np.clip(_narrow(contrast, small.scale) / least - np.float32(0.5), 0, 1)
    inside = keep > 0.5
    lines = _hanging_together(
        (sure > 0.5) & (small.at_guide(_grown(small.keep, _ZONE).astype(np.float32)) > 0.5), inside
    )
    full = np.float32(0.5) * contrast[inside].mean() if inside.any() else np.float32(1)
    return np.asarray(np.minimum(sure, contrast / np.maximum(full, least)) * lines, np.float32)


def _narrow(contrast: Floats, scale: float) -> Floats:
    """Return what of a contrast is narrower than the probabilities resolve (a white top-hat)."""
    import cv2

    side = 2 * max(1, round(_THIN * scale + 0.5)) + 1
    grey = np.minimum(contrast * np.float32(255), 255).astype(np.uint8)
    narrow = cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, np.ones((side, side), np.uint8))
    return np.asarray(narrow, np.float32) / np.float32(255)


def _hanging_together(lines: Mask, specimen: Mask) -> Floats:
    """Return the lines that touch a specimen, and their nearest neighbours."""
    import cv2

    n, numbers = cv2.connectedComponents((lines | specimen).astype(np.uint8), connectivity=8)
    belongs = np.zeros(n, np.bool_)
    belongs[np.unique(numbers[specimen])] = True
    belongs[0] = False
    kept = (belongs[numbers] & lines).astype(np.uint8)
    return np.asarray(cv2.dilate(kept, np.ones((3, 3), np.uint8)), np.float32)


def _apply(fitted: Floats, image: Image, alpha: Grey, rows: slice) -> None:
    """Write the alpha of some rows of the photograph."""
    factors = _at_rows(fitted, rows, alpha.shape)
    shown = np.flatnonzero((factors[..., 5] > 0).any(axis=0))
    if not shown.size:
        return
    part = (rows, slice(int(shown[0]), int(shown[-1]) + 1))
    factors = factors[:, part[1]]
    pixels = image[part].astype(np.float32) / np.float32(255) - np.float32(0.5)
    value = np.einsum("hwc,hwc->hw", pixels, factors[..., :3]) + factors[..., 3]
    value = (value - np.float32(_DARKEST)) / np.float32(_BRIGHTEST - _DARKEST)
    value = np.clip(value, 2 * factors[..., 4] - 1, 2 * factors[..., 5])
    alpha[part] = np.rint(np.clip(value, 0, 1) * 255).astype(np.uint8)


def _at_rows(fitted: Floats, rows: slice, shape: tuple[int, ...]) -> Floats:
    """Return the maps at some rows of the photograph, the same whatever the rows beside them."""
    import cv2

    if fitted.shape[:2] == shape[:2]:
        return fitted[rows]
    places = (np.arange(rows.start, rows.stop) + 0.5) * fitted.shape[0] / shape[0] - 0.5
    places = np.clip(places, 0, fitted.shape[0] - 1)
    upper = np.floor(places).astype(np.intp)
    lower = np.minimum(upper + 1, fitted.shape[0] - 1)
    share = (places - upper).astype(np.float32)[:, None, None]
    between = fitted[upper] * (1 - share) + fitted[lower] * share
    parts = [between[..., :3], between[..., 3:]]  # OpenCV resizes up to four channels at a time
    size = (shape[1], len(places))
    return np.concatenate(
        [cv2.resize(part.copy(), size, interpolation=cv2.INTER_LINEAR) for part in parts], axis=2
    )


def _resized(values: _Values, shape: tuple[int, int]) -> _Values:
    """Bring an image or a map to another size: by area where it shrinks, else bilinearly."""
    import cv2

    if values.shape[:2] == shape:
        return values
    shrinks = shape[0] <= values.shape[0] and shape[1] <= values.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(values, shape[::-1], interpolation=how), values.dtype)


def _grown(mask: Mask, by: int) -> Mask:
    """Return a mask grown by a disc of a radius, or shrunk where that is negative."""
    import cv2

    side = 2 * abs(by) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    change = cv2.dilate if by >= 0 else cv2.erode
    return np.asarray(change(mask.astype(np.uint8), disc), np.bool_)
