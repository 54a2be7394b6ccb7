"""Plans: which media each stage would do, and why, before anything runs."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from wunderkammer.core import markup
from wunderkammer.core.digests import SourceDigest
from wunderkammer.core.errors import SourceError
from wunderkammer.core.history import History
from wunderkammer.core.settings import digest_of
from wunderkammer.core.stage import RecordStage, RowStage, Stage, TableStage
from wunderkammer.core.table import Cell, Table, joins, literal, quoted

_SHORT = 12
"""Hex digits by which people tell files apart."""


class Reason(enum.StrEnum):
    """Why a medium, or a whole table, is done (again)."""

    NEW = "new"
    SETTINGS_CHANGED = "settings changed"
    INPUT_CHANGED = "input changed"
    FAILED_BEFORE = "failed before"
    ASKED_AGAIN = "asked again"


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What one stage would do.

    Attributes
    ----------
    group : str
        The stage, with its label where it has one.
    reasons : mapping of Reason to int
        Media to do, by reason; -1 where their number is known only after an
        earlier stage has run.
    n_fresh, n_failed, n_blocked : int
        Media that are done; that failed before and stay so; that wait for an
        earlier stage which failed on them.
    changed : sequence of str
        Settings that differ, such as ``"perplexity: 30 → 20"``, and files it uses.
    note : str
        What a person should know, such as that the source is not there.
    """

    group: str
    reasons: Mapping[Reason, int] = field(default_factory=dict)
    n_fresh: int = 0
    n_failed: int = 0
    n_blocked: int = 0
    changed: Sequence[str] = ()
    note: str = ""

    @property
    def n_todo(self) -> int:
        """Media to do; -1 if not known yet."""
        return -1 if -1 in self.reasons.values() else sum(self.reasons.values())

    def why(self) -> str:
        """Return the reasons, the settings that changed, and what else should be known."""
        counted = [
            str(reason) if n < 0 else f"{n:,} {reason}" for reason, n in self.reasons.items()
        ]
        return "; ".join(part for part in (", ".join(counted), *self.changed, self.note) if part)

    def in_words(self) -> str:
        """Return one line: the stage, and why it would run."""
        return f"{self.group}: {self.why()}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do, stage by stage."""

    stages: Sequence[StagePlan]

    @property
    def nothing_to_do(self) -> bool:
        """Whether every stage is fresh."""
        return not any(stage.reasons for stage in self.stages)

    def __str__(self) -> str:
        """Return a line a stage that would run, with why."""
        return "\n".join(one.in_words() for one in self.stages if one.reasons) or "nothing to do"

    def _repr_html_(self) -> str:
        head = ["stage", "to do", "why", "up to date", "failed before"]
        rows = [
            [one.group, _count(one.n_todo), one.why(), one.n_fresh, one.n_failed]
            for one in self.stages
        ]
        said = "nothing to do" if self.nothing_to_do else ""
        return markup.framed(markup.table(head, rows), markup.quiet(said))

    def __getitem__(self, group: str) -> StagePlan:
        """Return the plan of one stage."""
        return next(stage for stage in self.stages if stage.group == group)


class Planner:
    """Compares stored keys with computed ones.

    Parameters
    ----------
    table : Table
        The collection at this moment.
    retry_failed : bool
        Whether media that failed before are to be done again.
    again : collection of str
        Groups of stages that also do again what is fresh: row stages, and table stages that
        go on from what they made before.
    """

    def __init__(
        self, table: Table, *, retry_failed: bool = False, again: Collection[str] = ()
    ) -> None:
        self.table = table
        self.retry_failed = retry_failed
        self.again = again
        self._pending: set[str] = set()
        self._everything_pending = False

    def plan(self, stages: Sequence[Stage]) -> Plan:
        """Return the plan of some stages, in the order of the pipeline."""
        return Plan([self._plan_stage(stage) for stage in stages])

    def _plan_stage(self, stage: Stage) -> StagePlan:
        if isinstance(stage, RecordStage):
            return self._plan_records(stage)
        if isinstance(stage, RowStage):
            return self._plan_rows(stage)
        if isinstance(stage, TableStage):
            return self._plan_table(stage)
        raise TypeError(f"{stage.group} is no stage that can be run")

    def _plan_records(self, stage: RecordStage) -> StagePlan:
        state = self.table.state(stage)
        n_records = int(state.get("n_records", 0))
        try:
            key = records_key(stage, SourceDigest(self.table.root).of(stage))
        except SourceError as error:
            if not state:
                raise
            note = f"{error.message} The {n_records:,} records read before are kept."
            return StagePlan(stage.group, n_fresh=n_records, note=note)
        reason = whole_reason(stage, state, key)
        if reason is None:
            return StagePlan(
                stage.group, n_fresh=n_records, n_failed=int(state.get("n_rejected", 0))
            )
        self._everything_pending = True
        changed = changed_settings(stage, state) if state else ()
        return StagePlan(stage.group, {reason: -1}, changed=changed)

    def _plan_rows(self, stage: RowStage) -> StagePlan:
        counts = self.row_states(stage)
        reasons = {reason: counts[reason] for reason in Reason if counts.get(reason)}
        if not self.retry_failed:
            reasons.pop(Reason.FAILED_BEFORE, None)
        note = self._foreseen(stage, reasons)
        not_known_yet = self._everything_pending
        self._remember_pending(stage, reasons)
        if not_known_yet:
            first = Reason.INPUT_CHANGED if counts.get("fresh") else Reason.NEW
            reasons = {next(iter(reasons), first): -1}
        failed = 0 if self.retry_failed else counts.get(Reason.FAILED_BEFORE, 0)
        state = self.table.state(stage)
        changed = changed_settings(stage, state) if Reason.SETTINGS_CHANGED in reasons else ()
        blocked = counts.get("blocked", 0)
        return StagePlan(
            stage.group, reasons, counts.get("fresh", 0), failed, blocked, changed, note
        )

    def _foreseen(self, stage: RowStage, reasons: Collection[str]) -> str:
        """Return what a stage tells beforehand of the media in the temporary table ``todo``."""
        names = stage.foresees_by()
        if not names or not reasons:
            return ""
        table = self.table
        cells = table.cells(names, stage)
        columns = ", ".join(f"{cell.value} AS {quoted(cell.name)}" for cell in cells)
        states = ", ".join(map(literal, reasons))
        return stage.foreseen(
            table.connection.sql(
                f"SELECT {columns} FROM ({table.universe(stage)}) u {joins(cells)} "
                f"JOIN todo ON todo.media_id = u.id_{table.epoch(stage)} "
                f"WHERE todo.state IN ({states})"
            ).to_arrow_table()
        )

    def _plan_table(self, stage: TableStage) -> StagePlan:
        n_inputs, key = self.table_key(stage)
        state = self.table.state(stage)
        upstream = self._everything_pending or any(
            group in self._pending for group in self._groups_read(stage)
        )
        if upstream:
            reason = Reason.INPUT_CHANGED if state else Reason.NEW
            self._is_pending(stage)
            return StagePlan(stage.group, {reason: -1}, changed=changed_settings(stage, state))
        if not n_inputs:
            return StagePlan(stage.group, n_blocked=1, note="no media have come this far")
        found = whole_reason(stage, state, History.noted(state).key(key))
        if found is None and stage.group in self.again and stage.remembers():
            found = Reason.ASKED_AGAIN
        if found is None:
            return StagePlan(stage.group, n_fresh=n_inputs)
        self._is_pending(stage)
        return StagePlan(stage.group, {found: n_inputs}, changed=changed_settings(stage, state))

    def row_states(self, stage: RowStage) -> dict[str, int]:
        """Make the temporary table ``todo`` (media_id, key, state) and count its states."""
        table = self.table
        epoch = table.epoch(stage)
        cells = table.cells(stage.reads(), stage)
        every = [*cells, *table.guards(cells)]
        pending = sorted({cell.group for cell in every} & self._pending)
        own = table.rows(stage)
        table.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE todo AS "
            f"WITH u AS ({table.universe(stage)}), "
            f"inputs AS (SELECT u.id_{epoch} AS media_id, {_blocked(every, pending)} AS blocked, "
            f"{_waiting(pending)} AS waiting, {_key(stage.digest(), cells)} AS key "
            f"FROM u {joins(every)} {self._joins_of_pending(pending)}) "
            f"SELECT i.media_id, i.key, {self._state(stage)} AS state "
            f"FROM inputs i LEFT JOIN (SELECT media_id, key, settings, status FROM {own} "
            f"WHERE derivedFromMediaID IS NULL) o ON o.media_id = i.media_id"
        )
        rows = table.connection.execute(
            "SELECT state, count(*) FROM todo GROUP BY state ORDER BY state"
        ).fetchall()
        return dict(rows)

    def _state(self, stage: Stage) -> str:
        digest = literal(stage.digest())
        fresh = Reason.ASKED_AGAIN if stage.group in self.again else "fresh"
        return (
            f"CASE WHEN i.blocked THEN 'blocked' "
            f"WHEN o.media_id IS NULL THEN '{Reason.NEW}' "
            f"WHEN o.settings <> {digest} THEN '{Reason.SETTINGS_CHANGED}' "
            f"WHEN i.waiting OR o.key <> i.key THEN '{Reason.INPUT_CHANGED}' "
            f"WHEN o.status = 'failed' THEN '{Reason.FAILED_BEFORE}' ELSE '{fresh}' END"
        )

    def _is_pending(self, stage: Stage) -> None:
        """Note that a stage would run; one that limits later stages leaves all of them open."""
        self._pending.add(stage.group)
        self._everything_pending |= stage.limits() is not None

    def _remember_pending(self, stage: Stage, reasons: Mapping[Reason, int]) -> None:
        """Keep which media a stage would do, for the stages that read from it."""
        if not reasons:
            return
        self._is_pending(stage)
        listing = ", ".join(literal(reason) for reason in reasons)
        self.table.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {_pending(stage.group)} AS "
            f"SELECT media_id FROM todo WHERE state IN ({listing})"
        )

    def _joins_of_pending(self, groups: Sequence[str]) -> str:
        parts = []
        for group in groups:
            epoch = self.table.epoch(self.table.configuration.stage(group))
            name = _pending(group)
            parts.append(f"LEFT JOIN {name} ON {name}.media_id = u.id_{epoch}")
        return " ".join(parts)

    def table_key(self, stage: Stage) -> tuple[int, str]:
        """Return how many media a table stage would read, and its key over all of them.

        A stage that goes on from what it made before has a key that names that too.
        """
        table = self.table
        rows = table.connection.execute(
            f"{self._inputs_of(stage)} "
            "SELECT count(*), sha256(string_agg(key, '' ORDER BY media_id)) FROM inputs "
            "WHERE NOT blocked GROUP BY left(media_id, 2) ORDER BY left(media_id, 2)"
        ).fetchall()
        artifacts = {
            group: table.state(table.configuration.stage(group)).get("key")
            for group in stage.reads_artifacts()
        }
        key = digest_of([stage.digest(), [row[1] for row in rows], artifacts])
        return sum(row[0] for row in rows), key

    def table_inputs(self, stage: Stage) -> pa.Table:
        """Return the media a table stage would read, and a digest of the cells of each."""
        return self.table.connection.sql(
            f"{self._inputs_of(stage)} SELECT media_id, left(key, 16) AS input FROM inputs "
            "WHERE NOT blocked ORDER BY media_id"
        ).to_arrow_table()

    def _inputs_of(self, stage: Stage) -> str:
        """Return SQL that begins with the media a table stage reads: media_id, blocked, key."""
        table = self.table
        epoch = table.epoch(stage)
        cells = table.cells(stage.reads(), stage)
        every = [*cells, *table.guards(cells)]
        return (
            f"WITH u AS ({table.universe(stage)}), "
            f"inputs AS (SELECT u.id_{epoch} AS media_id, {_blocked(every, ())} AS blocked, "
            f"sha256({_key('', cells)} || u.id_{epoch}) AS key FROM u {joins(every)})"
        )

    def _groups_read(self, stage: Stage) -> set[str]:
        read = {cell.group for cell in self.table.cells(stage.reads(), stage)}
        return read | set(stage.reads_artifacts())


def _key(settings: str, cells: Sequence[Cell]) -> str:
    """Return SQL for a row's key: settings, then each cell with its length, in order."""
    pieces = [literal(settings)]
    for cell in cells:
        text = f"CAST({cell.digest} AS VARCHAR)"
        # a term that the source lacks is told from none at all before the database has to
        known = cell.digest != "NULL"
        pieces.append(f"coalesce(length({text}) || ':' || {text}, '-')" if known else "'-'")
    return f"sha256(concat({', '.join(pieces)}))"


def _blocked(cells: Sequence[Cell], pending: Sequence[str]) -> str:
    """Return SQL that is true for media on which an earlier stage failed or was not run."""
    tests = []
    for group in sorted({cell.group for cell in cells if cell.group}):
        test = f"{quoted(group)}.status IS DISTINCT FROM 'done'"
        if group in pending:
            test = f"({test} AND {_pending(group)}.media_id IS NULL)"
        tests.append(test)
    return f"({' OR '.join(tests)})" if tests else "false"


def _waiting(pending: Sequence[str]) -> str:
    """Return SQL that is true for media that an earlier stage is about to do."""
    tests = [f"{_pending(group)}.media_id IS NOT NULL" for group in pending]
    return f"({' OR '.join(tests)})" if tests else "false"


def _pending(group: str) -> str:
    return quoted(f"pending {group}")


def records_key(stage: RecordStage, source: str) -> str:
    """Return the key of the records: settings and the content of the source."""
    return digest_of([stage.digest(), source])


def whole_reason(stage: Stage, state: Mapping[str, Any], key: str) -> Reason | None:
    """Return why something done as a whole must be done, or None if it is fresh."""
    if not state:
        return Reason.NEW
    if state.get("settings_digest") != stage.digest():
        return Reason.SETTINGS_CHANGED
    return None if state.get("key") == key else Reason.INPUT_CHANGED


def changed_settings(stage: Stage, state: Mapping[str, Any]) -> list[str]:
    """Return what differs from the settings and files of the last run, one line each."""
    before = _flat(state.get("settings", {}))
    now = _flat(stage.settings())
    if not before:
        return []
    before |= _named_files(state.get("files", {}))
    now |= _named_files(stage.file_digests())
    return [
        f"{name}: {before.get(name, 'none')} → {now.get(name, 'none')}"
        for name in sorted(before.keys() | now.keys())
        if before.get(name) != now.get(name)
    ]


def _named_files(digests: Mapping[str, str]) -> dict[str, Any]:
    return {
        f"file {name}": digest[:_SHORT] if digest else "missing" for name, digest in digests.items()
    }


def _flat(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            flat.update(_flat(inner, f"{prefix}{name}."))
        else:
            flat[prefix + name] = inner
    return flat


def _count(n_media: int) -> object:
    return "?" if n_media < 0 else n_media
