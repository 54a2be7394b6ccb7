"""Projections: features to two dimensions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings


class Projection(Settings):
    """Base of all projections; seeded, so that the same features give the same map."""

    name: str
    version: str

    def project(
        self, features: npt.NDArray[np.float32], *, n_threads: int = 1
    ) -> npt.NDArray[np.float64]:
        """Return one 2-D point a row.

        Parameters
        ----------
        features : ndarray of float32, shape (n_media, n_features)
        n_threads : int
            Threads it may use; must not change the result.

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


registry: Registry[Projection] = Registry("projections", "projection")
