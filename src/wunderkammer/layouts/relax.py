"""Relax: the map as it is, sprites moved only as far as they must to be free."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.layouts import Layout, Placement, registry
from wunderkammer.layouts._assignment import assign, window_sweeps
from wunderkammer.layouts._fitting import Canonical, canonical, from_top_left, sprite_sizes

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_ELONGATED = 16.0
_SPILL = 0.25
_ROOMY = 1.2
_LOOSE = 1.2
_LEASH = 1.0
_MOST_SWEEPS = 40
_SETTLED = 1e-3

Floats = npt.NDArray[np.float64]


@registry.register
class Relax(Layout):
    """Keep the map's shape and each image's; part what overlaps, by the shortest way.

    Notes
    -----
    The map is scaled, both axes alike, until sprites can cover the asked share of
    its box. Each sprite then gets a cell of its own in a grid whose cells hold any
    of them: nothing overlaps, and dense regions have spread in one step, by nearly
    the shortest ways in sum of squares. From there sprites slide back towards
    their places by up to a side, sweep by sweep, as far as they stay free: the grid
    dissolves, ways only become shorter, and no sweep can make an overlap. (Without
    that leash, sprites flow past each other into dense regions: ways were up to 4 %
    shorter, and up to 7 % fewer neighbours were kept.) Everything is deterministic.
    """

    name: Literal["relax"] = "relax"
    version: Literal["1"] = "1"
    gap: float = Field(
        0.08, ge=0, le=2, description="Least distance between two sprites, in longest sides."
    )
    density: float = Field(
        0.5,
        gt=0,
        le=0.9,
        description="Share of the map's box that the sprites' cells take: low keeps the map's "
        "shape and leaves more empty ground, high brings sprites closer and moves them further.",
    )

    def place(
        self, embedding: Floats, aspects: Floats, records: pa.Table | None = None
    ) -> Placement:
        """Return sprites near their points, none over another.

        Sizes keep the images' aspects; longest sides are 1.
        """
        if not len(aspects):
            return Placement(np.empty((0, 2)), np.empty((0, 2)))
        return self.parted(canonical(embedding, aspects))

    def parted(self, given: Canonical) -> Placement:
        """Return sprites near their points, none over another, in the order of the input."""
        sizes = sprite_sizes(given.aspects)
        boxes = sizes + self.gap
        cell = boxes.max(axis=0)
        wanted = self._wanted(given, cell)
        places = _released(_in_cells(wanted, cell * _loosened(boxes, cell)), wanted, boxes)
        positions = from_top_left(places, sizes)
        return Placement(given.restored(positions), given.restored(sizes))

    def _wanted(self, given: Canonical, cell: Floats) -> Floats:
        """Return the points in atlas units; a line counts as a band of one sixteenth."""
        box = np.maximum(given.points.max(axis=0), 1.0 / _MOST_ELONGATED)
        if not given.points.any():
            box = np.ones(2)
        area = len(given.points) * cell.prod() / self.density
        return given.points * math.sqrt(area / box.prod())


def _loosened(boxes: Floats, cell: Floats) -> float:
    """Return the factor that gives sprites which fill their cells some room to slide."""
    filled = float(boxes.prod(axis=1).mean() / cell.prod())
    return math.sqrt(max(1.0, _LOOSE * filled))


def _in_cells(wanted: Floats, cell: Floats) -> Floats:
    """Return the centres of cells of their own near the wanted places, room around the map."""
    n = len(wanted)
    spill = 2 + math.ceil(_SPILL * math.sqrt(n))
    extent = np.ceil(wanted.max(axis=0) / cell).astype(np.int64) + 2 * spill
    extent = np.maximum(extent, np.ceil(_ROOMY * math.sqrt(n * cell.prod()) / cell) + 1)
    columns, rows = (int(side) for side in extent)
    shift = (np.array([columns, rows]) - wanted.max(axis=0) / cell) / 2
    cells = assign(
        wanted / cell + shift,
        columns,
        rows,
        cell_size=(float(cell[0]), float(cell[1])),
        n_window_sweeps=window_sweeps(n),
    )
    centres = np.column_stack([cells % columns, cells // columns]) + 0.5
    places: Floats = (centres - shift) * cell
    return places


def _released(places: Floats, wanted: Floats, boxes: Floats) -> Floats:
    """Return the places after sweeps of sliding towards the wanted ones, on a leash."""
    from wunderkammer.layouts._sliding import slide

    ways = wanted - places
    goals = places + ways * np.minimum(1.0, _LEASH / np.maximum(np.hypot(*ways.T), _LEASH))[:, None]
    # Neighbouring cells may touch; rounding must not make that an overlap at the start.
    halves = boxes / 2 * (1 - 1e-12)
    places, reach = np.ascontiguousarray(places), float(boxes.max())
    for _ in range(_MOST_SWEEPS):
        order = np.argsort(np.hypot(*(goals - places).T), kind="stable")
        if slide(places, goals, halves, order, reach) < _SETTLED * len(places):
            break
    return places
