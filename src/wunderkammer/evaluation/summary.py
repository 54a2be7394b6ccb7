"""The examination in one table: a row an encoder, the figures that decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wunderkammer.evaluation.files import Cell

_Finder = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Summary:
    """A table for people.

    Attributes
    ----------
    heads : tuple of str
    rows : tuple of tuple of str
        The best encoder first, by the names it tells.
    legend : tuple of str
        A line a column that says what it is.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: which cell, which figure in it, and what it means."""

    head: str
    task: str
    rank: str | None
    find: _Finder
    meaning: str


def summary(cells: Sequence[Cell], encoders: Sequence[str], split: str) -> Summary:
    """Return the table of some encoders on one test.

    Parameters
    ----------
    cells : sequence of Cell
    encoders : sequence of str
    split : str
        The test; where a figure is of no test, it stands as it is.
    """
    finest = _finest([one.rank for one in cells if one.task != "leakage"])
    columns = [one for one in _columns(finest, cells) if _any(cells, one, split)]
    values = {name: [_value(cells, name, one, split) for one in columns] for name in encoders}
    best = sorted(encoders, key=lambda name: _first(values[name]), reverse=True)
    shown = tuple((name, *map(_shown, values[name])) for name in best)
    heads = ("encoder", *(one.head for one in columns))
    return Summary(heads, shown, tuple(f"{one.head}: {one.meaning}" for one in columns))


def _columns(finest: str, cells: Sequence[Cell]) -> list[_Column]:
    museum = next((one.rank for one in cells if one.task == "leakage"), None)
    return [
        _Column("named", "identification", finest, _at("train_to_test", "accuracy", "value"),
                f"share of the {finest} names that are told rightly from what was learnt"),
        _Column("from 5", "learning-curve", finest, _from_five,
                f"the same, from 5 labelled media of each {finest}"),
        _Column("neighbours", "neighbours", finest, _across,
                f"share whose nearest neighbours are of the same {finest}"),
        _Column("silhouette", "silhouette", finest, _at("mean", "value"),
                f"how far apart each {finest} lies, from -1 to 1"),
        _Column("wrong names", "mislabels", finest, _wrong,
                "how well planted wrong names are found, 1 is all of them first"),
        _Column("leak", "leakage", museum, _at("accuracy", "value"),
                f"share whose {museum} the neighbours tell: less is better"),
    ]  # fmt: skip


def _finest(ranks: Sequence[str | None]) -> str:
    """Return the rank that is told last, which is the finest of those in order."""
    from wunderkammer.vocab.ranks import RANKS

    known = [one for one in ranks if one]
    order = {rank: place for place, rank in enumerate(RANKS)}
    return max(known, key=lambda one: order.get(one, -1), default="")


def _at(*path: str) -> _Finder:
    def find(figures: Mapping[str, Any]) -> Any:
        found: Any = figures
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    return find


def _across(figures: Mapping[str, Any]) -> Any:
    return _at("train_to_test", "accuracy", "value")(figures) or _at("accuracy", "value")(figures)


def _from_five(figures: Mapping[str, Any]) -> Any:
    points = [one for one in figures.get("points", ()) if one["n_each"] == 5]
    return points[0]["scores"]["accuracy"] if points else None


def _wrong(figures: Mapping[str, Any]) -> Any:
    """Return the average precision of the most realistic planting there is."""
    for kind in ("within_family", "random"):
        for found in reversed(list(figures.get(kind, {}).values())):
            return found["both"]["average_precision"]["value"]
    return None


def _any(cells: Sequence[Cell], column: _Column, split: str) -> bool:
    encoders = dict.fromkeys(one.encoder for one in cells)
    return any(_value(cells, name, column, split) is not None for name in encoders)


def _value(cells: Sequence[Cell], encoder: str, column: _Column, split: str) -> float | None:
    for one in cells:
        asked = (one.encoder, one.task, one.rank, one.split)
        if asked == (encoder, column.task, column.rank, split):
            found = column.find(one.figures)
            return None if found is None else float(found)
    return None


def _first(values: Sequence[float | None]) -> float:
    """Return the first of some figures, below all others where there is none."""
    return values[0] if values and values[0] is not None else -1.0


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
