"""Similarities of t-SNE, from neighbours that are already known."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.projections._compiling import Parts, compiled
from wunderkammer.projections.neighbours import NeighbourGraph

_N_HALVINGS = 60

Singles = npt.NDArray[np.float32]


@compiled
def _calibrate(
    distances: Singles, perplexity: float, first: int, last: int, found: Singles
) -> None:
    """Write the similarities of some rows: Gaussians, each as wide as the perplexity asks."""
    k = distances.shape[1]
    wanted = np.log(perplexity)
    squares = np.empty(k)
    for row in range(first, last):
        nearest = float(distances[row, 0]) ** 2
        mean = 0.0
        for place in range(k):
            squares[place] = float(distances[row, place]) ** 2 - nearest
            mean += squares[place] / k
        if mean <= 0:
            found[row] = 1 / k
            continue
        low, high, precision = 0.0, -1.0, 1 / mean
        total = 0.0
        for _ in range(_N_HALVINGS):
            total = energy = 0.0
            for place in range(k):
                weight = np.exp(-squares[place] * precision)
                total += weight
                energy += weight * squares[place]
            entropy = np.log(total) + precision * energy / total
            if abs(entropy - wanted) < 1e-6:
                break
            if entropy > wanted:
                low = precision
                precision = precision * 2 if high < 0 else (low + high) / 2
            else:
                high = precision
                precision = (low + high) / 2
        for place in range(k):
            found[row, place] = np.exp(-squares[place] * precision) / total


def similarities(distances: Singles, perplexity: float, parts: Parts) -> Singles:
    """Return how much each medium attends to its neighbours, (n, k); rows sum to 1.

    Where there are fewer neighbours than the perplexity, all count nearly the same.
    """
    distances = np.ascontiguousarray(distances, np.float32)
    weights = np.empty_like(distances)
    reached = min(perplexity, 0.999 * distances.shape[1])
    parts.each(lambda _, first, last: _calibrate(distances, reached, first, last, weights))
    return weights


def joint_similarities(graph: NeighbourGraph, perplexity: float, parts: Parts) -> Any:
    """Return the joint similarities of all media as a sparse matrix that sums to 1.

    Parameters
    ----------
    graph : NeighbourGraph
        More neighbours than ``perplexity``; those beyond three times it are left out.
    perplexity : float
    parts : Parts

    Returns
    -------
    scipy.sparse.csr_array of float32, shape (n, n)
        Symmetric; the columns of a row rise.
    """
    from scipy.sparse import csr_array

    n = len(graph.indices)
    k = min(graph.k, max(1, int(3 * perplexity)))
    weights = similarities(graph.distances[:, :k], perplexity, parts)
    weights *= 0.5 / n
    places = np.arange(0, n * k + 1, k, dtype=np.int64 if n * k >= 2**31 else np.int32)
    one_way = csr_array((weights.ravel(), graph.indices[:, :k].ravel(), places), shape=(n, n))
    joint = one_way + one_way.T.tocsr()
    joint.sort_indices()
    return joint
