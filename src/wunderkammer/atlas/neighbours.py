"""Neighbours: the most similar media of each, as rows of the atlas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.schemas import Neighbours
from wunderkammer.core.files import written_whole

NONE = np.uint32(2**32 - 1)
"""Fills up where a medium has fewer neighbours."""

_CHUNK = 1 << 16


def write_neighbours(
    folder: Path,
    found: npt.NDArray[np.int32],
    medium: npt.NDArray[np.int64],
    k: int,
    path: str = "neighbours.bin",
) -> Neighbours:
    """Write the nearest of each row; return where they lie.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    found : ndarray of int32, shape (n_found, n_neighbours)
        Neighbours of each medium, nearest first, as places in the same list; may
        be mapped from a file. A neighbour told twice counts once.
    medium : ndarray of int64, shape (n,)
        Place in that list of the medium of each row, -1 if it is not in it.
    k : int
        Neighbours to keep. Those that are not on the map are passed over.
    path : str, optional
        Name of the file in the folder.
    """
    row_of = np.full(len(found) + 1, NONE)
    row_of[medium] = np.arange(len(medium), dtype=np.uint32)
    row_of[-1] = NONE
    with written_whole(folder / path) as temporary, temporary.open("wb") as file:
        for first in range(0, len(medium), _CHUNK):
            part = medium[first : first + _CHUNK]
            near = row_of[found[np.maximum(part, 0)]]
            near[part < 0] = NONE
            near[:, 1:][near[:, 1:] == near[:, :-1]] = NONE
            kept = np.full((len(part), k), NONE)
            order = np.argsort(near == NONE, axis=1, kind="stable")[:, :k]
            kept[:, : order.shape[1]] = np.take_along_axis(near, order, axis=1)
            file.write(kept.astype("<u4").data)
    return Neighbours(path=path, k=k)


def neighbours_of(folder: Path, reference: Neighbours, row: int) -> list[int]:
    """Return the rows of the media most similar to that of a row, nearest first."""
    found = np.fromfile(folder / reference.path, "<u4", reference.k, offset=4 * reference.k * row)
    return [int(one) for one in found if one != NONE]
