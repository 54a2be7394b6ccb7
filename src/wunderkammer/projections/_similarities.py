"""Similarities of t-SNE, from neighbours that are already known."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.projections._compiling import Parts, compiled
from wunderkammer.projections.neighbours import NeighbourGraph

_N_STEPS, _NEAR = 60, 1e-6
_LONGEST_STEP = 1.0
"""Of the logarithm of the precision, by Newton's method: far off, the slope says little."""

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
        low, high, precision = 0.0, -1.0, 1 / mean  # no infinity: the compiler is told of none
        total = 0.0
        for _ in range(_N_STEPS):
            total = energy = spread = 0.0
            for place in range(k):
                weight = np.exp(-squares[place] * precision)
                total += weight
                energy += weight * squares[place]
                spread += weight * squares[place] * squares[place]
            energy /= total
            off = np.log(total) + precision * energy - wanted
            if abs(off) < _NEAR:
                break
            if off > 0:
                low = precision
            else:
                high = precision
            # the entropy falls by this for each unit of the precision's logarithm
            fall = precision * precision * (spread / total - energy * energy)
            step = min(max(off / max(fall, 1e-12), -_LONGEST_STEP), _LONGEST_STEP)
            precision *= np.exp(step)
            if precision <= low or 0 < high <= precision:
                precision = (low + high) / 2 if high > 0 else low * 2
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
    columns = graph.indices[:, :k].flatten()  # a copy: they are sorted, and the graph is not ours
    one_way = csr_array((weights.ravel(), columns, places), shape=(n, n))
    one_way.sort_indices()  # of sorted rows the sum is quick, and sorted
    return one_way + one_way.T.tocsr()
