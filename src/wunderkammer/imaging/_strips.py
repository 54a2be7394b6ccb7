"""Horizontal strips: what needs many floats a pixel is done on few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator

PIXELS_AT_A_TIME = 4_000_000


def strips(
    height: int, width: int, overlap: int, pixels: int = PIXELS_AT_A_TIME
) -> Iterator[tuple[slice, slice, slice]]:
    """Yield for each strip: its rows, the rows to look at, and its rows within these.

    Parameters
    ----------
    height, width : int
        Size of the image.
    overlap : int
        Rows above and below a strip that its result depends on.
    pixels : int
        About how many a strip may have, without its overlap.

    Examples
    --------
    >>> [(rows.start, rows.stop, seen.start, seen.stop) for rows, seen, _ in strips(5, 10, 1, 20)]
    [(0, 2, 0, 3), (2, 4, 1, 5), (4, 5, 3, 5)]
    """
    step = max(1, pixels // max(1, width), 2 * overlap if overlap > 1 else 1)
    for first in range(0, height, step):
        last = min(height, first + step)
        top, bottom = max(0, first - overlap), min(height, last + overlap)
        yield slice(first, last), slice(top, bottom), slice(first - top, last - top)
