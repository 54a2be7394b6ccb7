"""How well a machine's mask agrees with a person's, at a size where figures compare."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from wunderkammer.core.errors import ImageError
from wunderkammer.imaging.mask_agreement import boundary_f, dice, iou, thin_part_recall
from wunderkammer.imaging.masks import THRESHOLD, Mask, Probability, resize_mask

MOST_PX = 1280
"""Longest side at which masks are compared; a larger one is shrunken to it."""

TOLERANCE = 0.008
"""How far outlines may lie apart and still agree, as a share of the diagonal [1]_.

.. [1] Perazzi, F. et al. (2016). A benchmark dataset and evaluation methodology for video object
   segmentation. CVPR, 724-732.
"""

THIN = 0.01
"""Parts narrower than this share of the diagonal are thin."""

_ASPECT = 0.02


class Agreement(NamedTuple):
    """How well two masks agree.

    Attributes
    ----------
    iou, dice, boundary_f : float
        In [0, 1], 1 is the same.
    thin_part_recall : float
        Share of the true mask's thin parts that was found; NaN where it has none.
    """

    iou: float
    dice: float
    boundary_f: float
    thin_part_recall: float


def agreement(probability: Probability, truth: Mask) -> Agreement:
    """Return how well a machine's probabilities, cut at one half, agree with a person's mask.

    Parameters
    ----------
    probability : ndarray of float32, shape (h, w)
        Of the whole photograph, at any size.
    truth : ndarray of bool, shape (height, width)
        The person's mask; both are compared at its size, at most :data:`MOST_PX`.

    Raises
    ------
    ImageError
        If the mask is empty, or has another aspect than the photograph.
    """
    import cv2

    if not truth.any():
        raise ImageError("the person's mask is empty.", hint="Draw it, or reject the medium.")
    same_aspect(truth.shape, probability.shape)
    scale = min(1.0, MOST_PX / max(truth.shape))
    height, width = (max(1, round(side * scale)) for side in truth.shape)
    wanted = resize_mask(truth, height, width)
    smaller = height <= probability.shape[0]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    scaled = np.asarray(cv2.resize(probability, (width, height), interpolation=how), np.float32)
    found = scaled >= THRESHOLD
    diagonal = math.hypot(height, width)
    return Agreement(
        iou(found, wanted),
        dice(found, wanted),
        boundary_f(found, wanted, max(1.0, TOLERANCE * diagonal)),
        thin_part_recall(found, wanted, max(3, round(THIN * diagonal))),
    )


def same_aspect(mask: tuple[int, ...], photograph: tuple[int, ...]) -> None:
    """Refuse a mask that cannot be of a photograph.

    Raises
    ------
    ImageError
        If heights and widths are not in proportion, within 2 % or a pixel.
    """
    height, width = photograph[:2]
    wanted = mask[0] * width / height
    if abs(wanted - mask[1]) > max(1.0 + width / height, _ASPECT * wanted):
        raise ImageError(
            f"the mask is {mask[1]} x {mask[0]} pixels and the photograph {width} x {height}: "
            "they are not in proportion.",
            hint="Draw it again, or look whether it is another photograph's.",
        )
