"""How the record stage runs: keep what can be used, explain the rest."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.digests import SourceDigest
from wunderkammer.core.errors import RecordError, SourceError
from wunderkammer.core.files import TEMPORARY, write_json, written_whole
from wunderkammer.core.parts import Parts
from wunderkammer.core.plan import records_key
from wunderkammer.core.provenance import StageRun
from wunderkammer.core.stage import RecordStage, Rejection
from wunderkammer.core.table import group_folder, literal, quoted

REJECTED = "rejected.parquet"
_SCHEMA = pa.schema([(name, pa.string()) for name in ("where", "error", "message", "hint")])
_FIRST = ("media_id", "specimen_id")
_ROWS = 65_536


def run_records(root: Path, stage: RecordStage, run: StageRun) -> None:
    """Read the source and make its records the collection's.

    Raises
    ------
    SourceError
        If it cannot be read, or holds no row that can be used; the records that
        were there are kept.
    """
    memory = SourceDigest(root)
    files = stage.input_files(root)
    digests = memory.of_files(files.values())
    key = records_key(stage, memory.of(stage))
    scratch = root / "cache" / f"{TEMPORARY}records"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    try:
        columns, rejections = _spill(stage.records(root, digests), scratch)
        if not columns:
            raise _nothing_usable(stage, rejections)
        rejections += _duplicates(scratch)
        schema = pa.schema([(name, pa.string()) for name in columns])
        Parts(root / "records", schema).replace_streamed(_sorted(scratch, columns, schema))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    _keep_rejections(group_folder(root, stage), rejections)
    n_records = sum(pq.read_metadata(path).num_rows for path in (root / "records").glob("part-*"))
    run.n_done, run.n_failed, run.key = n_records, len(rejections), key
    write_json(
        group_folder(root, stage) / "stage.json",
        {
            "stage": stage.name,
            "version": stage.version,
            "settings": stage.settings(),
            "settings_digest": stage.digest(),
            "key": key,
            "n_records": n_records,
            "n_rejected": len(rejections),
        },
    )


def _spill(
    batches: Iterator[Sequence[Mapping[str, str]] | Sequence[Rejection]], scratch: Path
) -> tuple[list[str], list[Rejection]]:
    """Write batches of records to ``scratch``; return all their columns, and the rejections."""
    columns: set[str] = set()
    rejections: list[Rejection] = []
    n_rows = 0
    for number, batch in enumerate(batches):
        records = [one for one in batch if not isinstance(one, Rejection)]
        rejections.extend(one for one in batch if isinstance(one, Rejection))
        if not records:
            continue
        names = sorted({name for record in records for name in record})
        columns.update(names)
        data: dict[str, Any] = {
            name: pa.array([record.get(name) for record in records], pa.string()) for name in names
        }
        data["row:number"] = pa.array(range(n_rows, n_rows + len(records)), pa.int64())
        n_rows += len(records)
        pq.write_table(pa.table(data), scratch / f"{number:08d}.parquet")
    rest = sorted(columns - set(_FIRST))
    return ([*_FIRST, *rest] if columns else []), rejections


def _all(scratch: Path) -> str:
    return f"read_parquet({literal(str(scratch / '*.parquet'))}, union_by_name = true)"


def _duplicates(scratch: Path) -> list[Rejection]:
    """Return a rejection for each record whose medium an earlier row describes."""
    rows = duckdb.execute(
        f"SELECT media_id, count(*) - 1 FROM {_all(scratch)} GROUP BY 1 HAVING count(*) > 1 "
        "ORDER BY 1"
    ).fetchall()
    return [
        Rejection(
            f"medium {media_id}",
            RecordError(
                "two rows describe this medium; the first is kept.",
                hint="Give each image its own identifier in the source.",
            ),
        )
        for media_id, extra in rows
        for _ in range(extra)
    ]


def _sorted(scratch: Path, columns: Sequence[str], schema: pa.Schema) -> Iterator[pa.Table]:
    names = ", ".join(quoted(name) for name in columns)
    connection = duckdb.connect(":memory:")
    connection.execute("SET memory_limit = '1GB'; SET enable_progress_bar = false")
    connection.execute("SET temp_directory = ?", [str(scratch / "sort")])
    reader = connection.sql(
        f"SELECT {names} FROM {_all(scratch)} QUALIFY row_number() OVER "
        '(PARTITION BY media_id ORDER BY "row:number") = 1 ORDER BY media_id'
    ).to_arrow_reader(_ROWS)
    for batch in reader:
        yield pa.Table.from_batches([batch]).cast(schema)


def _keep_rejections(folder: Path, rejections: Sequence[Rejection]) -> None:
    rows = [
        {
            "where": one.where,
            "error": type(one.error).__name__,
            "message": one.error.message,
            "hint": one.error.hint,
        }
        for one in rejections
    ]
    with written_whole(folder / REJECTED) as temporary:
        pq.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA), temporary)


def _nothing_usable(stage: RecordStage, rejections: Sequence[Rejection]) -> SourceError:
    if not rejections:
        return SourceError(
            f"{stage.group}: the source holds no rows.", hint="Look at the files it names."
        )
    first = rejections[0]
    return SourceError(
        f"{stage.group}: none of {len(rejections):,} rows can be used. The first, {first.where}: "
        f"{first.error.message}",
        hint=first.error.hint,
    )
