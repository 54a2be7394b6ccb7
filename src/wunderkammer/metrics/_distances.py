"""Distances between blocks of media, in single precision where that is enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device

Metric = Literal["euclidean", "cosine"]
Features = npt.NDArray[np.floating[Any]]
Floats = npt.NDArray[np.float64]

NEAR = 0.02
"""Pairs whose squared distance is below this share of their squared lengths are computed again."""

_CHUNK_VALUES = 1 << 21


class Prepared(NamedTuple):
    """Rows that distances can be computed from in single precision.

    Attributes
    ----------
    rows : ndarray of float32, shape (n, n_features)
    bare : ndarray of bool, shape (n,)
        Rows of zeros, which have no direction: as far from all for the cosine.
    """

    rows: npt.NDArray[np.float32]
    bare: npt.NDArray[np.bool_]


class DistanceBlocks:
    """Distances between rows of two tables, block by block, on a device.

    Parameters
    ----------
    queries, references : Prepared
    metric : {"euclidean", "cosine"}
    device : Device

    Notes
    -----
    ``|x - y|² = |x|² + |y|² - 2 x·y`` by one matrix product, which cancels where x and y are
    close. Each block is therefore centred on its own mean first, and computed in double
    precision where any squared distance in it is below 2 % of ``|x|² + |y|²``: relative
    errors of a distance stay near 1e-5 at worst. The cosine distance is half the squared
    distance of rows of length one, and 1 from a row of zeros, as in scikit-learn.
    """

    def __init__(
        self, queries: Prepared, references: Prepared, metric: Metric, device: Device
    ) -> None:
        self._metric = metric
        self.on_gpu = device.name != "cpu"
        self._xp: Any = np
        self._queries: Any = queries.rows
        self._references: Any = references.rows
        self._bare = (queries.bare, references.bare)
        if self.on_gpu:
            import torch

            self._xp = torch
            self._references = torch.from_numpy(references.rows).to(device.name)
            same = queries is references
            self._queries = (
                self._references if same else torch.from_numpy(queries.rows).to(device.name)
            )

    def __call__(self, rows: slice, columns: slice) -> Any:
        """Return distances of some queries to some references, an array of the device."""
        xp = self._xp
        some, others = self._queries[rows], self._references[columns]
        origin = (some.mean(0) + others.mean(0)) / 2
        squared, lengths, widths = _squared(some - origin, others - origin)
        if _any_near(squared, lengths, widths):
            doubles = [xp.asarray(one, dtype=xp.float64) for one in (some, others, origin)]
            squared, *_ = _squared(doubles[0] - doubles[2], doubles[1] - doubles[2])
        xp.clip(squared, 0, None, out=squared)
        if self._metric == "euclidean":
            return xp.sqrt(squared, out=squared)
        squared *= 0.5
        squared[np.flatnonzero(self._bare[0][rows])] = 1
        squared[:, np.flatnonzero(self._bare[1][columns])] = 1
        return squared

    def zeros(self, *shape: int) -> Any:
        """Return an array of zeros of the device, float64."""
        made: Any = self._xp.zeros(shape, dtype=self._xp.float64)
        return made.to(self._references.device) if self.on_gpu else made

    def placed(self, values: npt.NDArray[Any], like: Any) -> Any:
        """Return an array as one of the device, of another's type."""
        if not self.on_gpu:
            return values.astype(like.dtype, copy=False)
        return self._xp.from_numpy(values).to(like.device, like.dtype)


def _squared(some: Any, others: Any) -> tuple[Any, Any, Any]:
    """Return squared distances and both squared lengths."""
    lengths, widths = (some * some).sum(1), (others * others).sum(1)
    squared = some @ (others * -2).T
    squared += lengths[:, None]
    squared += widths
    return squared, lengths, widths


def _any_near(squared: Any, lengths: Any, widths: Any) -> bool:
    if float(squared.min()) >= NEAR * (float(lengths.max()) + float(widths.max())):
        return False
    return bool((squared < NEAR * (lengths[:, None] + widths)).any())


def prepared(
    features: Features,
    metric: Metric,
    origin: Floats,
    order: npt.NDArray[np.int64] | None = None,
) -> Prepared:
    """Return rows in an order, less an origin that was found in double precision."""
    n, n_features = features.shape
    rows, bare = np.empty((n, n_features), np.float32), np.zeros(n, np.bool_)
    for part in _chunks(features):
        chunk = _doubled(features[part if order is None else order[part]], metric)
        bare[part] = (metric == "cosine") & (chunk == 0).all(axis=1)
        rows[part] = chunk - origin
    return Prepared(rows, bare)


def centre(features: Features, metric: Metric) -> Floats:
    """Return the mean of all rows, or of the rows scaled to length one for the cosine."""
    total = np.zeros(features.shape[1])
    for part in _chunks(features):
        total += _doubled(features[part], metric).sum(axis=0)
    return np.asarray(total / max(1, len(features)))


def _doubled(rows: Features, metric: Metric) -> Floats:
    """Return rows in double precision, of length one for the cosine."""
    doubles = rows.astype(np.float64)
    if metric == "cosine":
        lengths = np.linalg.norm(doubles, axis=1, keepdims=True)
        doubles /= np.where(lengths > 0, lengths, 1)
    return doubles


def _chunks(features: Features) -> Iterator[slice]:
    return slices(len(features), max(1, _CHUNK_VALUES // max(1, features.shape[1])))


def slices(n: int, size: int) -> Iterator[slice]:
    """Yield consecutive slices that cover n rows."""
    for start in range(0, n, size):
        yield slice(start, min(n, start + size))
