"""Encoders: images to vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device
from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings
from wunderkammer.imaging.preparing import Preparation

if TYPE_CHECKING:
    import torch


class Encoder(Settings):
    """Base of all encoders: ``load`` once a worker, then ``encode`` any number of times.

    A subclass sets ``name`` and ``version`` to ``Literal`` types with defaults,
    registers itself, and keeps what it loads in private attributes. The result
    for an image must not depend, to the last bit, on the other images of the
    call: a run that was interrupted and finished equals one that was not.
    """

    name: str
    version: str

    @property
    def n_features(self) -> int:
        """Length of the vectors."""
        raise NotImplementedError

    @property
    def input_px(self) -> int:
        """Longest side in pixels below which an image loses detail this encoder sees."""
        raise NotImplementedError

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return files whose content decides the result, by a name that stays when moved.

        Parameters
        ----------
        root : Path
            The collection's folder; relative paths start there.
        """
        return {}

    def load(self, device: Device, root: Path = Path()) -> None:
        """Make ready: import what is heavy, read weights, move them to the device.

        Parameters
        ----------
        device : Device
            Where it computes.
        root : Path
            The collection's folder; relative paths start there.
        """

    def encode(self, images: Sequence[npt.NDArray[np.uint8]]) -> npt.NDArray[np.float32]:
        """Return the features of some images.

        Parameters
        ----------
        images : sequence of ndarray of uint8, shape (height, width, 3)
            RGB; sizes may differ.

        Returns
        -------
        ndarray of float32, shape (n_images, n_features)
        """
        raise NotImplementedError

    def network(self) -> torch.nn.Module | None:
        """Return the loaded network, on the processor; None where an encoder is none.

        It takes float32 of shape (n, 3, side, side), scaled as :meth:`preparation`
        says, and returns (n, n_features).
        """
        return None

    def preparation(self) -> Preparation | None:
        """Return how an image becomes the input of :meth:`network`; None where there is none."""
        return None


registry: Registry[Encoder] = Registry("encoders", "encoder")
