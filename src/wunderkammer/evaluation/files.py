"""The files of an examination: where they lie, what they hold, how they are read and written.

All lie below ``evaluation/`` in the collection's folder; each is whole or not there.

``cells/<encoder>/<task>[-<rank>][-<split>].json``
    One measurement, see :class:`Cell`.
``figures.parquet``
    Every number of every cell as one row, see :data:`FIGURES`.
``silhouettes/<encoder>-<rank>-<split>.parquet``
    The silhouette of each medium, see :data:`SILHOUETTES`.
``issues.parquet``
    Labels that are suspected to be wrong, most suspect first, see :data:`ISSUES`;
    before they are gathered, those of one cell lie in ``issues/<encoder>-<rank>.parquet``.
``embeddings/<encoder>-<projection>.parquet``
    Where each medium lies in two dimensions, see :data:`EMBEDDINGS`.
``activations/<encoder>.parquet``
    The channels of an encoder that vary most, see :data:`ACTIVATIONS`.
``report.html``
    All of it for people.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.files import TEMPORARY, read_json
from wunderkammer.core.sums import write_noted_json, written_noted

FOLDER = "evaluation"
"""Folder of a collection that holds its examination."""

REPORT = f"{FOLDER}/report.html"

TASKS = (
    "silhouette", "neighbours", "leakage", "identification", "discrimination", "mislabels",
    "issues", "embedding", "activations", "learning-curve",
)  # fmt: skip
"""The tasks of an examination, in the order they are shown."""

FIGURES = pa.schema(
    [
        ("encoder", pa.string()), ("task", pa.string()), ("rank", pa.string()),
        ("split", pa.string()), ("figure", pa.string()), ("value", pa.float64()),
        ("low", pa.float64()), ("high", pa.float64()), ("n", pa.int64()),
    ]
)  # fmt: skip
"""``figure`` is the dotted path in the cell's figures, such as ``train_to_test.accuracy``;
``low`` and ``high`` are the ends of the 95 % interval where there is one, ``n`` the media."""

SILHOUETTES = pa.schema([("media_id", pa.string()), ("silhouette", pa.float64())])
"""A medium without a label at that rank has none."""

ISSUES = pa.schema(
    [
        ("media_id", pa.string()), ("rank", pa.string()), ("encoder", pa.string()),
        ("label", pa.string()), ("proposed", pa.string()), ("score", pa.float64()),
        ("neighbours", pa.list_(pa.string())), ("neighbour_labels", pa.list_(pa.string())),
        ("neighbour_similarities", pa.list_(pa.float64())),
    ]
)  # fmt: skip
"""``score`` lies in [0, 1], low = suspect; ``neighbours`` are the nearest media of other specimens,
nearest first, and ``neighbour_similarities`` their cosine similarities, 1 the same direction."""

EMBEDDINGS = pa.schema(
    [("media_id", pa.string()), ("x", pa.float64()), ("y", pa.float64()), ("part", pa.string())]
)
"""``part`` is the set of the split: ``train``, which was fitted on, or the name of a test."""

ACTIVATIONS = pa.schema(
    [
        ("channel", pa.int64()), ("variance", pa.float64()),
        ("lowest", pa.list_(pa.string())), ("highest", pa.list_(pa.string())),
    ]
)  # fmt: skip
"""``lowest`` and ``highest`` are media, the most extreme first."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One measurement of one encoder.

    Attributes
    ----------
    task : str
        One of :data:`TASKS`.
    version : str
        Of the task: another one means that the figures are computed otherwise.
    encoder : str
        Label of the features, such as ``efficientnet-lite0``.
    rank : str or None
        What was told: a rank of classification, or a column such as ``institutionCode``.
    split : str or None
        Which set was measured: ``train``, the name of a test, or for ``embedding`` the
        name of the projection.
    key : str
        Digest of all that decides the figures.
    settings : mapping
        Those of the task.
    figures : mapping
        What was found; empty where nothing could be, and ``note`` says why.
    seconds : float
        How long it took.
    note : str
    """

    task: str
    version: str
    encoder: str
    rank: str | None
    split: str | None
    key: str
    settings: Mapping[str, Any]
    figures: Mapping[str, Any]
    seconds: float
    note: str = ""


def folder(root: Path) -> Path:
    """Return the folder of an examination, which may not be there yet."""
    return root / FOLDER


def cell_path(
    root: Path, encoder: str, task: str, rank: str | None = None, split: str | None = None
) -> Path:
    """Return the file of a cell."""
    name = "-".join(filter(None, (task, rank, split)))
    return folder(root) / "cells" / encoder / f"{name}.json"


def figures_path(root: Path) -> Path:
    """Return the long table of all figures."""
    return folder(root) / "figures.parquet"


def silhouettes_path(root: Path, encoder: str, rank: str, split: str) -> Path:
    """Return the table of the silhouettes of one set."""
    return folder(root) / "silhouettes" / f"{encoder}-{rank}-{split}.parquet"


def issues_path(root: Path, encoder: str = "", rank: str = "") -> Path:
    """Return the table of all label issues, or of those of one encoder at one rank."""
    if encoder:
        return folder(root) / "issues" / f"{encoder}-{rank}.parquet"
    return folder(root) / "issues.parquet"


def embedding_path(root: Path, encoder: str, projection: str) -> Path:
    """Return the table of an embedding."""
    return folder(root) / "embeddings" / f"{encoder}-{projection}.parquet"


def activations_path(root: Path, encoder: str) -> Path:
    """Return the table of an encoder's channels."""
    return folder(root) / "activations" / f"{encoder}.parquet"


def read_cell(path: Path) -> Cell | None:
    """Return a cell, or None if there is none or another version of this program wrote it."""
    found = read_json(path)
    try:
        return Cell(**found) if found else None
    except TypeError:
        return None


def read_cells(root: Path) -> list[Cell]:
    """Return every cell there is, by encoder, then in the order of the tasks."""
    every = sorted((folder(root) / "cells").glob("*/*.json"))
    paths = [path for path in every if not path.name.startswith(TEMPORARY)]
    found = [cell for cell in map(read_cell, paths) if cell is not None]
    return sorted(found, key=lambda cell: (cell.encoder, _place(cell.task)))


def write_cell(root: Path, cell: Cell) -> None:
    """Write a cell whole."""
    path = cell_path(root, cell.encoder, cell.task, cell.rank, cell.split)
    write_noted_json(path, _finite(asdict(cell)))


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """Return one of the tables, empty if it has not been made."""
    return pq.read_table(path, schema=schema) if path.exists() else schema.empty_table()


def write_table(path: Path, rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> None:
    """Write one of the tables whole."""
    with written_noted(path) as temporary:
        pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), temporary)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a cell.

    Attributes
    ----------
    figure : str
        Its dotted path.
    value : float
    low, high : float or None
        Ends of its interval.
    n : int or None
        Media it was measured on.
    """

    figure: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = field(default=None)


def flat(figures: Mapping[str, Any], path: str = "", n: int | None = None) -> Iterator[Figure]:
    """Yield the numbers of nested figures by dotted path; curves, which are lists, are left out.

    Where a list is of tables, each goes by its number of labels or the pair it is of.

    Examples
    --------
    >>> list(flat({"mean": {"value": 1.0, "low": 0.5, "high": 1.5}, "n_media": 7}))[0]
    Figure(figure='mean', value=1.0, low=0.5, high=1.5, n=7)
    """
    if figures.keys() == {"value", "low", "high"}:
        if figures["value"] is not None:
            yield Figure(path, figures["value"], figures["low"], figures["high"], n)
        return
    own = figures.get("n_media")
    n = own if isinstance(own, int) else n
    for name, value in figures.items():
        where = f"{path}.{name}" if path else str(name)
        if isinstance(value, Mapping):
            yield from flat(value, where, n)
        elif isinstance(value, list | tuple):
            for inner in value:
                if isinstance(inner, Mapping):
                    yield from flat(inner, f"{where}.{_called(inner)}", n)
        elif isinstance(value, int | float):
            yield Figure(where, float(value), n=n)


def figure_rows(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    """Return the long table of some cells, see :data:`FIGURES`."""
    return [
        {
            "encoder": cell.encoder, "task": cell.task, "rank": cell.rank, "split": cell.split,
            **asdict(one),
        }
        for cell in cells
        for one in flat(cell.figures)
    ]  # fmt: skip


def _called(entry: Mapping[str, Any]) -> str:
    """Return what an entry of a list of figures goes by."""
    if "first" in entry:
        return f"{entry['first']} and {entry['second']}"
    return str(entry.get("n_each", ""))


def _finite(value: Any) -> Any:
    """Return a JSON value without NaN or infinity, which JSON does not know."""
    if isinstance(value, Mapping):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _place(task: str) -> int:
    return TASKS.index(task) if task in TASKS else len(TASKS)
