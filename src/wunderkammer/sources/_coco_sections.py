"""The sections of a COCO file, read as a stream and put aside as rows of text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from wunderkammer.core.errors import RecordError, SourceError
from wunderkammer.sources import Rejected
from wunderkammer.sources._delimited import unique_names
from wunderkammer.sources._json import whole_text
from wunderkammer.sources._spill import Spill

SECTIONS = ("images", "annotations", "categories", "institutions", "licenses")

_BUFFER = 1 << 20
_ROWS = 16_384
_OUTLINES = frozenset({"segmentation"})
_NUMBER = "row:number"

Events = Iterator[tuple[str, Any]]


class SectionReader:
    """Puts the sections of a COCO file aside: a heap each, a column a member, all text.

    Parameters
    ----------
    path : Path
        The file.
    spill : Spill
        Where rows go. Each has its place in the section as ``row:number``.

    Attributes
    ----------
    found : list of str
        Names of the file's members, in order.
    rejected : list of Rejected
        Entries that have no id or are no objects.
    n_entries : dict of str to int
        Entries of each section, rejected ones included.

    Notes
    -----
    The file is read once, whatever the order of its members, with ijson and
    its fastest back end at hand (``yajl2_c`` where its wheel brings it). Of
    nested members, outlines (``segmentation``) are passed over and others kept
    as JSON.
    """

    def __init__(self, path: Path, spill: Spill) -> None:
        self._path = path
        self._spill = spill
        self.found: list[str] = []
        self.rejected: list[Rejected] = []
        self.n_entries = dict.fromkeys(SECTIONS, 0)
        self._called: dict[str, dict[str, str]] = {name: {} for name in SECTIONS}

    def run(self) -> None:
        """Read the file.

        Raises
        ------
        SourceError
            If it is no JSON, broken or cut off, or no object.
        """
        import ijson

        try:
            with self._path.open("rb") as stream:
                self._read(ijson.basic_parse(stream, buf_size=_BUFFER, use_float=True))
        except RecursionError:
            raise self._broken("it is nested too deeply") from None
        except (ijson.JSONError, ValueError) as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else "it ends early"
            raise self._broken(reason) from None

    def _broken(self, reason: str) -> SourceError:
        last = f" after '{whole_text(self.found[-1])}'" if self.found else ""
        return SourceError(
            f"'{self._path.name}' is broken JSON{last}: {reason}.",
            hint="It may not have been downloaded to its end; fetch it again.",
        )

    def _read(self, events: Events) -> None:
        event, _ = next(events)
        if event != "start_map":
            raise SourceError(
                f"'{self._path.name}' is no COCO file: it begins with {_plain(event)}, not with "
                "an object that holds 'images' and 'annotations'."
            )
        for event, value in events:
            if event != "map_key":
                continue
            self.found.append(value)
            first, _ = next(events)
            if value in SECTIONS and first == "start_array":
                self._section(value, events)
            elif first in {"start_map", "start_array"}:
                _skip(events)

    def _section(self, name: str, events: Events) -> None:
        rows: list[dict[str, str]] = []
        for event, _ in events:
            if event == "end_array":
                break
            number = self.n_entries[name]
            self.n_entries[name] += 1
            if event != "start_map":
                if event == "start_array":
                    _skip(events)
                self._reject(name, number, f"it is {_plain(event)}, not an object.")
                continue
            entry = _texts(_object(events))
            if "id" not in entry and name != "annotations":
                self._reject(name, number, "it has no 'id'.")
                continue
            entry[_NUMBER] = str(number)
            rows.append(entry)
            if len(rows) == _ROWS:
                self._put(name, rows)
                rows = []
        self._put(name, rows)

    def _put(self, name: str, rows: Sequence[dict[str, str]]) -> None:
        if rows:
            names = dict.fromkeys(key for row in rows for key in row)
            columns = {
                self._name(name, key): pa.array([row.get(key) for row in rows], pa.string())
                for key in names
                if key != _NUMBER
            }
            columns[_NUMBER] = pa.array([int(row[_NUMBER]) for row in rows], pa.int64())
            self._spill.put(name, pa.table(columns))

    def _name(self, section: str, member: str) -> str:
        """Return what a member's column is called: names may differ by more than capitals only."""
        called = self._called[section]
        if member not in called:
            called[member] = unique_names([member], taken=[_NUMBER, *called.values()])[0]
        return called[member]

    def _reject(self, section: str, number: int, why: str) -> None:
        where = f"{self._path.name}, {section}, entry {number + 1}"
        self.rejected.append(Rejected(where, RecordError(f"the entry cannot be used: {why}")))


def _skip(events: Events) -> None:
    """Pass over the rest of an object or array."""
    depth = 1
    for event, _ in events:
        if event in {"start_map", "start_array"}:
            depth += 1
        elif event in {"end_map", "end_array"}:
            depth -= 1
            if depth == 0:
                return


def _object(events: Events) -> dict[str, Any]:
    """Return the rest of an object."""
    out: dict[str, Any] = {}
    key = ""
    for event, value in events:
        if event == "map_key":
            key = value
        elif event == "end_map":
            break
        elif event == "start_map":
            out[key] = _object(events)
        elif event == "start_array":
            out[key] = _array(events)
        else:
            out[key] = value
    return out


def _array(events: Events) -> list[Any]:
    out: list[Any] = []
    for event, value in events:
        if event == "end_array":
            break
        if event == "start_map":
            out.append(_object(events))
        elif event == "start_array":
            out.append(_array(events))
        else:
            out.append(value)
    return out


def _texts(entry: dict[str, Any]) -> dict[str, str]:
    """Return the filled members of an entry as text."""
    out = {}
    for name, value in entry.items():
        if type(value) is int:
            text = str(value)
        elif isinstance(value, str):
            text = whole_text(value.strip())
        elif value is None or name in _OUTLINES:
            continue
        elif isinstance(value, bool | list | dict):
            text = whole_text(json.dumps(value, ensure_ascii=False))
        else:
            text = str(value)
        if text:
            out[whole_text(name)] = text
    return out


def _plain(event: str) -> str:
    """Return a word for what JSON event begins a value."""
    return {"start_array": "an array", "string": "a text", "null": "null"}.get(event, f"a {event}")
