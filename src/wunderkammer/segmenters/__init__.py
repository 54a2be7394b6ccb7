"""Segmenters: images to masks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.core.loaded import Loaded
from wunderkammer.core.registry import Registry


@dataclass(frozen=True, slots=True, eq=False)
class Segmented:
    """What a segmenter sees in one image.

    Attributes
    ----------
    probability : ndarray of float32, shape (h, w)
        How likely each pixel belongs to a specimen, in [0, 1]; the whole image
        at the segmenter's own resolution, its aspect kept.
    confidence : float
        How far the mask can be trusted, in [0, 1]: an estimate of the overlap
        (intersection over union) with the mask that a person would draw.
    """

    probability: npt.NDArray[np.float32]
    confidence: float


class Segmenter(Loaded):
    """Base of all segmenters: what tells specimens from their background."""

    def segment(self, images: Sequence[npt.NDArray[np.uint8]]) -> list[Segmented]:
        """Return what is seen in each image.

        Parameters
        ----------
        images : sequence of ndarray of uint8, shape (height, width, 3)
            RGB; sizes may differ.
        """
        raise NotImplementedError


registry: Registry[Segmenter] = Registry("segmenters", "segmenter")
