"""The media that are examined: which specimen each shows, and what is known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError, nearest
from wunderkammer.core.table import quoted
from wunderkammer.vocab.ranks import RANKS, classification

_TERMS = (
    *RANKS[: RANKS.index("species")],
    "scientificName", "genericName", "specificEpithet", "infraspecificEpithet",
    "identificationQualifier",
)  # fmt: skip
"""Terms that a classification is read from."""

Labels = tuple[str | None, ...]

_SHARED = 0.5
"""Share of specimens from which it can be asked of neighbours who collected or keeps them."""


@dataclass(frozen=True, slots=True, eq=False)
class Media:
    """Media in the order of their ids.

    Attributes
    ----------
    ids : tuple of str
    groups : tuple of str
        The specimen of each. Copies of one picture count as one specimen, whatever the
        records say, once the stage ``duplicates`` has found them.
    labels : mapping of str to tuple
        What each is, by rank or column; None where that is not known.
    """

    ids: tuple[str, ...]
    groups: tuple[str, ...]
    labels: Mapping[str, Labels]

    def told(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return those labels of some names in which media differ."""
        return tuple(name for name in names if len(set(self.labels.get(name, ())) - {None}) > 1)

    def shared(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return those labels of some names that most specimens share with another specimen."""
        return tuple(name for name in names if self._shared(self.labels[name]) >= _SHARED)

    def _shared(self, labels: Labels) -> float:
        """Return the share of labelled specimens whose label another specimen has too."""
        specimens = set(zip(labels, self.groups, strict=True))
        n_with = Counter(label for label, _ in specimens if label is not None)
        alike = sum(n for n in n_with.values() if n > 1)
        return alike / max(1, n_with.total())


def read_media(collection: Collection, names: Sequence[str]) -> Media:
    """Read what is known of all media.

    Parameters
    ----------
    collection : Collection
    names : sequence of str
        Ranks and columns. Ranks are read from the names as
        :func:`wunderkammer.vocab.ranks.classification` does, and what people stated
        comes before what the source says. One that the collection has not is left out.

    Raises
    ------
    NotEnoughMediaError
        If there are no records.
    """
    known = columns_of(collection)
    ranks = [name for name in names if name in RANKS]
    others = [name for name in names if name not in RANKS and name in known]
    terms = [name for name in _TERMS if name in known] if ranks else []
    wanted = [one for one in ("specimen_id", "duplicate_of") if one in known]
    found = _select(collection, [*wanted, *dict.fromkeys((*terms, *others))])
    if not found.num_rows:
        raise NotEnoughMediaError(
            "evaluate: the collection has no records.", hint="Run 'wk run' first."
        )
    columns = {name: _texts(found, name) for name in found.column_names}
    ids = tuple(str(one) for one in columns["media_id"])
    labels: dict[str, Labels] = {name: tuple(columns[name]) for name in others}
    labels |= _classified(columns, terms, ranks, len(ids))
    return Media(ids, _groups(ids, columns), labels)


def columns_of(collection: Collection) -> set[str]:
    """Return the names of the columns of ``media``."""
    found = collection.query("SELECT column_name FROM (DESCRIBE media)")
    return set(found["column_name"].to_pylist())


def column_of(collection: Collection, name: str, ids: Sequence[str]) -> list[str | None]:
    """Return a column of some media as text, in their order.

    Raises
    ------
    ConfigurationError
        If the collection has no such column.
    """
    known = columns_of(collection)
    if name not in known:
        raise ConfigurationError(
            f"evaluate: the collection has no column '{name}'.", hint=nearest(name, known)
        )
    found = _select(collection, [name])
    values = dict(zip(found["media_id"].to_pylist(), _texts(found, name), strict=True))
    return [values.get(one) for one in ids]


def _select(collection: Collection, names: Sequence[str]) -> pa.Table:
    listing = ", ".join(quoted(name) for name in ("media_id", *names))
    return collection.query(f"SELECT {listing} FROM media ORDER BY media_id")  # noqa: S608  names of columns


def _texts(table: pa.Table, name: str) -> list[str | None]:
    """Return a column as text, None where it is blank."""
    values = table[name].cast(pa.string()).to_pylist()
    return [one.strip() or None if one is not None else None for one in values]


def _groups(ids: Sequence[str], columns: Mapping[str, Sequence[str | None]]) -> tuple[str, ...]:
    """Return the specimen of each medium; of a copy that of the medium that is kept."""
    own = columns.get("specimen_id", [None] * len(ids))
    specimens = dict(zip(ids, (one or where for one, where in zip(own, ids, strict=True)),
                         strict=True))  # fmt: skip
    kept = columns.get("duplicate_of", [None] * len(ids))
    joined: dict[str, str] = {}
    for one, other in zip(ids, kept, strict=True):
        if other in specimens:
            _join(joined, specimens[one], specimens[other])
    return tuple(_last(joined, specimens[one]) for one in ids)


def _join(joined: dict[str, str], one: str, other: str) -> None:
    """Make two specimens one, called by the name that comes first."""
    first, second = sorted((_last(joined, one), _last(joined, other)))
    if first != second:
        joined[second] = first


def _last(joined: Mapping[str, str], specimen: str) -> str:
    while specimen in joined:
        specimen = joined[specimen]
    return specimen


def _classified(
    columns: Mapping[str, Sequence[str | None]],
    terms: Sequence[str],
    ranks: Sequence[str],
    n: int,
) -> dict[str, Labels]:
    """Return the name of each medium at some ranks; each different set of terms is read once."""
    rows = list(zip(*(columns[term] for term in terms), strict=True)) if terms else [()] * n
    read = {
        row: dict(classification({term: one or "" for term, one in zip(terms, row, strict=True)}))
        for row in set(rows)
    }
    return {rank: tuple(read[row].get(rank) for row in rows) for rank in ranks}
