"""Filling: new sprites into free cells of blocks that stay as they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from wunderkammer.layouts._keeping import beside
from wunderkammer.layouts._walling import wall

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_TOUCH = 1e-6
_APART = 3.0
_MOST_EXACT = 4_000_000


def filled(
    of: Indices, points: Floats, boxes: Floats, old: Floats, stays: Flags, margin: float
) -> Floats:
    """Return old places, and for new sprites free cells of their blocks or new blocks below.

    Parameters
    ----------
    of : ndarray of int64, shape (n,)
        Block of each sprite.
    points : ndarray of float64, shape (n, 2)
        They order sprites within a block.
    boxes : ndarray of float64, shape (n, 2)
        Widths and heights, gaps included.
    old : ndarray of float64, shape (n, 2)
        Old places; only those that stay are looked at.
    stays : ndarray of bool, shape (n,)
        Some are True.
    margin : float
        Least distance between blocks.
    """
    from scipy.spatial import cKDTree

    found = np.where(stays[:, None], old, 0.0)
    pitch = boxes[stays].max(axis=0)
    standing = np.flatnonzero(stays)
    tree = cKDTree(old[standing])
    order = np.argsort(of, kind="stable")
    bounds = np.flatnonzero(np.diff(of[order])) + 1
    left: list[Indices] = []
    for members in np.split(order, bounds):
        new, there = members[~stays[members]], members[stays[members]]
        if len(new) and len(there) and (boxes[new] <= pitch + _TOUCH).all():
            free = _free_cells(old[there], pitch, tree, of[standing] == of[there[0]], margin)
            n_in = min(len(new), len(free))
            if n_in:
                own = np.concatenate([there, new[:n_in]])
                wanted = beside(points[own], found[own], stays[own])[len(there) :]
                found[new[:n_in]] = _nearest_of(wanted, free)
            new = new[n_in:]
        if len(new):
            left.append(new)
    if left:
        _shelve(left, points, boxes, found, margin)
    return found


def _free_cells(
    places: Floats, pitch: Floats, tree: cKDTree, is_own: Flags, margin: float
) -> Floats:
    """Return the middles of the free cells of a block, and of the row and column after it."""
    cells = np.rint((places - places.min(axis=0)) / pitch).astype(np.int64)
    free = np.ones(cells.max(axis=0) + 2, bool)
    free[cells[:, 0], cells[:, 1]] = False
    tried = np.argwhere(free)
    centres = places.min(axis=0) + tried * pitch
    far = math.hypot(*(pitch + margin))
    clear = np.empty(len(tried), bool)
    for k, near in enumerate(tree.query_ball_point(centres, far)):
        away = np.abs(tree.data[near] - centres[k])
        least = pitch - _TOUCH + np.where(is_own[near], 0.0, margin)[:, None]
        clear[k] = (away >= least).any(axis=1).all()
    return np.asarray(centres[clear])


def _nearest_of(wanted: Floats, free: Floats) -> Floats:
    """Return one of the free cells for each of fewer sprites, by nearly the shortest ways."""
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    if len(wanted) * len(free) > _MOST_EXACT:
        # as on a line: where blocks are so large, any free cell of the same row is near
        by_row = np.lexsort((free[:, 0], free[:, 1]))[: len(wanted)]
        chosen = np.empty_like(wanted)
        chosen[np.lexsort((wanted[:, 0], wanted[:, 1]))] = free[by_row]
        return chosen
    rows, which = linear_sum_assignment(cdist(wanted, free, "sqeuclidean"))
    found = np.empty_like(wanted)
    found[rows] = free[which]
    return found


def _shelve(
    blocks: list[Indices], points: Floats, boxes: Floats, found: Floats, margin: float
) -> None:
    """Write places in new blocks, side by side below all others."""
    new = np.concatenate(blocks)
    pitch = boxes[new].max(axis=0)
    placed = np.ones(len(found), bool)
    placed[new] = False
    low = (found[placed] - boxes[placed] / 2).min(axis=0)
    high = (found[placed] + boxes[placed] / 2).max(axis=0)
    x, y, tallest = low[0], high[1] + _APART * margin, 0.0
    for those in blocks:
        columns = math.ceil(math.sqrt(len(those)))
        extent = np.array([columns, -(-len(those) // columns)]) * pitch
        if x > low[0] and x + extent[0] > high[0]:
            x, y, tallest = low[0], y + tallest + margin, 0.0
        found[those] = wall(points[those], columns, pitch) + np.array([x, y])
        x, tallest = x + extent[0] + margin, max(tallest, float(extent[1]))
