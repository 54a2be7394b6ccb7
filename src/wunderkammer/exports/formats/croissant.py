"""Croissant: what a machine-learning data set is, file by file and column by column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field

from wunderkammer.core.files import file_sha256
from wunderkammer.exports import tables
from wunderkammer.exports.formats import Format, registry
from wunderkammer.exports.originals import Picture, Pictures, picture_option
from wunderkammer.exports.selection import Chosen
from wunderkammer.exports.tables import RIGHTS

FILE, TABLE, IMAGES = "croissant.json", "media.parquet", "images"
_CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs",
    "column": "cr:column", "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
    "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex",
    "repeated": "cr:repeated", "replace": "cr:replace", "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
    "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip
"""The context that version 1.0 of the format prescribes."""

_KINDS = {pa.string(): "sc:Text", pa.int64(): "sc:Integer", pa.float64(): "sc:Float",
          pa.bool_(): "sc:Boolean"}  # fmt: skip


@registry.register
class CroissantFormat(Format):
    """A data set for machine learning: a table, pictures, and their description in Croissant.

    Licence, rights holder, creator and credit stand in every row.
    """

    name: Literal["croissant"] = "croissant"
    version: Literal["1"] = "1"
    examples: ClassVar[tuple[str, ...]] = (
        "--to moths-ml",
        "--to moths-ml --picture upright --columns scientificName,family,sharpness",
    )
    picture: Picture = picture_option("original")
    columns: str = Field(
        "",
        description="Columns of the table beside licence, holder, creator and credit, with commas "
        "between them; empty: what the sources say.",
    )

    def write(self, chosen: Chosen, folder: Path) -> Mapping[str, int]:
        """Write ``croissant.json``, ``media.parquet`` and the pictures."""
        files = self._pictures(chosen, folder)
        wanted = [one.strip() for one in self.columns.split(",") if one.strip()] or chosen.terms
        n_rows = tables.write_parquet(
            folder / TABLE, (self._with_files(one, files) for one in tables.tables(chosen, wanted))
        )
        schema = pq.read_schema(folder / TABLE)
        text = json.dumps(self._described(chosen, folder, schema), indent=1, ensure_ascii=False)
        (folder / FILE).write_text(f"{text}\n", "utf-8")
        return {"rows": n_rows, "pictures": len(files)}

    def _pictures(self, chosen: Chosen, folder: Path) -> dict[str, str]:
        """Write the pictures; return the file name of each by medium."""
        if self.picture == "none":
            return {}
        pictures = Pictures(chosen, folder, self.picture, IMAGES)
        found = ((one.media_id, pictures.write(one)) for one in chosen)
        return {media_id: Path(one.file).name for media_id, one in found if one is not None}

    def _with_files(self, table: pa.Table, files: Mapping[str, str]) -> pa.Table:
        if self.picture == "none":
            return table
        names = [files.get(one) for one in table["media_id"].to_pylist()]
        return table.append_column("image_file", pa.array(names, pa.string()))

    def _described(self, chosen: Chosen, folder: Path, schema: pa.Schema) -> dict[str, Any]:
        about = chosen.collection.configuration.about
        runs = chosen.collection.runs(1)
        rights = {(one.name, one.url): None for one in _rights(chosen)}
        described: dict[str, Any] = {
            "@context": _CONTEXT, "@type": "sc:Dataset",
            "conformsTo": "http://mlcommons.org/croissant/1.0",
            "name": about.title or "collection",
            "description": about.description or about.title or "A natural-history collection.",
            "license": [url or name for name, url in rights],
            "url": about.website or "https://example.org/",
            "version": "1.0.0",
            "datePublished": str(runs[0]["started"])[:10] if runs else "1970-01-01",
            "creator": {"@type": "sc:Organization", "name": about.publisher or about.title},
            "distribution": list(self._distribution(folder)),
            "recordSet": [{
                "@type": "cr:RecordSet", "@id": "media", "name": "media",
                "description": "One record a medium.", "key": {"@id": "media/media_id"},
                "field": list(self._fields(schema)),
            }],
        }  # fmt: skip
        if about.citation:
            described["citeAs"] = about.citation
        if not about.website:
            described.pop("url")
        return described

    def _distribution(self, folder: Path) -> Iterator[dict[str, Any]]:
        yield {
            "@type": "cr:FileObject", "@id": TABLE, "name": TABLE, "contentUrl": TABLE,
            "description": "One row a medium.",
            "encodingFormat": "application/x-parquet", "sha256": file_sha256(folder / TABLE),
        }  # fmt: skip
        if self.picture == "none":
            return
        yield {
            "@type": "cr:FileSet", "@id": IMAGES, "name": IMAGES,
            "description": "A picture of each medium.",
            "encodingFormat": ["image/jpeg", "image/png", "image/webp"],
            "includes": [f"{IMAGES}/*.jpg", f"{IMAGES}/*.png", f"{IMAGES}/*.webp"],
        }  # fmt: skip

    def _fields(self, schema: pa.Schema) -> Iterator[dict[str, Any]]:
        """Yield a field a column, and the picture that a row names."""
        for column in schema:
            whose = " Whose the medium is." if column.name in RIGHTS else ""
            one: dict[str, Any] = {
                "@type": "cr:Field", "@id": f"media/{column.name}", "name": column.name,
                "description": f"The column {column.name}.{whose}",
                "dataType": _KINDS.get(column.type, "sc:Text"),
                "source": {"fileObject": {"@id": TABLE}, "extract": {"column": column.name}},
            }  # fmt: skip
            if column.name == "image_file":
                one["references"] = {
                    "fileSet": {"@id": IMAGES}, "extract": {"fileProperty": "filename"}
                }  # fmt: skip
            yield one
        if self.picture == "none":
            return
        yield {
            "@type": "cr:Field", "@id": "media/image", "name": "image",
            "description": "The picture.", "dataType": "sc:ImageObject",
            "source": {"fileSet": {"@id": IMAGES}, "extract": {"fileProperty": "content"}},
        }  # fmt: skip


def _rights(chosen: Chosen) -> Iterator[Any]:
    for medium in chosen:
        yield medium.rights
