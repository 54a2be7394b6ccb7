"""Segmenters: images to masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device
from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings


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


class Segmenter(Settings):
    """Base of all segmenters: ``load`` once a worker, then ``segment`` any number of times.

    A subclass sets ``name`` and ``version`` to ``Literal`` types with defaults,
    registers itself, and keeps what it loads in private attributes. The result
    for an image must not depend, to the last bit, on the other images of the call.
    """

    name: str
    version: str

    @property
    def input_px(self) -> int:
        """Longest side in pixels below which an image loses detail this segmenter sees."""
        raise NotImplementedError

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return files whose content decides the result, by a name that stays when moved.

        Parameters
        ----------
        root : Path
            The collection's folder; relative paths start there.
        """
        return {}

    def load(self, device: Device, root: Path) -> None:
        """Make ready: import what is heavy, read weights, move them to the device.

        Parameters
        ----------
        device : Device
            Where it computes.
        root : Path
            The collection's folder; relative paths start there.
        """

    def segment(self, images: Sequence[npt.NDArray[np.uint8]]) -> list[Segmented]:
        """Return what is seen in each image.

        Parameters
        ----------
        images : sequence of ndarray of uint8, shape (height, width, 3)
            RGB; sizes may differ.
        """
        raise NotImplementedError


registry: Registry[Segmenter] = Registry("segmenters", "segmenter")
