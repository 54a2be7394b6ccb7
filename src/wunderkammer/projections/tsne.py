"""t-SNE: neighbours among features become neighbours on the map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.projections import Projection, Watch, _reference, registry, unwatched
from wunderkammer.projections._checks import refuse_flown_apart, refuse_not_finite, refuse_nothing
from wunderkammer.projections._phases import Phase
from wunderkammer.projections._principal import (
    placed_linearly,
    principal_axes,
    principal_scores,
    unit_rows,
)

if TYPE_CHECKING:
    from wunderkammer.projections._fast import FastTsne
    from wunderkammer.projections.neighbours import NeighbourGraph

_FEWEST = 5
_DEFAULT_PERPLEXITY = 30.0
_INITIAL_SPREAD = 1e-4
_JITTER = 0.01
_PLACED_PERPLEXITY = 5.0
"""Neighbours that a new point attends to: few, or it is drawn to the middle (Poličar 2023)."""

_Positive = Annotated[float, Field(gt=0)]
Floats = npt.NDArray[np.float64]


@registry.register
class Tsne(Projection):
    """t-distributed stochastic neighbour embedding [1]_: an engine of our own, or openTSNE [2]_.

    Notes
    -----
    The fast engine takes neighbours that are already known, reads repulsion from a grid
    (Linderman et al. 2019), and is the rule from 10,000 media; openTSNE is what it is
    measured against, and the rule below that.

    The same features and settings give the same map, byte for byte, whatever the
    number of threads: with openTSNE neighbours, linear algebra and the FFT gradient run
    on one, since there more would add in another order; similarities, the Barnes-Hut
    gradient and the fast engine use all. With ``perplexity = "auto"``, fewer than 5 media
    are placed by their principal components.

    References
    ----------
    .. [1] van der Maaten, L. & Hinton, G. (2008). Visualizing data using t-SNE.
       JMLR 9, 2579-2605.
    .. [2] Poličar, P. G., Stražar, M. & Zupan, B. (2024). openTSNE: a modular Python
       library for t-SNE dimensionality reduction and embedding. Journal of
       Statistical Software 109(3).
    """

    name: Literal["tsne"] = "tsne"
    version: Literal["2"] = "2"
    keeps_neighbours: ClassVar[bool] = True
    engine: Literal["auto", "fast", "opentsne"] = Field(
        "auto",
        description="What makes the map: our own engine or openTSNE, the reference; auto: the "
        "fast one from 10,000 media, unless a setting asks for what only openTSNE has.",
    )
    perplexity: _Positive | Literal["auto"] = Field(
        "auto",
        description="Neighbours each medium attends to, roughly (van der Maaten & Hinton 2008); "
        "auto: 30, or a third of the other media where there are fewer than 91. Lower shows "
        "small groups, higher the large order.",
    )
    normalise: bool = Field(
        True, description="Scale each medium's features to length 1 first: directions count."
    )
    input_pca: int = Field(
        50,
        ge=0,
        description="Principal components that features are reduced to first (van der Maaten & "
        "Hinton 2008 take 30; Kobak & Berens 2019 take 50); 0 keeps all features.",
    )
    metric: Literal["euclidean", "cosine", "manhattan"] = Field(
        "euclidean", description="Distance between features whose neighbours are kept."
    )
    neighbours: Literal["auto", "exact", "annoy"] = Field(
        "auto",
        description="How openTSNE finds neighbours: exactly, or nearly with Annoy's trees; auto: "
        "exactly up to 20,000 media. The fast engine takes those of the stage neighbours, or "
        "finds them as it does.",
    )
    initialisation: Literal["pca", "spectral", "random"] = Field(
        "pca",
        description="Where points start; pca and spectral keep the large order, random loses it "
        "(Kobak & Linderman 2021).",
    )
    early_exaggeration: float = Field(
        12.0,
        ge=1,
        description="Factor on attraction in the first phase, which lets groups find together "
        "(Belkina et al. 2019).",
    )
    early_exaggeration_iter: int = Field(250, ge=0, description="Iterations of the first phase.")
    n_iter: int = Field(
        500, ge=0, description="Iterations of the second phase; more for more than 200,000 media."
    )
    least_fall: float = Field(
        0.001,
        ge=0,
        lt=1,
        description="Fast engine: share by which the divergence must fall in 50 iterations of "
        "the second phase, or the map is done; 0 runs them all.",
    )
    exaggeration: float = Field(
        1.0,
        ge=1,
        description="Factor on attraction in the second phase; 2 to 4 draws groups together in "
        "very large collections (Kobak & Berens 2019).",
    )
    learning_rate: _Positive | Literal["auto"] = Field(
        "auto",
        description="Step of the descent; auto: media divided by exaggeration (Belkina et al. "
        "2019).",
    )
    initial_momentum: float = Field(0.8, ge=0, lt=1, description="Momentum of the first phase.")
    final_momentum: float = Field(0.8, ge=0, lt=1, description="Momentum of the second phase.")
    max_step_norm: float = Field(
        5.0, gt=0, description="Longest step of a point in one iteration, in units of the map."
    )
    dof: float = Field(
        1.0,
        gt=0,
        description="Degrees of freedom of the kernel; below 1 its tails are heavier and finer "
        "groups part (Kobak et al. 2019).",
    )
    gradient: Literal["auto", "barnes-hut", "fft"] = Field(
        "auto",
        description="How repulsion is approximated: Barnes-Hut (van der Maaten 2014) or "
        "interpolation with FFT (Linderman et al. 2019); auto: FFT from 10,000 media.",
    )
    theta: float = Field(
        0.5, ge=0, le=1, description="Barnes-Hut: coarseness; 0 is exact and quadratic in time."
    )
    n_interpolation_points: int = Field(
        3, ge=1, le=10, description="FFT: points of interpolation in a grid cell and axis."
    )
    min_num_intervals: int = Field(50, ge=1, description="FFT: fewest grid cells an axis.")
    ints_in_interval: float = Field(
        1.0, gt=0, description="FFT: side of a grid cell; less is finer."
    )
    seed: int = Field(
        0, ge=0, le=2**32 - 1, description="Seed of trees, random starts and the parting of twins."
    )

    def n_neighbours(self, n: int) -> int:
        """Return three times the perplexity, for the fast engine."""
        if not self._is_fast(n) or not self.normalise or self.metric == "manhattan":
            return 0
        return min(n - 1, int(3 * self._perplexity_for(n)))

    def project(
        self,
        features: npt.NDArray[np.float32],
        *,
        n_threads: int = 1,
        neighbours: NeighbourGraph | None = None,
        start: npt.NDArray[np.float64] | None = None,
        watch: Watch = unwatched,
    ) -> npt.NDArray[np.float64]:
        """Return the map; with a ``start``, what the second phase makes of that.

        Raises
        ------
        NotEnoughMediaError
            If a perplexity was set that needs more media.
        StageError
            If features are not finite, or the descent did not converge.
        """
        if not len(features):
            return np.empty((0, 2))
        if self._is_fast(len(features)):
            return self._fast(features, features[:0], n_threads, neighbours, start, watch)[0]
        return self._by_reference(features, features[:0], n_threads, start, watch)[0]

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
        Each test starts at the median of its neighbours and then moves among the
        media of the map, which stay where they are [1]_; tests do not see each other.

        References
        ----------
        .. [1] Poličar, P. G., Stražar, M. & Zupan, B. (2023). Embedding to reference t-SNE
           space addresses batch effects in single-cell classification. Machine Learning
           112, 721-740.
        """
        refuse_nothing(len(train))
        if self._is_fast(len(train)):
            return self._fast(train, tests, n_threads)
        return self._by_reference(train, tests, n_threads)

    def placed(
        self,
        features: npt.NDArray[np.float32],
        points: Floats,
        others: npt.NDArray[np.float32],
        *,
        n_threads: int = 1,
    ) -> Floats:
        """Return where others fall on a finished map, as :meth:`project_both` does."""
        n = len(features)
        refuse_nothing(n)
        refuse_not_finite(others)
        if not len(others):
            return np.empty((0, 2))
        few = min(_PLACED_PERPLEXITY, max(1.0, (n - 1) / 3))
        if self._is_fast(n):
            there, new = unit_rows(features, self._scaled), unit_rows(others, self._scaled)
            engine = self._engine(few, n_threads, unwatched)
            return engine.placed(
                points, np.asarray(there, np.float32), np.asarray(new, np.float32), few
            )
        rows, tests = self._rows(features, others)
        if n < _FEWEST:
            return placed_linearly(rows, points, tests)
        with _reference.linear_algebra_alone():
            affinities = _reference.affinities(self, rows, few, n_threads)
            finished = _reference.embedding(self, points.copy(), affinities, n_threads)
            found = _reference.placed(finished, tests)
        return np.asarray(found + points.mean(axis=0))

    def _by_reference(
        self,
        train: npt.NDArray[np.float32],
        tests: npt.NDArray[np.float32],
        n_threads: int,
        start: Floats | None = None,
        watch: Watch = unwatched,
    ) -> tuple[Floats, Floats]:
        """Map some media with openTSNE, and place others among them."""
        n = len(train)
        refuse_not_finite(train)
        refuse_not_finite(tests)
        perplexity = self._perplexity_for(n)
        rows, others = self._rows(train, tests)
        if n < _FEWEST:
            axes = principal_axes(rows, 2)
            return axes.scores(rows), axes.scores(others)
        with _reference.linear_algebra_alone():
            affinities = _reference.affinities(self, rows, perplexity, n_threads)
            first = self._start(rows, affinities) if start is None else start
            begun = _reference.embedding(self, first, affinities, n_threads)
            finished = _reference.descend(begun, self._phases(start), watch)
            points = np.array(finished, np.float64)
            refuse_flown_apart(points)
            found = _reference.placed(finished, others)
        return np.asarray(points - points.mean(axis=0)), found

    def _rows(
        self, train: npt.NDArray[np.float32], tests: npt.NDArray[np.float32]
    ) -> tuple[Floats, Floats]:
        """Return what openTSNE is given of some media and others."""
        rows, others = unit_rows(train, self.normalise), unit_rows(tests, self.normalise)
        if len(train) >= _FEWEST and 0 < self.input_pca < rows.shape[1]:
            axes = principal_axes(rows, self.input_pca)
            rows, others = axes.scores(rows), axes.scores(others)
        return np.asarray(rows, np.float64), np.asarray(others, np.float64)

    def _phases(self, start: Floats | None) -> tuple[Phase, ...]:
        """Return the phases of the descent; a map that is there has its groups already."""
        first = Phase(self.early_exaggeration_iter, self.early_exaggeration, self.initial_momentum)
        second = Phase(self.n_iter, self.exaggeration, self.final_momentum, may_stop=True)
        return (first, second) if start is None else (second,)

    def _is_fast(self, n: int) -> bool:
        """Say whether the fast engine makes a map of n media."""
        if self.engine != "auto":
            return self.engine == "fast" and n >= _FEWEST
        only_there = (
            self.neighbours == "annoy"
            or self.gradient == "barnes-hut"
            or self.initialisation == "spectral"
            or self.metric == "manhattan"
            or self.dof != 1
        )
        return n >= _reference.FFT_FROM and not only_there

    def _fast(
        self,
        train: npt.NDArray[np.float32],
        tests: npt.NDArray[np.float32],
        n_threads: int,
        graph: NeighbourGraph | None = None,
        start: Floats | None = None,
        watch: Watch = unwatched,
    ) -> tuple[Floats, Floats]:
        """Map some media with the fast engine, and place others among them."""
        from wunderkammer.projections._fast import predicted_bytes
        from wunderkammer.projections.neighbours import nearest_graph

        refuse_not_finite(train)
        refuse_not_finite(tests)
        n, perplexity = len(train), self._perplexity_for(len(train))
        k = min(n - 1, max(1, int(3 * perplexity)))
        watch("predicted_bytes", predicted_bytes(n, train.shape[1], k))
        rows = np.asarray(unit_rows(train, self._scaled), np.float32)
        if graph is None or graph.k < k or not self.n_neighbours(n):
            graph = nearest_graph(rows, k, seed=self.seed, n_threads=n_threads)
            watch("neighbour_recall", graph.recall)
        engine = self._engine(perplexity, n_threads, watch, start)
        points = engine.mapped(graph, self._start(rows, None) if start is None else start)
        refuse_flown_apart(points)
        if not len(tests):
            return points, np.empty((0, 2))
        others = np.asarray(unit_rows(tests, self._scaled), np.float32)
        few = min(_PLACED_PERPLEXITY, max(1.0, (n - 1) / 3))
        return points, engine.placed(points, rows, others, few)

    @property
    def _scaled(self) -> bool:
        """Whether rows have length 1: then Euclidean neighbours are those by angle."""
        return self.normalise or self.metric == "cosine"

    def _engine(
        self, perplexity: float, n_threads: int, watch: Watch, start: Floats | None = None
    ) -> FastTsne:
        from wunderkammer.projections._fast import FastTsne

        return FastTsne(
            perplexity,
            self._phases(start),
            None if self.learning_rate == "auto" else self.learning_rate,
            self.max_step_norm,
            self.least_fall,
            n_threads,
            watch,
        )

    def _perplexity_for(self, n: int) -> float:
        """Return the perplexity for so many media, or say how many it needs."""
        if self.perplexity == "auto":
            return min(_DEFAULT_PERPLEXITY, (n - 1) / 3)
        needed = max(_FEWEST, math.ceil(3 * self.perplexity + 1))
        if n < needed:
            lower = f"Lower it to {(n - 1) // 3} or less, write" if n > _FEWEST else "Write"
            raise NotEnoughMediaError(
                f"embedding: perplexity {self.perplexity:g} needs at least {needed} media, and "
                f"{n} have features.",
                hint=f'{lower} perplexity = "auto", or get features of more media.',
            )
        return self.perplexity

    def _start(self, data: npt.NDArray[np.floating], affinities: Any) -> Floats:
        """Return starting points of a small spread; twins are parted by a seeded jitter."""
        from openTSNE import initialization

        draw = np.random.default_rng(self.seed)
        noise = draw.normal(size=(len(data), 2))
        if self.initialisation == "random":
            return noise * _INITIAL_SPREAD
        if self.initialisation == "pca":
            start = principal_scores(data, 2)
        else:
            start = np.asarray(
                initialization.spectral(
                    affinities.P, random_state=self.seed, add_jitter=False, tol=1e-4
                ),
                np.float64,
            )
        spread = start[:, 0].std()
        start = start / spread if spread > 0 else np.zeros_like(start)
        return (start + noise * _JITTER) * _INITIAL_SPREAD
