"""The one table: records, stage columns and annotations as DuckDB sees them.

Every stage's cells are found by column name here, and nowhere else. Media that
a stage derived take their parent's place after it: the table then has an id for
each such step (``id_0`` in the records, ``id_1`` after the first deriving
stage, …), and earlier columns are read from the parent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from wunderkammer.core import journal
from wunderkammer.core.column import Column
from wunderkammer.core.configuration import Configuration
from wunderkammer.core.damage import schema_names
from wunderkammer.core.database import connected
from wunderkammer.core.errors import ConfigurationError, nearest
from wunderkammer.core.groups import REJECTED, group_folder, group_parts, stage_state
from wunderkammer.core.parts import Parts
from wunderkammer.core.stage import RecordStage, RowStage, Stage
from wunderkammer.core.versions import version, versions

_ANNOTATION = "annotation/"
"""Begins the name of what a person stated of a medium itself, and of nothing else."""

_SAID = "said/"
"""Begins the name of all that people say of a medium itself: a text of their differing answers."""

ANSWERS = "\x1f"
"""Stands between the answers of :data:`_SAID`, which are in alphabetical order."""

_RECORD = "record/"
"""Begins the name of a term whose name a stage uses for a column too."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How one read column is found in SQL.

    Attributes
    ----------
    name : str
        The column.
    value, digest : str
        SQL for its value and for what enters a key.
    join : str
        SQL that joins its table; empty if an earlier cell joined it.
    group : str
        The stage that writes it; empty for records and annotations.
    column : Column or None
        Its description, if a stage writes it.
    """

    name: str
    value: str
    digest: str
    join: str
    group: str
    column: Column | None


class Table:
    """A read-only view of a collection at one moment.

    Parameters
    ----------
    root : Path
        The collection's folder.
    configuration : Configuration
        Names the stages.
    connection : duckdb.DuckDBPyConnection, optional
        Where its views are made; by default a new one.
    """

    def __init__(
        self,
        root: Path,
        configuration: Configuration,
        connection: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        self.root = root
        self.configuration = configuration
        self.connection = connected(root) if connection is None else connection
        self._files = versions(self._rejected())
        self.record_columns = self._view_records()
        self._stated = versions(journal.files(root))
        self.annotated = self._view_annotations()
        self._viewed: set[str] = set()
        self._writers: dict[str, tuple[Stage, Column]] = {
            column.name: (stage, column) for stage in self.stages() for column in stage.writes()
        }

    def rows(self, stage: Stage) -> str:
        """Return the SQL name of a stage's rows, whose parts are listed when first asked for."""
        self.view(stage.group, lambda: self._rows_sql(stage))
        return quoted(stage.group)

    def view(self, name: str, sql: Callable[[], str]) -> None:
        """Make a view of its own connection, unless it is there."""
        if name not in self._viewed:
            self.connection.execute(f"CREATE TEMP VIEW {quoted(name)} AS {sql()}")
            self._viewed.add(name)

    def has_moved(self) -> bool:
        """Tell whether another process has replaced or removed parts since they were listed.

        A file that is replaced while it is read may be read by the footer of the old one: the
        answer is then that of no state there ever was, or an error that means nothing.
        """
        return any(version(path) != seen for path, seen in self._files.items())

    def is_of_now(self) -> bool:
        """Tell whether the parts and statements that were listed are those there are."""
        files = {*self._records().finished(), *self._rejected()}
        for stage in self.stages():
            if stage.group in self._viewed:
                files |= {*self.parts(stage).finished(), *self.parts(stage).fresh()}
        stated = versions(journal.files(self.root))
        return files == set(self._files) and not self.has_moved() and stated == self._stated

    def stages(self) -> list[Stage]:
        """Return the stages that write rows, in order."""
        return [one for one in self.configuration.stages if not isinstance(one, RecordStage)]

    def parts(self, stage: Stage) -> Parts:
        """Return the parts that hold a stage's rows."""
        return group_parts(self.root, stage)

    def state(self, stage: Stage) -> dict[str, Any]:
        """Return what the last finished run of a stage left beside its rows, or nothing."""
        return stage_state(self.root, stage)

    def epoch(self, stage: Stage) -> int:
        """Return how many deriving stages come before a stage."""
        count = 0
        for other in self.stages():
            if other.group == stage.group:
                return count
            count += _derives(other)
        return count

    def n_epochs(self) -> int:
        """Return how many deriving stages there are."""
        return sum(_derives(stage) for stage in self.stages())

    def writer(self, column: str) -> tuple[Stage, Column] | None:
        """Return the stage that writes a column, or None for a record's term."""
        return self._writers.get(column)

    def universe(self, reader: Stage | None = None) -> str:
        """Return SQL for the media that a stage sees, with their ids id_0 … id_epoch.

        These are the media that exist after the deriving stages before it, less
        those that a limiting stage before it left out. Without a reader: all
        media that exist in the end.
        """
        epoch = self.n_epochs() if reader is None else self.epoch(reader)
        sql = self._media_after(epoch)
        tests = [] if reader is None else self._limits(reader)
        return f"SELECT u.* FROM ({sql}) u WHERE {' AND '.join(tests)}" if tests else sql

    def _limits(self, reader: Stage) -> list[str]:
        tests = []
        for stage in self.stages():
            if stage.group == reader.group:
                break
            column = stage.limits()
            if column is not None:
                tests.append(
                    f"u.id_{self.epoch(stage)} IN (SELECT media_id FROM {self.rows(stage)} "
                    f"WHERE {quoted(column)} IS NOT NULL)"
                )
        return tests

    def _media_after(self, epoch: int) -> str:
        """Return SQL for the media that exist after ``epoch`` deriving stages: id_0 … id_epoch."""
        sql = "SELECT media_id AS id_0 FROM records"
        step = 0
        for stage in self.stages():
            if step < epoch and _derives(stage):
                view = self.rows(stage)
                sql = (
                    f"SELECT u.*, coalesce(c.media_id, u.id_{step}) AS id_{step + 1} "
                    f"FROM ({sql}) u LEFT JOIN (SELECT c.media_id, p.media_id AS parent "
                    f"FROM {view} c JOIN {view} p ON c.derivedFromMediaID = p.media_id "
                    f"AND c.key = p.key AND p.status = 'replaced') c ON c.parent = u.id_{step}"
                )
                step += 1
        return sql

    def cells(self, names: Sequence[str], reader: Stage | None = None) -> list[Cell]:
        """Return how columns are found; ``reader`` is the stage that asks.

        Raises
        ------
        ConfigurationError
            If the column is written by ``reader`` itself or a later stage.
        """
        order = [stage.group for stage in self.stages()]
        joined: set[str] = set()
        found = []
        for name in names:
            written = self.writer(name)
            if written is None:
                self._check_term(name, reader)
                epoch = self.n_epochs() if reader is None else self.epoch(reader)
                find = self._said_cell if name.startswith(_SAID) else self._record_cell
                found.append(find(name, joined, epoch))
                continue
            stage, column = written
            if reader is not None and order.index(stage.group) >= order.index(reader.group):
                raise ConfigurationError(
                    f"the stage '{reader.group}' reads '{name}', which '{stage.group}' writes "
                    "only later."
                )
            found.append(self._stage_cell(stage, column, joined))
        return found

    def guards(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return the row stages behind those that are read.

        A medium that failed in one of them goes no further, though the rows that stages
        after it made of it before are still there. They are no part of any key.
        """
        waiting = [cell.group for cell in cells if cell.group]
        joined = set(waiting)
        found: list[Cell] = []
        while waiting:
            stage = self.configuration.stage(waiting.pop())
            for name in stage.reads() if isinstance(stage, RowStage) else ():
                behind, column = self.writer(name) or (None, None)
                if isinstance(behind, RowStage) and column and behind.group not in joined:
                    found.append(self._stage_cell(behind, column, joined))
                    waiting.append(behind.group)
        return found

    def _check_term(self, name: str, reader: Stage | None) -> None:
        """Refuse the name of a stage's column that no stage writes."""
        known = name.startswith((_ANNOTATION, _SAID, _RECORD))
        known = known or name in self.record_columns or name in self.annotated
        if "/" in name and not known:
            who = f"the stage '{reader.group}' reads" if reader else "there is no column"
            raise ConfigurationError(f"{who} '{name}'.", hint=nearest(name, self._writers))

    def _record_cell(self, name: str, joined: set[str], epoch: int) -> Cell:
        """Find a term: what a person stated, else what the source gave.

        What was stated of the medium that one was cut from holds for it too.
        """
        term = name.removeprefix(_ANNOTATION).removeprefix(_RECORD)
        joins = []
        value = "NULL"
        if not name.startswith(_ANNOTATION) and term in self.record_columns:
            if "records" not in joined:
                joins.append("LEFT JOIN records ON records.media_id = u.id_0")
                joined.add("records")
            value = f"records.{quoted(term)}"
        if term in self.annotated:
            first = epoch if name.startswith(_ANNOTATION) else 0
            for step in range(first, epoch + 1):
                alias = quoted(f"{_ANNOTATION}{term}/{step}")
                if alias not in joined:
                    joins.append(
                        "LEFT JOIN (SELECT media_id, value FROM annotated "
                        f"WHERE term = {literal(term)}) {alias} ON {alias}.media_id = u.id_{step}"
                    )
                    joined.add(alias)
                value = f"coalesce({alias}.value, {value})"
        return Cell(name, value, value, " ".join(joins), "", None)

    def _said_cell(self, name: str, joined: set[str], epoch: int) -> Cell:
        """Find what each person said last of a term; who took it back says nothing."""
        alias, join = quoted(name), ""
        if name not in joined:
            term = literal(name.removeprefix(_SAID))
            join = (
                "LEFT JOIN (SELECT media_id, "
                f"string_agg(DISTINCT value, {literal(ANSWERS)} ORDER BY value) AS value "
                "FROM (SELECT media_id, arg_max(value, n) AS value FROM (SELECT media_id, who, n, "
                f"coalesce(value, chr(0)) AS value FROM annotations WHERE term = {term}) "
                "GROUP BY media_id, who HAVING arg_max(value, n) <> chr(0)) "
                f"GROUP BY media_id) {alias} ON {alias}.media_id = u.id_{epoch}"
            )
            joined.add(name)
        return Cell(name, f"{alias}.value", f"{alias}.value", join, "", None)

    def _stage_cell(self, stage: Stage, column: Column, joined: set[str]) -> Cell:
        view = self.rows(stage)
        join = ""
        if stage.group not in joined:
            epoch = self.epoch(stage) + _derives(stage)
            join = f"LEFT JOIN {view} ON {view}.media_id = u.id_{epoch}"
            joined.add(stage.group)
        return Cell(
            column.name,
            f"{view}.{quoted(column.name)}",
            f"{view}.{quoted(column.digest_name)}",
            join,
            stage.group,
            column,
        )

    def _records(self) -> Parts:
        return Parts(self.root / "records", pa.schema([]))

    def _rejected(self) -> list[Path]:
        """Return where rows of sources are named that were not used; there may be none."""
        return [group_folder(self.root, one) / REJECTED for one in self.configuration.stages]

    def _view_records(self) -> list[str]:
        # New parts are records that are just being read from the source: not yet all of them.
        files = self._records().finished()
        if not files:
            self.connection.execute("CREATE TEMP TABLE records (media_id VARCHAR)")
            return ["media_id"]
        self._files |= versions(files)
        self.connection.execute(f"CREATE TEMP VIEW records AS {_rows_of(files)}")
        return schema_names(files[0])

    def _view_annotations(self) -> set[str]:
        self.connection.register("annotation_rows", journal.read(self.root))
        self.connection.execute(
            "CREATE TEMP TABLE annotations AS "
            "SELECT row_number() OVER () AS n, * FROM annotation_rows"
        )
        self.connection.execute(
            "CREATE TEMP TABLE annotated AS SELECT media_id, term, arg_max(value, n) AS value "
            "FROM (SELECT media_id, term, n, coalesce(value, chr(0)) AS value FROM annotations) "
            "GROUP BY ALL HAVING arg_max(value, n) <> chr(0)"
        )
        rows = self.connection.execute("SELECT DISTINCT term FROM annotated").fetchall()
        return {row[0] for row in rows}

    def _rows_sql(self, stage: Stage) -> str:
        parts = self.parts(stage)
        files = [*parts.finished(), *parts.fresh()]
        self._files |= versions(files)
        known = {name for path in files for name in schema_names(path)}
        empty = ""
        if not known.issuperset(parts.schema.names):
            # nothing was written yet, or a setting has since added a column
            self.connection.register(
                f"empty {stage.group}", pa.Table.from_batches([], parts.schema)
            )
            empty = f"SELECT * FROM {quoted(f'empty {stage.group}')}"
        sql = _last_rows_of(files) if parts.fresh() else _rows_of(files)
        return " UNION ALL BY NAME ".join(filter(None, (sql if files else "", empty)))


def quoted(name: str) -> str:
    """Return an SQL identifier.

    Examples
    --------
    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def select(cells: Sequence[Cell]) -> str:
    """Return the SQL list of the cells' values under their names."""
    return ", ".join(f"{cell.value} AS {quoted(cell.name)}" for cell in cells)


def joins(cells: Sequence[Cell]) -> str:
    """Return the SQL joins that the cells need, onto a universe called u."""
    return " ".join(cell.join for cell in cells if cell.join)


def _derives(stage: Stage) -> bool:
    return isinstance(stage, RowStage) and stage.derives


def _rows_of(files: Sequence[Path]) -> str:
    listing = ", ".join(literal(str(path)) for path in files)
    return f"SELECT * FROM read_parquet([{listing}], union_by_name = true)"


def _last_rows_of(files: Sequence[Path]) -> str:
    listing = ", ".join(literal(str(path)) for path in files)
    return (
        f"SELECT * EXCLUDE (filename) "
        f"FROM read_parquet([{listing}], filename = true, union_by_name = true) "
        "QUALIFY row_number() OVER (PARTITION BY media_id ORDER BY filename DESC) = 1"
    )
