"""Masks that people drew, in the collection or in a folder beside it, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import StageError
from wunderkammer.core.table import literal
from wunderkammer.reports._media import PHOTOGRAPH, LeftOut, column, name_sql

_SUFFIX = ".png"


class Truth(NamedTuple):
    """A photograph with a mask that a person drew, and what the machine made of it.

    Attributes
    ----------
    media_id, name, specimen_id : str
        The photograph.
    path : Path
        The person's mask.
    mask, thumbnail, cutout : str or None
        Cells: the machine's probabilities, the photograph, the first cut-out.
    confidence : float or None
        The machine's; None where a person decided.
    width, height : int or None
        Of the photograph.
    """

    media_id: str
    name: str
    specimen_id: str
    path: Path
    mask: str | None
    thumbnail: str | None
    cutout: str | None
    confidence: float | None
    width: int | None
    height: int | None


def drawn_in(collection: Collection, known: set[str]) -> Iterator[Truth | LeftOut]:
    """Yield the photographs with an annotation ``mask``."""
    sql = (
        f"SELECT p.*, a.value AS path FROM ({photographs_sql(known)}) p "  # noqa: S608 - made below
        "JOIN annotated a ON a.media_id = p.media_id AND a.term = 'mask' ORDER BY p.media_id"
    )
    root = collection.root
    for row in collection.query(sql).to_pylist():
        path = (root / row.pop("path")).resolve()
        if root in path.parents:
            yield Truth(**row, path=path)
        else:
            yield LeftOut(row["media_id"], row["name"], "its mask lies outside of the collection")


def drawn_beside(
    collection: Collection, known: set[str], folder: Path
) -> Iterator[Truth | LeftOut]:
    """Yield the photographs that a PNG in a folder is named by.

    Raises
    ------
    StageError
        If no file is named by a medium or its original file.
    """
    files = {path.stem: path for path in sorted(folder.glob(f"*{_SUFFIX}"))}
    listed = ", ".join(literal(stem) for stem in files) or "NULL"
    file = column("original_file", known)
    stem = f"regexp_extract({file}, '([^/]*?)(\\.[^./]*)?$', 1)"
    sql = (
        f"SELECT p.*, f.file AS file FROM ({photographs_sql(known)}) p JOIN "  # noqa: S608 - names are escaped
        f"(SELECT DISTINCT {PHOTOGRAPH} AS media_id, {file} AS file FROM media "
        f"WHERE {PHOTOGRAPH} IN ({listed}) OR {stem} IN ({listed})) f USING (media_id) "
        "ORDER BY p.media_id"
    )
    taken: dict[str, list[Mapping[str, Any]]] = {}
    for row in collection.query(sql).to_pylist():
        stem_of = row["media_id"] if row["media_id"] in files else PurePosixPath(row["file"]).stem
        taken.setdefault(stem_of, []).append(row)
    if not taken:
        raise StageError(
            f"none of the {len(files):,} PNG files in {folder} is named by a medium.",
            hint="Name each <media_id>.png, or as the original file with .png.",
        )
    for stem_of, path in files.items():
        rows = taken.get(stem_of, [])
        if len(rows) == 1:
            cells = {name: value for name, value in rows[0].items() if name != "file"}
            yield Truth(**cells, path=path)
        else:
            why = "several media are named so" if rows else "no medium is named so"
            yield LeftOut("", path.name, why)


def photographs_sql(known: set[str]) -> str:
    """Return SQL for one row a photograph: what the machine made of it."""
    confidence = "CASE WHEN cutout_by IS DISTINCT FROM 'person' THEN cutout_confidence END"
    return (
        f"SELECT {PHOTOGRAPH} AS media_id, any_value({name_sql(known)}) AS name, "  # noqa: S608 - names are quoted
        f"coalesce(any_value({column('specimen_id', known)}), '') AS specimen_id, "
        f"any_value(mask) AS mask, any_value({column('thumbnail', known)}) AS thumbnail, "
        f"min_by(cutout, media_id) AS cutout, avg({confidence}) AS confidence, "
        f"any_value({column('width', known, 'BIGINT')}) AS width, "
        f"any_value({column('height', known, 'BIGINT')}) AS height FROM media GROUP BY 1"
    )
