"""Runs: bring stages up to date, batch by batch; the driver alone commits."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from wunderkammer.core.configuration import FILE, MADE, Configuration
from wunderkammer.core.dispatch import Dispatch, Order
from wunderkammer.core.engine import Engine
from wunderkammer.core.errors import WorkerLostError
from wunderkammer.core.files import TEMPORARY, file_sha256, read_json, remove_unfinished
from wunderkammer.core.groups import group_folder, group_parts
from wunderkammer.core.interrupt import Interrupt
from wunderkammer.core.lanes import Lanes
from wunderkammer.core.logbook import Logbook
from wunderkammer.core.plan import Planner, StagePlan
from wunderkammer.core.progress import Progress
from wunderkammer.core.provenance import RunReport, StageRun, begin, end, software
from wunderkammer.core.recording import run_records
from wunderkammer.core.resources import (
    EngineSettings,
    Resources,
    device_of,
    in_words,
    needs_of,
    threads_of,
)
from wunderkammer.core.resubmitting import Resubmitting
from wunderkammer.core.stage import (
    Context,
    Done,
    Failed,
    RecordStage,
    RowStage,
    Stage,
    Stream,
    StreamStage,
    TableStage,
)
from wunderkammer.core.sums import note, settle, sum_of, write_noted_json
from wunderkammer.core.table import Table, joins, literal, quoted, select
from wunderkammer.core.whole import describe, run_table, tidy
from wunderkammer.core.work import BatchResult, outcome_rows, process_batch

_MOST_PARTS = 2_000
"""A stage's batches grow so that a run leaves at most about so many parts."""

_COMMIT_S = 30.0
"""A stream's outcomes are committed at least so often, however slowly they come."""

_FOLD_AT = 500
"""New parts of a stream after which they are folded: it may run for weeks."""


class Runner:
    """Brings a collection up to date.

    Parameters
    ----------
    root : Path
        The collection's folder; the caller holds its lock.
    configuration : Configuration
        The stages.
    engine : Engine
        Where batches are done; entered by the caller.
    progress : Progress
        Who watches.
    device : str
        ``"cpu"`` or ``"cuda"``.
    """

    def __init__(
        self,
        root: Path,
        configuration: Configuration,
        engine: Engine,
        progress: Progress,
        *,
        device: str = "cpu",
    ) -> None:
        self.root = root
        self.configuration = configuration
        self.engine = engine
        self.progress = progress
        self.device = device
        self.resources = configuration.engine
        self._interrupt = Interrupt()

    def run(
        self,
        stages: Sequence[Stage],
        *,
        retry_failed: bool = False,
        again: Collection[str] = (),
    ) -> RunReport:
        """Do what is not fresh in some stages, in order; all of those in ``again``.

        Returns
        -------
        RunReport
            Its ``status`` is ``"interrupted"`` after Ctrl-C: what was finished is kept.

        Raises
        ------
        StageError, SourceError, NotEnoughMediaError
            If a stage as a whole cannot run; what came before it is kept.
        """
        report = begin(self.device, self.engine.n_workers, self.engine.about)
        report.configuration = file_sha256(self.root / FILE)
        self._log = Logbook(self.root / "runs" / f"{report.id}.jsonl")
        planner_of = partial(Planner, retry_failed=retry_failed, again=again)
        for stage in stages:
            if not isinstance(stage, RecordStage):
                group_parts(self.root, stage).compact()
        with self._interrupt:
            try:
                for stage in stages:
                    self._run_stage(stage, report, planner_of)
                    if self._interrupt.asked:
                        break
            except BaseException as error:
                interrupted = isinstance(error, KeyboardInterrupt)
                end(report, "interrupted" if interrupted else "failed", str(error))
                self._save(report)
                raise
        end(report, "interrupted" if self._interrupt.asked else "finished")
        if any(one.reasons for one in report.stages) or self._interrupt.asked:
            self._save(report)
        return report

    def _save(self, report: RunReport) -> None:
        report.save(self.root)
        self._log.note("run ends", status=report.status, error=report.error)
        runs = self.root / "runs"
        names = (f"{report.id}.json", f"{report.id}.jsonl")
        note(runs, {name: sum_of(runs / name) for name in names if (runs / name).exists()})

    def _run_stage(
        self, stage: Stage, report: RunReport, planner_of: Callable[[Table], Planner]
    ) -> None:
        start = time.perf_counter()
        planner = planner_of(Table(self.root, self.configuration))
        plan = planner.plan([stage]).stages[0]
        run = StageRun(
            group=stage.group,
            version=stage.version,
            settings=stage.settings(),
            files=stage.file_digests(),
            key=stage.digest(),
            reasons={str(reason): count for reason, count in plan.reasons.items()},
            n_fresh=plan.n_fresh,
            n_blocked=plan.n_blocked,
            note=plan.note,
        )
        report.stages.append(run)
        self.progress.stage_begins(stage.group, plan.n_todo, plan.n_fresh)
        if plan.reasons:
            if len([one for one in report.stages if one.reasons]) == 1:
                self._log.note("run begins", engine=report.engine, device=report.device)
            self._log.note("stage begins", stage=stage.group, n_todo=plan.n_todo)
            self._do(stage, plan, planner, run)
        elif isinstance(stage, TableStage) and plan.n_fresh:
            tidy(self.root, stage, planner.table.state(stage)["key"])
        if isinstance(stage, RowStage) and not self._interrupt.asked:
            self._keep_settings(stage)
        run.seconds = round(time.perf_counter() - start, 3)
        if plan.reasons:
            counts = {name: getattr(run, name) for name in ("n_done", "n_failed", "n_lost")}
            self._log.note("stage ends", stage=stage.group, seconds=run.seconds, **counts)
        self.progress.stage_ends(run)

    def _keep_settings(self, stage: RowStage) -> None:
        """Keep how a stage was set beside its rows, also if a killed run had not come to it."""
        path = group_folder(self.root, stage) / "stage.json"
        if read_json(path) != describe(stage):
            write_noted_json(path, describe(stage))
            settle(path.parent)

    def _do(self, stage: Stage, plan: StagePlan, planner: Planner, run: StageRun) -> None:
        if isinstance(stage, RecordStage):
            run_records(self.root, stage, run)
        elif isinstance(stage, TableStage):
            self._do_table(stage, planner, run)
        elif isinstance(stage, StreamStage):
            self._do_stream(stage, plan, planner.table, run)
        elif isinstance(stage, RowStage):
            self._do_rows(stage, plan, planner.table, run)

    def _do_rows(self, stage: RowStage, plan: StagePlan, table: Table, run: StageRun) -> None:
        """Hand out batches, commit each as it comes back, fold the parts at the end."""
        parts = group_parts(self.root, stage)
        batches = _batches(stage, plan, table)
        try:
            with self._interrupt.between_batches:
                for result in self._results(stage, batches, run):
                    parts.append(result.rows)
                    run.n_done += result.n_done
                    run.n_failed += result.n_failed
                    self._log.note("batch", stage=stage.group, **result.facts())
                    self.progress.advanced(stage.group, result.n_done, result.n_failed)
        finally:
            parts.compact()
        if run.n_lost:
            remove_unfinished(self.root / "blobs")

    def _do_table(self, stage: TableStage, planner: Planner, run: StageRun) -> None:
        """Let the stage work in this process, and hand out what it can share."""
        resources = self.resources.of(stage)
        context = Context(
            self.root,
            device_of(resources, self.device),
            threads_of(stage, resources, self.engine.n_threads),
            engine=self._resubmitting(stage, run),
            tell=partial(self.progress.stands, stage.group),
        )
        run_table(planner, stage, run, context)

    def _resubmitting(self, stage: Stage, run: StageRun) -> Resubmitting:
        """Return the engine, its lost workers counted and told."""

        def lost(error: WorkerLostError) -> None:
            run.n_lost += error.n_lost
            self._log.note("worker lost", stage=stage.group, message=error.message)
            self.progress.stands(stage.group, f"{error.message} Its batch is done again.")

        return Resubmitting(self.engine, lost)

    def _do_stream(self, stage: StreamStage, plan: StagePlan, table: Table, run: StageRun) -> None:
        """Let the stage take media lane by lane; commit what it has finished now and then."""
        scratch = self.root / "cache" / f"{TEMPORARY}lanes-{stage.name}.sqlite"
        context = Context(
            self.root,
            self.device,
            self.engine.n_threads,
            contact=self.configuration.about.contact,
        )

        def lane(row: Mapping[str, Any]) -> str:
            return stage.lane(row, context)

        with Lanes(scratch, _batches(stage, plan, table), lane) as lanes:
            stream = Stream(
                lanes,
                lambda: self._interrupt.asked,
                partial(self.progress.lanes_stand, stage.group),
            )
            with self._interrupt.between_batches:
                self._commit_stream(stage, stream, context, run)

    def _commit_stream(
        self, stage: StreamStage, stream: Stream, context: Context, run: StageRun
    ) -> None:
        parts = group_parts(self.root, stage)
        finished: list[Done | Failed] = []
        committed = time.monotonic()

        def commit() -> None:
            keys = {one.media_id: stream.lanes.key_of(one.media_id) for one in finished}
            if finished:
                parts.append(outcome_rows(stage, finished, keys))
            if len(parts.fresh()) >= _FOLD_AT:
                parts.compact()
            finished.clear()

        def watched() -> Iterator[Done | Failed]:
            run.note = yield from stage.stream(stream, context)

        try:
            stage.load(context)
            for one in watched():
                failed = isinstance(one, Failed)
                finished.append(one)
                run.n_done += not failed
                run.n_failed += failed
                self.progress.advanced(stage.group, int(not failed), int(failed))
                now = time.monotonic()
                if len(finished) >= stage.batch_size or now - committed > _COMMIT_S:
                    commit()
                    committed = now
        finally:
            commit()
            parts.compact()

    def _results(
        self, stage: RowStage, batches: Iterator[pa.Table], run: StageRun
    ) -> Iterator[BatchResult]:
        """Yield results as they come; at most a few batches are in memory at a time."""
        resources = self.resources.of(stage)
        device = device_of(resources, self.device)
        if stage.in_process:
            context = Context(self.root, device, self.engine.n_threads)
            for batch in batches:
                if not self._interrupt.asked:
                    yield process_batch(stage, batch, context)
            return
        needs = needs_of(resources, device)
        context = Context(self.root, device, needs.n_cores, software=software())
        order = Order(stage, context, needs, resources.at_once)
        dispatch = Dispatch(
            self._resubmitting(stage, run),
            order,
            lambda: self._interrupt.asked,
            partial(self._note_death, stage),
        )
        self._tell_resources(stage, resources, dispatch)
        yield from dispatch.results(batches)

    def _note_death(self, stage: Stage, batch: pa.Table, error: Exception) -> None:
        """Note over which batch a run ends, and why."""
        ids = batch["media_id"]
        facts = {"n_media": batch.num_rows, "first": ids[0].as_py(), "last": ids[-1].as_py()}
        self._log.note("batch ends the run", stage=stage.group, **facts, message=str(error))

    def _tell_resources(self, stage: Stage, resources: Resources, dispatch: Dispatch) -> None:
        words = in_words(resources, dispatch.n_at_once())
        if words:
            self._log.note("resources", stage=stage.group, given=words)
            self.progress.stands(stage.group, words)


def _batches(stage: RowStage, plan: StagePlan, table: Table) -> Iterator[pa.Table]:
    """Yield what is to be done, sorted by id, in tables of one batch."""
    size = max(stage.batch_size, -(-plan.n_todo // _MOST_PARTS))
    epoch = table.epoch(stage)
    cells = table.cells((*stage.reads(), *stage.looks_up()), stage)
    states = ", ".join(literal(reason) for reason in plan.reasons)
    values = f", {select(cells)}" if cells else ""
    before = "".join(
        f", own.{quoted(name)} AS {quoted(f'before.{name}')}" for name in stage.remembers()
    )
    before += ", t.state AS reason" if isinstance(stage, StreamStage) else ""
    own = (
        f"LEFT JOIN {table.rows(stage)} own ON own.media_id = t.media_id"
        if stage.remembers()
        else ""
    )
    reader = table.connection.sql(
        f"SELECT t.media_id, t.key{values}{before} FROM todo t "
        f"JOIN ({table.universe(stage)}) u ON u.id_{epoch} = t.media_id {joins(cells)} "
        f"{own} WHERE t.state IN ({states}) ORDER BY t.media_id"
    ).to_arrow_reader(size)
    rest: pa.Table | None = None
    for piece in reader:
        rows = pa.Table.from_batches([piece])
        rest = rows if rest is None else pa.concat_tables([rest, rows])
        while rest.num_rows >= size:
            yield rest.slice(0, size)
            rest = rest.slice(size)
    if rest is not None and rest.num_rows:
        yield rest


def put_away_unfinished(root: Path) -> None:
    """Remove the files that a killed run was writing; the caller holds the lock."""
    for folder in MADE:
        remove_unfinished(root / folder)


EngineFactory = Callable[[EngineSettings], Engine]
"""Makes the engine of a run from how it is set."""
