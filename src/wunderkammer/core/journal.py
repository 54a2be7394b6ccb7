"""The journal of annotations: what people stated, appended to a journal and never changed."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wunderkammer.core.files import sync

FOLDER = "annotations"

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("media_id", "term", "value", "was", "who", "when")]
)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _whoever_runs_this() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


class Annotation(BaseModel):
    """One statement of one person about one medium.

    ``value`` None takes back what was stated before; ``was`` is the value that
    the person saw.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    media_id: str = Field(pattern="^[0-9a-f]{20}$")
    term: str = Field(min_length=1)
    value: str | None
    was: str | None = None
    who: str = Field(default_factory=_whoever_runs_this)
    when: str = Field(default_factory=_now)


def append(root: Path, annotations: Iterable[Annotation]) -> int:
    """Append to the journal of this month and return how many; on disk when it returns."""
    lines = [json.dumps(one.model_dump(), ensure_ascii=False) for one in annotations]
    if not lines:
        return 0
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{dt.datetime.now(dt.UTC):%Y-%m}.jsonl"
    with FileLock(folder / ".lock"):
        start = "\n" if _ends_within_a_line(path) else ""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(handle, (start + "\n".join(lines) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        sync(folder)
    return len(lines)


def _ends_within_a_line(path: Path) -> bool:
    """Tell whether a killed writer left the last line unfinished."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def read(root: Path) -> pa.Table:
    """Return all annotations in the order they were made; unreadable lines are left out."""
    rows: list[dict[str, Any]] = []
    for path in sorted((root / FOLDER).glob("*.jsonl")):
        rows.extend(_lines(path))
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                yield Annotation.model_validate_json(line).model_dump()
            except ValidationError:
                continue
