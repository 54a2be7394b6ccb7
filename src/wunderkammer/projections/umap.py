"""UMAP: a map on which neighbours stay neighbours, and new media find their place."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.one_thread import one_thread
from wunderkammer.projections import Projection, Watch, registry, unwatched
from wunderkammer.projections._checks import refuse_not_finite, refuse_nothing
from wunderkammer.projections._principal import (
    placed_linearly,
    principal_axes,
    principal_scores,
    unit_rows,
)

if TYPE_CHECKING:
    from wunderkammer.projections.neighbours import NeighbourGraph

_FEWEST = 5
_DEFAULT_NEIGHBOURS = 15
_KNOWN_FROM = 4_096
"""Below, the library compares all pairs itself, and known neighbours are not taken."""

_Known = tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]] | None
_Neighbours = Annotated[int, Field(ge=2)]
_Epochs = Annotated[int, Field(ge=1)]


@registry.register
class Umap(Projection):
    """Uniform manifold approximation and projection [1]_, by umap-learn.

    Notes
    -----
    The same features and settings give the same map, byte for byte: a seeded UMAP
    runs on one thread. Up to 4,096 media neighbours are found exactly, beyond that
    nearly. With ``n_neighbors = "auto"``, fewer than 5 media are placed by their
    principal components. The very first map waits up to a minute while the library
    compiles itself; what it compiled is kept on disk.

    References
    ----------
    .. [1] McInnes, L., Healy, J. & Melville, J. (2018). UMAP: uniform manifold
       approximation and projection for dimension reduction. arXiv:1802.03426.
    """

    name: Literal["umap"] = "umap"
    version: Literal["1"] = "1"
    keeps_neighbours: ClassVar[bool] = True
    n_neighbors: _Neighbours | Literal["auto"] = Field(
        "auto",
        description="Neighbours each medium is held to, itself among them (McInnes et al. 2018); "
        "auto: 15, or all media where there are fewer. Lower shows small groups, higher the "
        "large order.",
    )
    min_dist: float = Field(
        0.1, ge=0, description="How close points may lie on the map, in units of spread."
    )
    spread: float = Field(1.0, gt=0, description="Scale of the map that min_dist is measured by.")
    metric: Literal["euclidean", "cosine", "manhattan"] = Field(
        "euclidean", description="Distance between features whose neighbours are kept."
    )
    normalise: bool = Field(
        True, description="Scale each medium's features to length 1 first: directions count."
    )
    input_pca: int = Field(
        0,
        ge=0,
        description="Principal components that features are reduced to first; 0 keeps all.",
    )
    initialisation: Literal["spectral", "pca", "random"] = Field(
        "spectral",
        description="Where points start; spectral and pca keep the large order, random loses it "
        "(Kobak & Linderman 2021). Where spectral cannot be had, as for a handful, it is pca.",
    )
    n_epochs: _Epochs | Literal["auto"] = Field(
        "auto",
        description="Passes over all neighbours; auto: 500 up to 10,000 media, 200 beyond.",
    )
    learning_rate: float = Field(1.0, gt=0, description="Step of the descent as it begins.")
    negative_sample_rate: int = Field(
        5, ge=1, description="Media that each is pushed from for one that it is drawn to."
    )
    repulsion_strength: float = Field(1.0, ge=0, description="Weight of the push.")
    local_connectivity: float = Field(
        1.0, ge=1, description="Nearest neighbours that count as whole ones, however far they are."
    )
    set_op_mix_ratio: float = Field(
        1.0,
        ge=0,
        le=1,
        description="1 joins media if one is a neighbour of the other; 0 only if both are.",
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, description="Seed of starts, draws and pushes.")

    @model_validator(mode="after")
    def _distances_fit(self) -> Self:
        if self.min_dist > self.spread:
            raise ValueError(
                f"min_dist is {self.min_dist:g} and spread {self.spread:g}; points cannot be held "
                "further apart than the map is wide: lower min_dist or raise spread"
            )
        return self

    def n_neighbours(self, n: int) -> int:
        """Return how many others each is held to, from 4,096 media."""
        if n < _KNOWN_FROM or not self.normalise or self.metric == "manhattan":
            return 0
        return self._neighbours_for(n) - 1

    def project(
        self,
        features: npt.NDArray[np.float32],
        *,
        n_threads: int = 1,
        neighbours: NeighbourGraph | None = None,
        start: npt.NDArray[np.float64] | None = None,
        watch: Watch = unwatched,
    ) -> npt.NDArray[np.float64]:
        """Return the map.

        Raises
        ------
        NotEnoughMediaError
            If a number of neighbours was set that needs more media.
        StageError
            If features are not finite.
        """
        if not len(features):
            return np.empty((0, 2))
        return self._both(features, features[:0], neighbours, start)[0]

    def project_both(
        self,
        train: npt.NDArray[np.float32],
        tests: npt.NDArray[np.float32],
        *,
        n_threads: int = 1,
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the map of the first, and where the others fall on it.

        Notes
        -----
        Tests start at the weighted mean of their neighbours and then move among the
        media of the map, which stay where they are.
        """
        return self._both(train, tests, None)

    def placed(
        self,
        features: npt.NDArray[np.float32],
        points: npt.NDArray[np.float64],
        others: npt.NDArray[np.float32],
        *,
        n_threads: int = 1,
    ) -> npt.NDArray[np.float64]:
        """Return where others fall on a finished map, as :meth:`project_both` does."""
        n = len(features)
        refuse_nothing(n)
        refuse_not_finite(others)
        if not len(others):
            return np.empty((0, 2))
        rows, new = self._rows(features, others)
        if n < _FEWEST:
            return placed_linearly(rows, points, new)
        with _quiet():
            at = points.astype(np.float32)
            reducer = self._reducer(at, min(self._most_neighbours, n - 1), None, n_epochs=0)
            reducer.fit(np.asarray(rows, np.float32))
            # it has its neighbours now; where they lie and how long it goes on are ours
            reducer.embedding_, reducer.n_epochs = at, self._n_epochs
            return np.asarray(reducer.transform(np.asarray(new, np.float32)), np.float64)

    def _both(
        self,
        train: npt.NDArray[np.float32],
        tests: npt.NDArray[np.float32],
        graph: NeighbourGraph | None,
        start: npt.NDArray[np.float64] | None = None,
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Map some media, by way of known neighbours where there are, and place others."""
        n = len(train)
        refuse_nothing(n)
        refuse_not_finite(train)
        refuse_not_finite(tests)
        n_neighbors = self._neighbours_for(n)
        rows, others = self._rows(train, tests)
        if n < _FEWEST:
            axes = principal_axes(rows, 2)
            return axes.scores(rows), axes.scores(others)
        usable = graph is not None and 0 < self.n_neighbours(n) <= graph.k
        known = _with_itself(graph, n_neighbors) if graph is not None and usable else None
        return self._mapped(np.asarray(rows, np.float32), others, n_neighbors, known, start)

    def _rows(
        self, train: npt.NDArray[np.float32], tests: npt.NDArray[np.float32]
    ) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]:
        """Return what the library is given of some media and others."""
        rows, others = unit_rows(train, self.normalise), unit_rows(tests, self.normalise)
        if len(train) < _FEWEST or not 0 < self.input_pca < rows.shape[1]:
            return rows, others
        axes = principal_axes(rows, self.input_pca)
        return axes.scores(rows), axes.scores(others)

    @property
    def _most_neighbours(self) -> int:
        return _DEFAULT_NEIGHBOURS if self.n_neighbors == "auto" else self.n_neighbors

    @property
    def _n_epochs(self) -> int | None:
        return None if self.n_epochs == "auto" else self.n_epochs

    def _neighbours_for(self, n: int) -> int:
        """Return the neighbours for so many media, or say how many they need."""
        if self.n_neighbors == "auto":
            return min(_DEFAULT_NEIGHBOURS, n - 1)
        needed = max(_FEWEST, self.n_neighbors + 1)
        if n < needed:
            lower = f"Lower it to {n - 1} or less, write" if n >= _FEWEST else "Write"
            raise NotEnoughMediaError(
                f"embedding: {self.n_neighbors} neighbours need at least {needed} media, and {n} "
                "have features.",
                hint=f'{lower} n_neighbors = "auto", or get features of more media.',
            )
        return self.n_neighbors

    def _mapped(
        self,
        train: npt.NDArray[np.float32],
        tests: npt.NDArray[np.floating],
        n_neighbors: int,
        known: _Known,
        start: npt.NDArray[np.float64] | None,
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Fit UMAP to some rows and place others."""
        with _quiet():
            if start is None:
                reducer = self._fitted(train, n_neighbors, known)
            else:
                reducer = self._reducer(start.astype(np.float32), n_neighbors, known).fit(train)
            points = np.asarray(reducer.embedding_, np.float64)
            middle = points.mean(axis=0)
            if not len(tests):
                return points - middle, np.empty((0, 2))
            placed = reducer.transform(np.asarray(tests, np.float32))
        return points - middle, np.asarray(placed, np.float64) - middle

    def _fitted(self, train: npt.NDArray[np.float32], n_neighbors: int, known: _Known) -> Any:
        """Return UMAP fitted to some rows."""
        if self.initialisation == "random":
            return self._reducer("random", n_neighbors, known).fit(train)
        if self.initialisation == "spectral":
            try:
                return self._reducer("spectral", n_neighbors, known).fit(train)
            except ValueError:
                # the library asks for seven eigenvectors of a group, even of one of five media
                pass
        start = _spread_out(principal_scores(train, 2), self.seed)
        return self._reducer(start, n_neighbors, known).fit(train)

    def _reducer(
        self, start: Any, n_neighbors: int, known: _Known, n_epochs: int | None = None
    ) -> Any:
        return _library()(
            n_neighbors=n_neighbors,
            min_dist=self.min_dist,
            spread=self.spread,
            metric=self.metric,
            init=start,
            n_epochs=self._n_epochs if n_epochs is None else n_epochs,
            learning_rate=self.learning_rate,
            negative_sample_rate=self.negative_sample_rate,
            repulsion_strength=self.repulsion_strength,
            local_connectivity=self.local_connectivity,
            set_op_mix_ratio=self.set_op_mix_ratio,
            random_state=self.seed,
            transform_seed=self.seed,
            precomputed_knn=known or (None, None, None),
            n_jobs=1,
        )


@cache
def _library() -> Any:
    """Return UMAP; what it compiles is kept on disk, as it does not ask for that itself."""
    from numba.core.registry import CPUDispatcher
    from umap import UMAP, layouts, umap_, utils

    for module in (layouts, umap_, utils):
        for function in vars(module).values():
            if isinstance(function, CPUDispatcher):
                with suppress(RuntimeError):  # there is no folder that can be written
                    function.enable_caching()
    return UMAP


@contextmanager
def _quiet() -> Iterator[None]:
    """Let the library work on one thread; what it warns of is no fault of the user.

    It warns that groups are not connected, or that twins start at one spot.
    """
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _with_itself(graph: NeighbourGraph, n_neighbors: int) -> _Known:
    """Return neighbours as the library counts them: each medium is its own first."""
    n, others = len(graph.indices), n_neighbors - 1
    itself = np.arange(n, dtype=np.int32)[:, None]
    return (
        np.hstack([itself, graph.indices[:, :others]]),
        np.hstack([np.zeros((n, 1), np.float32), graph.distances[:, :others]]),
    )


def _spread_out(scores: npt.NDArray[np.float64], seed: int) -> npt.NDArray[np.float32]:
    """Return starting points ten units wide; twins are parted by a seeded jitter."""
    width = float(np.ptp(scores)) or 1.0
    jitter = np.random.default_rng(seed).normal(scale=1e-3, size=scores.shape)
    return np.asarray(scores * (10 / width) + jitter, np.float32)
