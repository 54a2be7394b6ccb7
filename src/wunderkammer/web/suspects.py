"""Suspected wrong labels: what the examination found, and what people said of it, as SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import StageError, UnknownNameError, nearest
from wunderkammer.core.table import literal, quoted
from wunderkammer.evaluation.files import issues_path
from wunderkammer.vocab.ranks import RANKS
from wunderkammer.web.rows import rows_sql

SETTLED = ("accepted", "rejected", "renamed")
"""What can be said of a label that settles it; ``unsure`` leaves it open."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The labels of one rank that one encoder's features suspect.

    Attributes
    ----------
    rank, encoder : str
    n : int
        How many.
    """

    rank: str
    encoder: str
    n: int


def label_term(rank: str) -> str:
    """Return the term under which is stated what a person says of a label.

    Examples
    --------
    >>> label_term("species")
    'speciesLabel'
    """
    return f"{rank}Label"


def suspicions(collection: Collection) -> list[Suspicion]:
    """Return what there is to review, the narrowest rank first.

    Raises
    ------
    StageError
        If labels were not examined, or none is suspected.
    """
    counted = collection.query(
        f"SELECT rank, encoder, count(*) AS n FROM {_file(collection)} GROUP BY ALL ORDER BY ALL"  # noqa: S608
    )
    found = [Suspicion(**row) for row in counted.to_pylist()]
    if not found:
        raise StageError(
            "no label of this collection is suspected to be wrong.",
            hint="After labels or encoders have changed, run 'wk evaluate' again.",
        )
    return sorted(found, key=lambda one: (-_width(one.rank), one.rank, one.encoder))


def chosen(collection: Collection, rank: str = "") -> Suspicion:
    """Return the first suspicions of a rank; of the narrowest if none is named.

    Raises
    ------
    UnknownNameError
        If none of that rank is suspected.
    StageError
        If there is none at all.
    """
    return _fitting(collection, rank)[0]


def _fitting(collection: Collection, rank: str) -> list[Suspicion]:
    """Return the suspicions of a rank; empty means any."""
    found = suspicions(collection)
    fit = [one for one in found if rank in {"", one.rank}]
    if not fit:
        known = {one.rank for one in found}
        raise UnknownNameError(
            f"no label of the rank '{rank}' is suspected.", hint=nearest(rank, known)
        )
    return fit


def suspects_sql(collection: Collection, rank: str, encoder: str) -> str:
    """Return SQL for one row a medium whose label is suspected.

    The columns are those of :func:`~wunderkammer.web.rows.rows_sql` for each specimen,
    with ``confidence``, ``judged``, ``who`` and ``when`` of the label, and ``issue_label``,
    ``issue_proposed``, ``issue_encoders``, ``said_label``, ``said_name``.

    What was said of a label holds for that label: when the source has another one since,
    it is asked about again.
    """
    one = f"rank = {literal(rank)}"
    return (
        "SELECT * REPLACE (coalesce(said_label IN "  # noqa: S608 - escaped
        f"({', '.join(map(literal, SETTLED))}), false) AS judged) FROM (SELECT r.* REPLACE ("
        'i.score AS confidence, NULL AS reason, j.who AS who, j."when" AS "when") '
        ", i.label AS issue_label, i.proposed AS issue_proposed, m.encoders AS issue_encoders, "
        "j.value AS said_label, CASE WHEN j.value = 'renamed' THEN s.name END AS said_name "
        f"FROM ({rows_sql(collection.table(), 'upright')}) r "
        f"JOIN (SELECT * FROM {_file(collection)} WHERE {one} AND encoder = {literal(encoder)}) i "
        "ON i.media_id = r.id JOIN (SELECT media_id, list(DISTINCT encoder ORDER BY encoder) AS "
        f"encoders FROM {_file(collection)} WHERE {one} GROUP BY 1) m ON m.media_id = r.id "
        f"LEFT JOIN ({_names_sql(rank)}) s ON s.media_id = r.id "
        f"LEFT JOIN ({_said_sql(rank)}) j ON j.media_id = r.id AND "
        "(j.was = i.label OR (j.value = 'renamed' AND s.name = i.label)))"
    )


def listing(collection: Collection, rank: str = "") -> pa.Table:
    """Return label issues with what was said of each, those of one rank and encoder together.

    Raises
    ------
    UnknownNameError
        If there is none of that rank.
    StageError
        If there is none at all.
    """
    found = _fitting(collection, rank)
    parts = [
        "SELECT id AS media_id, "  # noqa: S608 - escaped
        f"{literal(one.rank)} AS rank, {literal(one.encoder)} AS encoder, confidence AS score, "
        "issue_label AS label, issue_proposed AS proposed, said_label AS decision, "
        'said_name AS name, who, "when", file '
        f"FROM ({suspects_sql(collection, one.rank, one.encoder)})"
        for one in found
    ]
    return collection.query(f"{' UNION ALL '.join(parts)} ORDER BY rank, encoder, score, media_id")


def peers(
    collection: Collection, terms: Sequence[str], held: Sequence[Sequence[str]], n: int
) -> list[str]:
    """Return some media whose terms hold one of some sets of values; always the same ones.

    Parameters
    ----------
    collection : Collection
    terms : sequence of str
        Columns of ``media``.
    held : sequence of sequence of str
        The values of each set, in the order of the terms; no value is the empty text.
    n : int
        How many at most.
    """
    if not held:
        return []
    cells = ", ".join(f"coalesce(CAST({quoted(term)} AS VARCHAR), '')" for term in terms)
    sets = ", ".join(f"({', '.join(map(literal, one))})" for one in held)
    sql = (
        f"SELECT media_id FROM media WHERE ({cells}) IN ({sets}) "  # noqa: S608 - escaped
        f"AND thumbnail IS NOT NULL ORDER BY md5(media_id) LIMIT {n:d}"
    )
    return [str(one) for one in collection.query(sql)["media_id"].to_pylist()]


def _said_sql(rank: str) -> str:
    """Return SQL for the last word on each label of a rank; nothing where it was taken back."""
    return (
        "SELECT media_id, arg_max(coalesce(value, chr(0)), n) AS value, "  # noqa: S608 - escaped
        "arg_max(coalesce(was, ''), n) AS was, arg_max(who, n) AS who, "
        'arg_max("when", n) AS "when" FROM annotations '
        f"WHERE term = {literal(label_term(rank))} GROUP BY media_id "
        "HAVING arg_max(coalesce(value, chr(0)), n) <> chr(0)"
    )


def _names_sql(rank: str) -> str:
    """Return SQL for the name that people gave each medium at a rank."""
    parts = {"species": ("genus", "specificEpithet"),
             "subspecies": ("genus", "specificEpithet", "infraspecificEpithet")}  # fmt: skip
    terms = parts.get(rank, (rank,))
    joined = " || ' ' || ".join(f"t{place}.value" for place in range(len(terms)))
    tables = " JOIN ".join(
        f"(SELECT * FROM annotated WHERE term = {literal(term)}) t{place}"  # noqa: S608 - escaped
        + (" USING (media_id)" if place else "")
        for place, term in enumerate(terms)
    )
    return f"SELECT media_id, {joined} AS name FROM {tables}"  # noqa: S608 - escaped


def _file(collection: Collection) -> str:
    """Return SQL for the label issues; refuse where there are none."""
    path = issues_path(collection.root)
    if not path.is_file():
        raise StageError(
            "the labels of this collection were not examined yet: there is no "
            f"{path.relative_to(collection.root)}.",
            hint="Run 'wk evaluate' first; it finds the labels that look wrong.",
        )
    return f"read_parquet({literal(str(path))})"


def _width(rank: str) -> int:
    return RANKS.index(rank) if rank in RANKS else -1
