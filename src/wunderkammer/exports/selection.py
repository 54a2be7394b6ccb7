"""Which media leave the collection, whose they are, and why the others stay behind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.table import literal, quoted
from wunderkammer.exports.credits import TERMS, Rights, rights_of, what_is_missing

_ROWS_AT_ONCE = 1 << 15
HERE = frozenset({"original_path", "original_sha256", "content_path"})
"""Columns that say where files lie on this machine: they leave only where they are asked for."""

_QUERY = re.compile(r"\s*(SELECT|WITH|FROM)\b", re.IGNORECASE)


class Selection(NamedTuple):
    """What is asked for.

    Attributes
    ----------
    where : str
        SQL: a condition on the columns of ``media``, as after WHERE, or a whole query
        whose answer has a column ``media_id``; empty: all.
    licence, rights_holder : str
        Stand where a record states none.
    """

    where: str = ""
    licence: str = ""
    rights_holder: str = ""


class Medium(NamedTuple):
    """One medium that leaves.

    Attributes
    ----------
    media_id, specimen : str
        ``specimen`` is the same for all media of one specimen.
    rights : Rights
    row : mapping
        Every column of ``media`` that is not empty.
    """

    media_id: str
    specimen: str
    rights: Rights
    row: Mapping[str, Any]

    def text(self, column: str) -> str:
        """Return a cell as text; empty where it is."""
        return str(self.row.get(column, "") or "")


class Chosen:
    """The media of a selection in the order of their specimens; can be gone through again.

    Parameters
    ----------
    collection : Collection
    selection : Selection, optional

    Attributes
    ----------
    left_out : list of tuple of str
        Id and reason of each medium that stays behind: no licence or no holder.

    Raises
    ------
    QueryError
        If the condition is no SQL over the collection.
    NotEnoughMediaError
        If nothing is left; says why.

    Notes
    -----
    Ids are held in memory, rows some ten thousand at a time; media of one specimen
    are never parted.
    """

    def __init__(self, collection: Collection, selection: Selection | None = None) -> None:
        self.collection = collection
        self._selection = selection or Selection()
        described = collection.query("SELECT column_name FROM (DESCRIBE media)")
        self.columns: Sequence[str] = described["column_name"].to_pylist()
        known = set(self.columns)
        ids = [one for one in ("specimen_id", "derivedFromMediaID") if one in known]
        self._specimen = f"coalesce({', '.join([*map(quoted, ids), 'media_id'])})"
        self._media = f"(SELECT * FROM media{condition(self._selection.where)})"  # noqa: S608 - a person's condition, in a connection that only reads
        self._rights = lru_cache(1 << 14)(self._rights_of)
        self.left_out: list[tuple[str, str]] = []
        self._ids: list[str] = []
        self._specimens: list[str] = []
        self._judge([one for one in TERMS if one in known])
        if not self._ids:
            raise self._nothing()

    def __len__(self) -> int:
        """Return how many media leave."""
        return len(self._ids)

    @property
    def ids(self) -> Sequence[str]:
        """Their ids, in the order in which they come."""
        return self._ids

    def why_left_out(self) -> Counter[str]:
        """Return how many stay behind, by reason."""
        return Counter(why for _, why in self.left_out)

    @property
    def terms(self) -> list[str]:
        """What sources say of media: columns that no stage writes and that tell something."""
        table = self.collection.table()
        names = [one for one in table.record_columns if one not in {"media_id", *HERE}]
        counts = ", ".join(f"count({quoted(one)})" for one in names) or "0"
        told = self.collection.query(f"SELECT {counts} FROM records").to_pylist()[0].values()  # noqa: S608 - names are quoted
        return [name for name, n in zip(names, told, strict=False) if n and not table.writer(name)]

    def __iter__(self) -> Iterator[Medium]:
        """Yield each medium with its rights, specimen by specimen."""
        return self.media()

    def media(self, *, verbatim: bool = False) -> Iterator[Medium]:
        """Yield each medium; with ``verbatim``, ``record`` in its row is the source's own word."""
        for rows in self.blocks(verbatim=verbatim):
            for batch in rows.to_batches(max_chunksize=1 << 10):
                for cells in batch.to_pylist():
                    specimen = cells.pop("specimen")
                    row = {name: value for name, value in cells.items() if value is not None}
                    yield Medium(row["media_id"], specimen, self.rights(row), row)

    def specimens(self, *, verbatim: bool = False) -> Iterator[list[Medium]]:
        """Yield the media of each specimen together."""
        for _, media in groupby(self.media(verbatim=verbatim), key=lambda one: one.specimen):
            yield list(media)

    def blocks(self, columns: Sequence[str] = (), *, verbatim: bool = False) -> Iterator[pa.Table]:
        """Yield rows with some columns, or all, and ``specimen``; some thousand at a time."""
        names = (
            ", ".join(f"m.{quoted(one)}" for one in columns) if columns else "m.* EXCLUDE specimen"
        )
        record, joined = "", ""
        if verbatim:
            record = ", r AS record"
            joined = " JOIN records r ON r.media_id = coalesce(m.derivedFromMediaID, m.media_id)"
        for first, end in self._spans():
            low, high = literal(self._specimens[first]), literal(self._specimens[end - 1])
            inner = f"(SELECT *, {self._specimen} AS specimen FROM {self._media})"  # noqa: S608 - as above
            found = self.collection.query(
                f"SELECT {names}, m.specimen{record} FROM {inner} m{joined} "  # noqa: S608 - as above
                f"WHERE m.specimen BETWEEN {low} AND {high} ORDER BY m.specimen, m.media_id"
            )
            wanted = pa.array(self._ids[first:end])
            yield found.filter(pc.is_in(found["media_id"], wanted))

    def rights(self, row: Mapping[str, Any]) -> Rights:
        """Return whose a medium is."""
        return self._rights(tuple(row.get(term) for term in TERMS))

    def _spans(self) -> Iterator[tuple[int, int]]:
        """Yield where blocks begin and end; one specimen is in one block."""
        first = 0
        while first < len(self._ids):
            end = min(first + _ROWS_AT_ONCE, len(self._ids))
            while end < len(self._ids) and self._specimens[end] == self._specimens[end - 1]:
                end += 1
            yield first, end
            first = end

    def _judge(self, terms: Sequence[str]) -> None:
        """Find who leaves and who stays behind."""
        listing = ", ".join(["media_id", f"{self._specimen} AS specimen", *map(quoted, terms)])
        found = self.collection.query(
            f"SELECT {listing} FROM {self._media} ORDER BY specimen, media_id"  # noqa: S608 - as above
        )
        for batch in found.to_batches(max_chunksize=_ROWS_AT_ONCE):
            for row in batch.to_pylist():
                why = what_is_missing(self.rights(row))
                if why:
                    self.left_out.append((row["media_id"], why))
                else:
                    self._ids.append(row["media_id"])
                    self._specimens.append(row["specimen"])

    def _rights_of(self, values: tuple[Any, ...]) -> Rights:
        record = dict(zip(TERMS, values, strict=True))
        return rights_of(record, self._selection.licence, self._selection.rights_holder)

    def _nothing(self) -> NotEnoughMediaError:
        if not self.left_out:
            return NotEnoughMediaError("no medium meets the condition.", hint="Try 'wk query'.")
        reasons = "; ".join(f"of {n:,} {why}" for why, n in self.why_left_out().most_common())
        return NotEnoughMediaError(
            f"no medium can be exported: {reasons}.",
            hint="State it with 'wk annotate', or for all of them: --licence and --rights-holder.",
        )


def condition(where: str) -> str:
    r"""Return SQL that narrows ``media`` to a selection.

    Examples
    --------
    >>> condition("genus = 'Idea'")
    " WHERE (\ngenus = 'Idea'\n)"
    >>> condition("SELECT media_id FROM failures")
    ' WHERE media_id IN (SELECT asked.media_id FROM (\nSELECT media_id FROM failures\n) asked)'
    """
    text = where.strip().rstrip(";")
    if not text:
        return ""
    if _QUERY.match(text):
        return f" WHERE media_id IN (SELECT asked.media_id FROM (\n{text}\n) asked)"  # noqa: S608 - as above
    return f" WHERE (\n{text}\n)"


def licences_of(rights: Iterable[Rights]) -> Mapping[tuple[str, str], int]:
    """Return the licences by name and address with how many media have each, most first."""
    return dict(Counter((one.name, one.url) for one in rights).most_common())
