"""Identification and discrimination of an examination as HTML."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from wunderkammer.reports._charts import Axis, Series, lines, plot, share_axis, swatch
from wunderkammer.reports._document import table
from wunderkammer.reports._examination_read import (
    Cell,
    Examination,
    Figures,
    Value,
    leading,
    nested,
    value_at,
)
from wunderkammer.reports._examination_tables import by_rank, folded, listed, part_name, shown

N_SHADES = 10
_MOST_LABELS, _HARDEST = 32, 10
_SHADES = ("#8c2d04", "#b9501a", "#d9793f", "#eca06f", "#f5c5a3", "#fae3d2", "#e3eef5", "#b7d5e8",
           "#7db4d6", "#3f8fc0")  # fmt: skip

_MATRIX = """
.scroll { overflow-x: auto; margin: 1rem 0; }
table.matrix { display: table; width: auto; margin: 0; font-size: .8rem; }
.matrix caption { display: table-caption; }
.matrix thead { display: table-header-group; position: static; width: auto; height: auto;
  clip-path: none; }
.matrix tbody { display: table-row-group; }
.matrix tr { display: table-row; padding: 0; border: 0; }
.matrix th, .matrix td { display: table-cell; padding: .15rem .3rem; border: 1px solid #fff;
  text-align: center; font-variant-numeric: tabular-nums; }
.matrix thead th span { display: inline-block; writing-mode: vertical-rl;
  transform: rotate(180deg); white-space: nowrap; }
.matrix tbody th { text-align: right; white-space: nowrap; }
"""

_ON_DARK = {0, 1, N_SHADES - 1}
STYLE = _MATRIX + "".join(
    f".matrix td.h{place} {{ background: {shade}; color: "
    f"{'#fff' if place in _ON_DARK else '#1d2327'}; }}\n"
    for place, shade in enumerate(_SHADES)
)


def honest(figures: Figures) -> Figures | None:
    """Return the figures from train to test: media of a test told by the training set."""
    return next((some for name, some in nested(figures, "scores") if "train" in name), None)


def within_test(figures: Figures) -> Figures | None:
    """Return the figures of Kew's protocol: cross-validated inside a test."""
    return next((some for name, some in nested(figures, "scores") if "train" not in name), None)


def identification(one: Examination) -> Iterator[str]:
    """Yield how well names are told, the leading rank open."""
    rank, _ = leading(one, "identification")
    if not one.of("identification"):
        return
    yield '<h2 id="identification">Identification: can the name be told?</h2>'
    yield (
        "<p>A logistic regression on frozen features. <b>Train → test</b> is the honest figure: "
        "fitted on the training set, asked about specimens it has never seen. <b>Kew's</b> is "
        "that of the study: five folds inside the test itself, so that half a species answers "
        "for the other half; it is shown to be compared with, not to be believed. ECE is the "
        "expected calibration error, 0 the best.</p>"
    )
    yield from by_rank(one, "identification", lambda name: _scores(one, name))
    for split in one.splits("identification"):
        cells = one.of("identification", rank, split)
        if any(honest(cell.figures) for cell in cells):
            yield from _curves(one, rank, split, cells)


_SCORES = ("train → test", "top-5", "macro F1", "ECE", "nearest centroid", "Kew's accuracy",
           "Kew's macro F1")  # fmt: skip


def _scores(one: Examination, rank: str) -> Iterator[str]:
    """Yield the figures of a rank, test by test, the best of each marked."""
    cells = sorted(one.of("identification", rank), key=lambda cell: cell.split)
    leaders: dict[str, tuple[float, str]] = {}
    for cell in cells:
        found = value_at(honest(cell.figures) or {}, "accuracy")
        if found:
            leaders[cell.split] = max(
                leaders.get(cell.split, (-1.0, "")), (found.value, cell.encoder)
            )
    heads = ("encoder", "test", *_SCORES)
    rows = (_score_row(one, cell, leaders.get(cell.split, (0, ""))[1]) for cell in cells)
    title, note = f"By {escape(rank)}", _unseen(cells)
    yield from table("wide", title, note, heads, rows, numbers=range(2, len(heads)))


def _score_row(one: Examination, cell: Cell, leader: str) -> list[tuple[str, str, str]]:
    ours, kew = honest(cell.figures) or {}, within_test(cell.figures) or {}
    values = (
        value_at(ours, "accuracy"),
        value_at(ours, "top5"),
        value_at(ours, "scores", "f1"),
        value_at(ours, "calibration", "error"),
        value_at(ours, "centroid", "accuracy"),
        value_at(kew, "accuracy") or value_at(kew, "scores", "accuracy"),
        value_at(kew, "scores", "f1"),
    )
    name = f"{swatch(one.encoders().index(cell.encoder))}{escape(cell.encoder)}"
    first = "n best" if cell.encoder == leader else "n"
    kinds = [first, *["n"] * (len(values) - 1)]
    return [
        ("", "encoder", name),
        ("", "test", escape(part_name(cell.split))),
        *(
            (kind, head, shown(found))
            for kind, head, found in zip(kinds, _SCORES, values, strict=True)
        ),
    ]


def _unseen(cells: Sequence[Cell]) -> str:
    """Return how many labels there are, and how many media could not be told by anybody."""
    some = [(cell.split, found) for cell in cells if (found := honest(cell.figures))]
    said = {
        f"{part_name(split)}: {found.get('n_media', 0):,} media of {found.get('n_labels', 0):,} "
        f"labels to choose from, {found.get('n_unseen', 0):,} left out because nothing to learn "
        "from has their label"
        for split, found in some
    }
    return escape(". ".join(sorted(said)) + ".") if said else ""


def _curves(one: Examination, rank: str, split: str, cells: Sequence[Cell]) -> Iterator[str]:
    found = {cell.encoder: some for cell in cells if (some := honest(cell.figures))}
    where = f"{rank}, {part_name(split)}"
    yield f"<h3>Sure or silent: {escape(where)}</h3>"
    yield (
        '<p class="soft">Answer only where the confidence is high enough, and fewer media get an '
        "answer, more of them the right one.</p>"
    )
    yield from _coverage(one, where, found)
    yield from folded(f"Can the confidence be believed? {where}", _reliability(one, where, found))


def _coverage(one: Examination, where: str, found: Mapping[str, Figures]) -> Iterator[str]:
    series, rows, lowest = [], [], 1.0
    for place, name in enumerate(one.encoders()):
        curve = found.get(name, {}).get("coverage", {})
        points = list(zip(curve.get("coverage", ()), curve.get("accuracy", ()), strict=True))
        series.append(Series(name, points))
        lowest = min([lowest, *(accuracy for _, accuracy in points)])
        if points:
            wanted = [_reached(curve, share) for share in ("0.95", "0.99")]
            rows.append(
                [f"{swatch(place)}{escape(name)}", f"{points[-1][1]:.3f}", *wanted,
                 shown(value_at(curve, "area"))]
            )  # fmt: skip
    low = math.floor(lowest * 5) / 5
    ticks = tuple(round(low + step * (1 - low) / 4, 3) for step in range(5))
    y = Axis("accuracy of the answered", low, 1.0, ticks)
    said = f"Accuracy against the share of media answered, {where}."
    svg = lines("Accuracy and coverage", said, share_axis("share answered"), y, series)
    heads = ("encoder", "all answered", "95 % right", "99 % right", "area")
    note = f"{said} The columns say how many can be answered if so many must be right."
    yield from plot(svg, escape(note), heads, rows, named=True)


def _reached(curve: Figures, wanted: str) -> str:
    found = value_at(curve, "reached", wanted, "coverage")
    return f"{found.value:.0%}" if found else "none"


def _reliability(one: Examination, where: str, found: Mapping[str, Figures]) -> Iterator[str]:
    series, rows = [], []
    for place, name in enumerate(one.encoders()):
        told = found.get(name, {}).get("calibration", {})
        points = [
            (sure, right)
            for sure, right, n in zip(
                told.get("confidence", ()),
                told.get("accuracy", ()),
                told.get("n_media", ()),
                strict=True,
            )
            if n
        ]
        series.append(Series(name, points))
        if points:
            rows.append([f"{swatch(place)}{escape(name)}", shown(value_at(told, "error"))])
    said = f"Confidence against the share that is right, {where}."
    axes = share_axis("confidence"), share_axis("share right")
    svg = lines("Reliability", said, *axes, series, diagonal=True, dots=True)
    note = f"{said} On the dashed line the confidence is the truth; below it, boasts."
    yield from plot(svg, escape(note), ("encoder", "ECE"), rows, named=True)


def pairs_of(cell: Cell) -> list[Mapping[str, Any]]:
    """Return the pairs that a cell of discrimination told apart."""
    return [pair for pair in listed(cell.figures, "first") if "second" in pair]


def mean_discrimination(cell: Cell) -> Value | None:
    """Return the mean accuracy over all pairs."""
    told = [
        value.value for pair in pairs_of(cell) if (value := value_at(pair, "scores", "accuracy"))
    ]
    return Value(sum(told) / len(told)) if told else None


def discrimination(one: Examination) -> Iterator[str]:
    """Yield how well pairs are told apart, the best encoder open."""
    cells = [cell for cell in one.of("discrimination") if pairs_of(cell)]
    if not cells:
        return
    yield '<h2 id="discrimination">Discrimination: which two are confused?</h2>'
    yield (
        "<p>Each pair by itself: a balanced logistic regression, five folds. Accuracy; one half "
        "is a tossed coin.</p>"
    )
    ranked = sorted(cells, key=lambda cell: -(mean_discrimination(cell) or Value(0)).value)
    for place, cell in enumerate(ranked):
        mean = mean_discrimination(cell)
        told = f"mean accuracy {mean.value:.3f} over {len(pairs_of(cell)):,} pairs" if mean else ""
        where = ", ".join(filter(None, (cell.rank, part_name(cell.split) if cell.split else "")))
        title = f"{cell.encoder}, {where}: {told}"
        parts = _pairs(cell)
        if place:
            yield from folded(title, parts)
        else:
            yield f"<h3>{escape(title)}</h3>"
            yield from parts


def _pairs(cell: Cell) -> Iterator[str]:
    pairs = pairs_of(cell)
    labels = sorted({str(pair[key]) for pair in pairs for key in ("first", "second")})
    values = {}
    for pair in pairs:
        found = value_at(pair, "scores", "accuracy")
        if found:
            first, second = str(pair["first"]), str(pair["second"])
            values[first, second] = values[second, first] = found.value
    if 2 < len(labels) <= _MOST_LABELS:
        yield from _matrix(labels, values)
    hardest = sorted(
        pairs, key=lambda pair: values.get((str(pair["first"]), str(pair["second"])), 1)
    )
    rows = (
        [
            ("", "pair", f"{escape(str(pair['first']))} / {escape(str(pair['second']))}"),
            ("n", "accuracy", shown(value_at(pair, "scores", "accuracy"))),
            ("n", "F1", shown(value_at(pair, "scores", "f1"))),
            ("n", "media", f"{pair.get('n_first', 0):,} + {pair.get('n_second', 0):,}"),
        ]
        for pair in hardest[:_HARDEST]
    )
    heads = ("pair", "accuracy", "F1", "media")
    yield from table("wide", "Hardest to tell apart", "", heads, rows, numbers=(1, 2, 3))


def _matrix(labels: Sequence[str], values: Mapping[tuple[str, str], float]) -> Iterator[str]:
    """Yield the heat table of all pairs."""
    yield '<div class="scroll"><table class="matrix"><caption class="note">Accuracy in per cent'
    yield "</caption><thead><tr><td></td>"
    yield from (f'<th scope="col"><span>{escape(label)}</span></th>' for label in labels)
    yield "</tr></thead><tbody>"
    for row in labels:
        yield f'<tr><th scope="row">{escape(row)}</th>'
        for column in labels:
            value = values.get((row, column))
            if value is None:
                yield "<td></td>"
            else:
                yield f'<td class="h{_shade(value)}">{100 * value:.0f}</td>'
        yield "</tr>"
    yield "</tbody></table></div>"


def _shade(accuracy: float) -> int:
    """Return the place of a shade: half right is the darkest red, all right the darkest blue."""
    return min(N_SHADES - 1, max(0, int((accuracy - 0.5) * 2 * N_SHADES)))
