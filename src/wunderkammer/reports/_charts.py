"""Plots of a report as SVG in the page, each with what it says in words and its numbers beside."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from wunderkammer.reports._document import table

_WIDTH, _HEIGHT = 560, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 14, 14, 48

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a plot.

    Attributes
    ----------
    label : str
        What it shows, with its unit.
    low, high : float
        Its ends.
    ticks : tuple of float
        Where its numbers stand.
    form : str
        How they are written.
    names : tuple of str
        What stands in place of the numbers, if anything does.
    """

    label: str
    low: float
    high: float
    ticks: tuple[float, ...]
    form: str = "{:g}"
    names: tuple[str, ...] = ()

    def labels(self) -> Iterator[tuple[float, str]]:
        """Yield each tick and what is written there."""
        names = self.names or tuple(self.form.format(tick) for tick in self.ticks)
        yield from zip(self.ticks, names, strict=True)

    def place(self, value: float, start: float, end: float) -> float:
        """Return where a value lies between two pixels; beyond its ends, at the end."""
        share = (value - self.low) / (self.high - self.low or 1.0)
        return start + min(1.0, max(0.0, share)) * (end - start)


SERIES_STYLE = """
svg .s0 { stroke: #0b5c8a; } svg .s1 { stroke: #c44e00; stroke-dasharray: 9 3; }
svg .s2 { stroke: #00785a; stroke-dasharray: 3 3; } svg .s3 { stroke: #a2478b; }
svg .s4 { stroke: #8a6d00; stroke-dasharray: 9 3; } svg .s5 { stroke: #2f8fcc; }
svg .s6 { stroke: #1d2327; stroke-dasharray: 3 3; } svg .s7 { stroke: #7a828a; }
svg .dot.s0 { fill: #0b5c8a; } svg .dot.s1 { fill: #c44e00; } svg .dot.s2 { fill: #00785a; }
svg .dot.s3 { fill: #a2478b; } svg .dot.s4 { fill: #8a6d00; } svg .dot.s5 { fill: #2f8fcc; }
svg .dot.s6 { fill: #1d2327; } svg .dot.s7 { fill: #7a828a; }
svg.swatch { display: inline-block; width: 1.5rem; height: .5rem; margin-right: .4rem;
  vertical-align: middle; }
"""
"""Colours told apart by every kind of colour vision, and dashes where they are close."""

UNIT_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def share_axis(label: str) -> Axis:
    """Return an axis from 0 to 1."""
    return Axis(label, 0.0, 1.0, UNIT_TICKS)


def count_axis(counts: Sequence[float], label: str = "media") -> Axis:
    """Return an axis from 0 to a round number that holds all counts."""
    return axis_to(max(counts, default=0), label, form="{:,.0f}", least=1.0)


def axis_to(highest: float, label: str, *, form: str = "{:g}", least: float = 0.0) -> Axis:
    """Return an axis from 0 to a round number not below ``highest``, in steps of ``least``."""
    target = max(highest, 1e-9) / 4
    power = 10.0 ** math.floor(math.log10(target))
    steps = [many * power for many in (1, 2, 2.5, 5, 10) if many * power >= target * (1 - 1e-9)]
    step = next((one for one in steps if not least or one % least == 0), least)
    n_steps = max(1, math.ceil(highest / step - 1e-9))
    ticks = tuple(round(step * number, 9) for number in range(n_steps + 1))
    return Axis(label, 0.0, ticks[-1], ticks, form)


def bars(title: str, said: str, x: Axis, y: Axis, edges: Sequence[float],
         counts: Sequence[float]) -> str:  # fmt: skip
    """Return a histogram.

    Parameters
    ----------
    title, said : str
        What it is, and what it shows in one sentence; plain text.
    x, y : Axis
    edges : sequence of float
        One more than there are bars.
    counts : sequence of float
        Height of each bar.
    """
    marks = []
    for low, high, count in zip(edges, edges[1:], counts, strict=False):
        left, right, top, base = _x(x, low), _x(x, high), _y(y, count), _y(y, 0)
        marks.append(
            f'<rect class="bar" x="{left + 0.75:.1f}" y="{top:.1f}" '
            f'width="{max(0.5, right - left - 1.5):.1f}" height="{base - top:.1f}"/>'
        )
    return _svg(title, said, x, y, marks)


def line(
    title: str, said: str, x: Axis, y: Axis, points: Sequence[Point], *, diagonal: bool = False
) -> str:
    """Return a line through points; ``diagonal`` also draws what would be ideal."""
    marks = []
    if diagonal:
        marks.append(_path("ideal", x, y, ((x.low, x.low), (x.high, x.high))))
    marks.append(_path("line", x, y, points))
    marks += [
        f'<circle class="dot" cx="{_x(x, across):.1f}" cy="{_y(y, up):.1f}" r="4"/>'
        for across, up in points
    ]
    return _svg(title, said, x, y, marks)


class Series(NamedTuple):
    """One of several lines.

    Attributes
    ----------
    name : str
        Plain text.
    points : sequence of (float, float)
    """

    name: str
    points: Sequence[Point]


N_COLOURS = 8
"""Colours that lines and dots are told apart by, see :data:`SERIES_STYLE`; then they begin anew."""


def lines(
    title: str,
    said: str,
    x: Axis,
    y: Axis,
    series: Sequence[Series],
    *,
    diagonal: bool = False,
    dots: bool = False,
) -> str:
    """Return several lines; ``dots`` marks their points, ``diagonal`` what would be ideal."""
    marks = []
    if diagonal:
        marks.append(_path("ideal", x, y, ((x.low, x.low), (x.high, x.high))))
    for place, one in enumerate(series):
        marks.append(_path(f"line s{place % N_COLOURS}", x, y, one.points))
        if dots:
            marks += [
                f'<circle class="dot s{place % N_COLOURS}" cx="{_x(x, across):.1f}" '
                f'cy="{_y(y, up):.1f}" r="3.5"/>'
                for across, up in one.points
            ]
    return _svg(title, said, x, y, marks)


def swatch(place: int) -> str:
    """Return the sign of a line in tables and legends."""
    return (
        f'<svg class="swatch" viewBox="0 0 24 8" aria-hidden="true"><polyline '
        f'class="line s{place % N_COLOURS}" points="0,4 24,4"/></svg>'
    )


def plot(
    svg: str,
    note: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    named: bool = False,
) -> Iterator[str]:
    """Yield a plot with the table of its numbers beside it; all is HTML.

    Where rows are ``named``, their first cells are text.
    """
    yield f'<div class="plot"><figure>{svg}<figcaption>{note}</figcaption></figure>'
    kinds = ["" if named and not place else "n" for place in range(len(heads))]
    cells = (list(zip(kinds, heads, row, strict=True)) for row in rows)
    numbers = range(int(named), len(heads))
    yield from table("quiet", "The plot in numbers", "", heads, cells, numbers=numbers)
    yield "</div>"


def _svg(title: str, said: str, x: Axis, y: Axis, marks: Sequence[str]) -> str:
    name = hashlib.sha256(f"{title}\x1f{said}".encode()).hexdigest()[:10]
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="t-{name} d-{name}">',
        f'<title id="t-{name}">{escape(title)}</title>',
        f'<desc id="d-{name}">{escape(said)}</desc>',
        *_grid(x, y),
        *marks,
        "</svg>",
    ]
    return "".join(parts)


def _grid(x: Axis, y: Axis) -> Iterator[str]:
    left, right, base = _x(x, x.low), _x(x, x.high), _y(y, y.low)
    for tick, name in y.labels():
        level = _y(y, tick)
        yield (
            f'<line class="grid" x1="{left:.1f}" x2="{right:.1f}" y1="{level:.1f}" '
            f'y2="{level:.1f}"/><text x="{left - 8:.1f}" y="{level + 4:.1f}" text-anchor="end">'
            f"{escape(name)}</text>"
        )
    for tick, name in x.labels():
        across = _x(x, tick)
        yield (
            f'<line class="axis" x1="{across:.1f}" x2="{across:.1f}" y1="{base:.1f}" '
            f'y2="{base + 5:.1f}"/><text x="{across:.1f}" y="{base + 19:.1f}" '
            f'text-anchor="middle">{escape(name)}</text>'
        )
    yield f'<line class="axis" x1="{left:.1f}" x2="{right:.1f}" y1="{base:.1f}" y2="{base:.1f}"/>'
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    yield (
        f'<text x="{(left + right) / 2:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">'
        f'{escape(x.label)}</text><text x="14" y="{middle:.1f}" text-anchor="middle" '
        f'transform="rotate(-90 14 {middle:.1f})">{escape(y.label)}</text>'
    )


def _path(kind: str, x: Axis, y: Axis, points: Iterable[Point]) -> str:
    places = " ".join(f"{_x(x, across):.1f},{_y(y, up):.1f}" for across, up in points)
    return f'<polyline class="{kind}" points="{places}"/>'


def _x(axis: Axis, value: float) -> float:
    return axis.place(value, _LEFT, _WIDTH - _RIGHT)


def _y(axis: Axis, value: float) -> float:
    return axis.place(value, _HEIGHT - _BOTTOM, _TOP)
