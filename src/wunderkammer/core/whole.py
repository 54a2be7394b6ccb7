"""How a table stage runs: gather its inputs, compute, commit all of it or nothing."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.column import Column, rows_schema
from wunderkammer.core.errors import StageError
from wunderkammer.core.groups import group_folder
from wunderkammer.core.history import forget, history_of, put_down, recalled, remember
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.plan import Planner
from wunderkammer.core.provenance import StageRun
from wunderkammer.core.stage import Context, Stage, TableResult, TableStage
from wunderkammer.core.sums import folder_written_noted, remove_noted, settle, write_noted_json
from wunderkammer.core.table import Cell, Table, joins, quoted, select


def run_table(planner: Planner, stage: TableStage, run: StageRun, context: Context) -> None:
    """Run a table stage and commit its rows, its files, and last the note that they are whole."""
    folder = group_folder(context.root, stage)
    files = artifacts_folder(context.root, stage)
    history = history_of(stage, folder, files, asked_again=stage.group in planner.again)
    key = history.key(planner.table_key(stage)[1])
    media = planner.table_inputs(stage) if stage.remembers() else None
    inputs = gather(planner.table, stage)
    if media is not None:
        inputs.before = recalled(files, history, media)
        inputs.asked_again = history.asked_again
    target = artifact_folder(context.root, stage, key)
    with folder_written_noted(target) as artifacts:
        result = stage.process(inputs, replace(context, artifacts=artifacts))
        rows = _rows(stage, inputs.ids, result, key)
        if media is not None:
            remember(stage, media, result, artifacts)
        put_down(stage, folder, history)
        remove_noted(folder, ["stage.json"])
    planner.table.parts(stage).replace(rows)
    run.n_done, run.key, run.before = len(inputs), key, history.before
    run.quality, run.note = dict(result.quality), result.note
    state = {"key": key, "n_media": len(inputs), "quality": dict(result.quality)}
    write_noted_json(folder / "stage.json", {**describe(stage), **state, **history.note()})
    settle(folder)
    tidy(context.root, stage, key)


def tidy(root: Path, stage: TableStage, key: str) -> None:
    """Remove what led to a finished result, also if a killed run had not come to it."""
    forget(group_folder(root, stage))
    kept = artifact_folder(root, stage, key)
    if kept.parent.exists():
        _remove_others(kept)


def describe(stage: Stage) -> dict[str, Any]:
    """Return what is kept beside a stage's rows: how it was set, and by which files."""
    files = dict(stage.file_digests())
    return {
        "stage": stage.name,
        "version": stage.version,
        "settings": stage.settings(),
        "settings_digest": stage.digest(),
        **({"files": files} if files else {}),
    }


def artifact_folder(root: Path, stage: Stage, key: str) -> Path:
    """Return the folder of the files that a table stage made under a key."""
    return artifacts_folder(root, stage) / key[:12]


def artifacts_folder(root: Path, stage: Stage) -> Path:
    """Return the folder of all files of a table stage, above those of each key."""
    return root / "artifacts" / stage.group


def gather(table: Table, stage: TableStage) -> Inputs:
    """Return the cells a table stage reads, of all media that have come this far."""
    epoch = table.epoch(stage)
    cells = table.cells((*stage.reads(), *stage.looks_up()), stage)
    scalars = [cell for cell in cells if not _is_vector(cell)]
    values = f", {select(scalars)}" if scalars else ""
    every = [*cells, *table.guards(table.cells(stage.reads(), stage))]
    groups = sorted({cell.group for cell in every if cell.group})
    ready = " AND ".join(f"{quoted(group)}.status = 'done'" for group in groups) or "true"
    found = table.connection.sql(
        f"SELECT u.id_{epoch} AS media_id{values} FROM ({table.universe(stage)}) u "
        f"{joins(every)} WHERE {ready} ORDER BY media_id"
    ).to_arrow_table()
    ids = found["media_id"].to_pylist()
    vectors = {
        cell.name: _vectors(table, cell.column, ids)
        for cell in cells
        if _is_vector(cell) and cell.column is not None
    }
    artifacts = {}
    for group in stage.reads_artifacts():
        other = table.configuration.stage(group)
        state = table.state(other)
        if not state:
            raise StageError(
                f"{stage.group} needs what '{group}' makes, and it has not run.",
                hint=f"Run 'wk run {stage.name}' without --only.",
            )
        artifacts[group] = artifact_folder(table.root, other, state["key"])
    return Inputs(
        ids,
        found,
        vectors,
        artifacts,
        steps(table, stage),
        artifact_ids=partial(_media_of, table),
    )


def _media_of(table: Table, group: str) -> list[str]:
    """Return the media of which a table stage made something, sorted by id."""
    paths = table.parts(table.configuration.stage(group)).finished()
    read = (pq.ParquetFile(path).read(columns=["media_id"])["media_id"] for path in paths)
    return sorted(media_id for ids in read for media_id in ids.to_pylist())


def steps(table: Table, until: Stage) -> list[Mapping[str, Any]]:
    """Return how the stages before ``until`` were set and what they measured."""
    found: list[Mapping[str, Any]] = []
    for stage in table.configuration.stages:
        if stage.group == until.group:
            break
        state = table.state(stage)
        found.append(
            {
                "stage": stage.group,
                "version": stage.version,
                "settings": stage.settings(),
                "quality": state.get("quality", {}),
            }
        )
    return found


def _is_vector(cell: Cell) -> bool:
    return cell.column is not None and cell.column.kind == "vector"


def _vectors(table: Table, column: Column, ids: list[str]) -> npt.NDArray[np.float32]:
    """Read a vector column for some ids, part by part."""
    written = table.writer(column.name)
    if written is None:
        raise StageError(f"no stage writes the vectors '{column.name}'.")
    wanted = np.asarray(ids)
    result = np.zeros((len(ids), column.length), dtype=np.float32)
    for path in table.parts(written[0]).finished():
        part = pq.ParquetFile(path).read(columns=["media_id", column.name])
        found = np.asarray(part["media_id"].to_pylist())
        places = np.searchsorted(wanted, found)
        hit = places < len(wanted)
        hit[hit] = wanted[places[hit]] == found[hit]
        rows = part.filter(pa.array(hit))[column.name].combine_chunks()
        result[places[hit]] = rows.flatten().to_numpy().reshape(-1, column.length)
    return result


def _rows(stage: TableStage, ids: list[str], result: TableResult, key: str) -> pa.Table:
    """Return the rows of a table stage."""
    n = len(ids)
    names = {"media_id": ids, "key": [key] * n, "settings": [stage.digest()] * n}
    columns: dict[str, Any] = {**names, "status": ["done"] * n}
    columns |= {name: [None] * n for name in ("error", "message", "hint", "derivedFromMediaID")}
    for column in stage.writes():
        values = result.values[column.name]
        if len(values) != n:
            raise StageError(
                f"{stage.group} made {len(values):,} values of '{column.name}' for {n:,} media."
            )
        if column.kind == "vector":
            matrix = np.ascontiguousarray(values, dtype="<f4")
            columns[column.name] = list(matrix)
            columns[column.digest_name] = [
                hashlib.sha256(vector.tobytes()).hexdigest() for vector in matrix
            ]
        else:
            columns[column.name] = values
    return pa.table(columns, schema=rows_schema(stage.writes()))


def _remove_others(kept: Path) -> None:
    """Remove what earlier keys made, and the folder itself if the stage makes no files."""
    for path in kept.parent.iterdir():
        if path != kept:
            shutil.rmtree(path, ignore_errors=True)
    if kept.exists() and not any(kept.iterdir()):
        kept.rmdir()
