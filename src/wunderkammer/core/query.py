"""Queries: read-only SQL over everything a collection holds."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.errors import QueryError
from wunderkammer.core.groups import REJECTED, group_folder
from wunderkammer.core.stage import RecordStage
from wunderkammer.core.table import Table, joins, literal, quoted, select

_MESSAGES = ("error", "message", "hint")

_NAMES = ("original_file", "catalogNumber", "title", "scientificName", "accessURI")
"""Terms that tell a person which medium is meant, best first."""


def run_query(table: Table, sql: str) -> pa.Table:
    """Return the answer to one SELECT.

    Tables are ``media``, ``records``, ``annotations``, ``failures`` and one a stage,
    such as ``image`` or ``"features/efficientnet-lite0"``.

    Raises
    ------
    QueryError
        If it is not valid, or is anything but one SELECT.
    """
    try:
        create_views(table)
        statements = duckdb.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise QueryError(
                "a query is one SELECT; this collection is only read here.",
                hint="State what a medium is with 'wk annotate', or change its source.",
            )
        return table.connection.sql(statements[0].query).to_arrow_table()
    except duckdb.Error as error:
        raise QueryError(
            f"the query cannot be answered: {_first_lines(error)}",
            hint="What can be asked for is listed by: "
            'wk query "select column_name from (describe media)".',
        ) from None


def create_views(table: Table) -> None:
    """Make ``media`` and ``failures`` in the table's connection."""
    table.view("media", lambda: media_sql(table))
    table.view("failures", lambda: failures_sql(table))


def media_sql(table: Table) -> str:
    """Return SQL for one row a medium: records, what people stated, all scalar columns."""
    epoch = table.n_epochs()
    terms = [name for name in table.record_columns if name != "media_id" and not table.writer(name)]
    terms += sorted(one for one in table.annotated - set(terms) if not table.writer(one))
    names = list(terms)
    for stage in table.stages():
        names += [column.name for column in stage.writes() if column.kind != "vector"]
    cells = table.cells(names)
    values = f", {select(cells)}" if cells else ""
    parent = f"CASE WHEN u.id_{epoch} <> u.id_0 THEN u.id_0 END"
    return (
        f"SELECT u.id_{epoch} AS media_id, {parent} AS derivedFromMediaID{values} "
        f"FROM ({table.universe()}) u {joins(cells)}"
    )


def failures_sql(table: Table) -> str:
    """Return SQL for one row a failure: stage, medium or place in the source, what and why."""
    messages = ", ".join(_MESSAGES)
    known = [name for name in _NAMES if name in table.record_columns]
    name = f"coalesce({', '.join(quoted(one) for one in known)})" if known else "NULL"
    parts = []
    for stage in table.configuration.stages:
        group = literal(stage.group)
        if isinstance(stage, RecordStage):
            path = group_folder(table.root, stage) / REJECTED
            if path.exists() and pq.read_metadata(path).num_rows:
                parts.append(
                    f'SELECT {group} AS stage, NULL AS media_id, "where", {messages} '
                    f"FROM read_parquet({literal(str(path))})"
                )
            continue
        epoch = table.epoch(stage)
        parts.append(
            f'SELECT {group} AS stage, u.id_{epoch} AS media_id, {name} AS "where", {messages} '
            f"FROM ({table.universe(stage)}) u JOIN records ON records.media_id = u.id_0 "
            f"JOIN {table.rows(stage)} f ON f.media_id = u.id_{epoch} WHERE f.status = 'failed'"
        )
    return " UNION ALL ".join(parts) or (
        'SELECT NULL AS stage, NULL AS media_id, NULL AS "where", '
        "NULL AS error, NULL AS message, NULL AS hint WHERE false"
    )


def _first_lines(error: duckdb.Error) -> str:
    return " ".join(line.strip() for line in str(error).splitlines()[:2] if line.strip())
