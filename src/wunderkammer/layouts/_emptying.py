"""Emptying: which cells of a grid stay empty where there are more of them than media."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Rule = Literal["bottom", "top", "edges", "centre", "even", "spread"]

# the plastic number: its powers step through the unit square as evenly as one can
_PLASTIC = 1.32471795724474602596


def taken_cells(inside: Flags, n_media: int, rule: Rule) -> Flags:
    """Return the cells that may be taken, shape (rows, columns).

    Parameters
    ----------
    inside : ndarray of bool, shape (rows, columns)
        Cells that there are.
    n_media : int
        Not more than these; so many are taken, except by ``"spread"``.
    rule : str
        Where cells stay empty: at the end of the last rows, at the beginning of the
        first ones, as far from the middle as there are, around the middle, evenly
        all over, or wherever the map is empty.
    """
    if rule == "spread":
        return inside
    cells = np.flatnonzero(inside)
    n_empty = len(cells) - n_media
    found = inside.copy()
    if n_empty > 0:
        found.reshape(-1)[_emptied(cells, inside.shape, n_empty, rule)] = False
    return found


def _emptied(
    cells: npt.NDArray[np.int64], shape: tuple[int, ...], n_empty: int, rule: Rule
) -> npt.NDArray[np.int64]:
    """Return the cells that stay empty."""
    if rule in ("bottom", "top"):
        return cells[-n_empty:] if rule == "bottom" else cells[:n_empty]
    rows, columns = shape
    x = (cells % columns + 0.5) / columns - 0.5
    y = (cells // columns + 0.5) / rows - 0.5
    if rule == "even":
        return cells[_evenly(x + 0.5, y + 0.5, n_empty)]
    distance = np.maximum(np.abs(x), np.abs(y)) if rule == "edges" else np.hypot(x, y)
    order = np.argsort(np.round(distance, 9), kind="stable")
    return cells[order[-n_empty:] if rule == "edges" else order[:n_empty]]


def _evenly(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], n_wanted: int
) -> npt.NDArray[np.int64]:
    """Return so many of the points, none twice, as evenly as a sequence of low discrepancy."""
    from scipy.spatial import cKDTree

    if 2 * n_wanted > len(x):
        rest = _evenly(x, y, len(x) - n_wanted) if n_wanted < len(x) else np.empty(0, np.int64)
        return np.setdiff1d(np.arange(len(x)), rest)
    tree = cKDTree(np.column_stack([x, y]))
    found: npt.NDArray[np.int64] = np.empty(0, np.int64)
    n_tried = 0
    while len(found) < n_wanted:
        steps = np.arange(n_tried + 1, n_tried + 1 + 2 * n_wanted)
        places = np.column_stack([steps / _PLASTIC, steps / _PLASTIC**2]) % 1
        which = np.concatenate([found, tree.query(places)[1]])
        _, first = np.unique(which, return_index=True)
        found = which[np.sort(first)][:n_wanted]
        n_tried += 2 * n_wanted
    return found
