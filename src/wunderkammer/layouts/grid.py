"""Grid: a wall of equal cells, like images near each other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, field_validator

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.layouts import registry
from wunderkammer.layouts._assignment import assign, window_sweeps
from wunderkammer.layouts._emptying import Rule, taken_cells
from wunderkammer.layouts._fitting import Canonical, from_top_left, stretched
from wunderkammer.layouts._keeping import Keeping, Old, beside
from wunderkammer.layouts._masking import Mask, is_file, mask_of

if TYPE_CHECKING:
    import pyarrow as pa

_ROUNDING = 1e-6

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@registry.register
class Grid(Keeping):
    """One cell for each medium, in rows and columns, neighbours on the map side by side.

    Notes
    -----
    The embedding is stretched to fill the grid, each axis by itself, and each
    point gets a cell of its own so that the sum of squared distances is nearly
    the least possible; cells are as large as the largest sprite. Media that are added
    later take empty cells, and those of new columns or rows at the end; the others keep
    theirs. Fewer cells than media are a ConfigurationError.
    """

    name: Literal["grid"] = "grid"
    version: Literal["1"] = "1"
    columns: int = Field(0, ge=0, description="Columns; 0: as many as the rows or aspect ask for.")
    rows: int = Field(0, ge=0, description="Rows; 0: as many as are needed.")
    aspect: float = Field(
        1.0,
        gt=0,
        le=100,
        description="Width divided by height of the whole wall, where columns or rows are 0.",
    )
    mask: str = Field(
        "",
        description="Shape of the wall: circle, hexagon, or a PNG file whose light part is filled; "
        "relative paths start at the collection's folder. Empty: a rectangle.",
    )
    empty: Rule = Field(
        "bottom",
        description="Where cells stay empty: at the end of the last rows (bottom), at the "
        "beginning of the first (top), at the edges, in the centre, even: all over, or spread: "
        "where the map is empty.",
    )
    spare: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Cells that are left empty for media that are added later, as a share of the "
        "media; best with empty = even.",
    )
    gap: float = Field(
        0.0, ge=0, le=2, description="Distance between cells, in longest sides; 0: a closed wall."
    )
    cell_aspect: float = Field(
        1.0, gt=0, le=20, description="Width divided by height of a cell; its longest side is 1."
    )
    fit: Literal["contain", "fill"] = Field(
        "contain",
        description="contain: the whole image in its cell; fill: the image fills its cell, "
        "cropped at the centre.",
    )

    @field_validator("mask")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value and not is_file(value):
            mask_of(value)
        return value

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return the file of the mask."""
        return {"mask": root / self.mask} if is_file(self.mask) else {}

    def within(self, root: Path) -> Self:
        """Return the layout with the mask's file looked for in a folder."""
        if not is_file(self.mask):
            return self
        return self.model_copy(update={"mask": str(root / self.mask)})

    def _continued(
        self, given: Canonical, sizes: Floats, records: pa.Table | None, old: Old
    ) -> Floats | None:
        pitch = self._pitch(given.longest[old.stays])
        return self._extended(given.points, sizes, old, pitch)

    def _anew(self, given: Canonical, sizes: Floats, records: pa.Table | None) -> Floats:
        walled = self._walled(given.points, self._pitch(given.longest))
        return from_top_left(walled, sizes)

    def _pitch(self, longest: Floats) -> Floats:
        """Return the distance between the middles of cells, across and down."""
        return np.asarray(self._cell() * (longest.max() if self.fit == "contain" else 1) + self.gap)

    def _cell(self) -> Floats:
        return np.array([min(1.0, self.cell_aspect), min(1.0, 1.0 / self.cell_aspect)])

    def _walled(self, points: Floats, pitch: Floats) -> Floats:
        """Return the middles of the cells of a wall that is laid out anew."""
        n = len(points)
        columns, rows = self.shape(n)
        usable = taken_cells(self._inside(columns, rows), n, self.empty)
        cells = _assigned(stretched(points, columns, rows), usable, pitch, window_sweeps(n))
        return (np.column_stack([cells % columns, cells // columns]) + 0.5) * pitch

    def _extended(self, points: Floats, sizes: Floats, old: Old, pitch: Floats) -> Floats | None:
        """Return the wall with new media in empty or added cells; None if it cannot be kept."""
        stays, scaled = old.stays, old.places / pitch
        corner = (scaled[stays][0] + 0.5) % 1 - 0.5
        corner = corner + np.rint((scaled[stays] - corner).min(axis=0))
        cells = np.rint(scaled - corner)
        off = np.abs(scaled - corner - cells)[stays].max()
        if off > _ROUNDING or (sizes + self.gap > pitch + _ROUNDING).any():
            return None
        columns, rows = self._room(cells[stays], len(points), pitch)
        inside = self._inside(columns, rows)
        held = cells[stays].astype(np.int64)
        if inside.sum() < len(points) or not inside[held[:, 1], held[:, 0]].all():
            return None
        inside[held[:, 1], held[:, 0]] = False
        found = np.where(stays[:, None], old.places, 0.0)
        if not stays.all():
            wanted = beside(points, found / pitch - corner + 0.5, stays)[~stays]
            taken = _assigned(wanted, inside, pitch, window_sweeps(len(wanted)))
            found[~stays] = (np.column_stack([taken % columns, taken // columns]) + corner) * pitch
        return found

    def _room(self, cells: Floats, n_media: int, pitch: Floats) -> tuple[int, int]:
        """Return columns and rows that hold the old cells and all media."""
        columns, rows = (int(last) + 1 for last in cells.max(axis=0))
        if self.mask or (self.columns and self.rows):
            return self.shape(n_media)
        columns, rows = max(columns, self.columns), max(rows, self.rows)
        while columns * rows < n_media:
            flat = columns * pitch[0] >= rows * pitch[1] * self.aspect
            if self.columns or (flat and not self.rows):
                rows += 1
            else:
                columns += 1
        return columns, rows

    def _mask(self) -> Mask | None:
        return mask_of(self.mask) if self.mask else None

    def _inside(self, columns: int, rows: int) -> Flags:
        """Return the cells that there are, shape (rows, columns)."""
        mask = self._mask()
        return np.ones((rows, columns), bool) if mask is None else mask.cells(columns, rows)

    def shape(self, n_media: int) -> tuple[int, int]:
        """Return columns and rows of the wall for so many media.

        Examples
        --------
        >>> Grid().shape(1000)
        (32, 32)
        >>> Grid(columns=25).shape(1000)
        (25, 40)
        >>> Grid(aspect=2).shape(7)
        (4, 2)
        """
        columns, rows = self.columns, self.rows
        n_cells = n_media + int(n_media * self.spare)
        if columns and rows:
            n_inside = int(self._inside(columns, rows).sum())
            if n_inside < n_media:
                raise ConfigurationError(
                    f"layout: {columns} columns x {rows} rows hold {n_inside:,} media, "
                    f"and there are {n_media:,}.",
                    hint=f"With {columns} columns, {-(-n_media * rows // max(1, n_inside))} rows "
                    "are needed; rows = 0 takes as many as are needed.",
                )
            return columns, rows
        mask = self._mask()
        if mask is not None:
            return self._masked_shape(n_cells, mask)
        if columns or rows:
            other = -(-n_cells // (columns or rows))
            return (columns, other) if columns else (other, rows)
        return self._nearest_shape(n_cells)

    def _masked_shape(self, n_cells: int, mask: Mask) -> tuple[int, int]:
        """Return the least shape, of the mask's aspect, with so many cells inside."""
        wide, high = self._cell()
        target = self.aspect * mask.aspect * (high + self.gap) / (wide + self.gap)
        columns = self.columns or max(1, math.floor(math.sqrt(n_cells * target)))
        rows = self.rows or max(1, round(columns / target))
        while mask.cells(columns, rows).sum() < n_cells:
            if self.columns:
                rows += 1
            elif self.rows:
                columns += 1
            else:
                columns += 1
                rows = max(1, round(columns / target))
        return columns, rows

    def _nearest_shape(self, n_media: int) -> tuple[int, int]:
        """Weigh the share of empty cells against the distance from the asked aspect."""
        wide, high = self._cell()
        target = self.aspect * (high + self.gap) / (wide + self.gap)
        ideal = math.sqrt(n_media * target)

        def cost(columns: int) -> tuple[float, int]:
            rows = -(-n_media // columns)
            n_empty = columns * rows - n_media
            return n_empty / n_media + abs(math.log(columns / rows / target)), columns

        low, high_end = max(1, math.floor(ideal / 1.5)), min(n_media, math.ceil(ideal * 1.5))
        columns = min(range(min(low, n_media), max(high_end, 1) + 1), key=cost)
        return columns, -(-n_media // columns)

    def _sizes(self, given: Canonical) -> Floats:
        cell = self._cell()
        if self.fit == "fill":
            return np.tile(cell, (len(given.aspects), 1))
        width = np.minimum(cell[0], cell[1] * given.aspects) * given.longest
        return np.column_stack([width, width / given.aspects])


def _assigned(points: Floats, usable: Flags, pitch: Floats, n_sweeps: int) -> Indices:
    rows, columns = usable.shape
    size = (float(pitch[0]), float(pitch[1]))
    usable_or_all = None if usable.all() else usable
    return assign(
        points, columns, rows, cell_size=size, usable=usable_or_all, n_window_sweeps=n_sweeps
    )
