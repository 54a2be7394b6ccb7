"""Orienters: how far a cut-out specimen is turned from upright."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device
from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings


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


class Orienter(Settings):
    """Base of all orienters: ``load`` once a worker, then ``orient`` any number of times.

    A subclass sets ``name`` and ``version`` to ``Literal`` types with defaults,
    registers itself, and keeps what it loads in private attributes. The result
    for an image must not depend, to the last bit, on the other images of the call.
    """

    name: str
    version: str

    @property
    def input_px(self) -> int:
        """Longest side in pixels below which a cut-out loses detail this orienter sees."""
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

    def orient(self, cutouts: Sequence[npt.NDArray[np.uint8]]) -> list[Orientation]:
        """Return how each cut-out lies.

        Parameters
        ----------
        cutouts : sequence of ndarray of uint8, shape (height, width, 4)
            RGB and straight alpha; sizes may differ.
        """
        raise NotImplementedError


registry: Registry[Orienter] = Registry("orienters", "orienter")
