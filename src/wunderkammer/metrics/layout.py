"""How true a layout is to its embedding, and whether sprites overlap."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wunderkammer.imaging.boxes import overlapping_pairs

Floats = npt.NDArray[np.float64]

NEIGHBOURS = 8
"""Neighbours on the map that are looked for in the layout."""

_MOST_QUERIES = 20_000
_STILL = 1e-9


def layout_quality(embedding: Floats, positions: Floats, sizes: Floats) -> dict[str, float]:
    """Measure a layout: overlaps of all pairs, ways moved, neighbours kept.

    Parameters
    ----------
    embedding : ndarray of float64, shape (n, 2)
        The map that was laid out, in any unit; NaN for media that it has no point for.
    positions, sizes : ndarray of float64, shape (n, 2)
        Centres, widths and heights in atlas units.

    Returns
    -------
    dict
        ``n_overlapping_pairs`` (every pair is looked at); ``mean_displacement``,
        ``p99_displacement`` and ``max_displacement`` in longest sides of a sprite,
        from where the map would be if it were only shifted and scaled, each axis
        alone, by least squares; ``neighbours_kept``, the share of 8 nearest on the
        map that are among the 8 nearest in the layout, of at most 20,000 media. Media
        without a point count in ``n_overlapping_pairs`` and in ``n_apart`` alone.
    """
    known = np.isfinite(embedding).all(axis=1)
    overlaps = overlapping_pairs(positions, sizes)
    embedding, positions = embedding[known], positions[known]
    moved = displacement(embedding, positions)
    return {
        "n_overlapping_pairs": float(overlaps),
        "n_apart": float((~known).sum()),
        "mean_displacement": float(moved.mean()) if len(moved) else 0.0,
        "p99_displacement": float(np.percentile(moved, 99)) if len(moved) else 0.0,
        "max_displacement": float(moved.max(initial=0.0)),
        "neighbours_kept": neighbours_kept(embedding, positions),
    }


def moved_quality(before: Floats, positions: Floats) -> dict[str, float]:
    """Measure how far sprites lie from where they lay before.

    Parameters
    ----------
    before : ndarray of float64, shape (n, 2)
        NaN for those that are new.
    positions : ndarray of float64, shape (n, 2)

    Returns
    -------
    dict
        ``n_new``; of the others ``n_moved``, ``median_moved`` and ``max_moved``, in longest
        sides of a normal sprite. The whole is not shifted to fit: a sprite that lies elsewhere
        in the atlas has moved.
    """
    ways = np.hypot(*(positions - before).T)
    old = ways[np.isfinite(ways)]
    return {
        "n_new": float(len(ways) - len(old)),
        "n_moved": float((old > _STILL).sum()),
        "median_moved": float(np.median(old)) if len(old) else 0.0,
        "max_moved": float(old.max(initial=0.0)),
    }


def displacement(embedding: Floats, positions: Floats) -> Floats:
    """Return how far each sprite lies from its point of the fitted map, shape (n,).

    Notes
    -----
    The map is fitted to the layout by shift and scale, each axis alone, by least
    squares: a grid may stretch one axis, and a layout is free to choose its size.
    """
    if not len(embedding):
        return np.empty(0)
    centred = embedding - embedding.mean(axis=0)
    aim = positions - positions.mean(axis=0)
    spread = (centred**2).sum(axis=0)
    scale = np.divide((centred * aim).sum(axis=0), spread, np.zeros(2), where=spread > 0)
    return np.asarray(np.hypot(*(aim - centred * scale).T))


def neighbours_kept(embedding: Floats, positions: Floats, k: int = NEIGHBOURS) -> float:
    """Return the share of each point's ``k`` nearest that stay among its ``k`` nearest.

    Points are spread evenly over the input where there are more than 20,000; 1.0
    where there are too few to tell.
    """
    from scipy.spatial import cKDTree

    n = len(embedding)
    if n <= k + 1:
        return 1.0
    queries = np.linspace(0, n - 1, min(n, _MOST_QUERIES)).astype(np.int64)
    before = cKDTree(embedding).query(embedding[queries], k + 1)[1][:, 1:]
    after = cKDTree(positions).query(positions[queries], k + 1)[1][:, 1:]
    kept = [len(np.intersect1d(one, other)) for one, other in zip(before, after, strict=True)]
    return float(np.mean(kept) / k)
