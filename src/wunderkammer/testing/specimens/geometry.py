"""Curves and poses: where things lie, before anything is drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
"""Array (n, 2) of x and y; y runs downwards."""


def spline(points: ArrayLike, n: int, *, closed: bool = False) -> Points:
    """Return ``n`` points of the Catmull-Rom curve through ``points``.

    Parameters
    ----------
    points : array_like, shape (k, 2)
        The points to pass through, at least two.
    n : int
        How many points to return, evenly spread in the parameter.
    closed : bool
        Whether the curve returns to its first point (which is not repeated).

    Returns
    -------
    ndarray of float, shape (n, 2)
    """
    knots = np.asarray(points, float)
    if closed:
        padded = np.concatenate([knots[-1:], knots, knots[:2]])
        at = np.arange(n) * (len(knots) / n)
    else:
        padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
        at = np.linspace(0, len(knots) - 1, n)
    start = np.minimum(at.astype(int), len(padded) - 4)
    t = (at - start)[:, None]
    a, b, c, d = (padded[start + k] for k in range(4))
    curve = (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return np.asarray(curve * 0.5)


def edge(
    start: ArrayLike, end: ArrayLike, bulge: float, n: int, *, end_bulge: float | None = None
) -> Points:
    """Return a cubic curve from ``start`` to ``end`` that leaves the straight line.

    Parameters
    ----------
    start, end : array_like, shape (2,)
        Where the curve begins and ends; ``end`` is not among the points.
    bulge, end_bulge : float
        How far the two control points lie to the left of the way (y down), as
        a share of its length; ``end_bulge`` is ``bulge`` when it is not given.
    n : int
        How many points to return.
    """
    p, q = np.asarray(start, float), np.asarray(end, float)
    way = q - p
    normal = np.array([way[1], -way[0]])
    first = p + way / 3 + normal * bulge
    second = p + way * 2 / 3 + normal * (bulge if end_bulge is None else end_bulge)
    t = np.linspace(0, 1, n, endpoint=False)[:, None]
    curve = (1 - t) ** 3 * p + 3 * (1 - t) ** 2 * t * first + 3 * (1 - t) * t**2 * second + t**3 * q
    return np.asarray(curve)


def smooth_closed(points: Points, sigma: float) -> Points:
    """Return a closed outline after a Gaussian of ``sigma`` points has rounded it."""
    frequency = np.fft.rfftfreq(len(points))
    damping = np.exp(-2 * (np.pi * sigma * frequency) ** 2)[:, None]
    return np.asarray(np.fft.irfft(np.fft.rfft(points, axis=0) * damping, len(points), axis=0))


def resample_closed(points: Points, n: int) -> Points:
    """Return ``n`` points evenly spread along a closed outline."""
    ring = np.concatenate([points, points[:1]])
    length = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(ring, axis=0).T))])
    at = np.linspace(0, length[-1], n, endpoint=False)
    return np.stack([np.interp(at, length, ring[:, k]) for k in (0, 1)], axis=1)


def normals(points: Points) -> Points:
    """Return the unit normals of an open line, to the left of the way (y down)."""
    way = np.gradient(points, axis=0)
    way /= np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None]
    return np.stack([way[:, 1], -way[:, 0]], axis=1)


def ribbon(points: Points, width: ArrayLike) -> Points:
    """Return the closed outline of a line that is ``width`` wide, also varying along it."""
    side = normals(points) * (np.asarray(width, float).reshape(-1, 1) / 2)
    return np.concatenate([points + side, (points - side)[::-1]])


def ellipse(centre: ArrayLike, radii: ArrayLike, n: int = 48) -> Points:
    """Return the outline of an ellipse with upright axes."""
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return np.asarray(np.asarray(centre, float) + ring * np.asarray(radii, float))


@dataclass(frozen=True)
class Pose:
    """A map of the plane: turn, scale, mirror and shift of drawn things.

    Parameters
    ----------
    matrix : tuple of tuple of float
        The two rows of a 2 x 3 affine matrix.

    Examples
    --------
    >>> pose = Pose().turned(90).moved(10, 0)
    >>> [round(float(x), 6) + 0 for x in pose.apply([[0, -1]])[0]]
    [9.0, 0.0]
    """

    matrix: tuple[tuple[float, float, float], tuple[float, float, float]] = (
        (1.0, 0.0, 0.0),
        (0.0, 1.0, 0.0),
    )

    def then(self, rows: ArrayLike) -> Pose:
        """Return this pose followed by the affine map of ``rows`` (2 x 3)."""
        outer = np.vstack([np.asarray(rows, float), [0, 0, 1]])
        inner = np.vstack([np.asarray(self.matrix), [0, 0, 1]])
        product = (outer @ inner)[:2].tolist()
        return Pose((tuple(product[0]), tuple(product[1])))

    def after(self, inner: Pose) -> Pose:
        """Return ``inner`` followed by this pose: a part placed on a whole."""
        return inner.then(self.matrix)

    def turned(self, angle_deg: float) -> Pose:
        """Return the pose turned counter-clockwise (as seen) about the origin."""
        c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
        return self.then([[c, s, 0], [-s, c, 0]])

    def scaled(self, x: float, y: float | None = None) -> Pose:
        """Return the pose scaled about the origin."""
        return self.then([[x, 0, 0], [0, x if y is None else y, 0]])

    def moved(self, x: float, y: float) -> Pose:
        """Return the pose shifted."""
        return self.then([[1, 0, x], [0, 1, y]])

    def mirrored(self) -> Pose:
        """Return the pose with left and right exchanged."""
        return self.scaled(-1, 1)

    @property
    def scale(self) -> float:
        """How many times longer things become."""
        (a, b, _), (c, d, _) = self.matrix
        return math.sqrt(abs(a * d - b * c))

    def apply(self, points: ArrayLike) -> Points:
        """Return points (…, 2) after this pose."""
        rows = np.asarray(self.matrix)
        return np.asarray(np.asarray(points, float) @ rows[:, :2].T + rows[:, 2])
