"""The taxa of media as numbers, rank by rank."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from wunderkammer.vocab.ranks import classification

RANKS = ("family", "genus", "species")
TERMS = (
    "order", "family", "subfamily", "tribe", "genus",
    "scientificName", "genericName", "specificEpithet", "identificationQualifier",
)  # fmt: skip
"""Terms that names at these ranks are read from."""

Indices = npt.NDArray[np.int64]


def taxa(records: pa.Table) -> dict[str, Indices]:
    """Return the taxon of each medium at each rank, as a number; -1 where it has no name.

    Parameters
    ----------
    records : pyarrow.Table
        With the columns of :data:`TERMS`, one row a medium.
    """
    terms = [name for name in TERMS if records[name].null_count < records.num_rows]
    if not terms:
        return {}
    cells = [records[name].cast(pa.string()).combine_chunks().dictionary_encode() for name in terms]
    written = np.column_stack([pc.fill_null(cell.indices, -1).to_numpy() for cell in cells])
    kinds, of = np.unique(written, axis=0, return_inverse=True)
    texts = [[*cell.dictionary.to_pylist(), ""] for cell in cells]  # -1 is the last
    found = [
        dict(classification({n: t[place] for n, t, place in zip(terms, texts, kind, strict=True)}))
        for kind in kinds.tolist()
    ]
    return {rank: _numbered([one.get(rank, "") for one in found])[of.ravel()] for rank in RANKS}


def _numbered(names: list[str]) -> Indices:
    """Return a number for each name, -1 for none."""
    known = {name: number for number, name in enumerate(sorted({*names} - {""}))}
    return np.array([known.get(name, -1) for name in names], np.int64)
