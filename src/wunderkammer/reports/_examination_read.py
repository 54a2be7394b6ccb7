"""What an examination left in a collection, read back for its report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import StageError
from wunderkammer.core.files import read_json
from wunderkammer.vocab.ranks import RANKS

FOLDER = "evaluation"
TRAIN = "train"

Figures = Mapping[str, Any]

_PREFERRED = ("genus", "species", "family")


class Cell(NamedTuple):
    """One measurement of one encoder.

    Attributes
    ----------
    encoder, task : str
    rank : str
        Rank or column that was told; empty for none.
    split : str
        Set that was measured; empty for none.
    figures : mapping
        What was found, nested.
    note : str
        Why nothing was found, if so.
    """

    encoder: str
    task: str
    rank: str
    split: str
    figures: Figures
    note: str = ""


class Value(NamedTuple):
    """A figure, with its interval where there is one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """All that an examination found.

    Attributes
    ----------
    title, contact : str
        Of the collection.
    made : datetime.datetime
        When it was read, in universal time.
    cells : sequence of Cell
    issues : pyarrow.Table or None
        Labels that are suspected to be wrong.
    embeddings : mapping of (str, str) to Path
        Tables of ``media_id``, ``x``, ``y``, ``part`` by encoder and projection.
    activations : mapping of str to Path
        Tables of ``channel``, ``variance``, ``lowest``, ``highest`` by encoder.
    """

    title: str
    contact: str
    made: dt.datetime
    cells: Sequence[Cell]
    issues: pa.Table | None = None
    embeddings: Mapping[tuple[str, str], Path] = field(default_factory=dict)
    activations: Mapping[str, Path] = field(default_factory=dict)

    def encoders(self) -> list[str]:
        """Return the names of the encoders; their places are their colours."""
        return sorted({one.encoder for one in self.cells})

    def of(self, task: str, rank: str | None = None, split: str | None = None) -> list[Cell]:
        """Return the cells of a task that found something, of one rank and set if asked for."""
        return [
            one
            for one in self.cells
            if one.task == task
            and one.figures
            and rank in {None, one.rank}
            and split in {None, one.split}
        ]

    def ranks(self, task: str) -> list[str]:
        """Return the ranks of a task, wide to narrow, then other columns by name."""
        return in_order({one.rank for one in self.of(task)})

    def splits(self, task: str) -> list[str]:
        """Return the sets of a task: the training set, then the tests by name."""
        return parts_in_order({one.split for one in self.of(task)})


def examination_of(collection: Collection) -> Examination:
    """Read what an examination left.

    Raises
    ------
    StageError
        If there is none.
    """
    home = collection.root / FOLDER
    cells = [_cell(values) for path in sorted(home.glob("cells/*/*.json"))
             if (values := read_json(path))]  # fmt: skip
    if not cells:
        raise StageError(
            f"{home}: nothing has been examined, so there is nothing to report.",
            hint="Run 'wk evaluate'.",
        )
    issues = home / "issues.parquet"
    about = collection.configuration.about
    return Examination(
        about.title,
        about.contact,
        dt.datetime.now(dt.UTC),
        cells,
        pq.read_table(issues) if issues.is_file() else None,
        {_named(path): path for path in sorted(home.glob("embeddings/*.parquet"))},
        {path.stem: path for path in sorted(home.glob("activations/*.parquet"))},
    )


def _cell(values: Mapping[str, Any]) -> Cell:
    return Cell(
        values["encoder"],
        values["task"],
        values.get("rank") or "",
        values.get("split") or "",
        values.get("figures") or {},
        values.get("note") or "",
    )


def _named(path: Path) -> tuple[str, str]:
    """Return encoder and projection of ``<encoder>-<projection>.parquet``."""
    encoder, _, projection = path.stem.rpartition("-")
    return encoder, projection


def in_order(ranks: Iterable[str]) -> list[str]:
    """Return ranks from wide to narrow, then other columns by name."""
    places = {rank: place for place, rank in enumerate(RANKS)}
    return sorted(ranks, key=lambda one: (places.get(one, len(places)), one))


def parts_in_order(parts: Iterable[str]) -> list[str]:
    """Return the training set, then the tests by name."""
    return sorted(parts, key=lambda one: (one != TRAIN, one))


def leading(one: Examination, task: str) -> tuple[str, str]:
    """Return the rank and the set that a task is summed up by: genus, a random test."""
    ranks = one.ranks(task)
    rank = next((rank for rank in _PREFERRED if rank in ranks), ranks[-1] if ranks else "")
    splits = [split for split in one.splits(task) if split != TRAIN] or one.splits(task)
    random = [split for split in splits if "rand" in split]
    return rank, (random or splits or [""])[0]


def nested(figures: Figures, has: str, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Figures]]:
    """Yield the innermost mappings with a key, each by the path to it, wherever they lie.

    Examples
    --------
    >>> list(nested({"random": {"cleanlab": {"f1": 1}}}, "f1"))
    [('random cleanlab', {'f1': 1})]
    """
    if has in figures:
        yield " ".join(path), figures
        return
    for name, inner in figures.items():
        if isinstance(inner, Mapping):
            yield from nested(inner, has, (*path, name))


def value_at(figures: Figures, *path: str) -> Value | None:
    """Return the figure at a path, with its interval if it has one; None if it is not there."""
    found: Any = figures
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, Mapping):
        inner = found.get("value")
        return None if inner is None else Value(inner, found.get("low"), found.get("high"))
    if isinstance(found, int | float) and not isinstance(found, bool):
        return Value(float(found))
    return None


def best(
    values: Mapping[str, Value], *, lowest: bool = False
) -> list[tuple[str, Value]]:  # fmt: skip
    """Return names and figures, the best first."""
    sign: Callable[[float], float] = (lambda one: one) if lowest else (lambda one: -one)
    return sorted(values.items(), key=lambda item: (sign(item[1].value), item[0]))
