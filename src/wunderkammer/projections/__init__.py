"""Projections: features to two dimensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings

if TYPE_CHECKING:
    from wunderkammer.projections.neighbours import NeighbourGraph

Watch = Callable[[str, float], None]
"""Is told figures by name while a map is made, such as ``kl_divergence``."""


def unwatched(name: str, value: float) -> None:
    """Tell nobody."""


class Projection(Settings):
    """Base of all projections; seeded, so that the same features give the same map."""

    keeps_neighbours: ClassVar[bool] = False
    name: str
    version: str

    def n_neighbours(self, n: int) -> int:
        """Return the neighbours of each that a map of n media goes by; 0 if it finds its own.

        A projection that says more than 0 can be handed these, of rows scaled to length 1.
        """
        return 0

    def project(
        self,
        features: npt.NDArray[np.float32],
        *,
        n_threads: int = 1,
        neighbours: NeighbourGraph | None = None,
        start: npt.NDArray[np.float64] | None = None,
        watch: Watch = unwatched,
    ) -> npt.NDArray[np.float64]:
        """Return one 2-D point a row.

        Parameters
        ----------
        features : ndarray of float32, shape (n_media, n_features)
        n_threads : int
            Threads it may use; must not change the result.
        neighbours : NeighbourGraph, optional
            At least :meth:`n_neighbours` of each, found before; they change the result.
        start : ndarray of float64, shape (n_media, 2), optional
            A map of the same media to go on from, so that it is known again; a projection
            that does not go down step by step takes no notice.
        watch : callable, optional
            Is told figures while the map is made.

        Returns
        -------
        ndarray of float64, shape (n_media, 2)

        Raises
        ------
        NotEnoughMediaError
            If there are fewer media than the method needs; says how many.
        """
        raise NotImplementedError

    def project_both(
        self,
        train: npt.NDArray[np.float32],
        tests: npt.NDArray[np.float32],
        *,
        n_threads: int = 1,
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the map of some media, and where others fall on it.

        Parameters
        ----------
        train : ndarray of float32, shape (n_train, n_features)
            Their map is that of :meth:`project`: the others do not change it.
        tests : ndarray of float32, shape (n_tests, n_features)
        n_threads : int
            Threads it may use; must not change the result.

        Returns
        -------
        tuple of ndarray of float64, shapes (n_train, 2) and (n_tests, 2)

        Raises
        ------
        NotEnoughMediaError
            If there are fewer media to map than the method needs, or none.
        """
        raise NotImplementedError

    def placed(
        self,
        features: npt.NDArray[np.float32],
        points: npt.NDArray[np.float64],
        others: npt.NDArray[np.float32],
        *,
        n_threads: int = 1,
    ) -> npt.NDArray[np.float64]:
        """Return where other media fall on a finished map, which stays as it is.

        Parameters
        ----------
        features : ndarray of float32, shape (n_media, n_features)
            Of the media on the map, or of those of them that are left.
        points : ndarray of float64, shape (n_media, 2)
            Their places.
        others : ndarray of float32, shape (n_others, n_features)
        n_threads : int
            Threads it may use; must not change the result.

        Returns
        -------
        ndarray of float64, shape (n_others, 2)

        Raises
        ------
        NotEnoughMediaError
            If there are no media on the map.
        """
        raise NotImplementedError


registry: Registry[Projection] = Registry("projections", "projection")
