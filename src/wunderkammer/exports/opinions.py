"""Identifications of media: the source's, those of people, those that software proposed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from wunderkammer.core.collection import Collection
from wunderkammer.core.stage import Stage
from wunderkammer.core.table import literal
from wunderkammer.exports.identifications import (
    STAGE,
    UNVERIFIED,
    date_identified,
    identified_by,
)
from wunderkammer.exports.selection import Medium
from wunderkammer.vocab.identifications import NAMING_TERMS
from wunderkammer.vocab.ranks import RANKS, classification

_ONE_ACT_S = 5.0
_OF_A_NAME = (
    "scientificName", "scientificNameAuthorship", "taxonRank", "identifiedBy", "dateIdentified",
    "identificationQualifier", "typeStatus", "identificationRemarks",
    "identificationVerificationStatus", "genus", "specificEpithet", "infraspecificEpithet",
    "family", "kingdom",
)  # fmt: skip
"""Terms of a record that tell its own identification."""

TERMS = ("identificationID", *_OF_A_NAME)


class Opinion(NamedTuple):
    """Who thinks that a medium shows what.

    Attributes
    ----------
    origin : str
        ``source``, ``person`` or ``software``.
    terms : mapping of str to str
        Darwin Core terms.
    """

    origin: str
    terms: Mapping[str, str]


class Opinions:
    """All identifications of media, by medium.

    Parameters
    ----------
    collection : Collection

    Notes
    -----
    What people stated is held in memory; statements of one person about one medium within
    seconds are one identification.
    """

    def __init__(self, collection: Collection) -> None:
        self._people = _people(collection)
        self._software = list(_software(collection))

    def of(self, medium: Medium, record: Mapping[str, Any]) -> list[Opinion]:
        """Return the identifications of a medium, the source's first; none if it has only that."""
        others = [
            *self._people.get(medium.text("derivedFromMediaID"), ()),
            *self._people.get(medium.media_id, ()),
            *(one for one in (proposal.of(medium) for proposal in self._software) if one),
        ]
        if not others:
            return []
        own = {name: str(record[name]) for name in _OF_A_NAME if record.get(name)}
        named = [Opinion("source", own)] if own.get("scientificName") else []
        return [*named, *others]


class _Proposal(NamedTuple):
    """What a stage proposes: at which rank, as whom, when."""

    group: str
    rank: str
    who: str
    when: str

    def of(self, medium: Medium) -> Opinion | None:
        name, score = (medium.row.get(f"{self.group}/{one}") for one in ("name", "score"))
        if name is None or score is None:
            return None
        terms = {
            "scientificName": str(name), "taxonRank": self.rank, "identifiedBy": self.who,
            "dateIdentified": self.when, "identificationVerificationStatus": UNVERIFIED,
            "identificationRemarks": f"probability {score:.2f}",
        }  # fmt: skip
        return Opinion("software", terms)


def _software(collection: Collection) -> Iterator[_Proposal]:
    stage: Stage
    for stage in collection.configuration.stages:
        if stage.name == STAGE and collection.table().state(stage):
            who = identified_by(collection, stage)
            yield _Proposal(stage.group, stage.label, who, date_identified(collection, stage))


def _people(collection: Collection) -> dict[str, list[Opinion]]:
    """Return what people stated, by medium, in the order in which they did."""
    terms = ", ".join(map(literal, NAMING_TERMS))
    rows = collection.query(
        'SELECT media_id, term, value, who, "when" FROM annotations '  # noqa: S608 - literals are quoted
        f"WHERE term IN ({terms}) ORDER BY media_id, who, n"
    ).to_pylist()
    found: dict[str, list[Opinion]] = {}
    act: dict[str, str] = {}
    last: tuple[Any, ...] = ()
    for row in [*rows, None]:
        here = (row["media_id"], row["who"], row["when"]) if row else ()
        if last and not _same_act(last, here):
            opinion = _stated(act, last[1], last[2])
            if opinion is not None:
                found.setdefault(last[0], []).append(opinion)
            act = {}
        if row:
            act[row["term"]] = row["value"] or ""
        last = here
    return found


def _same_act(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    if one[:2] != other[:2]:
        return False
    apart = _moment(other[2]) - _moment(one[2])
    return abs(apart.total_seconds()) <= _ONE_ACT_S


def _moment(text: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _stated(act: Mapping[str, str], who: str, when: str) -> Opinion | None:
    """Return the identification that statements make; None where they name nothing."""
    taxa = classification(act)
    rank, name = taxa[-1] if taxa else ("", "")
    name = act.get("scientificName", "") or name
    if not name:
        return None
    terms = {one: act[one] for one in _OF_A_NAME if act.get(one)}
    stated = act.get("taxonRank", "") or (rank if rank in RANKS else "")
    terms |= {"scientificName": name} | ({"taxonRank": stated} if stated else {})
    terms.setdefault("identifiedBy", who)
    terms.setdefault("dateIdentified", when[:10])
    return Opinion("person", terms)
