"""Other ways to free a map from overlaps, or to make it a wall, written from what is published.

``physics`` is how the butterflies map parts its sprites (k nearest by a k-d tree, a push
into a velocity, a pull back to the place it came from), vectorised; its pull is as
weak as it is there, because it is divided by the norm of all ways together. ``dgrid``
follows Hilasaca, Marcilio, Eler, Martins & Paulovich, "A grid-based method for removing
overlaps of dimensionality reduction scatterplot layouts" (2019): dummy points in empty
cells, then bisection. ``hagrid`` follows Cutura, Morariu, Cheng, Wang, Weiskopf & Sedlmair,
"Hagrid: gridify scatterplots with Hilbert and Gosper curves" (2021): slots on a
space-filling curve, the nearest free one for each point. ``rasterfairy`` calls the
package of that name (GPL) where it is installed: pip install --no-deps rasterfairy-py3.

All take points whose sprites are one unit wide and return places.
"""

from __future__ import annotations

import sys
import types

import numpy as np
from scipy.spatial import cKDTree

_NEAREST = 5
_LAST_STEPS = 40
_CLEAR = 0.85


def physics(points: np.ndarray, *, goes_on: bool = False) -> tuple[np.ndarray, int]:
    """Return places after pushes and pulls, and how many steps were made.

    It ends as theirs does, 40 steps after fewer than 1 % are too near by more than 15 %; or
    goes on until fewer than 0.1 % are too near at all, at most 300 steps.
    """
    most_steps = 300
    draw = np.random.default_rng(0)
    home = points + draw.normal(scale=1e-6, size=points.shape)
    places, velocity = home.copy(), np.zeros_like(home)
    last, step, pulls = most_steps, 0, True
    while step < last:
        step += 1
        away, which = cKDTree(places).query(places, _NEAREST)
        way = places[:, None, :] - places[which[:, 1:]]
        overlap = np.maximum(1.0 - away[:, 1:], 0) * min(0.5, step / 50)
        velocity[away[:, 1] >= 1.0] *= 0.5
        push = way / np.maximum(away[:, 1:, None], 1e-12) * overlap[:, :, None]
        velocity += push.sum(axis=1)
        if pulls:
            back = home - places
            velocity += 0.1 * back / max(float(np.linalg.norm(back)), 1e-12)
        places = places + velocity
        velocity *= 0.8
        near = away[:, 1]
        if goes_on and (near < 1).mean() < 0.001:
            break
        if step % 10 == 0 and pulls and (near < _CLEAR).mean() < 0.01:
            pulls = False
            last = last if goes_on else step + _LAST_STEPS
    return places, step


def dgrid(points: np.ndarray) -> np.ndarray:
    """Return the middles of cells after dummy points and bisection."""
    low = points.min(axis=0)
    columns, rows = (int(side) + 1 for side in np.ceil(np.ptp(points, axis=0)))
    while columns * rows < len(points):
        columns, rows = columns + 1, rows + 1
    cell = np.minimum((points - low).astype(np.int64), (columns - 1, rows - 1))
    counts = np.bincount(cell[:, 0] * rows + cell[:, 1], minlength=columns * rows)
    # the emptiest neighbourhoods first: as many dummies as cells are left over
    grid = counts.reshape(columns, rows).astype(float)
    around = _blurred(grid)
    order = np.lexsort((around.reshape(-1), counts))
    dummies = order[: columns * rows - len(points)]
    middles = np.column_stack([dummies // rows, dummies % rows]) + 0.5 + low
    everything = np.vstack([points, middles])
    found = np.empty((len(everything), 2))
    stack = [(np.arange(len(everything)), 0, 0, columns, rows)]
    while stack:
        those, c, r, wide, high = stack.pop()
        if wide * high == 1:
            found[those] = (c + 0.5, r + 0.5)
            continue
        axis = 0 if wide > high else 1
        half = (wide, high)[axis] // 2
        k = half * (high, wide)[axis]
        order = np.argpartition(everything[those, axis], k - 1 if k else 0)
        first, rest = those[order[:k]], those[order[k:]]
        if axis == 0:
            stack += [(first, c, r, half, high), (rest, c + half, r, wide - half, high)]
        else:
            stack += [(first, c, r, wide, half), (rest, c, r + half, wide, high - half)]
    return found[: len(points)] + low


def _blurred(grid: np.ndarray) -> np.ndarray:
    from scipy.ndimage import gaussian_filter

    return gaussian_filter(grid, 2.0)


def hagrid(points: np.ndarray) -> np.ndarray:
    """Return the middles of slots on a Hilbert curve whose cells hold a sprite."""
    low, extent = points.min(axis=0), float(np.ptp(points, axis=0).max())
    level = max(1, int(np.floor(np.log2(extent))))
    while 4**level < len(points):
        level += 1
    side = extent / 2**level
    cell = np.minimum(((points - low) / side).astype(np.int64), 2**level - 1)
    wanted = _along(cell[:, 0], cell[:, 1], level)
    after = np.arange(4**level + 1)
    before = np.arange(4**level + 1)

    def free(links: np.ndarray, slot: int) -> int:
        end = slot
        while links[end] != end:
            end = links[end]
        while links[slot] != end:
            links[slot], slot = end, links[slot]
        return int(end)

    taken = np.empty(len(points), np.int64)
    for i, slot in enumerate(wanted.tolist()):
        up = free(after, slot)
        down = free(before, slot + 1) - 1  # shifted by one: 0 means that none is free below
        chosen = up if down < 0 or (up < 4**level and up - slot <= slot - down) else down
        taken[i] = chosen
        after[chosen] = chosen + 1
        before[chosen + 1] = chosen
    x, y = _at(taken, level)
    return np.column_stack([x, y]) * side + low + side / 2


def _along(x: np.ndarray, y: np.ndarray, level: int) -> np.ndarray:
    """Return places along the Hilbert curve."""
    x, y, found = x.copy(), y.copy(), np.zeros(len(x), np.int64)
    for k in range(level - 1, -1, -1):
        right, lower = (x >> k) & 1, (y >> k) & 1
        found += ((3 * right) ^ lower) << (2 * k)
        flip = (lower == 0) & (right == 1)
        x, y = np.where(flip, 2**level - 1 - x, x), np.where(flip, 2**level - 1 - y, y)
        x, y = np.where(lower == 0, y, x), np.where(lower == 0, x, y)
    return found


def _at(place: np.ndarray, level: int) -> tuple[np.ndarray, np.ndarray]:
    """Return cells from places along the Hilbert curve."""
    x, y, rest = np.zeros_like(place), np.zeros_like(place), place.copy()
    for k in range(level):
        right = (rest // 2) & 1
        lower = (rest ^ right) & 1
        flip = (lower == 0) & (right == 1)
        x, y = np.where(flip, 2**k - 1 - x, x), np.where(flip, 2**k - 1 - y, y)
        x, y = np.where(lower == 0, y, x), np.where(lower == 0, x, y)
        x, y = x + (right << k), y + (lower << k)
        rest //= 4
    return x, y


def rasterfairy(points: np.ndarray) -> tuple[np.ndarray, int, int] | None:
    """Return columns and rows of cells, and those of the wall; None where it is not installed."""
    for name, kind in (("float", float), ("int", int)):  # it asks numpy for what is gone
        if not hasattr(np, name):
            setattr(np, name, kind)
    if "IPython" not in sys.modules:
        display = types.ModuleType("IPython.display")
        display.clear_output = lambda *_, **__: None
        sys.modules["IPython"] = types.ModuleType("IPython")
        sys.modules["IPython.display"] = display
    try:
        import rasterfairy as package
    except ImportError:
        return None
    cells, (columns, rows) = package.transformPointCloud2D(points)
    return np.asarray(cells, float), int(columns), int(rows)
