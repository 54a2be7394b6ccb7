"""Ingest: read the source's records, one a medium."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from wunderkammer.core.errors import SourceError
from wunderkammer.core.registry import chosen_from
from wunderkammer.core.settings import CONTEXT
from wunderkammer.core.stage import RecordStage, Rejection
from wunderkammer.sources import Record, Rejected, Source, registry
from wunderkammer.vocab.dates import parse_date

IMAGE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".gif", ".bmp", ".jp2", ".avif", ".heic"}
)

_ROWS = 8_192


class IngestStage(RecordStage):
    """Read the source's records, one a medium, and explain each row that is none."""

    name: Literal["ingest"] = "ingest"
    version: Literal["1"] = "1"
    source: Annotated[Source, chosen_from(registry)] = Field(
        description="Where records come from: a source's name and its settings."
    )

    def input_files(self, root: Path) -> Mapping[str, Path]:
        """Return the source's files and the images beside it."""
        source = located(self.source, root)
        files = {f"source/{path.name}": path for path in source.inputs()}
        images = source.images_root()
        if images is not None and images.is_dir():
            files |= {f"images/{name}": path for name, path in _images_below(images)}
        return files

    def records(
        self, root: Path, digest: Mapping[Path, str]
    ) -> Iterator[Sequence[Mapping[str, str]] | Sequence[Rejection]]:
        """Yield records and rejections in batches."""
        source = located(self.source, root)
        images = source.images_root()
        rows = source.records()
        while batch := list(islice(rows, _ROWS)):
            yield [_row(one, root, images, digest) for one in batch if isinstance(one, Record)]
            yield [Rejection(one.where, one.error) for one in batch if isinstance(one, Rejected)]


def located(source: Source, root: Path) -> Source:
    """Return a source whose paths are absolute; relative ones start at the collection."""
    paths = {}
    for name, field in type(source).model_fields.items():
        value = getattr(source, name)
        extra = field.json_schema_extra
        if isinstance(extra, dict) and extra.get(CONTEXT) and isinstance(value, Path):
            paths[name] = Path(os.path.normpath(root / value.expanduser()))
    return source.model_copy(update=paths)


def _images_below(folder: Path) -> Iterator[tuple[str, Path]]:
    for parent, _, names in os.walk(folder):
        for name in names:
            if Path(name).suffix.lower() in IMAGE_SUFFIXES:
                path = Path(parent, name)
                yield path.relative_to(folder).as_posix(), path


def _row(
    record: Record, root: Path, images: Path | None, digest: Mapping[Path, str]
) -> Mapping[str, str]:
    """Return a record as text cells, with where its image lies and what its bytes are."""
    row = dict(record.terms)
    row["media_id"] = record.media_id
    row["specimen_id"] = record.specimen_id
    if record.access_uri:
        row["accessURI"] = record.access_uri
    if record.original_file and images is not None:
        path = images / record.original_file
        row["original_file"] = record.original_file
        row["original_path"] = _below_or_absolute(path, root)
        row["original_sha256"] = digest.get(path, "")
    date = parse_date(record.terms.get("eventDate", "") or record.terms.get("date", ""))
    if date is not None:
        row["year_from"], row["year_to"] = str(date.start.year), str(date.end.year)
    return row


def _below_or_absolute(path: Path, root: Path) -> str:
    """Return a path that survives a move of the collection where it can."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return str(path)


def source_settings(
    origin: Path, images: Path | None, source: str | None, *, base: Path
) -> dict[str, str]:
    """Return the settings of the source that reads ``origin``, by dotted name.

    Parameters
    ----------
    origin : Path
        A folder of images, a table or a Darwin Core archive.
    images : Path, optional
        Folder of the images that a table or an archive speaks of.
    source : str, optional
        The source's name; guessed from ``origin`` if left out.
    base : Path
        Folder of the collection, which relative paths in its file start from.

    Raises
    ------
    SourceError
        If ``origin`` is not there, or nothing tells what it is.
    """
    for path in (origin, images):
        if path is not None and not path.exists():
            raise SourceError(f"{path} is not there.", hint="Look at the path and its spelling.")
    name = source or _guess(origin)
    prefix = "ingest.source."
    chosen = {f"{prefix}name": name, f"{prefix}path": _relative(origin, base)}
    if images is not None:
        chosen[f"{prefix}images"] = _relative(images, base)
        chosen |= _image_list(name, origin, images, prefix, base)
    return chosen


def _guess(origin: Path) -> str:
    """Return which source reads a folder or file of this kind."""
    if origin.is_dir():
        return "dwca" if (origin / "meta.xml").exists() else "folder"
    name = origin.name.lower()
    if name.endswith((".zip", ".tgz", ".tar.gz", ".tar")):
        return "dwca"
    if name.endswith((".csv", ".tsv", ".txt", ".xlsx", ".parquet")):
        return "table"
    raise SourceError(
        f"nothing tells what {origin} is.",
        hint=f"Name its source with --source: {', '.join(registry.names())}.",
    )


def _image_list(name: str, origin: Path, images: Path, prefix: str, base: Path) -> dict[str, str]:
    """Return the table beside the images that says which file belongs to which record."""
    if name != "dwca":
        return {}
    from wunderkammer.sources.dwca import DwcaSource, find_image_list

    source = DwcaSource(path=origin.resolve(), images=images.resolve())
    found = find_image_list(images, source.identifiers())
    return {f"{prefix}image_list": _relative(found, base)} if found else {}


def _relative(path: Path, base: Path) -> str:
    """Return a path from the collection's folder if it lies in it or beside it, else absolute."""
    path, home = path.resolve(), base.resolve().parent
    if path.is_relative_to(home) and home != Path(home.anchor):
        return Path(os.path.relpath(path, base.resolve())).as_posix()
    return path.as_posix()
