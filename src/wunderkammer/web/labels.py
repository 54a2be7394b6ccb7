"""Reviewing labels: why one is suspected, and what follows when a person judges it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError, nearest
from wunderkammer.core.table import literal
from wunderkammer.evaluation.files import ISSUES, issues_path, read_table
from wunderkammer.vocab.identifications import NAMING_TERMS, named, unnamed
from wunderkammer.vocab.ranks import RANKS
from wunderkammer.web.naming import Names, folded
from wunderkammer.web.queue import Question, read_rows
from wunderkammer.web.schemas import Beside, Issue, Reasons, Statement
from wunderkammer.web.suspects import SETTLED, label_term, peers

N_PEERS = 6
"""Pictures of the proposed label, and as many of the medium's own, at most."""

LABEL, NAME = "label", "name"
"""What the page states: a word on the label, and the name it should have."""

_WORDS = (*SETTLED, "unsure")
_SPECIMENS = Question("upright")


class _Near(NamedTuple):
    """A medium that is shown beside a suspect."""

    media_id: str
    label: str | None
    similarity: float | None


class LabelReview:
    """Shows why labels are suspected, and turns judgements into statements.

    Parameters
    ----------
    collection : Collection
    """

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.names = Names(collection)

    def reasons(
        self, question: Question, media_id: str
    ) -> tuple[Reasons, Sequence[Mapping[str, Any]]]:
        """Return what speaks against a label, and the rows of all media in it."""
        issue = self._issue(question, media_id)
        near = [
            _Near(*one)
            for one in zip(
                issue["neighbours"] or (),
                issue["neighbour_labels"] or (),
                issue["neighbour_similarities"] or (),
                strict=True,
            )
        ]
        shown = {media_id, *(one.media_id for one in near)}
        groups = [near] + [
            self._peers(question.rank, issue[side] or "", shown) for side in ("proposed", "label")
        ]
        wanted = [one.media_id for group in groups for one in group]
        rows = {row["id"]: row for row in read_rows(self.collection, _SPECIMENS, wanted)}
        neighbours, proposed, own = (
            [_beside(rows[one.media_id], one) for one in group if one.media_id in rows]
            for group in groups
        )
        found = Reasons(neighbours=neighbours, proposed=proposed, own=own)
        return found, list(rows.values())

    def values(
        self, question: Question, row: Mapping[str, Any], statements: Iterable[Statement], who: str
    ) -> dict[str, str | None]:
        """Return the value of each term that statements about a label mean.

        A judgement takes the place of the one before, with all that was stated together
        with it. Statements of terms of an identification restore one as it was.

        Raises
        ------
        ConfigurationError
            If a term or a value is none of a label.
        """
        said = {one.term: one.value for one in statements}
        _refuse_strangers(said, question.rank)
        word, name = said.pop(LABEL, None), said.pop(NAME, None)
        term = label_term(question.rank)
        if word is not None and word not in _WORDS:
            raise ConfigurationError(
                f"{term} = '{word}': a label is {', '.join(_WORDS)}, or null.",
            )
        if (word == "renamed") != (name is not None) and not said:
            raise ConfigurationError("a label is 'renamed' together with its 'name'.")
        values: dict[str, str | None] = {term: word}
        if said:
            return values | said
        before = self._stated_together(question.rank, row["id"])
        values |= dict.fromkeys(before)
        if word in {"renamed", "rejected"}:
            values |= self._identification(question, row, name, before, who)
        return values

    def identification(
        self, question: Question, row: Mapping[str, Any], statements: Iterable[Statement], who: str
    ) -> dict[str, str | None]:
        """Return the value of each term that naming a medium means.

        Statements of terms of an identification restore one as it was.

        Raises
        ------
        ConfigurationError
            If a term is none of an identification, or a name is none of its rank.
        """
        said = {one.term: one.value for one in statements}
        for term in said:
            if term not in {NAME, *NAMING_TERMS}:
                raise ConfigurationError(
                    f"'{term}' is not stated in 'name'.", hint=nearest(term, {NAME})
                )
        name = said.pop(NAME, None)
        if said:
            return said
        if question.rank not in RANKS:
            raise ConfigurationError(
                f"'{question.rank}' is no rank to name a medium at.",
                hint=nearest(question.rank, RANKS),
            )
        if not (name or "").strip():
            raise ConfigurationError("a name is wanted, and none was given.")
        return {**self._identification(question, {**row, "issue_label": ""}, name, (), who)}

    def held(self, media_id: str, terms: Iterable[str]) -> dict[str, str]:
        """Return what people stated so far of some terms of a medium."""
        wanted = ", ".join(map(literal, terms)) or "NULL"
        sql = (
            f"SELECT term, value FROM annotated WHERE media_id = {literal(media_id)} "  # noqa: S608
            f"AND term IN ({wanted})"
        )
        rows = self.collection.query(sql).to_pylist()
        return {row["term"]: row["value"] for row in rows}

    def seen(self, row: Mapping[str, Any], terms: Iterable[str]) -> dict[str, str]:
        """Return the values of a medium that the person saw."""
        return _texts(self._present(row["id"]), terms)

    def _peers(self, rank: str, name: str, shown: AbstractSet[str]) -> list[_Near]:
        """Return some media that bear a name, without those that are shown anyway."""
        terms, held = self.names.held(rank, name)
        found = peers(self.collection, terms, held, N_PEERS + len(shown))
        return [_Near(one, name, None) for one in found if one not in shown][:N_PEERS]

    def _identification(
        self,
        question: Question,
        row: Mapping[str, Any],
        name: str | None,
        before: Iterable[str],
        who: str,
    ) -> dict[str, str]:
        """Return the terms of the identification that a judgement is."""
        rank = question.rank
        terms = (*NAMING_TERMS, rank)
        present = _texts(self._present(row["id"]), terms)
        source = _texts(self._record(row["photograph"]), terms)
        present |= {term: source.get(term, "") for term in before}
        today = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"
        by = {"identifiedBy": who, "dateIdentified": today} if rank in RANKS else {}
        if name is None:
            return unnamed(rank, present) | by
        spelt = self.names.spelt(rank, name)
        if not spelt or folded(spelt) == folded(row["issue_label"] or ""):
            raise ConfigurationError(
                f"{rank} = '{name}': another name than '{row['issue_label']}' is wanted.",
                hint="Accept the label if it is right.",
            )
        try:
            identified = named(rank, spelt, present, self.names.wider(rank, spelt))
        except ValueError as error:
            raise ConfigurationError(
                str(error), hint="Write genus and epithet, such as 'Vanessa atalanta'."
            ) from None
        self.names.add(rank, spelt)
        return identified | by

    def _issue(self, question: Question, media_id: str) -> Mapping[str, Any]:
        import pyarrow.compute as pc

        wanted = {"media_id": media_id, "rank": question.rank, "encoder": question.encoder}
        table = read_table(issues_path(self.collection.root), ISSUES)
        for column, value in wanted.items():
            table = table.filter(pc.equal(table[column], value))
        rows: list[Mapping[str, Any]] = table.slice(0, 1).to_pylist()
        return rows[0] if rows else dict.fromkeys(ISSUES.names)

    def _stated_together(self, rank: str, media_id: str) -> list[str]:
        """Return the terms that were stated in one breath with what holds of a label."""
        sql = (
            'SELECT term, arg_max(value, n) AS value, arg_max("when", n) AS "when", '  # noqa: S608
            f"arg_max(who, n) AS who FROM annotations WHERE media_id = {literal(media_id)} "
            "GROUP BY term"
        )
        rows = {row["term"]: row for row in self.collection.query(sql).to_pylist()}
        said = rows.get(label_term(rank))
        if said is None or said["value"] is None:
            return []
        breath = (said["who"], said["when"])
        return [
            one for one, row in rows.items()
            if one in {*NAMING_TERMS, rank} and (row["who"], row["when"]) == breath
        ]  # fmt: skip

    def _present(self, media_id: str) -> Mapping[str, Any]:
        return self._first(f"SELECT * FROM media WHERE media_id = {literal(media_id)}")  # noqa: S608

    def _record(self, media_id: str) -> Mapping[str, Any]:
        return self._first(f"SELECT * FROM records WHERE media_id = {literal(media_id)}")  # noqa: S608

    def _first(self, sql: str) -> Mapping[str, Any]:
        rows: list[Mapping[str, Any]] = self.collection.query(sql).to_pylist()
        return rows[0] if rows else {}


def issue_of(row: Mapping[str, Any], question: Question) -> Issue | None:
    """Return what the page is told of a suspected label, or None for rows of other tools."""
    if question.tool != "labels":
        return None
    return Issue(
        rank=question.rank,
        encoder=question.encoder,
        label=row["issue_label"] or "",
        proposed=row["issue_proposed"] or "",
        score=row["confidence"],
        encoders=list(row["issue_encoders"]),
    )


def _beside(row: Mapping[str, Any], one: _Near) -> Beside:
    return Beside(
        id=one.media_id,
        caption=row["caption"] or one.media_id,
        is_part=row["id"] != row["photograph"],
        label=one.label or "",
        similarity=one.similarity,
    )


def _texts(row: Mapping[str, Any], terms: Iterable[str]) -> dict[str, str]:
    return {term: str(row[term]) for term in terms if row.get(term) not in {None, ""}}


def _refuse_strangers(said: Mapping[str, str | None], rank: str) -> None:
    known = {LABEL, NAME, rank, *NAMING_TERMS}
    for term in said:
        if term not in known:
            raise ConfigurationError(
                f"'{term}' is not stated in 'labels'.", hint=nearest(term, {LABEL, NAME})
            )
