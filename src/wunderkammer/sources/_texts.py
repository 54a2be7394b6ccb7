"""What the columns of a delimited text mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wunderkammer.sources._delimited import Dialect, Opener

if TYPE_CHECKING:
    import pyarrow as pa

SPECIMEN_TERMS = ("occurrenceID", "materialEntityID", "gbifID", "taxonID", "eventID", "id")
"""Stand in, in this order, for the id of a specimen whose row has none."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of a text.

    Attributes
    ----------
    name : str
        The term it holds. No two columns of a text have the same name.
    index : int or None
        Its place in a row, from 0; None for a term that the text does not have.
    default : str
        Stands in every empty cell.
    """

    name: str
    index: int | None
    default: str = ""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A delimited text and what its columns mean.

    Attributes
    ----------
    files : tuple of (str, callable)
        Name and opener of each of its files, one after the other. The name
        stands in messages: ``"occurrence.txt, row 17"``.
    dialect : Dialect
        How it is written (see ``_delimited.find_dialect``).
    columns : tuple of TextColumn
        What to keep; other columns are passed over.
    id_index : int or None
        Place of the specimen's id; None if a core has none of its own, then
        :data:`SPECIMEN_TERMS` are tried.
    n_header_lines : int
        Rows to pass over at the beginning of each file.
    prepare : callable, optional
        Called with each table of the columns (and further ones whose names
        begin with a colon), null where a cell is empty; returns it with columns
        changed, added or removed, its rows the same. For terms that have to be
        computed, such as the address of a medium from its number.
    """

    files: tuple[tuple[str, Opener], ...]
    dialect: Dialect
    columns: tuple[TextColumn, ...]
    id_index: int | None
    n_header_lines: int = 1
    prepare: Callable[[pa.Table], pa.Table] | None = None

    @property
    def width(self) -> int:
        """Cells that a row needs at least."""
        used = [column.index for column in self.columns if column.index is not None]
        return max([*used, self.id_index if self.id_index is not None else -1]) + 1
