"""Embedding Atlas: a table with places on the map and nearest neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from wunderkammer.core.arrays import open_graph
from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.core.whole import gather
from wunderkammer.exports import tables
from wunderkammer.exports.formats import Format, registry
from wunderkammer.exports.selection import HERE, Chosen

FILE = "media.parquet"
X, Y, NEIGHBOURS, IMAGE = "projection_x", "projection_y", "neighbors", "image"
_THUMBNAIL = "thumbnail"


@registry.register
class EmbeddingAtlasFormat(Format):
    """A table that Embedding Atlas opens: places on the map, neighbours, pictures, all columns.

    Licence, rights holder, creator and credit stand in every row. Open it with

    embedding-atlas media.parquet --x projection_x --y projection_y --neighbors neighbors
    """

    name: Literal["embedding-atlas"] = "embedding-atlas"
    version: Literal["1"] = "1"
    single: ClassVar[Mapping[str, str]] = {".parquet": FILE}
    examples: ClassVar[tuple[str, ...]] = ("--to moths.parquet", "--to moths.parquet --images")
    places: str = Field(
        "embedding",
        description="Which places: those of the embedding, or 'layout', or either with a label, "
        "such as layout/grid.",
    )
    images: bool = Field(default=False, description="Put the thumbnails into the table.")

    def write(self, chosen: Chosen, folder: Path) -> Mapping[str, int]:
        """Write ``media.parquet``."""
        stage = chosen.collection.configuration.stage(self.places)
        x, y = f"{stage.group}/x", f"{stage.group}/y"
        if x not in chosen.columns:
            raise StageError(
                f"'{stage.group}' gives no places.", hint="Name 'embedding' or 'layout'."
            )
        columns = [one for one in chosen.columns if one not in {x, y, *HERE}]
        found = list(self._placed(chosen, [x, y, *columns]))
        n_rows = sum(table.num_rows for table in found)
        if not n_rows:
            raise NotEnoughMediaError("no medium has a place.", hint=f"Run 'wk run {stage.name}'.")
        ids = [one for table in found for one in table["media_id"].to_pylist()]
        near = _Near(chosen, ids)
        written = tables.write_parquet(
            folder / FILE, (self._finished(one, near, chosen, x, y) for one in found)
        )
        return {"rows": written, "with neighbours": near.n_found}

    def _placed(self, chosen: Chosen, columns: list[str]) -> Iterator[pa.Table]:
        """Yield the rows that have a place."""
        for table in tables.tables(chosen, columns):
            yield table.filter(pc.is_valid(table[columns[0]]))

    def _finished(self, table: pa.Table, near: _Near, chosen: Chosen, x: str, y: str) -> pa.Table:
        """Return rows as the program reads them; y goes up there, down here."""
        places = {X: table[x], Y: pc.negate(table[y])}
        others = {name: table[name] for name in table.column_names if name not in {x, y}}
        ids = table["media_id"].to_pylist()
        found = {**others, **places}
        if near.there:
            found[NEIGHBOURS] = near.of(ids)
        if self.images and _THUMBNAIL in table.column_names:
            root = chosen.collection.root
            cells = table[_THUMBNAIL].to_pylist()
            contents = [{"bytes": (root / one).read_bytes()} if one else None for one in cells]
            found[IMAGE] = pa.array(contents, pa.struct([("bytes", pa.binary())]))
        return pa.table(found)


class _Near:
    """The neighbours of media as numbers of rows of the table."""

    def __init__(self, chosen: Chosen, ids: list[str]) -> None:
        self._row = {one: row for row, one in enumerate(ids)}
        self._graph = _graph(chosen)
        self.there = self._graph is not None
        self.n_found = 0

    def of(self, ids: list[str]) -> pa.Array:
        """Return ids and distances of the neighbours that are in the table too."""
        assert self._graph is not None
        places, all_ids, indices, distances = self._graph
        cells: list[dict[str, Any]] = []
        for one in ids:
            place = places.get(one)
            near: list[tuple[int, float]] = []
            if place is not None:
                pairs = zip(indices[place].tolist(), distances[place].tolist(), strict=True)
                rows = ((self._row.get(all_ids[other]), far) for other, far in pairs)
                near = [(row, far) for row, far in rows if row is not None]
            self.n_found += bool(near)
            cells.append({"ids": [row for row, _ in near], "distances": [far for _, far in near]})
        kind = pa.struct([("ids", pa.list_(pa.int64())), ("distances", pa.list_(pa.float64()))])
        return pa.array(cells, kind)


_Graph = tuple[dict[str, int], list[str], npt.NDArray[np.int64], npt.NDArray[np.float64]]


def _graph(chosen: Chosen) -> _Graph | None:
    """Return what the stage neighbours found; None where it is not there or has not run."""
    collection = chosen.collection
    stages = [one for one in collection.configuration.stages if one.name == "neighbours"]
    if not stages or not collection.table().state(stages[0]):
        return None
    folder = collection.artifacts(stages[0].group)
    stage: Any = stages[0]
    ids = gather(collection.table(), stage).ids
    indices, distances = open_graph(folder / "indices.npy", folder / "distances.npy")
    return {one: place for place, one in enumerate(ids)}, ids, indices, distances
