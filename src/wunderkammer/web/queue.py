"""The queue: which media a person should look at, worst first, as one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import UnknownNameError
from wunderkammer.core.table import literal
from wunderkammer.web.rows import rows_sql
from wunderkammer.web.schemas import Order, Tool
from wunderkammer.web.suspects import suspects_sql

_BADNESS: dict[Tool, str] = {
    "cutout": "CASE WHEN agreement IS NOT NULL THEN agreement WHEN judged THEN 4 "
    "WHEN rejected OR failed THEN -1 ELSE coalesce(confidence, 3) END",
    "upright": "CASE WHEN judged THEN 4 WHEN failed THEN -1 ELSE coalesce(confidence, 3) END",
    "name": "coalesce(confidence, 3)",
    "labels": "confidence + CASE WHEN judged THEN 4 WHEN said_label IS NOT NULL THEN 2 ELSE 0 END",
}
"""Lowest first: no cut-out, then by agreement or confidence, then not yet done, then settled."""

_ORDERS: dict[Order, str] = {
    "worst": "{badness}, id",
    "least-sure": "confidence NULLS LAST, id",
    "unseen": "{badness}, id",
    "judged": "{badness}, id",
}
_ONLY: dict[Order, str] = {"unseen": "WHERE NOT judged", "judged": "WHERE judged"}


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked of each medium.

    Attributes
    ----------
    tool : str
        Whether it is cut out well, how it is turned, whether its label is right, or what
        its name is.
    rank, encoder : str
        Which labels, and who suspects them; of names the rank alone; empty for other tools.
    """

    tool: Tool
    rank: str = ""
    encoder: str = ""

    def rows(self, collection: Collection) -> str:
        """Return SQL for one row a medium that the question is asked of."""
        if self.tool == "labels":
            return suspects_sql(collection, self.rank, self.encoder)
        return rows_sql(collection.table(), self.shows)

    @property
    def shows(self) -> Literal["cutout", "upright"]:
        """Whether photographs are shown whole, or each specimen."""
        return "cutout" if self.tool == "cutout" else "upright"


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a queue, and how many there are in all.

    Attributes
    ----------
    n : int
        Rows in all, of those that were asked for.
    n_media, n_judged : int
        All media that the question is asked of, and those that a person has judged.
    rows : sequence of mapping
        Those of this page, as :func:`~wunderkammer.web.rows.rows_sql` names their columns.
    """

    n: int
    n_media: int
    n_judged: int
    rows: Sequence[Mapping[str, Any]]


def read_queue(
    collection: Collection,
    question: Question,
    order: Order,
    slot: tuple[int, int],
    agreements: Mapping[str, float],
) -> Page:
    """Return a part of the media to review.

    Parameters
    ----------
    collection : Collection
        Only its images must be there; stages that have not run leave cells empty.
    question : Question
        What is reviewed.
    order : str
        Which of them, and in which order.
    slot : tuple of int
        Offset and limit.
    agreements : mapping of str to float
        Intersection over union of the machine's and the person's mask, by id.
    """
    known = (
        f"SELECT r.*, a.agreement FROM ({question.rows(collection)}) r "  # noqa: S608
        f"LEFT JOIN ({_agreements_sql(agreements)}) a ON a.agreement_id = r.id"
    )
    counts = f"SELECT count(*) AS n, count(*) FILTER (WHERE judged) AS n_judged FROM ({known})"  # noqa: S608
    [count] = collection.query(counts).to_pylist()
    n_media, n_judged = count["n"], count["n_judged"]
    by = _ORDERS[order].format(badness=_BADNESS[question.tool])
    offset, limit = slot
    sql = (
        f"SELECT * FROM ({known}) {_ONLY.get(order, '')} "  # noqa: S608
        f"ORDER BY {by} LIMIT {limit:d} OFFSET {offset:d}"
    )
    n = {"unseen": n_media - n_judged, "judged": n_judged}.get(order, n_media)
    return Page(n, n_media, n_judged, collection.query(sql).to_pylist())


def read_row(collection: Collection, question: Question, media_id: str) -> Mapping[str, Any]:
    """Return the row of one medium.

    Raises
    ------
    UnknownNameError
        If there is no such medium, it has no image yet, or nothing is asked of it.
    """
    rows = read_rows(collection, question, [media_id])
    if not rows and question.tool == "labels":
        raise UnknownNameError(
            f"the {question.rank} of '{media_id}' is not suspected by {question.encoder}.",
            hint="Choose another rank or encoder, or state its name with 'wk annotate'.",
        )
    if not rows:
        raise UnknownNameError(
            f"no medium with an image is called '{media_id}'.",
            hint="It may have been removed from the source, or its image failed: 'wk failures'.",
        )
    return rows[0]


def read_rows(
    collection: Collection, question: Question, media_ids: Sequence[str]
) -> Sequence[Mapping[str, Any]]:
    """Return the rows of some media, in no order; those that are not there are left out."""
    wanted = ", ".join(map(literal, media_ids)) or "NULL"
    sql = f"SELECT * FROM ({question.rows(collection)}) WHERE id IN ({wanted})"  # noqa: S608
    return list(collection.query(sql).to_pylist())


def read_drawn(collection: Collection) -> Sequence[Mapping[str, Any]]:
    """Return id, person's mask and machine's mask of every medium that has both."""
    sql = (
        "SELECT id, said_mask, machine_mask "  # noqa: S608 - made of quoted names
        f"FROM ({rows_sql(collection.table(), 'cutout')}) "
        "WHERE said_mask IS NOT NULL AND machine_mask IS NOT NULL"
    )
    return list(collection.query(sql).to_pylist())


def find_id(collection: Collection, question: Question, name: str) -> str | None:
    """Return the medium that a file name holds, by its id or the name of its original."""
    stem = name.rsplit(".", 1)[0] if "." in name else name
    wanted = ", ".join(literal(one.lower()) for one in {name, stem})
    file = "lower(regexp_extract(coalesce(file, ''), '[^/]*$'))"
    sql = (
        f"SELECT id FROM ({question.rows(collection)}) "  # noqa: S608 - escaped
        f"WHERE contains({literal(name.lower())}, id) OR contains({literal(name.lower())}, "
        f"photograph) OR {file} IN ({wanted}) "
        f"OR regexp_replace({file}, '[.][^.]*$', '') IN ({wanted}) ORDER BY id LIMIT 1"
    )
    rows = collection.query(sql).to_pylist()
    return rows[0]["id"] if rows else None


def _agreements_sql(agreements: Mapping[str, float]) -> str:
    if not agreements:
        return "SELECT NULL::VARCHAR AS agreement_id, NULL::DOUBLE AS agreement WHERE false"
    rows = ", ".join(f"({literal(one)}, {value:.6f})" for one, value in agreements.items())
    return f"SELECT * FROM (VALUES {rows}) v(agreement_id, agreement)"  # noqa: S608 - escaped
