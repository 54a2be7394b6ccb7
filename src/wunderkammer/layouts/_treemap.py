"""Squarified treemaps: a rectangle parted by weights into ones that are nearly square."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Rectangle(NamedTuple):
    """A rectangle; x and y are its top left corner."""

    x: float
    y: float
    width: float
    height: float

    def inset(self, margin: float) -> Rectangle:
        """Return it without a margin on all sides; it never vanishes."""
        wide = min(margin, self.width * _MOST_INSET)
        high = min(margin, self.height * _MOST_INSET)
        return Rectangle(
            self.x + wide, self.y + high, self.width - 2 * wide, self.height - 2 * high
        )


_MOST_INSET = 0.45


def squarified(weights: Sequence[float], space: Rectangle) -> list[Rectangle]:
    """Return a rectangle for each weight, their areas in proportion, filling the space.

    Parameters
    ----------
    weights : sequence of float
        Positive; rectangles are most nearly square where they fall.
    space : Rectangle
        What is parted.

    Notes
    -----
    Rectangles are put in rows along the shorter side of what is left of the space;
    a row takes the next one as long as its least square member becomes no worse [1]_.

    References
    ----------
    .. [1] Bruls, M., Huizing, K. & van Wijk, J. J. (2000). Squarified treemaps.
       Proceedings of the Joint Eurographics and IEEE TCVG Symposium on Visualization, 33-42.

    Examples
    --------
    >>> squarified([3, 1], Rectangle(0, 0, 4, 1))
    [Rectangle(x=0, y=0, width=3.0, height=1.0), Rectangle(x=3.0, y=0, width=1.0, height=1.0)]
    """
    if not weights:
        return []
    scale = space.width * space.height / sum(weights)
    areas = [weight * scale for weight in weights]
    found: list[Rectangle] = []
    start = 0
    while start < len(areas):
        end = _row_end(areas, start, min(space.width, space.height))
        row, space = _placed(areas[start:end], space, is_last=end == len(areas))
        found += row
        start = end
    return found


def _row_end(areas: Sequence[float], start: int, side: float) -> int:
    """Return where the row ends that begins at ``start``."""
    total, least, most = 0.0, math.inf, 0.0
    worst = math.inf
    for end in range(start, len(areas)):
        total += areas[end]
        least, most = min(least, areas[end]), max(most, areas[end])
        aspect = max(side**2 * most / total**2, total**2 / (side**2 * least))
        if aspect > worst:
            return end
        worst = aspect
    return len(areas)


def _placed(
    row: Sequence[float], space: Rectangle, *, is_last: bool
) -> tuple[list[Rectangle], Rectangle]:
    """Return the rectangles of a row along the shorter side, and what is left."""
    total = sum(row)
    found = []
    x, y = space.x, space.y
    if space.width >= space.height:
        thick = space.width if is_last else total / space.height
        for area in row:
            found.append(Rectangle(x, y, thick, area / thick))
            y += area / thick
        return found, space._replace(x=x + thick, width=space.width - thick)
    thick = space.height if is_last else total / space.width
    for area in row:
        found.append(Rectangle(x, y, area / thick, thick))
        x += area / thick
    return found, space._replace(y=y + thick, height=space.height - thick)
