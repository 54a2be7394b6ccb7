"""Orienters: how far a cut-out specimen is turned from upright."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.core.loaded import Loaded
from wunderkammer.core.registry import Registry


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a specimen lies.

    Attributes
    ----------
    angle_deg : float
        How far it is turned from upright (head up), counter-clockwise as seen, in
        [-180, 180). Turning the image by ``-angle_deg`` sets it upright.
    confidence : float
        How far the angle can be trusted, in [0, 1].
    """

    angle_deg: float
    confidence: float


class Orienter(Loaded):
    """Base of all orienters: what turns specimens upright."""

    def orient(self, cutouts: Sequence[npt.NDArray[np.uint8]]) -> list[Orientation]:
        """Return how each cut-out lies.

        Parameters
        ----------
        cutouts : sequence of ndarray of uint8, shape (height, width, 4)
            RGB and straight alpha; sizes may differ.
        """
        raise NotImplementedError


registry: Registry[Orienter] = Registry("orienters", "orienter")
