"""A small plot of a few curves, as SVG: the same bytes for the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 56, 150, 16, 44
COLOURS = ("#555555", "#0b6e8a", "#c2541b", "#5a7d1e", "#7a4f9a")


@dataclass(frozen=True)
class Line:
    """A curve with its name."""

    name: str
    x: np.ndarray
    y: np.ndarray
    dotted: bool = False


def plot(lines: Sequence[Line], x_title: str, y_title: str) -> str:
    """Return curves in one frame, each named at the right."""
    x_low, x_high = min(one.x.min() for one in lines), max(one.x.max() for one in lines)
    ticks = _ticks(min(one.y.min() for one in lines), max(one.y.max() for one in lines))

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + (x - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT),
            TOP + (ticks[-1] - y) / (ticks[-1] - ticks[0]) * (HEIGHT - TOP - BOTTOM),
        )

    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="12"'
    middle = (LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        f"<title>{escape(y_title)} over {escape(x_title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for tick in ticks:
        _, y = place(x_low, tick)
        parts += [
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>',
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:.2f}</text>',
        ]
    for x in np.linspace(x_low, x_high, 5):
        at, y = place(x, ticks[0])
        parts.append(f'<text x="{at:.1f}" y="{y + 16:.1f}" text-anchor="middle">{x:.0f}</text>')
    parts += [
        f'<g text-anchor="middle"><text x="{middle[0]}" y="{HEIGHT - 8}">{escape(x_title)}</text>',
        f'<text transform="translate(14 {middle[1]}) rotate(-90)">{escape(y_title)}</text></g>',
    ]
    for rank, (one, colour) in enumerate(zip(lines, COLOURS, strict=False)):
        points = " ".join(
            "{:.1f},{:.1f}".format(*place(*at)) for at in zip(one.x, one.y, strict=True)
        )
        pen = f'fill="none" stroke="{colour}" stroke-width="2"'
        pen += ' stroke-dasharray="5 4"' if one.dotted else ""
        y = TOP + 16 + rank * 20
        parts += [
            f'<polyline points="{points}" {pen}/>',
            f'<path d="M{WIDTH - RIGHT + 12} {y - 4}h22" {pen}/>',
            f'<text x="{WIDTH - RIGHT + 40}" y="{y}">{escape(one.name)}</text>',
        ]
    return "\n".join([*parts, "</svg>\n"])


def _ticks(low: float, high: float) -> np.ndarray:
    """Return round numbers around two values, at most eight."""
    step = next(one for one in (0.01, 0.02, 0.05, 0.1, 0.2) if (high - low) / one < 6 or one == 0.2)
    return np.arange(np.floor(low / step), np.ceil(high / step) + 1) * step
