"""The descent of t-SNE: attraction along neighbours, repulsion through a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.projections import Watch
from wunderkammer.projections._compiling import Parts, compiled
from wunderkammer.projections._edges import Edges, order_on_map
from wunderkammer.projections._field import Fields
from wunderkammer.projections._phases import LOOK_EVERY, Phase

_LEAST_GAIN = 0.01
_LEAST_KERNELS = 1e-9

Singles = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Descended:
    """What a descent came to.

    Attributes
    ----------
    points : ndarray of float32, shape (n, 2)
    divergences : list of tuple of int and float
        Iterations done, and the Kullback-Leibler divergence then.
    """

    points: Singles
    divergences: list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Descent:
    """How points go down.

    Attributes
    ----------
    phases : sequence of Phase
    learning_rate : float or None
        None: points divided by exaggeration (Belkina et al. 2019).
    max_step_norm : float
    least_fall : float
        Share of the divergence that must fall in 50 iterations, or a phase may stop.
    watch : callable
        Is told iterations and divergence every 50 iterations.
    """

    phases: Sequence[Phase]
    learning_rate: float | None
    max_step_norm: float
    least_fall: float
    watch: Watch

    def run(self, similarities: Any, start: Floats, n_threads: int) -> Descended:
        """Return where points come to rest.

        Parameters
        ----------
        similarities : scipy.sparse.csr_array of float32, shape (n, n)
            They sum to 1, and are used up.
        start : ndarray of float64, shape (n, 2)
        n_threads : int
            They do not change the result.
        """
        state = _State(similarities, start, n_threads)
        seen: list[tuple[int, float]] = []
        n_done = 0
        try:
            for phase in self.phases:
                state.rest()
                first = len(seen)
                for turn in range(1, phase.n_iter + 1):
                    n_done += 1
                    look = turn % LOOK_EVERY == 0 or turn == phase.n_iter
                    divergence = state.step(phase, self, look=look)
                    if not look:
                        continue
                    seen.append((n_done, divergence))
                    self.watch("n_iterations", n_done)
                    self.watch("kl_divergence", divergence)
                    if phase.may_stop and self._rests(seen[first:]):
                        break
        finally:
            state.parts.close()
        return Descended(state.found(), seen)

    def _rests(self, seen: Sequence[tuple[int, float]]) -> bool:
        """Say whether the divergence has as good as stopped to fall."""
        if len(seen) < 2:
            return False
        before, now = seen[-2][1], seen[-1][1]
        return before - now < self.least_fall * abs(before)


@compiled
def _pull(
    points: Singles,
    places: npt.NDArray[np.integer],
    columns: npt.NDArray[np.integer],
    weights: Singles,
    first: int,
    last: int,
    pull: Singles,
) -> None:
    """Write how far its neighbours draw each point."""
    for row in range(first, last):
        x, y = points[row, 0], points[row, 1]
        pull_x = pull_y = np.float32(0)
        for place in range(places[row], places[row + 1]):
            column = columns[place]
            dx, dy = x - points[column, 0], y - points[column, 1]
            drawn = weights[place] / (np.float32(1) + dx * dx + dy * dy)
            pull_x += drawn * dx
            pull_y += drawn * dy
        pull[row, 0] = pull_x
        pull[row, 1] = pull_y


@compiled
def _stretch(
    points: Singles,
    places: npt.NDArray[np.integer],
    columns: npt.NDArray[np.integer],
    weights: Singles,
    first: int,
    last: int,
) -> float:
    """Return the sum of p log(1 + d²) over the neighbours of some rows."""
    total = 0.0
    for row in range(first, last):
        x, y = points[row, 0], points[row, 1]
        for place in range(places[row], places[row + 1]):
            dx, dy = x - points[columns[place], 0], y - points[columns[place], 1]
            total += weights[place] * np.log(np.float32(1) + dx * dx + dy * dy)
    return total


@compiled
def _unchanging(weights: Singles, first: int, last: int) -> float:
    """Return the sum of p log p over some neighbours: it is the same all the way down."""
    total = 0.0
    for place in range(first, last):
        if weights[place] > 0:
            total += weights[place] * np.log(weights[place])
    return total


@compiled
def _move(
    points: Singles,
    pull: Singles,
    push: Singles,
    speed: Singles,
    gains: Singles,
    numbers: Floats,
    first: int,
    last: int,
) -> tuple[float, float]:
    """Take a step with momentum and gains of its own for each axis; return the sum of places."""
    exaggeration, kernels, rate, momentum, longest = numbers
    sum_x = sum_y = 0.0
    for row in range(first, last):
        for axis in range(2):
            slope = 4 * (exaggeration * pull[row, axis] - push[row, axis] / kernels)
            gain = gains[row, axis]
            gain = gain + 0.2 if (slope > 0) != (speed[row, axis] > 0) else gain * 0.8
            gain = max(gain, _LEAST_GAIN)
            gains[row, axis] = gain
            speed[row, axis] = momentum * speed[row, axis] - rate * gain * slope
        length = np.sqrt(speed[row, 0] ** 2 + speed[row, 1] ** 2)
        if length > longest:
            speed[row, 0] *= longest / length
            speed[row, 1] *= longest / length
        points[row, 0] += speed[row, 0]
        points[row, 1] += speed[row, 1]
        sum_x += points[row, 0]
        sum_y += points[row, 1]
    return sum_x, sum_y


class _State:
    """Points on their way, in an order of their own that follows the map."""

    def __init__(self, similarities: Any, start: Floats, n_threads: int) -> None:
        self.points = np.ascontiguousarray(start, np.float32)
        self.edges = Edges(similarities)
        self.parts = Parts(len(start), n_threads)
        self.fields = Fields(n_threads)
        self.pull = np.empty_like(self.points)
        self.push = np.empty((len(start), 3), np.float32)
        self._rows = np.arange(len(start))
        self._unchanging = _unchanging(self.edges.weights, 0, len(self.edges.weights))
        self.rest()
        self._follow()

    def rest(self) -> None:
        """Forget speeds and gains, as a phase begins."""
        self.speed, self.gains = np.zeros_like(self.points), np.ones_like(self.points)

    def found(self) -> Singles:
        """Return the points in the order in which they were given."""
        points = np.empty_like(self.points)
        points[self._rows] = self.points
        return points

    def step(self, phase: Phase, descent: Descent, *, look: bool) -> float:
        """Move all points once; return the divergence before, if it is looked at."""
        n = len(self.points)
        field = self.fields.of(self.points, self.parts)
        kernels = max(field.at(self.points, self.push, self.parts, own=True), _LEAST_KERNELS)
        edges = self.edges.arrays
        self.parts.each(lambda _, first, last: _pull(self.points, *edges, first, last, self.pull))
        divergence = float("nan")
        if look:
            sums = self.parts.each(
                lambda _, first, last: _stretch(self.points, *edges, first, last)
            )
            divergence = float(self._unchanging + np.sum(sums) + np.log(kernels))
        rate = descent.learning_rate or n / phase.exaggeration
        numbers = np.array(
            [phase.exaggeration, kernels, rate, phase.momentum, descent.max_step_norm]
        )
        sums_of_places = self.parts.each(
            lambda _, first, last: _move(
                self.points, self.pull, self.push, self.speed, self.gains, numbers, first, last
            )
        )
        middle = (np.sum(sums_of_places, axis=0) / n).astype(np.float32)
        for axis, value in enumerate(middle):
            self.points[:, axis] -= value
        if look:
            self._follow()
        return divergence

    def _follow(self) -> None:
        """Put the points into the order in which they lie on the map now."""
        order = order_on_map(self.points)
        self.edges.reorder(order, self.parts)
        for name in ("points", "speed", "gains", "_rows"):
            setattr(self, name, getattr(self, name)[order])
