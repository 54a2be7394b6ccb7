"""Relax: the map as it is, sprites moved only as far as they must to be free."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.layouts import registry
from wunderkammer.layouts._fitting import Canonical, from_top_left
from wunderkammer.layouts._keeping import Keeping, Old, settled
from wunderkammer.layouts._quartering import Cells, cells_for, in_cells, loosened

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_ELONGATED = 16.0
_LEASH, _LONG_LEASH = 1.0, 2.0
_MOST_SWEEPS = 40
_SETTLED = 1e-3

_FEWEST_TO_SPARE = 20

Floats = npt.NDArray[np.float64]


@registry.register
class Relax(Keeping):
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

    Sprites of other sizes get cells of half the side, of a quarter, and so on; they fill
    these less, and may slide further. A few
    places are kept free all over the map, more where there are more sprites, so that
    new media find room beside those that are like them while no old one moves.
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
    spare: float = Field(
        0.03,
        ge=0,
        le=1,
        description="Places that are left free among the sprites for media that are added later, "
        "as a share of the media.",
    )

    def _continued(
        self, given: Canonical, sizes: Floats, records: pa.Table | None, old: Old
    ) -> Floats:
        return settled(given.points, sizes, self.gap, old)

    def _anew(self, given: Canonical, sizes: Floats, records: pa.Table | None) -> Floats:
        return self.parted(given)

    def parted(self, given: Canonical) -> Floats:
        """Return places near the points, none of the sprites over another, shape (n, 2)."""
        sizes = given.sizes()
        boxes, points = self._with_spare(sizes + self.gap, given.points)
        cells = cells_for(boxes)
        factor = loosened(boxes, cells)
        wanted = self._wanted(points, cells)
        loose = Cells(cells.largest * factor, cells.level)
        leash = _LONG_LEASH * float(cells.largest.max()) if cells.level.any() else _LEASH
        places = in_cells(wanted, loose)
        places = _released(places, _on_leash(places, wanted, leash), boxes)
        if len(places) > len(sizes):
            boxes, places, wanted = (all_of[: len(sizes)] for all_of in (boxes, places, wanted))
            places = _released(places, _nearly_there(places, wanted), boxes)
        return from_top_left(places, sizes)

    def _with_spare(self, boxes: Floats, points: Floats) -> tuple[Floats, Floats]:
        """Return boxes and points with those of the free places after them."""
        n_spare = int(len(points) * self.spare)
        if len(points) < _FEWEST_TO_SPARE or not n_spare:
            return boxes, points
        # in the order of x: as crowded as the map, wherever it is
        beside = points[np.arange(n_spare) * len(points) // n_spare]
        box = np.full((n_spare, 2), np.median(boxes.max(axis=1)))
        return np.vstack([boxes, box]), np.vstack([points, beside])

    def _wanted(self, points: Floats, cells: Cells) -> Floats:
        """Return the points in atlas units; a line counts as a band of one sixteenth."""
        box = np.maximum(points.max(axis=0), 1.0 / _MOST_ELONGATED)
        if not points.any():
            box = np.ones(2)
        return points * math.sqrt(cells.area() / self.density / box.prod())


def _on_leash(places: Floats, wanted: Floats, leash: float) -> Floats:
    """Return the wanted places, or as far on the ways to them as the leash reaches."""
    ways = wanted - places
    return np.asarray(places + ways * (leash / np.maximum(np.hypot(*ways.T), leash))[:, None])


def _nearly_there(places: Floats, wanted: Floats) -> Floats:
    """Return the wanted places where they are near: a free one may have been in the way."""
    near = np.hypot(*(wanted - places).T) < _LEASH
    return np.where(near[:, None], wanted, places)


def _released(places: Floats, goals: Floats, boxes: Floats) -> Floats:
    """Return the places after sweeps of sliding towards the goals."""
    from wunderkammer.layouts._sliding import Register, slide

    # Neighbouring cells may touch; rounding must not make that an overlap at the start.
    halves = boxes / 2 * (1 - 1e-12)
    places = np.ascontiguousarray(places)
    register = Register.of(places, goals, boxes)
    for _ in range(_MOST_SWEEPS):
        order = np.argsort(np.hypot(*(goals - places).T), kind="stable")
        if slide(places, goals, halves, order, register) < _SETTLED * len(places):
            break
    return places
