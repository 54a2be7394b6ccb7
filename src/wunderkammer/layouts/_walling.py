"""Walls: media side by side in cells of one size, like beside like."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from wunderkammer.layouts._assignment import assign, window_sweeps
from wunderkammer.layouts._fitting import stretched

Floats = npt.NDArray[np.float64]

_BAND_GAP = 1.5
_BAND_ASPECT = 4.0


def wall(points: Floats, columns: int, pitch: Floats) -> Floats:
    """Return the centres of cells, their common corner at (0, 0); the last row may have room.

    Parameters
    ----------
    points : ndarray of float64, shape (n, 2)
        Any unit; they are stretched to fill the wall. n is at least 1.
    columns : int
        Cells in a row.
    pitch : ndarray of float64, shape (2,)
        Width and height of a cell.
    """
    n = len(points)
    rows = -(-n // columns)
    if n == 1:
        return np.asarray(pitch / 2)[None, :]
    cells = assign(
        stretched(points - points.min(axis=0), columns, rows),
        columns,
        rows,
        cell_size=(float(pitch[0]), float(pitch[1])),
        usable=(np.arange(columns * rows) < n).reshape(rows, columns),
        n_window_sweeps=window_sweeps(n),
    )
    return (np.column_stack([cells % columns, cells // columns]) + 0.5) * pitch


def with_band_below(
    positions: Floats,
    sizes: Floats,
    points: Floats,
    known: npt.NDArray[np.bool_],
    gap: float,
    room: float = 0.0,
) -> Floats:
    """Return all positions: those known as they are, the others as a wall in a band below.

    Parameters
    ----------
    positions : ndarray of float64, shape (n_known, 2)
    sizes : ndarray of float64, shape (n, 2)
        Of all sprites.
    points : ndarray of float64, shape (n, 2)
        The embedding: it orders the band.
    known : ndarray of bool, shape (n,)
        Which sprites have positions.
    gap : float
        Least distance between sprites of the band.
    room : float, optional
        Least distance of the band from what is above.
    """
    found = np.empty_like(points)
    found[known] = positions
    rest = ~known
    if not rest.any():
        return found
    pitch = sizes[rest].max(axis=0) + gap
    low = (positions - sizes[known] / 2).min(axis=0)
    high = (positions + sizes[known] / 2).max(axis=0)
    needed = math.sqrt(int(rest.sum()) * pitch.prod() * _BAND_ASPECT)
    width = max(float(high[0] - low[0]) + gap, needed)
    columns = max(1, min(int(rest.sum()), int(width / pitch[0])))
    found[rest] = wall(points[rest], columns, pitch) + np.array(
        [low[0], high[1] + max(room, _BAND_GAP)]
    )
    return found
