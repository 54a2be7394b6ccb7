"""Features for other programs: an array with its ids, or one table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import Field

from wunderkammer.core.collection import Collection
from wunderkammer.core.column import Column
from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError, StageError, nearest
from wunderkammer.core.files import folder_written_whole
from wunderkammer.core.settings import Settings
from wunderkammer.core.stage import Stage
from wunderkammer.exports._components import Components, principal_components

ARRAY, TEXT, IDS, TABLE = "features.npy", "ids.txt", "ids.parquet", "features.parquet"
COMPONENTS, CARD = "components.npz", "features.json"
_OURS = {ARRAY, TEXT, IDS, TABLE, COMPONENTS, CARD}
_STAGE = "features"
_BLOCK_ROWS = 1 << 13

Vectors = npt.NDArray[np.float32]


class FeaturesForm(Settings):
    """How features are written."""

    form: Literal["npy", "parquet"] = Field(
        "npy",
        description="npy: an array and a file of ids in its order; parquet: one table of both.",
    )
    ids: Literal["txt", "parquet"] = Field(
        "txt", description="File of the ids beside an array: one a line, or a table."
    )
    pca: int = Field(
        0, description="Principal components written in place of the features; 0: none.", ge=0
    )


class ExportedFeatures(NamedTuple):
    """What was written.

    Attributes
    ----------
    n_media, n_columns : int
        Shape of the array.
    explained : float
        Share of the variance that the components explain; 1 without.
    """

    n_media: int
    n_columns: int
    explained: float


def export_features(
    collection: Collection,
    target: Path,
    form: FeaturesForm | None = None,
    *,
    features: str = "",
    where: str = "",
) -> ExportedFeatures:
    """Write the features of media to a folder, whole or not at all.

    Parameters
    ----------
    collection : Collection
        Its stage ``features`` has run.
    target : Path
        A folder, new or of an earlier export, which is replaced.
    form : FeaturesForm, optional
        How they are written.
    features : str
        Which, by the name they are called; empty: the first.
    where : str
        Only media that meet a condition, as after WHERE in a query.

    Raises
    ------
    ConfigurationError
        If there are no such features, or the target holds other files.
    QueryError
        If the condition is no SQL over ``media``.
    NotEnoughMediaError
        If no medium has features, or fewer than the components need.

    Notes
    -----
    Rows are sorted by id. ``features.json`` says how they were made; with ``pca``,
    ``components.npz`` holds ``mean``, ``components`` and ``explained_variance``, from
    which the features can be found again as far as the components go. Memory holds the
    ids and one block of vectors, whatever the number of media.
    """
    form = form or FeaturesForm()
    stage = _called(collection, features)
    column = stage.writes()[0]
    _refuse_other_files(target)
    ids = media_with_features(collection, stage, where)
    with folder_written_whole(target) as folder:
        vectors = _gathered(collection, stage, column, ids, folder / ARRAY)
        components = _components(vectors, form.pca) if form.pca else None
        if components is not None:
            vectors = _reduced(vectors, components, folder / ARRAY)
            _write_components(components, folder / COMPONENTS)
        _write_form(vectors, ids, form, folder)
        explained = (
            float(components.explained_variance.sum() / components.total_variance)
            if components is not None and components.total_variance > 0
            else 1.0
        )
        made = ExportedFeatures(len(ids), int(vectors.shape[1]), explained)
        card = _card(collection, stage, made, form)
        (folder / CARD).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return made


def _called(collection: Collection, name: str) -> Stage:
    """Return the stage that makes the features of a name."""
    there = collection.configuration.called(_STAGE)
    found = [one for one in there if name in {"", one.label, one.group}]
    if not found:
        raise ConfigurationError(
            f"no features are called '{name}'.", hint=nearest(name, [one.label for one in there])
        )
    return found[0]


def media_with_features(collection: Collection, stage: Stage, where: str = "") -> list[str]:
    """Return the media that have features now, sorted."""
    group = stage.group.replace('"', '""')
    condition = f"WHERE ({where})" if where else ""
    # the condition stands alone, so that its columns are those of media only
    found = collection.query(
        f"SELECT media_id FROM (SELECT * FROM media {condition}) "  # noqa: S608  it only reads
        f"WHERE media_id IN (SELECT media_id FROM \"{group}\" WHERE status = 'done') "
        "ORDER BY media_id"
    )
    if not found.num_rows:
        raise NotEnoughMediaError(
            f"no medium has '{stage.group}'" + (" and meets the condition." if where else "."),
            hint=f"Run 'wk run {_STAGE}', or look at 'wk failures'.",
        )
    return [str(one) for one in found["media_id"].to_pylist()]


def _gathered(
    collection: Collection, stage: Stage, column: Column, ids: Sequence[str], path: Path
) -> Vectors:
    """Return the vectors of some ids, in their order, in a file that memory maps."""
    result = np.lib.format.open_memmap(path, "w+", np.float32, (len(ids), column.length))
    wanted = np.asarray(ids)
    for part in vector_blocks(collection, stage, column):
        found = np.asarray(part["media_id"].to_pylist(), dtype=wanted.dtype.kind)
        places = np.searchsorted(wanted, found)
        hit = places < len(wanted)
        hit[hit] = wanted[places[hit]] == found[hit]
        if hit.any():
            rows = part.filter(pa.array(hit))[column.name].combine_chunks()
            if rows.type.list_size != column.length:
                raise StageError(
                    f"'{stage.group}' holds vectors of {rows.type.list_size}, and is set to make "
                    f"vectors of {column.length}.",
                    hint=f"Run 'wk run {_STAGE}'.",
                )
            result[places[hit]] = rows.flatten().to_numpy().reshape(-1, column.length)
    result.flush()
    return result


def vector_blocks(collection: Collection, stage: Stage, column: Column) -> Iterator[pa.Table]:
    """Yield ids and vectors a block at a time; of rows that were made twice, the newer later."""
    parts = collection.table().parts(stage)
    for path in [*parts.finished(), *sorted(parts.fresh())]:
        names = ["media_id", "status", column.name]
        for batch in pq.ParquetFile(path).iter_batches(_BLOCK_ROWS, columns=names):
            table = pa.Table.from_batches([batch])
            yield table.filter(pc.equal(table["status"], "done"))


def _components(vectors: Vectors, n_components: int) -> Components:
    """Return the components, or say why there are not so many."""
    n, n_features = vectors.shape
    most = min(n - 1, n_features)
    if n_components > most:
        raise NotEnoughMediaError(
            f"{n_components} principal components need at least {n_components + 1} media and as "
            f"many features, and {n:,} media have {n_features:,} each.",
            hint=f"Lower --pca to {most} or less." if most else "Represent more media.",
        )
    return principal_components(vectors, n_components)


def _reduced(vectors: Vectors, components: Components, path: Path) -> Vectors:
    """Write the scores in place of the vectors, block by block."""
    other = path.with_name(f"scores-{path.name}")
    shape = (len(vectors), len(components.directions))
    result = np.lib.format.open_memmap(other, "w+", np.float32, shape)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        rows = slice(start, start + _BLOCK_ROWS)
        result[rows] = components.scores(vectors[rows])
    result.flush()
    other.replace(path)
    return result


def _write_components(components: Components, path: Path) -> None:
    variance = components.explained_variance
    total = components.total_variance
    np.savez(
        path,
        mean=components.mean,
        components=components.directions,
        explained_variance=variance,
        explained_variance_ratio=variance / total if total > 0 else np.zeros_like(variance),
    )


def _write_form(vectors: Vectors, ids: Sequence[str], form: FeaturesForm, folder: Path) -> None:
    """Write the ids beside the array, or both as one table in its place."""
    if form.form == "parquet":
        _write_table(vectors, ids, folder / TABLE)
        (folder / ARRAY).unlink()
    elif form.ids == "txt":
        (folder / TEXT).write_text("".join(f"{one}\n" for one in ids), "utf-8")
    else:
        pq.write_table(pa.table({"media_id": list(ids)}), folder / IDS)


def _write_table(vectors: Vectors, ids: Sequence[str], path: Path) -> None:
    width = vectors.shape[1]
    values = pa.list_(pa.float32(), width)
    schema = pa.schema([pa.field("media_id", pa.string()), pa.field("features", values)])
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, len(ids), _BLOCK_ROWS):
            rows = slice(start, start + _BLOCK_ROWS)
            flat = pa.array(np.ascontiguousarray(vectors[rows]).ravel())
            lists = pa.FixedSizeListArray.from_arrays(flat, width)
            writer.write_table(pa.table([pa.array(ids[rows]), lists], schema=schema))


def _card(
    collection: Collection, stage: Stage, made: ExportedFeatures, form: FeaturesForm
) -> dict[str, Any]:
    """Return what the features are and how they were made."""
    return {
        "collection": collection.configuration.about.title,
        "features": stage.label,
        "n_media": made.n_media,
        "n_columns": made.n_columns,
        "principal_components": form.pca,
        "explained_variance_ratio": made.explained,
        "stage": {"version": stage.version, "settings": stage.settings()},
        "files": dict(stage.file_digests()),
    }


def _refuse_other_files(folder: Path) -> None:
    """Refuse a path that is anything but a folder of an earlier export."""
    if folder.is_file():
        raise ConfigurationError(f"{folder} is a file.", hint="Name a new folder.")
    others = sorted(one.name for one in folder.iterdir()) if folder.exists() else []
    others = [name for name in others if name not in _OURS]
    if others:
        raise ConfigurationError(
            f"{folder} holds other files, such as {others[0]}.",
            hint="Name a new folder, or one of an earlier export.",
        )
