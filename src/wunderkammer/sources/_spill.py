"""Rows put aside as Parquet, so that memory does not grow with a source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    import duckdb

_ROWS = 8_192
_PART_ROWS = 16_384
_WAITING_ROWS = 65_536
_RANGE_ROWS = 32_768
_RANGE_BITS = 15


class Spill:
    """Named heaps of rows below a scratch folder.

    Parameters
    ----------
    scratch : Path
        An empty folder.
    """

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._n_parts: Counter[str] = Counter()
        self._waiting: dict[str, list[pa.Table]] = {}
        self._n_waiting: Counter[str] = Counter()

    def put(self, heap: str, rows: pa.Table) -> None:
        """Add rows to a heap; they need not have the columns of earlier ones."""
        self._waiting.setdefault(heap, []).append(rows)
        self._n_waiting[heap] += rows.num_rows
        if self._n_waiting[heap] >= _PART_ROWS:
            self._write(heap)
        elif self._n_waiting.total() >= _WAITING_ROWS:
            self._write(self._n_waiting.most_common(1)[0][0])

    def _write(self, heap: str) -> None:
        waiting = self._waiting.pop(heap, [])
        self._n_waiting.pop(heap, None)
        if waiting:
            rows = pa.concat_tables(waiting, promote_options="default")
            path = self._path(heap, self._n_parts[heap])
            pq.write_table(rows, path, compression="lz4", write_statistics=False)
            self._n_parts[heap] += 1

    def _path(self, heap: str, number: int) -> Path:
        return self._scratch / f"{heap}-{number:06d}.parquet"

    def holds(self, heap: str) -> bool:
        """Return whether there are rows in a heap."""
        return heap in self._n_parts or heap in self._waiting

    def parts(self, heap: str, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """Yield the rows of a heap in the order they were put there."""
        self._write(heap)
        for number in range(self._n_parts[heap]):
            yield pq.read_table(self._path(heap, number), columns=columns)

    def columns(self, heap: str) -> list[str]:
        """Return the names of all columns that any rows of a heap have, first seen first."""
        self._write(heap)
        schemas = (pq.read_schema(self._path(heap, n)) for n in range(self._n_parts[heap]))
        return list(dict.fromkeys(name for schema in schemas for name in schema.names))

    def in_order(self, heap: str, key: str) -> Iterator[pa.Table]:
        """Yield the rows of a heap by a column of whole numbers below 2^31, equal ones together.

        Notes
        -----
        The numbers are cut into ranges of about as many rows each, the rows are
        sorted into these, and each range is then sorted in memory.
        """
        counts = np.zeros(1 << (31 - _RANGE_BITS), np.int64)
        for part in self.parts(heap, [key]):
            counts += np.bincount(part.column(key).to_numpy() >> _RANGE_BITS, minlength=len(counts))
        range_of = np.cumsum(counts) // _RANGE_ROWS
        for part in self.parts(heap):
            of_row = range_of[part.column(key).to_numpy() >> _RANGE_BITS]
            for number in np.unique(of_row):
                self.put(f"{heap}.{number}", part.filter(pa.array(of_row == number)))
        for number in np.unique(range_of):
            parts = list(self.parts(f"{heap}.{number}"))
            if parts:
                yield pa.concat_tables(parts, promote_options="default").sort_by(key)

    def connect(self, memory: str) -> duckdb.DuckDBPyConnection:
        """Return a connection to an SQL engine that sees each heap as a view of its name.

        Parameters
        ----------
        memory : str
            How much a query may hold before it goes to disk, such as ``"256MB"``.
        """
        import duckdb

        connection = duckdb.connect(":memory:")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET memory_limit = ?", [memory])
        connection.execute("SET threads = 2")
        connection.execute("SET temp_directory = ?", [str(self._scratch / "sort")])
        for heap in list(self._waiting):
            self._write(heap)
        for heap in self._n_parts:
            found = str(self._scratch / f"{heap}-*.parquet")
            connection.read_parquet(found, union_by_name=True).create_view(heap)
        return connection


@contextmanager
def lean_memory() -> Iterator[None]:
    """Let Arrow give memory back to the system at once, for as long as the block lasts.

    Its own allocators keep what they once had: a stream of small blocks then
    takes a hundred megabytes more.
    """
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def sliced(rows: pa.Table) -> Iterator[pa.Table]:
    """Yield a table some thousand rows at a time."""
    for start in range(0, rows.num_rows, _ROWS):
        yield rows.slice(start, _ROWS)


def one_a_key(rows: pa.Table, key: str, several: Sequence[str]) -> pa.Table:
    """Return rows that are sorted by a key, those of one key as one.

    In the columns ``several`` different values stand side by side, sorted; of
    the others the first row's is kept.
    """
    keys = rows.column(key).to_numpy()
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    ends = np.append(starts[1:], len(keys))
    runs = np.flatnonzero(ends - starts > 1)
    first = rows.take(pa.array(starts))
    if not len(runs):
        return first
    for name in several:
        cells, values = rows.column(name).to_pylist(), first.column(name).to_pylist()
        for run in runs:
            found = {one for one in cells[starts[run] : ends[run]] if one}
            values[run] = " | ".join(sorted(found)) or None
        at = first.column_names.index(name)
        first = first.set_column(at, name, pa.array(values, pa.string()))
    return first
