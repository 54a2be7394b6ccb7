"""Windows: the exact best assignment in small overlapping squares of cells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

_SIDE = 8
_GAIN = 1e-9


def polish(
    points: npt.NDArray[np.float64],
    owner: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
    n_sweeps: int,
) -> None:
    """Solve every window exactly, in place, until none improves or the sweeps are done.

    Parameters
    ----------
    points : ndarray of float64, shape (n, 2)
        In cells.
    owner : ndarray of int64, shape (rows, columns)
        Point of each cell; -1 where it is free, -2 where it may not be used.
    weights : ndarray of float64, shape (2,)
        Of squared distances along x and y.
    n_sweeps : int
        A sweep looks at each cell four times; a window in which nothing changed
        since it was solved is passed over.
    """
    stale = np.ones((owner.shape[0] // (_SIDE // 2) + 2, owner.shape[1] // (_SIDE // 2) + 2), bool)
    for _ in range(n_sweeps):
        changed = np.zeros_like(stale)
        for row, column in _windows(owner.shape):
            around = (slice(row, row + 2), slice(column, column + 2))
            if stale[around].any() or changed[around].any():
                changed[around] |= _solve(points, owner, weights, row, column)
        if not changed.any():
            return
        stale = changed


def _windows(shape: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Yield the windows in steps of half a side, those that do not overlap together."""
    half = _SIDE // 2
    n_rows, n_columns = max(1, -(-shape[0] // half) - 1), max(1, -(-shape[1] // half) - 1)
    for phase in range(4):
        for row in range(phase // 2, n_rows, 2):
            for column in range(phase % 2, n_columns, 2):
                yield row, column


def _solve(
    points: npt.NDArray[np.float64],
    owner: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
    row: int,
    column: int,
) -> bool:
    """Assign the points of one window anew; tell whether that was better."""
    from scipy.optimize import linear_sum_assignment

    top, left = row * _SIDE // 2, column * _SIDE // 2
    window = owner[top : top + _SIDE, left : left + _SIDE]
    usable = window > -2
    held = window[usable]
    taken = np.flatnonzero(held >= 0)
    if not len(taken) or len(held) < 2:
        return False
    centres = np.argwhere(usable)[:, ::-1] + (left + 0.5, top + 0.5)
    ways = points[held[taken], None, :] - centres
    costs = (ways * ways) @ weights
    which, best = linear_sum_assignment(costs)
    before = costs[np.arange(len(taken)), taken].sum()
    if costs[which, best].sum() >= before - _GAIN:
        return False
    anew = np.full(len(held), -1)
    anew[best] = held[taken]
    window[usable] = anew
    return True
