"""Marking: names of blocks, ticks of an axis, lines of a map, to be read beside sprites."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from wunderkammer.layouts import Mark, Placement

_MOST_TICKS = 12
_MOST_LINES = 8
_STEPS = (1, 2, 5)
_APART = 2.0

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


def blocks(
    ranks: Sequence[str], of: Indices, paths: Sequence[tuple[str, ...]], placement: Placement
) -> list[Mark]:
    """Return the rectangles of all named taxa, those of the widest rank first.

    Parameters
    ----------
    ranks : sequence of str
    of : ndarray of int64, shape (n,)
        Innermost block of each sprite.
    paths : sequence of tuple of str
        Names of each block, a rank each.
    placement : Placement

    Notes
    -----
    Media that were added when a block was full stand further below; the rectangle is
    that of the larger part.
    """
    order = np.argsort(of, kind="stable")
    parts = np.split(order, np.bincount(of, minlength=len(paths)).cumsum()[:-1])
    leaves = [(path, len(part), _extent(part, placement)) for path, part in
              zip(paths, parts, strict=True) if len(part)]  # fmt: skip
    found: dict[tuple[str, ...], tuple[int, Floats]] = {}
    for depth in range(1, len(ranks) + 1):
        for path, count, extent in leaves:
            name = path[:depth]
            if name[-1]:
                n, known = found.get(name, (0, extent))
                low, high = np.minimum(known, extent)[:2], np.maximum(known, extent)[2:]
                found[name] = n + count, np.concatenate([low, high])
    return [
        Mark("block", name[-1], *_rectangle(extent), rank=ranks[len(name) - 1], n_media=n)
        for name, (n, extent) in found.items()
    ]


def ticks(values: Floats, placement: Placement) -> list[Mark]:
    """Return upright lines at round values, each between what is below it and the rest.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        What goes from left to right.
    placement : Placement
    """
    if not len(values) or values.min() == values.max():
        return []
    order = np.argsort(values, kind="stable")
    ranked, x = values[order], placement.positions[order, 0]
    furthest, nearest = np.maximum.accumulate(x), np.minimum.accumulate(x[::-1])[::-1]
    low, high = _edges(placement)
    found = []
    for value in _round_values(float(ranked[0]), float(ranked[-1]), _MOST_TICKS):
        first = int(np.searchsorted(ranked, value))
        if 0 < first < len(ranked) and furthest[first - 1] < nearest[first]:
            middle = float(furthest[first - 1] + nearest[first]) / 2
            found.append(Mark("tick", f"{value:g}", middle, low[1], 0.0, high[1] - low[1]))
    return found


def graticule(
    points: Floats,
    placement: Placement,
    meridians: tuple[Floats, Floats],
    parallels: tuple[Floats, Floats],
) -> list[Mark]:
    """Return the parallels and meridians that cross a map.

    Parameters
    ----------
    points : ndarray of float64, shape (n, 2)
        Projected places; n is at least 1.
    placement : Placement
        Where their sprites lie.
    meridians, parallels : tuple of ndarray
        Degrees, and where they are projected to: x of meridians, y of parallels.
    """
    low, high = _edges(placement)
    found = []
    for axis, (degrees, projected) in enumerate((meridians, parallels)):
        centred = points[:, axis] - points[:, axis].mean()
        spread = float(np.square(centred).sum())
        if not spread:
            continue
        scale = float(centred @ placement.positions[:, axis]) / spread
        middle = placement.positions[:, axis].mean()
        at = (projected - points[:, axis].mean()) * scale + middle
        inside = np.flatnonzero((at > low[axis]) & (at < high[axis]))
        step = -(-len(inside) // _MOST_LINES) * 10
        chosen = inside[degrees[inside] % max(step, 10) == 0]
        found += [_line(axis, float(degrees[k]), float(at[k]), low, high) for k in chosen]
    return found


def _line(axis: int, degrees: float, at: float, low: list[float], high: list[float]) -> Mark:
    sides = ("W", "E") if axis == 0 else ("S", "N")
    text = f"{abs(degrees):g}° {sides[degrees > 0]}" if degrees else "0°"
    if axis == 0:
        return Mark("meridian", text, at, low[1], 0.0, high[1] - low[1])
    return Mark("parallel", text, low[0], at, high[0] - low[0], 0.0)


def _edges(placement: Placement) -> tuple[list[float], list[float]]:
    """Return the top left and the bottom right corner of all sprites."""
    low = (placement.positions - placement.sizes / 2).min(axis=0)
    high = (placement.positions + placement.sizes / 2).max(axis=0)
    return low.tolist(), high.tolist()


def _extent(members: Indices, placement: Placement) -> Floats:
    """Return left, top, right and bottom of a block, without what stands apart from it."""
    for axis in (1, 0):
        places = placement.positions[members, axis]
        order = np.argsort(places, kind="stable")
        wide = _APART * float(placement.sizes[members].max())
        cuts = np.flatnonzero(np.diff(places[order]) > wide) + 1
        parts = np.split(order, cuts)
        members = members[max(parts, key=len)]
    low, high = _edges(Placement(placement.positions[members], placement.sizes[members]))
    return np.array([*low, *high])


def _rectangle(extent: Floats) -> tuple[float, float, float, float]:
    left, top, right, bottom = extent.tolist()
    return left, top, right - left, bottom - top


def _round_values(low: float, high: float, most: int) -> list[float]:
    """Return at most so many multiples of 1, 2 or 5 times a power of ten between two values."""
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for factor in (*_STEPS, *(10 * step for step in _STEPS)):
        step = power * factor
        first, last = math.ceil(low / step), math.floor(high / step)
        if last - first < most:
            return [round(k * step, 12) for k in range(first, last + 1)]
    return []
