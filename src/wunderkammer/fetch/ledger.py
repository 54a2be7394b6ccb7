"""What a run must not forget when it is killed: receipts, host windows, robots.txt, partial files.

One SQLite file. Losing it costs time, never correctness: a receipt is believed
only if the file it speaks of has the bytes it names.
"""

from __future__ import annotations

import errno
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wunderkammer.fetch.robots import Robots

FILE = "cache/fetch.sqlite"
_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS receipts (
  media_id TEXT PRIMARY KEY, key TEXT NOT NULL, sha256 TEXT NOT NULL, path TEXT NOT NULL,
  details TEXT NOT NULL, run INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hosts (
  host TEXT PRIMARY KEY, closed_until REAL NOT NULL, why TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS robots (
  origin TEXT PRIMARY KEY, text TEXT NOT NULL, fetched_at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS partials (
  media_id TEXT PRIMARY KEY, address TEXT NOT NULL, validator TEXT NOT NULL,
  n_total INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (number INTEGER PRIMARY KEY);
"""
_MANY = 500


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a medium's file came, was verified, and where it lies.

    Attributes
    ----------
    media_id, key : str
        Of the row it is for.
    sha256, path : str
        Of the file, relative to the collection.
    details : mapping
        The other fields of :class:`~wunderkammer.fetch.outcomes.Fetched`, as JSON values.
    """

    media_id: str
    key: str
    sha256: str
    path: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Partial:
    """A file of which a part is here.

    Attributes
    ----------
    media_id, address : str
    validator : str
        Strong ETag or Last-Modified: only if it still holds may the rest be added.
    n_total : int
        Length of the whole file, -1 if unknown.
    """

    media_id: str
    address: str
    validator: str
    n_total: int


class Ledger:
    """The fetcher's memory beside a collection; may be used from several threads.

    Parameters
    ----------
    root : Path
        The collection's folder.

    Notes
    -----
    Write-ahead logging without a flush at each commit: what was committed outlives
    a killed process; after a power cut the last receipts may be missing.
    """

    def __init__(self, root: Path) -> None:
        path = root / FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = _open(path)
        with self._writing() as connection:
            row = connection.execute("SELECT max(number) FROM runs").fetchone()
            self._run = (row[0] or 0) + 1
            connection.execute("DELETE FROM runs")
            connection.execute("INSERT INTO runs VALUES (?)", (self._run,))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def receipts(self, media_ids: Sequence[str]) -> dict[str, Receipt]:
        """Return the receipts there are for some media, by id."""
        select = "SELECT media_id, key, sha256, path, details FROM receipts"
        found = {}
        for media_id, key, sha256, path, details in self._of(select, media_ids):
            found[media_id] = Receipt(media_id, key, sha256, path, json.loads(details))
        return found

    def add_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Keep receipts, all or none; what was partial of these media is forgotten."""
        rows = [
            (one.media_id, one.key, one.sha256, one.path, json.dumps(one.details), self._run)
            for one in receipts
        ]
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO receipts VALUES (?, ?, ?, ?, ?, ?)", rows
            )
            connection.executemany(
                "DELETE FROM partials WHERE media_id = ?", [(one.media_id,) for one in receipts]
            )

    def forget_used_receipts(self) -> None:
        """Drop receipts of earlier runs; for a run that was asked for everything there is to do.

        A receipt that such a run did not need belongs to a row that is finished.
        """
        with self._writing() as connection:
            connection.execute("DELETE FROM receipts WHERE run < ?", (self._run,))

    def closed_until(self, host: str) -> tuple[float, str]:
        """Return until when (Unix time) a host wants no requests, and why; 0 if it does not say."""
        with self._lock:
            row = self._connection.execute(
                "SELECT closed_until, why FROM hosts WHERE host = ?", (host,)
            ).fetchone()
        return (row[0], row[1]) if row else (0.0, "")

    def close_host(self, host: str, until: float, why: str) -> None:
        """Keep until when a host wants no requests."""
        with self._writing() as connection:
            connection.execute("INSERT OR REPLACE INTO hosts VALUES (?, ?, ?)", (host, until, why))

    def robots(self, origin: str) -> Robots | None:
        """Return the robots.txt of an origin as it was last fetched."""
        with self._lock:
            row = self._connection.execute(
                "SELECT text, fetched_at FROM robots WHERE origin = ?", (origin,)
            ).fetchone()
        return Robots(*row) if row else None

    def keep_robots(self, origin: str, robots: Robots) -> None:
        """Keep the robots.txt of an origin."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO robots VALUES (?, ?, ?)",
                (origin, robots.text, robots.fetched_at),
            )

    def partial(self, media_id: str) -> Partial | None:
        """Return what is known of a medium's partial file."""
        with self._lock:
            row = self._connection.execute(
                "SELECT * FROM partials WHERE media_id = ?", (media_id,)
            ).fetchone()
        return Partial(*row) if row else None

    def keep_partial(self, partial: Partial) -> None:
        """Keep what a partial file is a part of; called before its first byte is written."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO partials VALUES (?, ?, ?, ?)",
                (partial.media_id, partial.address, partial.validator, partial.n_total),
            )

    def forget_partial(self, media_id: str) -> None:
        """Forget a partial file."""
        with self._writing() as connection:
            connection.execute("DELETE FROM partials WHERE media_id = ?", (media_id,))

    def known_media(self, media_ids: Sequence[str]) -> set[str]:
        """Return those of some media that have a receipt or a partial file."""
        selects = ("SELECT media_id FROM receipts", "SELECT media_id FROM partials")
        return {row[0] for select in selects for row in self._of(select, media_ids)}

    def _of(self, select: str, media_ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(media_ids), _MANY):
            some = media_ids[start : start + _MANY]
            marks = ", ".join("?" * len(some))
            with self._lock:
                rows = self._connection.execute(
                    f"{select} WHERE media_id IN ({marks})", list(some)
                ).fetchall()
            yield from rows

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection in a transaction; a full disk is told as the system tells it."""
        with self._lock:
            try:
                with self._connection:
                    yield self._connection
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                    raise OSError(errno.ENOSPC, "the disk is full", FILE) from error
                raise


def _open(path: Path) -> sqlite3.Connection:
    """Open the file; one that cannot be read is put aside, for losing it costs only time."""
    try:
        return _prepared(path)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise
        for one in _files(path):
            one.unlink(missing_ok=True)
        return _prepared(path)


def _prepared(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in {0, _VERSION}:
            for table in ("receipts", "hosts", "robots", "partials", "runs"):
                connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.executescript(f"{_TABLES} PRAGMA user_version = {_VERSION};")
    except BaseException:
        connection.close()
        raise
    return connection


def _files(path: Path) -> Iterable[Path]:
    return (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm"))
