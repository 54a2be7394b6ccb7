"""Quartering: cells of their own for sprites of many sizes, large cells parted into four."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.layouts._assignment import assign, window_sweeps

_SPILL = 0.25
_ROOMY = 1.2
_LOOSE = 1.1
_MOST_COPIES = 3

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Cells(NamedTuple):
    """Which cell each sprite needs.

    Attributes
    ----------
    largest : ndarray of float64, shape (2,)
        Width and height of a cell that holds any sprite.
    level : ndarray of int64, shape (n,)
        How often that cell may be quartered until it is the smallest for a sprite.
    """

    largest: Floats
    level: Indices

    def area(self) -> float:
        """Return the area of all cells."""
        return float(self.largest.prod() * (0.25**self.level).sum())


def cells_for(boxes: Floats) -> Cells:
    """Return the cells that hold boxes of these widths and heights, shape (n, 2).

    Notes
    -----
    Boxes that are smaller than half the median one get its cells, so that the
    finest grid is bounded by the number of boxes.
    """
    largest = boxes.max(axis=0)
    level = np.floor(np.log2((largest / boxes).min(axis=1)) + 1e-9).astype(np.int64)
    deepest = int(np.median(level)) + 1
    return Cells(largest, np.clip(level, 0, deepest))


def loosened(boxes: Floats, cells: Cells) -> float:
    """Return the factor that gives sprites which fill their cells some room to slide."""
    filled = float(boxes.prod(axis=1).sum() / cells.area())
    return math.sqrt(max(1.0, _LOOSE * filled))


def in_cells(wanted: Floats, cells: Cells) -> Floats:
    """Return the centres of cells of their own near the wanted places, room around the map.

    Parameters
    ----------
    wanted : ndarray of float64, shape (n, 2)
        From (0, 0) on.
    cells : Cells

    Notes
    -----
    Where there are several sizes, sprites first count as so many small ones as their
    cells hold, and these are assigned cells: the middle of its own is where each
    sprite goes. Crowded regions have then spread as a whole, large and small together.
    Cells are taken from the largest on, each of the smaller ones in what is left.
    """
    side, shift, shape = _ground(wanted, cells)
    scaled = wanted / side + shift
    deepest = int(cells.level.max())
    if deepest:
        scaled = _spread(scaled, cells.level, shape, side)
    free = np.ones((shape[1], shape[0]), bool)
    found = np.empty_like(wanted)
    for level in range(deepest + 1):
        if level:
            free = free.repeat(2, axis=0).repeat(2, axis=1)
        those = np.flatnonzero(cells.level == level)
        if len(those):
            taken = _assigned(scaled[those] * 2**level, free, side)
            free.reshape(-1)[taken] = False
            centres = np.column_stack([taken % free.shape[1], taken // free.shape[1]]) + 0.5
            found[those] = centres / 2**level
    return np.asarray((found - shift) * side)


def _ground(wanted: Floats, cells: Cells) -> tuple[Floats, Floats, Indices]:
    """Return the largest cell, the shift of the map in such cells, and their columns and rows."""
    area, side = cells.area(), cells.largest
    spill = 2 + math.ceil(_SPILL * math.sqrt(area / side.prod()))
    shape = np.ceil(wanted.max(axis=0) / side).astype(np.int64) + 2 * spill
    shape = np.maximum(shape, (np.ceil(_ROOMY * math.sqrt(area) / side) + 1).astype(np.int64))
    return side, (shape - wanted.max(axis=0) / side) / 2, shape


def _assigned(points: Floats, free: Flags, side: Floats) -> Indices:
    n_sweeps = window_sweeps(len(points))
    usable = None if free.all() else free
    size = (float(side[0]), float(side[1]))
    rows, columns = free.shape
    return assign(points, columns, rows, cell_size=size, usable=usable, n_window_sweeps=n_sweeps)


def _spread(points: Floats, level: Indices, shape: Indices, side: Floats) -> Floats:
    """Return points, in largest cells, that are apart as their sizes need it."""
    finest = int(level.max())
    copies = 4 ** (finest - level)
    while finest and copies.sum() > _MOST_COPIES * len(points):
        finest -= 1
        copies = 4 ** np.maximum(0, finest - level)
    which = np.repeat(np.arange(len(points)), copies)
    columns, rows = (int(number) << finest for number in shape)
    if len(which) > columns * rows:
        return points
    size = (float(side[0]), float(side[1]))
    taken = assign(points[which] * 2**finest, columns, rows, cell_size=size)
    centres = np.column_stack([taken % columns, taken // columns]) + 0.5
    sums = [np.bincount(which, centres[:, axis], len(points)) for axis in range(2)]
    return np.asarray(np.column_stack(sums) / copies[:, None] / 2**finest)
