"""A harvested search of GBIF: JSON lines, an occurrence each, with its media."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wunderkammer.core.errors import RecordError, SourceError, nearest
from wunderkammer.core.identity import stable_id
from wunderkammer.sources import Record, Rejected
from wunderkammer.sources._columns import is_address
from wunderkammer.sources._gbif_search import DATASETS, OCCURRENCES, SEARCH
from wunderkammer.sources._images import nfc
from wunderkammer.sources._joining import joined_terms
from wunderkammer.sources._json import object_in, parsed
from wunderkammer.vocab.audiovisual_core import CANONICAL, not_a_still_image
from wunderkammer.vocab.dates import parse_date, pretty

_RENAMED = {"key": "gbifID", "issues": "issue"}
_NESTED = ("media", "identifiers", "facts", "relations", "extensions", "classifications", "gadm")


@dataclass(slots=True)
class _Seen:
    """What came before, so that nothing comes twice."""

    occurrences: set[str] = field(default_factory=set)
    media: set[str] = field(default_factory=set)


def occurrences_file(path: Path) -> Path:
    """Return the lines of a harvest, given its folder or the file itself.

    Raises
    ------
    SourceError
        If they are not there.
    """
    file = path / OCCURRENCES if path.is_dir() else path
    if not file.is_file():
        inside = [one.name for one in path.iterdir()] if path.is_dir() else []
        raise SourceError(f"there is no '{OCCURRENCES}' at '{path}'.", hint=nearest("", inside))
    return file


def is_harvest(path: Path) -> bool:
    """Return whether a path is a finished harvest, or a file of such lines."""
    if path.is_dir():
        return (path / OCCURRENCES).is_file()
    if path.suffix.casefold() not in {".jsonl", ".ndjson"} or not path.is_file():
        return False
    with path.open("rb") as stream:
        first = stream.readline(1 << 20)
    try:
        row = parsed(first)
    except ValueError:
        return False
    return isinstance(row, dict) and "datasetKey" in row and ("key" in row or "gbifID" in row)


def harvest_files(path: Path) -> list[Path]:
    """Return the lines of a harvest and what lies beside them."""
    file = occurrences_file(path)
    beside = [file.parent / name for name in (DATASETS, SEARCH)]
    return [file, *(one for one in beside if one.is_file())]


def citation_of_search(path: Path) -> str:
    """Return how a harvested search is to be cited; empty if nothing says what was asked."""
    asked = object_in(occurrences_file(path).parent / SEARCH)
    span = parse_date(str(asked.get("ended", ""))[:10])
    if not asked.get("address") or span is None:
        return ""
    return f"GBIF.org ({pretty(span)}) GBIF Occurrence Search {asked['address']}"


def citations_of_harvest(path: Path) -> Mapping[str, str]:
    """Return how each data set of a harvest is to be cited, by its key."""
    known = object_in(occurrences_file(path).parent / DATASETS)
    cited = {
        key: said.get("citation") or said.get("title")
        for key, said in known.items()
        if isinstance(said, dict)
    }
    return {key: str(text) for key, text in cited.items() if text}


def read_lines(path: Path) -> Iterator[Record | Rejected]:
    """Yield a record for each still image of each occurrence, and why lines give none.

    Parameters
    ----------
    path : Path
        The folder of a harvest, or its lines.

    Raises
    ------
    SourceError
        If there are none.
    """
    file = occurrences_file(path)
    seen = _Seen()
    with file.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield from _of_line(line, f"{file.name}, line {number}", seen)


def _of_line(line: str, where: str, seen: _Seen) -> Iterator[Record | Rejected]:
    """Yield what one occurrence gives."""
    try:
        row = parsed(line)
    except ValueError as error:
        yield Rejected(where, RecordError(f"the line is no JSON: {error}.", hint="Harvest again."))
        return
    key = str(row.get("key") or row.get("gbifID") or "") if isinstance(row, dict) else ""
    problem = _problem(key, seen)
    if problem is not None:
        yield Rejected(where, problem)
        return
    seen.occurrences.add(key)
    terms = _terms(row)
    media = [one for one in row.get("media") or [] if isinstance(one, dict)]
    for medium in media:
        yield _of_medium(key, terms, _terms(medium), where, seen)
    if not media:
        yield Rejected(
            where,
            RecordError(
                f"the occurrence '{key}' has no medium.",
                hint="Its publisher may have taken the image back.",
            ),
        )


def _problem(key: str, seen: _Seen) -> RecordError | None:
    if not key:
        return RecordError(
            "the line has neither 'key' nor 'gbifID'.",
            hint="Each line must be an occurrence as GBIF's search answers it.",
        )
    if key in seen.occurrences:
        return RecordError(f"an earlier line has the key '{key}' already.")
    return None


def _of_medium(
    key: str, occurrence: Mapping[str, str], medium: dict[str, str], where: str, seen: _Seen
) -> Record | Rejected:
    """Return the record of a medium, or why there is none."""
    other = not_a_still_image(medium)
    if other:
        return Rejected(where, RecordError(f"the medium of '{key}' is no still image: {other}."))
    named = medium.get("identifier", "")
    if not named:
        return Rejected(
            where,
            RecordError(
                f"the medium of '{key}' has no identifier.",
                hint="Ask the publisher for the address of the file.",
            ),
        )
    media_id = stable_id("gbif", key, nfc(named), "")
    if media_id in seen.media:
        return Rejected(where, RecordError(f"the medium '{named}' of '{key}' stands here twice."))
    seen.media.add(media_id)
    terms = _together(occurrence, medium)
    address = terms.get("accessURI", "")
    return Record(
        media_id,
        stable_id("gbif", key),
        terms,
        access_uri=address if is_address(address) else "",
    )


def _terms(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the filled plain values of an occurrence or a medium as text."""
    terms = {}
    for name, value in row.items():
        text = _text(value) if name not in _NESTED else ""
        if text.strip():
            terms[_RENAMED.get(name, name)] = text
    return terms


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ";".join(str(part) for part in value if not isinstance(part, dict | list))
    return str(value)


def _together(occurrence: Mapping[str, str], medium: dict[str, str]) -> dict[str, str]:
    """Return the terms of both; the medium's own credit wins, and nothing is lost."""
    own = dict(medium)
    for term, places in CANONICAL.items():
        value = next((medium[place] for place in places if place in medium), "")
        if value:
            own[term] = value
    own.pop("identifier", None)
    return joined_terms(occurrence, own)
