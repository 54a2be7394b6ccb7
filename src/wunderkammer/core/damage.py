"""Damage that a library stumbles over, told as the file that it is in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.errors import DamagedFileError, QueryError
from wunderkammer.core.files import HOW_TO_MEND, NO_ROOM, TEMPORARY, file_sha256
from wunderkammer.core.sums import read_sums

_HOLD_ROWS = ("records", "columns")
_ASKED_WRONG = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)
"""Errors in what was asked: no file is to blame."""


@contextmanager
def damage_named(root: Path) -> Iterator[None]:
    """Turn an error over a damaged file of a collection into one that names the file.

    Raises
    ------
    DamagedFileError
        If a part cannot be read. An error that has another cause stays as it is; one of a
        full disk says which disk.
    """
    try:
        yield
    except (duckdb.Error, QueryError, pa.ArrowException, UnicodeError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            if error.errno in NO_ROOM and not error.filename:
                error.filename = str(root)
            raise
        if isinstance(error.__context__ or error, _ASKED_WRONG):
            raise
        for path in _parts(root):
            why = unreadable(path) or _changed(path)
            if why:
                message = f"{path} cannot be read: {why.rstrip('.')}."
                raise DamagedFileError(message, hint=HOW_TO_MEND) from error
        raise


def unreadable(path: Path, *, may_be_cut_off: bool = False) -> str:
    """Return why a file cannot be read, empty if it can; of unknown kinds nothing is known.

    Parameters
    ----------
    path : Path
    may_be_cut_off : bool
        Whether the last line of a log may lack its end, as a full disk or a power cut leaves it.
    """
    try:
        if path.suffix == ".parquet":
            with pq.ParquetFile(path) as file:
                for _ in file.iter_batches():
                    pass
        elif path.suffix == ".json":
            json.loads(path.read_bytes())
        elif path.suffix == ".jsonl":
            lines = path.read_bytes().splitlines(keepends=True)
            if may_be_cut_off and lines and not lines[-1].endswith(b"\n"):
                lines.pop()
            for line in lines:
                json.loads(line)
    except (OSError, ValueError, pa.ArrowException) as error:
        return str(error).splitlines()[0] if str(error) else type(error).__name__
    return ""


def schema_names(path: Path) -> list[str]:
    """Return the columns of a part.

    Raises
    ------
    DamagedFileError
        If it is no Parquet file any more.
    """
    try:
        return list(pq.read_schema(path).names)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, pa.ArrowException) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        why = str(error).splitlines()[0].rstrip(".")
        raise DamagedFileError(f"{path} cannot be read: {why}.", hint=HOW_TO_MEND) from None


def _changed(path: Path) -> str:
    """Return that a part is not what was noted of it; some libraries read what others cannot."""
    noted = read_sums(path.parent).noted.get(path.name, [])
    found = file_sha256(path) if noted else ""
    right = not noted or any(one.sha256 == found for one in noted)
    return "" if right else "it has other bytes than were stored"


def _parts(root: Path) -> Iterator[Path]:
    for folder in _HOLD_ROWS:
        for path in sorted((root / folder).rglob("*.parquet")):
            if not path.name.startswith(TEMPORARY):
                yield path
