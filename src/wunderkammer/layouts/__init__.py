"""Layouts: an embedding to places where no two sprites overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa


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

    def reads(self) -> tuple[str, ...]:
        """Return the columns it looks at beside the embedding: scalars, or terms of records."""
        return ()

    def place(
        self,
        embedding: npt.NDArray[np.float64],
        aspects: npt.NDArray[np.float64],
        records: pa.Table | None = None,
    ) -> Placement:
        """Return a placement in which no two sprites overlap.

        Parameters
        ----------
        embedding : ndarray of float64, shape (n_media, 2)
            Any units; y down. Points may coincide.
        aspects : ndarray of float64, shape (n_media,)
            Width divided by height of each image, positive.
        records : pyarrow.Table, optional
            The columns of :meth:`reads`, one row a medium, null where a cell is
            empty. Terms of records are text.

        Raises
        ------
        StageError
            If no medium has what the layout goes by.
        """
        raise NotImplementedError

    def aims(
        self, embedding: npt.NDArray[np.float64], records: pa.Table | None = None
    ) -> npt.NDArray[np.float64]:
        """Return the points that sprites should lie near to, shape (n_media, 2).

        They are what the quality of a placement is measured by: the embedding, unless
        a layout follows something else. NaN where a medium has no point to go by.
        """
        return embedding


registry: Registry[Layout] = Registry("layouts", "layout")
