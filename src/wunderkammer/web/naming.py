"""The names that a collection knows at each rank, and the taxa that each belongs to."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wunderkammer.core.collection import Collection
from wunderkammer.core.table import quoted
from wunderkammer.vocab.ranks import RANKS, classification

_TERMS = (
    *RANKS,
    "genericName",
    "specificEpithet",
    "infraspecificEpithet",
    "scientificName",
    "identificationQualifier",
)
"""Terms that the classification of a record is read from."""


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name of a rank.

    Attributes
    ----------
    name : str
    n_media : int
        Media that bear it; 0 if it was given in this visit.
    """

    name: str
    n_media: int


@dataclass(frozen=True, slots=True)
class _Group:
    """All media whose terms hold the same values."""

    values: tuple[str, ...]
    n_media: int
    ranks: Mapping[str, str]


class Names:
    """Names by rank, read from the collection when first asked for.

    Parameters
    ----------
    collection : Collection
    """

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._lock = threading.Lock()
        self._read: dict[str, tuple[Sequence[str], Mapping[str, list[_Group]]]] = {}
        self._given: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def suggest(self, rank: str, text: str, limit: int) -> list[KnownName]:
        """Return names that a text may mean, the likeliest first.

        Names that begin with it come before those with a word that does, and these
        before those that hold it elsewhere; each by how many media bear it.
        """
        wanted = folded(text)
        _, known = self._of(rank)
        found = []
        for key, groups in known.items():
            place = _place(key, wanted)
            if place is not None:
                one = KnownName(groups[0].ranks[rank], sum(group.n_media for group in groups))
                found.append((place, -one.n_media, one.name, one))
        for key, name in self._given[rank].items():
            place = _place(key, wanted)
            if place is not None and key not in known:
                found.append((place, 0, name, KnownName(name, 0)))
        return [one for *_, one in sorted(found, key=lambda row: row[:3])[:limit]]

    def spelt(self, rank: str, name: str) -> str:
        """Return a name as the collection spells it, or as it is if it is not known."""
        groups = self._of(rank)[1].get(folded(name))
        return groups[0].ranks[rank] if groups else " ".join(name.split())

    def wider(self, rank: str, name: str) -> dict[str, str]:
        """Return the taxa above a name, by rank, where the collection knows just one."""
        if rank not in RANKS:
            return {}
        groups = self._of(rank)[1].get(folded(name), [])
        found = {}
        for one in RANKS[: RANKS.index(rank)]:
            names = {group.ranks[one] for group in groups if one in group.ranks}
            if len(names) == 1:
                found[one] = names.pop()
        return found

    def held(self, rank: str, name: str) -> tuple[Sequence[str], list[tuple[str, ...]]]:
        """Return terms, and the sets of values of those media that bear a name."""
        terms, known = self._of(rank)
        return terms, [group.values for group in known.get(folded(name), [])]

    def add(self, rank: str, name: str) -> None:
        """Take in a name that was given just now."""
        self._given[rank][folded(name)] = name

    def _of(self, rank: str) -> tuple[Sequence[str], Mapping[str, list[_Group]]]:
        with self._lock:
            if rank not in self._read:
                self._read[rank] = self._groups(rank)
            return self._read[rank]

    def _groups(self, rank: str) -> tuple[Sequence[str], Mapping[str, list[_Group]]]:
        columns = self._collection.query("SELECT * FROM media LIMIT 0").column_names
        wanted = _TERMS if rank in RANKS else (rank,)
        terms = [term for term in wanted if term in columns]
        found: defaultdict[str, list[_Group]] = defaultdict(list)
        if not terms:
            return terms, found
        cells = ", ".join(f"coalesce(CAST({quoted(one)} AS VARCHAR), '')" for one in terms)
        sql = f"SELECT {cells}, count(*) AS n FROM media GROUP BY ALL ORDER BY ALL"  # noqa: S608
        table = self._collection.query(sql)
        for *values, n_media in zip(*(column.to_pylist() for column in table.columns), strict=True):
            held = dict(zip(terms, values, strict=True))
            ranks = dict(classification(held)) if rank in RANKS else held
            if ranks.get(rank):
                group = _Group(tuple(values), n_media, ranks)
                found[folded(ranks[rank])].append(group)
        return terms, found


def folded(name: str) -> str:
    """Return a name without case and double blanks, for comparison.

    Examples
    --------
    >>> folded(" Vanessa  ATALANTA")
    'vanessa atalanta'
    """
    return " ".join(name.split()).casefold()


def _place(name: str, wanted: str) -> int | None:
    """Return how well a folded name fits what was typed, 0 best; None if it does not."""
    if name.startswith(wanted):
        return 0
    if f" {wanted}" in name:
        return 1
    return 2 if wanted in name else None
