"""Layouts: an embedding to places where no two sprites overlap."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Self

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
    all sprites, or that of the placement that this one goes on from.

    Attributes
    ----------
    positions : ndarray of float64, shape (n_media, 2)
        Centres.
    sizes : ndarray of float64, shape (n_media, 2)
        Width and height of each sprite.
    """

    positions: npt.NDArray[np.float64]
    sizes: npt.NDArray[np.float64]


class Mark(NamedTuple):
    """Something to read beside the sprites: a block with its name, or a line of a scale.

    Attributes
    ----------
    kind : str
        ``block``, ``tick`` (an upright line), ``parallel`` or ``meridian``.
    text : str
        What is written there.
    x, y, width, height : float
        A rectangle in atlas units, x and y its top left corner; a line has no width or
        no height.
    rank : str
        Of a block: rank of the taxon.
    n_media : int
        Of a block: how many media are in it.
    """

    kind: str
    text: str
    x: float
    y: float
    width: float
    height: float
    rank: str = ""
    n_media: int = 0


class Layout(Settings):
    """Base of all layouts.

    One that ``keeps`` puts sprites back where they lay before, see :meth:`place`.
    """

    keeps: ClassVar[bool] = False
    name: str
    version: str

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return files whose content decides the placement, by a name that stays when moved."""
        return {}

    def within(self, root: Path) -> Self:
        """Return the layout with its files looked for in a folder."""
        return self

    def reads(self) -> tuple[str, ...]:
        """Return the columns it looks at beside the embedding: scalars, or terms of records."""
        return ()

    def place(
        self,
        embedding: npt.NDArray[np.float64],
        aspects: npt.NDArray[np.float64],
        records: pa.Table | None = None,
        *,
        longest: npt.NDArray[np.float64] | None = None,
        before: Placement | None = None,
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
        longest : ndarray of float64, shape (n_media,), optional
            Longest side of each sprite in atlas units, positive; 1 where left out.
        before : Placement, optional
            Where sprites lay the last time, NaN for media that are new or have
            changed. A layout that ``keeps`` leaves what has the same size exactly where
            it was, and finds room for the others; the origin then stays where it was.
            Where there is no room that follows its rule, it lays out all of them anew.

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

    def marks(self, placement: Placement, records: pa.Table | None = None) -> list[Mark]:
        """Return what helps to read a placement of its own, in a fixed order."""
        return []


registry: Registry[Layout] = Registry("layouts", "layout")
