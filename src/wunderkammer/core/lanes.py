"""Lanes: a to-do list on disk, cut by what its media must wait for."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class LaneState:
    """How one lane stands, for people who watch.

    Attributes
    ----------
    lane : str
        Such as a host.
    n_done, n_failed, n_left : int
        Media finished, failed, still to do.
    rate : float
        Media finished a second, of late.
    waits_until : datetime or None
        When it goes on, if it is waiting.
    note : str
        Why it waits.
    """

    lane: str
    n_done: int
    n_failed: int
    n_left: int
    rate: float = 0.0
    waits_until: dt.datetime | None = None
    note: str = ""


class Lanes:
    """The media that a stream stage has to do, lane by lane, in the order of their ids.

    The list lies in a scratch file, so memory is bounded by what has been taken
    and has no outcome yet. It may be used from several threads.

    Parameters
    ----------
    path : Path
        The scratch file; it is removed in the end.
    batches : iterable of pyarrow.Table
        ``media_id``, ``key`` and other scalar columns, sorted by id.
    lane : callable
        Returns the lane of a row.
    """

    def __init__(
        self, path: Path, batches: Iterable[pa.Table], lane: Callable[[Mapping[str, Any]], str]
    ) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._keys: dict[str, str] = {}
        self._last: dict[str, str] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        self._rows = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._rows.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        self._rows.execute(
            "CREATE TABLE todo (lane TEXT, media_id TEXT, row TEXT, PRIMARY KEY (lane, media_id)) "
            "WITHOUT ROWID"
        )
        for batch in batches:
            self._rows.execute("BEGIN")
            self._rows.executemany(
                "INSERT INTO todo VALUES (?, ?, ?)",
                ((lane(row), row["media_id"], json.dumps(row)) for row in batch.to_pylist()),
            )
            self._rows.execute("COMMIT")
        found = self._rows.execute("SELECT lane, count(*) FROM todo GROUP BY lane ORDER BY lane")
        self._waiting: dict[str, int] = dict(found.fetchall())

    def waiting(self) -> dict[str, int]:
        """Return how many media each lane still holds."""
        with self._lock:
            return dict(self._waiting)

    def take(self, lane: str, n: int) -> list[dict[str, Any]]:
        """Return the next media of a lane, at most ``n``; none if it is empty."""
        with self._lock:
            found = self._rows.execute(
                "SELECT media_id, row FROM todo WHERE lane = ? AND media_id > ? "
                "ORDER BY media_id LIMIT ?",
                (lane, self._last.get(lane, ""), n),
            ).fetchall()
            if not found:
                return []
            self._last[lane] = found[-1][0]
            self._waiting[lane] -= len(found)
            rows: list[dict[str, Any]] = [json.loads(row) for _, row in found]
            self._keys.update({row["media_id"]: row["key"] for row in rows})
            return rows

    def key_of(self, media_id: str) -> str:
        """Return the key of a medium that was taken and now has its outcome."""
        with self._lock:
            return self._keys.pop(media_id)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the scratch file."""
        self._rows.close()
        self._path.unlink(missing_ok=True)
