"""IIIF manifests, collections and image descriptions, read from files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from wunderkammer.core.errors import RecordError, SourceError, nearest
from wunderkammer.sources import Record, Rejected, Source, registry
from wunderkammer.sources._iiif_harvest import Harvest, harvest
from wunderkammer.sources._iiif_image import SIZE, is_image_service
from wunderkammer.sources._iiif_manifest import ManifestReader, is_whole, members_of
from wunderkammer.sources._iiif_text import id_of, type_of
from wunderkammer.sources._json import parsed

__all__ = ["Harvest", "IiifSource", "harvest"]

_CONTEXT = re.compile(
    r"iiif\.io/api/(presentation|image)/\d|shared-canvas\.org/ns/context|stanford\.edu/iiif/image-api"
)
_HEAD = 1 << 12


@registry.register
class IiifSource(Source):
    """Every image of every canvas of manifests that lie here as files.

    It never asks the network: manifests are fetched beforehand. A collection
    gives no record; each of its manifests that is not among the files is
    rejected, so that none is missed in silence.
    """

    name: Literal["iiif"] = "iiif"
    version: Literal["1"] = "1"
    path: Path = Field(
        description="A manifest, collection or info.json; or a folder of these, at any depth.",
        json_schema_extra={"context": True},
    )
    size: str = Field(
        "max",
        description="How large images are asked from image services: 'max', '!2000,2000' (the "
        "largest that fits this box), '2000,' (width), ',2000' (height) or 'pct:50'. Services "
        "that cannot do it are asked for the nearest they can.",
    )
    language: str = Field(
        "en",
        min_length=1,
        description="Code of the language of titles and values, where there are several.",
    )

    @field_validator("size")
    @classmethod
    def _is_a_size(cls, size: str) -> str:
        if not SIZE.fullmatch(size) or size.startswith(("0", "!0")):
            allowed = "'max', '!w,h', 'w,', ',h' or 'pct:n'"
            raise PydanticCustomError("size", "The size must be {allowed}", {"allowed": allowed})
        return size

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Return whether a file, or the first JSON file of a folder, speaks of IIIF."""
        try:
            if path.is_dir():
                path = min(one for one in path.iterdir() if one.suffix.casefold() == ".json")
            with path.open("rb") as stream:
                return _CONTEXT.search(stream.read(_HEAD).decode("utf-8", "replace")) is not None
        except (OSError, ValueError):
            return False

    def inputs(self) -> list[Path]:
        """Return the JSON files."""
        if self.path.is_file():
            return [self.path]
        if not self.path.is_dir():
            folder = self.path.parent
            names = [one.name for one in folder.iterdir()] if folder.is_dir() else []
            raise SourceError(
                f"there is neither a file nor a folder at '{self.path}'.",
                hint=nearest(self.path.name, names),
            )
        found = sorted(
            one
            for one in self.path.rglob("*.json")
            if not any(part.startswith(".") for part in one.relative_to(self.path).parts)
        )
        if not found:
            raise SourceError(
                f"the folder '{self.path}' holds no file that ends in '.json'.",
                hint="Manifests are JSON; give the folder they were saved in.",
            )
        return found

    def images_root(self) -> None:
        """Return None: manifests speak of addresses only."""

    def records(self) -> Iterator[Record | Rejected]:
        """Yield a record for each image of each canvas, file by file.

        Raises
        ------
        SourceError
            If there is nothing to read.
        """
        reader = ManifestReader(self.language, self.size)
        seen: set[str] = set()
        manifests: set[str] = set()
        wanted: dict[str, str] = {}
        for path in self.inputs():
            where = path.relative_to(self.path).as_posix() if path != self.path else path.name
            document = _load(path)
            if isinstance(document, RecordError):
                yield Rejected(where, document)
                continue
            for one in self._of_document(document, where, reader, manifests, wanted):
                if isinstance(one, Record) and one.media_id in seen:
                    yield Rejected(where, _twice(one))
                    continue
                if isinstance(one, Record):
                    seen.add(one.media_id)
                yield one
        for address, where in wanted.items():
            if address not in manifests:
                yield Rejected(where, _not_here(address))

    def _of_document(
        self,
        document: Mapping[str, Any],
        where: str,
        reader: ManifestReader,
        manifests: set[str],
        wanted: dict[str, str],
    ) -> Iterator[Record | Rejected]:
        """Yield the records of a file; note which manifests were seen, and which are named."""
        kind = type_of(document)
        if kind == "Manifest":
            if id_of(document) not in manifests:
                manifests.add(id_of(document))
                yield from reader.read(document, where)
            else:
                yield Rejected(where, RecordError(f"'{id_of(document)}' is in an earlier file."))
        elif kind == "Collection":
            for member in members_of(document):
                if is_whole(member):
                    yield from self._of_document(member, where, reader, manifests, wanted)
                elif type_of(member) != "Collection" and id_of(member):
                    wanted.setdefault(id_of(member), where)
        elif is_image_service(document):
            yield reader.read_info(document)
        else:
            what = f"its type is '{kind}'" if kind else "it states no type"
            yield Rejected(
                where,
                RecordError(
                    f"this is neither a manifest, a collection nor an info.json: {what}.",
                    hint="Take it out of the folder, or look whether it was saved right.",
                ),
            )


def _load(path: Path) -> Mapping[str, Any] | RecordError:
    """Return the object in a file, or why there is none."""
    try:
        document = parsed(path.read_bytes())
    except OSError as error:
        return RecordError(f"the file cannot be read: {error.strerror or error}.")
    except ValueError as error:
        return RecordError(
            f"this is no JSON: {error}.",
            hint="It may be a web page or cut off; fetch the manifest again.",
        )
    if not isinstance(document, dict):
        return RecordError("this is JSON, but no object; a manifest is one.")
    return document


def _twice(record: Record) -> RecordError:
    return RecordError(f"the image '{record.access_uri}' of this canvas stands here twice.")


def _not_here(address: str) -> RecordError:
    return RecordError(
        f"the collection names the manifest '{address}', which is not among the files.",
        hint="Fetch it into the same folder.",
    )
