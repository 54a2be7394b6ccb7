"""A table: CSV, TSV, Parquet or Excel, one row a medium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, field_validator
from pydantic_core import PydanticCustomError

from wunderkammer.core.errors import RecordError, SourceError, nearest
from wunderkammer.sources import Record, Rejected, Source, registry
from wunderkammer.sources._columns import Stated
from wunderkammer.sources._matching import LocalImages
from wunderkammer.sources._table_rows import Placed, RowReader
from wunderkammer.sources._tabular import TABLE_SUFFIXES, open_table
from wunderkammer.sources._templates import known_terms


@registry.register
class TableSource(Source):
    """Every row of a table names an image, by file or address, and describes it.

    A folder of tables is read as one: tables without a column of files describe
    the image that is named as they are. Rows are known by their identifier and
    image; without an identifier by the image alone.
    """

    name: Literal["table"] = "table"
    version: Literal["1"] = "1"
    path: Path = Field(
        description="The table (.csv, .tsv, .txt, .parquet, .xlsx), or a folder of tables.",
        json_schema_extra={"context": True},
    )
    images: Path | None = Field(
        None,
        description="Folder of the images. Without it file names are relative to the table.",
        json_schema_extra={"context": True},
    )
    file_column: str = Field("", description="Column of file names. Empty: found by content.")
    url_column: str = Field("", description="Column of image addresses. Empty: found by content.")
    id_column: str = Field(
        "", description="Column that identifies a specimen. Empty: found by its header."
    )
    title: str = Field("", description="Title made of columns, such as '{Name} ({Year})'.")
    link: str = Field(
        "",
        validation_alias=AliasChoices("link", "url"),
        description="Address of the page about a row, such as 'https://example.org/{Id}/'; kept "
        "as 'references'. May also be written 'url'.",
    )
    image_url: str = Field(
        "", description="Address of the image, such as 'https://example.org/{Id}.jpg'."
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Columns that hold a Darwin Core or Audiovisual Core term, such as "
        "Subjects = 'subject'. Headers that are terms, or common names of them, need none.",
    )
    encoding: str = Field("", description="Encoding of a text table. Empty: found by content.")
    delimiter: str = Field(
        "", max_length=1, description="Between cells of a text table. Empty: found by content."
    )
    sheet: str = Field("", description="Sheet of a workbook. Empty: the first.")
    multi_value_separator: str = Field(
        "|",
        min_length=1,
        description="Between several values in one cell. Values keep it; a cell that names "
        "several images becomes as many records.",
    )
    repeated: Literal["reject", "merge"] = Field(
        "reject",
        description="What to do with a further row on the same image: reject it, or merge its "
        "values into the record, different ones joined by the separator.",
    )

    @field_validator("columns")
    @classmethod
    def _are_terms(cls, columns: dict[str, str]) -> dict[str, str]:
        known = known_terms()
        for source, term in columns.items():
            if term not in known:
                hint = nearest(term, known).split(" Known:")[0]
                text = f"column '{source}': no term is called '{term}'. {hint}"
                raise PydanticCustomError("term", "{reason}", {"reason": text})
        if len({term.casefold() for term in columns.values()}) < len(columns):
            raise PydanticCustomError("term", "Two columns are given the same term")
        return columns

    def inputs(self) -> list[Path]:
        """Return the table, or the tables of the folder."""
        if not self.path.is_dir():
            return [self.path]
        inside = sorted(p for p in self.path.iterdir() if p.suffix.casefold() in TABLE_SUFFIXES)
        if not inside:
            raise SourceError(
                f"the folder '{self.path}' holds no table.",
                hint=f"Tables end in {', '.join(sorted(TABLE_SUFFIXES))}.",
            )
        return inside

    def images_root(self) -> Path:
        """Return the images folder, or the folder the table lies in."""
        if self.images is not None:
            return self.images
        return self.path if self.path.is_dir() else self.path.parent

    def records(self) -> Iterator[Record | Rejected]:
        """Yield a record for each image a row names.

        Raises
        ------
        SourceError
            If the table cannot be read.
        ConfigurationError
            If a setting names a column that is not there, or no column names images.
        """
        local = LocalImages.below(self.images) if self.images is not None else None
        placed = (one for path in self.inputs() for one in self._read(path, local))
        if self.repeated == "merge":
            return _merged(placed, self.multi_value_separator)
        return _first(placed)

    def _read(self, path: Path, local: LocalImages | None) -> Iterator[Placed]:
        """Yield what the rows of one table give, and where they stand."""
        table = open_table(path, encoding=self.encoding, delimiter=self.delimiter, sheet=self.sheet)
        stated = Stated(
            file=self.file_column,
            url=self.url_column,
            identifier=self.id_column,
            title=self.title,
            link=self.link,
            image_url=self.image_url,
            terms=self.columns,
        )
        reader = RowReader(
            table,
            stated,
            root=self.images_root(),
            local=local,
            separator=self.multi_value_separator,
            named_by_table=self.path.is_dir(),
        )
        return reader.read()


def _first(placed: Iterator[Placed]) -> Iterator[Record | Rejected]:
    """Yield records whose image has not come before."""
    seen: set[str] = set()
    for where, one in placed:
        if isinstance(one, RecordError):
            yield Rejected(where, one)
        elif one.media_id in seen:
            named = one.original_file or one.access_uri
            yield Rejected(
                where,
                RecordError(
                    f"an earlier row describes the image '{named}' already.",
                    hint="Remove one of the rows, or set repeated = 'merge'.",
                ),
            )
        else:
            seen.add(one.media_id)
            yield one


def _merged(placed: Iterator[Placed], separator: str) -> Iterator[Record | Rejected]:
    """Yield the rejected rows, then one record an image with the values of all its rows."""
    joined: dict[str, tuple[Record, dict[str, list[str]]]] = {}
    for where, one in placed:
        if isinstance(one, RecordError):
            yield Rejected(where, one)
            continue
        _, values = joined.setdefault(one.media_id, (one, {}))
        for name, value in one.terms.items():
            kept = values.setdefault(name, [])
            if value not in kept:
                kept.append(value)
    for first, values in joined.values():
        terms = {name: f" {separator} ".join(kept) for name, kept in values.items()}
        yield Record(
            first.media_id, first.specimen_id, terms, first.original_file, first.access_uri
        )
