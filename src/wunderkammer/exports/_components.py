"""Principal components of many vectors, exact, read a block at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.core.one_thread import one_thread

Floats = npt.NDArray[np.float64]

_BLOCK_ROWS = 1 << 13


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """The directions in which vectors differ most.

    Attributes
    ----------
    mean : ndarray of float64, shape (n_features,)
    directions : ndarray of float64, shape (n_components, n_features)
        Rows of length 1; of each, the value of greatest magnitude is positive.
    explained_variance : ndarray of float64, shape (n_components,)
        Variance along each, with n - 1 in the denominator, falling.
    total_variance : float
        Variance along all there are.
    """

    mean: Floats
    directions: Floats
    explained_variance: Floats
    total_variance: float

    def scores(self, vectors: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """Return where vectors (n, n_features) lie along the components, (n, n_components)."""
        found = (vectors.astype(np.float64) - self.mean) @ self.directions.T
        return found.astype(np.float32)


def principal_components(vectors: npt.NDArray[np.floating], n_components: int) -> Components:
    """Return the first principal components of vectors.

    Parameters
    ----------
    vectors : ndarray, shape (n, n_features)
        May be mapped from a file; it is read twice, a block of rows at a time.
    n_components : int
        At most n - 1 and n_features.

    Notes
    -----
    Eigenvectors of the covariance in float64 [1]_; nothing is drawn at random, and one
    thread adds up, so that the same vectors give the same components everywhere.

    References
    ----------
    .. [1] Jolliffe, I. T. (2002). Principal component analysis, 2nd ed. Springer.
    """
    from scipy.linalg import eigh

    n, n_features = vectors.shape
    with one_thread():  # more threads would add in another order
        mean = sum((block.sum(axis=0) for block in blocks(vectors)), np.zeros(n_features)) / n
        scatter = np.zeros((n_features, n_features))
        for block in blocks(vectors):
            centred = block - mean
            scatter += centred.T @ centred
        first = n_features - n_components
        values, columns = eigh(scatter, subset_by_index=[first, n_features - 1])
    directions = columns[:, ::-1].T
    largest = np.abs(directions).argmax(axis=1)
    signs = np.sign(directions[np.arange(n_components), largest])
    variances = np.maximum(values[::-1], 0) / max(n - 1, 1)
    total = float(np.trace(scatter)) / max(n - 1, 1)
    return Components(mean, directions * signs[:, None], variances, total)


def blocks(vectors: npt.NDArray[np.floating]) -> Iterator[Floats]:
    """Yield rows in float64, some thousand at a time."""
    for start in range(0, len(vectors), _BLOCK_ROWS):
        yield np.asarray(vectors[start : start + _BLOCK_ROWS], np.float64)
