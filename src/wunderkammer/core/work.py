"""What a worker does: keep the stage it has loaded, turn a batch into rows."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from wunderkammer.core.blobs import stored_together
from wunderkammer.core.column import rows_schema
from wunderkammer.core.errors import EngineError, WunderkammerError
from wunderkammer.core.files import NOT_A_MEDIUMS
from wunderkammer.core.provenance import software
from wunderkammer.core.stage import Context, Done, Failed, RowStage

_loaded: dict[tuple[type, str, str], RowStage] = {}

_one_at_a_time = threading.Lock()
"""A stage is not asked twice at a time, also where a cluster's worker has several threads."""


class UnexpectedError(WunderkammerError):
    """A stage raised something that is not a message to a user."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The rows of one batch.

    Attributes
    ----------
    rows : pyarrow.Table
        With the bookkeeping columns.
    n_done, n_failed : int
        Media of the batch.
    seconds : float
        Time it took, for the record of the run.
    worker : str
        Machine and process that did it; empty if none came back.
    """

    rows: pa.Table
    n_done: int
    n_failed: int
    seconds: float
    worker: str = ""

    def facts(self) -> dict[str, int | float | str]:
        """Return what the log of a run notes of it."""
        return {
            "n_done": self.n_done,
            "n_failed": self.n_failed,
            "seconds": round(self.seconds, 3),
            "worker": self.worker,
        }


def process_batch(stage: RowStage, batch: pa.Table, context: Context) -> BatchResult:
    """Do one batch in this process.

    Parameters
    ----------
    stage : RowStage
        Loaded at the first batch and kept.
    batch : pyarrow.Table
        ``media_id``, ``key`` and the columns it reads.
    context : Context
        Where it runs.
    """
    start = time.perf_counter()
    keys = dict(zip(batch["media_id"].to_pylist(), batch["key"].to_pylist(), strict=True))
    media = batch.drop_columns(["key"]).to_pylist()
    with _one_at_a_time, stored_together():
        ready = _ready(stage, context)
        outcomes = list(_outcomes(ready, media, context))
    rows = outcome_rows(stage, outcomes, keys)
    n_failed = sum(isinstance(one, Failed) for one in outcomes)
    seconds = time.perf_counter() - start
    worker = f"{platform.node()}:{os.getpid()}"
    return BatchResult(rows, len(outcomes) - n_failed, n_failed, seconds, worker)


def _ready(stage: RowStage, context: Context) -> RowStage:
    """Return the stage, loaded; the one before it makes room, on the GPU too."""
    key = (type(stage), stage.digest(), context.device)
    if key not in _loaded:
        _check_here(context)
        _loaded.clear()
        if "torch" in sys.modules and context.device != "cpu":
            sys.modules["torch"].cuda.empty_cache()
        stage.load(context)
        _loaded[key] = stage
    return _loaded[key]


def _check_here(context: Context) -> None:
    """Refuse to work on a machine that sees other files, or would make other results."""
    if not context.software:
        return
    where = platform.node()
    if not (context.root / "collection.toml").exists():
        raise EngineError(
            f"the worker on {where} does not see {context.root}.",
            hint="Collection and workers need one shared disk, mounted at the same path.",
        )
    here = software()
    for name, wanted in context.software.items():
        found = here.get(name, "missing")
        if found != wanted:
            raise EngineError(
                f"{name} on the worker {where} is {found}, with the driver {wanted}.",
                hint="Install the same versions on all machines: others make other results.",
            )


def _outcomes(
    stage: RowStage, media: Sequence[Mapping[str, Any]], context: Context
) -> Iterator[Done | Failed]:
    """Do the batch; where it raises, do it medium by medium so that only the culprit fails.

    A disk that takes no more, or not from us, is nobody's failure: it ends the run.
    """
    try:
        outcomes = stage.process(media, context)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in NOT_A_MEDIUMS:
            raise
        if len(media) == 1:
            yield Failed(media[0]["media_id"], as_message(error))
            return
        for one in media:
            yield from _outcomes(stage, [one], context)
        return
    found = {one.media_id for one in outcomes}
    yield from outcomes
    for one in media:
        if one["media_id"] not in found:
            missing = UnexpectedError(f"{stage.group} returned nothing for this medium.")
            yield Failed(one["media_id"], missing)


def as_message(error: Exception) -> WunderkammerError:
    """Return an error a user can read; an unexpected one keeps its class and words."""
    if isinstance(error, WunderkammerError):
        return error
    return UnexpectedError(
        f"{type(error).__name__}: {error}", hint="This is a defect: it is worth a report."
    )


def outcome_rows(
    stage: RowStage, outcomes: Sequence[Done | Failed], keys: Mapping[str, str]
) -> pa.Table:
    """Return outcomes as rows of the stage, each with the key of its medium."""
    settings = stage.digest()
    rows: list[dict[str, Any]] = []
    for outcome in outcomes:
        start = {"key": keys[outcome.media_id], "settings": settings}
        if isinstance(outcome, Failed):
            rows.append({**start, **_failure(outcome)})
            continue
        status = "replaced" if outcome.derived else "done"
        rows.append({**start, "media_id": outcome.media_id, "status": status, **outcome.values})
        rows.extend(
            {
                **start,
                "media_id": child.media_id,
                "status": "done",
                "derivedFromMediaID": outcome.media_id,
                **child.values,
            }
            for child in outcome.derived
        )
    for column in stage.writes():
        if column.kind == "vector":
            for row in rows:
                _add_vector(row, column.name, column.digest_name)
    return pa.Table.from_pylist(rows, schema=rows_schema(stage.writes()))


def _failure(outcome: Failed) -> dict[str, Any]:
    return {
        "media_id": outcome.media_id,
        "status": "failed",
        "error": type(outcome.error).__name__,
        "message": outcome.error.message,
        "hint": outcome.error.hint,
    }


def _add_vector(row: dict[str, Any], name: str, digest_name: str) -> None:
    """Store a vector as float32 beside the digest of its bytes."""
    if row.get(name) is None:
        return
    vector = np.ascontiguousarray(row[name], dtype="<f4")
    row[name] = vector
    row[digest_name] = hashlib.sha256(vector.tobytes()).hexdigest()
