"""The link report as one HTML page that needs nothing else: no script, no file, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any

from wunderkammer.reports._document import document, figures, made_by, table
from wunderkammer.reports.links import Counts, LinkReport
from wunderkammer.reports.problems import BY_CODE, PROBLEMS

_ORDER = {problem.code: place for place, problem in enumerate(PROBLEMS)}


def page(report: LinkReport, rows: Sequence[Mapping[str, Any]], *, n_each: int) -> str:
    """Return a report as HTML.

    Parameters
    ----------
    report : LinkReport
    rows : sequence of mapping
        Problems to list, at most ``n_each`` of a kind and publisher.
    n_each : int
        Then a note says how many more there are.
    """
    parts = [
        *_beginning(report),
        "<main>",
        *_overview(report),
        *_counts_table("Publishers", "publisher", report.publishers),
        *_counts_table("Hosts", "host", report.hosts),
        *_publishers(report, rows, n_each),
        "</main>",
        *_end(report),
    ]
    return document(f"Link report: {report.title}", parts)


def _beginning(report: LinkReport) -> Iterator[str]:
    about = f" of {escape(report.publisher)}" if report.publisher else ""
    yield f"<header><h1>Link report: {escape(report.title)}</h1>"
    yield (
        f'<p class="soft">What is wrong with the image addresses and licences{about} in the '
        f"records as they are published, found on {report.made:%d %B %Y}.</p>"
    )
    numbers = [
        ("media", report.n_media),
        ("fetched", report.n_fetched),
        ("media with a problem", report.n_with_problem),
        ("dead links", report.problems.get("dead_link", 0)),
    ]
    if report.n_untried:
        numbers.append(("not tried yet", report.n_untried))
    yield from figures((name, f"{number:,}") for name, number in numbers)
    yield "</header>"


def _overview(report: LinkReport) -> Iterator[str]:
    """Yield what is wrong, and what to do, once for all publishers."""
    if not report.problems:
        yield "<h2>Nothing is wrong</h2><p>No record has a problem that this report looks for.</p>"
        return
    yield "<h2>What to mend</h2>"
    cells = (
        [
            ("n some", "media", f"{number:,}"),
            ("", "problem", f"<b>{escape(BY_CODE[code].title)}</b>"),
            ("", "what to do", escape(BY_CODE[code].advice)),
        ]
        for code, number in report.problems.items()
    )
    yield from table(
        "quiet", "Problems", "", ("media", "problem", "what to do"), cells, numbers=(0,)
    )


def _counts_table(title: str, kind: str, counts: Sequence[Counts]) -> Iterator[str]:
    """Yield one row a publisher or host: how its media fare."""
    if not counts:
        return
    most = 500
    heads = (kind, "media", "fetched", "unreachable", "redirected", "licence or holder", "other")
    yield f"<h2>{title}</h2>"
    if len(counts) > most:
        yield f'<p class="soft">The {most:,} with the most problems of {len(counts):,}.</p>'
    rows = (_counts_cells(kind, one, heads) for one in counts[:most])
    yield from table("quiet", f"{title}: problems", "", heads, rows, numbers=range(1, 7))


_GROUPS = (
    {
        "dead_link", "not_an_image", "broken_image", "broken_off", "refused", "robots",
        "host_down", "server_error", "redirect_lost",
    },
    {"moved", "http_for_https"},
    {"no_licence", "unclear_licence", "no_rights_holder"},
)  # fmt: skip
"""Problems that one column of the overview sums up."""


def _counts_cells(kind: str, one: Counts, heads: Sequence[str]) -> list[tuple[str, str, str]]:
    sums = [sum(one.problems.get(code, 0) for code in codes) for codes in _GROUPS]
    sums.append(one.n_problems - sum(sums))
    term = f"<span>by {escape(one.term)}</span>" if one.term else ""
    listed = kind == "publisher" and one.n_problems
    name = f'<a href="#{_anchor(one.name)}">{escape(one.name)}</a>' if listed else escape(one.name)
    cells = [("", kind, f"<b>{name}</b>{term}")]
    cells += [
        ("n", head, f"{number:,}")
        for head, number in zip(heads[1:3], (one.n_media, one.n_fetched), strict=True)
    ]
    cells += [
        ("n some" if number else "n", head, f"{number:,}")
        for head, number in zip(heads[3:], sums, strict=True)
    ]
    return cells


def _publishers(
    report: LinkReport, rows: Sequence[Mapping[str, Any]], n_each: int
) -> Iterator[str]:
    """Yield a section a publisher with a table a problem."""
    ranks = {one.name: place for place, one in enumerate(report.publishers)}
    ordered = sorted(rows, key=lambda row: (ranks[row["publisher"]], _ORDER[row["problem"]]))
    for name, of_publisher in groupby(ordered, key=itemgetter("publisher")):
        counts = report.publishers[ranks[name]]
        yield f'<section><h2 id="{_anchor(name)}">{escape(name)}</h2>'
        yield f'<p class="soft">{counts.n_media:,} media, {counts.n_fetched:,} fetched, '
        yield f"{counts.n_problems:,} problems.</p>"
        for code, found in groupby(of_publisher, key=itemgetter("problem")):
            listed = list(found)
            n_more = counts.problems[code] - len(listed)
            yield from _problem_table(code, listed, counts.problems[code])
            if n_more > 0:
                yield (
                    f'<p class="soft">And {n_more:,} more: only the first {n_each:,} stand here. '
                    "The CSV file of this report has all of them.</p>"
                )
        yield "</section>"
    left = [one for one in report.publishers if one.n_problems][
        len({r["publisher"] for r in rows}) :
    ]
    if left:
        yield (
            f'<p class="soft">{len(left):,} publishers with fewer problems are counted above and '
            "not listed. The CSV file has all of them; --publisher makes a page of one.</p>"
        )


def _problem_table(code: str, rows: Sequence[Mapping[str, Any]], number: int) -> Iterator[str]:
    problem = BY_CODE[code]
    cells = (
        [
            ("", "record", _record(row)),
            ("w", "address", _link(row["accessURI"])),
            ("w", "found", _found(row)),
        ]
        for row in rows
    )
    title = f"{number:,} {problem.title}"
    heads = ("record", "address", "found")
    yield from table("found", escape(title), escape(problem.advice), heads, cells)


def _record(row: Mapping[str, Any]) -> str:
    """Return who a record is, in the publisher's own identifiers."""
    number = " ".join(
        row[term] for term in ("institutionCode", "collectionCode", "catalogNumber") if row[term]
    )
    lines = [number, row["occurrenceID"]]
    shown = [line for line in dict.fromkeys(lines) if line] or [row["media_id"] or ""]
    first, *rest = (escape(line) for line in shown)
    page_of = _link(row["references"], "page of the record") if row["references"] else ""
    return f"<b>{first}</b>" + "".join(f"<span>{one}</span>" for one in [*rest, page_of] if one)


def _found(row: Mapping[str, Any]) -> str:
    found = escape(row["found"] or "")
    return f"{found}<span>{_link(row['new_address'])}</span>" if row["new_address"] else found


def _link(address: str | None, text: str = "") -> str:
    """Return a link to a web address, or the bare text of what is none."""
    if not address:
        return ""
    shown = escape(text or address)
    if not address.lower().startswith(("http://", "https://")):
        return escape(address)
    return f'<a href="{escape(address)}" rel="noreferrer nofollow">{shown}</a>'


def _anchor(name: str) -> str:
    """Return the id of a publisher's section."""
    return f"p-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _end(report: LinkReport) -> Iterator[str]:
    yield (
        "<footer><p>A publisher is who keeps the record: its institutionCode, else "
        "ownerInstitutionCode, publisher, datasetName, datasetKey or rightsHolder, else the host "
        "of the address. Records are judged as they were published.</p>"
        f"{made_by(report.made, report.contact)}</footer>"
    )
