"""Media of a task: what can be shown of each, and its features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.files import TEMPORARY
from wunderkammer.core.groups import group_folder
from wunderkammer.core.stage import RowStage, Stage
from wunderkammer.core.table import Table, joins, literal, quoted
from wunderkammer.curation.lot import lot_ranks

_CAPTIONS = ("scientificName", "title", "original_file", "catalogNumber", "accessURI")
_FILES = ("original_file", "catalogNumber", "accessURI")
NAMED_BY = ("PageID", "identifier", "occurrenceID", "catalogNumber", "original_file", "accessURI")
"""Terms by which others name a medium, the most telling first."""
_SHOWN = ("thumbnail", "original", "content_path", "width", "height")
_CUT = ("cutout", "cutout_left", "cutout_top", "cutout_width", "cutout_height")
PROPOSED_BY = ("sharpness", "highlight", "duplicate_of")
"""Columns by which media are proposed before anything is labelled."""

Features = npt.NDArray[np.float32]


class MediaTable:
    """The media of a task, in the order of the lot.

    Parameters
    ----------
    rows : pyarrow.Table
        One row a medium, in that order, with ``id``.
    """

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows

    def __len__(self) -> int:
        """Return the number of media."""
        return int(self._rows.num_rows)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Their ids: the first is drawn first."""
        return tuple(self._rows["id"].to_pylist())

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The place of each medium in the lot."""
        return {one: place for place, one in enumerate(self.ids)}

    @property
    def columns(self) -> list[str]:
        """Names of the columns there are."""
        return list(self._rows.column_names)

    def row(self, media_id: str) -> Mapping[str, Any]:
        """Return all that is known of a medium, by column; ``cutouts`` lists its own part."""
        row: dict[str, Any] = self._rows.slice(self.place[media_id], 1).to_pylist()[0]
        part = {"id": media_id} | {name: row.get(name) for name in _CUT}
        row["cutouts"] = [part] if row.get("cutout") and row.get("cutout_width") else None
        return row

    def column(self, name: str) -> pa.ChunkedArray:
        """Return a column in the order of the lot; empty where there is none of that name."""
        if name in self._rows.column_names:
            return self._rows[name]
        return pa.chunked_array([pa.nulls(len(self))])

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """Return a column as float64, NaN where it is empty."""
        found = self.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False)
        return np.asarray(found, np.float64)

    def groups(self) -> list[str]:
        """Return what each medium shows: its specimen, or itself where that is not known."""
        specimens = self.column("specimen_id").to_pylist()
        return [one or own for one, own in zip(specimens, self.ids, strict=True)]


def read_media(collection: Collection, stage: Stage, seed: int, task: str) -> MediaTable:
    """Return the media that a stage sees and that can be shown.

    Parameters
    ----------
    collection : Collection
    stage : Stage
        The stage that sorts them.
    seed, task : int, str
        Of the lot.
    """
    table = collection.table()
    found = table.connection.sql(_media_sql(table, stage)).to_arrow_table()
    ranks = lot_ranks(found["id"].to_pylist(), seed, task)
    return MediaTable(found.take(pa.array(np.argsort(ranks))))


def _media_sql(table: Table, stage: Stage) -> str:
    """Return SQL for one row a medium."""
    epoch = table.epoch(stage)
    wanted = dict.fromkeys((*_CAPTIONS, *NAMED_BY, "specimen_id"))
    terms = [one for one in wanted if one in table.record_columns]
    of_records = table.cells(terms, stage)
    made = table.cells(
        [name for name in (*_SHOWN, *_CUT, *PROPOSED_BY) if _is_there(table, name, epoch)]
    )
    values = "".join(f", {cell.value} AS {quoted(cell.name)}" for cell in made)
    known = {cell.name: cell.value for cell in of_records}
    specimen = known.get("specimen_id", "NULL")
    names = "".join(f", {known[one]} AS {quoted(one)}" for one in NAMED_BY if one in known)
    if "thumbnail" not in {cell.name for cell in made}:
        return (
            f"SELECT u.id_{epoch} AS id, '' AS caption "  # noqa: S608
            f"FROM ({table.universe(stage)}) u WHERE false"
        )
    return (
        f"SELECT * FROM (SELECT u.id_{epoch} AS id, u.id_0 AS photograph, "  # noqa: S608 - quoted
        f"{_first(_CAPTIONS, known)} AS caption, {_first(_FILES, known)} AS file, "
        f"{specimen} AS specimen_id{names}{values} FROM ({table.universe(stage)}) u "
        f"{joins([*of_records, *made])}) WHERE thumbnail IS NOT NULL ORDER BY id"
    )


def _is_there(table: Table, name: str, epoch: int) -> bool:
    """Tell whether a stage writes a column of the media that there are at an epoch."""
    writer, _ = table.writer(name) or (None, None)
    if writer is None:
        return False
    derives = isinstance(writer, RowStage) and writer.derives
    return table.epoch(writer) + derives <= epoch


def _first(names: Sequence[str], known: Mapping[str, str]) -> str:
    """Return SQL for the first of some terms that a medium has."""
    values = [f"nullif({known[name]}, '')" for name in names if name in known]
    return f"coalesce({', '.join([*values, literal('')])})"


def stamp_of(collection: Collection) -> tuple[tuple[str, int], ...]:
    """Return what changes whenever a run changes records or rows: times of their folders.

    It decides only whether something is read again, never what a stage does.
    """
    folders = [collection.root / "records"]
    folders += [group_folder(collection.root, stage) for stage in collection.configuration.stages]
    return tuple(
        (folder.name, folder.stat().st_mtime_ns if folder.exists() else 0) for folder in folders
    )


class FeatureRows:
    """The features that a task's ensemble sees, read from the parts of their stage.

    Parameters
    ----------
    collection : Collection
    stage : Stage
        It makes the features.
    wanted : mapping of str to int
        The place of each medium that is asked for.

    Notes
    -----
    Rows that were made with other settings than those of now are left out.
    """

    def __init__(self, collection: Collection, stage: Stage, wanted: Mapping[str, int]) -> None:
        self._stage = stage
        self._wanted = wanted
        self._parts = collection.table().parts(stage)
        self._column = stage.writes()[0]

    def places(self) -> npt.NDArray[np.int64]:
        """Return the places of the media that have features, ascending.

        Raises
        ------
        NotEnoughMediaError
            If none has.
        """
        found = [places for places, _ in self._blocks([])]
        everything = np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)
        if not len(everything):
            raise NotEnoughMediaError(
                f"no medium has features of '{self._stage.group}' yet.",
                hint=f"Run 'wk run {self._stage.group}', and look at "
                f"'wk failures {self._stage.group}'.",
            )
        return everything

    def blocks(self) -> Iterator[tuple[npt.NDArray[np.int64], Features]]:
        """Yield places and features part by part; shapes (n,) and (n, n_features)."""
        name, length = self._column.name, self._column.length
        for places, rows in self._blocks([name]):
            values = rows[name].combine_chunks().flatten().to_numpy()
            yield places, np.asarray(values, np.float32).reshape(-1, length)

    def of(self, places: npt.NDArray[np.int64]) -> Features:
        """Return the features of some media, by their places; all must have some."""
        result = np.empty((len(places), self._column.length), np.float32)
        order = np.argsort(places)
        for found, features in self.blocks():
            at = np.searchsorted(places[order], found)
            hit = at < len(places)
            hit[hit] = places[order][at[hit]] == found[hit]
            result[order[at[hit]]] = features[hit]
        return result

    def _blocks(self, columns: list[str]) -> Iterator[tuple[npt.NDArray[np.int64], pa.Table]]:
        """Yield places and rows part by part; of rows that were made twice, the newer."""
        digest = self._stage.digest()
        fresh = list(reversed(self._parts.fresh()))
        seen: set[str] = set()
        for number, path in enumerate([*fresh, *self._parts.finished()]):
            if path.name.startswith(TEMPORARY):
                continue
            names = ["media_id", "status", "settings", *columns]
            rows = pq.read_table(path, columns=names)
            rows = rows.filter(
                pc.and_(pc.equal(rows["status"], "done"), pc.equal(rows["settings"], digest))
            )
            ids = rows["media_id"].to_pylist()
            keep = [one in self._wanted and one not in seen for one in ids]
            if number < len(fresh):
                seen.update(ids)
            kept = [one for one, is_kept in zip(ids, keep, strict=True) if is_kept]
            if kept:
                places = np.array([self._wanted[one] for one in kept], np.int64)
                yield places, rows.filter(pa.array(keep))
