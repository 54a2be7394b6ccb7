"""Nearest neighbours among features, found once for all that asks for them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.arrays import open_graph
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.one_thread import one_thread
from wunderkammer.projections._checks import refuse_not_finite
from wunderkammer.projections._principal import unit_rows

EXACT_UP_TO = 20_000
INDICES, DISTANCES = "indices.npy", "distances.npy"

_CHUNK_ROWS = 1 << 14
_ASKED_ROWS = 1 << 12
_MOST_PAIRS = 20_000_000_000
_N_SAMPLE = 500
_TRAINED_ON = 64
_N_PASSES = 5
_FIRST_PROBED = 8

Singles = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class NeighbourGraph:
    """The k nearest of each medium, nearest first, itself left out.

    Attributes
    ----------
    indices : ndarray of int32, shape (n, k)
        Rows of the neighbours.
    distances : ndarray of float32, shape (n, k)
        Euclidean, between features scaled as they were searched.
    recall : float
        Share of the true neighbours that were found, measured on a sample.
    """

    indices: Indices
    distances: Singles
    recall: float

    @property
    def k(self) -> int:
        """Neighbours of each."""
        return int(self.indices.shape[1])

    def save(self, folder: Path) -> None:
        """Write two arrays that NumPy, R and Julia read, little-endian."""
        np.save(folder / INDICES, self.indices.astype("<i4", copy=False), allow_pickle=False)
        np.save(folder / DISTANCES, self.distances.astype("<f4", copy=False), allow_pickle=False)


def load_neighbours(folder: Path, recall: float = float("nan")) -> NeighbourGraph:
    """Return what :meth:`NeighbourGraph.save` wrote, mapped and not read.

    Raises
    ------
    DamagedFileError
        If it is not there, or is not what was written.
    """
    indices, distances = open_graph(folder / INDICES, folder / DISTANCES)
    return NeighbourGraph(indices, distances, recall)


def nearest_graph(
    rows: npt.NDArray[np.floating],
    k: int,
    *,
    recall: float = 0.95,
    seed: int = 0,
    n_threads: int = 1,
) -> NeighbourGraph:
    """Return the k nearest of each row by Euclidean distance.

    Parameters
    ----------
    rows : ndarray, shape (n, n_features)
        Finite.
    k : int
        At least 1, less than n.
    recall : float, optional
        Share of the true neighbours that is enough beyond 20,000 rows; 1 searches exactly.
    seed : int, optional
        Of the sample and of the cells.
    n_threads : int, optional
        Threads it may use; they do not change the result.

    Raises
    ------
    NotEnoughMediaError
        If there are no k others.

    Notes
    -----
    Up to 20,000 rows every pair is compared. Beyond, rows lie in the cells of a k-means
    (an inverted file [1]_), and as many cells about each row are looked through as a
    sample needs to reach ``recall``; what was reached is measured against all pairs.
    Memory beyond the result is that of the rows, twice.

    References
    ----------
    .. [1] Douze, M. et al. (2024). The Faiss library. arXiv:2401.08281.
    """
    n = len(rows)
    if not 0 < k < n:
        raise NotEnoughMediaError(
            f"neighbours: {k} neighbours need at least {k + 1} media, and {n} have features.",
            hint=f"Ask for {max(0, n - 1)} or fewer.",
        )
    data = np.ascontiguousarray(rows, np.float32)
    with _alone(n_threads):
        if n <= EXACT_UP_TO or recall >= 1:
            return NeighbourGraph(*_searched(_flat(data), data, k), 1.0)
        index, found = _widened_cells(data, k, recall, seed)
        return NeighbourGraph(*_searched(index, data, k), found)


def most_alike(
    features: Singles, k: int, *, recall: float = 0.95, seed: int = 0, n_threads: int = 1
) -> NeighbourGraph:
    """Return the k nearest of each medium by the direction of its features.

    As :func:`nearest_graph`, of rows scaled to length 1: their distance is twice the
    sine of half the angle.

    Raises
    ------
    NotEnoughMediaError
        If there are no k others.
    StageError
        If features are not finite.
    """
    refuse_not_finite(features)
    rows = np.asarray(unit_rows(features), np.float32)
    return nearest_graph(rows, k, recall=recall, seed=seed, n_threads=n_threads)


def predicted_bytes(n: int, n_features: int, k: int) -> int:
    """Return the memory that a search takes at its peak, its result included.

    Examples
    --------
    >>> round(predicted_bytes(1_000_000, 128, 90) / 1e9, 1)
    1.7
    """
    return 2 * 4 * n * n_features + 8 * n * k


def nearest_of(
    rows: npt.NDArray[np.floating],
    others: npt.NDArray[np.floating],
    k: int,
    *,
    recall: float = 0.95,
    seed: int = 0,
    n_threads: int = 1,
) -> tuple[Indices, Singles]:
    """Return the k rows nearest to each of some others: indices and distances, (n_others, k).

    Every pair is compared, unless there are more than 2e10: then cells are looked through
    as in :func:`nearest_graph`, as many as the rows themselves need.
    """
    data, asked = (np.ascontiguousarray(one, np.float32) for one in (rows, others))
    with _alone(n_threads):
        if len(data) * len(asked) <= _MOST_PAIRS:
            squares, found = _flat(data).search(asked, k)
        else:
            index = _widened_cells(data, min(k, len(data) - 1), recall, seed)[0]
            squares, found = index.search(asked, k)
    found, distances = _filled(found, squares)
    return found, distances


def recall_of(true: Indices, found: Indices) -> float:
    """Return the share of the true neighbours, (n, k), that are among the found ones."""
    return float(np.mean((true[:, :, None] == found[:, None, :]).any(axis=2)))


@contextmanager
def _alone(n_threads: int) -> Iterator[None]:
    """Search on some threads while a block runs; its linear algebra stays on one."""
    import faiss

    before = faiss.omp_get_max_threads()
    with one_thread("blas"):
        faiss.omp_set_num_threads(n_threads)
        try:
            yield
        finally:
            faiss.omp_set_num_threads(before)


def _flat(data: Singles) -> Any:
    """Return an index that compares every pair."""
    import faiss

    index = faiss.IndexFlatL2(data.shape[1])
    index.add(data)
    return index


def _cells(data: Singles, seed: int) -> Any:
    """Return an index whose rows lie in the cells of a seeded k-means."""
    import faiss

    n, n_features = data.shape
    n_cells = int(4 * np.sqrt(n))
    middles = faiss.IndexFlatL2(n_features)
    index = faiss.IndexIVFFlat(middles, n_features, n_cells)
    index.cp.seed = seed + 1
    index.cp.niter = _N_PASSES
    index.cp.min_points_per_centroid = 1
    index.cp.max_points_per_centroid = _TRAINED_ON
    index.train(data)
    for start in range(0, n, _CHUNK_ROWS):
        index.add(data[start : start + _CHUNK_ROWS])
    return index


def _widened_cells(data: Singles, k: int, recall: float, seed: int) -> tuple[Any, float]:
    """Return an index that finds enough of the k nearest, and what a sample of it finds."""
    draw = np.random.default_rng(seed)
    sample = np.sort(draw.choice(len(data), min(len(data), _N_SAMPLE), replace=False))
    true = _search(_flat(data), data, sample, k)[0]
    index = _cells(data, seed)
    found = _widened(index, lambda: _search(index, data, sample, k)[0], true, recall)
    return index, found


def _widened(index: Any, ask: Callable[[], Indices], true: Indices, recall: float) -> float:
    """Look through more cells until a sample finds enough; return what it finds."""
    reached: dict[int, float] = {}

    def enough(n_probed: int) -> bool:
        index.nprobe = n_probed
        reached[n_probed] = recall_of(true, ask())
        return reached[n_probed] >= recall

    too_few, most = 0, min(_FIRST_PROBED, index.nlist)
    while not enough(most) and most < index.nlist:
        too_few, most = most, min(index.nlist, most * 3 // 2)
    few_enough = range(too_few + 1, most)
    index.nprobe = (*few_enough, most)[bisect_left(few_enough, True, key=enough)]
    return reached[index.nprobe]


def _searched(index: Any, data: Singles, k: int) -> tuple[Indices, Singles]:
    """Return the neighbours of all rows, some rows at a time."""
    n = len(data)
    indices, distances = np.empty((n, k), np.int32), np.empty((n, k), np.float32)
    order = _order(index)
    for start in range(0, n, _ASKED_ROWS):
        asked = order[start : start + _ASKED_ROWS]
        indices[asked], distances[asked] = _search(index, data, asked, k)
    return indices, distances


def _order(index: Any) -> npt.NDArray[np.int64]:
    """Return all rows, those of a cell one after the other: what they are compared with is near.

    Rows of a cell look through the same cells; in the order of the media each would be read
    from the main memory again, which took twice the time.
    """
    import faiss

    cells = getattr(index, "invlists", None)
    if cells is None:
        return np.arange(index.ntotal)
    members = [
        faiss.rev_swig_ptr(cells.get_ids(cell), cells.list_size(cell)).copy()
        for cell in range(index.nlist)
        if cells.list_size(cell)
    ]
    return np.concatenate(members)


def _search(
    index: Any, data: Singles, asked: npt.NDArray[np.int64], k: int
) -> tuple[Indices, Singles]:
    """Return the k nearest of some rows: without themselves, ties by row."""
    squares, found = index.search(data[asked], k + 1)
    # an empty place is filled by the farthest that was found
    squares = np.where(found >= 0, squares, np.inf)
    squares[found == asked[:, None]] = -1  # first, whatever rounding makes of its distance
    order = np.lexsort((found, squares), axis=1)
    squares = np.take_along_axis(squares, order, axis=1)
    found = np.take_along_axis(found, order, axis=1)
    itself = found[:, :1] == asked[:, None]
    squares = np.where(itself, squares[:, 1:], squares[:, :-1])
    found = np.where(itself, found[:, 1:], found[:, :-1])
    return _filled(found, squares)


def _filled(
    found: npt.NDArray[np.int64], squares: npt.NDArray[np.floating]
) -> tuple[Indices, Singles]:
    """Repeat the last neighbour where cells held fewer than were asked for."""
    n_found = np.maximum((found >= 0).sum(axis=1), 1)
    places = np.minimum(np.arange(found.shape[1]), n_found[:, None] - 1)
    found = np.take_along_axis(found, places, axis=1)
    squares = np.take_along_axis(squares, places, axis=1)
    return found.astype(np.int32), np.sqrt(np.maximum(squares, 0)).astype(np.float32)
