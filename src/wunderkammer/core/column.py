"""Columns: what a stage reads and writes, one cell a medium."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

Kind = Literal["text", "integer", "real", "boolean", "vector", "blob"]

_SCALARS: dict[str, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "real": pa.float64(),
    "boolean": pa.bool_(),
    "blob": pa.string(),
}

BOOKKEEPING = pa.schema(
    [
        pa.field("media_id", pa.string(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("settings", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("error", pa.string()),
        pa.field("message", pa.string()),
        pa.field("hint", pa.string()),
        pa.field("derivedFromMediaID", pa.string()),
    ]
)
"""Columns that every stage's rows begin with."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the collection's table; exactly one stage writes it.

    Attributes
    ----------
    name : str
        Unique in the collection, such as ``"width"`` or ``"features/vae"``.
    kind : str
        ``text``, ``integer``, ``real``, ``boolean``; ``vector``: a list of
        float32 of fixed length; ``blob``: path of a made image below the
        collection, which holds the SHA-256 of its bytes.
    description : str
        One sentence with unit and meaning, for the reference page.
    length : int
        Length of a vector; 0 otherwise.
    """

    name: str
    kind: Kind
    description: str
    length: int = 0

    @property
    def digest_name(self) -> str:
        """Name of the column that holds the cell's digest; a scalar is its own."""
        return f"{self.name}:sha256" if self.kind == "vector" else self.name

    def fields(self) -> list[pa.Field]:
        """Return the Arrow fields that store this column."""
        if self.kind == "vector":
            values = pa.list_(pa.float32(), self.length)
            return [pa.field(self.name, values), pa.field(self.digest_name, pa.string())]
        return [pa.field(self.name, _SCALARS[self.kind])]


def rows_schema(columns: tuple[Column, ...]) -> pa.Schema:
    """Return the schema of the rows that store ``columns``, bookkeeping first."""
    fields = [field for column in columns for field in column.fields()]
    return pa.schema([*BOOKKEEPING, *fields])
