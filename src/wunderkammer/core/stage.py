"""Stages: frozen models that read columns and write columns."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import pyarrow as pa
from pydantic import PrivateAttr

from wunderkammer.core.blobs import read_blob, write_blob
from wunderkammer.core.column import Column
from wunderkammer.core.engine import Engine
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.lanes import Lanes, LaneState
from wunderkammer.core.settings import Settings, digest_of


def unheard(text: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where a stage runs; nothing here may change what it returns.

    Attributes
    ----------
    root : Path
        The collection's folder.
    device : str
        ``"cpu"`` or ``"cuda"``.
    n_threads : int
        Threads the stage may use in this process.
    artifacts : Path
        A fresh folder for the files of a table stage; row stages have none.
    engine : Engine or None
        Where a table stage may have parts of its work done; row stages have none.
    contact : str
        Who answers for the collection, as told to hosts on the network.
    tell : callable
        Is told in words how far a table stage is, for people to see.
    software : mapping of str to str
        Versions that a worker must have; empty: any.
    """

    root: Path
    device: str = "cpu"
    n_threads: int = 1
    artifacts: Path = field(default_factory=Path)
    engine: Engine | None = None
    contact: str = ""
    tell: Callable[[str], None] = unheard
    software: Mapping[str, str] = field(default_factory=dict)

    def write_blob(self, column: str, content: bytes, suffix: str) -> str:
        """Store a made image; see :func:`wunderkammer.core.blobs.write_blob`."""
        return write_blob(self.root, column, content, suffix)

    def read_blob(self, cell: str) -> bytes:
        """Return a made image; see :func:`wunderkammer.core.blobs.read_blob`."""
        return read_blob(self.root, cell)


@dataclass(frozen=True, slots=True)
class Done:
    """A medium's row: its values by column name.

    A stage that derives media returns them in ``derived``, each with its own id
    (:func:`wunderkammer.core.identity.derived_id`); they take the parent's
    place in every later stage.
    """

    media_id: str
    values: Mapping[str, Any] = field(default_factory=dict)
    derived: Sequence[Done] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """A medium that this stage could not do, and why."""

    media_id: str
    error: WunderkammerError


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row of a source that is not a record, and why."""

    where: str
    error: WunderkammerError


@dataclass(frozen=True, slots=True)
class TableResult:
    """What a table stage made.

    Attributes
    ----------
    values : mapping of str to array
        One array a written column, in the order of the ids that were read.
    quality : mapping of str to float
        Measured figures, kept beside the result and shown to people.
    note : str
        What a person should know.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    quality: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


class Stage(Settings):
    """Base of all stages: fields are settings, documented once, and make the key.

    A subclass sets ``name`` and ``version`` to ``Literal`` types with defaults;
    a new version makes every row stale. Its first docstring line is its help.

    An ``optional`` stage is part of a collection only if its table stands in
    ``collection.toml``. A stage that ``floats`` has no place of its own in the
    pipeline: it comes right after the last stage it reads from. ``redoing`` tells people
    what doing it again means.
    """

    optional: ClassVar[bool] = False
    redoing: ClassVar[str] = "Do again what is up to date."
    name: str
    version: str
    _file_digests: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def floats(self) -> bool:
        """Whether it comes right after the last stage it reads from, not at a place of its own."""
        return False

    @property
    def label(self) -> str:
        """Tells instances of one stage apart, such as the encoder's name; empty if alone."""
        return ""

    @property
    def group(self) -> str:
        """Name of what it writes: ``<stage>`` or ``<stage>/<label>``."""
        return f"{self.name}/{self.label}" if self.label else self.name

    def reads(self) -> tuple[str, ...]:
        """Return the names of the columns whose cells decide the result."""
        return ()

    def looks_up(self) -> tuple[str, ...]:
        """Return columns that say where something lies, or that a result is only measured by.

        They are handed over and never part of a key.
        """
        return ()

    def reads_artifacts(self) -> tuple[str, ...]:
        """Return the groups of table stages whose files decide the result."""
        return ()

    def writes(self) -> tuple[Column, ...]:
        """Return the columns it writes."""
        return ()

    def stores(self) -> Mapping[str, str]:
        """Return columns that say where a file lies, each with the one that has its SHA-256."""
        return {}

    def limits(self) -> str | None:
        """Return the column that later stages go by: they see only media with a value in it."""
        return None

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return files whose content decides the result, by a name that stays when they move.

        Parameters
        ----------
        root : Path
            The collection's folder; relative paths start there.

        Notes
        -----
        Where such a file lies is context. One that is missing is no error here:
        the stage says so when it is loaded.
        """
        return {}

    def file_digests(self) -> Mapping[str, str]:
        """Return the SHA-256 of each of :meth:`files`, empty for one that is missing.

        They are those of the moment when the collection was opened.
        """
        return self._file_digests

    def with_file_digests(self, digests: Mapping[str, str]) -> Self:
        """Return the stage with the SHA-256 of its files."""
        bound = self.model_copy()
        bound._file_digests = dict(digests)  # noqa: SLF001 - its own
        return bound

    def digest(self) -> str:
        """Return the row-independent part of a key: name, version, settings, content of files."""
        if not self._file_digests:
            return self.settings_digest()
        return digest_of([self.settings_digest(), self._file_digests])


class RecordStage(Stage):
    """A stage that reads a source and writes the records; there is one, and it is first."""

    def input_files(self, root: Path) -> Mapping[str, Path]:
        """Return the files whose content decides the records, by a name that stays when moved.

        Raises
        ------
        SourceError
            If they are not there.
        """
        raise NotImplementedError

    def records(
        self, root: Path, digest: Mapping[Path, str]
    ) -> Iterator[pa.Table | Sequence[Mapping[str, str]] | Sequence[Rejection]]:
        """Yield batches of records (``media_id`` and terms, as text) or of rejections.

        Records come as a table, null where a cell is empty, or as mappings.

        Parameters
        ----------
        root : Path
            The collection's folder; relative paths start there.
        digest : mapping of Path to str
            SHA-256 of each file in :meth:`input_files`.
        """
        raise NotImplementedError


class RowStage(Stage):
    """A stage that looks at one medium at a time, in batches.

    ``load`` runs once a worker, then ``process`` for each batch. The result for
    a medium must not depend on the other media of its batch.
    """

    batch_size: ClassVar[int] = 64
    in_process: ClassVar[bool] = False
    derives: ClassVar[bool] = False

    def remembers(self) -> tuple[str, ...]:
        """Return columns of its own whose values of the last time are handed over.

        They come as ``before.<name>``, None for a medium that is new or failed,
        and are never part of a key.
        """
        return ()

    def foresees_by(self) -> tuple[str, ...]:
        """Return columns by which :meth:`foreseen` tells how much it would write; may be none."""
        return ()

    def foreseen(self, cells: pa.Table) -> str:
        """Return what a person should know before the media of these cells are done, or nothing.

        Parameters
        ----------
        cells : pyarrow.Table
            The columns of :meth:`foresees_by` of the media to do, null where not known yet.
        """
        return ""

    def load(self, context: Context) -> None:
        """Make ready: import what is heavy, read weights."""

    def process(
        self, batch: Sequence[Mapping[str, Any]], context: Context
    ) -> Sequence[Done | Failed]:
        """Return a row or a failure for each medium of a batch.

        Parameters
        ----------
        batch : sequence of mapping
            ``media_id`` and the columns of :meth:`reads`, by name.
        context : Context
            Where it runs.

        Notes
        -----
        An exception that leaves this method is caught; the batch is then done
        medium by medium, and those that raise again become failures.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Stream:
    """What a stream stage is handed.

    Attributes
    ----------
    lanes : Lanes
        The media to do.
    stop : callable
        Whether it has been asked to stop; it then returns soon.
    watch : callable
        Is told how the lanes stand, for people to see.
    """

    lanes: Lanes
    stop: Callable[[], bool]
    watch: Callable[[Sequence[LaneState]], None]


class StreamStage(RowStage):
    """A row stage that has many media in hand at once and finishes them in its own order.

    It suits work that waits, such as fetching: it runs in the driver's process,
    takes media lane by lane (a lane is a host), and what it has finished is
    committed every ``batch_size`` media.
    """

    in_process: ClassVar[bool] = True

    def lane(self, row: Mapping[str, Any], context: Context) -> str:
        """Return the lane of a medium; media of one lane are handed out in order of their ids.

        A row has ``media_id``, ``key``, the columns of :meth:`reads`, :meth:`looks_up`
        and :meth:`remembers`, and ``reason``: why it is done, a
        :class:`~wunderkammer.core.plan.Reason`.
        """
        raise NotImplementedError

    def stream(self, stream: Stream, context: Context) -> Generator[Done | Failed, None, str]:
        """Yield an outcome for each medium taken; return a note for people, or an empty text.

        A medium without an outcome is left for the next run.
        """
        raise NotImplementedError


class TableStage(Stage):
    """A stage that needs all media at once: train, embed, lay out, tile."""

    def remembers(self) -> tuple[str, ...]:
        """Return scalar columns of its own whose values of the last time are handed over.

        They come as :attr:`Inputs.before`. The key of what they were made with enters the
        key of the next result; with other settings, the stage begins anew.
        """
        return ()

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Return one value a medium for each written column; write files to ``context.artifacts``.

        Raises
        ------
        NotEnoughMediaError
            If there are too few; says how many there are and are needed.
        """
        raise NotImplementedError
