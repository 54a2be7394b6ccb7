"""Delimited text, whatever its encoding, delimiter, quotes and line ends."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import IO

from wunderkammer.core.errors import RecordError, SourceError

Opener = Callable[[], IO[bytes]]
"""Opens the same bytes from their beginning, as often as it is called."""

SAMPLE_BYTES = 1 << 16
DELIMITERS = (",", "\t", ";", "|")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = [
    "cp1252", "cp1250", "cp1251", "koi8_r", "mac_roman", "cp850",
    "shift_jis", "euc_jp", "euc_kr", "gb18030", "big5",
]  # fmt: skip
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_][¹³¿º¾¯£¥]+[^\W\d_]")
_CARON = re.compile("[ŠšŽž]")
_ESCAPED = re.compile("[\udc80-\udcff]")
LONGEST = 1 << 24
"""Characters that a line or a cell may have: the outline of a country has some millions."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text is cut into rows and cells.

    Attributes
    ----------
    encoding : str
        Name of a codec. Bytes that it does not know are read as windows-1252.
    delimiter : str
        Between cells; one character if there are quotes.
    quote : str
        Around cells that hold a delimiter or a line end; empty for none.
    terminator : str
        Ends a row; empty for any of LF, CR LF and CR.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    terminator: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place, counted from 1 with header lines included, and its cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be cut into cells, and why."""

    number: int
    error: RecordError


def find_encoding(open_bytes: Opener) -> str:
    """Return the encoding of a text: by its mark, as UTF-8, or as the likeliest older one.

    Notes
    -----
    The whole text is looked at. UTF-8 with a few stray bytes stays UTF-8; the
    strays are read as windows-1252 (see :func:`read_rows`).
    """
    with open_bytes() as stream:
        head = stream.read(SAMPLE_BYTES)
        begins = head.rstrip(b"\0")[:200]  # zeros at the end are those of a disk that was full
        for mark, encoding in _BOMS:
            if head.startswith(mark):
                return encoding
        if begins[1::2].count(0) > len(begins) / 4:
            return "utf-16-le"
        if begins[::2].count(0) > len(begins) / 4:
            return "utf-16-be"
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        n_good = n_bad = 0
        unread = bytearray()
        while head:
            text = decoder.decode(head)
            if not text.isascii():
                bad = len(_ESCAPED.findall(text))
                n_bad += bad
                n_good += sum(letter > "\x7f" for letter in text) - bad
                if bad and len(unread) < SAMPLE_BYTES:
                    unread += b"\n".join(line for line in head.splitlines() if not line.isascii())
            head = stream.read(SAMPLE_BYTES)
    return "utf-8" if n_good >= 4 * n_bad else _legacy_encoding(bytes(unread[:SAMPLE_BYTES]))


def _legacy_encoding(sample: bytes) -> str:
    """Return the likeliest encoding of lines that are not UTF-8; windows-1252 in doubt."""
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_LEGACY).best()
    if best is None:
        return "cp1252"
    if best.encoding == "cp1250":
        return "cp1250" if _is_central_european(sample) else "cp1252"
    return best.encoding


def _is_central_european(sample: bytes) -> bool:
    """Return whether bytes that windows-1250 and -1252 share are Czech, Polish and the like.

    Statistics of letters take most Western names for Slovak, so the signs must
    be plain: Western symbols inside words, or many a caron.
    """
    text = sample.decode("cp1252", "replace")
    n_high = sum(letter > "\x7f" for letter in text)
    signs = len(_SYMBOL_IN_WORD.findall(text)) + len(_CARON.findall(text))
    return signs > n_high / 20


def find_dialect(open_bytes: Opener, *, encoding: str = "", delimiter: str = "") -> Dialect:
    """Return how a table is written, from its content.

    Parameters
    ----------
    open_bytes : callable
        Opens the table.
    encoding, delimiter : str, optional
        Given where they are known; looked for where empty.

    Notes
    -----
    The delimiter is the one that cuts the first rows into the most cells of
    equal number. In a table with tabs a quotation mark is a quote only if all
    of them come in pairs around whole cells.
    """
    dialect = Dialect(encoding or find_encoding(open_bytes))
    lines = _first_lines(open_bytes, dialect.encoding)
    dialect = replace(dialect, delimiter=delimiter or _likeliest_delimiter(lines))
    if dialect.delimiter == "\t" and not _pairs_its_quotes(open_bytes, dialect):
        return replace(dialect, quote="")
    return dialect


def _first_lines(open_bytes: Opener, encoding: str) -> list[str]:
    with open_bytes() as stream:
        head = stream.read(SAMPLE_BYTES)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    lines = io.StringIO(text, newline="").readlines()
    return lines[:-1] if len(head) == SAMPLE_BYTES and len(lines) > 1 else lines


def _likeliest_delimiter(lines: list[str]) -> str:
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        if not widths or widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _pairs_its_quotes(open_bytes: Opener, dialect: Dialect) -> bool:
    with open_bytes() as stream:
        return not any(isinstance(row, BadRow) for row in read_rows(stream, dialect))


def read_rows(stream: IO[bytes], dialect: Dialect) -> Iterator[Row | BadRow]:
    """Yield every row of a text that is not blank.

    Parameters
    ----------
    stream : binary file
        Read to its end; the caller closes it.
    dialect : Dialect
        How it is written.

    Yields
    ------
    Row or BadRow
        Cells exactly as written, quotes taken off. A row with a stray quote is
        bad, and the next line begins the next row.
    """
    errors = "replace" if dialect.encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    known = dialect.terminator in {"", "\n", "\r", "\r\n"}
    newline = dialect.terminator if known and not dialect.quote else ""
    text = io.TextIOWrapper(stream, encoding=dialect.encoding, errors=errors, newline=newline)
    try:
        lines = _lines(text) if known else _split(text, dialect.terminator)
        yield from rows_of(lines, dialect)
    finally:
        if not stream.closed:
            text.detach()


def too_long() -> SourceError:
    """Return why a text whose lines do not end cannot be read."""
    return SourceError(
        f"a line of the table is longer than {LONGEST:,} characters.",
        hint="This is no table, or its lines end in a way of their own; export it again.",
    )


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines of a text; none is read that does not end."""
    while line := text.readline(LONGEST + 1):
        if len(line) > LONGEST:
            raise too_long()
        yield line


def _split(text: io.TextIOWrapper, terminator: str) -> Iterator[str]:
    """Yield the lines of a text with an unusual line end, without it."""
    rest = ""
    while part := text.read(SAMPLE_BYTES):
        *whole, rest = (rest + part).split(terminator)
        yield from whole
        if len(rest) > LONGEST:
            raise too_long()
    if rest:
        yield rest


def rows_of(
    lines: Iterable[str], dialect: Dialect, *, first_row: int = 1, first_line: int = 1
) -> Iterator[Row | BadRow]:
    """Yield the rows of lines that begin somewhere in a text; see :func:`read_rows`."""
    csv.field_size_limit(LONGEST)
    if dialect.quote:
        rows: Iterable[Row | BadRow] = _quoted(lines, dialect, first_row, first_line)
    else:
        rows = _unquoted(lines, dialect, first_row)
    for row in rows:
        yield _mended(row, dialect.encoding) if isinstance(row, Row) else row


def _unquoted(lines: Iterable[str], dialect: Dialect, first_row: int) -> Iterator[Row]:
    # a carriage return goes too: "\n" is often declared for files with "\r\n"
    end = dialect.terminator + "\r\n"
    for number, line in enumerate(lines, start=first_row):
        plain = line.rstrip(end)
        if plain:
            yield Row(number, plain.split(dialect.delimiter))


def _quoted(
    lines: Iterable[str], dialect: Dialect, first_row: int, first_line: int
) -> Iterator[Row | BadRow]:
    reader = csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
    number, before = first_row - 1, first_line - 1
    while True:
        number += 1
        first = before + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            last = before + reader.line_num
            yield BadRow(number, _explained(error, dialect.quote, first, last))
            continue
        if cells:
            yield Row(number, cells)


def _explained(error: csv.Error, quote: str, first: int, last: int) -> RecordError:
    if "field larger" in str(error):
        return RecordError(
            f"a cell that begins on line {first} has more than {LONGEST:,} characters.",
            hint=f"A quotation mark ({quote}) may have been opened there and never closed.",
        )
    if "unexpected end of data" in str(error):
        return RecordError(
            f"a quotation mark ({quote}) opened on line {first} is never closed; "
            f"{last - first + 1} lines to the end of the file are in it.",
            hint="Close it, or double it if it belongs to the text.",
        )
    return RecordError(
        f"a quotation mark ({quote}) stands within a quoted cell, on line {last}.",
        hint="Double each quotation mark that belongs to the text.",
    )


def _mended(row: Row, encoding: str) -> Row:
    """Return the row with bytes that its encoding does not know read as windows-1252."""
    if all(cell.isascii() or not _ESCAPED.search(cell) for cell in row.cells):
        return row
    return Row(row.number, [_mended_cell(cell, encoding) for cell in row.cells])


def _mended_cell(cell: str, encoding: str) -> str:
    if not _ESCAPED.search(cell):
        return cell
    raw = cell.encode("utf-8" if encoding == "utf-8-sig" else encoding, "surrogateescape")
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def unique_names(names: Iterable[str], *, taken: Iterable[str] = ()) -> list[str]:
    """Return names made different from each other and from those taken, case left aside.

    Examples
    --------
    >>> unique_names(["Date", "date", "", "sex"], taken=["Sex"])
    ['Date', 'date_2', 'column_3', 'sex_2']
    """
    used = {name.casefold() for name in taken}
    given: list[str] = []
    for position, name in enumerate(names, start=1):
        base = name.strip() or f"column_{position}"
        chosen, n = base, 1
        while chosen.casefold() in used:
            n += 1
            chosen = f"{base}_{n}"
        used.add(chosen.casefold())
        given.append(chosen)
    return given
