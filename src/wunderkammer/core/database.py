"""Connections to DuckDB: one database for each collection in a process, made once.

To make a database takes some 30 ms of processor time, most of it for its thousands of
functions; to connect to one that is there takes a hundredth of that. What a connection
makes must be temporary, so that no other sees it.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock

import duckdb

MEMORY_LIMIT = "1GB"
"""What all connections to one database may hold before it goes to disk."""

_N_THREADS = 2

_N_KEPT = 4
"""Databases; one that is given up lasts as long as somebody is connected to it."""

_kept: OrderedDict[tuple[Path | None, bool], duckdb.DuckDBPyConnection] = OrderedDict()
_lock = Lock()


def connected(root: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection that joins tables in the order in which they are named.

    To look for a better order takes half of the time of planning a small collection.

    Parameters
    ----------
    root : Path
        The collection, below which goes what does not fit into memory.
    """
    return _of(root, shut_in=False)


def shut_in(root: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection for what people ask: it reads files below the root and no others.

    It changes no setting, and joins tables in any order.
    """
    return _of(root, shut_in=True)


def without_files() -> duckdb.DuckDBPyConnection:
    """Return a connection that sees what is registered with it, and no file."""
    return _of(None, shut_in=True)


def _of(root: Path | None, *, shut_in: bool) -> duckdb.DuckDBPyConnection:
    key = root, shut_in
    with _lock:
        database = _kept.pop(key, None) or _made(root, shut_in=shut_in)
        _kept[key] = database
        while len(_kept) > _N_KEPT:
            _kept.popitem(last=False)
        return database.cursor()


def _made(root: Path | None, *, shut_in: bool) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(":memory:")
    database.execute(f"SET memory_limit = '{MEMORY_LIMIT}'; SET threads = {_N_THREADS}")
    database.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false")
    # a part may be replaced by another of its name
    database.execute("SET enable_external_file_cache = false")
    if root is not None:
        database.execute("SET temp_directory = ?", [str(root / ".tmp-duckdb")])
    if not shut_in:
        database.execute("SET disabled_optimizers = 'join_order'")
        return database
    if root is not None:
        database.execute("SET allowed_directories = ?", [[str(root)]])
    database.execute("SET enable_external_access = false; SET lock_configuration = true")
    return database
