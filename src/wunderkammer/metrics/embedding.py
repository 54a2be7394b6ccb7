"""How much of the neighbourhoods among features an embedding keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import NotEnoughMediaError

_BLOCK_BYTES = 1 << 28
_CHUNK_ROWS = 1 << 13
_FEW = 50
_K = 10
_N_SAMPLE = 2_000

Points = npt.NDArray[np.floating]
Indices = npt.NDArray[np.int64]


class Neighbourhoods(NamedTuple):
    """What became of the k nearest neighbours, each figure between 0 and 1, 1 the best.

    Attributes
    ----------
    trustworthiness : float
        1 if all neighbours in the embedding are neighbours among the features;
        falls by how far off the intruders really are.
    continuity : float
        1 if all neighbours among the features are neighbours in the embedding;
        falls by how far off the lost ones were put.
    neighbours_kept : float
        Share of the neighbours among the features that are so in the embedding.
    """

    trustworthiness: float
    continuity: float
    neighbours_kept: float


def neighbourhoods(
    features: Points, points: Points, *, k: int = _K, n_sample: int = _N_SAMPLE, seed: int = 0
) -> Neighbourhoods:
    """Measure trustworthiness, continuity and neighbours kept at once.

    Parameters
    ----------
    features : ndarray, shape (n, n_features)
        Compared by Euclidean distance.
    points : ndarray, shape (n, 2)
        Their embedding.
    k : int, optional
        Neighbours of a point; less than half of n.
    n_sample : int, optional
        Points whose neighbours are looked up, drawn with ``seed`` where there are more;
        always among all n points, so that figures mean the same at any n.
    seed : int, optional

    Raises
    ------
    NotEnoughMediaError
        If n is not more than twice k.

    Notes
    -----
    Trustworthiness and continuity as in [1]_: 1 less the normalised sum of
    ``rank - k`` over intruders, or over lost neighbours. Distances to all points are
    computed in blocks, in the precision of the input, float32 at least; memory beyond
    a copy of the input stays near 600 MB. Of points at the same distance, each takes
    the best rank of them all.

    References
    ----------
    .. [1] Venna, J. & Kaski, S. (2001). Neighborhood preservation in nonlinear
       projection methods: an experimental study. ICANN, 485-491.
    """
    return _looked(features, points, k, n_sample, seed).figures


def trustworthiness(
    features: Points, points: Points, *, k: int = _K, n_sample: int = _N_SAMPLE, seed: int = 0
) -> float:
    """Return how far neighbours in the embedding can be trusted; see :func:`neighbourhoods`."""
    return neighbourhoods(features, points, k=k, n_sample=n_sample, seed=seed).trustworthiness


def continuity(
    features: Points, points: Points, *, k: int = _K, n_sample: int = _N_SAMPLE, seed: int = 0
) -> float:
    """Return how well neighbours stayed together; see :func:`neighbourhoods`."""
    return neighbourhoods(features, points, k=k, n_sample=n_sample, seed=seed).continuity


def neighbours_kept(
    features: Points, points: Points, *, k: int = _K, n_sample: int = _N_SAMPLE, seed: int = 0
) -> float:
    """Return the share of k nearest neighbours kept; see :func:`neighbourhoods`."""
    return neighbourhoods(features, points, k=k, n_sample=n_sample, seed=seed).neighbours_kept


def embedding_quality(
    features: Points,
    points: Points,
    *,
    n_sample: int = _N_SAMPLE,
    taxa: Mapping[str, Indices] | None = None,
) -> dict[str, float]:
    """Return the figures that are kept beside an embedding.

    Parameters
    ----------
    features : ndarray, shape (n, n_features)
        Their directions are compared: each row is scaled to length 1 first.
    points : ndarray, shape (n, 2)
    n_sample : int, optional
        Points whose neighbours are looked up.
    taxa : mapping of str to ndarray of int, shape (n,), optional
        By rank, a number for the taxon of each; -1 for none.

    Returns
    -------
    dict of str to float
        The fields of :class:`Neighbourhoods` at 10 neighbours, or at as many as
        fewer than 21 media allow; empty for fewer than 3 media. For each rank at which
        neighbours have names, ``same_<rank>_on_map`` and ``same_<rank>_in_features``:
        the share of these neighbours that are of the same taxon.
    """
    k = min(_K, (len(features) - 1) // 2)
    if k < 1:
        return {}
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    directions = features / np.where(lengths > 0, lengths, 1)
    looked = _looked(directions, points, k, n_sample, 0)
    found: dict[str, float] = looked.figures._asdict()
    for rank, numbers in (taxa or {}).items():
        for where, nearest in (("on_map", looked.seen), ("in_features", looked.true)):
            share = _same(numbers, looked.rows, nearest)
            if share is not None:
                found[f"same_{rank}_{where}"] = share
    return found


class _Looked(NamedTuple):
    """The rows that were looked at, the neighbours of each there and here, and the figures."""

    rows: Indices
    true: Indices
    seen: Indices
    figures: Neighbourhoods


def _looked(features: Points, points: Points, k: int, n_sample: int, seed: int) -> _Looked:
    """Look up the neighbours of a sample; see :func:`neighbourhoods`."""
    n = len(features)
    if n <= 2 * k:
        raise NotEnoughMediaError(
            f"metrics: {k} neighbours need at least {2 * k + 1} media, and there are {n}.",
            hint=f"Ask for {max(0, (n - 1) // 2)} or fewer.",
        )
    intruded = lost = n_kept = 0
    rows = _sample(n, n_sample, seed)
    there_all, here_all = [], []
    space, plane = _Space(features), _Space(points)
    for block in _blocks(rows, n):
        there, here = space.distances(block), plane.distances(block)
        true, seen = _nearest(there, k), _nearest(here, k)
        intruded += int(np.maximum(_ranks(there, seen) - k, 0).sum())
        lost += int(np.maximum(_ranks(here, true) - k, 0).sum())
        n_kept += int((true[:, :, None] == seen[:, None, :]).sum())
        there_all.append(true)
        here_all.append(seen)
    worst = len(rows) * k * (2 * n - 3 * k - 1) / 2
    figures = Neighbourhoods(1 - intruded / worst, 1 - lost / worst, n_kept / (len(rows) * k))
    return _Looked(rows, np.concatenate(there_all), np.concatenate(here_all), figures)


def _same(taxa: Indices, rows: Indices, nearest: Indices) -> float | None:
    """Return the share of named neighbours of named media that bear their name."""
    own, others = taxa[rows][:, None], taxa[nearest]
    named = (own >= 0) & (others >= 0)
    return float((own == others)[named].mean()) if named.any() else None


def _sample(n: int, n_sample: int, seed: int) -> Indices:
    """Return the rows to look at, sorted."""
    if n <= n_sample:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, n_sample, replace=False))


class _Space:
    """Points about their middle, so that squares keep their digits, and their squared lengths.

    Half precision is computed in single.
    """

    def __init__(self, points: Points) -> None:
        points = points.astype(np.result_type(points, np.float32), copy=False)
        self.points = points - points.mean(axis=0)
        self.squares = np.einsum("nd,nd->n", self.points, self.points)

    def distances(self, rows: Indices) -> Points:
        """Return squared distances from some rows to all, infinite to themselves.

        They lack what is the same for all of a row: its own squared length.
        """
        some = -2 * self.points[rows]
        distances = np.empty((len(rows), len(self.points)), self.points.dtype)
        for start in range(0, len(self.points), _CHUNK_ROWS):
            chunk = slice(start, start + _CHUNK_ROWS)
            part = distances[:, chunk]
            np.matmul(some, self.points[chunk].T, out=part)
            part += self.squares[chunk]
        distances[np.arange(len(rows)), rows] = np.inf
        return distances


def _blocks(rows: Indices, n: int) -> Iterator[Indices]:
    size = max(1, _BLOCK_BYTES // (8 * n))
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _nearest(distances: Points, k: int) -> Indices:
    """Return the columns of the k smallest of each row."""
    n_rows, n = distances.shape
    stride = n // (_FEW * k)
    if stride < 2:
        return np.argpartition(distances, k - 1, axis=1)[:, :k]
    # the k-th of some of a row is no less than the k-th of all: what lies beyond is left out
    bounds = np.partition(distances[:, ::stride], k - 1, axis=1)[:, k - 1]
    found = np.empty((n_rows, k), np.int64)
    for row, bound, nearest in zip(distances, bounds, found, strict=True):
        columns = np.flatnonzero(row <= bound)
        nearest[:] = columns[np.argpartition(row[columns], k - 1)[:k]]
    return found


def _ranks(distances: Points, columns: Indices) -> Indices:
    """Return the rank, from 1, of some columns of each row by distance."""
    of = np.take_along_axis(distances, columns, axis=1)
    ranks = np.empty(columns.shape, np.int64)
    for row, those, found in zip(distances, of, ranks, strict=True):
        nearer = row[row < those.max()]
        found[:] = [1 + np.count_nonzero(nearer < one) for one in those]
    return ranks
