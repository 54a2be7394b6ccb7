"""Groups of duplicates: one medium of each is kept, the others point to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from wunderkammer.duplicates.bands import N_NEAREST, Fingerprints, find_near

Indices = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Groups:
    """Which medium stands for each.

    Attributes
    ----------
    kept : ndarray of int64, shape (n,)
        Row of the medium that is kept of its group; its own for one that is kept.
    distances : ndarray of int64, shape (n,)
        Bits in which the fingerprint differs from that of the kept one; 0 if exact.
    exact : ndarray of bool, shape (n,)
        Whether its bytes are those of the kept one, for media that are not kept.
    n_looked_at : int
        Pairs that were near and had to be looked at.
    n_refused : int
        Pairs of these that turned out to be different pictures.
    """

    kept: Indices
    distances: Indices
    exact: Bools
    n_looked_at: int = 0
    n_refused: int = 0


@dataclass
class _Verdicts:
    """The rows in order of rank, and what has been decided of them so far."""

    fingerprints: Fingerprints
    max_distance: int
    same: Callable[[int, int], bool]
    kept: Indices
    distances: Indices
    looked_at: list[bool] = field(default_factory=list)

    def decide(self, row: int, candidates: Sequence[int]) -> None:
        """Let a row stand for itself, or point to the nearest kept one it is a copy of."""
        keepers = sorted({int(self.kept[one]) for one in candidates})
        difference = self.fingerprints[keepers] ^ self.fingerprints[row]
        bits = np.bitwise_count(difference).sum(axis=1).tolist()
        near = sorted(pair for pair in zip(bits, keepers, strict=True))
        for distance, keeper in near[:N_NEAREST]:
            if distance > self.max_distance:
                return
            is_same = self.same(row, keeper)
            self.looked_at.append(is_same)
            if is_same:
                self.kept[row], self.distances[row] = keeper, distance
                return


def group_duplicates(
    contents: npt.ArrayLike,
    fingerprints: Fingerprints,
    comparable: Bools,
    same: Callable[[int, int], bool],
    *,
    max_distance: int,
) -> Groups:
    """Return which medium of each group of duplicates is kept.

    Parameters
    ----------
    contents : array of int, shape (n,)
        Equal numbers for equal bytes; the better medium first.
    fingerprints : ndarray of uint8, shape (n, 32)
    comparable : ndarray of bool, shape (n,)
        False where an image is too plain for its fingerprint to mean anything.
    same : callable
        ``same(row, keeper)`` looks at two near media and says whether they are
        one picture. It is asked at most four times a medium.
    max_distance : int
        Most bits in which near media may differ.

    Notes
    -----
    Media are taken in order. One whose bytes were met before points to where the
    first of them points; one that is near a kept medium, and the same picture,
    points to that; all others are kept. So each points to a kept one that it
    resembles itself: a line of pictures that drift, each like the next, is not
    drawn together into one group whose ends have nothing in common.
    """
    _, first, same_as = np.unique(np.asarray(contents), return_index=True, return_inverse=True)
    first_with_bytes = first[same_as].astype(np.int64)
    rows = np.arange(len(first_with_bytes))
    leads = first_with_bytes == rows
    verdicts = _Verdicts(
        fingerprints, max_distance, same, rows.astype(np.int64), np.zeros(len(rows), np.int64)
    )
    for row, candidates in _near_ones(fingerprints, np.flatnonzero(leads & comparable), verdicts):
        verdicts.decide(row, candidates)
    kept = verdicts.kept[first_with_bytes]
    return Groups(
        kept,
        verdicts.distances[first_with_bytes],
        (kept != rows) & (kept == first_with_bytes),
        len(verdicts.looked_at),
        verdicts.looked_at.count(False),
    )


def _near_ones(
    fingerprints: Fingerprints, rows: Indices, verdicts: _Verdicts
) -> Iterator[tuple[int, list[int]]]:
    """Yield each row that has earlier ones near it, with these, nearest first.

    Rows with one fingerprint are searched for once; among themselves, each is
    compared with the earliest that are kept.
    """
    if not len(rows):
        return
    bits = np.ascontiguousarray(fingerprints[rows]).view("V32").ravel()
    _, first, alike = np.unique(bits, return_index=True, return_inverse=True)
    place_of = np.argsort(np.argsort(first, kind="stable"), kind="stable")[alike]
    places = np.sort(first)
    near = find_near(fingerprints[rows[places]], verdicts.max_distance)
    twins: dict[int, list[int]] = {}
    several = np.bincount(place_of) > 1
    for index in np.flatnonzero(several[place_of] | (near.rows[place_of, 0] >= 0)).tolist():
        row, place = int(rows[index]), int(place_of[index])
        others = rows[places[near.rows[place][near.rows[place] >= 0]]].tolist()
        own = twins.setdefault(place, []) if several[place] else []
        if own or others:
            yield row, [*own, *others]
        if several[place] and len(own) < N_NEAREST and verdicts.kept[row] == row:
            own.append(row)
