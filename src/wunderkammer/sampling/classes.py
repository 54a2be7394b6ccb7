"""Columns of few values as codes, and the species and genus of each medium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.sampling.ranking import Codes, Mask
from wunderkammer.vocab.ranks import RANKS, classification

NAME_TERMS = (
    *RANKS[: RANKS.index("species")],
    "scientificName",
    "genericName",
    "specificEpithet",
    "species",
    "identificationQualifier",
)
"""Terms that say which species a medium shows, and which taxa it belongs to."""

_BATCH = 65_536
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Classes:
    """A text column as codes.

    Attributes
    ----------
    codes : ndarray of int64, shape (n_rows,)
        Place of each row's value in ``names``; -1 where there is none.
    names : pyarrow.Array of string
        The values, each once.
    """

    codes: Codes
    names: pa.Array

    @property
    def known(self) -> Mask:
        """Which rows have a value."""
        return self.codes >= 0

    def at(self, rows: Codes) -> Classes:
        """Return the classes of some rows."""
        return Classes(self.codes[rows], self.names)

    def with_empty(self) -> Classes:
        """Return them with one more class, called ``""``, for rows without a value."""
        codes = np.where(self.known, self.codes, len(self.names))
        return Classes(codes, pa.concat_arrays([self.names, pa.array([""])]))


def classes_of(column: pa.ChunkedArray) -> Classes:
    """Return a column's values as codes; blank text is no value.

    Examples
    --------
    >>> classes_of(pa.chunked_array([["NY", " ", "K", "NY"]])).codes.tolist()
    [0, -1, 1, 0]
    """
    encoded = column.cast(pa.string()).dictionary_encode()  # one dictionary for all chunks
    if not encoded.num_chunks:
        return Classes(np.zeros(0, dtype=np.int64), pa.array([], pa.string()))
    found = [pc.fill_null(chunk.indices, -1).to_numpy() for chunk in encoded.chunks]
    codes = np.concatenate(found).astype(np.int64)
    names = encoded.chunk(encoded.num_chunks - 1).dictionary
    trimmed = pc.utf8_trim_whitespace(names)
    if trimmed.equals(names) and not pc.any(pc.equal(names, "")).as_py():
        return Classes(codes, names)
    trimmed = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    again = trimmed.dictionary_encode()
    table = np.append(pc.fill_null(again.indices, -1).to_numpy(), -1)
    return Classes(table[codes].astype(np.int64), again.dictionary)


@dataclass(frozen=True, slots=True)
class Taxa:
    """What the media show.

    Attributes
    ----------
    species, genus : Classes
        As read from the record's name, spelt alike whatever the record's capitals.
    of : Classes
        Every different set of names as codes; its names are of no use.
    called : sequence of frozenset of str
        For each code of ``of``, all names it answers to, in lower case.
    """

    species: Classes
    genus: Classes
    of: Classes
    called: Sequence[frozenset[str]]

    def within(self, names: Sequence[str]) -> Mask:
        """Return which media belong to any of some taxa, whatever the rank."""
        wanted = {_lower(name) for name in names}
        hit = np.array([not wanted.isdisjoint(one) for one in self.called], dtype=np.bool_)
        return hit[self.of.codes] if len(hit) else np.zeros(len(self.of.codes), dtype=np.bool_)


def taxa_of(media: pa.Table) -> Taxa:
    """Read species and genus of each medium; each different set of terms is read once.

    Parameters
    ----------
    media : pyarrow.Table
        With any of :data:`NAME_TERMS`.

    Notes
    -----
    The rules are those of :func:`wunderkammer.vocab.ranks.classification`:
    ``genus`` and ``specificEpithet``, else what ``scientificName`` (or else
    ``species``) begins with. A name in doubt (``sp.``, ``cf.``) is no species.
    """
    terms = [name for name in NAME_TERMS if _has_values(media, name)]
    places: dict[str, int] = {}
    found = []
    for batch in media.select(["media_id", *terms]).to_batches(max_chunksize=_BATCH):
        joined = _joined(batch.columns[1:], batch.num_rows).dictionary_encode()
        here = [places.setdefault(text, len(places)) for text in joined.dictionary.to_pylist()]
        found.append(np.array(here, dtype=np.int64)[joined.indices.to_numpy()])
    codes = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
    read = [_ranks(dict(zip(terms, text.split(_SEPARATOR), strict=False))) for text in places]
    return Taxa(
        _named(codes, [one.get("species", "") for one in read]),
        _named(codes, [one.get("genus", "") for one in read]),
        Classes(codes, pa.array(list(places), pa.string())),
        [frozenset(map(_lower, one.values())) for one in read],
    )


def _has_values(media: pa.Table, name: str) -> bool:
    return name in media.column_names and not pa.types.is_null(media.schema.field(name).type)


def _joined(columns: Sequence[pa.Array], n_rows: int) -> pa.Array:
    """Return the cells of each row as one text."""
    if not columns:
        return pa.array([""] * n_rows)
    cells = (pc.fill_null(column.cast(pa.string()), "") for column in columns)
    plain = [pc.replace_substring(cell, _SEPARATOR, " ") for cell in cells]
    return pc.binary_join_element_wise(*plain, _SEPARATOR)


def _ranks(terms: Mapping[str, str]) -> dict[str, str]:
    """Return the taxa of a record by rank, and its name as the source wrote it."""
    written = terms.get("scientificName", "").strip() or terms.get("species", "")
    found = dict(classification({**terms, "scientificName": written}))
    for rank in ("genus", "species"):
        if rank in found:
            found[rank] = " ".join(found[rank].split()).capitalize()
    return {**found, "written": written} if written else found


def _named(codes: Codes, names: Sequence[str]) -> Classes:
    """Return the classes of media from the name of each of their codes."""
    places: dict[str, int] = {}
    of = [places.setdefault(name, len(places)) if name else -1 for name in names]
    table = np.array(of, dtype=np.int64)
    return Classes(table[codes] if len(table) else codes, pa.array(list(places), pa.string()))


def _lower(name: str) -> str:
    return " ".join(name.split()).casefold()
