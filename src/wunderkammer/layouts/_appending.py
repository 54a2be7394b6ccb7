"""Appending: new sprites into the columns of a timeline that stay as they are."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_SAME = 1e-6
_TOUCH = 1e-9


class _Column:
    """A column: the values and the heights of those that stand in it."""

    def __init__(self, x: float, values: Floats, low: Floats, high: Floats) -> None:
        order = np.argsort(low, kind="stable")
        self.x = x
        self.first = float(values.min()) if len(values) else np.inf
        self.last = float(values.max()) if len(values) else -np.inf
        self._low = low[order].tolist()
        self._high = high[order].tolist()

    def free(self, wanted: float, height: float, top: float, bottom: float) -> float:
        """Return the free height nearest to a wanted one, or NaN."""
        start = bisect_left(self._low, wanted)
        best = np.nan
        for step in (-1, 1):
            place = start if step > 0 else start - 1
            while -1 <= place <= len(self._low):
                low = self._high[place - 1] if place > 0 else top
                high = self._low[place] if 0 <= place < len(self._low) else bottom
                found = self._within(wanted, height, low, high)
                if place >= 0 and found == found:  # noqa: PLR0124 - not NaN
                    if not abs(best - wanted) <= abs(found - wanted):
                        best = found
                    break
                place += step
        return best

    @staticmethod
    def _within(wanted: float, height: float, low: float, high: float) -> float:
        if high - low < height - _TOUCH:
            return np.nan
        return max(low + height / 2, min(wanted, high - height / 2))

    def enter(self, value: float, middle: float, height: float) -> None:
        """Let one more stand in it."""
        place = bisect_left(self._low, middle - height / 2)
        self._low.insert(place, middle - height / 2)
        self._high.insert(place, middle + height / 2)
        self.first, self.last = min(self.first, value), max(self.last, value)


def appended(
    values: Floats, wanted: Floats, boxes: Floats, old: Floats, stays: Flags, bottom: float
) -> Floats | None:
    """Return old places and those of new sprites in the columns of their values.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        What goes from left to right.
    wanted : ndarray of float64, shape (n,)
        The heights that new sprites would like to have.
    boxes : ndarray of float64, shape (n, 2)
        Widths and heights, gaps included.
    old : ndarray of float64, shape (n, 2)
        Old places; only those that stay are looked at.
    stays : ndarray of bool, shape (n,)
        Some are True.
    bottom : float
        Nothing new stands below; infinite if anything may.

    Returns
    -------
    ndarray of float64, shape (n, 2), or None
        None if one finds no room in the columns of its value.
    """
    columns, pitch = _columns(values[stays], boxes[stays], old[stays])
    if (boxes[:, 0] > pitch + _SAME).any():
        return None
    slope = _slope(values[stays], old[stays, 0])
    top = float((old[stays, 1] - boxes[stays, 1] / 2).min())
    found = np.where(stays[:, None], old, 0.0)
    for i in np.flatnonzero(~stays):
        value, height = float(values[i]), float(boxes[i, 1])
        best, at = np.nan, None
        for column in _of(columns, value, pitch, slope):
            y = column.free(float(wanted[i]), height, top, bottom)
            if not abs(best - wanted[i]) <= abs(y - wanted[i]) and y == y:  # noqa: PLR0124
                best, at = y, column
        if at is None:
            return None
        at.enter(value, best, height)
        found[i] = at.x, best
    return found


def _columns(values: Floats, boxes: Floats, places: Floats) -> tuple[list[_Column], float]:
    """Return the columns from left to right, and their distance."""
    order = np.argsort(places[:, 0], kind="stable")
    x = places[order, 0]
    starts = np.flatnonzero(np.r_[True, np.diff(x) > _SAME])
    low, high = places[:, 1] - boxes[:, 1] / 2, places[:, 1] + boxes[:, 1] / 2
    parts = np.split(order, starts[1:])
    found = [
        _Column(float(x[start]), values[part], low[part], high[part])
        for start, part in zip(starts, parts, strict=True)
    ]
    pitch = np.diff(x[starts]).min() if len(starts) > 1 else boxes[:, 0].max()
    return found, float(pitch)


def _slope(values: Floats, x: Floats) -> float:
    """Return how far it is from one value to the next."""
    spread = np.square(values - values.mean()).sum()
    return float(((values - values.mean()) * x).sum() / spread) if spread > 0 else 0.0


def _of(columns: list[_Column], value: float, pitch: float, slope: float) -> list[_Column]:
    """Return the columns in which a value may stand; a new one where there is none."""
    found = [column for column in columns if column.first <= value <= column.last]
    if found:
        return found
    after = next((k for k, one in enumerate(columns) if one.first > value), len(columns))
    left = columns[after - 1] if after else None
    right = columns[after] if after < len(columns) else None
    x = _between(left, right, value, pitch, slope)
    if x is None:
        both = [one for one in (left, right) if one is not None]
        return [min(both, key=lambda one: min(abs(one.first - value), abs(one.last - value)))]
    column = _Column(x, np.empty(0), np.empty(0), np.empty(0))
    columns.insert(after, column)
    return [column]


def _between(
    left: _Column | None, right: _Column | None, value: float, pitch: float, slope: float
) -> float | None:
    """Return the middle of a new column between two, None if there is no room for one."""
    if left is None and right is not None:
        return right.x - pitch * max(1, round((right.first - value) * slope / pitch))
    if left is None:
        return None
    steps = max(1, round((value - left.last) * slope / pitch))
    if right is None:
        return left.x + pitch * steps
    most = round((right.x - left.x) / pitch) - 1
    return left.x + pitch * min(steps, most) if most >= 1 else None
