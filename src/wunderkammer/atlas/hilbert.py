"""Tile ids: all tiles of all zooms in one order, each zoom along a Hilbert curve."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

TileIds = npt.NDArray[np.uint64]


def tile_ids(zoom: int, x: npt.ArrayLike, y: npt.ArrayLike) -> TileIds:
    """Return the ids that PMTiles gives to tiles of one zoom.

    Parameters
    ----------
    zoom : int
        In [0, 31].
    x, y : array_like of int, shape (n,)
        Columns and rows of the tiles.

    References
    ----------
    .. [1] Protomaps, PMTiles version 3 specification.

    Examples
    --------
    >>> tile_ids(1, [0, 0, 1, 1], [0, 1, 1, 0]).tolist()
    [1, 2, 3, 4]
    """
    x, y = np.array(x, np.int64), np.array(y, np.int64)
    ids = np.full(x.shape, (4**zoom - 1) // 3, np.int64)
    for bit in range(zoom - 1, -1, -1):
        edge = 1 << bit
        right, low = x & edge, y & edge
        ids += ((3 * right) ^ low) << bit
        turned, mirrored = low == 0, (low == 0) & (right != 0)
        x, y = np.where(mirrored, edge - 1 - x, x), np.where(mirrored, edge - 1 - y, y)
        x, y = np.where(turned, y, x), np.where(turned, x, y)
    return ids.astype(np.uint64)


def zooms_of(ids: TileIds) -> npt.NDArray[np.int64]:
    """Return the zoom of each tile.

    Examples
    --------
    >>> zooms_of(np.array([0, 1, 4, 5], np.uint64)).tolist()
    [0, 1, 1, 2]
    """
    first = np.array([(4**zoom - 1) // 3 for zoom in range(1, 32)], np.uint64)
    return np.searchsorted(first, ids, side="right").astype(np.int64)
