"""Timeline: a date or a number from left to right, like beside like from top to bottom."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.layouts import Mark, Placement, registry
from wunderkammer.layouts._appending import appended
from wunderkammer.layouts._columning import dealt, spans, stacked
from wunderkammer.layouts._fitting import Canonical, canonical, from_top_left
from wunderkammer.layouts._keeping import Keeping, Old, beside, settled
from wunderkammer.layouts._marking import ticks
from wunderkammer.layouts._reading import numbers, refuse_unknown
from wunderkammer.layouts._walling import with_band_below

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_WIDENED = 3.0
_WIDTHS_TRIED = 8
_SPANS_OF_COLUMNS = (1.0, 0.4, 0.15)
_FEWEST_SPANS = 12
_ROOM_BELOW = 0.1

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@registry.register
class Timeline(Keeping):
    """A date or any number from left to right; from top to bottom, like beside like.

    Notes
    -----
    The axis is cut into equal spans, such as years, each with the same number of
    columns of sprites: no sprite leaves its span. Up and down, sprites lie by their
    rank along the direction in which the embedding is widest; where a column is
    crowded, they are parted with the least sum of squared ways. Where full spans tower,
    there are more columns than the media need, or wider spans of several columns. Media
    that have no value lie in a band below. Media that are added later stand in the
    columns of their values where there is room, or in new ones. It is a StageError if no
    medium has a value.
    """

    name: Literal["timeline"] = "timeline"
    version: Literal["1"] = "1"
    column: str = Field(
        "year_from",
        min_length=1,
        description="Column that goes from left to right: numbers, or dates, which become years "
        "with a fraction.",
    )
    scale: Literal["linear", "even"] = Field(
        "linear",
        description="linear: equal spans of the axis are equally wide, and full years tower; even: "
        "all columns hold as many media, and full years are wide.",
    )
    step: float = Field(
        0.0,
        ge=0,
        description="Width of a span on a linear scale, in units of the column; 0: as narrow as "
        "fits, of 1, 2 and 5 times a power of ten.",
    )
    aspect: float = Field(
        2.0, gt=0, le=100, description="Width divided by height of the whole, about."
    )
    density: float = Field(
        0.6, gt=0, le=1, description="Share of the height that columns fill on average, about."
    )
    gap: float = Field(
        0.08, ge=0, le=2, description="Least distance between two sprites, in longest sides."
    )

    def reads(self) -> tuple[str, ...]:
        """Return the column of the axis."""
        return (self.column,)

    def _continued(
        self, given: Canonical, sizes: Floats, records: pa.Table | None, old: Old
    ) -> Floats | None:
        """Return old sprites where they were and new ones in the columns of their values."""
        values = self._values(given, records)
        known, boxes = np.isfinite(values), sizes + self.gap
        places, stays = old
        if not (stays & known).any():
            return None
        band = stays & ~known
        top = float((places[band, 1] - boxes[band, 1] / 2).min()) if band.any() else np.inf
        axis = _axes(given.points)[known, 0]
        aims = np.column_stack([_ranked(values[known]), _ranked(axis)])
        wanted = beside(aims, np.where(stays[:, None], places, 0.0)[known], stays[known])[:, 1]
        there = appended(values[known], wanted, boxes[known], places[known], stays[known], top)
        if there is None:
            return None
        placed = np.where((stays & ~known)[:, None], places, 0.0)
        placed[known] = there
        aims = np.where(known[:, None], np.nan, given.points)
        return settled(aims, sizes, self.gap, Old(placed, stays | known))

    def _anew(self, given: Canonical, sizes: Floats, records: pa.Table | None) -> Floats:
        values = self._values(given, records)
        known, axes = np.isfinite(values), _axes(given.points)
        columned = self._columned(values[known], axes[known], sizes[known])
        room = _ROOM_BELOW * float(np.ptp(columned[:, 1]))
        band = with_band_below(columned, sizes, given.points, known, self.gap, room)
        return from_top_left(band, sizes)

    def _values(self, given: Canonical, records: pa.Table | None) -> Floats:
        """Return what each medium has in the column, NaN where there is no number or date."""
        values = numbers(records, self.column, len(given.order))[given.order]
        refuse_unknown(np.isfinite(values), self.name, f"a number or date in '{self.column}'")
        return values

    def aims(self, embedding: Floats, records: pa.Table | None = None) -> Floats:
        """Return value (or its rank) and rank of similarity, each in its standard deviations."""
        given = canonical(embedding, np.ones(len(embedding)))
        found = np.empty((len(embedding), 2))
        found[:, 0] = numbers(records, self.column, len(embedding))
        known = np.isfinite(found[:, 0])
        ranked = np.full(len(found), np.nan)
        ranked[known[given.order]] = _ranked(_axes(given.points)[known[given.order], 0])
        found[given.order, 1] = ranked
        if not known.any():
            return found
        if self.scale == "even":
            found[known, 0] = _ranked(found[known, 0])
        spread = found[known].std(axis=0)
        return np.asarray(found / np.where(spread > 0, spread, 1.0))

    def marks(self, placement: Placement, records: pa.Table | None = None) -> list[Mark]:
        """Return an upright line for each round value, between the columns that it parts."""
        values = numbers(records, self.column, len(placement.positions))
        known = np.isfinite(values)
        return ticks(values[known], Placement(*(array[known] for array in placement)))

    def _columned(self, values: Floats, axes: Floats, sizes: Floats) -> Floats:
        """Return positions of sprites by their values and the two axes of the embedding."""
        boxes = sizes + self.gap
        pitch = float(boxes[:, 0].max())
        total = float(boxes[:, 1].sum())
        fewest = math.sqrt(total * self.aspect / pitch / self.density)
        if self.scale == "even":
            column = _evenly(values, axes, max(1, min(len(values), round(fewest))))
        else:
            span, n_each = self._cut(values, fewest, total / pitch)
            order = np.column_stack([values, axes[:, 1]])
            column = span * n_each + dealt(span, axes[:, 0], order, n_each)
        _, place = np.unique(column, return_inverse=True)
        tallest = float(np.bincount(place, boxes[:, 1]).max())
        height = max(tallest, total / (int(place.max()) + 1) / self.density)
        y = stacked(column, _ranked(axes[:, 0]) * height, boxes[:, 1])
        return np.column_stack([(column + 0.5) * pitch, y])

    def _cut(self, values: Floats, fewest: float, total: float) -> tuple[Indices, int]:
        """Return the span of each medium and the columns of each span.

        Of the narrowest spans, as many columns as bring the whole to its aspect: where
        full spans tower, more than ``fewest``, up to a limit beyond which the ground
        would be empty; then wider spans, each of more columns. ``total`` is the
        height of all sprites together, in widths of a column.
        """
        found: tuple[Indices, int] = (np.zeros(len(values), np.int64), 1)
        for n_columns, n_spans in _widths(fewest, len(values)):
            cut = spans(values, n_spans, self.step)
            span = cut.of(values)
            found = span, max(1, n_columns // cut.n_spans)
            _, counts = np.unique(span, return_counts=True)
            filled = max(counts.max(), counts.mean() / self.density)
            height = total * filled / len(values) / found[1]
            if cut.n_spans * found[1] >= height * self.aspect:
                break
        return found


def _widths(fewest: float, most: int) -> Iterator[tuple[int, int]]:
    """Yield columns and the most spans to try, those true to single values first."""
    for share in _SPANS_OF_COLUMNS:
        for factor in np.geomspace(1.0, _MOST_WIDENED, _WIDTHS_TRIED):
            n_columns = max(1, min(most, round(fewest * factor)))
            n_spans = round(n_columns * share)
            if share == 1 or n_spans >= _FEWEST_SPANS:
                yield n_columns, n_spans


def _evenly(values: Floats, axes: Floats, n_columns: int) -> Indices:
    """Return columns that hold equally many media, in the order of their values."""
    place = np.empty(len(values), np.int64)
    place[np.lexsort((axes[:, 0], axes[:, 1], values))] = np.arange(len(values))
    return place * n_columns // len(values)


def _axes(points: Floats) -> Floats:
    """Return the points along the direction of their widest spread, downwards, and across it."""
    centred = points - points.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    main = directions[:, 1] * (-1 if directions[1, 1] < 0 else 1)
    across = np.array([main[1], -main[0]])
    # rounded, so that what is equal stays equal whatever the order of sums
    return np.asarray(np.round(centred @ np.column_stack([main, across]), 9))


def _ranked(values: Floats) -> Floats:
    """Return the share of values below each, equals sharing their middle."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - counts / 2)[place] / max(1, len(values)))
