"""The fast engine of t-SNE: known neighbours, single precision, bounded memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.projections import Watch, neighbours
from wunderkammer.projections._compiling import Parts, compiled
from wunderkammer.projections._descending import Descent
from wunderkammer.projections._field import Field, Fields
from wunderkammer.projections._phases import Phase
from wunderkammer.projections._similarities import joint_similarities, similarities
from wunderkammer.projections.neighbours import NeighbourGraph, nearest_of

_N_PLACING = 100
_PLACING_STEP = 0.5
_PLACING_MOMENTUM = 0.8
_LONGEST_PLACING = 0.5

Singles = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


def predicted_bytes(n: int, n_features: int, k: int) -> int:
    """Return the memory that a map of n media takes at its peak, beside the features.

    Examples
    --------
    >>> round(predicted_bytes(1_000_000, 128, 90) / 1e9, 1)
    4.6
    """
    joining = 4 * n * n_features + 45 * n * k
    return max(neighbours.predicted_bytes(n, n_features, k), joining) + 64 * n


@dataclass(frozen=True, slots=True)
class FastTsne:
    """A map by way of known neighbours.

    Attributes
    ----------
    perplexity : float
    phases : sequence of Phase
    learning_rate : float or None
    max_step_norm : float
    least_fall : float
    n_threads : int
    watch : callable
    """

    perplexity: float
    phases: Sequence[Phase]
    learning_rate: float | None
    max_step_norm: float
    least_fall: float
    n_threads: int
    watch: Watch

    def mapped(self, graph: NeighbourGraph, start: Floats) -> Floats:
        """Return the map, (n, 2), whose middle is the origin."""
        parts = Parts(len(start), self.n_threads)
        try:
            joint = joint_similarities(graph, self.perplexity, parts)
        finally:
            parts.close()
        descent = Descent(
            self.phases, self.learning_rate, self.max_step_norm, self.least_fall, self.watch
        )
        points = np.asarray(descent.run(joint, start, self.n_threads).points, np.float64)
        return np.asarray(points - points.mean(axis=0))

    def placed(
        self,
        points: Floats,
        rows: npt.NDArray[np.floating],
        others: npt.NDArray[np.floating],
        perplexity: float,
    ) -> Floats:
        """Return where other rows fall on a finished map; each alone, the map stays.

        They start at the weighted mean of their neighbours, and lower their own divergence.
        """
        k = min(len(rows), max(1, int(3 * perplexity)))
        nearest, distances = nearest_of(rows, others, k, n_threads=self.n_threads)
        parts, whole = Parts(len(others), self.n_threads), Parts(len(points), self.n_threads)
        try:
            weights = similarities(distances, perplexity, parts)
            fixed = points.astype(np.float32)
            field = Fields(self.n_threads).of(fixed, whole)
            found = np.einsum("nk,nkd->nd", weights, fixed[nearest]).astype(np.float32)
            _place(found, fixed, nearest, weights, field, parts)
        finally:
            parts.close()
            whole.close()
        return np.asarray(found, np.float64)


def _place(
    found: Singles,
    fixed: Singles,
    nearest: npt.NDArray[np.int32],
    weights: Singles,
    field: Field,
    parts: Parts,
) -> None:
    """Move new points down, in place."""
    push = np.empty((len(found), 3), np.float32)
    speed = np.zeros_like(found)
    for _ in range(_N_PLACING):
        field.at(found, push, parts, own=False)
        parts.each(
            lambda _, first, last: _settle(found, fixed, nearest, weights, push, speed, first, last)
        )


@compiled
def _settle(
    found: Singles,
    fixed: Singles,
    nearest: npt.NDArray[np.int32],
    weights: Singles,
    push: Singles,
    speed: Singles,
    first: int,
    last: int,
) -> None:
    """Move each new point a step: drawn by its neighbours, pushed by the whole map."""
    for row in range(first, last):
        slope_x = -push[row, 0] / max(push[row, 2], 1e-12)
        slope_y = -push[row, 1] / max(push[row, 2], 1e-12)
        for place in range(nearest.shape[1]):
            dx = found[row, 0] - fixed[nearest[row, place], 0]
            dy = found[row, 1] - fixed[nearest[row, place], 1]
            drawn = weights[row, place] / (1 + dx * dx + dy * dy)
            slope_x += drawn * dx
            slope_y += drawn * dy
        speed[row, 0] = _PLACING_MOMENTUM * speed[row, 0] - _PLACING_STEP * slope_x
        speed[row, 1] = _PLACING_MOMENTUM * speed[row, 1] - _PLACING_STEP * slope_y
        length = np.sqrt(speed[row, 0] ** 2 + speed[row, 1] ** 2)
        if length > _LONGEST_PLACING:
            speed[row, 0] *= _LONGEST_PLACING / length
            speed[row, 1] *= _LONGEST_PLACING / length
        found[row, 0] += speed[row, 0]
        found[row, 1] += speed[row, 1]
