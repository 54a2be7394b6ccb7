"""What publishers wrote to iDigBio: the raw tables, beside the indexed ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.sources import Rejected
from wunderkammer.sources._archive import Archive
from wunderkammer.sources._beside import with_beside
from wunderkammer.sources._exports import (
    QUOTED,
    differ,
    first_filled,
    plain_names,
    read_header,
    text_of,
    text_table,
    with_filled,
)
from wunderkammer.sources._pairs import Pair
from wunderkammer.sources._texts import TextTable
from wunderkammer.vocab import audiovisual_core, darwin_core
from wunderkammer.vocab.audiovisual_core import CANONICAL

Tables = Iterable[pa.Table | list[Rejected]]
Names = Callable[[Sequence[str]], list[str]]

SPECIMENS = "occurrence_raw.csv"
MEDIA = "multimedia_raw.csv"

_IDS = ("coreid", "id")
_ADDRESSES = ("accessURI", "bestQualityAccessURI", "identifier")
_OF_THE_FILE = frozenset({"accessURI", "format", "type", "identifier"})
_KEYS = frozenset({"coreid", "providerManagedID"})


def names_of_specimens(header: Sequence[str]) -> list[str]:
    """Return the names of the columns of specimens; the id is ``coreid``."""
    names = plain_names(header)
    folded = [name.casefold() for name in header]
    place = next((folded.index(name) for name in _IDS if name in folded), None)
    if place is not None:
        names[place] = "coreid"
    return names


def names_of_media(header: Sequence[str]) -> list[str]:
    """Return the names of the columns of media; iDigBio's id of one is its provider's."""
    renamed = {"idigbio_uuid": "providerManagedID"}
    return [renamed.get(name, name) for name in names_of_specimens(header)]


def with_publishers(records: Tables, pair: Pair, archive: Archive, scratch: Path) -> Tables:
    """Yield records with what their publishers wrote, as far as the raw tables are there.

    The publisher's value stands under the term; iDigBio's, if it says something
    else, becomes ``idigbio_<term>``. What specimens say of licence, creator and
    the like gives way to what media say.
    """
    if MEDIA in archive.names:
        media = _raw_table(archive, MEDIA, names_of_media)
        by_id = any(column.name == "providerManagedID" for column in media.columns)
        records = with_beside(
            records,
            pair,
            media,
            scratch / "raw-media",
            specimen="coreid",
            key=_id_of_medium if by_id else _address_of_medium,
            merge=_of_media,
        )
    if SPECIMENS in archive.names:
        records = with_beside(
            records,
            pair,
            _raw_table(archive, SPECIMENS, names_of_specimens),
            scratch / "raw-specimens",
            specimen="coreid",
            key=lambda rows: rows.column("coreid"),
            merge=_of_specimens,
        )
    return records


def _raw_table(archive: Archive, member: str, names: Names) -> TextTable:
    """Return a raw table with the columns that are terms of a standard, and its keys."""
    _, header = read_header(archive, member, QUOTED)
    keys = _KEYS | set(_ADDRESSES)
    unknown = [
        name
        for name in names(header)
        if not (name in keys or name in darwin_core.TERMS or name in audiovisual_core.TERMS)
    ]
    return text_table(archive, member, id_columns=_IDS, names=names, drop=unknown)


def _id_of_medium(rows: pa.Table) -> pa.ChunkedArray:
    return text_of(rows, "providerManagedID")


def _address_of_medium(rows: pa.Table) -> pa.ChunkedArray:
    """Return specimen and address, for raw tables without iDigBio's id of a medium."""
    address = pc.utf8_lower(first_filled(rows, _ADDRESSES))
    return pc.binary_join_element_wise(rows.column("coreid"), address, " ")


def _of_media(records: pa.Table, raw: pa.Table) -> pa.Table:
    """Return records with what the publishers of their media wrote."""
    columns = {}
    for term, places in CANONICAL.items():
        if term not in _OF_THE_FILE:
            written, there = first_filled(raw, places), text_of(records, term)
            columns[term] = pc.coalesce(written, there)
            columns[f"idigbio_{term}"] = _unlike(there, written)
    placed = {place for places in CANONICAL.values() for place in places}
    for name in raw.column_names:
        if name not in placed | _OF_THE_FILE | _KEYS:
            written, there = raw.column(name), text_of(records, name)
            columns[name] = pc.coalesce(there, written)
            columns[f"media_{name}"] = _unlike(written, there)
    return with_filled(records, columns)


def _of_specimens(records: pa.Table, raw: pa.Table) -> pa.Table:
    """Return records with what the publishers of their specimens wrote."""
    columns = {}
    for name in raw.column_names:
        if name in _OF_THE_FILE | _KEYS:
            continue
        written, there = raw.column(name), text_of(records, name)
        if name in CANONICAL:
            columns[name] = pc.coalesce(there, written)
            columns[f"core_{name}"] = _unlike(written, there)
        else:
            columns[name] = pc.coalesce(written, there)
            columns[f"idigbio_{name}"] = _unlike(there, written)
    return with_filled(records, columns)


def _unlike(values: pa.ChunkedArray, others: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return values that stand against other ones; null where they agree or stand alone."""
    return pc.if_else(pc.and_(differ(values, others), pc.is_valid(others)), values, None)
