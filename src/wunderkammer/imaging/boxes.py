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
    Boxes are registered in grids, one for each octave of their longest sides, of cells as
    wide as the widest and as high as the highest of it and of all smaller ones, so that
    partners of the same or a smaller octave lie in the same or an adjoining cell. Memory is
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
    longest = sizes.max(axis=1)
    octave = np.floor(np.log2(longest.max() / longest)).astype(np.int64)
    for level in np.unique(octave):
        large, small = octave == level, octave > level
        cells = _cells(positions, sizes[large | small].max(axis=0))
        boxes = np.hstack([positions, sizes])
        n_pairs += _within(cells[large], boxes[large])
        n_pairs += _between(cells[large], boxes[large], cells[small], boxes[small])
    return n_pairs


def _cells(positions: Floats, side: Floats) -> Indices:
    """Return column and row of each box."""
    return np.asarray(np.floor((positions - positions.min(axis=0)) / side), np.int64)


def _within(cells: Indices, boxes: Floats) -> int:
    """Count the overlapping pairs of boxes that are no larger than a cell."""
    stride = int(cells[:, 1].max()) + 2
    keys, boxes = _sorted(cells, stride, boxes)
    n, n_pairs = len(keys), 0
    # Of the nine cells around a box, its own and half of the others: each pair is met once.
    for step in (0, 1, stride - 1, stride, stride + 1):
        low = np.arange(1, n + 1) if step == 0 else np.searchsorted(keys, keys + step, "left")
        high = np.searchsorted(keys, keys + step, "right")
        n_pairs += sum(_met(boxes, boxes, low, high))
    return n_pairs


def _between(cells: Indices, boxes: Floats, others: Indices, smaller: Floats) -> int:
    """Count the overlapping pairs of boxes and ones that are smaller."""
    if not len(others):
        return 0
    stride = int(max(cells[:, 1].max(), others[:, 1].max())) + 3
    keys, smaller = _sorted(others, stride, smaller)
    at, boxes = _sorted(cells, stride, boxes)
    n_pairs = 0
    for step in (-stride, 0, stride):  # three rows of a column follow each other
        low = np.searchsorted(keys, at + step - 1, "left")
        high = np.searchsorted(keys, at + step + 1, "right")
        n_pairs += sum(_met(boxes, smaller, low, high))
    return n_pairs


def _sorted(cells: Indices, stride: int, boxes: Floats) -> tuple[Indices, Floats]:
    keys = cells[:, 0] * stride + cells[:, 1] + 1
    order = np.argsort(keys, kind="stable")
    return keys[order], boxes[order]


def _met(boxes: Floats, others: Floats, low: Indices, high: Indices) -> Iterator[int]:
    """Yield numbers of overlapping pairs of each box and the others from low to high."""
    n = len(boxes)
    counts = np.maximum(high - low, 0)
    ends = np.cumsum(counts)
    start = 0
    while start < n:
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + _MAX_PAIRS, "right")))
        block = counts[start:stop]
        first = np.repeat(np.arange(start, stop), block)
        within = np.arange(len(first)) - np.repeat(np.cumsum(block) - block, block)
        one, other = boxes[first], others[np.repeat(low[start:stop], block) + within]
        depth = (one[:, 2:] + other[:, 2:]) / 2 - np.abs(one[:, :2] - other[:, :2])
        yield int((depth > TOUCH).all(axis=1).sum())
        start = stop
