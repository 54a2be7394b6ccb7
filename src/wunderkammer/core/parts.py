"""Parts: the Parquet files that hold the rows of one stage or the records.

A finished group holds ``part-<shards>-<shard>.parquet``: rows sorted by
``media_id`` and cut by its leading bits, so the same rows make the same bytes
whatever order they came in. While a stage runs, each batch adds a
``part-new-<sequence>.parquet``; :meth:`Parts.compact` folds these in. A later
part wins over an earlier one, and a new one over a finished one, so a process
killed at any moment loses nothing that was committed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wunderkammer.core.ahead import ahead
from wunderkammer.core.sums import remove_noted, settle, written_noted

ROWS_PER_SHARD = 65_536
"""Rows in one finished part, about."""

_ROWS_PER_GROUP = 16_384
_MAX_SHARDS = 256
_FOLDED_BYTES = 2**26
_SAMPLE_ROWS = 1024
_OFTEN = 0.8


class Parts:
    """The parts in one folder.

    Parameters
    ----------
    folder : Path
        Such as ``columns/image``.
    schema : pyarrow.Schema
        Of every row; has ``media_id`` in 20 hexadecimal digits.
    """

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self.folder = folder
        self.schema = schema
        self._next: int | None = None

    def finished(self) -> list[Path]:
        """Return the finished parts that together hold all finished rows, in order.

        While rows are cut into another number of shards, or after a kill in the
        midst of that, parts of both cuts are there: those of a cut that is not
        complete do not count.
        """
        found = self._finished_of_any_cut()
        for one in reversed(found):
            n_shards = int(one.stem.split("-")[1])
            cut = [path for path in found if path.stem.split("-")[1] == one.stem.split("-")[1]]
            if len(cut) == n_shards:
                return cut
        return []

    def _finished_of_any_cut(self) -> list[Path]:
        return sorted(
            path
            for path in self.folder.glob("part-*.parquet")
            if not path.name.startswith("part-new-")
        )

    def fresh(self) -> list[Path]:
        """Return the parts that batches added since the last compaction, in order."""
        return sorted(self.folder.glob("part-new-*.parquet"))

    def append(self, rows: pa.Table) -> None:
        """Commit one batch of rows."""
        if self._next is None:
            present = self.fresh()
            self._next = int(present[-1].stem.rsplit("-", 1)[1]) + 1 if present else 0
        path = self.folder / f"part-new-{self._next:08d}.parquet"
        self._write(path, rows.cast(self.schema))
        self._next += 1

    def compact(self) -> None:
        """Fold the batches' parts into finished ones; do nothing if there are none."""
        fresh = self.fresh()
        if fresh:
            self._remove_all_but(self._fold(self.finished(), fresh))
            self._remove(fresh)
        settle(self.folder)

    def replace(self, rows: pa.Table) -> None:
        """Make these rows the only ones."""
        n_shards = shard_count(rows.num_rows)
        rows = rows.cast(self.schema).sort_by("media_id")
        written = set()
        for shard in range(n_shards):
            path = self._finished_path(n_shards, shard)
            self._write(path, rows.filter(_in_shard(rows["media_id"], n_shards, shard)))
            written.add(path)
        self._remove_all_but(written)
        self._remove(self.fresh())
        settle(self.folder)

    def replace_by_range(
        self, n_rows: int, rows_between: Callable[[str, str], Iterator[pa.Table]]
    ) -> None:
        """Make other rows the only ones, without holding more than two parts of them.

        Parameters
        ----------
        n_rows : int
            How many there are in all.
        rows_between : callable
            Takes two ids and returns the rows from the first up to, not
            including, the second: sorted by ``media_id``, none twice, in tables
            of any size. Called in threads, two at a time.
        """
        self._remove(self.fresh())
        n_shards = shard_count(n_rows)

        def write(shard: int) -> Path:
            path = self._finished_path(n_shards, shard)
            with written_noted(path) as temporary, ExitStack() as closing:
                writer = None
                for group in _in_groups(rows_between(*_bounds(n_shards, shard)), self.schema):
                    if writer is None:
                        writer = pq.ParquetWriter(temporary, self.schema, **_encoding(group))
                        closing.enter_context(writer)
                    writer.write_table(group, row_group_size=_ROWS_PER_GROUP)
            return path

        written = set()
        for path in ahead(write, range(n_shards)):
            written.add(path)
            pa.default_memory_pool().release_unused()
        self._remove_all_but(written)
        settle(self.folder)

    def drop(self, media: Collection[str], *, replaced: bool = False) -> None:
        """Drop the rows of some media, so that they are done again.

        Parameters
        ----------
        media : collection of str
            Where one was derived, the medium it was cut from is dropped, too.
        replaced : bool
            Drop all media of which others were derived.
        """
        paths = [*self.finished(), *self.fresh()]
        ids = pa.array(sorted(media), pa.string())
        names = pa.schema([self.schema.field(n) for n in ("media_id", "derivedFromMediaID")])
        for path in paths:
            for rows in groups_of(path, names):
                parents = rows.filter(pc.is_in(rows["media_id"], value_set=ids))[1]
                ids = pa.concat_arrays([ids, *parents.drop_null().chunks])
        for path in paths:
            rows = self._read([path])
            gone = pc.is_in(rows["media_id"], value_set=ids)
            if replaced:
                gone = pc.or_(gone, pc.equal(rows["status"], "replaced"))
            if pc.any(gone).as_py():
                self._write(path, rows.filter(pc.invert(gone)))
        settle(self.folder)

    def empty(self, path: Path) -> None:
        """Put a part without rows in the place of one that is gone: the others count on."""
        self._write(path, self.schema.empty_table())

    def _fold(self, old: list[Path], fresh: list[Path]) -> set[Path]:
        """Write finished parts from old and fresh ones; return their paths.

        Parts of batches mostly hold media that follow one another: a part is read for the
        shards that it reaches into, and for as many of them at once as memory allows.
        """
        reaches, n_media = self._reaches([*old, *fresh])
        n_shards = shard_count(n_media)
        at_once = max(1, int(n_shards * _FOLDED_BYTES / max(1, n_media * self._row_bytes(fresh))))
        written = set()
        for first in range(0, n_shards, at_once):
            shards = range(first, min(first + at_once, n_shards))
            low, high = _bounds(n_shards, first)[0], _bounds(n_shards, shards[-1])[1]
            files = [path for path, least, most in reaches if least < high and most >= low]
            rows = _last_of_each(self._read(files, between=(low, high))).sort_by("media_id")
            for shard in shards:
                path = self._finished_path(n_shards, shard)
                self._write(path, rows.filter(_in_shard(rows["media_id"], n_shards, shard)))
                written.add(path)
        return written

    def _reaches(self, files: list[Path]) -> tuple[list[tuple[Path, str, str]], int]:
        """Return each part that has rows, its first and last id; and how many media there are."""
        reaches, ids = [], []
        for path in files:
            found = self._read([path], columns=["media_id"])["media_id"]
            if len(found):
                least, most = pc.min_max(found).as_py().values()
                reaches.append((path, least, most))
                ids.append(found)
        every = pa.chunked_array([chunk for one in ids for chunk in one.chunks], pa.string())
        return reaches, pc.count_distinct(every).as_py()

    def _row_bytes(self, files: list[Path]) -> float:
        """Return how much memory a row takes, about."""
        sample = self._read(files[:1])
        return float(sample.nbytes / max(1, sample.num_rows))

    def _read(
        self,
        files: list[Path],
        *,
        columns: list[str] | None = None,
        between: tuple[str, str] | None = None,
    ) -> pa.Table:
        """Return rows in the order of the files, those of a range of ids if one is given."""
        names = columns or self.schema.names
        schema = pa.schema([self.schema.field(name) for name in names])
        found = [table for path in files for table in groups_of(path, schema, between)]
        return pa.concat_tables([schema.empty_table(), *found])

    def _finished_path(self, n_shards: int, shard: int) -> Path:
        return self.folder / f"part-{n_shards:03d}-{shard:03d}.parquet"

    def _write(self, path: Path, rows: pa.Table) -> None:
        with written_noted(path) as temporary:
            pq.write_table(rows, temporary, compression="zstd", row_group_size=_ROWS_PER_GROUP)

    def _remove_all_but(self, kept: set[Path]) -> None:
        self._remove([path for path in self._finished_of_any_cut() if path not in kept])

    def _remove(self, paths: list[Path]) -> None:
        if paths:
            remove_noted(self.folder, [path.name for path in paths])


def shard_count(n_rows: int) -> int:
    """Return how many finished parts hold ``n_rows``: a power of two up to 256.

    Examples
    --------
    >>> shard_count(0), shard_count(65_536), shard_count(65_537), shard_count(10**9)
    (1, 1, 2, 256)
    """
    n_shards = 1
    while n_shards < _MAX_SHARDS and n_shards * ROWS_PER_SHARD < n_rows:
        n_shards *= 2
    return n_shards


def _bounds(n_shards: int, shard: int) -> tuple[str, str]:
    """Return the half-open range of ids in a shard; 'g' is above every hex digit."""
    low = f"{shard * (_MAX_SHARDS // n_shards):02x}" if shard else ""
    high = f"{(shard + 1) * (_MAX_SHARDS // n_shards):02x}" if shard + 1 < n_shards else "g"
    return low, high


def _encoding(rows: pa.Table) -> dict[str, Any]:
    """Return how rows are written: dictionaries where they help, ranges of ids alone.

    Sorted by id, every group of rows holds every other value: ranges of these
    would tell nothing.
    """
    sample = rows.slice(0, _SAMPLE_ROWS)
    repeated = [
        name
        for name in rows.column_names
        if pc.count_distinct(sample[name]).as_py() <= _OFTEN * sample.num_rows
    ]
    return {
        "compression": "zstd",
        "use_dictionary": repeated,
        "write_statistics": ["media_id"],
    }


def _in_groups(tables: Iterator[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield rows as many at a time as a row group has, in one piece: the same bytes each time.

    At least one table comes, if without rows. Nothing is held longer than it is needed.
    """
    waiting: list[pa.Table] = []
    n_waiting = n_yielded = 0
    for table in tables:
        waiting.append(table.cast(schema))
        del table
        n_waiting += waiting[-1].num_rows
        while n_waiting >= _ROWS_PER_GROUP:
            n_waiting -= _ROWS_PER_GROUP
            yield _taken(waiting, _ROWS_PER_GROUP)
            n_yielded += 1
    if n_waiting or not n_yielded:
        yield _taken([*waiting, schema.empty_table()], n_waiting)


def _taken(waiting: list[pa.Table], n_rows: int) -> pa.Table:
    """Take so many rows from the front."""
    taken: list[pa.Table] = []
    while n_rows or not taken:
        first = waiting.pop(0)
        taken.append(first.slice(0, n_rows))
        if first.num_rows > n_rows:
            waiting.insert(0, first.slice(n_rows))
        n_rows -= taken[-1].num_rows
    return pa.concat_tables(taken).combine_chunks()


def groups_of(
    path: Path, schema: pa.Schema, between: tuple[str, str] | None = None
) -> Iterator[pa.Table]:
    """Yield the row groups of a part in a schema; columns that it has not are empty.

    Not by ``pyarrow.dataset``, whose import brings pandas with it: most of a second.
    """
    with pq.ParquetFile(path) as file:
        present = [name for name in schema.names if name in file.schema_arrow.names]
        for group in range(file.num_row_groups):
            if between is not None and _lies_beside(file.metadata.row_group(group), between):
                continue
            rows = file.read_row_group(group, columns=present)
            if between is not None:
                ids, (low, high) = rows["media_id"], between
                rows = rows.filter(pc.and_(pc.greater_equal(ids, low), pc.less(ids, high)))
            for place, field in enumerate(schema):
                if field.name not in present:
                    rows = rows.add_column(place, field, pa.nulls(len(rows), field.type))
            yield rows.select(schema.names).cast(schema)


def _lies_beside(group: pq.RowGroupMetaData, between: tuple[str, str]) -> bool:
    """Tell from its statistics whether no row of a group is in a range of ids."""
    for place in range(group.num_columns):
        column = group.column(place)
        if column.path_in_schema == "media_id" and column.is_stats_set:
            low, high = between
            return bool(column.statistics.max < low or column.statistics.min >= high)
    return False


def _in_shard(ids: pa.ChunkedArray, n_shards: int, shard: int) -> pa.ChunkedArray:
    low, high = _bounds(n_shards, shard)
    return pc.and_(pc.greater_equal(ids, low), pc.less(ids, high))


def _last_of_each(rows: pa.Table) -> pa.Table:
    """Keep the last row of each medium; rows come in the order of their parts."""
    numbers = pa.array(np.arange(rows.num_rows))
    numbered = pa.table({"media_id": rows["media_id"], "row": numbers})
    last = numbered.group_by("media_id").aggregate([("row", "max")])["row_max"]
    return rows.take(last)
