"""Silhouettes, neighbours, leakage and learning curves of an examination as HTML."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from wunderkammer.reports._charts import (
    Axis,
    Series,
    lines,
    plot,
    share_axis,
    swatch,
)
from wunderkammer.reports._document import table
from wunderkammer.reports._examination_read import (
    TRAIN,
    Cell,
    Examination,
    Value,
    leading,
    value_at,
)

STYLE = """
td.best { background: var(--tint); }
td.best b { color: var(--accent); }
@media (max-width: 40rem) { .wide td.n span { display: inline; margin-left: .5rem; } }
@media (min-width: 40.01rem) { .wide td:first-child { white-space: nowrap; } }
.wide th.n, .plot th.n { white-space: normal; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--accent); }
.note { font-size: .9rem; color: var(--soft); }
"""

ACROSS = "train_to_test"
"""Where the figures of a test against the training set stand."""

_SMALLEST = 5e-4
_PART_NAMES = {"train": "train", "": "all"}


def part_name(split: str) -> str:
    """Return what a set is called on the page."""
    return _PART_NAMES.get(split, f"test: {split}" if split != "test" else "test")


def shown(value: Value | None, form: str = "{:.3f}") -> str:
    """Return a figure with its interval, as HTML; a dash for none."""
    if value is None or math.isnan(value.value):
        return "-"
    between = ""
    if value.low is not None and value.high is not None:
        between = f"<span>{form.format(value.low)} to {form.format(value.high)}</span>"
    return f"<b>{form.format(value.value)}</b>{between}"


def grid(
    title: str,
    note: str,
    encoders: Sequence[str],
    columns: Mapping[Any, str],
    found: Mapping[tuple[str, Any], Value | None],
    *,
    lowest: bool = False,
    form: str = "{:.3f}",
) -> Iterator[str]:
    """Yield a table of encoders against columns, the best of each column marked.

    Parameters
    ----------
    title, note : str
        HTML.
    encoders : sequence of str
        All there are: their places are their colours. Those without a figure are left out.
    columns : mapping
        What a column is known by, to what stands above it.
    found : mapping
        The figure of an encoder and a column, where there is one.
    lowest : bool
        Whether the lowest is the best.
    form : str
    """
    values = {(one, column): found.get((one, column)) for one in encoders for column in columns}
    leading = {column: _leader(values, encoders, column, lowest=lowest) for column in columns}
    rows = []
    for place, encoder in enumerate(encoders):
        if any(values[encoder, column] is not None for column in columns):
            cells = [("", "encoder", f"{swatch(place)}{escape(encoder)}")]
            for column, head in columns.items():
                kind = "n best" if leading[column] == encoder else "n"
                cells.append((kind, head, shown(values[encoder, column], form)))
            rows.append(cells)
    heads = ("encoder", *columns.values())
    yield from table("wide", title, note, heads, rows, numbers=range(1, len(heads)))


def _leader(
    values: Mapping[tuple[str, Any], Value | None],
    encoders: Iterable[str],
    column: Any,
    *,
    lowest: bool,
) -> str | None:
    some = {one: value.value for one in encoders if (value := values[one, column]) is not None}
    if len(some) < 2:
        return None
    return (min if lowest else max)(some, key=some.__getitem__)


def by_cell(cells: Iterable[Cell], *path: str) -> dict[tuple[str, Any], Value | None]:
    """Return the figure at a path, by encoder and set."""
    return {(one.encoder, one.split): value_at(one.figures, *path) for one in cells}


def folded(summary: str, parts: Iterable[str]) -> Iterator[str]:
    """Yield parts that are shown when they are asked for."""
    yield f"<details><summary>{escape(summary)}</summary>"
    yield from parts
    yield "</details>"


def by_rank(one: Examination, task: str, parts_of: Callable[[str], Iterator[str]]) -> Iterator[str]:
    """Yield the parts of each rank, the leading one first and open."""
    first, _ = leading(one, task)
    yield from parts_of(first)
    for rank in one.ranks(task):
        if rank != first:
            yield from folded(f"By {rank}", parts_of(rank))


def silhouette(one: Examination) -> Iterator[str]:
    """Yield the silhouettes, train and tests, by rank."""
    if not one.of("silhouette"):
        return
    yield '<h2 id="silhouette">Silhouettes: do groups lie apart?</h2>'
    yield (
        "<p>From -1 to 1: how much nearer a medium lies to its own group than to the next, mean "
        "over media with its 95 % interval. A medium alone in its group counts 0.</p>"
    )
    splits = {split: part_name(split) for split in one.splits("silhouette")}

    def parts(rank: str) -> Iterator[str]:
        found = by_cell(one.of("silhouette", rank), "mean")
        return grid(f"By {escape(rank)}", "", one.encoders(), splits, found)

    yield from by_rank(one, "silhouette", parts)


def neighbours(one: Examination) -> Iterator[str]:
    """Yield how well neighbours tell labels, by rank."""
    task = "neighbours"
    if not one.of(task):
        return
    yield '<h2 id="neighbours">Neighbours: is the nearest of the same kind?</h2>'
    yield (
        f"<p>Share of media whose label most of their {_k(one.of(task))} nearest neighbours "
        "have: neighbours of a test are sought in the training set, and in the test itself. "
        "Two media of one specimen never count as neighbours.</p>"
    )
    columns = {(split, ACROSS): f"{part_name(split)}, in train" for split in one.splits(task)}
    columns = {key: head for key, head in columns.items() if key[0] != TRAIN}
    columns |= {(split, ""): f"{part_name(split)}, in itself" for split in one.splits(task)}

    def parts(rank: str) -> Iterator[str]:
        cells = one.of(task, rank)
        found = {
            (cell.encoder, (cell.split, how)): value_at(
                cell.figures, *filter(None, (how, "accuracy"))
            )
            for cell in cells
            for how in (ACROSS, "")
        }
        note = f"Always naming the most common {escape(rank)} would be right {known(cells)}."
        return grid(f"By {escape(rank)}", note, one.encoders(), columns, found)

    yield from by_rank(one, task, parts)
    yield from folded("Recall at 1, 5, 10, and accuracy balanced over labels", _recalls(one))


def _recalls(one: Examination) -> Iterator[str]:
    heads = ["encoder", "label", "set", "balanced"]
    cells = one.of("neighbours")
    at = sorted({k for cell in cells for k in cell.figures.get("recall_at", {})}, key=int)
    rows = (
        [
            ("", "encoder", escape(cell.encoder)),
            ("", "label", escape(cell.rank)),
            ("", "set", escape(part_name(cell.split))),
            ("n", "balanced", shown(value_at(cell.figures, "balanced_accuracy"))),
            *(("n", f"recall@{k}", shown(value_at(cell.figures, "recall_at", k))) for k in at),
            ("n", "media", f"{cell.figures.get('n_media', 0):,}"),
        ]
        for cell in cells
    )
    heads += [*(f"recall@{k}" for k in at), "media"]
    yield from table("wide", "Neighbours in detail", "", heads, rows, numbers=range(3, len(heads)))


def leakage(one: Examination) -> Iterator[str]:
    """Yield how far features tell what they should not."""
    if not one.of("leakage"):
        return
    yield '<h2 id="leakage">Leakage: do features tell who photographed it?</h2>'
    yield (
        "<p>The same neighbours, asked for what is no property of the specimen. <b>Lower is "
        "better:</b> features that tell the institution will sort by it. It can only be "
        "judged where several institutions have the same kinds; some of it may be honest, "
        "since collections differ in what they hold.</p>"
    )
    splits = {split: part_name(split) for split in one.splits("leakage")}
    for column in one.ranks("leakage"):
        cells = one.of("leakage", column)
        note = f"Always naming the most common one would be right {known(cells)}."
        yield from grid(
            f"By {escape(column)}", note, one.encoders(), splits, by_cell(cells, "accuracy"),
            lowest=True,
        )  # fmt: skip


def learning(one: Examination) -> Iterator[str]:
    """Yield how identification improves with labels."""
    task = "learning-curve"
    if not one.of(task):
        return
    yield '<h2 id="learning">Learning curves: how many labels are needed?</h2>'
    yield (
        "<p>Accuracy on the tests of a logistic regression fitted on so many labelled media of "
        "each label, mean over draws.</p>"
    )
    rank, split = leading(one, task)
    yield from _curve(one, rank, split, one.of(task, rank, split))
    for other in one.ranks(task):
        for part in one.splits(task):
            if (other, part) != (rank, split):
                parts = _curve(one, other, part, one.of(task, other, part))
                yield from folded(f"By {other}, {part_name(part)}", parts)


def _curve(one: Examination, rank: str, split: str, cells: Sequence[Cell]) -> Iterator[str]:
    points = {cell.encoder: listed(cell.figures, "n_each") for cell in cells}
    points = {encoder: some for encoder, some in points.items() if some}
    asked = sorted({point["n_each"] for some in points.values() for point in some})
    if not asked:
        return
    places = {n_each: float(place) for place, n_each in enumerate(asked)}
    x = Axis(
        f"labelled media of each {rank}",
        0.0,
        max(1.0, len(asked) - 1.0),
        tuple(places.values()),
        names=tuple(f"{n_each:,}" for n_each in asked),
    )
    series = [
        Series(name, [(places[at["n_each"]], _accuracy(at)) for at in points.get(name, ())])
        for name in one.encoders()
    ]
    said = f"Identification of {rank}, {part_name(split)}."
    svg = lines(f"Learning curve, {rank}", said, x, share_axis("accuracy"), series, dots=True)
    heads = ("encoder", *(f"{n_each:,}" for n_each in asked))
    rows = (
        [f"{swatch(place)}{escape(name)}", *_along(points[name], asked)]
        for place, name in enumerate(one.encoders())
        if name in points
    )
    yield from plot(svg, escape(said), heads, rows, named=True)


def _along(points: Sequence[Mapping[str, Any]], asked: Sequence[int]) -> Iterator[str]:
    values = {point["n_each"]: _accuracy(point) for point in points}
    for n_each in asked:
        yield f"{values[n_each]:.3f}" if n_each in values else "-"


def _accuracy(point: Mapping[str, Any]) -> float:
    found = value_at(point, "scores", "accuracy")
    return found.value if found else math.nan


def listed(figures: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the list of figures whose entries have a key; empty if there is none."""
    for value in figures.values():
        if isinstance(value, list) and value and isinstance(value[0], Mapping) and key in value[0]:
            return value
        if isinstance(value, Mapping) and (inner := listed(value, key)):
            return inner
    return []


def _k(cells: Sequence[Cell]) -> str:
    return " or ".join(sorted({str(cell.figures["k"]) for cell in cells if "k" in cell.figures}))


def known(cells: Sequence[Cell]) -> str:
    """Return how often the most common label is right, in words."""
    values = [value.value for cell in cells if (value := value_at(cell.figures, "most_common"))]
    if not values:
        return "now and then"
    low, high = min(values), max(values)
    return f"{low:.3f} of the time" if high - low < _SMALLEST else f"{low:.3f} to {high:.3f}"
