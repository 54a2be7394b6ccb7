"""The link report: what is wrong with the addresses and licences of a collection, by publisher."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import PartsMovedError, UnknownNameError, nearest
from wunderkammer.core.files import write_bytes
from wunderkammer.core.query import create_views
from wunderkammer.core.spreadsheet import write_rows
from wunderkammer.core.table import literal
from wunderkammer.reports._links_sql import (
    Licences,
    base_sql,
    counts_sql,
    licence_sql,
    problem_counts_sql,
    problems_sql,
)
from wunderkammer.reports.problems import BY_CODE, PROBLEMS
from wunderkammer.vocab.licences import UNSTATED, licence

_ROWS_AT_ONCE = 8_192
_LISTED, _EACH = 20, 50
_FREE = {"CC0-1.0", "PDM-1.0", "CC-PDDC"}
_NUMBERS = ("n_media", "n_fetched", "n_here", "n_kept_out", "n_untried")

CSV_COLUMNS = (
    "publisher",
    "publisherFrom",
    "problem",
    "institutionCode",
    "collectionCode",
    "catalogNumber",
    "occurrenceID",
    "mediaID",
    "accessURI",
    "references",
    "license",
    "rightsHolder",
    "found",
    "newAddress",
    "advice",
)
"""Columns of the CSV file, one row a problem."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How the media of one publisher, or of one host, fare.

    Attributes
    ----------
    name : str
        The publisher or host.
    term : str
        Which term of the records names the publisher.
    n_media, n_fetched, n_here : int
        Media there are; that were fetched; that were on this machine from the start.
    n_kept_out, n_untried : int
        Media that the settings here keep out; that nobody has tried to fetch yet.
    problems : mapping of str to int
        How many media have each problem, by code.
    """

    name: str
    term: str = ""
    n_media: int = 0
    n_fetched: int = 0
    n_here: int = 0
    n_kept_out: int = 0
    n_untried: int = 0
    problems: Mapping[str, int] = field(default_factory=dict)

    @property
    def n_problems(self) -> int:
        """How many problems there are; a medium may have several."""
        return sum(self.problems.values())


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What is wrong with the addresses and licences of a collection.

    Attributes
    ----------
    title, contact : str
        Of the collection.
    made : datetime.datetime
        When, in universal time.
    publishers, hosts : sequence of Counts
        Those with the most problems first.
    n_with_problem : int
        Media that have at least one problem.
    publisher : str
        The one it is about; empty for all.
    licences : Licences
        How licence statements were judged.
    """

    title: str
    contact: str
    made: dt.datetime
    publishers: Sequence[Counts]
    hosts: Sequence[Counts]
    n_with_problem: int
    publisher: str = ""
    licences: Licences = field(default_factory=Licences)

    @property
    def n_media(self) -> int:
        """How many media the report is about."""
        return sum(one.n_media for one in self.publishers)

    @property
    def n_fetched(self) -> int:
        """How many of them were fetched."""
        return sum(one.n_fetched for one in self.publishers)

    @property
    def n_untried(self) -> int:
        """How many of them nobody has tried to fetch yet."""
        return sum(one.n_untried for one in self.publishers)

    @property
    def problems(self) -> dict[str, int]:
        """How many media have each problem, in the order of a report; none with 0."""
        sums = {
            problem.code: sum(one.problems.get(problem.code, 0) for one in self.publishers)
            for problem in PROBLEMS
        }
        return {code: number for code, number in sums.items() if number}


def link_report(collection: Collection, publisher: str = "") -> LinkReport:
    """Return what is wrong with the addresses and licences of a collection.

    Parameters
    ----------
    collection : Collection
        Its records are judged as the source gave them, not as people corrected
        them here: a publisher can only mend what is published.
    publisher : str, optional
        Only media of this one, as the report names it.

    Raises
    ------
    UnknownNameError
        If no record is of that publisher; says the nearest.
    """
    known, stages = _known(collection)
    licences = _judged(collection, known)
    everything = base_sql(known, stages)
    where = f"publisher = {literal(publisher)}" if publisher else "true"
    base = f"SELECT * FROM ({everything}) WHERE {where}"  # noqa: S608 - the name is escaped
    problems = problems_sql(everything, licences, where=where)
    media = collection.query(counts_sql(base)).to_pylist()
    if publisher and not media:
        everyone = collection.query(counts_sql(everything))["publisher"].to_pylist()
        raise UnknownNameError(
            f"no record is of the publisher '{publisher}'.", hint=nearest(publisher, {*everyone})
        )
    found = collection.query(problem_counts_sql(problems)).to_pylist()
    return LinkReport(
        title=collection.configuration.about.title,
        contact=collection.configuration.about.contact,
        made=dt.datetime.now(dt.UTC),
        publishers=_counted(media, found, "publisher"),
        hosts=_counted(media, found, "host"),
        n_with_problem=sum(row["n_media"] for row in found),
        publisher=publisher,
        licences=licences,
    )


def problem_rows(collection: Collection, report: LinkReport) -> Iterator[pa.RecordBatch]:
    """Yield one row a problem, sorted by publisher and problem, in batches.

    Memory is that of the database, whatever the number of rows: it sorts on disk.

    Raises
    ------
    PartsMovedError
        If another process changed the collection meanwhile; asking again helps.
    """
    name = literal(report.publisher)
    sql = _rows_sql(collection, report, f"publisher = {name}" if report.publisher else "true")
    table = collection.table()
    create_views(table)
    try:
        yield from table.connection.sql(sql).to_arrow_reader(_ROWS_AT_ONCE)
    except duckdb.IOException:
        raise PartsMovedError(
            "another process changed the collection while it was being read.",
            hint="Run the same command again.",
        ) from None


def first_rows(
    collection: Collection, report: LinkReport, publishers: Sequence[str], n: int
) -> list[dict[str, Any]]:
    """Return the first ``n`` rows of each problem of some publishers."""
    if not publishers:
        return []
    names = ", ".join(literal(name) for name in publishers)
    where = (
        f"publisher IN ({names}) QUALIFY row_number() OVER (PARTITION BY publisher, problem "
        f'ORDER BY "catalogNumber", media_id, found) <= {int(n)}'
    )
    return list(collection.query(_rows_sql(collection, report, where)).to_pylist())


def write_csv(collection: Collection, report: LinkReport, path: Path) -> int:
    """Write one row a problem, :data:`CSV_COLUMNS`, for spreadsheets; return how many."""
    batches = problem_rows(collection, report)
    rows = (_csv_row(row) for batch in batches for row in batch.to_pylist())
    return write_rows(path, CSV_COLUMNS, rows)


def write_page(collection: Collection, report: LinkReport, path: Path) -> None:
    """Write a report as one HTML page that needs no other file and no network.

    It lists at most 50 rows of a problem and publisher, of the 20 publishers
    with the most problems; the counts are of all. The CSV file has every row.
    """
    from wunderkammer.reports._page import page

    listed = [one.name for one in report.publishers if one.n_problems][:_LISTED]
    rows = first_rows(collection, report, listed, _EACH)
    write_bytes(path, page(report, rows, n_each=_EACH).encode())


def _csv_row(row: Mapping[str, Any]) -> list[object]:
    advice = BY_CODE[row["problem"]].advice
    renamed = {
        **row,
        "publisherFrom": row["publisher_from"],
        "mediaID": row["media_id"],
        "newAddress": row["new_address"],
        "advice": advice,
    }
    return [renamed[name] for name in CSV_COLUMNS]


def _rows_sql(collection: Collection, report: LinkReport, where: str) -> str:
    """Return SQL for the problems of some publishers, in the order of a list."""
    known, stages = _known(collection)
    problems = problems_sql(base_sql(known, stages), report.licences, where=where)
    return f'{problems} ORDER BY publisher, problem, "catalogNumber", media_id, found'


def _known(collection: Collection) -> tuple[set[str], set[str]]:
    """Return the terms that records have, and the stages there are."""
    table = collection.query("SELECT column_name FROM (DESCRIBE records)")
    stages = {stage.group for stage in collection.configuration.stages}
    return set(table["column_name"].to_pylist()), stages


def _judged(collection: Collection, known: set[str]) -> Licences:
    """Return which of the collection's licence statements are at fault, and how."""
    texts = collection.query(licence_sql(known))["licence"].to_pylist()
    meant = [licence(text) for text in sorted(filter(None, texts))]
    return Licences(
        unstated=[one.verbatim for one in meant if one.statement == UNSTATED],
        unclear=[one.verbatim for one in meant if not one.understood and not one.statement],
        free=[one.verbatim for one in meant if one.spdx in _FREE],
    )


def _counted(
    media: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]], kind: str
) -> list[Counts]:
    """Return the counts of each publisher or host, most problems first."""
    sums: dict[str, Counter[str]] = {}
    for row in media:
        if row[kind] is not None:
            sums.setdefault(row[kind], Counter()).update({name: row[name] for name in _NUMBERS})
    terms = {row[kind]: row["term"] for row in media} if kind == "publisher" else {}
    problems: dict[str, Counter[str]] = {}
    for row in found:
        if row[kind] is not None:
            problems.setdefault(row[kind], Counter())[row["problem"]] += row["n"]
    counts = [
        Counts(
            name,
            terms.get(name) or "",
            **sums.get(name, Counter()),
            problems=dict(problems.get(name, Counter())),
        )
        for name in {*sums, *problems}
    ]
    return sorted(counts, key=lambda one: (-one.n_problems, -one.n_media, one.name))
