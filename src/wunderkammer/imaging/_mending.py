"""Mending a mask: holes that are no gaps, thin parts that are barely probable."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wunderkammer.imaging.masks import Mask, Probability

Image = npt.NDArray[np.uint8]

_SHADOW = 25  # how much darker, in L*, the background may be between legs and wings
_THIN_PX = 5  # parts of less than about this width are thin


def filled(mask: Mask, probability: Probability, image: Image, share: float) -> Mask:
    """Fill holes up to a share of the mask, and larger ones that do not show the background."""
    import cv2

    n, numbers, stats, _ = cv2.connectedComponentsWithStats(
        np.pad(~mask, 1, constant_values=True).astype(np.uint8), connectivity=4
    )
    if n <= 2:
        return mask
    outside, numbers = int(numbers[0, 0]), numbers[1:-1, 1:-1]
    lab = cv2.cvtColor(image.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)
    width = 2 * max(3, round(0.1 * np.sqrt(mask.sum()))) + 1
    near = cv2.dilate(mask.astype(np.uint8), np.ones((width, width), np.uint8)) > 0
    ground = np.asarray(lab[near & (numbers == outside)], np.float32)
    fills = stats[:, cv2.CC_STAT_AREA] <= share * mask.sum()
    fills[[0, outside]] = True, False
    for hole in np.flatnonzero(~fills):
        if hole == outside:
            continue
        inside = numbers == hole
        inside &= probability <= np.median(probability[inside])  # its edge mixes both colours
        fills[hole] = not _alike(np.asarray(lab[inside], np.float32), ground)
    return np.asarray(fills[numbers], np.bool_)


def _alike(hole: npt.NDArray[np.float32], ground: npt.NDArray[np.float32]) -> bool:
    """Tell whether the colours of a hole are those of the background, perhaps in shadow.

    Less light scales a*, b* and L* + 16 alike.
    """
    if not len(ground):
        return False
    middle, found = np.median(ground, axis=0), np.median(hole, axis=0)
    spread = 1.5 * np.median(np.abs(ground - middle), axis=0)
    in_light = -_SHADOW <= found[0] - middle[0] <= spread[0] + 2
    expected = middle[1:] * (found[0] + 16) / (middle[0] + 16)
    return bool(in_light and (np.abs(found[1:] - expected) <= spread[1:] + 1).all())


def followed(mask: Mask, faint: Mask) -> Mask:
    """Follow thin parts outwards from a mask as far as something is faintly probable."""
    import cv2

    weak = faint.astype(np.uint8)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_THIN_PX, _THIN_PX))
    thin = faint & ~(cv2.morphologyEx(weak, cv2.MORPH_OPEN, disc) > 0) & ~mask
    n, numbers = cv2.connectedComponents(thin.astype(np.uint8), connectivity=8)
    ground = (~mask).astype(np.uint8)
    away = np.asarray(cv2.distanceTransform(ground, cv2.DIST_L2, cv2.DIST_MASK_PRECISE), float)
    nearest, furthest = np.full(n, np.inf), np.zeros(n)
    np.minimum.at(nearest, numbers[thin].astype(np.intp), away[thin])
    np.maximum.at(furthest, numbers[thin].astype(np.intp), away[thin])
    follows = (nearest < 1.5) & (furthest >= _THIN_PX / 2)  # more than the mask's own soft rim
    return np.asarray(mask | follows[numbers], np.bool_)
