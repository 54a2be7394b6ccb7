"""How the record stage runs: keep what can be used, explain the rest."""

from __future__ import annotations

import shutil
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wunderkammer.core.ahead import ahead
from wunderkammer.core.digests import SourceDigest
from wunderkammer.core.errors import RecordError, SourceError
from wunderkammer.core.files import TEMPORARY
from wunderkammer.core.groups import REJECTED, group_folder
from wunderkammer.core.parts import Parts
from wunderkammer.core.plan import records_key
from wunderkammer.core.provenance import StageRun
from wunderkammer.core.spill import Spill, sort_by_bucket
from wunderkammer.core.stage import RecordStage, Rejection
from wunderkammer.core.sums import settle, write_noted_json, written_noted

_SCHEMA = pa.schema([(name, pa.string()) for name in ("where", "error", "message", "hint")])
_FIRST = ("media_id", "specimen_id")
_NUMBER = "row:number"
_WAITING_ROWS = 8_192
_GROUP_ROWS = 16_384
_BUCKETS = ["", *(f"{n:02x}" for n in range(1, 256))]
_COARSE, _COARSE_ROWS = 2, 4_000_000
"""Up to so many records, two buckets are one: fewer pieces are faster."""


def run_records(root: Path, stage: RecordStage, run: StageRun) -> None:
    """Read the source and make its records the collection's.

    Raises
    ------
    SourceError
        If it cannot be read, or holds no row that can be used; the records that
        were there are kept.
    """
    memory = SourceDigest(root)
    files = stage.input_files(root)
    digests = memory.of_files(files.values())
    key = records_key(stage, memory.of(stage))
    scratch = root / "cache" / f"{TEMPORARY}records"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        with _Rejected(scratch / REJECTED) as rejected:
            records = _spilled(stage.records(root, digests), scratch, rejected)
            if not records.columns:
                raise _nothing_usable(stage, rejected)
            parts = Parts(root / "records", records.schema())
            parts.replace_by_range(records.n_media(), records.between)
            rejected.add(records.duplicates())
        with written_noted(group_folder(root, stage) / REJECTED) as temporary:
            shutil.move(scratch / REJECTED, temporary)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    n_records = sum(pq.read_metadata(path).num_rows for path in (root / "records").glob("part-*"))
    run.n_done, run.n_failed, run.key = n_records, rejected.n_rows, key
    write_noted_json(
        group_folder(root, stage) / "stage.json",
        {
            "stage": stage.name,
            "version": stage.version,
            "settings": stage.settings(),
            "settings_digest": stage.digest(),
            "key": key,
            "n_records": n_records,
            "n_rejected": rejected.n_rows,
        },
    )
    settle(group_folder(root, stage))


def _spilled(
    batches: Iterable[pa.Table | Sequence[Mapping[str, str]] | Sequence[Rejection]],
    scratch: Path,
    rejected: _Rejected,
) -> _Records:
    """Put the records of batches aside, and the rejections."""
    with _Records(scratch / "records") as records:
        for batch in batches:
            if isinstance(batch, pa.Table):
                records.add(batch)
                continue
            rejected.add([one for one in batch if isinstance(one, Rejection)])
            rows = [one for one in batch if not isinstance(one, Rejection)]
            if rows:
                names = sorted({name for row in rows for name in row})
                cells = {n: pa.array([row.get(n) for row in rows], pa.string()) for n in names}
                records.add(pa.table(cells))
    return records


class _Records:
    """Records put aside by the beginning of their ids."""

    def __init__(self, folder: Path) -> None:
        self._spill = Spill(folder)
        self._thread = ThreadPoolExecutor(1)
        self._writing: Future[None] | None = None
        self._waiting: list[pa.Table] = []
        self._names: dict[str, None] = {}
        self._filled: set[str] = set()
        self._duplicates: list[str] = []
        self.n_rows = 0

    def __enter__(self) -> Self:
        """Take records until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """End writing."""
        try:
            self._flush()
            self._settle()
        finally:
            self._thread.shutdown()
            self._spill.finish()
            pa.default_memory_pool().release_unused()

    @property
    def columns(self) -> list[str]:
        """All columns with a value, ids first."""
        rest = sorted(self._filled - set(_FIRST))
        return [*_FIRST, *rest] if self._filled else []

    def schema(self) -> pa.Schema:
        """Return all columns, as text."""
        return pa.schema([(name, pa.string()) for name in self.columns])

    def add(self, table: pa.Table) -> None:
        """Put records aside, earlier ones first."""
        for name in table.column_names:
            if name not in self._filled and table[name].null_count < table.num_rows:
                self._filled.add(name)
        numbers = pa.array(np.arange(self.n_rows, self.n_rows + table.num_rows))
        self._names |= dict.fromkeys(table.column_names)
        missing = pa.nulls(table.num_rows, pa.string())
        cells = {
            name: table[name].cast(pa.string()) if name in table.column_names else missing
            for name in self._names  # they only grow: few schemas, each a file that is open
        }
        self._waiting.append(pa.table(cells | {_NUMBER: numbers}))
        self.n_rows += table.num_rows
        if sum(one.num_rows for one in self._waiting) >= _WAITING_ROWS:
            self._flush()

    def n_media(self) -> int:
        """Return how many different ids there are."""

        def count(bucket: int) -> int:
            found = self._spill.read(range(bucket, bucket + _COARSE), column="media_id")
            ids = pa.chunked_array([rows.column(0) for _, rows in found], pa.string())
            return int(pc.count_distinct(ids).as_py())

        n_media = sum(ahead(count, range(0, len(_BUCKETS), _COARSE)))
        pa.default_memory_pool().release_unused()
        return n_media

    def between(self, low: str, high: str) -> Iterator[pa.Table]:
        """Yield the records whose ids lie in a range, in order; the first of each id."""
        first, end = bisect_right(_BUCKETS, low) - 1, bisect_left(_BUCKETS, high)
        step = _COARSE if self.n_rows <= _COARSE_ROWS and (end - first) % _COARSE == 0 else 1
        for bucket in range(first, end, step):
            yield from self._sorted(range(bucket, bucket + step), *_bounds(bucket, step))

    def _sorted(self, buckets: range, low: str, high: str) -> Iterator[pa.Table]:
        """Yield the records of some buckets in order."""
        wanted = {*buckets, buckets[0] - buckets[0] % _COARSE}
        pieces = [pa.Table.from_batches([rows]) for _, rows in self._spill.read(sorted(wanted))]
        if not pieces:
            return
        table = pa.concat_tables(pieces, promote_options="default")
        del pieces
        ids = table["media_id"]
        within = pc.and_(pc.greater_equal(ids, low), pc.less(ids, high))
        if not pc.all(within).as_py():
            table = table.filter(within)
        order = pc.sort_indices(table, [("media_id", "ascending"), (_NUMBER, "ascending")])
        ids = table["media_id"].take(order).combine_chunks()
        again = np.zeros(len(ids), bool)
        again[1:] = pc.equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
        if again.any():
            self._duplicates += ids.filter(pa.array(again)).to_pylist()
            order = order.filter(pa.array(~again))
        missing = pa.nulls(len(order), pa.string())
        held = {name: table[name] for name in self.columns if name in table.column_names}
        del table
        yield pa.table(
            {n: (held.pop(n).take(order) if n in held else missing) for n in self.columns}
        )

    def duplicates(self) -> list[Rejection]:
        """Return a rejection for each record whose medium an earlier row describes."""
        return [
            Rejection(
                f"medium {media_id}",
                RecordError(
                    "two rows describe this medium; the first is kept.",
                    hint="Give each image its own identifier in the source.",
                ),
            )
            for media_id in sorted(self._duplicates)
        ]

    def _flush(self) -> None:
        """Sort what waits by bucket and write it, in a thread."""
        self._settle()
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            is_coarse = self.n_rows <= _COARSE_ROWS
            self._writing = self._thread.submit(self._write, waiting, is_coarse)

    def _settle(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def _write(self, waiting: Sequence[pa.Table], is_coarse: bool) -> None:
        kinds = dict.fromkeys(tuple(table.column_names) for table in waiting)
        for kind in kinds:
            alike = [table for table in waiting if tuple(table.column_names) == kind]
            table = alike[0] if len(alike) == 1 else pa.concat_tables(alike)
            bucket = _buckets(table["media_id"])
            bucket -= bucket % (_COARSE if is_coarse else 1)
            for rows in table.combine_chunks().to_batches():
                self._spill.add(sort_by_bucket(rows, bucket))


def _bounds(bucket: int, n: int) -> tuple[str, str]:
    """Return where some buckets begin and end; 'g' is above every hex digit."""
    return _BUCKETS[bucket], _BUCKETS[bucket + n] if bucket + n < len(_BUCKETS) else "g"


def _buckets(ids: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Return in which 256th of all ids each lies."""
    begins = pc.utf8_slice_codeunits(ids.combine_chunks(), 0, 2).dictionary_encode()
    bucket = [bisect_right(_BUCKETS, begin) - 1 for begin in begins.dictionary.to_pylist()]
    return np.asarray(np.array(bucket, np.int64)[begins.indices.to_numpy()], np.int64)


class _Rejected:
    """The file of rows that are no records, written as they come."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, _SCHEMA)
        self._waiting: list[Rejection] = []
        self.first: Rejection | None = None
        self.n_rows = 0

    def __enter__(self) -> Self:
        """Take rows until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Write the rest and close the file."""
        self._write()
        self._writer.close()

    def add(self, rejections: Sequence[Rejection]) -> None:
        """Write rows and their reasons."""
        if rejections and self.first is None:
            self.first = rejections[0]
        self.n_rows += len(rejections)
        self._waiting += rejections
        if len(self._waiting) >= _GROUP_ROWS:
            self._write()

    def _write(self) -> None:
        rows = [
            {
                "where": one.where,
                "error": type(one.error).__name__,
                "message": one.error.message,
                "hint": one.error.hint,
            }
            for one in self._waiting
        ]
        self._waiting = []
        if rows:
            self._writer.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA))


def _nothing_usable(stage: RecordStage, rejected: _Rejected) -> SourceError:
    first = rejected.first
    if first is None:
        return SourceError(
            f"{stage.group}: the source holds no rows.",
            hint="Look at what [ingest.source] in collection.toml names.",
        )
    n = rejected.n_rows
    what = f"none of {n:,} rows can be used. The first" if n > 1 else "the only row cannot be used"
    return SourceError(
        f"{stage.group}: {what}, {first.where}: {first.error.message}",
        hint=first.error.hint,
    )
