"""Sorted pictures for others: a folder for each class, or one sheet of each."""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from wunderkammer.core.blobs import read_blob
from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError, WunderkammerError
from wunderkammer.core.files import remove_unfinished, write_bytes, written_whole
from wunderkammer.core.stage import RowStage, Stage
from wunderkammer.core.table import Table, joins, quoted
from wunderkammer.exports.credits import (
    TERMS,
    Rights,
    licences_text,
    rights_of,
    what_is_missing,
)
from wunderkammer.exports.naming import file_stem

TABLE, LICENCES, LEFT_OUT = "images.csv", "LICENCES.txt", "left-out.csv"

COLUMNS = (
    "media_id", "file", "class", "catalogNumber", "scientificName", "license", "licence_name",
    "licence_url", "rightsHolder", "creator", "credit", "references",
)  # fmt: skip
"""Columns of images.csv, one row a picture."""

ON_A_SHEET, TILE_PX = 100, 160
"""Pictures of a collage at most, and the side of each."""

_COLUMNS_OF_TILES = 10
_QUALITY = 88
_MAX_PIXELS = 1 << 30
_SHOWN = ("catalogNumber", "scientificName", "references", *TERMS)
_MADE = ("cutout", "thumbnail", "original", "content_path")


class Otherwise(NamedTuple):
    """What stands where a record states no licence, or no rights holder; empty: nothing."""

    licence: str = ""
    rights_holder: str = ""


@dataclass(slots=True)
class SortedReport:
    """What was written.

    Attributes
    ----------
    n_by_class : Counter
        Pictures of each class.
    left_out : Counter
        Media that stay behind, by reason; each is named in left-out.csv.
    """

    n_by_class: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


class _Entry(NamedTuple):
    """One medium: where its picture goes, or why there is none."""

    media_id: str
    label: str
    file: str
    source: str
    rights: Rights
    row: Mapping[str, Any]
    why_not: str


def export_folders(
    collection: Collection,
    stage: Stage,
    target: Path,
    labels: Mapping[str, str],
    otherwise: Otherwise | None = None,
) -> SortedReport:
    """Write each medium's picture as it is into the folder of its class.

    Parameters
    ----------
    collection : Collection
    stage : Stage
        The stage whose media are meant: what it sees.
    target : Path
        A new folder, or one of an earlier export: pictures that went to another class move.
    labels : mapping of str to str
        Class by ``media_id``; media without one stay behind.
    otherwise : Otherwise, optional

    Raises
    ------
    ConfigurationError
        If the target holds other files.
    NotEnoughMediaError
        If nothing can be exported; says why.

    Notes
    -----
    A picture is the original, or the cut-out where media are specimens of a photograph. A
    medium without licence or holder stays behind. The table is written before the first
    picture; stopped, the same call goes on.
    """
    _refuse_other_files(target)
    entries = _entries(collection, stage, labels, otherwise or Otherwise())
    before = _listed(target)
    _prepare(target)
    _write_tables(collection, target, entries)
    wanted = {one.file for one in entries if not one.why_not}
    for file in before - wanted:
        (target / file).unlink(missing_ok=True)
    kept = [_copied(collection, target, one) for one in entries]
    for folder in {(target / file).parent for file in before - wanted}:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return _write_tables(collection, target, kept)


def export_collages(
    collection: Collection,
    stage: Stage,
    target: Path,
    labels: Mapping[str, str],
    otherwise: Otherwise | None = None,
) -> SortedReport:
    """Write a sheet of small pictures of each class, with a table of whose they are.

    Parameters are those of :func:`export_folders`. The first :data:`ON_A_SHEET` media of each
    class are shown, in the order of ``labels``.
    """
    _refuse_other_files(target)
    every = {one.media_id: one for one in
             _entries(collection, stage, labels, otherwise or Otherwise())}  # fmt: skip
    ordered = [every[one] for one in labels if one in every]
    shown: list[_Entry] = []
    for label in sorted(set(labels.values())):
        able = (one for one in ordered if one.label == label and not one.why_not)
        shown += [one._replace(file=f"{label}.jpg") for one in islice(able, ON_A_SHEET)]
    left_out = [one for one in ordered if one.why_not]
    _prepare(target)
    report = _write_tables(collection, target, [*shown, *left_out])
    for file in sorted({one.file for one in shown}):
        write_bytes(target / file, _sheet(collection, [one for one in shown if one.file == file]))
    return report


def _entries(
    collection: Collection, stage: Stage, labels: Mapping[str, str], otherwise: Otherwise
) -> list[_Entry]:
    """Return all labelled media in the order of their ids."""
    taken: set[str] = set()
    found = []
    for row in _rows(collection.table(), stage):
        media_id = row["media_id"]
        if media_id not in labels:
            continue
        rights = rights_of(row, otherwise.licence, otherwise.rights_holder)
        source = next((row[name] for name in _MADE if name != "thumbnail" and row.get(name)), "")
        why_not = what_is_missing(rights) or ("" if source else "its picture is not here")
        stem = file_stem(media_id, row.get("catalogNumber"), taken)
        file = f"{labels[media_id]}/{stem}{Path(source).suffix.lower()}"
        found.append(_Entry(media_id, labels[media_id], file, source, rights, row, why_not))
    if all(one.why_not for one in found):
        reasons = Counter(one.why_not for one in found)
        listing = ", ".join(f"{n:,} {why}" for why, n in reasons.most_common())
        raise NotEnoughMediaError(
            f"no picture can be exported: {listing or 'no medium has a class'}.",
            hint="State what holds for the whole collection with --licence and --rights-holder."
            if listing
            else "Label some media, and train a round.",
        )
    return found


def _rows(table: Table, stage: Stage) -> Iterator[dict[str, Any]]:
    """Yield one row a medium that the stage sees."""
    epoch = table.epoch(stage)
    terms = [one for one in _SHOWN if one in table.record_columns or one in table.annotated]
    of_records = table.cells(terms, stage)
    made = table.cells([one for one in _MADE if _is_there(table, one, epoch)])
    values = "".join(f", {cell.value} AS {quoted(cell.name)}" for cell in (*of_records, *made))
    found = table.connection.sql(
        f"SELECT u.id_{epoch} AS media_id{values} FROM ({table.universe(stage)}) u "  # noqa: S608 - quoted
        f"{joins([*of_records, *made])} ORDER BY media_id"
    )
    for batch in found.to_arrow_table().to_batches(max_chunksize=2_048):
        yield from batch.to_pylist()


def _is_there(table: Table, name: str, epoch: int) -> bool:
    """Tell whether a stage writes a column of the media that there are at an epoch."""
    writer, _ = table.writer(name) or (None, None)
    derives = isinstance(writer, RowStage) and writer.derives
    return writer is not None and table.epoch(writer) + derives <= epoch


def _write_tables(collection: Collection, target: Path, entries: Sequence[_Entry]) -> SortedReport:
    """Write whose the pictures are and what stays behind; count both."""
    shown = [one for one in entries if not one.why_not]
    left_out = [one for one in entries if one.why_not]
    _write_table(target / TABLE, COLUMNS, map(_line, shown))
    _write_table(
        target / LEFT_OUT,
        ("media_id", "class", "why"),
        ((one.media_id, one.label, one.why_not) for one in left_out),
    )
    title = collection.configuration.about.title
    write_bytes(target / LICENCES, licences_text(title, (one.rights for one in shown)).encode())
    return SortedReport(
        Counter(one.label for one in shown), Counter(one.why_not for one in left_out)
    )


def _prepare(target: Path) -> None:
    """Make the folder, and remove what a killed export left unfinished."""
    target.mkdir(parents=True, exist_ok=True)
    remove_unfinished(target)


def _line(one: _Entry) -> tuple[Any, ...]:
    row, rights = one.row, one.rights
    return (
        one.media_id, one.file, one.label, row.get("catalogNumber"), row.get("scientificName"),
        rights.licence, rights.name, rights.url, rights.holder, rights.creator, rights.credit,
        row.get("references"),
    )  # fmt: skip


def _write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    # a spreadsheet must not take a name for a formula
    writer.writerows(
        [
            f"'{one}" if str(one or "")[:1] in {"=", "+", "-", "@", "\t", "\r"} else one
            for one in row
        ]
        for row in rows
    )
    write_bytes(path, buffer.getvalue().encode())


def _copied(collection: Collection, target: Path, one: _Entry) -> _Entry:
    """Copy a picture, unless it is there; return why not where it cannot be read."""
    path = target / one.file
    if one.why_not or path.exists():
        return one
    try:
        with written_whole(path) as temporary:
            shutil.copyfile(collection.root / one.source, temporary)
    except FileNotFoundError:
        return one._replace(why_not="its picture is not here")
    return one


def _sheet(collection: Collection, entries: Sequence[_Entry]) -> bytes:
    """Return the small pictures of some media side by side, on white, as JPEG."""
    import simplejpeg

    from wunderkammer.imaging.decoding import decode
    from wunderkammer.imaging.resampling import shrink

    n_columns = min(_COLUMNS_OF_TILES, len(entries))
    n_rows = -(-len(entries) // n_columns)
    sheet = np.full((n_rows * TILE_PX, n_columns * TILE_PX, 3), 255, np.uint8)
    for place, one in enumerate(entries):
        cell = one.row.get("cutout") or one.row.get("thumbnail")
        try:
            pixels = decode(read_blob(collection.root, str(cell)), max_pixels=_MAX_PIXELS).pixels
        except (WunderkammerError, OSError):
            continue
        tile = shrink(pixels, TILE_PX)
        height, width = tile.shape[:2]
        row, column = divmod(place, n_columns)
        top = row * TILE_PX + (TILE_PX - height) // 2
        left = column * TILE_PX + (TILE_PX - width) // 2
        sheet[top : top + height, left : left + width] = tile
    content: bytes = simplejpeg.encode_jpeg(sheet, quality=_QUALITY)
    return content


def _listed(target: Path) -> set[str]:
    """Return the pictures of an earlier export."""
    if not (target / TABLE).exists():
        return set()
    with (target / TABLE).open(encoding="utf-8", newline="") as file:
        return {row["file"] for row in csv.DictReader(file)}


def _refuse_other_files(target: Path) -> None:
    """Refuse a folder that is not an export's."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        if target.is_dir() and (target / TABLE).exists():
            return
        raise ConfigurationError(
            f"{target} holds other files.",
            hint="Name a new folder, or one of an earlier export.",
        )
