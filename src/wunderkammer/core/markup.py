"""HTML of results for notebooks: small tables that take the notebook's own colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

LONGEST = 80
"""Characters of a cell that are shown."""

STYLE = """<style>
.wk{font:13px/1.45 system-ui,sans-serif;color:inherit;max-width:72em;margin:.4em 0}
.wk table{border-collapse:collapse;margin:0;color:inherit;font:inherit}
.wk th,.wk td{padding:.25em .8em .25em 0;text-align:left;vertical-align:top;background:none;
border:0;border-bottom:1px solid color-mix(in srgb,currentColor 16%,transparent)}
.wk th{font-weight:600;opacity:.75;white-space:nowrap}
.wk td.n,.wk th.n{text-align:right;font-variant-numeric:tabular-nums}
.wk .title{font-size:15px;font-weight:600}
.wk .quiet{opacity:.7}
.wk .sheet{display:grid;grid-template-columns:repeat(auto-fill,minmax(140px,1fr));gap:10px;
margin:.5em 0}
.wk figure{margin:0;padding:8px;border-radius:8px;
background:color-mix(in srgb,currentColor 6%,transparent)}
.wk figure img,.wk figure .none{display:block;width:100%;height:130px;object-fit:contain}
.wk figure .none{display:grid;place-items:center;opacity:.6;font-size:12px}
.wk figcaption{margin-top:6px;font-size:12px;overflow-wrap:anywhere}
.wk figcaption .quiet{display:block;font-size:11px}
</style>"""


def framed(*parts: str) -> str:
    """Return parts inside one element that carries its looks."""
    return f'{STYLE}<div class="wk">{"".join(parts)}</div>'


def titled(title: str, more: str = "") -> str:
    """Return a title, and quiet words beside it."""
    beside = f' <span class="quiet">{escape(more)}</span>' if more else ""
    return f'<div><span class="title">{escape(title)}</span>{beside}</div>'


def quiet(text: str) -> str:
    """Return words below a table."""
    return f'<div class="quiet">{escape(text)}</div>'


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; every cell is escaped and cut, numbers stand at the right."""
    listed = [list(row) for row in rows]
    numeric = [
        bool(listed) and all(isinstance(row[i], int | float) for row in listed)
        for i in range(len(head))
    ]
    ends = [' class="n"' if one else "" for one in numeric]
    top = "".join(f"<th{end}>{escape(name)}</th>" for name, end in zip(head, ends, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f"<td{end}>{cell(one)}</td>" for one, end in zip(row, ends, strict=True))
        + "</tr>"
        for row in listed
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def cell(value: object) -> str:
    """Return a value as it stands in a table."""
    return escape(short(value))


def short(value: object) -> str:
    """Return a value in few characters.

    Examples
    --------
    >>> short(None), short(1234567), short(0.123456), short("a" * 100)[-1]
    ('', '1,234,567', '0.1235', '…')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.4g}"
    text = str(value).replace("\n", " ")
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
