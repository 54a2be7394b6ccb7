"""Gathering: what all cells found, in one table of figures and one list of label issues."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wunderkammer.core.sums import SUMS, remove_noted, settle
from wunderkammer.evaluation.files import (
    FIGURES,
    ISSUES,
    Cell,
    activations_path,
    cell_path,
    embedding_path,
    figure_rows,
    figures_path,
    folder,
    issues_path,
    read_cells,
    read_table,
    silhouettes_path,
    write_table,
)


def gather(root: Path, is_true: Callable[[Cell], bool]) -> list[Cell]:
    """Write the tables over all cells, and remove cells that are no longer true.

    Parameters
    ----------
    root : Path
        The collection's folder.
    is_true : callable
        Tells whether a cell would be found again.

    Returns
    -------
    list of Cell
        Those that are left.
    """
    kept = []
    for cell in read_cells(root):
        if is_true(cell):
            kept.append(cell)
        else:
            path = cell_path(root, cell.encoder, cell.task, cell.rank, cell.split)
            remove_noted(path.parent, [path.name])
    _remove_others(root, kept)
    write_table(figures_path(root), figure_rows(kept), FIGURES)
    write_table(issues_path(root), _issues(root, kept), ISSUES)
    for notes in sorted(folder(root).rglob(SUMS)):
        settle(notes.parent)
    return kept


def _issues(root: Path, cells: Sequence[Cell]) -> list[Mapping[str, Any]]:
    """Return the label issues of all encoders, the most suspect first."""
    rows: list[Mapping[str, Any]] = []
    for cell in cells:
        if cell.task == "issues" and cell.rank:
            rows += read_table(issues_path(root, cell.encoder, cell.rank), ISSUES).to_pylist()
    return sorted(
        rows, key=lambda row: (row["score"], row["media_id"], row["encoder"], row["rank"])
    )


def _remove_others(root: Path, cells: Sequence[Cell]) -> None:
    """Remove tables that no cell is left of."""
    wanted = {path for cell in cells for path in _tables(root, cell)}
    for kind in ("silhouettes", "issues", "embeddings", "activations"):
        paths = (folder(root) / kind).glob("*.parquet")
        remove_noted(folder(root) / kind, [path.name for path in paths if path not in wanted])


def _tables(root: Path, cell: Cell) -> list[Path]:
    encoder, rank, split = cell.encoder, cell.rank or "", cell.split or ""
    found = {
        "silhouette": silhouettes_path(root, encoder, rank, split),
        "issues": issues_path(root, encoder, rank),
        "embedding": embedding_path(root, encoder, split),
        "activations": activations_path(root, encoder),
    }
    return [found[cell.task]] if cell.task in found else []
