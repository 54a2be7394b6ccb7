"""Who draws whom: the similarities of points that lie in memory as they lie on the map."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.morton import morton_codes
from wunderkammer.projections._compiling import Parts, compiled
from wunderkammer.projections._field import bounds

_CELLS = 2**20
"""Across the map: so fine that only points of one place share a cell."""

Singles = npt.NDArray[np.float32]
Order = npt.NDArray[np.int64]


def order_on_map(points: Singles) -> Order:
    """Return the rows of points, (n, 2), so that those near each other come close together."""
    low, high = bounds(points)
    span = max(float((high - low).max()), 1e-12)
    x, y = ((points - low) * ((_CELLS - 1) / span)).astype(np.int64).T
    return np.argsort(morton_codes(x, y), kind="stable")


class Edges:
    """The similarities of n points, a row a point.

    Half of the time of a descent, or much more, is spent in asking where the others of a
    row are. Points that are alike move together: where the rows lie in the order of the
    map, the places of most others are near in memory, and at hand.

    Parameters
    ----------
    similarities : scipy.sparse.csr_array of float32, shape (n, n)
        It is used up: its memory holds the edges from now on.

    Attributes
    ----------
    places : ndarray of uint64, shape (n + 1,)
        Where each row begins.
    columns : ndarray of uint32
        Unsigned: a signed number might count from the end, which is asked of each anew.
    weights : ndarray of float32
    """

    def __init__(self, similarities: Any) -> None:
        self.places = similarities.indptr.astype(np.uint64)
        indices = similarities.indices
        self.columns = indices.view(np.uint32) if indices.itemsize == 4 else indices.astype("u4")
        self.weights = similarities.data
        self._spare = (np.empty_like(self.columns), np.empty_like(self.weights))

    @property
    def arrays(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32], Singles]:
        """Return places, columns and weights."""
        return self.places, self.columns, self.weights

    def reorder(self, order: Order, parts: Parts) -> None:
        """Give the points new numbers: the first is that of row ``order[0]`` and so on."""
        numbers = np.empty(len(order), np.uint32)
        numbers[order] = np.arange(len(order), dtype=np.uint32)
        sizes = np.diff(self.places)[order]
        places = np.concatenate([[0], np.cumsum(sizes)]).astype(np.uint64)
        before, after = self.arrays, (places, *self._spare)
        parts.each(lambda _, first, last: _renumber(before, after, order, numbers, first, last))
        self._spare = (self.columns, self.weights)
        self.places, self.columns, self.weights = after


@compiled
def _renumber(
    before: tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32], Singles],
    after: tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32], Singles],
    order: Order,
    numbers: npt.NDArray[np.uint32],
    first: int,
    last: int,
) -> None:
    """Write some rows of the new order."""
    for row in range(first, last):
        source, goal = before[0][order[row]], after[0][row]
        for place in range(after[0][row + 1] - goal):
            after[1][goal + place] = numbers[before[1][source + place]]
            after[2][goal + place] = before[2][source + place]
