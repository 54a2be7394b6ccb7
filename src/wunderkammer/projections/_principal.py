"""Principal components, exact, with signs that do not depend on the solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.core.one_thread import one_thread

_CHUNK_ROWS = 1 << 13
_N_LINEAR = 50

Floats = npt.NDArray[np.float64]


def unit_rows(
    features: npt.NDArray[np.floating], normalise: bool = True
) -> npt.NDArray[np.floating]:
    """Return the rows scaled to length 1, or as they are; rows of zeros stay."""
    if not normalise:
        return features
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return features / np.where(lengths > 0, lengths, 1)


@dataclass(frozen=True, slots=True, eq=False)
class PrincipalAxes:
    """The directions in which features differ most.

    Attributes
    ----------
    mean : ndarray of float64, shape (n_features,)
    loadings : ndarray of float64, shape (n_features, n_kept)
        Columns of length 1, no more than the data allow.
    n_components : int
        Columns of the scores; those beyond the rank of the data are zeros.
    """

    mean: Floats
    loadings: Floats
    n_components: int

    def scores(self, features: npt.NDArray[np.floating]) -> Floats:
        """Return where features (n, n_features) lie along the axes, (n, n_components)."""
        found = np.zeros((len(features), self.n_components))
        n_kept = self.loadings.shape[1]
        with one_thread():  # more threads would add in another order
            for start in range(0, len(features), _CHUNK_ROWS):
                chunk = features[start : start + _CHUNK_ROWS] - self.mean
                found[start : start + _CHUNK_ROWS, :n_kept] = chunk @ self.loadings
        return found


def principal_axes(features: npt.NDArray[np.floating], n_components: int) -> PrincipalAxes:
    """Return the first principal components of some features.

    Parameters
    ----------
    features : ndarray, shape (n, n_features)
        At least one row.
    n_components : int

    Notes
    -----
    Eigenvectors of the smaller of covariance and Gram matrix, in float64; of each
    component, the loading of greatest magnitude is made positive.
    """
    import scipy.linalg  # noqa: F401  its BLAS must be loaded before it can be limited

    n, n_features = features.shape
    n_kept = min(n_components, n - 1, n_features)
    with one_thread():
        mean = features.mean(axis=0, dtype=np.float64)
        if n_kept < 1:
            return PrincipalAxes(mean, np.zeros((n_features, 0)), n_components)
        if n < n_features:
            loadings = _of_gram(features - mean, n_kept)
        else:
            loadings = _of_covariance(features, mean, n_kept)
    largest = np.abs(loadings).argmax(axis=0)
    signs = np.sign(loadings[largest, np.arange(n_kept)])
    return PrincipalAxes(mean, loadings * signs, n_components)


def principal_scores(features: npt.NDArray[np.floating], n_components: int) -> Floats:
    """Return the scores of the first principal components, shape (n, n_components)."""
    return principal_axes(features, n_components).scores(features)


def placed_linearly(
    rows: npt.NDArray[np.floating], points: Floats, others: npt.NDArray[np.floating]
) -> Floats:
    """Return where other rows fall on a map (n, 2) that is linear in the features.

    What makes the map of the rows is found by least squares along their components, so
    that rows may have gone since it was made.
    """
    axes = principal_axes(rows, min(_N_LINEAR, rows.shape[1]))
    scores, middle = axes.scores(rows), points.mean(axis=0)
    with one_thread():
        lengths = np.square(scores).sum(axis=0)
        usable = lengths > lengths.max(initial=0.0) * 1e-12
        slopes = scores.T @ (points - middle) / np.where(usable, lengths, np.inf)[:, None]
        return np.asarray(axes.scores(others) @ slopes + middle)


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
