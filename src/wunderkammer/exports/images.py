"""Framed pictures of specimens for others: one file each, and a table of whose they are."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from wunderkammer.core.blobs import read_blob
from wunderkammer.core.collection import Collection
from wunderkammer.core.engine import Engine, wait_first
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError, WunderkammerError
from wunderkammer.core.files import remove_unfinished, write_bytes
from wunderkammer.core.progress import Progress, Silent
from wunderkammer.core.spreadsheet import write_rows
from wunderkammer.exports import _zipped
from wunderkammer.exports._entries import FOLDER, Choice, Entries, Entry
from wunderkammer.exports.credits import licences_text
from wunderkammer.exports.framing import Frame, encode, frame_cutout

__all__ = ["Choice", "ExportReport", "Frame", "export_images"]

TABLE, LICENCES, LEFT_OUT, MANIFEST = "images.csv", "LICENCES.txt", "left-out.csv", "manifest.jsonl"
_OURS = {TABLE, LICENCES, LEFT_OUT, MANIFEST, FOLDER}

COLUMNS = (
    "media_id", "file", "catalogNumber", "scientificName", "license", "licence_name",
    "licence_url", "rightsHolder", "creator", "credit", "references", "px_per_mm",
)  # fmt: skip
"""Columns of images.csv, one row a picture."""

_BATCH = 16


class Made(NamedTuple):
    """A picture that was written.

    Attributes
    ----------
    file, key : str
        See :class:`Entry`.
    n_bytes : int
        Length of the file.
    scale : float
        Pixels of it that show one pixel of the photograph.
    """

    file: str
    key: str
    n_bytes: int
    scale: float


@dataclass(slots=True)
class ExportReport:
    """What an export did.

    Attributes
    ----------
    n_written, n_kept, n_removed : int
        Pictures written now; that were there already; of an earlier export, removed.
    left_out : Counter
        Media that stay behind, by reason; each is named in left-out.csv.
    failed : dict
        Messages of those that could not be made, by medium.
    """

    n_written: int = 0
    n_kept: int = 0
    n_removed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    failed: dict[str, str] = field(default_factory=dict)


def export_images(
    collection: Collection,
    target: Path,
    frame: Frame,
    choice: Choice | None = None,
    *,
    n_workers: int | None = None,
    progress: Progress | None = None,
) -> ExportReport:
    """Write a framed picture of each cut-out, with a table of licences and holders.

    Parameters
    ----------
    collection : Collection
        Its stages ``cutout`` and, for upright pictures, ``upright`` have run.
    target : Path
        A folder, new or of an earlier export, or a file that ends in ``.zip``.
    frame : Frame
        How a picture looks.
    choice : Choice, optional
        Which pictures; default: all.
    n_workers : int, optional
        Processes; 0 works in this one, default: one a core.
    progress : Progress, optional
        Who watches.

    Raises
    ------
    ConfigurationError
        If the target holds other files, the frame cannot be, or a stage is missing.
    QueryError
        If the condition is no SQL over ``media``.
    NotEnoughMediaError
        If nothing can be exported; says why.

    Notes
    -----
    The target shows what the last call chose: pictures of an earlier one that would be
    the same stay, others go. The table is written before the first picture, so that none
    ever lies there without its licence; killed, the same call goes on.
    """
    frame.colour()
    entries = Entries(collection, frame, choice or Choice())
    zipped = target.suffix.lower() == ".zip"
    folder = _zipped.unpacked(target) if zipped else target
    _refuse_other_files(folder)
    report = ExportReport(left_out=Counter(one.why_not for one in entries if one.why_not))
    if report.left_out.total() == len(entries):
        raise _nothing(report)
    export = _Export(collection, folder, entries, frame, report)
    export.begin()
    with collection.engine("local", n_workers=n_workers) as engine:
        export.write_pictures(engine, progress or Silent())
    export.finish()
    if zipped:
        _zipped.packed(folder, target)
        shutil.rmtree(folder)
    return report


class _Export:
    """One export on its way: what lies in the folder, and what is still to do."""

    def __init__(
        self,
        collection: Collection,
        folder: Path,
        entries: Entries,
        frame: Frame,
        report: ExportReport,
    ) -> None:
        self._collection, self._folder, self._entries = collection, folder, entries
        self._frame, self._report = frame, report
        self._made = _read_manifest(folder / MANIFEST)
        self._before = {one.file for one in self._made.values()}

    def begin(self) -> None:
        """Write whose the pictures are, before there is one."""
        self._folder.mkdir(parents=True, exist_ok=True)
        remove_unfinished(self._folder)
        self._write_table()

    def write_pictures(self, engine: Engine, progress: Progress) -> None:
        """Write what is missing, noting each batch in the manifest."""
        todo = [one.media_id for one in self._wanted() if not self._is_there(one)]
        n_wanted = len(self._entries) - self._report.left_out.total()
        self._report.n_kept = n_wanted - len(todo)
        progress.stage_begins("export", len(todo), self._report.n_kept)
        chosen = set(todo)
        tasks = (_task(one) for one in self._wanted() if one.media_id in chosen)
        batches = iter(lambda: list(islice(tasks, _BATCH)), [])
        work = (self._collection.root, self._folder, self._frame)
        with (self._folder / MANIFEST).open("a", encoding="utf-8") as manifest:
            for outcomes in _as_completed(engine, _write_batch, batches, work):
                n_failed = self._note(outcomes, manifest.write)
                manifest.flush()
                progress.advanced("export", len(outcomes) - n_failed, n_failed)

    def _note(self, outcomes: Sequence[Outcome], write: Callable[[str], object]) -> int:
        """Note what a batch made; return how many failed."""
        n_failed = 0
        for outcome in outcomes:
            if isinstance(outcome.made, Made):
                self._made[outcome.media_id] = outcome.made
                write(_line(outcome.media_id, outcome.made))
                self._report.n_written += 1
            else:
                self._made.pop(outcome.media_id, None)
                self._report.failed[outcome.media_id] = outcome.made
                n_failed += 1
        return n_failed

    def finish(self) -> None:
        """Write the tables as they are in the end, and remove what an earlier export left."""
        kept = {one.media_id for one in self._wanted() if self._is_there(one)}
        self._made = {name: made for name, made in self._made.items() if name in kept}
        self._write_table()
        rights = (one.rights for one in self._wanted() if one.media_id in kept)
        text = licences_text(self._collection.configuration.about.title, rights)
        write_bytes(self._folder / LICENCES, text.encode())
        self._write_left_out()
        lines = "".join(_line(name, made) for name, made in sorted(self._made.items()))
        write_bytes(self._folder / MANIFEST, lines.encode())
        for file in self._before - {one.file for one in self._made.values()}:
            (self._folder / file).unlink(missing_ok=True)
            self._report.n_removed += 1

    def _wanted(self) -> Iterator[Entry]:
        return (one for one in self._entries if not one.why_not)

    def _is_there(self, entry: Entry) -> bool:
        """Tell whether the picture lies there as it would be made now."""
        made = self._made.get(entry.media_id)
        if made is None or (made.file, made.key) != (entry.file, entry.key):
            return False
        path = self._folder / made.file
        return path.is_file() and path.stat().st_size == made.n_bytes

    def _write_table(self) -> None:
        rows = (
            _cells(one, self._made.get(one.media_id))
            for one in self._wanted()
            if one.media_id not in self._report.failed
        )
        write_rows(self._folder / TABLE, COLUMNS, rows)

    def _write_left_out(self) -> None:
        failed = self._report.failed
        rows = (
            (one.media_id, one.row["catalogNumber"] or "", one.why_not or failed[one.media_id])
            for one in self._entries
            if one.why_not or one.media_id in failed
        )
        write_rows(self._folder / LEFT_OUT, ("media_id", "catalogNumber", "why"), rows)


class Task(NamedTuple):
    """What a worker needs to write one picture; see :class:`Entry`."""

    media_id: str
    file: str
    key: str
    cell: str
    angle_deg: float | None
    photograph_px: int
    credit: str
    creator: str


class Outcome(NamedTuple):
    """A picture that was made, or why it was not."""

    media_id: str
    made: Made | str


def _task(one: Entry) -> Task:
    width = int(one.row["cutout_width"])
    rights = one.rights
    return Task(
        one.media_id, one.file, one.key, one.cell, one.angle_deg, width, rights.credit,
        rights.creator,
    )  # fmt: skip


def _write_batch(tasks: Sequence[Task], root: Path, folder: Path, frame: Frame) -> list[Outcome]:
    """Write some pictures; one that fails costs only itself."""
    outcomes = []
    for task in tasks:
        try:
            outcomes.append(Outcome(task.media_id, _write(task, root, folder, frame)))
        except WunderkammerError as error:
            outcomes.append(Outcome(task.media_id, error.message))
    return outcomes


def _write(task: Task, root: Path, folder: Path, frame: Frame) -> Made:
    from wunderkammer.imaging.cutout_files import decode_cutout

    rgba = decode_cutout(read_blob(root, task.cell))
    picture = frame_cutout(rgba, task.angle_deg, frame)
    content = encode(picture.pixels, frame, task.credit, task.creator)
    write_bytes(folder / task.file, content)
    scale = picture.scale * rgba.shape[1] / task.photograph_px
    return Made(task.file, task.key, len(content), round(scale, 6))


def _as_completed(
    engine: Engine,
    function: Callable[..., list[Outcome]],
    batches: Iterable[list[Task]],
    work: tuple[object, ...],
) -> Iterator[list[Outcome]]:
    """Yield what each batch gave, in the order in which they are done; few wait at a time."""
    waiting: set[Future[list[Outcome]]] = set()
    for batch in batches:
        waiting.add(engine.submit(function, batch, *work))
        if len(waiting) > 2 * engine.n_workers:
            for one in wait_first(waiting):
                waiting.discard(one)
                yield one.result()
    while waiting:
        for one in wait_first(waiting):
            waiting.discard(one)
            yield one.result()


def _cells(one: Entry, made: Made | None) -> list[str]:
    """Return the row of a picture in the table."""
    resolution = one.row["px_per_mm"]
    texts = {
        **{name: str(one.row[name] or "") for name in COLUMNS if name in one.row},
        "media_id": one.media_id,
        "file": one.file,
        "license": one.rights.licence,
        "licence_name": one.rights.name,
        "licence_url": one.rights.url,
        "rightsHolder": one.rights.holder,
        "creator": one.rights.creator,
        "credit": one.rights.credit,
        "px_per_mm": f"{float(resolution) * made.scale:.4g}" if resolution and made else "",
    }
    return [texts[name] for name in COLUMNS]


def _line(media_id: str, made: Made) -> str:
    return json.dumps({"media_id": media_id, **made._asdict()}) + "\n"


def _read_manifest(path: Path) -> dict[str, Made]:
    """Return what an earlier export wrote, by medium; a line that was broken off is left out."""
    found: dict[str, Made] = {}
    if not path.exists():
        return found
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            try:
                values: Mapping[str, object] = json.loads(line)
                found[str(values["media_id"])] = Made(
                    str(values["file"]),
                    str(values["key"]),
                    int(str(values["n_bytes"])),
                    float(str(values["scale"])),
                )
            except (ValueError, KeyError, TypeError):
                continue
    return found


def _refuse_other_files(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier export."""
    if not folder.exists():
        return
    others = sorted(path.name for path in folder.iterdir() if path.name not in _OURS)
    others = [name for name in others if not name.startswith(".")]
    if others or ((folder / FOLDER).exists() and not (folder / TABLE).exists()):
        raise ConfigurationError(
            f"{folder} holds other files, such as {others[0] if others else FOLDER}.",
            hint="Name a new folder, or one of an earlier export.",
        )


def _nothing(report: ExportReport) -> NotEnoughMediaError:
    reasons = "; ".join(f"{number:,} {why}" for why, number in report.left_out.most_common(5))
    if not reasons:
        return NotEnoughMediaError("no medium meets the condition.", hint="Try it with 'wk query'.")
    hint = "Run 'wk run upright', or look at 'wk failures'."
    if any("stated" in why for why in report.left_out):
        hint = "State it with 'wk annotate', or for all of them: --licence and --rights-holder."
    return NotEnoughMediaError(f"no picture can be exported: {reasons}.", hint=hint)
