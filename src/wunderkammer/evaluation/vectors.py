"""The features of an encoder, read from the parts of their stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.stage import Stage

STAGE = "features"

Rows = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """The media that an encoder has features of, sorted by id.

    Attributes
    ----------
    encoder : str
        What the features are called.
    ids : tuple of str
    digests : tuple of str
        SHA-256 of each vector.
    """

    encoder: str
    ids: tuple[str, ...]
    digests: tuple[str, ...]


def encoders_of(collection: Collection) -> dict[str, Stage]:
    """Return the stages that make features, by what their features are called, in order."""
    return {stage.label: stage for stage in collection.configuration.called(STAGE)}


def encoded(collection: Collection, stage: Stage) -> Encoded:
    """Return which media have features; the vectors themselves are not read.

    Raises
    ------
    NotEnoughMediaError
        If none has.
    """
    digest = stage.writes()[0].digest_name
    found: dict[str, str] = {}
    for part in _parts(collection, stage, digest):
        found.update(zip(part["media_id"].to_pylist(), part[digest].to_pylist(), strict=True))
    if not found:
        raise NotEnoughMediaError(
            f"evaluate: no medium has '{stage.group}'.",
            hint=f"Run 'wk run {stage.group}', and look at 'wk failures {stage.group}'.",
        )
    ids = tuple(sorted(found))
    return Encoded(stage.label, ids, tuple(found[one] for one in ids))


def vectors_of(collection: Collection, stage: Stage, ids: Sequence[str]) -> Rows:
    """Return the vectors of media that have some, shape (n_media, n_features); ids are sorted."""
    column = stage.writes()[0]
    wanted = np.asarray(ids)
    result = np.empty((len(wanted), column.length), np.float32)
    for part in _parts(collection, stage, column.name):
        found = np.asarray(part["media_id"].to_pylist(), wanted.dtype)
        places = np.searchsorted(wanted, found)
        hit = places < len(wanted)
        hit[hit] = wanted[places[hit]] == found[hit]
        rows = part.filter(pa.array(hit))[column.name].combine_chunks()
        result[places[hit]] = rows.flatten().to_numpy().reshape(-1, column.length)
    return result


def _parts(collection: Collection, stage: Stage, column: str) -> Iterator[pa.Table]:
    """Yield ids and a column part by part; of rows that were made twice, the newer later."""
    parts = collection.table().parts(stage)
    for path in [*parts.finished(), *sorted(parts.fresh())]:
        table = pq.read_table(path, columns=["media_id", "status", column])
        yield table.filter(pc.equal(table["status"], "done"))
