"""Boxes in the plane: how many pairs of them overlap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

TOUCH = 1e-9
"""Depth up to which two boxes touch and do not overlap: what rounding makes of a shared edge."""

_MAX_PAIRS = 1 << 20

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


def overlapping_pairs(positions: Floats, sizes: Floats) -> int:
    """Return the number of pairs of boxes that overlap, counted exactly.

    Parameters
    ----------
    positions : ndarray of float64, shape (n, 2)
        Centres, x and y.
    sizes : ndarray of float64, shape (n, 2)
        Widths and heights in the same unit, positive; they may differ widely.

    Returns
    -------
    int
        Pairs that share more than ``TOUCH`` in both directions. Every pair that
        could is looked at; a box that is not finite counts as overlapping all others.

    Notes
    -----
    Boxes are registered in a grid of cells as wide as the widest and as high as the
    highest, so that partners lie in the same or an adjoining cell. Memory is
    bounded; time grows with n where boxes are few to a cell.

    Examples
    --------
    >>> overlapping_pairs(np.array([[0.0, 0.0], [0.9, 0.0], [3.0, 0.0]]), np.ones((3, 2)))
    1
    """
    finite = np.isfinite(positions).all(axis=1) & np.isfinite(sizes).all(axis=1)
    n_all, n_lost = len(positions), int((~finite).sum())
    n_pairs = n_lost * (n_lost - 1) // 2 + n_lost * (n_all - n_lost)
    positions, sizes = positions[finite], sizes[finite]
    if len(positions) < 2:
        return n_pairs
    cells = np.floor((positions - positions.min(axis=0)) / sizes.max(axis=0)).astype(np.int64)
    stride = int(cells[:, 1].max()) + 2
    keys = cells[:, 0] * stride + cells[:, 1]
    order = np.argsort(keys, kind="stable")
    keys, positions, sizes = keys[order], positions[order], sizes[order]
    # Of the nine cells around a box, its own and half of the others: each pair is met once.
    for step in (0, 1, stride - 1, stride, stride + 1):
        for first, second in _candidates(keys, step):
            distance = np.abs(positions[first] - positions[second])
            depth = (sizes[first] + sizes[second]) / 2 - distance
            n_pairs += int((depth > TOUCH).all(axis=1).sum())
    return n_pairs


def _candidates(keys: Indices, step: int) -> Iterator[tuple[Indices, Indices]]:
    """Yield blocks of index pairs whose cells are ``step`` apart in sorted keys."""
    n = len(keys)
    low = np.arange(1, n + 1) if step == 0 else np.searchsorted(keys, keys + step, "left")
    high = np.searchsorted(keys, keys + step, "right")
    counts = np.maximum(high - low, 0)
    ends = np.cumsum(counts)
    start = 0
    while start < n:
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + _MAX_PAIRS, "right")))
        block = counts[start:stop]
        first = np.repeat(np.arange(start, stop), block)
        within = np.arange(len(first)) - np.repeat(np.cumsum(block) - block, block)
        if len(first):
            yield first, np.repeat(low[start:stop], block) + within
        start = stop
