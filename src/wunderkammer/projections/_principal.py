"""Principal components, exact, with signs that do not depend on the solver."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_CHUNK_ROWS = 1 << 13

Floats = npt.NDArray[np.float64]


def unit_rows(features: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Return the rows scaled to length 1; rows of zeros stay."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return features / np.where(lengths > 0, lengths, 1)


def principal_scores(features: npt.NDArray[np.floating], n_components: int) -> Floats:
    """Return the scores of the first principal components, shape (n, n_components).

    Parameters
    ----------
    features : ndarray, shape (n, n_features)
        At least one row.
    n_components : int
        Components beyond the rank of the data are columns of zeros.

    Notes
    -----
    Eigenvectors of the smaller of covariance and Gram matrix, in float64; of each
    component, the loading of greatest magnitude is made positive.
    """
    import scipy.linalg  # noqa: F401  its BLAS must be loaded before it can be limited
    from threadpoolctl import threadpool_limits

    n, n_features = features.shape
    scores = np.zeros((n, n_components))
    n_kept = min(n_components, n - 1, n_features)
    if n_kept < 1:
        return scores
    with threadpool_limits(limits=1):  # more threads would add in another order
        mean = features.mean(axis=0, dtype=np.float64)
        loadings = _of_gram(features - mean, n_kept) if n < n_features else None
        if loadings is None:
            loadings = _of_covariance(features, mean, n_kept)
        largest = np.abs(loadings).argmax(axis=0)
        signs = np.sign(loadings[largest, np.arange(n_kept)])
        for start in range(0, n, _CHUNK_ROWS):
            chunk = features[start : start + _CHUNK_ROWS] - mean
            scores[start : start + _CHUNK_ROWS, :n_kept] = chunk @ (loadings * signs)
    return scores


def _of_covariance(features: npt.NDArray[np.floating], mean: Floats, n_kept: int) -> Floats:
    scatter = np.zeros((len(mean), len(mean)))
    for start in range(0, len(features), _CHUNK_ROWS):
        chunk = features[start : start + _CHUNK_ROWS] - mean
        scatter += chunk.T @ chunk
    return _leading(scatter, n_kept)[1]


def _of_gram(centred: Floats, n_kept: int) -> Floats:
    values, vectors = _leading(centred @ centred.T, n_kept)
    usable = values > values.max(initial=0.0) * 1e-12
    scale = np.where(usable, 1 / np.sqrt(np.where(usable, values, 1)), 0)
    loadings: Floats = centred.T @ (vectors * scale)
    return loadings


def _leading(matrix: Floats, n_kept: int) -> tuple[Floats, Floats]:
    """Return the largest eigenvalues, falling, and their vectors."""
    from scipy.linalg import eigh

    size = len(matrix)
    values, vectors = eigh(matrix, subset_by_index=[size - n_kept, size - 1])
    return values[::-1], vectors[:, ::-1]
