"""Reading a collection while other processes may be changing it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa

from wunderkammer.core.configuration import Configuration
from wunderkammer.core.damage import damage_named
from wunderkammer.core.database import connected, shut_in
from wunderkammer.core.errors import DamagedFileError, PartsMovedError, QueryError
from wunderkammer.core.query import run_query
from wunderkammer.core.table import Table

_Answer = TypeVar("_Answer")

_TRIES, _PAUSE_S = 10, 0.05

_N_KEPT = 2
"""Tables that wait for the next query; several threads may ask at once."""


class Reader:
    """Answers from a collection's table, each answer from one moment.

    Parameters
    ----------
    root : Path
        The collection's folder.
    configuration : Configuration
        Names the stages.
    """

    def __init__(self, root: Path, configuration: Configuration) -> None:
        self._root = root
        self._configuration = configuration
        self._kept: list[Table] = []

    def table(self, connection: duckdb.DuckDBPyConnection | None = None) -> Table:
        """Return the table as it is now, all stages' rows listed."""
        table = Table(self._root, self._configuration, connection)
        for stage in table.stages():
            table.rows(stage)
        return table

    def ask(self, question: Callable[[Table], _Answer]) -> _Answer:
        """Ask a table of this moment something; it may make temporary tables in there.

        Raises
        ------
        PartsMovedError
            If another process replaced what was read, each time.
        """
        return self._answered(lambda: self.table(connected(self._root)), question)

    def query(self, sql: str) -> pa.Table:
        """Return the answer to one SELECT, see :func:`wunderkammer.core.query.run_query`.

        As long as nothing changes, a query finds the views of the one before it.

        Raises
        ------
        QueryError, PartsMovedError
        """

        def answered(table: Table) -> pa.Table:
            answer = run_query(table, sql)
            self._kept.append(table)  # and no new list, which might bring back what is in use
            del self._kept[:-_N_KEPT]
            return answer

        return self._answered(self._of_now, answered)

    def _of_now(self) -> Table:
        """Return a table for people's questions: one that was kept, unless something changed."""
        while self._kept:
            try:
                table = self._kept.pop()
            except IndexError:  # another thread has it
                break
            if table.is_of_now():
                return table
        return self.table(shut_in(self._root))

    def _answered(self, made: Callable[[], Table], question: Callable[[Table], _Answer]) -> _Answer:
        """Ask; again where another process replaced parts while they were read."""
        for _ in range(_TRIES):
            try:
                table = made()
            except (duckdb.IOException, FileNotFoundError):
                time.sleep(_PAUSE_S)
                continue
            try:
                with damage_named(self._root):
                    answer = question(table)
            except (duckdb.Error, QueryError, DamagedFileError):
                if not table.has_moved():
                    raise
            else:
                if not table.has_moved():
                    return answer
            time.sleep(_PAUSE_S)
        raise PartsMovedError(
            f"{self._root} could not be read: a run replaced its parts each time.",
            hint="Ask again when the run has gone on.",
        )
