"""Layouts: an embedding to places where no two sprites overlap."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings


class Placement(NamedTuple):
    """Where each sprite lies, in atlas units.

    An atlas unit is the longest side of a sprite of normal size; x runs right,
    y runs down, the origin is the top left corner of the tightest box around
    all sprites.

    Attributes
    ----------
    positions : ndarray of float64, shape (n_media, 2)
        Centres.
    sizes : ndarray of float64, shape (n_media, 2)
        Width and height of each sprite.
    """

    positions: npt.NDArray[np.float64]
    sizes: npt.NDArray[np.float64]


class Layout(Settings):
    """Base of all layouts."""

    name: str
    version: str

    def place(
        self, embedding: npt.NDArray[np.float64], aspects: npt.NDArray[np.float64]
    ) -> Placement:
        """Return a placement in which no two sprites overlap.

        Parameters
        ----------
        embedding : ndarray of float64, shape (n_media, 2)
            Any units; y down. Points may coincide.
        aspects : ndarray of float64, shape (n_media,)
            Width divided by height of each image, positive.
        """
        raise NotImplementedError


registry: Registry[Layout] = Registry("layouts", "layout")
