"""Recursive split: points to cells, neither half of a rectangle over its capacity."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wunderkammer.layouts._compiling import compiled

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

_DEEPEST = 128
"""Rectangles that wait at a time, at most: one for each time that a side is halved."""


def split(points: Floats, room: Indices) -> Indices:
    """Return the cell of each point; ``room`` is the integral image of usable cells.

    A rectangle of cells is halved across its longer side. Points go to the half
    they lie in, except those nearest the cut that must yield so that neither half
    holds more than its usable cells. Where all cells are taken, that is a median
    split; where there is room, points stay where they are.
    """
    order, cells = np.arange(len(points)), np.empty(len(points), np.int64)
    _split(points, room, order, np.empty((_DEEPEST, 6), np.int64), cells)
    return cells


@compiled
def _split(points: Floats, room: Indices, order: Indices, stack: Indices, cells: Indices) -> None:
    """Write the cell of each point."""
    rows, columns = room.shape[0] - 1, room.shape[1] - 1
    _put(stack[0], 0, len(points), 0, 0, columns, rows)
    top = 1
    while top > 0:
        top -= 1
        here = stack[top]
        first, last, c0, r0, c1, r1 = here[0], here[1], here[2], here[3], here[4], here[5]
        if first == last:
            continue
        if c1 - c0 == 1 and r1 - r0 == 1:
            cells[order[first]] = r0 * columns + c0
            continue
        axis = 0 if c1 - c0 >= r1 - r0 else 1
        c, r = ((c0 + c1) // 2, r1) if axis == 0 else (c1, (r0 + r1) // 2)
        cut = c if axis == 0 else r
        inside = room[r, c] - room[r0, c] - room[r, c0] + room[r0, c0]
        there = room[r1, c1] - room[r0, c1] - room[r1, c0] + room[r0, c0] - inside
        k = first
        for i in range(first, last):
            k += points[order[i], axis] < cut
        k = min(max(k, last - there), first + inside)
        _partition(order, points[:, axis], first, last, k)
        _put(stack[top], first, k, c0, r0, c, r)
        if axis == 0:
            _put(stack[top + 1], k, last, c, r0, c1, r1)
        else:
            _put(stack[top + 1], k, last, c0, r, c1, r1)
        top += 2


@compiled
def _put(row: Indices, first: int, last: int, c0: int, r0: int, c1: int, r1: int) -> None:
    """Write a stretch of points and its rectangle; by slices it would compile for seconds."""
    row[0], row[1], row[2], row[3], row[4], row[5] = first, last, c0, r0, c1, r1


@compiled
def _partition(order: Indices, key: Floats, first: int, last: int, k: int) -> None:
    """Reorder a stretch so that its smallest keys come before place k (Hoare's selection)."""
    if k <= first or k >= last:
        return
    while last - first > 1:
        pivot = key[order[(first + last) // 2]]
        i, j = first, last - 1
        while i <= j:
            while key[order[i]] < pivot:
                i += 1
            while key[order[j]] > pivot:
                j -= 1
            if i <= j:
                order[i], order[j] = order[j], order[i]
                i += 1
                j -= 1
        if k <= j:
            last = j + 1
        elif k >= i:
            first = i
        else:
            return
