"""Collections: a folder with ``collection.toml``, and all that can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from wunderkammer.core import journal, markup
from wunderkammer.core.answer import Answer
from wunderkammer.core.configuration import FILE, Configuration, read_configuration
from wunderkammer.core.damage import damage_named
from wunderkammer.core.engine import Engine
from wunderkammer.core.errors import (
    ConfigurationError,
    NotACollectionError,
    QueryError,
    StageError,
)
from wunderkammer.core.files import write_bytes
from wunderkammer.core.findings import Verification, unheard
from wunderkammer.core.formats import migrate, stamped
from wunderkammer.core.groups import stage_state
from wunderkammer.core.home import Here, Home, Publisher, to_folder
from wunderkammer.core.journal import Annotation
from wunderkammer.core.lock import only_writer
from wunderkammer.core.plan import Plan, Planner
from wunderkammer.core.progress import Progress, Silent
from wunderkammer.core.provenance import RunReport, last_runs
from wunderkammer.core.publishing import PublishedSite
from wunderkammer.core.reading import Reader
from wunderkammer.core.repair import Repair
from wunderkammer.core.run import EngineFactory, Runner, put_away_unfinished
from wunderkammer.core.stage import Stage
from wunderkammer.core.status import StageStatus, status_of
from wunderkammer.core.table import Table, literal
from wunderkammer.core.verification import Verifier
from wunderkammer.core.whole import artifact_folder


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages there are, and where batches are done.

    Attributes
    ----------
    stages : sequence of type
        In the order data flows; see ``stages/__init__.py``.
    engine : callable
        Makes an engine from how it is set.
    site : callable, optional
        Makes the site of a collection's atlas.
    publisher : callable, optional
        Writes a site below a folder or an address.
    """

    stages: Sequence[type[Stage]]
    engine: EngineFactory
    site: Callable[[Collection], PublishedSite] | None = None
    publisher: Publisher = to_folder


class Collection:
    """A folder with ``collection.toml``: the unit of work.

    Use :func:`wunderkammer.open` and :func:`wunderkammer.create`.

    Parameters
    ----------
    root : Path
        The folder.
    pipeline : Pipeline
        The stages there are.
    home : Home, optional
        Where the collection lives, if the folder is a working copy.

    Raises
    ------
    NotACollectionError
        If the folder has no ``collection.toml``.
    ConfigurationError
        If that file holds something that cannot be used.
    """

    def __init__(self, root: Path, pipeline: Pipeline, home: Home | None = None) -> None:
        self.root = Path(root).resolve()
        self.pipeline = pipeline
        self.home = home or Here()
        self.configuration: Configuration = read_configuration(self.root, pipeline.stages)
        self._reader = Reader(self.root, self.configuration)

    def __repr__(self) -> str:
        """Return the class, the title and where it lives."""
        return f"Collection({self.configuration.about.title!r}, {self.address!r})"

    @property
    def address(self) -> str:
        """Where it lives: its folder, or a bucket's address."""
        return self.home.address or str(self.root)

    def _repr_html_(self) -> str:
        rows = [
            [one.group, one.n_done, one.n_failed, one.n_todo if one.n_todo >= 0 else "?", one.note]
            for one in self.status()
        ]
        head = ["stage", "done", "failed", "to do", ""]
        about = self.configuration.about
        return markup.framed(markup.titled(about.title, self.address), markup.table(head, rows))

    @classmethod
    def create(
        cls, root: Path, toml: str, pipeline: Pipeline, home: Home | None = None
    ) -> Collection:
        """Make a collection from the text of its ``collection.toml``.

        Raises
        ------
        NotACollectionError
            If the folder is a collection already.
        ConfigurationError
            If the text cannot be used; nothing is left behind then.
        """
        path = Path(root) / FILE
        if path.exists():
            raise NotACollectionError(
                f"{root} is a collection already.", hint=f"Edit {path}, or choose another folder."
            )
        write_bytes(path, stamped(toml).encode())
        try:
            return cls(root, pipeline, home)
        except ConfigurationError:
            path.unlink()
            raise

    def plan(self, stages: Sequence[str] | None = None, *, retry_failed: bool = False) -> Plan:
        """Return what a run would do and why, without doing it."""
        chosen = self.chosen(stages)
        return self._reader.ask(
            lambda table: Planner(table, retry_failed=retry_failed).plan(chosen)
        )

    def run(
        self,
        stages: Sequence[str] | None = None,
        *,
        retry_failed: bool = False,
        again: Sequence[str] = (),
        engine: Engine | None = None,
        n_workers: int | None = None,
        device: str = "cpu",
        progress: Progress | None = None,
    ) -> RunReport:
        """Bring stages up to date.

        Parameters
        ----------
        stages : sequence of str, optional
            Names of stages; default: all.
        retry_failed : bool
            Do again what failed before.
        again : sequence of str
            Names of stages that also do again what is fresh: row stages, such as ``fetch``
            to ask hosts whether their images have changed, and table stages that go on from
            what they made before, such as ``embedding`` to optimise the whole map once more.
        engine : Engine, optional
            Where batches are done; default: as :meth:`engine` says.
        n_workers : int, optional
            Processes of the default engine; 0 works in this one.
        device : str
            ``"cpu"`` or ``"cuda"``.
        progress : Progress, optional
            Who watches.

        Raises
        ------
        CollectionLockedError
            If another process is changing the collection.
        WunderkammerError
            If a stage as a whole cannot run.
        """
        chosen = self.chosen(stages)
        with (
            self.home.writing(progress or Silent()) as watching,
            damage_named(self.root),
            only_writer(self.root) as died,
            engine or self.engine(n_workers=n_workers) as running,
        ):
            if died:
                put_away_unfinished(self.root)
            migrate(self.root, self.configuration.stored_as)
            runner = Runner(self.root, self.configuration, running, watching, device=device)
            groups = [stage.group for stage in self.chosen(again)] if again else []
            return runner.run(chosen, retry_failed=retry_failed, again=groups)

    def engine(self, kind: str = "", address: str = "", *, n_workers: int | None = None) -> Engine:
        """Return where batches are done: as ``[engine]`` says, and before it the arguments.

        Parameters
        ----------
        kind : str
            ``"local"``, ``"dask"`` or ``"ray"``.
        address : str
            Where the cluster answers.
        n_workers : int, optional
            Processes of the local engine; 0 works in this one.

        Raises
        ------
        EngineError
            If its library is not installed, or nobody answers there.
        """
        given = {"kind": kind, "address": address}
        asked: dict[str, object] = {name: value for name, value in given.items() if value}
        if n_workers is not None:
            asked["workers"] = n_workers
        if kind and not address and kind != self.configuration.engine.kind:
            asked["address"] = ""
        return self.pipeline.engine(self.configuration.engine.model_copy(update=asked))

    def query(self, sql: str) -> Answer:
        """Return the answer to one SELECT; see :func:`wunderkammer.core.query.run_query`.

        It is an Arrow table with more: ``show()`` gives a contact sheet of its media.
        """
        return Answer(self._reader.query(sql), self._thumbnails)

    def annotate(self, statements: Iterable[Annotation | Mapping[str, Any]]) -> int:
        """Append what a person states about media; return how many, on disk when it returns."""
        checked = [
            one if isinstance(one, Annotation) else Annotation.model_validate(one)
            for one in statements
        ]
        n_stated = journal.append(self.root, checked)
        self.home.stated()
        return n_stated

    def verify(
        self,
        *,
        quick: bool = False,
        repair: bool = False,
        each: Callable[[int, int], None] = unheard,
    ) -> Verification:
        """Hold every stored file against its digest, and tell what is damaged.

        Parameters
        ----------
        quick : bool
            Look at lengths only, and whether files are there.
        repair : bool
            Set aside below ``damaged/`` what a run can make again; the next run makes
            only that.
        each : callable, optional
            Is told after each file how many were looked at, and how many bytes.

        Raises
        ------
        CollectionLockedError
            If another process is changing the collection.
        """
        with (
            self.home.writing(Silent()) if repair else nullcontext(),
            only_writer(self.root, may_only_read=not repair) as died,
        ):
            if died:
                put_away_unfinished(self.root)
            found = Verifier(self.root, self.configuration, quick=quick, each=each).verify()
            mending = Repair(self.root, self.configuration)
            found.remedies = [mending.remedy(one) for one in found.findings]
            if repair:
                found.left = mending.repair(found.findings)
        return found

    def status(self) -> list[StageStatus]:
        """Return how far each stage has come."""
        return [status_of(plan) for plan in self.plan().stages]

    def failures(self, stage: str | None = None) -> Answer:
        """Return one row a failure: stage, medium or place in the source, error, message, hint."""
        table = self.query("SELECT * FROM failures ORDER BY ALL")
        if stage is None:
            return table
        group = self.configuration.stage(stage).group
        return Answer(table.filter(pc.equal(table["stage"], group)), self._thumbnails)

    def runs(self, n: int = 10) -> Sequence[Mapping[str, Any]]:
        """Return the records of the last runs, newest first."""
        return last_runs(self.root, n)

    def artifacts(self, stage: str) -> Path:
        """Return the folder of the files that a table stage made last.

        Raises
        ------
        StageError
            If it has not run.
        """
        found = self.configuration.stage(stage)
        state = stage_state(self.root, found)
        if not state:
            raise StageError(f"'{found.group}' has not run.", hint="Run 'wk run'.")
        return artifact_folder(self.root, found, state["key"])

    def site(self) -> PublishedSite:
        """Return every file of the atlas as it is published and served.

        Raises
        ------
        StageError
            If it has not been built.
        """
        if self.pipeline.site is None:
            raise StageError("this pipeline makes nothing that can be published.")
        return self.pipeline.site(self)

    def publish(self, target: str | Path, each: Callable[[str], None] = lambda _: None) -> int:
        """Write the atlas below a folder or in a bucket as static files; return how many.

        Parameters
        ----------
        target : str or Path
            The folder, which is made if need be; or an address such as ``s3://bucket/moths``.
        each : callable, optional
            Is told each path.
        """
        return self.pipeline.publisher(self.site(), target, each)

    def table(self) -> Table:
        """Return the collection's table as it is now."""
        return self._reader.table()

    def _thumbnails(self, media_ids: Sequence[str]) -> Mapping[str, Path]:
        """Return the file of the thumbnail of each medium that has one."""
        listing = ", ".join(literal(one) for one in media_ids) or "NULL"
        sql = f"SELECT media_id, thumbnail FROM media WHERE media_id IN ({listing})"
        try:
            rows = self.query(sql).to_pylist()
        except QueryError:  # a pipeline without thumbnails
            return {}
        return {row["media_id"]: self.root / row["thumbnail"] for row in rows if row["thumbnail"]}

    def chosen(self, names: Sequence[str] | None) -> list[Stage]:
        """Return stages by name, in the order of the pipeline; all of them for None."""
        if names is None:
            return list(self.configuration.stages)
        wanted = {one.group for name in names for one in self.configuration.called(name)}
        return [stage for stage in self.configuration.stages if stage.group in wanted]

    def upstream(self, name: str) -> list[str]:
        """Return a stage and all it needs, in order: what ``wk run STAGE`` does."""
        table = self.table()
        wanted = {one.group for one in self.configuration.called(name)}
        for stage in reversed(self.configuration.stages):
            if stage.group not in wanted:
                continue
            wanted.update(stage.reads_artifacts())
            for column in stage.reads():
                written = table.writer(column)
                if written is not None:
                    wanted.add(written[0].group)
        first = self.configuration.record_stage
        return [
            stage.group
            for stage in self.configuration.stages
            if stage.group in wanted or stage is first
        ]
