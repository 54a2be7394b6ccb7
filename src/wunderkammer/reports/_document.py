"""A report as one HTML page that needs no file, no network, and runs no script but its own."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.metadata import version

STYLE = """
:root { color-scheme: light; --ink: #1d2327; --soft: #52606b; --line: #d5dbe0; --tint: #f3f6f8;
  --accent: #0b5c8a; --bad: #9b2c17; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1.25rem 4rem; max-width: 75rem; color: var(--ink);
  background: #fff; font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
h1 { margin: 0; font-size: 1.8rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 3rem 0 .25rem; padding-top: 1rem; border-top: 2px solid var(--ink); font-size: 1.35rem;
  overflow-wrap: anywhere; }
p { margin: .35rem 0 .75rem; max-width: 48rem; }
.soft { color: var(--soft); }
a { color: var(--accent); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem;
  margin: 1.5rem 0 0; padding: 0; }
.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end;
  padding: .8rem 1rem; background: var(--tint); border-radius: .4rem; }
.figures dt { color: var(--soft); font-size: .9rem; }
.figures dd { margin: 0; font-size: 1.6rem; font-weight: 650; line-height: 1.2; }
table { width: 100%; margin: 1.5rem 0 .75rem; border-collapse: collapse; }
caption { padding-bottom: .4rem; text-align: left; font-size: 1.05rem; font-weight: 650; }
.quiet caption { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
caption small { display: block; max-width: 48rem; color: var(--soft); font-size: .9rem;
  font-weight: 400; }
th { text-align: left; vertical-align: bottom; color: var(--soft); font-size: .85rem;
  font-weight: 600; }
th, td { padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); }
td { vertical-align: top; overflow-wrap: anywhere; }
td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.n.some { color: var(--bad); font-weight: 600; }
td b { font-weight: 600; }
td span { display: block; color: var(--soft); font-size: .88rem; }
.found td:nth-child(1) { width: 26%; }
.found td:nth-child(2) { width: 42%; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line);
  color: var(--soft); font-size: .9rem; }
@media (max-width: 40rem) {
  body { padding: 1rem .9rem 3rem; }
  table, caption, tbody, tr, td { display: block; width: auto; }
  .found td:nth-child(n) { width: auto; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  td, td.n { padding: .12rem 0; border: 0; text-align: left; white-space: normal; }
  td.n:first-child, td.n:first-child + td { display: inline; margin-right: .35rem; }
  td.n:not(:first-child)::before, td.w::before { content: attr(data-of) ": "; color: var(--soft);
    font-weight: 400; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  a { color: inherit; text-decoration: none; }
  h2, caption { break-after: avoid; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
  .figures div { border: 1px solid var(--line); }
}
"""

PLOT_STYLE = """
.plot { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 2rem;
  align-items: start; }
.plot > table { margin: 0; font-size: .9rem; }
.plot > table caption { font-size: .95rem; }
.plot td, .plot th { padding-top: .2rem; padding-bottom: .2rem; }
figure { margin: 0 0 1rem; }
figcaption { color: var(--soft); font-size: .9rem; }
svg { display: block; width: 100%; max-width: 40rem; height: auto; }
svg text { fill: var(--soft); font: 12px system-ui, "Segoe UI", Roboto, sans-serif; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .axis { stroke: var(--soft); stroke-width: 1; }
svg .bar { fill: var(--accent); }
svg .line { fill: none; stroke: var(--accent); stroke-width: 2.5; stroke-linejoin: round; }
svg .dot { fill: var(--accent); }
svg .ideal { fill: none; stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 5 4; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr));
  gap: 1.5rem 1.25rem; margin: 1.25rem 0; padding: 0; list-style: none; }
.pictures li { min-width: 0; }
.pictures .pair { display: grid; grid-template-columns: 1fr 1fr; gap: .4rem; align-items: end; }
.pictures img { display: block; width: 100%; height: auto; max-height: 15rem; object-fit: contain;
  background: #e8ebee; }
.pictures b, .pictures span { display: block; overflow-wrap: anywhere; }
.pictures span { color: var(--soft); font-size: .88rem; }
@media (max-width: 40rem) {
  .plot { display: block; }
  svg text { font-size: 17px; }
  .pictures { grid-template-columns: minmax(0, 1fr); }
}
@media print { .pictures li, figure { break-inside: avoid; } .plot { display: block; }
  .pictures { grid-template-columns: repeat(3, 1fr); } svg { max-width: 26rem; } }
"""


def document(
    title: str, parts: Iterable[str], *, plots: bool = False, style: str = "", script: str = ""
) -> str:
    """Return a whole page.

    Parameters
    ----------
    title : str
        Plain text.
    parts : iterable of str
        HTML of the body.
    plots : bool
        Whether it holds plots and pictures; these lie in the page itself.
    style, script : str
        What this page has beyond the others; the browser runs this script and no other.
    """
    style = STYLE + (PLOT_STYLE if plots else "") + style
    images = " img-src data:;" if plots else ""
    scripts = f" script-src '{_digest(script)}';" if script else ""
    policy = f"default-src 'none'; style-src '{_digest(style)}';{images}{scripts} base-uri 'none'"
    lines = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        f"<style>{style}</style></head><body>",
        *parts,
        *([f"<script>{script}</script>"] if script else []),
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def figures(numbers: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the figures a page begins with: (what, how much), both HTML."""
    yield '<dl class="figures">'
    for name, number in numbers:
        yield f"<div><dt>{name}</dt><dd>{number}</dd></div>"
    yield "</dl>"


def made_by(made: dt.datetime, contact: str) -> str:
    """Return the line that says what made a page, when, and whom to ask."""
    asked = f" Questions to {escape(contact)}." if contact else ""
    return (
        f"<p>Made by Wunderkammer {escape(version('wunderkammer'))} on "
        f"{made:%Y-%m-%d %H:%M} UTC.{asked}</p>"
    )


def table(
    style: str,
    title: str,
    note: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[tuple[str, str, str]]],
    *,
    numbers: Iterable[int] = (),
) -> Iterator[str]:
    """Yield a table; cells are (class, name of the column, HTML).

    The roles keep it a table for screen readers where a phone shows rows as blocks.
    """
    small = f"<small>{note}</small>" if note else ""
    right = set(numbers)
    yield f'<table role="table" class="{style}"><caption>{title}{small}</caption>'
    yield '<thead role="rowgroup"><tr role="row">'
    for place, head in enumerate(heads):
        kind = ' class="n"' if place in right else ""
        yield f'<th role="columnheader" scope="col"{kind}>{head}</th>'
    yield '</tr></thead><tbody role="rowgroup">'
    for row in rows:
        cells = (
            f'<td role="cell" class="{kind}" data-of="{name}">{html}</td>'
            for kind, name, html in row
            if html or kind != "w"
        )
        yield f'<tr role="row">{"".join(cells)}</tr>'
    yield "</tbody></table>"
