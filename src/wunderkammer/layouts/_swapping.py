"""Swaps: any two cells exchange what they hold where that shortens the ways."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wunderkammer.layouts._compiling import compiled

_GAIN = 1e-9

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@compiled
def swap_at(points: Floats, owner: Indices, weights: Floats, steps: Indices) -> int:
    """Exchange the contents of cells a step apart where that lowers the cost; return how often.

    ``owner``, of shape (rows, columns), holds the point of each cell, -1 where it
    is free, -2 where it may not be used; ``steps`` are (columns, rows), rows not
    negative. The cost is the sum of squared distances between points and the
    centres of their cells, each axis times its weight: of two points, the sum falls
    exactly when they lie the other way round than their cells; of one and a free
    cell, when the point lies beyond the middle between the two.
    """
    rows, columns = owner.shape
    n_swaps = 0
    for dc, dr in steps:
        for row in range(rows - dr):
            for column in range(max(0, -dc), columns - max(0, dc)):
                i, j = owner[row, column], owner[row + dr, column + dc]
                if (i < 0 and j < 0) or i == -2 or j == -2:
                    continue
                dx = points[i, 0] if i >= 0 else column + 0.5 + dc / 2
                dy = points[i, 1] if i >= 0 else row + 0.5 + dr / 2
                dx -= points[j, 0] if j >= 0 else column + 0.5 + dc / 2
                dy -= points[j, 1] if j >= 0 else row + 0.5 + dr / 2
                if dx * dc * weights[0] + dy * dr * weights[1] > _GAIN:
                    owner[row, column], owner[row + dr, column + dc] = j, i
                    n_swaps += 1
    return n_swaps
