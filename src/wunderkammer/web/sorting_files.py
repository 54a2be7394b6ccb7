"""Files by which labels and sorted media are taken home, and labels brought."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from wunderkammer.core.errors import UnknownNameError, nearest
from wunderkammer.curation.formats import (
    Names,
    image_list,
    labels_json,
    logits_json,
    match,
    read_statements,
    update_json,
)
from wunderkammer.curation.rounds import Round
from wunderkammer.curation.sorting import Sorting
from wunderkammer.web.sorting_schemas import Imported
from wunderkammer.web.sorting_telling import counts_of

MOST_TOLD = 100
"""How many names without a medium are told one by one."""

_TYPES = {"json": "application/json", "txt": "text/plain", "csv": "text/csv"}
_TABLE = ("media_id", "name", "class", "score", "by", "review")


@dataclass(frozen=True, slots=True)
class File:
    """A file that is taken home.

    Attributes
    ----------
    name : str
        What it is called.
    content : bytes
    media_type : str
    """

    name: str
    content: bytes
    media_type: str


def export_of(sorting: Sorting, kind: str) -> File:
    """Return a file of a task.

    Parameters
    ----------
    sorting : Sorting
    kind : str
        ``labels.json``, ``update.json`` (labels given or changed since the last round; all before
        the first) and ``images.txt`` (all media, see
        :mod:`wunderkammer.curation.formats`), ``logits.json`` (mean of the members),
        ``ids-<class>.txt`` (what people or the ensemble sort there) or ``table.csv`` (all media,
        with how sure that is and whether a person should look).

    Raises
    ------
    UnknownNameError
        If there is no such file, or no round yet that it could be made of.
    """
    here = _here(sorting, sorting.votes().labels)
    names, task = Names(sorting.media), sorting.task
    makers: dict[str, Callable[[], str]] = {
        "labels.json": lambda: labels_json(here, task, names),
        "update.json": lambda: update_json(_here(sorting, sorting.changed()), task, names),
        "images.txt": lambda: image_list(sorting.media.ids, names),
        "logits.json": lambda: _logits(sorting, names),
        "table.csv": lambda: _table(sorting, names),
    }
    for name in task.classes:
        makers[f"ids-{name}.txt"] = partial(_ids, sorting, name, names)
    if kind not in makers:
        raise UnknownNameError(f"no file is called '{kind}'.", hint=nearest(kind, makers))
    content = makers[kind]().encode()
    return File(f"{task.name}-{kind}", content, _TYPES[kind.rpartition(".")[2]])


def _here(sorting: Sorting, labels: Mapping[str, str]) -> dict[str, str]:
    """Return those labels whose media are in the collection now."""
    return {one: label for one, label in labels.items() if one in sorting.media.place}


def import_labels(sorting: Sorting, content: bytes, who: str) -> Imported:
    """Write down the labels of a file as somebody's; on disk when it returns.

    Parameters
    ----------
    sorting : Sorting
    content : bytes
        See :func:`wunderkammer.curation.formats.read_statements`.
    who : str
        Whose answers they are.

    Raises
    ------
    SourceError
        If the file holds something else.
    """
    text = content.decode("utf-8", "replace")
    found = match(read_statements(text, sorting.task, "the file"), Names(sorting.media))
    written = sorting.say(found.labels, who)
    return Imported(
        saved=written.n,
        unknown=list(found.unknown[:MOST_TOLD]),
        n_unknown=len(found.unknown),
        state=counts_of(sorting),
    )


def _round_of(sorting: Sorting) -> Round:
    """Return the last round."""
    latest = sorting.latest()
    if latest is None:
        raise UnknownNameError(
            "there is no round yet.", hint="Label some media, then train a first round."
        )
    return latest


def _logits(sorting: Sorting, names: Names) -> str:
    known = _round_of(sorting).predictions()
    return logits_json(known.ids, known.honest.mean(axis=0), names)


def _ids(sorting: Sorting, name: str, names: Names) -> str:
    """Return the media that are sorted into a class, one a line, in the order of the lot."""
    return image_list((one.media_id for one in sorting.outcomes() if one.label == name), names)


def _table(sorting: Sorting, names: Names) -> str:
    """Return one row a medium: how it is sorted, by whom, and whether a person should look."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_TABLE)
    for one in sorting.outcomes():
        score = "" if one.score is None else f"{one.score:.4f}"
        review = "true" if one.review else "false"
        row = [one.media_id, names.own(one.media_id), one.label or "", score, one.by, review]
        writer.writerow(row)
    return buffer.getvalue()
