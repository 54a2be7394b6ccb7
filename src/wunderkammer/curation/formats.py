"""Formats: labels and predictions as the files of other tools, read and written.

The files are those by which the illustrations of the Biodiversity Heritage Library were sorted:
a label file ``{"<id>": 0 | 1 | 2}``, an update list ``[["<id>", label], …]``, a list of images,
and one file of logits for each network, ``{"<id>": [logit, …]}``. Classes are numbered from 0 in
the order of the task; the number after the last class means "not sure".
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import SourceError, nearest
from wunderkammer.curation.media import NAMED_BY, MediaTable
from wunderkammer.curation.task import UNSURE, Task

_IDS = ("media_id", "id", "pageid", "page_id", "file", "filename", "image")
_LABELS = ("label", "value", "class", "answer")


class Statement(NamedTuple):
    """What a file says of something it calls by a name."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Matched:
    """What a file says of the collection's media.

    Attributes
    ----------
    labels : mapping of str to str
        Class or "unsure" by ``media_id``; of a medium that is named twice, the later.
    unknown : tuple of str
        Names that no medium has, or that several have.
    """

    labels: Mapping[str, str]
    unknown: tuple[str, ...]


class Names:
    """By which names others know the media of a collection.

    Parameters
    ----------
    media : MediaTable
    """

    def __init__(self, media: MediaTable) -> None:
        self._media = media

    def find(self, name: str) -> str | None:
        """Return the medium that a name means, or None if it means none or several.

        A name is the ``media_id``, the source's own identifier, such as a page id or a
        catalogue number, or the name of the file, with its ending or without; capitals do not
        matter.
        """
        return self._known.get(_folded(name)) or None

    def own(self, media_id: str) -> str:
        """Return the name by which its source knows a medium; the ``media_id`` if it has none.

        One kind of name is used for the whole collection: the first that every medium has
        and no two share.
        """
        return self._own.get(media_id, media_id)

    @cached_property
    def _known(self) -> dict[str, str]:
        """Media by folded name; empty for a name that several have."""
        found: dict[str, str] = {}
        for of_each in self._kinds.values():
            for media_id, name in zip(self._media.ids, of_each, strict=True):
                if name and found.setdefault(name, media_id) != media_id:
                    found[name] = ""
        return found | {media_id: media_id for media_id in self._media.ids}

    @cached_property
    def _own(self) -> Mapping[str, str]:
        for kind in ("PageID", "identifier", "original_file/stem"):
            names = self._kinds.get(kind, [])
            if names and all(names) and len(set(names)) == len(names):
                shown = self._shown(kind)
                return dict(zip(self._media.ids, shown, strict=True))
        return {}

    @cached_property
    def _kinds(self) -> dict[str, list[str]]:
        """Folded names of all media by kind."""
        found: dict[str, list[str]] = {}
        for term in NAMED_BY:
            texts = [str(one or "") for one in self._media.column(term).to_pylist()]
            if any(texts):
                found[term] = [_folded(one) for one in texts]
                found[f"{term}/file"] = [_folded(_file(one)) for one in texts]
                found[f"{term}/stem"] = [_folded(_stem(_file(one))) for one in texts]
        return found

    def _shown(self, kind: str) -> list[str]:
        term, _, part = kind.partition("/")
        texts = [str(one) for one in self._media.column(term).to_pylist()]
        return [_stem(_file(one)) for one in texts] if part else texts


def read_statements(text: str, task: Task, where: str) -> list[Statement]:
    """Read labels in any of the formats.

    Parameters
    ----------
    text : str
        ``{"<id>": label}``, ``[["<id>", label], …]``, or a table with a column of ids and one of
        labels, separated by commas, semicolons or tabs. A label is a number or a class.
    task : Task
    where : str
        Name of the file, for messages.

    Raises
    ------
    SourceError
        If it is none of these, or holds a label that there is not.
    """
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start in {"{", "["}:
        return [Statement(name, _label(value, task, where, name))
                for name, value in _pairs(text, where)]  # fmt: skip
    return [Statement(name, _label(value, task, where, name)) for name, value in _rows(text, where)]


def match(statements: Iterable[Statement], names: Names) -> Matched:
    """Find the media that statements are about."""
    labels: dict[str, str] = {}
    unknown: dict[str, None] = {}
    for one in statements:
        media_id = names.find(one.name)
        if media_id is None:
            unknown[one.name] = None
        else:
            labels[media_id] = one.label
    return Matched(labels, tuple(unknown))


def labels_json(labels: Mapping[str, str], task: Task, names: Names) -> str:
    """Return a label file: a number for each medium, by its own name."""
    return _json({names.own(one): _number(label, task) for one, label in labels.items()})


def update_json(labels: Mapping[str, str], task: Task, names: Names) -> str:
    """Return an update list: pairs of name and number."""
    return _json([[names.own(one), _number(label, task)] for one, label in labels.items()])


def image_list(media_ids: Iterable[str], names: Names) -> str:
    """Return names of media, one a line."""
    return "".join(f"{names.own(one)}\n" for one in media_ids)


def read_image_list(text: str) -> list[str]:
    """Return the names of a list of images: one a line, or a JSON list of ids or pairs.

    Raises
    ------
    SourceError
        If it is no such list.
    """
    if text.lstrip()[:1] != "[":
        return [line.strip() for line in text.splitlines() if line.strip()]
    found = _parsed(text, "the list of images")
    return [str(one[0] if isinstance(one, list) and one else one) for one in found]


def logits_json(media_ids: Sequence[str], logits: npt.NDArray[np.floating], names: Names) -> str:
    """Return logits by medium, shape (n, n_classes), in the order of the classes."""
    rows = np.asarray(logits, np.float64).round(6).tolist()
    return _json({names.own(one): row for one, row in zip(media_ids, rows, strict=True)})


def read_logits(text: str, task: Task, where: str) -> dict[str, tuple[float, ...]]:
    """Return the logits of a file by name.

    Raises
    ------
    SourceError
        If it is no such file, or a row has not one finite number for each class.
    """
    found = _parsed(text, where)
    if not isinstance(found, dict):
        raise SourceError(
            f'{where}: logits are {{"<id>": [number, …]}}, and this is a {type(found).__name__}.'
        )
    for name, row in found.items():
        if not _are_logits(row, len(task.classes)):
            raise SourceError(
                f"{where}: the logits of '{name}' are {json.dumps(row)}; {len(task.classes)} "
                f"numbers are wanted, one for each of {', '.join(task.classes)}.",
                hint="Was the network trained for another number of classes?",
            )
    return {str(name): tuple(float(one) for one in row) for name, row in found.items()}


def _are_logits(row: Any, n_classes: int) -> bool:
    numbers = isinstance(row, list) and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in row
    )
    return numbers and len(row) == n_classes and all(np.isfinite(row))


def _pairs(text: str, where: str) -> list[tuple[str, Any]]:
    """Return names and labels of a JSON label file or update list."""
    found = _parsed(text, where)
    if isinstance(found, dict):
        return [(str(name), value) for name, value in found.items()]
    pairs = []
    for place, one in enumerate(found, 1):
        if not (isinstance(one, list) and len(one) == 2 and isinstance(one[0], str | int)):
            raise SourceError(
                f"{where}: entry {place} is {json.dumps(one)[:60]}; a pair of id and label is "
                "wanted.",
                hint='Such as ["1234567", 0]. A list of ids alone says nothing of their labels.',
            )
        pairs.append((str(one[0]), one[1]))
    return pairs


def _rows(text: str, where: str) -> list[tuple[str, Any]]:
    """Return names and labels of a table."""
    lines = text.lstrip("\ufeff").splitlines()
    first = lines[0] if lines else ""
    # spreadsheets of many countries separate by semicolons
    delimiter = next((one for one in "\t;," if one in first), ",")
    header, *rows = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter) or [[]]
    names = [one.strip().casefold() for one in header]
    id_at = next((names.index(one) for one in _IDS if one in names), None)
    label_at = next((names.index(one) for one in _LABELS if one in names), None)
    if id_at is None or label_at is None:
        raise SourceError(
            f"{where}: its columns are {', '.join(header) or 'none'}.",
            hint="The first line names a column 'id' (or media_id, file) and a column 'label'.",
        )
    most = max(id_at, label_at)
    return [
        (row[id_at].strip(), row[label_at].strip())
        for row in rows
        if len(row) > most and row[id_at].strip() and row[label_at].strip()
    ]


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff"))
    except ValueError as error:
        raise SourceError(
            f"{where} is no JSON: {error}.",
            hint="Export it again, or mend that place in a text editor.",
        ) from None
    except RecursionError:
        raise SourceError(f"{where} is no list of labels: it is nested too deeply.") from None


def _label(value: Any, task: Task, where: str, name: str) -> str:
    """Return the class or "unsure" that a number or a word means."""
    if isinstance(value, str) and task.allows(value):
        return value
    number = int(value) if isinstance(value, str) and _is_number(value) else value
    if isinstance(number, int) and not isinstance(number, bool):
        if 0 <= number < len(task.classes):
            return task.classes[number]
        if number == len(task.classes):
            return UNSURE
    raise SourceError(
        f"{where}: {name} has the label {json.dumps(value)}.", hint=_hint(value, task)
    )


def _hint(value: Any, task: Task) -> str:
    numbers = [f"{number} = {one}" for number, one in enumerate((*task.classes, "not sure"))]
    hint = f"Labels of '{task.name}' are {', '.join(numbers)}"
    if str(value) == "-1":
        return (
            f"{hint}. -1 is what a slip on the keyboard left in old label files: remove these "
            "entries, or label the images again."
        )
    if isinstance(value, str):
        return f"{hint}, or the words. {nearest(value, (*task.classes, UNSURE))}"
    return f"{hint}."


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _number(label: str, task: Task) -> int:
    return len(task.classes) if label == UNSURE else task.code(label)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _folded(name: str) -> str:
    return name.strip().casefold()


def _file(text: str) -> str:
    """Return the last part of a path or an address."""
    try:
        path = unquote(urlsplit(text).path) if "://" in text else text
    except ValueError:  # such as a bracket that is never closed
        path = text
    return PurePosixPath(path.replace("\\", "/")).name


def _stem(name: str) -> str:
    """Return a file's name without its ending, which has a letter: 1906.12 has none."""
    path = PurePosixPath(name)
    return path.stem if any(one.isalpha() for one in path.suffix) else name
