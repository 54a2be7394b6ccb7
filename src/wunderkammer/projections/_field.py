"""Repulsion of t-SNE: all points push all, by way of a grid and the Fourier transform."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.projections._compiling import N_PARTS, Parts, compiled

_SPACING = 0.5
_FEWEST_NODES = 96
_STEP_NODES = 48
_MARGIN = 2

Singles = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


def bounds(points: Singles) -> tuple[Floats, Floats]:
    """Return the lowest and the highest x and y of points, (n, 2)."""
    # an axis at a time, which numpy does in a twentieth of the time of both
    axes = points.T
    return (
        np.array([axis.min() for axis in axes], np.float64),
        np.array([axis.max() for axis in axes], np.float64),
    )


@compiled
def _spread(
    points: Singles, corner: Floats, spacing: float, first: int, last: int, grid: Singles
) -> None:
    """Add the unit charge of each point to the nine nodes about it."""
    for row in range(first, last):
        x = (points[row, 0] - corner[0]) / spacing
        y = (points[row, 1] - corner[1]) / spacing
        column, line = int(x + 0.5), int(y + 0.5)
        x, y = x - column, y - line
        across = (x * (x - 1) / 2, 1 - x * x, x * (x + 1) / 2)
        along = (y * (y - 1) / 2, 1 - y * y, y * (y + 1) / 2)
        for a in range(3):
            for b in range(3):
                grid[column + a - 1, line + b - 1] += across[a] * along[b]


@compiled
def _of_itself(
    across: tuple[float, float, float], along: tuple[float, float, float], spacing: float
) -> float:
    """Return what the charge of a point makes of its own place, by way of the nodes."""
    apart_across = (
        across[0] ** 2 + across[1] ** 2 + across[2] ** 2,
        2 * across[1] * (across[0] + across[2]),
        2 * across[0] * across[2],
    )
    apart_along = (
        along[0] ** 2 + along[1] ** 2 + along[2] ** 2,
        2 * along[1] * (along[0] + along[2]),
        2 * along[0] * along[2],
    )
    total = 0.0
    for a in range(3):
        for b in range(3):
            kernel = 1 / (1 + (a * a + b * b) * spacing * spacing)
            total += apart_across[a] * apart_along[b] * kernel
    return total


@compiled
def _read(
    points: Singles,
    corner: Floats,
    spacing: float,
    fields: Singles,
    itself: float,
    first: int,
    last: int,
    push: Singles,
) -> float:
    """Write the push on each point and the sum of its kernels; return the sum of these."""
    total = 0.0
    n_across, n_along = fields.shape[1] - 2, fields.shape[2] - 2
    for row in range(first, last):
        x = (points[row, 0] - corner[0]) / spacing
        y = (points[row, 1] - corner[1]) / spacing
        column = min(max(int(x + 0.5), 1), n_across)
        line = min(max(int(y + 0.5), 1), n_along)
        x, y = x - column, y - line
        across = (x * (x - 1) / 2, 1 - x * x, x * (x + 1) / 2)
        along = (y * (y - 1) / 2, 1 - y * y, y * (y + 1) / 2)
        near = push_x = push_y = 0.0
        for a in range(3):
            for b in range(3):
                weight = across[a] * along[b]
                near += weight * fields[0, column + a - 1, line + b - 1]
                push_x += weight * fields[1, column + a - 1, line + b - 1]
                push_y += weight * fields[2, column + a - 1, line + b - 1]
        near -= itself * _of_itself(across, along, spacing)
        push[row, 0] = push_x
        push[row, 1] = push_y
        push[row, 2] = near
        total += near
    return total


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """The push of some points at the nodes of a grid.

    Attributes
    ----------
    corner : ndarray of float64, shape (2,)
        Place of the first node.
    spacing : float
    values : ndarray of float32, shape (3, n_across, n_along)
        Sum of the kernels, and the two parts of the push.
    """

    corner: Floats
    spacing: float
    values: Singles

    def at(self, points: Singles, push: Singles, parts: Parts, *, own: bool) -> float:
        """Write push and kernels of points, (n, 3), and return the sum of all kernels.

        If it is their ``own`` field, none meets itself.
        """
        sums = parts.each(
            lambda _, first, last: _read(
                points, self.corner, self.spacing, self.values, float(own), first, last, push
            )
        )
        return float(np.sum(sums))


class Fields:
    """Makes fields; remembers the transformed kernels of the last grid.

    Notes
    -----
    Charges are interpolated on a grid and convolved by FFT [1]_, here with three kernels
    of one charge each: 1/(1+d²), and the two parts of the push. The nine nodes are those
    nearest to a point, so that half the distance of the kernel between nodes is enough.

    References
    ----------
    .. [1] Linderman, G. C. et al. (2019). Fast interpolation-based t-SNE for improved
       visualization of single-cell RNA-seq data. Nature Methods 16, 243-245.
    """

    def __init__(self, n_threads: int) -> None:
        self.n_threads = n_threads
        self._kernels: npt.NDArray[np.complex64] = np.empty((3, 0, 0), np.complex64)
        self._kept: tuple[tuple[int, int], float] = ((0, 0), 0.0)

    def of(self, points: Singles, parts: Parts) -> Field:
        """Return the field of points, (n, 2)."""
        from scipy import fft

        low, high = bounds(points)
        span = float((high - low).max())
        # a start is tiny, and its finest differences must be seen
        spacing = min(_SPACING, max(span, 1e-12) / _FEWEST_NODES)
        n_wanted = np.ceil((high - low) / spacing).astype(int) + 1 + 2 * _MARGIN
        across, along = (int(-(-one // _STEP_NODES) * _STEP_NODES) for one in n_wanted)
        corner = low - _MARGIN * spacing
        grids = np.zeros((N_PARTS, across, along), np.float32)
        parts.each(
            lambda part, first, last: _spread(points, corner, spacing, first, last, grids[part])
        )
        charges = grids.sum(axis=0)
        self._prepare((across, along), spacing)
        shape = (2 * across, 2 * along)
        moved = fft.rfft2(charges, shape, workers=self.n_threads)
        values = np.empty((3, across, along), np.float32)
        for one, kernel in enumerate(self._kernels):
            lines = fft.ifft(moved * kernel, axis=0, workers=self.n_threads)[:across]
            values[one] = fft.irfft(lines, shape[1], axis=1, workers=self.n_threads)[:, :along]
        return Field(corner, spacing, values)

    def _prepare(self, nodes: tuple[int, int], spacing: float) -> None:
        """Transform the kernels for a grid, unless it is the one of the last time."""
        from scipy import fft

        if self._kept == (nodes, spacing):
            return
        x, y = (spacing * fft.fftfreq(2 * n, 1 / (2 * n)) for n in nodes)
        x[nodes[0]] = y[nodes[1]] = 0  # never met: no two nodes are so far apart
        near = 1 / (1 + x[:, None] ** 2 + y[None, :] ** 2)
        kernels = (near, x[:, None] * near**2, y[None, :] * near**2)
        self._kernels = np.stack(
            [fft.rfft2(one.astype(np.float32), workers=self.n_threads) for one in kernels]
        )
        self._kept = (nodes, spacing)
