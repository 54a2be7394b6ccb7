"""What reports ask of a collection: its stages, its media, what people stated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import duckdb

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError, PartsMovedError, StageError
from wunderkammer.core.query import create_views
from wunderkammer.core.stage import Stage
from wunderkammer.core.table import quoted

_NAMES = ("original_file", "catalogNumber", "title", "accessURI")
_ROWS_AT_ONCE = 8_192

PHOTOGRAPH = 'coalesce("derivedFromMediaID", media_id)'
"""SQL for the medium that a row of ``media`` was cut from, which may be itself."""


class LeftOut(NamedTuple):
    """A medium that could not be measured, and why.

    Attributes
    ----------
    media_id : str
        Empty for a file that no medium is of.
    name, why : str
    """

    media_id: str
    name: str
    why: str


def stage_that_ran(collection: Collection, name: str) -> Stage:
    """Return a stage of the collection that has written rows.

    Raises
    ------
    ConfigurationError
        If the collection has no such stage.
    StageError
        If it has not run.
    """
    known = {stage.name for stage in collection.configuration.stages}
    if name not in known:
        raise ConfigurationError(
            f"this collection has no stage '{name}', so there is nothing to report.",
            hint=f"Write [{name}] into collection.toml; then 'wk run {name}'.",
        )
    stage = collection.configuration.stage(name)
    if not collection.query(f"SELECT count(*) AS n FROM {quoted(stage.group)}")["n"][0].as_py():  # noqa: S608 - a stage's name
        raise StageError(
            f"'{stage.group}' has not run, so there is nothing to report.",
            hint=f"Run 'wk run {name}'.",
        )
    return stage


def known_columns(collection: Collection) -> set[str]:
    """Return the names of the columns of ``media``."""
    return set(
        collection.query("SELECT column_name FROM (DESCRIBE media)")["column_name"].to_pylist()
    )


def column(name: str, known: set[str], kind: str = "VARCHAR") -> str:
    """Return SQL for a column, NULL where the collection has none of that name."""
    return quoted(name) if name in known else f"NULL::{kind}"


def name_sql(known: set[str]) -> str:
    """Return SQL for what people call a medium."""
    names = [quoted(name) for name in _NAMES if name in known]
    return f"coalesce({', '.join([*names, 'media_id'])})"


def streamed(collection: Collection, sql: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a query; memory is that of the database, whatever their number.

    Raises
    ------
    PartsMovedError
        If another process changed the collection meanwhile; asking again helps.
    """
    table = collection.table()
    create_views(table)
    try:
        for batch in table.connection.sql(sql).to_arrow_reader(_ROWS_AT_ONCE):
            yield from batch.to_pylist()
    except duckdb.IOException:
        raise PartsMovedError(
            "another process changed the collection while it was being read.",
            hint="Run the same command again.",
        ) from None
