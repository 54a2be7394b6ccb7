"""Morton codes: two coordinates woven into one number, so that near places sort near."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]

_STEPS = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
_STEPS_BACK = (
    (1, 0x3333333333333333),
    (2, 0x0F0F0F0F0F0F0F0F),
    (4, 0x00FF00FF00FF00FF),
    (8, 0x0000FFFF0000FFFF),
    (16, 0x00000000FFFFFFFF),
)


def morton_codes(x: npt.ArrayLike, y: npt.ArrayLike) -> Codes:
    """Return x in the even bits and y in the odd bits.

    Parameters
    ----------
    x, y : array_like of int
        Columns and rows, in [0, 2**31).

    Examples
    --------
    >>> morton_codes([0, 1, 0, 1, 3], [0, 0, 1, 1, 5])
    array([ 0,  1,  2,  3, 39])
    """
    return _spread(x) | (_spread(y) << 1)


def from_morton(codes: npt.ArrayLike) -> tuple[Codes, Codes]:
    """Return the columns and the rows that make up the codes.

    Examples
    --------
    >>> from_morton([39])
    (array([3]), array([5]))
    """
    codes = np.asarray(codes, np.int64)
    return _gather(codes), _gather(codes >> 1)


def tile_of(code: int) -> tuple[int, int]:
    """Return the x and y of one code, without NumPy: it is asked once a tile."""
    x = y = bit = 0
    while code:
        x |= (code & 1) << bit
        y |= ((code >> 1) & 1) << bit
        code >>= 2
        bit += 1
    return x, y


def _spread(values: npt.ArrayLike) -> Codes:
    """Move bit i to bit 2i."""
    spread = np.asarray(values, np.int64)
    for shift, mask in _STEPS:
        spread = (spread | (spread << shift)) & mask
    return spread


def _gather(spread: Codes) -> Codes:
    """Move bit 2i back to bit i and drop the odd ones."""
    values = spread & _STEPS[-1][1]
    for shift, mask in _STEPS_BACK:
        values = (values | (values >> shift)) & mask
    return values
