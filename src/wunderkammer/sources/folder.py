"""A folder of images: one record a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from wunderkammer.core.errors import SourceError
from wunderkammer.core.identity import stable_id
from wunderkammer.sources import Record, Rejected, Source, registry
from wunderkammer.sources._images import IMAGE_SUFFIXES, find_images, nfc
from wunderkammer.sources._templates import path_pattern, read_path


@registry.register
class FolderSource(Source):
    """Every image below a folder, known by its path in it.

    An image that moves within the folder is a new medium; one that is changed
    in place stays the same medium (its bytes are digested when it is ingested).
    """

    name: Literal["folder"] = "folder"
    version: Literal["1"] = "1"
    path: Path = Field(description="Folder of the images.", json_schema_extra={"context": True})
    glob: str = Field(
        "",
        description="Which files, relative to the folder: '*' stays within a folder name, '**/' "
        "crosses folders. Empty: every image file at any depth.",
    )
    taxon_from: str = Field(
        "",
        description="Terms to read out of the path without its ending, such as "
        "'{family}/{genus}/{scientificName}_{n}': {n} is a number and {_} anything, both dropped; "
        "underscores in a value become spaces. Empty: none. A path that does not fit has no terms.",
    )

    @field_validator("glob")
    @classmethod
    def _stays_inside(cls, glob: str) -> str:
        if glob.startswith("/") or ".." in PurePosixPath(glob).parts:
            raise PydanticCustomError("glob", "The pattern must stay within the folder")
        return glob

    @field_validator("taxon_from")
    @classmethod
    def _names_terms(cls, template: str) -> str:
        try:
            path_pattern(template)
        except ValueError as error:
            raise PydanticCustomError("template", "{reason}", {"reason": str(error)}) from None
        return template

    def inputs(self) -> list[Path]:
        """Return every image file found."""
        return [self.path / image for image in self._images() if isinstance(image, str)]

    def images_root(self) -> Path:
        """Return the folder."""
        return self.path

    def records(self) -> Iterator[Record | Rejected]:
        """Yield a record for each image, in order of path.

        Raises
        ------
        SourceError
            If the folder does not exist, or holds no image.
        """
        pattern = path_pattern(self.taxon_from) if self.taxon_from else None
        image: str | Rejected | None = None
        for image in self._images():
            if isinstance(image, Rejected):
                yield image
                continue
            media_id = stable_id("folder", nfc(image))
            stem = str(PurePosixPath(image).with_suffix(""))
            terms = read_path(pattern, stem) if pattern else {}
            yield Record(media_id, media_id, terms, original_file=image)
        if image is None:
            raise self._nothing()

    def _nothing(self) -> SourceError:
        """Return that there is no image, and where images were looked for."""
        if self.glob:
            return SourceError(
                f"[source]: no file below '{self.path}' fits glob = '{self.glob}'.",
                hint="'*' stays within a folder name, '**/' crosses folders; without glob every "
                "image is taken.",
            )
        return SourceError(
            f"the folder '{self.path}' holds no image.",
            hint=f"Images end in {', '.join(sorted(IMAGE_SUFFIXES))}; at any depth.",
        )

    def _images(self) -> Iterator[str | Rejected]:
        return find_images(self.path, self.glob)
