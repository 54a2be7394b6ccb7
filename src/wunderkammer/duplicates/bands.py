"""Banded search: near fingerprints among millions, without comparing all with all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt

Fingerprints = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int32]

CROWD = 4096
"""Fingerprints that may share a band before the next band has to agree as well."""

N_NEAREST = 4
"""Nearest earlier fingerprints that are kept for each."""

NOBODY = -1

_Kernel = TypeVar("_Kernel", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest earlier fingerprints of each.

    Attributes
    ----------
    rows : ndarray of int32, shape (n, 4)
        Their rows, nearest first, of equally near ones the earliest first; -1
        where there are no more.
    distances : ndarray of uint8, shape (n, 4)
        In how many bits they differ.
    n_compared : int
        Pairs that were compared.
    """

    rows: Rows
    distances: Fingerprints
    n_compared: int


def find_near(fingerprints: Fingerprints, max_distance: int, *, crowd: int = CROWD) -> Near:
    """Return for each fingerprint the nearest of those before it.

    Parameters
    ----------
    fingerprints : ndarray of uint8, shape (n, 32)
        No two alike; the better medium first.
    max_distance : int
        Most bits in which a pair may differ, 0 to 31.
    crowd : int
        Size above which a bucket is divided.

    Notes
    -----
    The bits are dealt out to ``max_distance + 1`` bands. A pair that differs in
    at most ``max_distance`` bits leaves at least one band untouched, so it meets
    in that band's bucket: nothing is missed. Bands are done one at a time, and
    their bits are taken from all frequencies, so that buckets are even.

    A crowd, more than ``crowd`` fingerprints that agree in a band, is divided by
    the next band, and again. Of pairs in a crowd, those that differ in at most
    ``max_distance // k`` bits are sure to be found after ``k - 1`` divisions:
    each bit that differs spoils ``k`` runs of ``k`` neighbouring bands. So the
    work is at most ``n * crowd / 2`` comparisons a band, however alike all are.

    Memory is about 100 bytes a fingerprint.
    """
    words = np.ascontiguousarray(fingerprints).view("<u8").astype(np.uint64, copy=False)
    n = len(words)
    rows = np.full((n, N_NEAREST), NOBODY, np.int32)
    distances = np.full((n, N_NEAREST), 255, np.uint8)
    n_compared = 0
    for order, starts in _buckets(words, max_distance + 1, crowd):
        n_compared += _compare(words[order], order, starts, max_distance, rows, distances)
    return Near(rows, distances, n_compared)


def _buckets(
    words: Words, n_bands: int, crowd: int
) -> Iterator[tuple[Rows, npt.NDArray[np.int64]]]:
    """Yield, band by band, rows sorted by bucket and where buckets start; the end is the last."""
    for band in range(n_bands):
        rows = np.arange(len(words), dtype=np.int32)
        values = _band(words, band, n_bands).astype(np.int64)
        for further in range(1, n_bands + 1):
            order, starts = _sorted(rows, values)
            sizes = np.diff(starts)
            crowded = np.repeat(sizes > crowd, sizes)
            last = further == n_bands
            calm = order if last else order[~crowded]
            kept = sizes if last else sizes[sizes <= crowd]
            yield calm, np.concatenate([[0], np.cumsum(kept)])
            if last or not crowded.any():
                break
            rows = np.sort(order[crowded])
            bucket = np.empty(len(words), np.int64)
            bucket[order] = np.repeat(np.arange(len(sizes)), sizes)
            next_band = _band(words[rows], (band + further) % n_bands, n_bands)
            values = (bucket[rows] << 32) | next_band.astype(np.int64)


def _sorted(rows: Rows, values: npt.NDArray[np.int64]) -> tuple[Rows, npt.NDArray[np.int64]]:
    """Return rows by value, earlier rows first, and where each value starts; the end is last."""
    by_value = np.argsort(values, kind="stable")
    ordered = values[by_value]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    return rows[by_value], np.append(starts, len(rows))


def _band(words: Words, band: int, n_bands: int) -> npt.NDArray[np.uint32]:
    """Return the bits ``band``, ``band + n_bands``, … of each fingerprint as one number.

    With one band it is a mix of all bits, to be compared in full anyway.
    """
    values = np.zeros(len(words), np.uint64)
    for place, bit in enumerate(range(band, 256, n_bands)):
        byte, within = divmod(bit, 8)
        word, shift = divmod(byte, 8)
        one = (words[:, word] >> np.uint64(8 * shift + 7 - within)) & np.uint64(1)
        values ^= one << np.uint64(place % 32)
    return values.astype(np.uint32)


def _compiled(kernel: _Kernel) -> _Kernel:
    """Return the function compiled at its first call; kept on disk for later processes."""
    from numba import njit

    return cast("_Kernel", njit(cache=True)(kernel))


@_compiled
def _compare(
    words: Words,
    order: Rows,
    starts: npt.NDArray[np.int64],
    max_distance: int,
    rows: Rows,
    distances: Fingerprints,
) -> int:
    """Compare all pairs of each bucket and keep the nearest; return how many pairs."""
    n_compared = 0
    for bucket in range(len(starts) - 1):
        begin, end = starts[bucket], starts[bucket + 1]
        for later in range(begin + 1, end):
            mine = order[later]
            for earlier in range(begin, later):
                bits = 0
                for word in range(4):
                    bits += _n_ones(words[earlier, word] ^ words[later, word])
                if bits <= max_distance:
                    _keep(rows[mine], distances[mine], order[earlier], bits)
            n_compared += later - begin
    return n_compared


@_compiled
def _n_ones(word: np.uint64) -> int:
    """Return how many bits are 1."""
    pairs = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    fours = (pairs & np.uint64(0x3333333333333333)) + (
        (pairs >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    bytes_ = (fours + (fours >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((bytes_ * np.uint64(0x0101010101010101)) >> np.uint64(56))


@_compiled
def _keep(rows: Rows, distances: Fingerprints, row: int, bits: int) -> None:
    """Put a row among the nearest, by distance and then row, once."""
    n = len(rows)
    for place in range(n):
        if rows[place] == row:
            return
    for place in range(n):
        free = rows[place] == NOBODY
        if free or bits < distances[place] or (bits == distances[place] and row < rows[place]):
            for other in range(n - 1, place, -1):
                rows[other], distances[other] = rows[other - 1], distances[other - 1]
            rows[place], distances[place] = row, bits
            return
