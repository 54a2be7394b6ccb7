"""What to read first of an examination: the best encoder for each purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from wunderkammer.reports._charts import swatch
from wunderkammer.reports._document import table
from wunderkammer.reports._examination_mislabels import LEADING_WAY, planted, told
from wunderkammer.reports._examination_names import honest, mean_discrimination
from wunderkammer.reports._examination_read import (
    Cell,
    Examination,
    Value,
    best,
    in_order,
    leading,
    value_at,
)
from wunderkammer.reports._examination_tables import ACROSS, listed, part_name, shown

STYLE = """
.first { margin: 1rem 0; padding: 0; max-width: 56rem; list-style: none; }
.first li { padding: .55rem 0; border-top: 1px solid var(--line); }
.first b { font-weight: 650; }
.first span { color: var(--soft); }
nav.contents { margin: 1rem 0 0; font-size: .92rem; }
nav.contents a { margin-right: 1rem; }
h3 { margin: 1.75rem 0 .25rem; font-size: 1.1rem; overflow-wrap: anywhere; }
"""

FEW_LABELS = 5
"""Labels of a kind that count as few."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """One use of features, and how each encoder serves it.

    Attributes
    ----------
    name, measure, short : str
        What for, what was measured, and the latter in a word or two.
    anchor : str
        Where on the page the whole of it stands.
    values : mapping of str to Value
        By encoder.
    lowest : bool
        Whether the lowest is the best.
    """

    name: str
    measure: str
    short: str
    anchor: str
    values: Mapping[str, Value]
    lowest: bool = False


def purposes(one: Examination) -> list[Purpose]:
    """Return what encoders are wanted for, each as far as it was measured."""
    found = [
        _of(one, "identification", "Telling names", "accuracy, train → test", "accuracy",
            _identified),
        _of(one, "learning-curve", "Telling names from few labels",
            f"accuracy with {FEW_LABELS} labels of each", f"{FEW_LABELS} labels each", _few,
            anchor="learning"),
        _of(one, "neighbours", "Finding like media", "names told by the nearest neighbours",
            "neighbours", _near),
        _of(one, "silhouette", "Groups that lie apart", "mean silhouette", "silhouette",
            _at("mean")),
        _of(one, "discrimination", "Telling two apart", "mean accuracy over pairs", "pairs",
            mean_discrimination),
        *_detections(one),
        *_leaks(one),
    ]  # fmt: skip
    return [purpose for purpose in found if purpose.values]


def _of(
    one: Examination,
    task: str,
    name: str,
    measure: str,
    short: str,
    value_of: Callable[[Cell], Value | None],
    *,
    anchor: str = "",
) -> Purpose:
    rank, split = leading(one, task)
    cells = one.of(task, rank, split)
    values = {cell.encoder: value for cell in cells if (value := value_of(cell)) is not None}
    where = ", ".join(filter(None, (rank, part_name(split) if split else "")))
    measured = f"{measure} ({where})" if where else measure
    return Purpose(name, measured, short, anchor or task, values)


def _at(*path: str) -> Callable[[Cell], Value | None]:
    return lambda cell: value_at(cell.figures, *path)


def _identified(cell: Cell) -> Value | None:
    return value_at(honest(cell.figures) or {}, "accuracy")


def _near(cell: Cell) -> Value | None:
    return value_at(cell.figures, ACROSS, "accuracy") or value_at(cell.figures, "accuracy")


def _few(cell: Cell) -> Value | None:
    points = listed(cell.figures, "n_each")
    chosen = [point for point in points if point["n_each"] == FEW_LABELS]
    return value_at(chosen[0], "scores", "accuracy") if chosen else None


def _detections(one: Examination) -> Iterator[Purpose]:
    """Yield the finding of planted labels, by how they were planted."""
    rank, split = leading(one, "mislabels")
    found = [each for each in planted(one, rank, split) if each.way == LEADING_WAY]
    for kind in sorted({each.kind for each in found}):
        some = [each for each in found if each.kind == kind]
        share = max((each.share for each in some), key=lambda text: float(text.rstrip("%")))
        values = {
            each.encoder: value
            for each in some
            if each.share == share and (value := value_at(each.figures, "average_precision"))
        }
        where = ", ".join(filter(None, (rank, part_name(split) if split else "")))
        measure = f"average precision, {share} planted {told(kind)} ({where})"
        yield Purpose(
            f"Finding labels that are wrong {told(kind)}", measure, f"wrong {told(kind)}",
            "mislabels", values,
        )  # fmt: skip


def _leaks(one: Examination) -> Iterator[Purpose]:
    _, split = leading(one, "leakage")
    for column in in_order(one.ranks("leakage")):
        cells = one.of("leakage", column, split)
        values = {cell.encoder: value for cell in cells
                  if (value := value_at(cell.figures, "accuracy"))}  # fmt: skip
        measure = f"{column} told by the nearest neighbours ({part_name(split)})"
        yield Purpose(
            f"Least tied to {column}", measure, f"{column}, lower is better",
            "leakage", values, lowest=True,
        )  # fmt: skip


def first(one: Examination) -> Iterator[str]:
    """Yield one sentence for each purpose, and the table of all of them."""
    some = purposes(one)
    if not some:
        yield "<p><b>Nothing was found:</b> no encoder has a figure yet.</p>"
        return
    yield '<h2 id="first">What to read first</h2>'
    yield '<ul class="first">'
    for purpose in some:
        yield f"<li>{_sentence(one, purpose)}</li>"
    yield "</ul>"
    yield from _overview(one, some)


def _sentence(one: Examination, purpose: Purpose) -> str:
    order = best(purpose.values, lowest=purpose.lowest)
    (name, value), *others = order
    place = one.encoders().index(name)
    said = (
        f'<a href="#{purpose.anchor}">{escape(purpose.name)}</a>: {swatch(place)}'
        f"<b>{escape(name)}</b>, {_figure(value)} <span>{escape(purpose.measure)}.</span> "
    )
    if not others:
        return said
    level = [other for other, found in others if _overlap(value, found)]
    if level:
        return f"{said}<span>Not surely ahead of {escape(_listed(level))}.</span>"
    other, found = others[0]
    return f"{said}<span>Next: {escape(other)}, {found.value:.3f}.</span>"


def _figure(value: Value) -> str:
    between = "" if value.low is None or value.high is None else (
        f" ({value.low:.3f} to {value.high:.3f})"
    )  # fmt: skip
    return f"<b>{value.value:.3f}</b>{between}"


def _overlap(one: Value, other: Value) -> bool:
    """Return whether two intervals share anything; figures without one never do."""
    if None in {one.low, one.high, other.low, other.high}:
        return False
    return bool(one.low <= other.high and other.low <= one.high)  # type: ignore[operator]


def _listed(names: Sequence[str]) -> str:
    *some, last = names
    return f"{', '.join(some)} and {last}" if some else last


def _overview(one: Examination, some: Sequence[Purpose]) -> Iterator[str]:
    """Yield encoders against purposes."""
    leaders = [best(purpose.values, lowest=purpose.lowest)[0][0] for purpose in some]
    rows = (
        [
            ("", "encoder", f"{swatch(place)}{escape(name)}"),
            *(
                (
                    "n best" if leader == name else "n",
                    escape(purpose.short),
                    shown(purpose.values.get(name)),
                )
                for purpose, leader in zip(some, leaders, strict=True)
            ),
        ]
        for place, name in enumerate(one.encoders())
    )
    heads = ["encoder", *(escape(purpose.short) for purpose in some)]
    note = "The same figures of all; the best of each column is marked."
    yield from table("wide", "All encoders", note, heads, rows, numbers=range(1, len(heads)))
