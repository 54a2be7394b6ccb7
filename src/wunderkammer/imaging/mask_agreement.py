"""How well a mask agrees with the true one: area, outline, thin parts."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from wunderkammer.imaging.masks import Mask


def iou(mask: Mask, truth: Mask) -> float:
    """Return intersection over union, in [0, 1]; 1.0 where both masks are empty.

    Examples
    --------
    >>> iou(np.array([[True, True, False]]), np.array([[False, True, True]]))
    0.3333333333333333
    """
    union = int((mask | truth).sum())
    return int((mask & truth).sum()) / union if union else 1.0


def dice(mask: Mask, truth: Mask) -> float:
    """Return twice the intersection over the sum of areas; 1.0 where both masks are empty.

    Examples
    --------
    >>> dice(np.array([[True, True, False]]), np.array([[False, True, True]]))
    0.5
    """
    total = int(mask.sum()) + int(truth.sum())
    return 2 * int((mask & truth).sum()) / total if total else 1.0


def boundary_f(mask: Mask, truth: Mask, tolerance_px: float) -> float:
    """Return how well two outlines agree: the F1 of boundary pixels within a tolerance.

    Parameters
    ----------
    mask, truth : ndarray of bool, shape (height, width)
        The mask found and the true one.
    tolerance_px : float
        How far apart, centre to centre, two boundary pixels may be and still agree.

    Returns
    -------
    float
        In [0, 1]; 1.0 where both masks are empty, 0.0 where one is.

    Notes
    -----
    A boundary pixel is one of the mask with a neighbour above, below, left or right
    outside it; outside the image nothing is specimen. Precision is the share of the
    mask's boundary that lies near the truth's, recall the other way round [1]_, as
    in the contour accuracy of [2]_.

    References
    ----------
    .. [1] Csurka, G., Larlus, D. & Perronnin, F. (2013). What is a good evaluation
       measure for semantic segmentation? BMVC, 32.1-32.11.
    .. [2] Perazzi, F. et al. (2016). A benchmark dataset and evaluation methodology
       for video object segmentation. CVPR, 724-732.
    """
    found, wanted = _boundary(mask), _boundary(truth)
    if not found.any() or not wanted.any():
        return 1.0 if not found.any() and not wanted.any() else 0.0
    precision = float((_distance_to(wanted)[found] <= tolerance_px + 1e-4).mean())
    recall = float((_distance_to(found)[wanted] <= tolerance_px + 1e-4).mean())
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def thin_part_recall(mask: Mask, truth: Mask, width_px: int) -> float:
    """Return the share of the truth's thin parts that a mask covers: antennae, legs, tails.

    Parameters
    ----------
    mask, truth : ndarray of bool, shape (height, width)
        The mask found and the true one.
    width_px : int
        Parts that a disc of this diameter does not fit into are thin.

    Returns
    -------
    float
        In [0, 1]; NaN where the truth has no thin parts.

    Notes
    -----
    Thin is the truth without its morphological opening [1]_; from a width of 4 on,
    that takes in the very tips of corners, a pixel or so each.

    References
    ----------
    .. [1] Serra, J. (1982). Image analysis and mathematical morphology. Academic
       Press, London.
    """
    thin = truth & ~_opened(truth, width_px)
    n_thin = int(thin.sum())
    return int((mask & thin).sum()) / n_thin if n_thin else math.nan


def _boundary(mask: Mask) -> Mask:
    inner = np.pad(mask, 1)
    around = inner[:-2, 1:-1] & inner[2:, 1:-1] & inner[1:-1, :-2] & inner[1:-1, 2:]
    return np.asarray(mask & ~around, np.bool_)


def _distance_to(marked: Mask) -> npt.NDArray[np.float32]:
    """Return the distance in pixels from each pixel to the nearest marked one."""
    import cv2

    distance = cv2.distanceTransform((~marked).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(distance, np.float32)


def _opened(mask: Mask, width_px: int) -> Mask:
    """Return the union of all discs of a diameter that fit into a mask; it goes on at the frame."""
    import cv2

    if width_px <= 1:
        return mask
    steps = np.arange(width_px) - (width_px - 1) / 2
    disc = (np.hypot(steps[:, None], steps) <= width_px / 2).astype(np.uint8)
    padded = np.pad(mask, width_px, mode="edge").astype(np.uint8)
    before, after = (0, 0), (width_px - 1, width_px - 1)  # so that even widths do not shift
    opened = cv2.dilate(cv2.erode(padded, disc, anchor=before), disc, anchor=after)
    inside = slice(width_px, -width_px)
    return np.asarray(opened[inside, inside] > 0, np.bool_)
