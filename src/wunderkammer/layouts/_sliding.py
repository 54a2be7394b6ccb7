"""Sliding: sprites move towards where they want to be, as far as nothing is in the way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.layouts._compiling import compiled

_BACK_OFF = 1e-7
_NEAR_ENOUGH = 1e-5
_MOST_NEAR = 4096
_MOST_CELLS = 4
_SAME = 1e-9

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


class Register(NamedTuple):
    """Grids in which boxes are found again, one for each octave of their sizes.

    Attributes
    ----------
    level : ndarray of int64, shape (n,)
        Grid of each box.
    reach : ndarray of float64, shape (n_levels,)
        Longest side of a box of each.
    cell : ndarray of float64, shape (n_levels,)
        Side of a cell of each.
    shape : ndarray of int64, shape (n_levels, 2)
        Columns and rows of each.
    origin : ndarray of float64, shape (2,)
        Their common corner.
    """

    level: Indices
    reach: Floats
    cell: Floats
    shape: Indices
    origin: Floats

    @classmethod
    def of(cls, places: Floats, goals: Floats, boxes: Floats) -> Register:
        """Return the grids for boxes that move between their places and goals."""
        longest = boxes.max(axis=1)
        # where boxes differ little, one grid is quicker than two
        octave = np.floor(np.log2(longest.max() / longest) + _SAME).astype(np.int64)
        _, level = np.unique(octave, return_inverse=True)
        level = level.reshape(-1)
        counts = np.bincount(level)
        reach = np.zeros(len(counts))
        np.maximum.at(reach, level, longest)
        origin = np.minimum(places.min(axis=0), goals.min(axis=0)) - longest.max()
        extent = np.maximum(places.max(axis=0), goals.max(axis=0)) - origin
        cell = np.maximum(reach, np.sqrt(extent.prod() / (_MOST_CELLS * counts)))
        shape = (extent / cell[:, None]).astype(np.int64) + 2
        return cls(level, reach, cell, shape, origin)


class _Lists(NamedTuple):
    """The boxes of each cell: where a grid's cells begin, the first box, those following."""

    start: Indices
    head: Indices
    following: Indices

    @classmethod
    def empty(cls, register: Register) -> _Lists:
        """Return lists without boxes."""
        start = np.concatenate([[0], register.shape.prod(axis=1).cumsum()])
        return cls(start, np.full(start[-1], -1), np.full(len(register.level), -1))


class _Room(NamedTuple):
    """What a kernel writes into: one that makes its own arrays compiles for seconds longer.

    The boxes near one; the rectangle of its way; the cells that rectangle reaches into.
    """

    near: Indices
    low: Floats
    high: Floats
    first: Indices
    last: Indices


def slide(
    places: Floats, goals: Floats, halves: Floats, order: Indices, register: Register
) -> float:
    """Move each box once, in order, in place; return the sum of the ways made.

    Boxes (centres ``places``, half sides ``halves``) must not overlap, and do not
    afterwards: a move ends before the first box in its way, and is not made
    unless the place is free. A box goes straight, then along the axes that are
    still open; each only shortens its way to its goal. The longest move of a sweep is
    the reach of a box's grid.
    """
    ends = (np.empty(2), np.empty(2), np.empty(2, np.int64), np.empty(2, np.int64))
    room = _Room(np.empty(_MOST_NEAR, np.int64), *ends)
    return float(_slide(places, goals, halves, order, register, _Lists.empty(register), room))


@compiled
def _slide(
    places: Floats,
    goals: Floats,
    halves: Floats,
    order: Indices,
    register: Register,
    lists: _Lists,
    room: _Room,
) -> float:
    """Move each box once; return the sum of the ways made."""
    _fill(lists, places, register)
    low, high, near = room.low, room.high, room.near
    way = 0.0
    for i in order:
        x, y = places[i, 0], places[i, 1]
        length = np.hypot(goals[i, 0] - x, goals[i, 1] - y)
        if length < _NEAR_ENOUGH:
            continue
        k = register.level[i]
        share = min(1.0, register.reach[k] / length)
        goal_x, goal_y = x + (goals[i, 0] - x) * share, y + (goals[i, 1] - y) * share
        low[0], low[1] = min(x, goal_x) - halves[i, 0], min(y, goal_y) - halves[i, 1]
        high[0], high[1] = max(x, goal_x) + halves[i, 0], max(y, goal_y) + halves[i, 1]
        n_near = _collect(room, i, places, halves, register, lists)
        if n_near == _MOST_NEAR:
            continue  # crowded by slivers: it stays, and stays free
        _go_and_turn(places, halves, near[:n_near], i, goal_x, goal_y)
        way += np.hypot(places[i, 0] - x, places[i, 1] - y)
        before = _entry(x, y, k, register, lists.start)
        after = _entry(places[i, 0], places[i, 1], k, register, lists.start)
        if before != after:
            _move_entry(lists.head, lists.following, i, before, after)
    return way


@compiled
def _fill(lists: _Lists, places: Floats, register: Register) -> None:
    """Write the boxes into the lists of their cells."""
    for i in range(len(places)):
        at = _entry(places[i, 0], places[i, 1], register.level[i], register, lists.start)
        lists.following[i] = lists.head[at]
        lists.head[at] = i


@compiled
def _entry(x: float, y: float, k: int, register: Register, start: Indices) -> int:
    """Return where the list of a cell begins."""
    column = int((x - register.origin[0]) / register.cell[k])
    row = int((y - register.origin[1]) / register.cell[k])
    return int(start[k] + column * register.shape[k, 1] + row)


@compiled
def _collect(
    room: _Room, i: int, places: Floats, halves: Floats, register: Register, lists: _Lists
) -> int:
    """Write the boxes that one box could meet on its way; return how many."""
    n_near = 0
    near, low, high, first, last = room.near, room.low, room.high, room.first, room.last
    for k in range(len(register.cell)):
        half, cell = register.reach[k] / 2, register.cell[k]
        for axis in range(2):
            first[axis] = max(0, int((low[axis] - half - register.origin[axis]) / cell))
            end = int((high[axis] + half - register.origin[axis]) / cell) + 1
            last[axis] = min(register.shape[k, axis], end)
        for column in range(first[0], last[0]):
            for row in range(first[1], last[1]):
                j = lists.head[lists.start[k] + column * register.shape[k, 1] + row]
                while j >= 0 and n_near < _MOST_NEAR:
                    near[n_near] = j
                    n_near += (
                        j != i
                        and places[j, 0] + halves[j, 0] > low[0]
                        and places[j, 0] - halves[j, 0] < high[0]
                        and places[j, 1] + halves[j, 1] > low[1]
                        and places[j, 1] - halves[j, 1] < high[1]
                    )
                    j = lists.following[j]
    return n_near


@compiled
def _go_and_turn(
    places: Floats, halves: Floats, near: Indices, i: int, goal_x: float, goal_y: float
) -> None:
    """Move straight, then along each axis, the one with the longer way left first."""
    _go(places, halves, near, i, goal_x, goal_y)
    across = abs(goal_x - places[i, 0]) > abs(goal_y - places[i, 1])
    for turn in range(2):
        if across == (turn == 0):
            _go(places, halves, near, i, goal_x, places[i, 1])
        else:
            _go(places, halves, near, i, places[i, 0], goal_y)


@compiled
def _go(
    places: Floats, halves: Floats, near: Indices, i: int, goal_x: float, goal_y: float
) -> None:
    """Move one box straight towards a goal, up to the first box in its way."""
    x, y = places[i, 0], places[i, 1]
    dx, dy = goal_x - x, goal_y - y
    length = np.hypot(dx, dy)
    if length < _NEAR_ENOUGH:
        return
    share = 1.0
    for j in near:
        wide, high = halves[i, 0] + halves[j, 0], halves[i, 1] + halves[j, 1]
        enter_x, leave_x = _crossing(places[j, 0] - x, wide, dx)
        enter_y, leave_y = _crossing(places[j, 1] - y, high, dy)
        enter, leave = max(enter_x, enter_y), min(leave_x, leave_y)
        if enter < leave and leave > 0 and enter < share:
            share = enter
    if share < 1.0:
        share -= _BACK_OFF / length
    if share <= 0:
        return
    x, y = x + dx * share, y + dy * share
    for j in near:
        if (
            abs(places[j, 0] - x) < halves[i, 0] + halves[j, 0]
            and abs(places[j, 1] - y) < halves[i, 1] + halves[j, 1]
        ):
            return
    places[i, 0], places[i, 1] = x, y


@compiled
def _crossing(distance: float, width: float, speed: float) -> tuple[float, float]:
    """Return the shares of a move between which two boxes overlap along one axis."""
    if speed == 0:
        return (-np.inf, np.inf) if abs(distance) < width else (np.inf, -np.inf)
    one, other = (distance - width) / speed, (distance + width) / speed
    return min(one, other), max(one, other)


@compiled
def _move_entry(head: Indices, following: Indices, i: int, before: int, after: int) -> None:
    """Register a box in another cell."""
    j = head[before]
    if j == i:
        head[before] = following[i]
    else:
        while following[j] != i:
            j = following[j]
        following[j] = following[i]
    following[i] = head[after]
    head[after] = i
