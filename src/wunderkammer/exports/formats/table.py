"""A table: any columns of media, as Parquet or CSV."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from wunderkammer.exports import tables
from wunderkammer.exports.formats import Format, registry
from wunderkammer.exports.selection import Chosen


@registry.register
class TableFormat(Format):
    """Any columns of media as one table: Parquet, or CSV for spreadsheets.

    Licence, rights holder, creator and credit stand in every row. Vectors are exported by
    'wk export features'.
    """

    name: Literal["table"] = "table"
    version: Literal["1"] = "1"
    single: ClassVar[Mapping[str, str]] = {".parquet": "media.parquet", ".csv": "media.csv"}
    examples: ClassVar[tuple[str, ...]] = (
        "--to moths.parquet",
        "--to moths.csv --columns catalogNumber,scientificName,sharpness",
    )
    columns: str = Field(
        "", description="Columns with commas between them; empty: all but vectors."
    )
    form: Literal["parquet", "csv"] = Field(
        "parquet", description="What is written to a folder or ZIP; a file says it by its ending."
    )

    def within(self, suffix: str) -> TableFormat:
        """Return the format with the form that an ending tells."""
        if suffix in self.single:
            return self.model_copy(update={"form": suffix.removeprefix(".")})
        return self

    def write(self, chosen: Chosen, folder: Path) -> Mapping[str, int]:
        """Write ``media.parquet`` or ``media.csv``."""
        wanted = [one.strip() for one in self.columns.split(",") if one.strip()]
        some = tables.tables(chosen, wanted)
        path = folder / f"media.{self.form}"
        write = tables.write_parquet if self.form == "parquet" else tables.write_csv
        return {"rows": write(path, some)}
