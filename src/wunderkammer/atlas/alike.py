"""Alike: the features of media in few bytes, in cells of which a page reads the nearest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.alike_schemas import Alike
from wunderkammer.atlas.blocks import BlockFile, write_blocks
from wunderkammer.core.one_thread import one_thread

Singles = npt.NDArray[np.float32]

_ROW_BYTES = 4
_MIDDLE, _MOST = 128, 127
_LEARNED_FROM = 64
_N_PASSES = 12
_BLOCK_ROWS = 1 << 14
_N_ASKED = 200


@dataclass(frozen=True, slots=True, eq=False)
class Directions:
    """Where the features of length 1 are, and the directions in which they differ most.

    Attributes
    ----------
    mean : ndarray of float32, shape (n_features,)
    along : ndarray of float32, shape (n_components, n_features)
        Rows of length 1, at right angles.
    """

    mean: Singles
    along: Singles

    def scores(self, features: Singles) -> Singles:
        """Return where features lie along the directions, (n, n_components)."""
        return np.asarray((unit_rows(features) - self.mean) @ self.along.T, np.float32)


def unit_rows(features: npt.NDArray[np.floating]) -> Singles:
    """Return features scaled to length 1; zeros stay zeros."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / np.where(lengths > 0, lengths, 1), np.float32)


def write_alike(
    path: Path,
    features: Singles,
    rows: npt.NDArray[np.uint32],
    directions: Directions,
    *,
    recall: float,
    seed: int,
    reference: str,
) -> Alike:
    """Write the features in a byte a component, cell by cell; return what was written.

    Parameters
    ----------
    path : Path
        The file.
    features : ndarray of float32, shape (n, n_features)
        At least one; may be mapped from a file.
    rows : ndarray of uint32, shape (n,)
        The row in the atlas of each.
    directions : Directions
        What of the features is kept.
    recall : float
        Share of the ten that are truly most alike which is enough: so many cells are read.
    seed : int
        Of the cells, and of the sample by which the share is measured.
    reference : str
        The file's path, relative to ``atlas.json``.

    Notes
    -----
    The components of a medium are whole numbers times a scale of each component, which
    the largest in the collection fills. Cells are those of a k-means of the components,
    as many as the root of the number of media [1]_. The similarity of a photograph is
    its cosine with what the components tell of a medium.

    References
    ----------
    .. [1] Jegou, H., Douze, M. & Schmid, C. (2011). Product quantization for nearest
       neighbor search. IEEE PAMI 33, 117-128.
    """
    with one_thread():  # more threads would add in another order
        scores = np.concatenate([directions.scores(part) for part in _parts(features)])
        centres = _centres(scores, seed)
        cell = np.concatenate([_nearest(part, centres) for part in _parts(scores)])
        order = np.argsort(cell, kind="stable")
        scale = np.maximum(np.abs(scores).max(axis=0), 1e-12) / _MOST
        codes = (np.rint(scores[order] / scale) + _MIDDLE).astype(np.uint8)
        entries = np.empty((len(order), _ROW_BYTES + codes.shape[1]), np.uint8)
        entries[:, :_ROW_BYTES] = rows[order].astype("<u4").view(np.uint8).reshape(-1, _ROW_BYTES)
        entries[:, _ROW_BYTES:] = codes
        blocks = write_blocks(
            path,
            {
                "mean": directions.mean,
                "direction": directions.along,
                "scale": scale.astype(np.float32),
                "centre": centres,
                "cell_at": np.searchsorted(cell[order], np.arange(len(centres) + 1)).astype("<u4"),
                "entry": entries,
            },
        )
        made = Alike(path=reference, n=len(order), n_read=len(centres), recall=1, blocks=blocks)
        return _measured(path, made, features, rows, recall, seed)


class AlikeFile:
    """Finds what is alike in a written file, as a page does.

    Parameters
    ----------
    path : Path
        The file.
    alike : Alike
        What the atlas says of it.
    """

    def __init__(self, path: Path, alike: Alike) -> None:
        file = BlockFile(path, alike.blocks)
        self.n_read = alike.n_read
        self.directions = Directions(file.read("mean"), file.read("direction"))
        self._scale, self._centres = file.read("scale"), file.read("centre")
        self._at = file.read("cell_at").tolist()
        self._file = file

    def nearest(
        self, features: Singles, k: int, n_read: int = 0
    ) -> tuple[npt.NDArray[np.int64], Singles]:
        """Return the rows of the media most like one vector, and the similarity of each.

        Parameters
        ----------
        features : ndarray of float32, shape (n_features,)
        k : int
            As many as the cells that are read hold, where there are fewer.
        n_read : int, optional
            Cells that are read; 0: as many as the atlas says.
        """
        wanted = unit_rows(features[None])
        score = self.directions.scores(wanted)[0]
        away = ((self._centres - score) ** 2).sum(axis=1)
        cells = np.argsort(away, kind="stable")[: n_read or self.n_read]
        entries = np.concatenate(
            [self._file.read("entry", self._at[one], self._at[one + 1]) for one in cells]
        )
        rows = np.ascontiguousarray(entries[:, :_ROW_BYTES]).view("<u4").ravel()
        weights = self._scale * (self.directions.along @ wanted[0])
        codes = entries[:, _ROW_BYTES:].astype(np.float32) - _MIDDLE
        similar = codes @ weights + wanted[0] @ self.directions.mean
        best = np.argsort(-similar, kind="stable")[:k]
        return rows[best].astype(np.int64), np.clip(similar[best], -1, 1)


def _measured(
    path: Path,
    made: Alike,
    features: Singles,
    rows: npt.NDArray[np.uint32],
    wanted: float,
    seed: int,
) -> Alike:
    """Return how many cells are to be read, and the share that is then found."""
    k = min(10, len(features) - 1)
    if k < 1:
        return made
    asked = np.random.default_rng(seed).permutation(len(features))[:_N_ASKED]
    truth = _truth(features, asked, k)
    file = AlikeFile(path, made)
    n_cells, n_read = made.n_read, 1
    while True:
        n_read = min(n_read, n_cells)
        share = float(
            np.mean([
                _share(file.nearest(features[one], k + 1, n_read)[0], rows[one], rows[found])
                for one, found in zip(asked, truth, strict=True)
            ])
        )  # fmt: skip
        if share >= wanted or n_read == n_cells:
            return made.model_copy(update={"n_read": n_read, "recall": round(share, 4)})
        n_read *= 2


def _share(found: npt.NDArray[np.int64], itself: int, truth: npt.NDArray[np.uint32]) -> float:
    others = found[found != itself][: len(truth)]
    return len(np.intersect1d(others, truth)) / len(truth)


def _truth(features: Singles, asked: npt.NDArray[np.int64], k: int) -> npt.NDArray[np.int64]:
    """Return the k most alike of some media, by all of their features."""
    wanted = unit_rows(features[asked])
    best = np.full((len(asked), k), -np.inf, np.float32)
    place = np.zeros((len(asked), k), np.int64)
    first = 0
    for part in _parts(features):
        similar = wanted @ unit_rows(part).T
        own = (asked >= first) & (asked < first + len(part))
        similar[np.flatnonzero(own), asked[own] - first] = -np.inf
        both = np.concatenate([best, similar], axis=1)
        places = np.concatenate(
            [place, np.broadcast_to(np.arange(first, first + len(part)), similar.shape)], axis=1
        )
        top = np.argsort(-both, axis=1, kind="stable")[:, :k]
        best, place = np.take_along_axis(both, top, 1), np.take_along_axis(places, top, 1)
        first += len(part)
    return place


def _centres(scores: Singles, seed: int) -> Singles:
    """Return the middles of the cells."""
    n_cells = max(1, round(len(scores) ** 0.5))
    order = np.random.default_rng(seed).permutation(len(scores))[: n_cells * _LEARNED_FROM]
    sample = scores[np.sort(order)]
    centres = scores[np.sort(order[:n_cells])].copy()
    for _ in range(_N_PASSES):
        cell = np.concatenate([_nearest(part, centres) for part in _parts(sample)])
        counts = np.bincount(cell, minlength=n_cells)
        sums = np.zeros(centres.shape, np.float64)
        np.add.at(sums, cell, sample)
        there = counts > 0  # one that lost its last member stays where it is
        centres[there] = (sums[there] / counts[there, None]).astype(np.float32)
    return centres


def _nearest(scores: Singles, centres: Singles) -> npt.NDArray[np.int64]:
    away = (centres**2).sum(axis=1) - 2 * (scores @ centres.T)
    return np.asarray(away.argmin(axis=1))


def _parts(rows: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    for first in range(0, len(rows), _BLOCK_ROWS):
        yield rows[first : first + _BLOCK_ROWS]
