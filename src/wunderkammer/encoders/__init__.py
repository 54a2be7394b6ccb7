"""Encoders: images to vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from wunderkammer.core.loaded import Loaded
from wunderkammer.core.registry import Registry
from wunderkammer.imaging.preparing import Preparation

if TYPE_CHECKING:
    import torch


class Encoder(Loaded):
    """Base of all encoders: what makes features of images."""

    @property
    def n_features(self) -> int:
        """Length of the vectors."""
        raise NotImplementedError

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
