"""The examination: every encoder, every task, one cell at a time, each on the disk when found."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from wunderkammer.core.collection import Collection
from wunderkammer.core.device import Device
from wunderkammer.core.errors import (
    ConfigurationError,
    NotEnoughMediaError,
    StageError,
    WunderkammerError,
)
from wunderkammer.core.files import remove_unfinished
from wunderkammer.core.lock import only_writer
from wunderkammer.core.progress import Progress
from wunderkammer.evaluation.case import Case
from wunderkammer.evaluation.contestants import (
    media_trained_on,
    requested,
    trained_contestant,
    with_encoders,
)
from wunderkammer.evaluation.files import (
    Cell,
    cell_path,
    folder,
    read_cell,
    read_cells,
    write_cell,
    write_table,
)
from wunderkammer.evaluation.gather import gather
from wunderkammer.evaluation.media import Media, read_media
from wunderkammer.evaluation.settings import Examination, task_of
from wunderkammer.evaluation.split import Parts, parts_of
from wunderkammer.evaluation.tasks import Question, Task
from wunderkammer.evaluation.vectors import STAGE, encoded, encoders_of, vectors_of

_NAMED = ("order", "family", "genus", "species")
"""Ranks that trainings and the planting of wrong names look at, whatever is examined."""


@dataclass(slots=True)
class Examined:
    """What an examination came to.

    Attributes
    ----------
    collection : Collection
        As its ``collection.toml`` is now.
    encoders, tests, ranks : tuple of str
        Who was examined, on which sets, at which ranks.
    n_found, n_fresh, n_gone : int
        Cells that were measured now, those that were up to date, and those that were
        removed since they are no longer true.
    sizes : dict of str to int
        Media of each set.
    notes : list of str
        What a person should know.
    """

    collection: Collection
    encoders: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    ranks: tuple[str, ...] = ()
    n_found: int = 0
    n_fresh: int = 0
    n_gone: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What is known of the media, whoever is examined."""

    media: Media
    parts: Parts

    def case(
        self, collection: Collection, name: str, ranks: Sequence[str], leaks: Sequence[str],
        device: Device,
    ) -> Case:  # fmt: skip
        """Return the case of one encoder."""
        stage = encoders_of(collection)[name]
        some = encoded(collection, stage)
        return Case(
            some, lambda ids: vectors_of(collection, stage, ids), self.media, self.parts,
            ranks=ranks, columns=leaks, device=device, root=collection.root,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conduct:
    """How an examination is held; nothing here changes what it finds.

    Attributes
    ----------
    device : Device
    n_workers : int or None
        Processes that make features; None: one a core.
    progress : Progress or None
        Who watches features being made.
    say : callable
        Is told each thing that is done, in a line.
    """

    device: Device = field(default_factory=Device)
    n_workers: int | None = None
    progress: Progress | None = None
    say: Callable[[str], None] = lambda _: None


def examine(
    collection: Collection, examination: Examination, conduct: Conduct | None = None
) -> Examined:
    """Bring an examination up to date.

    What is there and fresh is left alone: a cell is fresh when the digest of its task's
    settings, the features, specimens, sets and labels it was found from is still the same.
    A process that is killed loses the cell in hand; the same call goes on from there.

    Parameters
    ----------
    collection : Collection
    examination : Examination
    conduct : Conduct, optional

    Raises
    ------
    CollectionLockedError
        If another examination of this collection is being held.
    WunderkammerError
        If nobody can be examined.
    """
    conduct = conduct or Conduct()
    home = folder(collection.root)
    home.mkdir(exist_ok=True)
    with only_writer(home) as died:
        if died:
            remove_unfinished(home)
        return _held(collection, examination, conduct)


def _held(collection: Collection, examination: Examination, conduct: Conduct) -> Examined:
    asked = requested(collection, examination.encoders)
    collection = with_encoders(collection, asked.encoders, conduct.say)
    ready = (*asked.there, *asked.encoders)
    needs = [f"{STAGE}/{name}" for name in ready] or ["image"]
    _run(collection, [*needs, *_split_stage(collection, examination.split)], conduct)
    known = _known(collection, examination)
    result = Examined(collection, tests=known.parts.tests)
    result.sizes = {name: known.parts.of.count(name) for name in known.parts.names}
    if asked.trained:
        _run(collection, ["upright", "cutout", "image"], conduct)
    refused: WunderkammerError | None = None
    for name in (*ready, *asked.trained):
        try:
            if name in asked.trained:
                _train(result, name, examination, conduct, known)
            _examine_one(result, name, examination, conduct, known)
        except (NotEnoughMediaError, StageError) as error:
            refused = error
            result.notes.append(f"{name} could not be examined: {error.message}")
    if refused is not None and not result.encoders:
        raise refused
    n_before = len(read_cells(collection.root))
    result.n_gone = n_before - len(gather(collection.root, _judge(result, known)))
    return result


def _train(
    result: Examined, name: str, examination: Examination, conduct: Conduct, known: Known
) -> None:
    """Train an encoder if need be, and make its features."""
    result.collection = trained_contestant(
        result.collection, name, known.media, known.parts, examination.training.get(name),
        device=conduct.device, say=conduct.say,
    )  # fmt: skip
    _run(result.collection, [f"{STAGE}/{name}"], conduct)


def _known(collection: Collection, examination: Examination) -> Known:
    """Read what is known of the media, also what earlier examinations asked for."""
    earlier = (cell.rank for cell in read_cells(collection.root) if cell.rank)
    names = dict.fromkeys((*_NAMED, *examination.ranks, *examination.leaks, *earlier))
    media = read_media(collection, list(names))
    # who is asked must not depend on which ranks are examined this time
    ranks = (*examination.ranks, *_NAMED)
    parts = parts_of(
        collection, media, examination.split, ranks=ranks,
        share=examination.test_share, seed=examination.seed,
    )  # fmt: skip
    return Known(media, parts)


def _run(collection: Collection, wanted: Sequence[str], conduct: Conduct) -> None:
    """Bring some stages, and what they need, up to date; those that are not there are left out."""
    stages = collection.configuration.stages
    there = {name for stage in stages for name in (stage.name, stage.group)}
    names = [name for one in wanted if one in there for name in collection.upstream(one)]
    report = collection.run(
        list(dict.fromkeys(names)), n_workers=conduct.n_workers, device=conduct.device.name,
        progress=conduct.progress,
    )  # fmt: skip
    if report.status == "interrupted":
        raise KeyboardInterrupt


def _split_stage(collection: Collection, split: str) -> list[str]:
    """Return the stage that draws a split, if it is one."""
    groups = {stage.group for stage in collection.configuration.stages}
    return [one for one in (split, f"sample/{split}") if split and one in groups]


def _examine_one(
    result: Examined,
    name: str,
    examination: Examination,
    conduct: Conduct,
    known: Known,
) -> None:
    """Ask one encoder everything that has not been asked yet."""
    case = known.case(result.collection, name, examination.ranks, examination.leaks, conduct.device)
    result.encoders, result.ranks = (*result.encoders, name), result.ranks or case.ranks
    tests = {one for one, part in zip(case.ids, case.parts, strict=True) if part in case.tests}
    seen = media_trained_on(result.collection, encoders_of(result.collection)[name]) & tests
    if seen:
        result.notes.append(
            f"{name} was trained on {len(seen):,} of the {len(tests):,} media that ask it: its "
            "figures flatter."
        )
    for task in examination.chosen():
        for question in task.questions(case):
            key = task.key(case, question)
            if _is_fresh(case, task, question, key):
                result.n_fresh += 1
                continue
            cell = answered(case, task, question, key)
            conduct.say(_line(cell))
            result.n_found += 1


def _is_fresh(case: Case, task: Task, question: Question, key: str) -> bool:
    """Tell whether a cell is there that was found under a key, with its tables."""
    path = cell_path(case.root, case.encoder, task.name, question.rank, question.split)
    cell = read_cell(path)
    if cell is None or cell.key != key:
        return False
    return bool(cell.note) or all(one.exists() for one in task.files(case, question))


def answered(case: Case, task: Task, question: Question, key: str) -> Cell:
    """Answer a question and write its tables, then its cell; one without an answer says why."""
    start = time.perf_counter()
    figures, note = {}, ""
    try:
        answer = task.answer(case, question)
    except ConfigurationError:
        raise  # what was asked is wrong, not what was found
    except WunderkammerError as error:
        note = error.message
        for path in task.files(case, question):
            path.unlink(missing_ok=True)
    else:
        figures, note = dict(answer.figures), answer.note
        for path, table in answer.tables.items():
            write_table(path, table.rows, table.schema)
    cell = Cell(
        task.name, task.version, case.encoder, question.rank, question.split, key,
        task.settings(), figures, round(time.perf_counter() - start, 3), note,
    )  # fmt: skip
    write_cell(case.root, cell)
    return cell


def _line(cell: Cell) -> str:
    about = " ".join(filter(None, (cell.task, cell.rank, cell.split)))
    what = f"{cell.seconds:.1f} s" if cell.figures else f"left out ({cell.note})"
    return f"{cell.encoder}: {about}, {what}"


def _judge(result: Examined, known: Known) -> Callable[[Cell], bool]:
    """Return what tells whether a cell is still true, whoever asked for it when."""
    cases: dict[str, Case | None] = {}
    there = encoders_of(result.collection)
    labels = list(known.media.labels)

    def case_of(name: str) -> Case | None:
        try:
            return known.case(result.collection, name, labels, labels, Device())
        except WunderkammerError:  # its features are gone
            return None

    def judge(cell: Cell) -> bool:
        if cell.encoder not in cases:
            cases[cell.encoder] = case_of(cell.encoder) if cell.encoder in there else None
        case = cases[cell.encoder]
        return case is not None and _is_true(case, cell)

    return judge


def _is_true(case: Case, cell: Cell) -> bool:
    """Tell whether a cell would be found again."""
    task = task_of(cell.settings)
    if task is None:
        return False
    return any(
        task.key(case, question) == cell.key
        for question in task.questions(case)
        if (question.rank, question.split) == (cell.rank, cell.split)
    )
