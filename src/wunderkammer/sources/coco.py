"""COCO metadata, plain or of the Herbarium Half-Earth kind: images, annotations, categories."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Literal

import pyarrow as pa
from pydantic import Field

from wunderkammer.core.errors import SourceError, nearest
from wunderkammer.sources import BulkSource, Rejected, registry
from wunderkammer.sources._coco_media import (
    LocalFiles,
    MediaMaker,
    astray,
    category_term,
    doubled,
    images_joined,
)
from wunderkammer.sources._coco_sections import SECTIONS, SectionReader
from wunderkammer.sources._spill import Spill, lean_memory

_KEY = re.compile(r'"(images|annotations|categories)"\s*:\s*\[')
_FIRST = re.compile(
    r'^\ufeff?\s*\{\s*"(?:images|annotations|categories|institutions|licenses|info)"\s*:'
)
_HEAD = 1 << 16
_SAMPLE = 200


@registry.register
class CocoSource(BulkSource):
    """Every image of a COCO file, with the names of its annotations' categories.

    Images are known by their ``file_name``, else by their address: many tools
    number images anew at each export.
    """

    name: Literal["coco"] = "coco"
    version: Literal["1"] = "1"
    path: Path = Field(
        description="The file, such as metadata.json.", json_schema_extra={"context": True}
    )
    images: Path | None = Field(
        None,
        description="Folder of the images. Without it file names are relative to the file.",
        json_schema_extra={"context": True},
    )
    annotated: bool = Field(
        default=True,
        description="Whether the file has annotations and categories. Set to false for images "
        "whose labels are withheld, such as those of a competition.",
    )
    category_term: Literal["", "scientificName", "subject", "vernacularName"] = Field(
        "",
        description="Term that the name of a category fills. Empty: found by content, a "
        "scientificName if categories state a family or another rank, or most names are "
        "binomials, else a subject.",
    )

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Return whether a file begins like COCO metadata."""
        try:
            with path.open("rb") as stream:
                head = stream.read(_HEAD).decode("utf-8", "replace")
        except OSError:
            return False
        return bool(_FIRST.match(head) and _KEY.search(head))

    def inputs(self) -> list[Path]:
        """Return the file."""
        return [self.path]

    def images_root(self) -> Path:
        """Return the images folder, or the folder the file lies in."""
        return self.images if self.images is not None else self.path.parent

    def batches(self, scratch: Path) -> Iterator[pa.Table | list[Rejected]]:
        """Yield a row for each image, in the order of the file.

        Raises
        ------
        SourceError
            If the file is not there, is broken, or lacks a section.
        """
        if not self.path.is_file():
            raise self._missing()
        spill = Spill(scratch)
        sections = SectionReader(self.path, spill)
        with lean_memory():
            sections.run()
            self._check(sections)
            yield sections.rejected
            if not spill.holds("images"):
                return
            yield list(doubled(spill, self.path.name))
            yield list(astray(spill, self.path.name))
            yield from self._media(spill)

    def _media(self, spill: Spill) -> Iterator[pa.Table | list[Rejected]]:
        rows = images_joined(spill)
        first = next(rows)
        sample = first.slice(0, _SAMPLE)
        names = (
            sample.column("images:file_name") if "images:file_name" in first.schema.names else []
        )
        files = LocalFiles(self.images_root(), [str(name) for name in names if name.is_valid])
        names_are: str = self.category_term
        if spill.holds("categories") and not names_are:
            names_are = category_term(spill)
        make = MediaMaker(names_are, sample, files)
        for some in chain([first], rows):
            media, rejected = make(some, self.path.name)
            yield media
            yield rejected

    def _missing(self) -> SourceError:
        folder = self.path.parent
        names = [one.name for one in folder.glob("*.json")] if folder.is_dir() else []
        return SourceError(
            f"there is no file at '{self.path}'.", hint=nearest(self.path.name, names)
        )

    def _check(self, sections: SectionReader) -> None:
        """Raise if a section is missing."""
        wanted = SECTIONS[:3] if self.annotated else SECTIONS[:1]
        for name in wanted:
            if name in sections.found:
                continue
            hint = nearest(name, sections.found)
            if name != "images" and len(sections.found) and not _near(hint):
                hint = f"{hint} If its labels are withheld, set annotated = false."
            raise SourceError(f"'{self.path.name}' has no member '{name}'.", hint=hint)


def _near(hint: str) -> bool:
    return hint.startswith("Did you mean")
