"""A Darwin Core archive: an occurrence core and the media that extend it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from wunderkammer.core.errors import RecordError
from wunderkammer.core.identity import stable_id
from wunderkammer.sources import Record, Rejected, Source, registry
from wunderkammer.sources._archive import DESCRIPTOR, Archive, open_archive
from wunderkammer.sources._columns import is_address
from wunderkammer.sources._dwca_description import ArchiveDescription, describe
from wunderkammer.sources._dwca_rows import TermRow, read_term_rows, text_table
from wunderkammer.sources._images import nfc
from wunderkammer.sources._joining import NO_IMAGE_HINT, joined_terms
from wunderkammer.sources._matching import (
    LocalImages,
    Matches,
    Sought,
    find_image_list,
    match,
    read_image_list,
)
from wunderkammer.vocab.audiovisual_core import CANONICAL, not_a_still_image

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["DwcaSource", "find_image_list"]

_NAMES = ("gbifID", "occurrenceID", "catalogNumber")
_FALLBACK_IDS = ("occurrenceID", "materialEntityID", "gbifID", "taxonID", "eventID", "id")


@registry.register
class DwcaSource(Source):
    """Every medium of a Darwin Core archive, with the terms of its occurrence.

    The medium's own licence, rights holder, creator, page, title and format
    stand under their terms; where the core says otherwise, its value is kept as
    ``core_<term>``. Of any other term that both have, the core's value stands
    under the term and a different one of the medium under ``media_<term>``.
    """

    name: Literal["dwca"] = "dwca"
    version: Literal["1"] = "1"
    path: Path = Field(
        description="The archive: .zip, .tar, .tgz, or the folder with meta.xml.",
        json_schema_extra={"context": True},
    )
    images: Path | None = Field(
        None,
        description="Folder of images that are already here. Without it they are looked for "
        "beside meta.xml, if the archive is a folder.",
        json_schema_extra={"context": True},
    )
    image_list: Path | None = Field(
        None,
        description="Table that says which file shows which record: one column of file names, "
        "one of identifiers; which is which is found by content.",
        json_schema_extra={"context": True},
    )

    def inputs(self) -> list[Path]:
        """Return the archive, or its files if it is a folder, and the image list."""
        listed = [self.image_list] if self.image_list is not None else []
        with open_archive(self.path) as archive:
            described = describe(archive)
            parts = (described.core, *described.media)
            files = [file for part in parts for file in part.locations]
            if DESCRIPTOR in archive.names:
                files.insert(0, DESCRIPTOR)
            return list(dict.fromkeys(archive.locate(name) for name in files)) + listed

    def images_root(self) -> Path | None:
        """Return the images folder; of a folder archive without one, the archive."""
        if self.images is not None:
            return self.images
        folder = self.path.parent if self.path.name == DESCRIPTOR else self.path
        return folder if folder.is_dir() else None

    def identifiers(self) -> set[str]:
        """Return what records may be called in a list of images (see ``find_image_list``)."""
        with open_archive(self.path) as archive:
            core = describe(archive).core
            rows = (row for row in read_term_rows(archive, core) if isinstance(row, TermRow))
            return {name for row in rows for name in _identifiers(_core_id(row), row.terms)}

    def records(self) -> Iterator[Record | Rejected]:
        """Yield a record for each still image of each occurrence, in the core's order.

        Occurrences without one are rejected, and so are media of no occurrence.

        Raises
        ------
        SourceError
            If the archive cannot be read.
        ConfigurationError
            If the image list does not fit.
        """
        with open_archive(self.path) as archive:
            described = describe(archive)
            media: dict[str, list[_Medium]] = {}
            yield from _collect(archive, described, media)
            matches = self._matches(archive, described, media)
            seen: set[str] = set()
            for row in read_term_rows(archive, described.core):
                if isinstance(row, Rejected):
                    yield row
                    continue
                core_id = _core_id(row)
                problem = _core_problem(core_id, seen)
                if problem is not None:
                    yield Rejected(row.where, problem)
                    continue
                seen.add(core_id)
                yield from _of_core(row, core_id, media.pop(core_id, []), matches)
            for core_id, orphans in media.items():
                for medium in orphans:
                    yield Rejected(medium.where, _orphan(core_id))

    def batches(self, scratch: Path) -> Iterator[pa.Table | list[Rejected]]:
        """Yield what :meth:`records` yields, by the table where no local image is looked for.

        Raises
        ------
        SourceError
            If the archive cannot be read.
        ConfigurationError
            If the image list does not fit.
        """
        root = self.images_root()
        has_images = root is not None and LocalImages.below(root).files
        if has_images or self.image_list is not None:
            yield from super().batches(scratch)
            return
        from wunderkammer.sources._pairs import Pair, read_pair

        with open_archive(self.path) as archive:
            described = describe(archive)
            core = text_table(archive, described.core, is_core=True)
            media = tuple(text_table(archive, one, is_core=False) for one in described.media)
            yield from read_pair(Pair("dwca", core, media, canonical=CANONICAL), scratch)

    def _matches(
        self,
        archive: Archive,
        described: ArchiveDescription,
        media: Mapping[str, list[_Medium]],
    ) -> Matches:
        """Return the local files of the media and of occurrences without media."""
        root = self.images_root()
        if root is None:
            return Matches()
        images = LocalImages.below(root)
        listed = {}
        if self.image_list is not None:
            known = self.identifiers()
            known.update(url for many in media.values() for one in many for url in one.names)
            listed = read_image_list(self.image_list, images, known)
        if not images.files:
            return Matches()
        rows = (row for row in read_term_rows(archive, described.core) if isinstance(row, TermRow))
        return match(images, _sought(rows, media), listed)


class _Medium:
    """A row of a media extension, or an address that the core row gives."""

    __slots__ = ("identity", "names", "terms", "where")

    def __init__(self, where: str, core_id: str, terms: dict[str, str]) -> None:
        address = terms.get("accessURI", "")
        named = terms.get("identifier", "")
        self.where = where
        self.terms = _canonical(terms)
        self.names = list(dict.fromkeys(name for name in (named, address) if name))
        self.identity = stable_id("dwca", core_id, nfc(named), nfc(address)) if self.names else ""


def _canonical(terms: dict[str, str]) -> dict[str, str]:
    """Return the terms of a medium with the seven that every medium carries."""
    out = dict(terms)
    for term, places in CANONICAL.items():
        value = next((terms[place] for place in places if place in terms), "")
        if value:
            out[term] = value
    if out.get("accessURI") == out.get("identifier"):
        out.pop("identifier", None)
    return out


def _collect(
    archive: Archive, described: ArchiveDescription, media: dict[str, list[_Medium]]
) -> Iterator[Rejected]:
    """Sort the rows of the media extensions by core id; yield those that are no images."""
    identities: set[str] = set()
    for file in described.media:
        for row in read_term_rows(archive, file):
            if isinstance(row, Rejected):
                yield row
                continue
            row.terms.pop("id", None)
            medium = _Medium(row.where, row.core_id, row.terms)
            problem = _medium_problem(row.core_id, medium, identities)
            if problem is not None:
                yield Rejected(row.where, problem)
                continue
            identities.add(medium.identity)
            media.setdefault(row.core_id, []).append(medium)


def _medium_problem(core_id: str, medium: _Medium, known: set[str]) -> RecordError | None:
    """Return why a row of an extension is no medium, or None."""
    other = not_a_still_image(medium.terms)
    if other:
        return RecordError(f"the medium of '{core_id}' is no still image: {other}.")
    if not medium.names:
        return RecordError(
            f"the medium of '{core_id}' has neither identifier nor accessURI.",
            hint="Ask the publisher for the address of the file.",
        )
    if medium.identity in known:
        return RecordError(f"the medium '{medium.names[0]}' of '{core_id}' stands here twice.")
    return None


def _core_id(row: TermRow) -> str:
    """Return the id of a core row, or the identifier that stands in for it."""
    if row.core_id:
        return row.core_id
    for term in _FALLBACK_IDS:
        if row.terms.get(term, "").strip():
            return row.terms[term].strip()
    codes = ("institutionCode", "collectionCode", "catalogNumber")
    parts = [row.terms.get(term, "").strip() for term in codes]
    return ":".join(part for part in parts if part) if parts[-1] else ""


def _core_problem(core_id: str, seen: set[str]) -> RecordError | None:
    if not core_id:
        return RecordError(
            "the row has no identifier.",
            hint="It needs an id, an occurrenceID or a catalogNumber to be known again.",
        )
    if core_id in seen:
        return RecordError(
            f"an earlier row has the id '{core_id}' already.", hint="Ids must be unique."
        )
    return None


def _orphan(core_id: str) -> RecordError:
    return RecordError(
        f"the medium belongs to the row '{core_id}', which is not in the core.",
        hint="The export may be cut off, or a filter took the row out.",
    )


def _of_core(
    row: TermRow, core_id: str, media: list[_Medium], matches: Matches
) -> Iterator[Record | Rejected]:
    """Yield the records of an occurrence, or why it gives none."""
    media = media or _own_media(row, core_id)
    specimen_id = stable_id("dwca", core_id)
    for medium in media:
        terms = joined_terms(row.terms, medium.terms)
        address = terms.get("accessURI", "")
        file = matches.media.get(medium.identity, "")
        yield Record(
            medium.identity, specimen_id, terms, file, address if is_address(address) else ""
        )
    if media:
        return
    files = matches.specimens.get(core_id, [])
    for file in files:
        yield Record(stable_id("dwca", core_id, nfc(file)), specimen_id, row.terms, file)
    if not files:
        yield Rejected(
            row.where,
            RecordError(
                f"the row '{core_id}' has no image: no medium refers to it and no file is "
                "named after it.",
                hint=NO_IMAGE_HINT,
            ),
        )


def _own_media(row: TermRow, core_id: str) -> list[_Medium]:
    """Return the media that a core row without extension rows names itself."""
    own = row.terms.get("accessURI", "") or row.terms.get("associatedMedia", "")
    addresses = [part.strip() for part in re.split(r"\||;\s|\s", own)]
    return [
        _Medium(row.where, core_id, {"accessURI": address})
        for address in dict.fromkeys(addresses)
        if is_address(address)
    ]


def _identifiers(core_id: str, terms: Mapping[str, str]) -> list[str]:
    """Return what an occurrence's image may be named after, best first."""
    found = [core_id]
    for term in _NAMES:
        value = terms.get(term, "").strip()
        if value:
            found += [value, re.split(r"[/:#=]", value.rstrip("/"))[-1]]
    number = terms.get("catalogNumber", "").strip()
    code = terms.get("institutionCode", "").strip()
    if number and code:
        found.append(f"{code} {number}")
    return list(dict.fromkeys(name for name in found if name))


def _sought(rows: Iterable[TermRow], media: Mapping[str, list[_Medium]]) -> Iterator[Sought]:
    for row in rows:
        core_id = _core_id(row)
        own = media.get(core_id) or _own_media(row, core_id)
        names = {medium.identity: medium.names for medium in own}
        yield Sought(core_id, _identifiers(core_id, row.terms), names)
