"""Vacancy: the free room nearest to where a box would like to lie."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.layouts._compiling import compiled

_STEP = 0.25
_FINEST = 0.1
_MOST_POINTS = 48_000_000
_TOUCH = 1e-10
_MOST_NEAR = 512

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Marks = npt.NDArray[np.uint8]


class _Boxes(NamedTuple):
    centres: Floats
    sides: Floats


def vacant(wanted: Floats, boxes: Floats, places: Floats, taken: Floats) -> Floats:
    """Return a place for each box, none over another, each as near as it can be.

    Parameters
    ----------
    wanted : ndarray of float64, shape (m, 2)
        Where the new boxes would like to lie.
    boxes : ndarray of float64, shape (m, 2)
        Their widths and heights, gaps included.
    places, taken : ndarray of float64, shape (n, 2)
        Centres, widths and heights of the boxes that are there; n is at least 1.

    Notes
    -----
    Large boxes choose first, then those in the order of the input. Nothing lies
    further left or further up than what is there. A lattice tells where a box may
    be free, and is walked through ring by ring; near a point of the lattice, the
    nearest free place touches edges of boxes, so all crossings of edges are tried.
    """
    found = np.empty_like(wanted)
    low = (places - taken / 2).min(axis=0)
    high = (places + taken / 2).max(axis=0)
    room = 2 * float(boxes.prod(axis=1).sum())
    high = high + 3 * float(boxes.max()) + room / (high - low).sum() + math.sqrt(room)
    # an octave of widths and heights at a time: they share a lattice
    octaves, octave = np.unique(np.floor(np.log2(boxes)), axis=0, return_inverse=True)
    for which in np.argsort(-octaves.sum(axis=1), kind="stable"):
        those = np.flatnonzero(octave.reshape(-1) == which)
        new, there = _Boxes(wanted[those], boxes[those]), _Boxes(places, taken)
        found[those] = _placed(new, there, low, high)
        places, taken = np.vstack([places, found[those]]), np.vstack([taken, boxes[those]])
    return found


def _placed(new: _Boxes, there: _Boxes, low: Floats, high: Floats) -> Floats:
    """Return a place for each of some boxes of about one size."""
    step = _step(new.sides, high - low)
    while True:
        room = _room(new, there, low, high, step)
        if _settle(room, len(there.sides)):
            return room.centres[len(there.sides) :]
        high = high + (high - low) / 2


def _step(boxes: Floats, extent: Floats) -> float:
    """Return the distance between points of the lattice, so fine that it tells what is free."""
    step = max(_STEP * float(boxes.min()), _FINEST * float(boxes.max()))
    return max(step, math.sqrt(float(extent.prod()) / _MOST_POINTS))


class _Room(NamedTuple):
    """What is known of a room: its boxes, where they are found again, and what is blocked.

    ``centres`` and ``sides`` are those of all boxes, the new ones last. Of the points of a
    lattice, the first at ``low`` and ``step`` apart, those are ``blocked`` where no new box
    can lie nearby. Cells of ``reach`` list the boxes in them: ``head``, then ``following``.
    """

    centres: Floats
    sides: Floats
    low: Floats
    step: float
    blocked: Marks
    reach: float
    head: Indices
    following: Indices


def _room(new: _Boxes, there: _Boxes, low: Floats, high: Floats, step: float) -> _Room:
    extent = high - low
    reach = float(max(new.sides.max(), there.sides.max())) + step
    return _Room(
        np.vstack([there.centres, new.centres]),
        np.vstack([there.sides, new.sides]),
        low,
        step,
        np.zeros((extent / step).astype(np.int64) + 1, np.uint8),
        reach,
        np.full((extent / reach).astype(np.int64) + 2, -1, np.int64),
        np.full(len(there.sides) + len(new.sides), -1, np.int64),
    )


@compiled
def _settle(room: _Room, n_there: int) -> bool:
    """Move the new boxes to where they are free; tell whether there was room for all."""
    shrunk = np.empty(2)
    for axis in range(2):
        # a box that is free up to half a step away is free here when it is smaller by a step
        shrunk[axis] = max(0.0, room.sides[n_there:, axis].min() - room.step)
    for j in range(n_there):
        _enter(room, j, shrunk)
    near = np.empty(_MOST_NEAR, np.int64)
    for i in range(n_there, len(room.sides)):
        if not _nearest(room, i, near):
            return False
        _enter(room, i, shrunk)
    return True


@compiled
def _enter(room: _Room, j: int, shrunk: Floats) -> None:
    """Register a box, and mark the points where a shrunken one would lie over it."""
    first, last, at = np.empty(2, np.int64), np.empty(2, np.int64), np.empty(2, np.int64)
    for axis in range(2):
        half = (room.sides[j, axis] + shrunk[axis]) / 2 - _TOUCH
        middle = room.centres[j, axis] - room.low[axis]
        first[axis] = max(0, int(np.floor((middle - half) / room.step)) + 1)
        last[axis] = min(room.blocked.shape[axis], int(np.ceil((middle + half) / room.step)))
        at[axis] = min(max(int(middle / room.reach), 0), room.head.shape[axis] - 1)
    room.blocked[first[0] : last[0], first[1] : last[1]] = 1
    room.following[j] = room.head[at[0], at[1]]
    room.head[at[0], at[1]] = j


@compiled
def _nearest(room: _Room, i: int, near: Indices) -> bool:
    """Move box i to the free place nearest to where it is; tell whether there is one."""
    wish_x, wish_y = room.centres[i]
    columns, rows = room.blocked.shape
    c0 = min(max(int((wish_x - room.low[0]) / room.step + 0.5), 0), columns - 1)
    r0 = min(max(int((wish_y - room.low[1]) / room.step + 0.5), 0), rows - 1)
    best = np.array([np.inf, wish_x, wish_y])
    for ring in range(max(columns, rows)):
        if best[0] <= (ring - 1) * room.step:
            break
        for c in range(max(0, c0 - ring), min(columns, c0 + ring + 1)):
            stride = 1 if abs(c - c0) == ring else max(1, 2 * ring)
            for r in range(r0 - ring, r0 + ring + 1, stride):
                if 0 <= r < rows and not room.blocked[c, r]:
                    x, y = room.low[0] + c * room.step, room.low[1] + r * room.step
                    n_near = _around(room, i, x, y, near)
                    _try(room, i, x, y, near[:n_near], best)
    room.centres[i, 0], room.centres[i, 1] = best[1], best[2]
    return bool(best[0] < np.inf)


@compiled
def _around(room: _Room, i: int, x: float, y: float, near: Indices) -> int:
    """Write the boxes that box i could meet up to half a step from a point; return how many."""
    column, row = int((x - room.low[0]) / room.reach), int((y - room.low[1]) / room.reach)
    wide, high = room.sides[i, 0] + room.step, room.sides[i, 1] + room.step
    n_near = 0
    for c in range(max(0, column - 1), min(room.head.shape[0], column + 2)):
        for r in range(max(0, row - 1), min(room.head.shape[1], row + 2)):
            j = room.head[c, r]
            while j >= 0 and n_near < _MOST_NEAR:
                near[n_near] = j
                n_near += (
                    abs(room.centres[j, 0] - x) < (room.sides[j, 0] + wide) / 2
                    and abs(room.centres[j, 1] - y) < (room.sides[j, 1] + high) / 2
                )
                j = room.following[j]
    return n_near


@compiled
def _try(room: _Room, i: int, x: float, y: float, near: Indices, best: Floats) -> None:
    """Note the best free place up to half a step from a point, if it is better.

    ``best`` is a way and a place; ways are from the wish, where box i still is.
    """
    if len(near) == _MOST_NEAR:
        return
    wish_x, wish_y = room.centres[i]
    ys = _edges(room, i, 1, y, near)
    for tried_x in _edges(room, i, 0, x, near):
        for tried_y in ys:
            way = np.hypot(tried_x - wish_x, tried_y - wish_y)
            if way < best[0] and _is_free(room, i, tried_x, tried_y, near):
                best[0], best[1], best[2] = way, tried_x, tried_y


@compiled
def _is_free(room: _Room, i: int, x: float, y: float, near: Indices) -> bool:
    """Tell whether box i would lie over none of those near."""
    for j in near:
        wide, high = room.sides[i] + room.sides[j]
        if (
            abs(room.centres[j, 0] - x) < wide / 2 - _TOUCH
            and abs(room.centres[j, 1] - y) < high / 2 - _TOUCH
        ):
            return False
    return True


@compiled
def _edges(room: _Room, i: int, axis: int, at: float, near: Indices) -> Floats:
    """Return the places along one axis where a nearest free place can lie."""
    side = room.sides[i, axis]
    first, last = max(at - room.step / 2, room.low[axis] + side / 2), at + room.step / 2
    if first > last:
        return np.empty(0)
    found = np.empty(2 * len(near) + 3)
    found[0], found[1], found[2] = min(max(room.centres[i, axis], first), last), first, last
    n = 3
    for j in near:
        half = (side + room.sides[j, axis]) / 2
        for edge in (room.centres[j, axis] - half, room.centres[j, axis] + half):
            if first <= edge <= last:
                found[n] = edge
                n += 1
    return found[:n]
