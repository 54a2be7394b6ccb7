"""openTSNE, the reference: its descent, and new media on a finished map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.one_thread import one_thread
from wunderkammer.projections import Watch
from wunderkammer.projections._phases import LOOK_EVERY, Phase

if TYPE_CHECKING:
    from wunderkammer.projections.tsne import Tsne

FFT_FROM = 10_000
_EXACT_UP_TO = 20_000
_ALONE_UP_TO = 2_000
"""Points whose gradient one thread has before two have met, most of all on a busy machine."""

_PLACED_PERPLEXITY = 5.0
"""Neighbours that a new point attends to: few, or it is drawn to the middle (Poličar 2023)."""

Floats = npt.NDArray[np.float64]


@contextmanager
def linear_algebra_alone() -> Iterator[None]:
    """Let linear algebra work on one thread while a block runs."""
    import openTSNE  # noqa: F401  its BLAS must be loaded before it can be limited

    with one_thread("blas"):
        yield


def affinities(tsne: Tsne, rows: Floats, perplexity: float, n_threads: int) -> Any:
    """Find neighbours on one thread, then turn distances into similarities."""
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import Annoy, Sklearn

    exact = tsne.neighbours == "exact" or (tsne.neighbours == "auto" and len(rows) <= _EXACT_UP_TO)
    index = (Sklearn if exact else Annoy)(
        rows,
        min(len(rows) - 1, int(3 * perplexity)),
        metric=tsne.metric,
        n_jobs=1,
        random_state=tsne.seed,
    )
    return PerplexityBasedNN(perplexity=perplexity, knn_index=index, n_jobs=n_threads)


def embedding(tsne: Tsne, points: Floats, affinities: Any, n_threads: int) -> Any:
    """Return an embedding that stands at some points."""
    from openTSNE import TSNEEmbedding

    fft = tsne.gradient == "fft" or (tsne.gradient == "auto" and len(points) >= FFT_FROM)
    alone = fft or len(points) <= _ALONE_UP_TO
    return TSNEEmbedding(
        points,
        affinities,
        dof=tsne.dof,
        theta=tsne.theta,
        n_interpolation_points=tsne.n_interpolation_points,
        min_num_intervals=tsne.min_num_intervals,
        ints_in_interval=tsne.ints_in_interval,
        negative_gradient_method="fft" if fft else "bh",
        learning_rate=tsne.learning_rate,
        max_step_norm=tsne.max_step_norm,
        n_jobs=1 if alone else n_threads,
        random_state=tsne.seed,
    )


def descend(begun: Any, phases: Sequence[Phase], watch: Watch) -> Any:
    """Run the phases of the descent; tell iterations and divergence every 50."""
    n_before = 0
    for phase in phases:

        def look(n_done: int, divergence: float, _: Any, n_before: int = n_before) -> None:
            watch("n_iterations", n_before + n_done)
            watch("kl_divergence", divergence)

        begun = begun.optimize(
            n_iter=phase.n_iter,
            exaggeration=phase.exaggeration,
            momentum=phase.momentum,
            callbacks=[look],
            callbacks_every_iters=LOOK_EVERY,
        )
        n_before += phase.n_iter
    return begun


def placed(finished: Any, tests: Floats) -> Floats:
    """Return where new rows fall on a map, seen from its middle."""
    if not len(tests):
        return np.empty((0, 2))
    n = len(finished)
    found = np.array(finished.transform(tests, perplexity=min(_PLACED_PERPLEXITY, (n - 1) / 3)))
    # the FFT gradient moves the whole map meanwhile: its middle is asked for afterwards
    return np.asarray(found - np.asarray(finished, np.float64).mean(axis=0))
