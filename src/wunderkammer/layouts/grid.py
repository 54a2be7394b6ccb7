"""Grid: a wall of equal cells, like images near each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.layouts import Layout, Placement, registry
from wunderkammer.layouts._assignment import assign, window_sweeps
from wunderkammer.layouts._fitting import canonical, from_top_left, stretched

if TYPE_CHECKING:
    import pyarrow as pa

Floats = npt.NDArray[np.float64]


@registry.register
class Grid(Layout):
    """One cell for each medium, in rows and columns, neighbours on the map side by side.

    Notes
    -----
    The embedding is stretched to fill the grid, each axis by itself, and each
    point gets a cell of its own so that the sum of squared distances is nearly
    the least possible.
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
    empty: Literal["bottom", "spread"] = Field(
        "bottom",
        description="Where cells stay empty: at the end of the last rows, or where the map is "
        "empty.",
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

    def place(
        self, embedding: Floats, aspects: Floats, records: pa.Table | None = None
    ) -> Placement:
        """Return one cell for each medium.

        Raises
        ------
        ConfigurationError
            If there are fewer cells than media.
        """
        if not len(aspects):
            return Placement(np.empty((0, 2)), np.empty((0, 2)))
        given = canonical(embedding, aspects)
        cell = np.array([min(1.0, self.cell_aspect), min(1.0, 1.0 / self.cell_aspect)])
        pitch = cell + self.gap
        columns, rows = self.shape(len(aspects))
        cells = assign(
            stretched(given.points, columns, rows),
            columns,
            rows,
            cell_size=(float(pitch[0]), float(pitch[1])),
            usable=self._usable(len(aspects), columns, rows),
            n_window_sweeps=window_sweeps(len(aspects)),
        )
        positions = (np.column_stack([cells % columns, cells // columns]) + 0.5) * pitch
        sizes = self._sizes(given.aspects, cell)
        positions = from_top_left(positions, sizes)
        return Placement(given.restored(positions), given.restored(sizes))

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
        if columns and rows:
            if columns * rows < n_media:
                raise ConfigurationError(
                    f"layout: {columns} columns x {rows} rows hold {columns * rows:,} media, "
                    f"and there are {n_media:,}.",
                    hint=f"With {columns} columns, {-(-n_media // columns)} rows are needed; "
                    "rows = 0 takes as many as are needed.",
                )
            return columns, rows
        if columns or rows:
            other = -(-n_media // (columns or rows))
            return (columns, other) if columns else (other, rows)
        return self._nearest_shape(n_media)

    def _nearest_shape(self, n_media: int) -> tuple[int, int]:
        """Weigh the share of empty cells against the distance from the asked aspect."""
        wide, high = min(1.0, self.cell_aspect), min(1.0, 1.0 / self.cell_aspect)
        target = self.aspect * (high + self.gap) / (wide + self.gap)
        ideal = math.sqrt(n_media * target)

        def cost(columns: int) -> tuple[float, int]:
            rows = -(-n_media // columns)
            n_empty = columns * rows - n_media
            return n_empty / n_media + abs(math.log(columns / rows / target)), columns

        low, high_end = max(1, math.floor(ideal / 1.5)), min(n_media, math.ceil(ideal * 1.5))
        columns = min(range(min(low, n_media), max(high_end, 1) + 1), key=cost)
        return columns, -(-n_media // columns)

    def _usable(self, n_media: int, columns: int, rows: int) -> npt.NDArray[np.bool_] | None:
        """Return the cells that may be taken, or None for all of them."""
        if self.empty == "spread":
            return None
        return (np.arange(columns * rows) < n_media).reshape(rows, columns)

    def _sizes(self, aspects: Floats, cell: Floats) -> Floats:
        if self.fit == "fill":
            return np.tile(cell, (len(aspects), 1))
        width = np.minimum(cell[0], cell[1] * aspects)
        return np.column_stack([width, width / aspects])
