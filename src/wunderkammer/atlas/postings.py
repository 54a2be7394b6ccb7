"""Posting lists: which rows have a value, as short as they can be told."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

RUNS, BITMAP = 0, 1
"""The first byte of a list: runs of rows, or a bit a row."""

Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]

_PIECE = 1 << 20


def encode_postings(lists: Numbers, rows: Numbers, n_lists: int, n: int) -> tuple[Bytes, Numbers]:
    """Return posting lists, one after another, and where each begins.

    Parameters
    ----------
    lists : ndarray of int64, shape (m,)
        Which list a pair belongs to, ascending.
    rows : ndarray of int64, shape (m,)
        The row, ascending within a list, each once.
    n_lists : int
        Number of lists; may be empty ones among them.
    n : int
        Number of rows that there are.

    Returns
    -------
    data : ndarray of uint8
        The lists. A list is a byte that says how, and then runs or a bitmap.
    starts : ndarray of int64, shape (n_lists + 1,)
        First byte of each list, and the end of the last.

    Notes
    -----
    A run is told by the rows since the end of the run before (since row 0 for
    the first), times two; plus one if it is longer than one row, and then its
    length less two follows. Numbers are LEB128: seven bits a byte, the low ones
    first, the high bit set on all bytes but the last. Where runs would take more
    bytes than one bit for each of the n rows, bits are written, row r in bit
    ``r % 8`` of byte ``r // 8``. Rows are in Z-order and taxa lie together on a
    map, so runs are long where a map is sorted.
    """
    if not len(rows):
        return np.zeros(n_lists, np.uint8), np.arange(n_lists + 1)
    numbers, owners = _run_numbers(lists, rows)
    sizes = varint_sizes(numbers)
    run_bytes = np.bincount(owners, weights=sizes, minlength=n_lists).astype(np.int64)
    dense = run_bytes > -(-n // 8)
    lengths = 1 + np.where(dense, -(-n // 8), run_bytes)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    data = np.zeros(starts[-1], np.uint8)
    data[starts[:-1][dense]] = BITMAP
    sparse = ~dense[owners]
    numbers, sizes, owners = numbers[sparse], sizes[sparse], owners[sparse]
    kept = np.where(dense, 0, run_bytes)
    shift = starts[:-1] + 1 - (np.cumsum(kept) - kept)
    put_varints(data, np.cumsum(sizes) - sizes + shift[owners], numbers, sizes)
    edges = np.searchsorted(lists, np.arange(n_lists + 1))
    for one in np.flatnonzero(dense):
        bits = np.zeros(n, bool)
        bits[rows[edges[one] : edges[one + 1]]] = True
        data[starts[one] + 1 : starts[one + 1]] = np.packbits(bits, bitorder="little")
    return data, starts


def decode_postings(data: Bytes) -> Numbers:
    """Return the rows of one list, ascending.

    Parameters
    ----------
    data : ndarray of uint8
        The bytes of the list, the first of them included.
    """
    if data[0] == BITMAP:
        return np.flatnonzero(np.unpackbits(data[1:], bitorder="little"))
    rows: list[Numbers] = []
    numbers = iter(decode_varints(data[1:]))
    end = 0
    for number in numbers:
        first = end + (number >> 1)
        end = first + (next(numbers) + 2 if number & 1 else 1)
        rows.append(np.arange(first, end))
    return np.concatenate(rows) if rows else np.empty(0, np.int64)


def decode_varints(data: Bytes) -> list[int]:
    """Return the numbers that some bytes tell as LEB128."""
    if not len(data):
        return []
    last = data < 128
    number: Numbers = np.cumsum(last) - last
    place = np.arange(len(data)) - np.concatenate([[0], np.flatnonzero(last)[:-1] + 1])[number]
    values = (data.astype(np.int64) & 127) << (7 * place)
    return [int(value) for value in np.bincount(number, weights=values).astype(np.int64)]


def _run_numbers(lists: Numbers, rows: Numbers) -> tuple[Numbers, Numbers]:
    """Return the numbers that tell the runs, and whose list each belongs to."""
    begins = np.ones(len(rows), bool)
    begins[1:] = (rows[1:] != rows[:-1] + 1) | (lists[1:] != lists[:-1])
    first = np.flatnonzero(begins)
    owners = lists[first]
    lengths = np.diff(np.append(first, len(rows)))
    ends = rows[first] + lengths
    before = np.zeros(len(first), np.int64)
    same = owners[1:] == owners[:-1]
    before[1:][same] = ends[:-1][same]
    many = lengths > 1
    places = np.cumsum(1 + many) - 1
    numbers = np.empty(len(first) + int(many.sum()), np.int64)
    numbers[places - many] = (rows[first] - before) * 2 + many
    numbers[places[many]] = lengths[many] - 2
    return numbers, np.repeat(owners, 1 + many)


def varint_sizes(numbers: Numbers) -> Numbers:
    """Return how many bytes each number takes as LEB128."""
    sizes = np.ones(len(numbers), np.int64)
    for bits in range(7, 63, 7):
        more = numbers >> bits
        if not more.any():
            break
        sizes += more > 0
    return sizes


def put_varints(data: Bytes, places: Numbers, numbers: Numbers, sizes: Numbers) -> None:
    """Write numbers as LEB128 into ``data``, each at its place."""
    for first in range(0, len(numbers), _PIECE):
        part = slice(first, first + _PIECE)
        at, value, size = places[part], numbers[part], sizes[part]
        for byte in range(int(size.max())):
            here = size > byte
            at, value, size = at[here], value[here], size[here]
            low = (value >> (7 * byte)) & 127
            data[at + byte] = low | np.where(size > byte + 1, 128, 0)
