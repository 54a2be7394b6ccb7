"""Sliding: sprites move towards where they want to be, as far as nothing is in the way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wunderkammer.layouts._compiling import compiled

_BACK_OFF = 1e-7
_NEAR_ENOUGH = 1e-5
_MOST_NEAR = 1024

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@compiled
def slide(places: Floats, goals: Floats, halves: Floats, order: Indices, reach: float) -> float:
    """Move each box once, in order, in place; return the sum of the ways made.

    Boxes (centres ``places``, half sides ``halves``) must not overlap, and do not
    afterwards: a move ends before the first box in its way, and is not made
    unless the place is free. A box goes straight, then along the axes that are
    still open; each only shortens its way to its goal. ``reach`` is at least the
    longest side of any box, and the longest move of a sweep.
    """
    origin = np.empty(2)
    shape = np.empty(2, np.int64)
    for axis in range(2):
        origin[axis] = min(places[:, axis].min(), goals[:, axis].min()) - reach
        last = max(places[:, axis].max(), goals[:, axis].max())
        shape[axis] = int((last - origin[axis]) / reach) + 2
    head, following = _registered(places, origin, shape, reach)
    near = np.empty(_MOST_NEAR, np.int64)
    way = 0.0
    for i in order:
        x, y = places[i]
        length = np.hypot(goals[i, 0] - x, goals[i, 1] - y)
        if length < _NEAR_ENOUGH:
            continue
        share = min(1.0, reach / length)
        goal_x, goal_y = x + (goals[i, 0] - x) * share, y + (goals[i, 1] - y) * share
        low = np.array([min(x, goal_x), min(y, goal_y)])
        high = np.array([max(x, goal_x), max(y, goal_y)])
        n_near = _collect(near, i, (low - origin) / reach, (high - origin) / reach, head, following)
        if n_near == _MOST_NEAR:
            continue  # crowded by slivers: it stays, and stays free
        _go_and_turn(places, halves, near[:n_near], i, goal_x, goal_y)
        way += np.hypot(places[i, 0] - x, places[i, 1] - y)
        before = (int((x - origin[0]) / reach), int((y - origin[1]) / reach))
        after = (int((places[i, 0] - origin[0]) / reach), int((places[i, 1] - origin[1]) / reach))
        if before != after:
            _move_entry(head, following, i, before, after)
    return way


@compiled
def _registered(
    places: Floats, origin: Floats, shape: Indices, reach: float
) -> tuple[Indices, Indices]:
    """Return the lists of the boxes in each cell of a grid: first box, then following."""
    head = np.full((shape[0], shape[1]), -1, np.int64)
    following = np.full(len(places), -1, np.int64)
    for i in range(len(places)):
        column = int((places[i, 0] - origin[0]) / reach)
        row = int((places[i, 1] - origin[1]) / reach)
        following[i] = head[column, row]
        head[column, row] = i
    return head, following


@compiled
def _collect(
    near: Indices, i: int, low: Floats, high: Floats, head: Indices, following: Indices
) -> int:
    """Write the boxes that one box could meet between two places; return how many."""
    n_near = 0
    for column in range(max(0, int(low[0]) - 1), min(head.shape[0], int(high[0]) + 2)):
        for row in range(max(0, int(low[1]) - 1), min(head.shape[1], int(high[1]) + 2)):
            j = head[column, row]
            while j >= 0 and n_near < _MOST_NEAR:
                near[n_near] = j
                n_near += j != i
                j = following[j]
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
    x, y = places[i]
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
def _move_entry(
    head: Indices, following: Indices, i: int, before: tuple[int, int], after: tuple[int, int]
) -> None:
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
