"""Drawing without a random-number generator: who is drawn follows from ids and a seed.

In each draw a unit has a rank: the first 64 bits of SHA-256 of
``seed|draw|unit``. The n smallest ranks are drawn. So the same seed draws the
same units on any machine and in any order of rows, a larger n contains the
smaller one, and a few more units change the draw only a little.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from wunderkammer.core.database import without_files

Ranks = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_BATCH = 262_144
_HEX_DIGITS = 16
"""Of 64 that SHA-256 has: 64 bits."""


def ranks(seed: int, draw: str, names: pa.Array) -> Ranks:
    """Return the rank of each name in a draw.

    Parameters
    ----------
    seed : int
    draw : str
        The draw's own name, so that two draws of one seed know nothing of each other.
    names : pyarrow.Array of string
        Ids of units, or names of classes.

    Examples
    --------
    >>> ranks(89, "cap", pa.array(["a", "b"])).tolist()
    [1268139268246112375, 5329123976017617994]
    """
    found = np.empty(len(names), dtype=np.uint64)
    with without_files() as connection:
        for start in range(0, len(names), _BATCH):
            piece = names.slice(start, _BATCH)
            connection.register("names", pa.table({"name": piece}))
            digits = connection.sql(
                "SELECT left(sha256(? || name), ?) AS digits FROM names",
                params=[f"{seed}|{draw}|", _HEX_DIGITS],
            ).to_arrow_table()["digits"]
            found[start : start + len(piece)] = _numbers(digits)
    return found


def _numbers(digits: pa.ChunkedArray) -> Ranks:
    """Return texts of 16 hexadecimal digits as numbers."""
    text = pa.chunked_array(digits.chunks, pa.string()).combine_chunks()
    content = text.buffers()[2].to_pybytes()[: _HEX_DIGITS * len(text)] if len(text) else b""
    return np.frombuffer(bytes.fromhex(content.decode("ascii")), ">u8").astype(np.uint64)


def smallest(rank: Ranks, n: int) -> Mask:
    """Return which of them are the n smallest ranks."""
    return smallest_of_each(np.zeros(len(rank), dtype=np.int64), rank, n)


def smallest_of_each(groups: Codes, rank: Ranks, n: int | Codes) -> Mask:
    """Return which are the n smallest ranks of their group.

    Parameters
    ----------
    groups : ndarray of int, shape (n_units,)
    rank : ndarray of uint64, shape (n_units,)
    n : int, or ndarray of int, shape (n_groups,)
        For all groups, or for each by its code.

    Examples
    --------
    >>> smallest_of_each(np.array([0, 0, 1]), np.array([7, 5, 9], np.uint64), 1).tolist()
    [False, True, True]
    """
    order = np.lexsort((rank, groups))
    ordered = groups[order]
    begins = np.flatnonzero(np.diff(ordered, prepend=-1)) if len(ordered) else ordered
    lengths = np.diff(np.append(begins, len(ordered)))
    place = np.arange(len(ordered)) - np.repeat(begins, lengths)
    wanted = n if isinstance(n, int) else np.asarray(n)[ordered]
    chosen = np.zeros(len(rank), dtype=np.bool_)
    chosen[order] = place < wanted
    return chosen


def largest_remainder(sizes: Codes, n: int, ties: Ranks, minimum: int = 0) -> Codes:
    """Return how many of n each class gets, so that the shares of the classes are kept.

    Parameters
    ----------
    sizes : ndarray of int, shape (n_classes,)
        Units of each class; their sum is at least n.
    n : int
        Units to hand out, all of them.
    ties : ndarray of uint64, shape (n_classes,)
        Who is first where remainders are equal: the smaller.
    minimum : int
        What each class gets at least, or all it has.

    Returns
    -------
    ndarray of int64, shape (n_classes,)
        Sums to n. Without a minimum, each is its exact share rounded up or down.

    Examples
    --------
    >>> largest_remainder(np.array([50, 30, 20]), 7, np.array([0, 1, 2], np.uint64)).tolist()
    [4, 2, 1]
    """
    sizes = np.asarray(sizes, dtype=np.int64)
    least = np.minimum(sizes, minimum)
    fixed = np.zeros(len(sizes), dtype=np.bool_)
    while True:
        # a class that its share would leave below the minimum gets that; the others share the rest
        total, left = int(sizes[~fixed].sum()), n - int(least[fixed].sum())
        short = ~fixed & (sizes * left < least * total)
        if not short.any():
            break
        fixed |= short
    given = np.where(fixed, least, 0)
    free = np.flatnonzero(~fixed)
    if total:
        given[free] = sizes[free] * left // total
        first = np.lexsort((ties[free], -(sizes[free] * left % total)))
        given[free[first[: n - int(given.sum())]]] += 1
    return given


def portions(n: int, held_out: Sequence[float]) -> list[int]:
    """Return how many of n are not held out, then how many fall to each share; they sum to n.

    Examples
    --------
    >>> portions(11, [0.1, 0.1])
    [9, 1, 1]
    """
    exact = [Fraction(str(share)) * n for share in held_out]
    exact.insert(0, n - sum(exact, Fraction()))
    found = [int(one) for one in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (found[i] - exact[i], i))
    for i in by_remainder[: n - sum(found)]:
        found[i] += 1
    return found


def nearest_count(share: float, n: int) -> int:
    """Return a share of n, rounded to the nearest count; halves are rounded up.

    Examples
    --------
    >>> nearest_count(0.1, 25)
    3
    """
    return int(Fraction(str(share)) * n + Fraction(1, 2))
