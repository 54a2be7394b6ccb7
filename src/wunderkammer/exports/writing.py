"""A selection in a format, to a folder, a ZIP or one file: whole or not at all."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.files import folder_written_whole, remove_left_of, written_whole
from wunderkammer.core.provenance import software
from wunderkammer.exports._zipped import packed
from wunderkammer.exports.formats import Format
from wunderkammer.exports.selection import Chosen, Selection

MARK = ".wk-export.json"
"""Says that a folder is an export, of which format; programs that read folders pass it by."""

LEFT_OUT = "left-out.csv"
_ZIP = ".zip"


class Report(NamedTuple):
    """What was written.

    Attributes
    ----------
    n_media : int
    written : mapping of str to int
        As the format counts.
    left_out : Counter
        Media that stay behind, by reason.
    """

    n_media: int
    written: Mapping[str, int]
    left_out: Counter[str]


def export(
    collection: Collection, form: Format, target: Path, selection: Selection | None = None
) -> Report:
    """Write media of a collection in a format; a medium without licence or holder stays behind.

    Parameters
    ----------
    collection : Collection
    form : Format
    target : Path
        A new folder or one of an earlier export of the format, which is replaced; a file
        that ends in ``.zip``; or a file with an ending of the format's own.
    selection : Selection, optional
        Default: all media.

    Raises
    ------
    ConfigurationError
        If the target is something else.
    QueryError
        If the condition is no SQL over the collection.
    NotEnoughMediaError
        If nothing can be exported; says why.
    """
    refuse_other(target, form)
    chosen = Chosen(collection, selection)
    form = form.within(target.suffix)
    if target.suffix == _ZIP or target.suffix in form.single:
        return _as_file(chosen, form, target)
    with folder_written_whole(target) as folder:
        written = form.write(chosen, folder)
        _write_left_out(chosen, folder)
        mark = {"format": form.name, "n_media": len(chosen), "software": software()["wunderkammer"]}
        (folder / MARK).write_text(json.dumps(mark) + "\n", "utf-8")
    return Report(len(chosen), written, chosen.why_left_out())


def _as_file(chosen: Chosen, form: Format, target: Path) -> Report:
    """Write one file: of the format itself, or a ZIP of all."""
    remove_left_of(target)
    aside = target.with_name(f"{target.name}.unfinished")
    with folder_written_whole(aside) as folder:
        written = form.write(chosen, folder)
        if target.suffix == _ZIP:
            packed(folder, target)
        else:
            with written_whole(target) as temporary:
                (folder / form.single[target.suffix]).rename(temporary)
    _remove(aside)
    return Report(len(chosen), written, chosen.why_left_out())


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder)


def refuse_other(target: Path, form: Format) -> None:
    """Refuse a target that an export of the format must not replace.

    Raises
    ------
    ConfigurationError
        If it holds other files, or cannot be one file.
    """
    known = [_ZIP, *form.single]
    if target.is_dir() and any(target.iterdir()):
        try:
            of = json.loads((target / MARK).read_text("utf-8"))["format"]
        except (OSError, ValueError, KeyError, TypeError):
            of = ""
        if of != form.name:
            what = f"is an export as '{of}'" if of else "holds other files"
            raise ConfigurationError(
                f"{target} {what}.",
                hint=f"Name a new folder, or one of an earlier 'wk export {form.name}'.",
            )
    elif target.is_file() and target.suffix not in known:
        raise ConfigurationError(
            f"{target} is a file.", hint=f"Name a folder, or a file that ends in {known[0]}."
        )


def _write_left_out(chosen: Chosen, folder: Path) -> None:
    """Name the media that stay behind; nothing where there are none."""
    if not chosen.left_out:
        return
    with (folder / LEFT_OUT).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["media_id", "why"])
        writer.writerows(chosen.left_out)
