"""Rows of the Biodiversity Heritage Library's page table that show illustrations."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.core.errors import RecordError, SourceError, nearest
from wunderkammer.sources import Rejected
from wunderkammer.sources._delimited import Opener, unique_names
from wunderkammer.sources._spill import Spill
from wunderkammer.vocab.darwin_core import fold

MOST_ID = 1 << 31
"""Page ids are below this: the set of failed pages then takes 256 MiB at the very most."""

_BLOCK = 1 << 19
_MOST_EXPLAINED = 1_000
_MOST_TYPES = 100
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Text:
    """A tab-separated file of the export and its header.

    Attributes
    ----------
    name : str
        For messages.
    open : callable
        Opens its bytes.
    header : list of str
        Names of its columns, each once.
    """

    name: str
    open: Opener
    header: list[str]

    def column(self, *names: str) -> str:
        """Return the first column that has one of these names, case and spaces aside.

        Raises
        ------
        SourceError
            If there is none.
        """
        found = self.find(*names)
        if found:
            return found
        hint = nearest(names[0], self.header)
        if len(self.header) == 1:
            hint = "The columns must be separated by tabs. " + hint
        raise SourceError(f"{self.name} has no column '{names[0]}'.", hint=hint)

    def find(self, *names: str) -> str:
        """Return the first column that has one of these names, or an empty text."""
        folded = {fold(name): name for name in reversed(self.header)}
        return next((folded[fold(name)] for name in names if fold(name) in folded), "")


def open_text(name: str, open_bytes: Opener) -> Text:
    """Return a file with its header."""
    with open_bytes() as stream:
        line = stream.read(_BLOCK).removeprefix(_BOM).split(b"\n", 1)[0].rstrip(b"\r")
    cells = line.decode("utf-8", "replace").split("\t")
    return Text(name, open_bytes, unique_names(cells))


@dataclass(slots=True)
class Explained:
    """Rows that cannot be read: the first thousand with their content, the rest counted."""

    name: str
    n: int = 0
    first: list[Rejected] = field(default_factory=list)

    def add(self, message: str, hint: str = "") -> None:
        """Count a row that cannot be read."""
        self.n += 1
        if self.n <= _MOST_EXPLAINED:
            self.first.append(Rejected(self.name, RecordError(message, hint=hint)))

    def wrong_width(self, row: Any) -> str:
        """Say that a row has too few or too many cells; the row is passed over."""
        self.add(
            f"the row '{shortened(row.text)}' has {row.actual_columns} cells, the header has "
            f"{row.expected_columns}.",
            hint="A cell may hold a tab or a line break; tell whoever made the export.",
        )
        return "skip"

    def all(self) -> list[Rejected]:
        """Return what is wrong, the count of what is not listed last."""
        n_more = self.n - len(self.first)
        if not n_more:
            return self.first
        more = RecordError("these rows cannot be read either, for reasons like those before.")
        return [*self.first, Rejected(f"{self.name}, {n_more:,} rows", more)]


def shortened(text: str) -> str:
    """Return the beginning of a row, tabs made visible."""
    return text[:60].replace("\t", " | ") + ("…" if len(text) > 60 else "")


def read_blocks(text: Text, explained: Explained) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a file as columns of bytes, half a mebibyte at a time.

    Raises
    ------
    SourceError
        If a row is longer than that.
    """
    from pyarrow import csv

    if not _has_rows(text):
        return
    try:
        with text.open() as stream:
            reader = csv.open_csv(
                io.BufferedReader(_Utf8(stream), _BLOCK),
                read_options=csv.ReadOptions(
                    column_names=text.header, skip_rows=1, block_size=_BLOCK, use_threads=False
                ),
                parse_options=csv.ParseOptions(
                    delimiter="\t",
                    quote_char=False,
                    escape_char=False,
                    invalid_row_handler=explained.wrong_width,
                ),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(text.header, pa.binary())
                ),
            )
            with closing(reader):
                yield from reader
    except pa.ArrowInvalid as error:
        raise SourceError(
            f"{text.name} cannot be cut into rows: {error}.",
            hint="It must be tab-separated text with a line a row.",
        ) from None


class _Utf8(io.RawIOBase):
    """The bytes of a file as UTF-8: cells that are not are taken for windows-1252.

    Arrow reads bytes, but tells of a row that it cannot cut only if the row is UTF-8.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._rest = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, target: Any) -> int:
        """Fill a buffer with whole lines, or what fits of them."""
        while not self._ready:
            piece = self._stream.read(_BLOCK)
            if not piece and not self._rest:
                return 0
            held = self._rest + piece
            end = held.rfind(b"\n") + 1 if piece and len(held) < 2 * _BLOCK else len(held)
            self._ready, self._rest = memoryview(_as_utf8(held[:end])), held[end:]
        n = min(len(target), len(self._ready))
        target[:n] = self._ready[:n]
        self._ready = self._ready[n:]
        return n


def _as_utf8(lines: bytes) -> bytes:
    """Return lines as UTF-8, each cell that is not as if it were windows-1252."""
    try:
        lines.decode()
    except UnicodeDecodeError:
        cells = re.split(rb"([\t\r\n])", lines)
        return b"".join(_decoded(cell).encode() for cell in cells)
    return lines


def _has_rows(text: Text) -> bool:
    """Return whether anything stands below the header: Arrow takes nothing for an error."""
    with text.open() as stream:
        stream.readline()
        return any(piece.strip() for piece in iter(lambda: stream.read(_BLOCK), b""))


def as_text(column: pa.Array) -> pa.Array:
    """Return bytes as text; what is not UTF-8 is read as windows-1252."""
    try:
        return column.cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array([_decoded(cell) for cell in column.to_pylist()], pa.string())


def filled(column: pa.Array) -> pa.Array:
    """Return bytes as text without outer spaces, null where nothing is left."""
    text = pc.utf8_trim_whitespace(as_text(column))
    return pc.if_else(pc.equal(text, ""), None, text)


def _decoded(cell: bytes) -> str:
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return cell.decode("cp1252", "replace")


@dataclass(frozen=True, slots=True)
class Rule:
    """Which pages are illustrations.

    Attributes
    ----------
    page_types, prefixes : sequence of str
        A row passes if its page type is one of the first and its page prefix,
        case aside, contains one of the second.
    exclusive : bool
        Whether a row that does not pass takes its page out.
    """

    page_types: Sequence[str]
    prefixes: Sequence[str]
    exclusive: bool


class PageFilter:
    """Puts the rows of illustrated pages aside, in memory that does not grow with the table.

    Parameters
    ----------
    text : Text
        The page table.
    rule : Rule
        Which pages are illustrations.
    spill : Spill
        Rows that pass go to its heap ``rows``.

    Attributes
    ----------
    page : str
        The column of page ids.
    explained : Explained
        Rows that cannot be read.
    n_failed : int
        Rows that do not pass.
    n_spoilt : int
        Rows that pass, of pages of which another row does not.
    types : list of str
        Page types found, at most a hundred.

    Notes
    -----
    A page's rows need not stand together. The pages of which a row failed are a
    set of bits, one for every possible id; the system backs only those parts of
    it with memory that are written to. The library's ids are below a hundred million.
    """

    def __init__(self, text: Text, rule: Rule, spill: Spill) -> None:
        self._text = text
        self._rule = rule
        self._spill = spill
        self.page = text.column("PageID")
        self._prefix = text.column("PagePrefix")
        self._type = text.column("PageTypeName", "PageType")
        self._failed = np.zeros(MOST_ID >> 3 if rule.exclusive else 0, np.uint8)
        self.explained = Explained(text.name)
        self.n_failed = 0
        self.n_spoilt = 0
        self.types: list[str] = []

    def run(self) -> None:
        """Read the table once; leave the rows of kept pages in the heap ``pages``."""
        for block in read_blocks(self._text, self.explained):
            self._sort(block)
        for rows in self._spill.parts("rows"):
            ids = rows["page:id"].to_numpy()
            kept = rows.filter(pa.array(~self._has_failed(ids)))
            self.n_spoilt += rows.num_rows - kept.num_rows
            if kept.num_rows:
                self._spill.put("pages", kept)

    def _sort(self, block: pa.RecordBatch) -> None:
        """Put the rows that pass aside; note the pages of those that fail."""
        ids, readable = self._ids(block)
        if not readable.all():
            block, ids = block.filter(pa.array(readable)), ids[readable]
        passes = self._passes(block)
        self.n_failed += int(np.count_nonzero(~passes))
        if self._rule.exclusive:
            failed = ids[~passes]
            bits = np.left_shift(1, failed & 7).astype(np.uint8)
            np.bitwise_or.at(self._failed, failed >> 3, bits)
        if passes.any():
            chosen = block.filter(pa.array(passes))
            columns = {name: filled(chosen.column(name)) for name in self._text.header}
            columns["page:id"] = pa.array(ids[passes])
            self._spill.put("rows", pa.table(columns))

    def _has_failed(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        if not self._rule.exclusive:
            return np.zeros(len(ids), np.bool_)
        found = np.right_shift(self._failed[ids >> 3], (ids & 7).astype(np.uint8)) & 1
        return np.asarray(found, np.bool_)

    def _ids(self, block: pa.RecordBatch) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Return the page ids of a block, and which of them can be read."""
        column = block.column(self.page)
        try:
            ids: npt.NDArray[np.int64] = column.cast(pa.string()).cast(pa.int64()).to_numpy()
            if ids.min(initial=0) >= 0 and ids.max(initial=0) < MOST_ID:
                return ids, np.ones(len(ids), np.bool_)
        except pa.ArrowInvalid:
            pass  # one of them is no number: look at each
        cells = [page_id(_decoded(cell)) for cell in column.to_pylist()]
        for cell, found in zip(column.to_pylist(), cells, strict=True):
            if found is None:
                self.explained.add(not_an_id(_decoded(cell)))
        ids = np.array([0 if found is None else found for found in cells], np.int64)
        return ids, np.array([found is not None for found in cells], np.bool_)

    def _passes(self, block: pa.RecordBatch) -> npt.NDArray[np.bool_]:
        types = block.column(self._type)
        wanted = pa.array([one.encode() for one in self._rule.page_types], pa.binary())
        right_type: npt.NDArray[np.bool_] = np.array(pc.is_in(types, wanted))
        if len(self.types) < _MOST_TYPES:
            found = (_decoded(one) for one in types.unique().to_pylist())
            self.types = list(dict.fromkeys([*self.types, *found]))[:_MOST_TYPES]
        prefixes = as_text(block.column(self._prefix).filter(pa.array(right_type)))
        lowered = pc.utf8_lower(prefixes)
        matched = np.zeros(len(prefixes), np.bool_)
        for word in self._rule.prefixes:
            matched |= np.array(pc.match_substring(lowered, word.lower()))
        right_type[right_type] = matched
        return right_type


def page_id(cell: str) -> int | None:
    """Return a page id, or None if a cell is none."""
    text = cell.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) >= MOST_ID:
        return None
    return int(text)


def not_an_id(cell: str) -> str:
    """Say that a cell is no page id."""
    return f"'{shortened(cell)}' is no page id: it must be a whole number below {MOST_ID:,}."


def left_out(found: PageFilter, text: Text, rule: Rule) -> Iterator[Rejected]:
    """Yield how many rows the rule took out, one count a reason."""
    types, words = (
        ", ".join(f"'{one}'" for one in many) for many in (rule.page_types, rule.prefixes)
    )
    if found.n_failed:
        some = ", ".join(f"'{one}'" for one in sorted(found.types)[:20])
        yield Rejected(
            f"{text.name}, {found.n_failed:,} rows",
            RecordError(
                f"left out by the settings page_types and prefixes: the page type must be one of "
                f"{types}, and the page prefix contain one of {words}.",
                hint=f"Page types found: {some}.",
            ),
        )
    if found.n_spoilt:
        yield Rejected(
            f"{text.name}, {found.n_spoilt:,} rows",
            RecordError(
                "left out by the setting exclusive = true: another row of the same page says "
                "that it is something else too.",
                hint="Set exclusive = false to keep these pages.",
            ),
        )
