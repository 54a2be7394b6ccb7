"""Fitting: an embedding in any units to points between 0 and 1, and sprites in atlas units."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import StageError

_FEWEST_TO_TRIM = 8
_TRIMMED_SHARE = 0.01
_FENCE = 0.5
_QUANTA = float(1 << 26)

Floats = npt.NDArray[np.float64]


class Canonical(NamedTuple):
    """Input in an order that does not depend on the order it came in.

    Attributes
    ----------
    points : ndarray of float64, shape (n, 2)
        The longer side of their box is 1, its top left corner (0, 0).
    aspects : ndarray of float64, shape (n,)
    order : ndarray of int64, shape (n,)
        Row of the input behind each row here.
    longest : ndarray of float64, shape (n,)
        Longest side of each sprite in atlas units.
    """

    points: Floats
    aspects: Floats
    order: npt.NDArray[np.int64]
    longest: Floats

    def sizes(self) -> Floats:
        """Return width and height of each sprite in atlas units, shape (n, 2)."""
        return sprite_sizes(self.aspects) * self.longest[:, None]

    def restored(self, values: Floats) -> Floats:
        """Return rows of this order in the order of the input."""
        back = np.empty_like(values)
        back[self.order] = values
        return back


def canonical(
    embedding: Floats, aspects: Floats, longest: Floats | None = None, *, draw_in: bool = True
) -> Canonical:
    """Check, draw in outliers, scale to 1, sort.

    Parameters
    ----------
    embedding : ndarray of float64, shape (n, 2)
    aspects : ndarray of float64, shape (n,)
    longest : ndarray of float64, shape (n,), optional
        Longest sides of sprites; 1 where left out.
    draw_in : bool, optional
        Whether outliers are drawn in; not where places mean something by themselves.

    Raises
    ------
    StageError
        If a coordinate is not finite, or an aspect or a size not positive.

    Notes
    -----
    Of each axis, the hundredth of the points at either end (at least one point,
    from 8 points on) is set apart; those that lie further out than half the longer
    range of the rest are drawn in to there. One far point then costs at most half
    the atlas and not all of it. Coordinates are rounded to 2**-26 of the range, so that
    moving or scaling the embedding does not change a placement by rounding.
    """
    points = np.asarray(embedding, np.float64).reshape(-1, 2)
    aspects = np.asarray(aspects, np.float64)
    _refuse(int((~np.isfinite(points)).any(axis=1).sum()), len(points), "a place")
    longest = np.ones(len(points)) if longest is None else np.asarray(longest, np.float64)
    _refuse(int((~(np.isfinite(aspects) & (aspects > 0))).sum()), len(points), "an aspect")
    _refuse(int((~(np.isfinite(longest) & (longest > 0))).sum()), len(points), "a size")
    points = _drawn_in(points) if draw_in else points
    points = points - points.min(axis=0, initial=np.inf)
    extent = points.max(initial=0.0)
    if extent > 0:
        points = np.rint(points / extent * _QUANTA) / _QUANTA
    order = np.lexsort((longest, aspects, points[:, 1], points[:, 0]))
    ordered = np.ascontiguousarray(points[order])
    return Canonical(ordered, aspects[order], order, longest[order])


def sprite_sizes(aspects: Floats) -> Floats:
    """Return width and height of sprites whose longest side is 1, shape (n, 2)."""
    return np.column_stack([np.minimum(1.0, aspects), np.minimum(1.0, 1.0 / aspects)])


def from_top_left(positions: Floats, sizes: Floats) -> Floats:
    """Return the positions moved so that the tightest box around the sprites begins at (0, 0)."""
    corner: Floats = (positions - sizes / 2).min(axis=0, initial=np.inf)
    return positions - corner


def stretched(points: Floats, columns: int, rows: int) -> Floats:
    """Return points, whose box begins at (0, 0), in cells: they fill the grid, each axis by itself.

    A line lies along the grid's middle.
    """
    extent = points.max(axis=0)
    scaled = points / np.where(extent > 0, extent, 1.0)
    return np.where(extent > 0, scaled, 0.5) * (columns, rows)


def _refuse(n_bad: int, n_all: int, what: str) -> None:
    if n_bad:
        raise StageError(
            f"layout: {n_bad:,} of {n_all:,} media have {what} that is not a usable number.",
            hint="Look at the embedding and the images' widths and heights.",
        )


def _drawn_in(points: Floats) -> Floats:
    n = len(points)
    if n < _FEWEST_TO_TRIM:
        return points
    n_apart = max(1, int(n * _TRIMMED_SHARE))
    ranked = np.sort(points, axis=0)
    low, high = ranked[n_apart], ranked[n - 1 - n_apart]
    fence = _FENCE * (high - low).max()
    return np.asarray(np.clip(points, low - fence, high + fence))
