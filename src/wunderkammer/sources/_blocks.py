"""Delimited text in blocks of whole rows, for a parser that reads columns.

What such a parser would read otherwise than ``_delimited.read_rows``, which is
exact and slow, never reaches it: a stray quotation mark, a byte that is no
UTF-8, a lone carriage return, a zero byte. The rows around it are read the slow
way, whatever comes after them is fast again.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import IO

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from wunderkammer.sources._delimited import (
    LONGEST,
    BadRow,
    Dialect,
    Row,
    read_rows,
    rows_of,
    too_long,
)

BLOCK_BYTES = 4 << 20
_HEAD_ROWS = 100
_SLOW_SHARE = 8
_SLOW_ROWS = 4096
_UTF8 = frozenset({"utf-8", "utf-8-sig"})
_LINES = {
    "\n": re.compile(rb"[^\n]*\n"),
    "\r\n": re.compile(rb"(?s:.)*?\r\n"),
    "": re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)"),
}
_ONE_BYTE = frozenset(
    {
        "ascii", "cp1250", "cp1251", "cp1252", "cp850", "iso8859-1", "iso8859-2", "iso8859-15",
        "koi8-r", "mac-roman",
    }
)  # fmt: skip
"""Encodings besides UTF-8 in which every byte is a letter, ASCII ones the same as there."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some whole rows of a text.

    Attributes
    ----------
    first_row : int
        Number of the first, counted from 1 with header lines and blank ones.
    n_rows : int
        Rows in ``raw``, blank ones included.
    raw : bytes
        Rows in UTF-8, each with its line end, that :func:`parse` reads exactly
        (once :meth:`checked`); empty if it would not.
    rows : list of Row or BadRow
        The rows otherwise; blank ones are passed over.
    """

    first_row: int
    n_rows: int = 0
    raw: bytes = b""
    rows: tuple[Row | BadRow, ...] = ()

    def checked(self, dialect: Dialect) -> Block:
        """Return the block, its rows read the slow way if a letter of them needs it.

        Looks at every byte, which is why :func:`read_blocks` leaves it to the
        threads that go on with the blocks.
        """
        if not self.raw:
            return self
        encoding = codecs.lookup(dialect.encoding).name
        if b"\0" not in self.raw:
            if encoding in _UTF8 and _is_utf8(self.raw):
                return self
            with suppress(UnicodeDecodeError):
                return replace(self, raw=self.raw.decode(encoding).encode())
        plain = replace(dialect, encoding="utf-8") if encoding in _UTF8 else dialect
        rows = read_rows(io.BytesIO(self.raw), plain)
        moved = (replace(row, number=row.number + self.first_row - 1) for row in rows)
        return Block(self.first_row, rows=tuple(moved))


def read_blocks(
    stream: IO[bytes], dialect: Dialect, *, n_header_lines: int = 0, size: int = BLOCK_BYTES
) -> Iterator[Block]:
    """Yield a text in blocks, which together hold every row in order.

    Parameters
    ----------
    stream : binary file
        Read to its end.
    dialect : Dialect
        How it is written.
    n_header_lines : int
        These and the next 100 rows come as ``rows``, in the first block, to be
        looked at.
    size : int
        Bytes that a block has, about; a row longer than that is a block.
    """
    if not _is_plain(dialect):
        yield from _slow(read_rows(stream, dialect))
        return
    text = _Text(stream, dialect, size)
    if text.fill():
        yield text.take_slow(n_rows=n_header_lines + _HEAD_ROWS)
    while text.fill():
        n_bytes, n_rows = text.plain()
        yield text.take(n_bytes, n_rows) if n_bytes else text.take_slow(size // _SLOW_SHARE)


def parse(raw: pa.Buffer, dialect: Dialect, width: int, columns: list[int]) -> Parsed:
    """Cut rows into cells.

    Parameters
    ----------
    raw : pyarrow.Buffer
        Of a :class:`Block`, or some of its rows.
    dialect : Dialect
        How it is written.
    width : int
        Cells of a row; rows of another width are odd.
    columns : list of int
        Places of the cells that are wanted, from 0.
    """
    from pyarrow import csv

    odd: list[int] = []

    def skip(row: csv.InvalidRow) -> str:
        odd.append(row.number - 1)
        return "skip"

    wanted = [str(n) for n in columns]
    written = csv.ParseOptions(
        delimiter=dialect.delimiter,
        quote_char=dialect.quote or False,
        double_quote=bool(dialect.quote),
        newlines_in_values=bool(dialect.quote),
        ignore_empty_lines=False,
        invalid_row_handler=skip,
    )
    meant = csv.ConvertOptions(
        include_columns=wanted,
        column_types=dict.fromkeys(wanted, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        check_utf8=False,
    )
    names = [str(n) for n in range(width)]
    read = csv.ReadOptions(use_threads=False, block_size=raw.size + 1, column_names=names)
    table = csv.read_csv(pa.BufferReader(raw), read, written, meant)
    return Parsed(table.combine_chunks(), odd)


@dataclass(frozen=True, slots=True)
class Parsed:
    """Cells by column.

    Attributes
    ----------
    cells : pyarrow.Table
        Text columns called by their places, ``"0"`` for the first; null where
        empty. Odd rows are left out.
    odd : list of int
        Positions, from 0, of rows of another width, blank ones among them.
    """

    cells: pa.Table
    odd: list[int]


def _is_utf8(raw: bytes) -> bool:
    """Return whether bytes are UTF-8, without the lock that ``bytes.decode`` holds."""
    bounds = pa.py_buffer(np.array([0, len(raw)], np.int32))
    try:
        text = pa.Array.from_buffers(pa.string(), 1, [None, bounds, pa.py_buffer(raw)])
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def line_ends(raw: bytes, dialect: Dialect) -> npt.NDArray[np.int64]:
    """Return where each row of a block's ``raw`` ends, its line end included."""
    octets = np.frombuffer(raw, np.uint8)
    ends = np.flatnonzero(octets == ord("\n"))
    if dialect.quote and dialect.quote.encode() in raw:
        quotes = np.flatnonzero(octets == ord(dialect.quote))
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
    return ends + 1


def _is_plain(dialect: Dialect) -> bool:
    """Return whether blocks of such a text can be cut by their bytes."""
    encoding = codecs.lookup(dialect.encoding).name
    marks = dialect.delimiter + dialect.quote
    return (
        (encoding in _UTF8 or encoding in _ONE_BYTE)
        and len(dialect.delimiter) == 1
        and marks.isascii()
        and not set(marks) & {"\n", "\r", "\0"}
        and dialect.delimiter != dialect.quote
        and (dialect.terminator in _LINES or (bool(dialect.quote) and dialect.terminator == "\r"))
    )


def _slow(rows: Iterator[Row | BadRow]) -> Iterator[Block]:
    some: list[Row | BadRow] = []
    for row in rows:
        some.append(row)
        if len(some) == _SLOW_ROWS:
            yield Block(some[0].number, rows=tuple(some))
            some = []
    if some:
        yield Block(some[0].number, rows=tuple(some))


class _Text:
    """A text being cut: what is read and not yet handed on, and how far it is."""

    def __init__(self, stream: IO[bytes], dialect: Dialect, size: int) -> None:
        self._stream = stream
        self._dialect = dialect
        self._size = size
        self._buffer = b""
        self._ended = False
        self._row = self._line = 1
        self._lines = _LINES["" if dialect.quote else dialect.terminator]
        encoding = codecs.lookup(dialect.encoding).name
        self._encoding = "utf-8" if encoding in _UTF8 else encoding
        if encoding == "utf-8-sig":
            self._read()
            self._buffer = self._buffer.removeprefix(codecs.BOM_UTF8)

    def fill(self) -> bool:
        """Read until a block is there or the text ends; return whether anything is left."""
        while len(self._buffer) < self._size and not self._ended:
            self._read()
        return bool(self._buffer)

    def _read(self) -> None:
        """Read on; as much again as is there, for rows longer than a block."""
        more = self._stream.read(max(self._size, len(self._buffer)))
        self._buffer += more
        self._ended = not more

    def plain(self) -> tuple[int, int]:
        """Return how many bytes at the beginning are plain whole rows, and how many rows."""
        while True:
            n_bytes, n_rows, cut_off = self._whole_rows()
            if n_bytes or self._ended or not cut_off or len(self._buffer) > LONGEST:
                break
            self._read()
        return (n_bytes, n_rows) if n_bytes and self._ends_plainly(n_bytes) else (0, 0)

    def take(self, n_bytes: int, n_rows: int) -> Block:
        """Hand on rows as they are."""
        raw, self._buffer = self._buffer[:n_bytes], self._buffer[n_bytes:]
        first_row = self._row
        self._row += n_rows
        if self._dialect.quote:  # lines are told in messages about quotes alone
            self._line += _count_ends(raw)
        return Block(first_row, n_rows, raw if raw.endswith(b"\n") else raw + b"\n")

    def take_slow(self, n_bytes: int = 0, n_rows: int = 0) -> Block:
        """Hand on rows read the slow way: so many bytes or rows at least."""
        first_row, start = self._row, self._line
        taken: list[Row | BadRow] = []
        place = [0, 0]
        for row in rows_of(
            self._lines_from(place), self._dialect, first_row=first_row, first_line=start
        ):
            taken.append(row)
            if place[0] >= n_bytes and row.number - first_row + 1 >= n_rows:
                self._row = row.number + 1
                break
        self._buffer = self._buffer[place[0] :]
        self._line += place[1]
        return Block(first_row, rows=tuple(taken))

    def _lines_from(self, place: list[int]) -> Iterator[str]:
        """Yield lines as text; keep in ``place`` how many bytes and lines were handed out."""
        errors = "surrogateescape"
        while True:
            found = self._lines.match(self._buffer, place[0])
            edge = found is None or (found.end() == len(self._buffer) and found[0][-1:] == b"\r")
            if edge and not self._ended:
                if len(self._buffer) - place[0] > LONGEST:
                    raise too_long()
                self._read()
                continue
            line = found[0] if found else self._buffer[place[0] :]
            if not line:
                return
            place[0] += len(line)
            place[1] += 1
            yield line.decode(self._encoding, errors)

    def _whole_rows(self) -> tuple[int, int, bool]:
        """Return bytes and number of the whole rows there are, and whether one is cut off."""
        buffer, quote = self._buffer, self._dialect.quote.encode()
        if quote and quote in buffer:
            return self._whole_quoted_rows()
        if self._ended:
            unended = not buffer.endswith(b"\n")
            return len(buffer), _count_ends(buffer) + unended, False
        end = buffer.rfind(b"\n") + 1
        return end, _count_ends(memoryview(buffer)[:end]), True

    def _whole_quoted_rows(self) -> tuple[int, int, bool]:
        """Look at pairs of quotes: each must stand around a whole cell, or be doubled in one."""
        octets = np.frombuffer(self._buffer, np.uint8)
        quotes = np.flatnonzero(octets == ord(self._dialect.quote))
        stray = _first_stray(octets, quotes, ord(self._dialect.delimiter))
        ends = np.flatnonzero(octets == ord("\n"))
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        if self._ended and stray == len(octets) and len(quotes) % 2 == 0:
            unended = octets[-1] != ord("\n")
            return len(octets), len(ends) + int(unended), False
        ends = ends[ends < stray]
        return (int(ends[-1]) + 1 if len(ends) else 0), len(ends), stray >= len(octets) - 1

    def _ends_plainly(self, n_bytes: int) -> bool:
        """Return whether every line end of the first bytes ends a row, and no other letter."""
        buffer = self._buffer
        n_returns = buffer.count(b"\r", 0, n_bytes)
        if n_returns and n_returns != buffer.count(b"\r\n", 0, n_bytes):
            return False
        if self._dialect.quote or self._dialect.terminator != "\r\n":
            return True
        return _count_ends(memoryview(buffer)[:n_bytes]) == n_returns and buffer.endswith(
            b"\n", 0, n_bytes
        )


def _count_ends(octets: bytes | memoryview) -> int:
    return int(np.count_nonzero(np.frombuffer(octets, np.uint8) == ord("\n")))


def _first_stray(
    octets: npt.NDArray[np.uint8], quotes: npt.NDArray[np.int64], delimiter: int
) -> int:
    """Return the place of the first quotation mark that is out of place, or the length.

    Taken in turn, marks open and close. One that opens must begin a cell, one
    that closes must end it; but for a pair side by side in a cell, which is one
    mark of its text.
    """
    n = len(octets)
    opening, closing = quotes[0::2], quotes[1::2]
    beside = closing[: len(opening) - 1] + 1 == opening[1:]
    before = octets[opening - 1]
    begins = (opening == 0) | (before == delimiter) | (before == ord("\n"))
    begins[1:] |= beside
    after = octets[np.minimum(closing + 1, n - 1)]
    finishes = (
        (closing == n - 1) | (after == delimiter) | (after == ord("\n")) | (after == ord("\r"))
    )
    finishes[: len(beside)] |= beside
    stray = [places[~good][:1] for places, good in ((opening, begins), (closing, finishes))]
    return int(min([n, *np.concatenate(stray).tolist()]))
