"""Ingest: read the source's records, one a medium."""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from wunderkammer.core.configuration import FILE, MADE
from wunderkammer.core.errors import SourceError
from wunderkammer.core.files import TEMPORARY
from wunderkammer.core.registry import chosen_from
from wunderkammer.core.settings import CONTEXT, LATER
from wunderkammer.core.stage import RecordStage, Rejection
from wunderkammer.sources import Source, registry
from wunderkammer.sources._images import is_image_name
from wunderkammer.sources._unread import unread
from wunderkammer.vocab import audiovisual_core, darwin_core
from wunderkammer.vocab.dates import parse_date

if TYPE_CHECKING:
    import pyarrow as pa

_DAY = r"^(1\d\d\d|2[01]\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
"""Days as most are written; their year is what stands there."""

_TABLES = (".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm", ".parquet")


class IngestStage(RecordStage):
    """Read the source's records, one a medium, and explain each row that is none."""

    name: Literal["ingest"] = "ingest"
    version: Literal["1"] = "1"
    source: Annotated[Source, chosen_from(registry)] = Field(
        description="Where records come from: a source's name and its settings."
    )
    terms: dict[str, str] = Field(
        default_factory=dict,
        description="Terms of Darwin Core or Audiovisual Core that hold for every record which "
        "says nothing else, such as license and rightsHolder.",
        json_schema_extra={LATER: True},
    )

    @field_validator("terms")
    @classmethod
    def _are_terms(cls, terms: dict[str, str]) -> dict[str, str]:
        known = {*darwin_core.TERMS, *audiovisual_core.TERMS}
        for name in terms:
            if name not in known:
                close = difflib.get_close_matches(name, sorted(known), n=1)
                said = f"'{name}' is no term of Darwin Core or Audiovisual Core"
                said += f"; the nearest is '{close[0]}'" if close else ""
                raise PydanticCustomError("term", "{reason}", {"reason": said})
        return {name: text.strip() for name, text in terms.items() if text.strip()}

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
    ) -> Iterator[pa.Table | Sequence[Rejection]]:
        """Yield records as tables, and rejections."""
        source = located(self.source, root)
        images = source.images_root()
        scratch = root / "cache" / f"{TEMPORARY}source"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        try:
            for batch in source.batches(scratch):
                if isinstance(batch, list):
                    yield [Rejection(one.where, one.error) for one in batch]
                else:
                    table = _with_originals(batch, root, images, digest)
                    yield _with_years(_completed(table, self.terms))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


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
    """Yield the images of a folder; what a collection made is no source."""
    for parent, folders, names in os.walk(folder):
        if FILE in names:
            folders[:] = [name for name in folders if name not in MADE]
        for name in names:
            if is_image_name(name):
                path = Path(parent, name)
                yield path.relative_to(folder).as_posix(), path


def _with_originals(
    table: pa.Table, root: Path, images: Path | None, digest: Mapping[Path, str]
) -> pa.Table:
    """Return records with where their local images lie and what their bytes are."""
    import pyarrow as pa

    if images is None or "original_file" not in table.column_names:
        return table
    files = table["original_file"].to_pylist()
    paths = [images / file if file else None for file in files]
    found = {
        "original_path": [path and _below_or_absolute(path, root) for path in paths],
        "original_sha256": [path and digest.get(path, "") for path in paths],
    }
    return _with_columns(table, {n: pa.array(texts, pa.string()) for n, texts in found.items()})


def _completed(table: pa.Table, terms: Mapping[str, str]) -> pa.Table:
    """Return records with what holds for all of them, where they say nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for name, text in terms.items():
        if name not in table.column_names:
            table = table.append_column(name, pa.repeat(pa.scalar(text, pa.string()), len(table)))
        else:
            place = table.column_names.index(name)
            table = table.set_column(place, name, pc.fill_null(table[name], text))
    return table


def _with_years(table: pa.Table) -> pa.Table:
    """Return records with the first and last year of their dates."""
    import pyarrow as pa
    import pyarrow.compute as pc

    dates = [table[name] for name in ("eventDate", "date") if name in table.column_names]
    if not dates:
        return table
    written = pc.coalesce(*dates)
    is_day = pc.match_substring_regex(written, _DAY).fill_null(False)
    others = pc.if_else(is_day, None, written).dictionary_encode()
    year = pc.if_else(is_day, pc.utf8_slice_codeunits(written, 0, 4), None)
    columns = {}
    for name, end in (("year_from", 0), ("year_to", 1)):
        chunks = []
        for codes in others.chunks:
            years = [_years(text) for text in codes.dictionary.to_pylist()]
            texts = pa.array([pair and pair[end] for pair in years], pa.string())
            chunks.append(texts.take(codes.indices))
        columns[name] = pc.coalesce(year, pa.chunked_array(chunks, pa.string()))
    return _with_columns(table, columns)


def _with_columns(table: pa.Table, columns: Mapping[str, pa.Array]) -> pa.Table:
    """Return a table with columns that go before its own of the same name, where filled."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kept = {name: table[name] for name in table.column_names}
    for name, values in columns.items():
        kept[name] = pc.coalesce(values, kept[name]) if name in kept else values
    return pa.table(kept)


@lru_cache(maxsize=65_536)
def _years(text: str) -> tuple[str, str] | None:
    date = parse_date(text)
    return None if date is None else (str(date.start.year), str(date.end.year))


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
        A folder of images, a table, a Darwin Core archive, or an export that a
        source knows.
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
    citation = registry.get(name).model_validate({"path": origin.resolve()}).citation()
    return chosen | ({"collection.citation": citation} if citation else {})


def _guess(origin: Path) -> str:
    """Return which source reads a folder or file of this kind."""
    for source in registry:
        if source.recognises(origin):
            return str(source.model_fields["name"].default)
    if origin.is_dir():
        return "dwca" if (origin / "meta.xml").exists() else "folder"
    name = origin.name.lower()
    if name.endswith((".zip", ".tgz", ".tar.gz", ".tar")):
        return "dwca"
    if name.endswith(_TABLES):
        return "table"
    raise _unknown(origin)


def _unknown(origin: Path) -> SourceError:
    """Return why nothing can begin from a file, and from what it can."""
    other = unread(origin.name)
    if other is not None:
        return SourceError(f"{origin} is {other.what}: not read.", hint=other.hint)
    if is_image_name(origin.name):
        return SourceError(
            f"{origin} is one image; a collection begins from many.",
            hint=f"Name the folder it lies in: --from {origin.parent}",
        )
    return SourceError(
        f"nothing tells what {origin} is: a folder of images, a table ({', '.join(_TABLES)}) or an "
        "archive (.zip, .tgz) is known by its name.",
        hint=f"If it is an export, name its source with --source: {', '.join(registry.names())}.",
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
