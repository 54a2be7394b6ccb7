"""Columns: a value on x, sprites above each other where it is the same."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

_STEPS = (1.0, 2.0, 5.0)


class Spans(NamedTuple):
    """Equal spans of an axis: the first begins at ``first``, in whole steps."""

    first: float
    step: float
    n_spans: int

    def of(self, values: Floats) -> Indices:
        """Return the span of each value."""
        found = np.floor(values / self.step).astype(np.int64) - round(self.first / self.step)
        return np.asarray(found, np.int64)


def spans(values: Floats, most: int, step: float = 0.0) -> Spans:
    """Return equal spans over the values, as narrow as may be.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        n is at least 1.
    most : int
        Spans there may be, at least 1; where zero lies within one, two are always allowed.
    step : float, optional
        Width of a span; 0: the least of 1, 2 or 5 times a power of ten, and not
        below 1 where all values are whole.
    """
    low, high = float(values.min()), float(values.max())
    if step:
        return _over(low, high, step)
    if (values == np.floor(values)).all():
        step = 1.0
    else:
        wide = max((high - low) / most, np.spacing(max(abs(low), abs(high))) * 16)
        step = 10.0 ** math.floor(math.log10(wide))
    power = step
    while True:
        for factor in _STEPS:
            found = _over(low, high, power * factor)
            if found.n_spans <= max(2, most):
                return found
        power *= 10


def _over(low: float, high: float, step: float) -> Spans:
    first = math.floor(low / step)
    return Spans(first * step, step, math.floor(high / step) - first + 1)


def dealt(group: Indices, height: Floats, order: Floats, n_columns: int) -> Indices:
    """Return which of its group's columns each member stands in.

    Parameters
    ----------
    group : ndarray of int64, shape (n,)
    height : ndarray of float64, shape (n,)
        Where each wants to stand; members of one row are next to each other in it.
    order : ndarray of float64, shape (n, 2)
        From left to right within a row: by the first column, then by the second.
    n_columns : int
        Columns of each group.

    Returns
    -------
    ndarray of int64, shape (n,)
        From 0; a row that is not full stands in the middle.
    """
    row = _place_within(group, np.lexsort((order[:, 1], height, group))) // n_columns
    line = group * (int(row.max(initial=0)) + 1) + row
    _, line, n_in_line = np.unique(line, return_inverse=True, return_counts=True)
    place = _place_within(line, np.lexsort((height, order[:, 1], order[:, 0], line)))
    return np.asarray((n_columns - n_in_line[line]) // 2 + place)


def _place_within(group: Indices, order: Indices) -> Indices:
    """Return each member's place in its group, from 0; ``order`` sorts by group first."""
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(ordered)])
    place = np.empty(len(group), np.int64)
    place[order] = np.arange(len(group)) - np.repeat(starts, sizes)
    return place


def stacked(column: Indices, wanted: Floats, thickness: Floats) -> Floats:
    """Return heights in which no two of a column overlap, nearest to those wanted.

    Parameters
    ----------
    column : ndarray of int64, shape (n,)
    wanted : ndarray of float64, shape (n,)
        The order within a column is theirs.
    thickness : ndarray of float64, shape (n,)
        Of each member; neighbours stand at least half of both apart.

    Notes
    -----
    Less what lies below each, heights must not fall: the sum of squared ways is least
    for the isotonic regression of what is wanted, found by pooling [1]_.

    References
    ----------
    .. [1] Busing, F. M. T. A. (2022). Monotone regression: a simple and fast O(n)
       PAVA implementation. Journal of Statistical Software 102.
    """
    from scipy.optimize import isotonic_regression

    order = np.lexsort((wanted, column))
    ordered = column[order]
    bounds = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1], True])
    found = np.empty(len(wanted))
    for start, end in pairwise(bounds):
        those = order[start:end]
        half = thickness[those] / 2
        least = np.r_[0.0, np.cumsum(half[:-1] + half[1:])]
        found[those] = isotonic_regression(wanted[those] - least).x + least
    return found
