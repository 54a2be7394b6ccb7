"""Sources of records: each reads one kind of export and yields one record a medium."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wunderkammer.core.errors import RecordError
from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings


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


registry: Registry[Source] = Registry("sources", "source")
