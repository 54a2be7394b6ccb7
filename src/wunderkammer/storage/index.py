"""The index of a working copy: which file is which object, in one SQLite file.

It may be a million files: nothing here is held in memory. Losing it costs time, never
correctness: every file is then compared with what the bucket holds.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from wunderkammer.storage.manifest import Entry

_TABLES = """
CREATE TABLE IF NOT EXISTS files (
  path TEXT PRIMARY KEY, object TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL,
  here INTEGER NOT NULL, stat TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS journals (path TEXT PRIMARY KEY, entry TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_AT_ONCE = 8_192


class Known(NamedTuple):
    """A file as it was last equal to its object.

    Attributes
    ----------
    path : str
        Relative to the working copy.
    entry : Entry
        Its object.
    here : bool
        Whether it was fetched.
    stat : str
        By which it is seen whether it was written since.
    """

    path: str
    entry: Entry
    here: bool
    stat: str


class Index:
    """The index in a file; may be used from several threads.

    Parameters
    ----------
    path : Path
        The file; it is made if need be.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_TABLES}")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def fact(self, name: str) -> str:
        """Return what was noted under a name; empty if nothing was."""
        with self._lock:
            row = self._db.execute("SELECT value FROM facts WHERE name = ?", [name]).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str, value: object) -> None:
        """Note something under a name."""
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", [name, str(value)])

    def files(self, below: str = "") -> Iterator[Known]:
        """Yield every file, or those below a folder, sorted by path."""
        last, end = below, f"{below}\U0010ffff"
        while True:
            with self._lock:
                rows = self._db.execute(
                    "SELECT * FROM files WHERE path > ? AND path < ? ORDER BY path LIMIT ?",
                    [last, end, _AT_ONCE],
                ).fetchall()
            yield from (_known(row) for row in rows)
            if len(rows) < _AT_ONCE:
                return
            last = rows[-1][0]

    def known(self, path: str) -> Known | None:
        """Return one file, None if there is no such."""
        with self._lock:
            row = self._db.execute("SELECT * FROM files WHERE path = ?", [path]).fetchone()
        return _known(row) if row else None

    def missing(self, skipped: Iterable[str] = ()) -> Iterator[Known]:
        """Yield the files that were not fetched, but those below some folders."""
        last, conditions = "", "".join(" AND substr(path, 1, ?) != ?" for _ in skipped)
        given = [value for folder in skipped for value in (len(folder), folder)]
        while True:
            with self._lock:
                rows = self._db.execute(
                    f"SELECT * FROM files WHERE NOT here AND path > ?{conditions} "  # noqa: S608
                    "ORDER BY path LIMIT ?",
                    [last, *given, _AT_ONCE],
                ).fetchall()
            yield from (_known(row) for row in rows)
            if len(rows) < _AT_ONCE:
                return
            last = rows[-1][0]

    def put(self, files: Iterable[Known]) -> None:
        """Keep files as they are now."""
        with self._writing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (path, entry.object, entry.size, entry.sha256, int(here), stat)
                    for path, entry, here, stat in files
                ),
            )

    def drop(self, paths: Iterable[str]) -> None:
        """Forget files."""
        with self._writing() as db:
            db.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in paths))

    def unfetch(self, paths: Iterable[str]) -> None:
        """Note that files are to be fetched again."""
        with self._writing() as db:
            db.executemany("UPDATE files SET here = 0 WHERE path = ?", ((p,) for p in paths))

    def take_over(self, listing: pa.Table) -> list[str]:
        """Make a listing what the index says; return the paths that are no longer listed.

        Files whose object is another one are then to be fetched.
        """
        with self._writing() as db:
            db.execute("CREATE TEMP TABLE theirs (path TEXT PRIMARY KEY, object, size, sha256)")
            for batch in listing.to_batches(_AT_ONCE):
                rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
                db.executemany("INSERT INTO theirs VALUES (?, ?, ?, ?)", rows)
            gone = db.execute("SELECT path FROM files WHERE path NOT IN (SELECT path FROM theirs)")
            paths = [str(row[0]) for row in gone.fetchall()]
            db.execute("DELETE FROM files WHERE path NOT IN (SELECT path FROM theirs)")
            db.execute(
                "INSERT OR REPLACE INTO files SELECT t.*, 0, '' FROM theirs t "
                "LEFT JOIN files f ON f.path = t.path WHERE f.object IS NOT t.object"
            )
            db.execute("DROP TABLE theirs")
        return paths

    def journals(self) -> dict[str, Entry]:
        """Return the journals as they were last equal to their objects."""
        with self._lock:
            rows = self._db.execute("SELECT * FROM journals").fetchall()
        return {path: Entry.model_validate_json(text) for path, text in rows}

    def put_journals(self, journals: Mapping[str, Entry]) -> None:
        """Keep the journals as they are now."""
        with self._writing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO journals VALUES (?, ?)",
                ((path, entry.model_dump_json()) for path, entry in journals.items()),
            )


def _known(row: tuple[str, str, int, str, int, str]) -> Known:
    path, name, size, sha256, here, stat = row
    return Known(path, Entry(object=name, size=size, sha256=sha256), bool(here), stat)
