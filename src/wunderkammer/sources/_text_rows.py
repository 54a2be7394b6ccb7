"""The rows of a delimited text, put aside by the id they carry, read back by the column."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mode

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.core.ahead import ahead
from wunderkammer.core.errors import RecordError
from wunderkammer.core.spill import Sorted, Spill, sort_by_bucket
from wunderkammer.sources._blocks import Block, line_ends, parse, read_blocks
from wunderkammer.sources._cells import blank_to_null, buckets_of, stripped, whole
from wunderkammer.sources._delimited import BadRow, Dialect, Row, read_rows
from wunderkammer.sources._tabular import checked, no_such_column
from wunderkammer.sources._texts import SPECIMEN_TERMS, TextColumn, TextTable

ID, PLACE = ":id", ":place"
"""Columns of every table read back: the specimen's id, and file and row as one number."""

_CODES = ("institutionCode", "collectionCode", "catalogNumber")
_BUCKET_BYTES = 16 << 20
_MANY_BUCKETS = 512
_UNKNOWN_BUCKETS = 128
_FILE_BITS = 40
_MENDED = Dialect("utf-8", ",", '"', "\n")
_PLAIN, _SLOW = "plain", "slow"

Reject = Callable[[int, RecordError], None]


@dataclass(frozen=True, slots=True)
class _Shape:
    """How wide the rows of one file are: as needed, in the header, mostly."""

    file: int
    needed: int
    header: int
    usual: int


@dataclass(frozen=True, slots=True)
class _Cut:
    """What a block gave: good rows by bucket, and bad ones with their places."""

    parts: list[tuple[str, Sorted]]
    bad: list[tuple[int, RecordError]]


class SpilledText:
    """A text whose rows lie on disk in buckets: all rows of one id in the same.

    Parameters
    ----------
    text : TextTable
    first_file : int
        Number of its first file; numbers make the order of places.
    is_core : bool
        Whether other columns stand in for a missing id.
    spill : Spill
        Its own.
    n_buckets : int
        The same for all texts that are joined.
    """

    def __init__(
        self, text: TextTable, first_file: int, spill: Spill, n_buckets: int, *, is_core: bool
    ) -> None:
        self.text = text
        self.first_file = first_file
        self._is_core = is_core
        self._spill = spill
        self._n_buckets = n_buckets
        self._shapes: dict[int, _Shape] = {}
        self._dialect = Dialect(
            "utf-8", text.dialect.delimiter, text.dialect.quote, text.dialect.terminator
        )

    def write(self, reject: Reject) -> None:
        """Read the text, put its rows aside and reject those whose cells stand wrong."""
        for cut in ahead(lambda job: self._cut(*job), self._jobs(), n_waiting=2):
            for kind, part in cut.parts:
                self._spill.add(part, kind)
            for place, error in cut.bad:
                reject(place, error)
        self._spill.finish()

    def where(self, place: int) -> str:
        """Return what a row is called in messages."""
        return f"{self.file_name(place)}, row {place & ((1 << _FILE_BITS) - 1)}"

    def file_name(self, place: int) -> str:
        """Return the name of the file that a row stands in."""
        return self.text.files[(place >> _FILE_BITS) - self.first_file][0]

    def holds(self, place: int) -> bool:
        """Return whether a place is one of this text."""
        return 0 <= (place >> _FILE_BITS) - self.first_file < len(self.text.files)

    def read(self, bucket: int, n_bytes: int) -> Iterator[pa.Table]:
        """Yield the rows of a bucket in order, so many bytes of text at a time, about.

        Tables have the text's columns, :data:`ID` (stripped, never null) and
        :data:`PLACE`; ``prepare`` has been at work. A row's place is above that
        of all rows of earlier tables.
        """
        run: list[tuple[str, pa.RecordBatch]] = []
        n_held, last = 0, -1
        for kind, rows in self._spill.read([bucket]):
            places = rows.column("place")
            if n_held >= n_bytes and places[0].as_py() > last:
                yield self._table(run)
                n_held = 0
            run.append((kind, rows))
            n_held += rows.nbytes
            last = max(last, places[-1].as_py())
        if run:
            yield self._table(run)

    def buckets(self) -> list[int]:
        """Return the buckets that have rows."""
        return self._spill.buckets()

    def empty(self) -> pa.Table:
        """Return a table without rows, of the columns that :meth:`read` gives."""
        columns = {column.name: pa.nulls(0, pa.string()) for column in self.text.columns}
        table = pa.table(columns | {ID: pa.nulls(0, pa.string()), PLACE: pa.nulls(0, pa.int64())})
        return self.text.prepare(table) if self.text.prepare else table

    def _jobs(self) -> Iterator[tuple[Block, _Shape]]:
        for file, (name, opener) in enumerate(self.text.files, start=self.first_file):
            shape = None
            with opener() as stream:
                for block in read_blocks(
                    stream, self.text.dialect, n_header_lines=self.text.n_header_lines
                ):
                    shape = shape or self._shape(file, name, block.rows)
                    self._shapes[file] = shape
                    yield block, shape

    def _shape(self, file: int, name: str, rows: Sequence[Row | BadRow]) -> _Shape:
        """Return the shape of a file from its first rows."""
        needed, header, widths = self.text.width, 0, []
        for row in rows:
            n = len(row.cells) if isinstance(row, Row) else 0
            if row.number > self.text.n_header_lines:
                widths.append(n)
                continue
            header = max(header, n)
            if row.number == self.text.n_header_lines and 0 < header < needed:
                raise no_such_column(name, needed, header)
        return _Shape(file, needed, header, max(needed, mode(widths) if widths else header))

    def _cut(self, block: Block, shape: _Shape) -> _Cut:
        """Check a block's rows and sort them by bucket."""
        block = block.checked(self.text.dialect)
        if not block.raw:
            rows = [row for row in block.rows if row.number > self.text.n_header_lines]
            return self._cut_rows(rows, shape)
        ends = line_ends(block.raw, self._dialect)
        raw = pa.py_buffer(block.raw)
        beyond = range(shape.header, shape.usual) if shape.header >= shape.needed else range(0)
        parsed = parse(raw, self._dialect, shape.usual, [*self._id_columns(), *beyond])
        starts = np.concatenate([[0], ends[:-1]])
        odd = np.zeros(block.n_rows, bool)
        odd[parsed.odd] = True
        even = np.flatnonzero(~odd)
        good = ~_blank(block.raw, starts[even], ends[even])
        for n in beyond:
            good &= ~_filled(parsed.cells[str(n)])
        odd[even[~good]] = True
        ids = self._ids(parsed.cells, len(even)).filter(pa.array(good))
        numbers = even[good]
        lines = pa.Array.from_buffers(
            pa.binary(),
            block.n_rows,
            [None, pa.py_buffer(np.append(starts, ends[-1]).astype(np.int32)), raw],
        )
        places = (shape.file << _FILE_BITS) + block.first_row + numbers
        part = self._sorted(places, ids, lines.take(pa.array(numbers)))
        rows = list(self._odd_rows(block, np.flatnonzero(odd), starts, ends))
        rest = self._cut_rows(rows, shape)
        return _Cut([(f"{_PLAIN} {shape.file}", part), *rest.parts], rest.bad)

    def _odd_rows(
        self,
        block: Block,
        odd: npt.NDArray[np.int64],
        starts: npt.NDArray[np.int64],
        ends: npt.NDArray[np.int64],
    ) -> Iterator[Row | BadRow]:
        for n in odd.tolist():
            stream = io.BytesIO(block.raw[starts[n] : ends[n]])
            for row in read_rows(stream, self._dialect):
                assert isinstance(row, Row)
                yield Row(block.first_row + n, row.cells)

    def _cut_rows(self, rows: Sequence[Row | BadRow], shape: _Shape) -> _Cut:
        """Do what :meth:`_cut` does with rows that were read one by one."""
        file = shape.file << _FILE_BITS
        good: list[Row] = []
        bad = []
        for row in rows:
            found = checked(row, shape.needed, shape.header)
            if isinstance(found, BadRow):
                bad.append((file + row.number, found.error))
            else:
                good.append(found)
        if not good:
            return _Cut([], bad)
        lines = [_written(row.cells[: shape.needed]) for row in good]
        cells = pa.table(
            {
                str(n): pa.array([row.cells[n] or None for row in good], pa.string())
                for n in self._id_columns()
            }
        )
        places = np.array([file + row.number for row in good], np.int64)
        part = self._sorted(places, self._ids(cells, len(good)), pa.array(lines, pa.binary()))
        return _Cut([(f"{_SLOW} {shape.file}", part)], bad)

    def _sorted(self, places: npt.NDArray[np.int64], ids: pa.Array, lines: pa.Array) -> Sorted:
        rows = pa.record_batch({"place": pa.array(places, pa.int64()), "line": lines})
        return sort_by_bucket(rows, buckets_of(ids, self._n_buckets))

    def _id_columns(self) -> list[int]:
        """Return the places of the cells that ids are made of."""
        own = {self.text.id_index} if self.text.id_index is not None else set()
        if self._is_core:
            others = {*SPECIMEN_TERMS, *_CODES}
            own |= {c.index for c in self.text.columns if c.name in others and c.index is not None}
        return sorted(own)

    def _ids(self, cells: pa.Table, n: int) -> pa.Array:
        """Return the id of each of ``n`` rows, empty text where it has none."""
        ids = pa.nulls(n, pa.string())
        if self.text.id_index is not None:
            ids = stripped(whole(cells[str(self.text.id_index)]))
        if self._is_core and ids.null_count:
            columns = {column.name: column for column in self.text.columns}
            terms = {
                name: stripped(_values(columns[name], cells, n))
                for name in (*SPECIMEN_TERMS, *_CODES)
                if name in columns
            }
            ids = pc.coalesce(ids, *(terms[name] for name in SPECIMEN_TERMS if name in terms))
            if "catalogNumber" in terms and ids.null_count:
                codes = [terms[name] for name in _CODES if name in terms]
                numbered = pc.and_(pc.is_null(ids), pc.is_valid(terms["catalogNumber"]))
                ids = pc.if_else(numbered, _joined(codes), ids)
        return ids.fill_null("")

    def _table(self, run: list[tuple[str, pa.RecordBatch]]) -> pa.Table:
        """Return rows by the column, in order; the list is emptied, for their text is as large."""
        by_kind: dict[str, list[pa.RecordBatch]] = {}
        for kind, rows in run:
            by_kind.setdefault(kind, []).append(rows)
        run.clear()
        tables = [self._of_kind(kind, some) for kind, some in by_kind.items()]
        table = pa.concat_tables(tables).combine_chunks() if len(tables) > 1 else tables[0]
        if len(tables) > 1:
            table = table.sort_by(PLACE)
        return self.text.prepare(table) if self.text.prepare else table

    def _of_kind(self, kind: str, run: list[pa.RecordBatch]) -> pa.Table:
        """Cut rows that are written alike into cells; the list is emptied."""
        how, file = kind.split(" ")
        shape = self._shapes[int(file)]
        lines = pa.concat_arrays([one.column("line") for one in run])
        places = pa.concat_arrays([one.column("place") for one in run])
        run.clear()
        _, offsets, data = lines.buffers()
        bounds = np.frombuffer(offsets, np.int32)
        start, end = int(bounds[lines.offset]), int(bounds[lines.offset + len(lines)])
        dialect = self._dialect if how == _PLAIN else _MENDED
        width = shape.usual if how == _PLAIN else shape.needed
        wanted = {c.index for c in self.text.columns if c.index is not None}
        wanted |= set(self._id_columns())
        cells = parse(data.slice(start, end - start), dialect, width, sorted(wanted)).cells
        n = len(lines)
        columns = {c.name: blank_to_null(_values(c, cells, n)) for c in self.text.columns}
        columns[ID] = self._ids(cells, n)
        columns[PLACE] = places
        return pa.table(columns)


def bucket_count(texts: Sequence[TextTable]) -> int:
    """Return in how many buckets texts are cut: as many as have some megabytes each."""
    n_bytes = 0
    for text in texts:
        for _, opener in text.files:
            with opener() as stream:
                try:
                    n_bytes += os.fstat(stream.fileno()).st_size
                except (OSError, AttributeError):  # packed: its size is not known
                    return _UNKNOWN_BUCKETS
    return min(_MANY_BUCKETS, 1 + n_bytes // _BUCKET_BYTES)


def _joined(codes: Sequence[pa.Array]) -> pa.Array:
    """Return what is filled of each row, with colons between."""
    rows = zip(*(column.to_pylist() for column in codes), strict=True)
    return pa.array([":".join(filter(None, row)) for row in rows], pa.string())


def _blank(
    raw: bytes, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Return which rows are a line end alone."""
    returns = np.frombuffer(raw, np.uint8)[starts] == ord("\r")
    return np.asarray(ends - starts == 1 + returns.astype(np.int64), bool)


def _written(cells: Sequence[str]) -> bytes:
    """Return cells as a row that a plain parser reads."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()


def _values(column: TextColumn, cells: pa.Table, n: int) -> pa.Array:
    """Return the ``n`` cells of a column, its default in empty ones."""
    if column.index is None:
        return pa.array([column.default or None] * n, pa.string())
    values = whole(cells[str(column.index)])
    return values.fill_null(column.default) if column.default else values


def _filled(column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    return np.asarray(column.is_valid().to_numpy(zero_copy_only=False), bool)
