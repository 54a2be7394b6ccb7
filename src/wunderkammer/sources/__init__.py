"""Sources of records: each reads one kind of export and yields one record a medium."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from wunderkammer.core.errors import RecordError
from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa


_ROWS = 8_192


@dataclass(frozen=True, slots=True)
class Record:
    """One medium as a source gives it.

    Attributes
    ----------
    media_id, specimen_id : str
        Stable ids (``core.identity.stable_id``) made from the source's own
        identifiers; media of one specimen share ``specimen_id``.
    terms : mapping of str to str
        Darwin Core, Audiovisual Core and the source's own columns, verbatim, as
        text; an empty cell is left out.
    original_file : str
        Path of a local image relative to the source's images folder, POSIX
        style; empty if there is none.
    access_uri : str
        Address of the original; empty if there is none.
    """

    media_id: str
    specimen_id: str
    terms: Mapping[str, str] = field(default_factory=dict)
    original_file: str = ""
    access_uri: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot become a record, and why.

    Attributes
    ----------
    where : str
        Where the row stands, such as ``"occurrence.txt, row 17"``.
    error : RecordError
        What is wrong with it and what to do.
    """

    where: str
    error: RecordError


class Source(Settings):
    """Base of all sources: where it lies (context), how to read it (settings).

    A subclass sets ``name`` to a ``Literal`` and registers itself. Paths are
    declared with ``json_schema_extra={"context": True}``; they are given
    absolute to the methods below by ``ingest``.
    """

    name: str
    version: str

    @classmethod
    def recognises(cls, path: Path) -> bool:  # noqa: ARG003 - for those who write one
        """Return whether a path is surely an export of this kind.

        Looks at names of files and headers of tables alone, so that it is quick;
        False if it cannot tell.
        """
        return False

    def citation(self) -> str:
        """Return how the export as a whole is to be cited, as one line; empty if unknown."""
        return ""

    def inputs(self) -> list[Path]:
        """Return the files whose content decides what :meth:`records` yields."""
        raise NotImplementedError

    def images_root(self) -> Path | None:
        """Return the folder that ``Record.original_file`` is relative to."""
        raise NotImplementedError

    def records(self) -> Iterator[Record | Rejected]:
        """Yield a record for each usable row, a ``Rejected`` for each other one.

        Raises
        ------
        SourceError
            If the source as a whole cannot be read.
        """
        raise NotImplementedError

    def batches(self, scratch: Path) -> Iterator[pa.Table | list[Rejected]]:
        """Yield the records as tables and the rejected rows as lists, some thousands at a time.

        Parameters
        ----------
        scratch : Path
            An empty folder for what does not fit into memory; the caller removes it.

        Yields
        ------
        pyarrow.Table or list of Rejected
            Tables have text columns only: ``media_id``, ``specimen_id``,
            ``original_file`` (where there is a local image) and the terms, among
            them ``accessURI``; a cell without value is null. Tables may have
            different columns.

        Raises
        ------
        SourceError
            If the source as a whole cannot be read.

        Notes
        -----
        Groups what :meth:`records` yields; a source of millions of rows derives
        from :class:`BulkSource` and makes tables itself.
        """
        return batches_of(self.records())


class BulkSource(Source):
    """Base of sources that hold millions of rows: they write :meth:`batches` alone."""

    def batches(self, scratch: Path) -> Iterator[pa.Table | list[Rejected]]:
        """Yield records as tables and rejected rows as lists; see :meth:`Source.batches`."""
        raise NotImplementedError

    def records(self) -> Iterator[Record | Rejected]:
        """Yield what :meth:`batches` yields, one by one."""
        with TemporaryDirectory() as scratch:
            yield from records_of(self.batches(Path(scratch)))


def batches_of(records: Iterable[Record | Rejected]) -> Iterator[pa.Table | list[Rejected]]:
    """Group records into tables and rejected rows into lists."""
    rows = iter(records)
    while batch := list(islice(rows, _ROWS)):
        cells = [_cells_of(one) for one in batch if isinstance(one, Record)]
        if cells:
            yield _text_table(cells)
        rejected = [one for one in batch if isinstance(one, Rejected)]
        if rejected:
            yield rejected


def records_of(batches: Iterable[pa.Table | list[Rejected]]) -> Iterator[Record | Rejected]:
    """Yield the records of tables and the rejected rows of lists, one by one."""
    for batch in batches:
        if isinstance(batch, list):
            yield from batch
            continue
        for small in batch.to_batches(max_chunksize=1024):
            for row in small.to_pylist():
                terms = {name: value for name, value in row.items() if value is not None}
                media_id, specimen_id = terms.pop("media_id"), terms.pop("specimen_id")
                file, address = terms.pop("original_file", ""), terms.get("accessURI", "")
                is_address = address.casefold().startswith(("http://", "https://", "ftp://"))
                yield Record(media_id, specimen_id, terms, file, address if is_address else "")


def _cells_of(record: Record) -> dict[str, str]:
    """Return a record as one row of a table."""
    cells = {**record.terms, "media_id": record.media_id, "specimen_id": record.specimen_id}
    if record.access_uri:
        cells["accessURI"] = record.access_uri
    if record.original_file:
        cells["original_file"] = record.original_file
    return cells


def _text_table(rows: list[dict[str, str]]) -> pa.Table:
    import pyarrow as pa

    names = dict.fromkeys(name for row in rows for name in row)
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    return pa.table(columns)


registry: Registry[Source] = Registry("sources", "source")
