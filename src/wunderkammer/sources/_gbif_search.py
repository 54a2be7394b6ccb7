"""A search of GBIF, harvested: its occurrences as JSON lines that ``gbif`` reads."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from wunderkammer.core.errors import SourceError
from wunderkammer.core.files import read_json, write_bytes, write_json, written_whole
from wunderkammer.core.settings import Settings
from wunderkammer.sources._gbif_client import GbifClient, Taxon

OCCURRENCES = "occurrences.jsonl"
"""The occurrences as GBIF's search answers them, one a line."""

SEARCH = "search.json"
"""What was asked, when, and what was found."""

DATASETS = "datasets.json"
"""Title, citation, licence and DOI of each dataset, by its key."""

MOST = 100_000
"""Occurrences beyond which GBIF's search does not page; a download has no such end."""

LARGEST_PAGE = 300
"""Occurrences that GBIF gives at most in one answer."""

Told = Callable[[int, int], None]
"""Told how many occurrences are here, and how many there are."""

_PAGES = ".pages"
_PARAMETERS = {
    "institution_code": "institutionCode",
    "collection_code": "collectionCode",
    "dataset_key": "datasetKey",
    "country": "country",
    "year": "year",
    "basis_of_record": "basisOfRecord",
    "type_status": "typeStatus",
    "recorded_by": "recordedBy",
    "text": "q",
}


class GbifSearch(Settings):
    """What is looked for; only occurrences with still images are found."""

    taxon: str = Field("", description="Scientific name, best with its author.")
    taxon_key: str = Field("", description="GBIF's key of the taxon, in place of its name.")
    institution_code: str = Field("", description="Code of the institution, such as 'NHMUK'.")
    collection_code: str = Field("", description="Code of the collection.")
    dataset_key: str = Field("", description="GBIF's key of a dataset.")
    country: str = Field("", description="Two letters of the country it was found in.")
    year: str = Field("", description="A year, or a first and last one: '1850,1900'.")
    basis_of_record: str = Field("", description="Such as 'PRESERVED_SPECIMEN'.")
    type_status: str = Field("", description="Such as 'HOLOTYPE'.")
    recorded_by: str = Field("", description="Who collected it.")
    text: str = Field("", description="Words that stand anywhere in the record.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> GbifSearch:
        if not any(self.model_dump().values()):
            raise PydanticCustomError("search", "A search needs at least one condition")
        if self.taxon and self.taxon_key:
            raise PydanticCustomError("search", "Give taxon or taxon_key, not both")
        return self


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a finished harvest holds."""

    folder: Path
    n_occurrences: int
    n_media: int
    taxon: str


def harvest(
    folder: Path,
    search: GbifSearch,
    *,
    page_size: int = LARGEST_PAGE,
    pause_s: float = 1.0,
    told: Told | None = None,
) -> Harvest:
    """Fetch what a search finds into a folder, page by page.

    Parameters
    ----------
    folder : Path
        Gets ``occurrences.jsonl``, ``datasets.json`` and, at the very end,
        ``search.json``. Until then the pages lie in ``.pages``: a harvest that
        was stopped goes on with the page after the last whole one.
    search : GbifSearch
        What is looked for.
    page_size : int, optional
        Occurrences asked for at once, at most 300.
    pause_s : float, optional
        Seconds between two questions.
    told : callable, optional
        Told of the progress.

    Raises
    ------
    SourceError
        If the folder holds another search, GBIF has no such taxon, the search
        finds nothing or more than GBIF lets be paged through, pygbif is not
        installed, or GBIF does not answer.
    """
    done = read_json(folder / SEARCH)
    if done is not None:
        return _finished(folder, search, done)
    pages = folder / _PAGES
    client = GbifClient()
    begun = _begun(pages, search, client, page_size)
    wanted = begun["wanted"]
    offsets = range(0, begun["n_found"], begun["page_size"])
    for offset in offsets:
        if not (pages / _page_name(offset)).exists():
            time.sleep(pause_s)
            found = client.page(wanted, offset, begun["page_size"])
            write_bytes(pages / _page_name(offset), _lines(found["results"]))
        if told is not None:
            told(min(offset + begun["page_size"], begun["n_found"]), begun["n_found"])
    held = _joined(folder / OCCURRENCES, pages, offsets)
    write_json(folder / DATASETS, _datasets(client, held.datasets, pages, pause_s))
    write_json(
        folder / SEARCH,
        {
            "search": search.model_dump(),
            "taxon": begun["taxon"],
            "address": f"https://www.gbif.org/occurrence/search?{urlencode(_shown(wanted))}",
            "begun": begun["begun"],
            "ended": _now(),
            "n_found": begun["n_found"],
            "n_occurrences": held.n_occurrences,
            "n_media": held.n_media,
        },
    )
    shutil.rmtree(pages)
    return Harvest(folder, held.n_occurrences, held.n_media, begun["taxon"])


@dataclass(slots=True)
class _Held:
    """What the pages hold together."""

    n_occurrences: int
    n_media: int
    datasets: list[str]


def _finished(folder: Path, search: GbifSearch, done: Mapping[str, Any]) -> Harvest:
    """Return the harvest that a folder holds already, if it is of this search."""
    if done.get("search") != search.model_dump():
        asked = ", ".join(f"{k} = '{v}'" for k, v in done.get("search", {}).items() if v)
        raise SourceError(
            f"the folder '{folder}' holds another search of GBIF: {asked}, of {done.get('ended')}.",
            hint="Choose another folder, or remove this one.",
        )
    return Harvest(folder, done["n_occurrences"], done["n_media"], done["taxon"])


def _begun(pages: Path, search: GbifSearch, client: GbifClient, page_size: int) -> dict[str, Any]:
    """Return what is known of a harvest under way; begin it if there is none of this search."""
    begun = read_json(pages / SEARCH)
    if begun is not None and begun["search"] == search.model_dump():
        return dict(begun)
    shutil.rmtree(pages, ignore_errors=True)  # pages of another search are of no use
    taxon = _taxon(search, client)
    wanted = _wanted(search, taxon)
    n_found = int(client.page(wanted, 0, 0)["count"])
    if n_found == 0:
        raise SourceError(
            "GBIF finds no occurrence with a still image for this search.",
            hint="Leave out a condition, or look at the spelling of the codes.",
        )
    if n_found > MOST:
        raise SourceError(
            f"the search finds {n_found:,} occurrences, and GBIF's search gives at most {MOST:,}.",
            hint="Add a condition such as country or year; or request a download at "
            f"https://www.gbif.org/occurrence/search?{urlencode(_shown(wanted))} "
            "and begin with its zip: a download has no such limit, and gets a DOI to cite.",
        )
    begun = {
        "search": search.model_dump(),
        "wanted": wanted,
        "taxon": taxon.name if taxon else "",
        "n_found": n_found,
        "page_size": min(page_size, LARGEST_PAGE),
        "begun": _now(),
    }
    write_json(pages / SEARCH, begun)
    return begun


def _taxon(search: GbifSearch, client: GbifClient) -> Taxon | None:
    if search.taxon:
        return client.match(search.taxon)
    return Taxon(search.taxon_key, search.taxon_key) if search.taxon_key else None


def _wanted(search: GbifSearch, taxon: Taxon | None) -> dict[str, Any]:
    """Return the parameters of pygbif's search."""
    wanted: dict[str, Any] = {"mediatype": "StillImage"}
    if taxon is not None:
        wanted["taxonKey"] = taxon.key
        if taxon.key.isdecimal():
            wanted["checklistKey"] = None  # keys of digits alone are of GBIF's own backbone
    for name, parameter in _PARAMETERS.items():
        value = getattr(search, name)
        if value:
            wanted[parameter] = value
    return wanted


def _shown(wanted: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters as the web site writes them."""
    shown = {name: str(value) for name, value in wanted.items() if value is not None}
    shown["media_type"] = shown.pop("mediatype")
    return shown


def _lines(rows: list[Any]) -> bytes:
    texts = (json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)
    return "".join(f"{text}\n" for text in texts).encode()


def _page_name(offset: int) -> str:
    return f"{offset:06d}.jsonl"


def _joined(target: Path, pages: Path, offsets: range) -> _Held:
    """Write the pages as one file, an occurrence once; return what they hold."""
    seen: set[Any] = set()
    datasets: dict[str, None] = {}
    n_media = 0
    with written_whole(target) as temporary, temporary.open("w", encoding="utf-8") as out:
        for row, line in _rows(pages, offsets):
            key = row.get("key") or row.get("gbifID")
            if key in seen:  # the index moved on between two pages
                continue
            seen.add(key)
            if row.get("datasetKey"):
                datasets[row["datasetKey"]] = None
            n_media += len(row.get("media") or [])
            out.write(line)
    return _Held(len(seen), n_media, sorted(datasets))


def _rows(pages: Path, offsets: range) -> Iterator[tuple[dict[str, Any], str]]:
    for offset in offsets:
        with (pages / _page_name(offset)).open(encoding="utf-8") as page:
            for line in page:
                yield json.loads(line), line


def _datasets(
    client: GbifClient, keys: list[str], pages: Path, pause_s: float
) -> dict[str, dict[str, str]]:
    """Return what is to be cited of each dataset, asked once."""
    known: dict[str, dict[str, str]] = read_json(pages / DATASETS) or {}
    for key in keys:
        if key not in known:
            time.sleep(pause_s)
            said = client.dataset(key)
            known[key] = {
                "title": str(said.get("title") or ""),
                "citation": str((said.get("citation") or {}).get("text") or ""),
                "license": str(said.get("license") or ""),
                "doi": str(said.get("doi") or ""),
            }
            write_json(pages / DATASETS, known)
    return known


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
