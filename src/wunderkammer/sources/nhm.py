"""The Natural History Museum's portal: ``occurrence.csv`` and ``multimedia.csv``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from wunderkammer.sources import BulkSource, Rejected, registry
from wunderkammer.vocab.audiovisual_core import CANONICAL

if TYPE_CHECKING:
    import pyarrow as pa

    from wunderkammer.sources._archive import Archive
    from wunderkammer.sources._pairs import Filter, Pair

_FILES = ("occurrence.csv", "multimedia.csv")
_EML = "eml.xml"
_ASSET = (
    r"(?i)^https?://[^/]*\bnhm\.ac\.uk/services/media-store/asset/(?P<asset>[^/?#]+)",
    r"(?i)^https?://[^/]*\bnhm\.ac\.uk/media/(?:mss:)?(?P<asset>[^/?#]+)",
)
_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_TICK = "On data.nhm.ac.uk choose the format Darwin Core Archive."


@registry.register
class NhmSource(BulkSource):
    """Every still image of a download from the Natural History Museum's portal.

    The columns are found by the header, in whatever order they stand. A medium
    is known by the museum's id of the image (``assetID``) and the specimen's
    ``_id``, not by its address: the museum has changed its addresses before.
    """

    name: Literal["nhm"] = "nhm"
    version: Literal["1"] = "1"
    path: Path = Field(
        description="The download: the zip, or a folder with occurrence.csv and multimedia.csv.",
        json_schema_extra={"context": True},
    )
    classification: tuple[str, ...] = Field(
        (),
        description="Words of which one must stand in higherClassification, such as "
        "['Lepidoptera']; upper and lower case are one. Empty: all specimens.",
    )
    formats: tuple[str, ...] = Field(
        (), description="Formats to keep, such as ['image/jpeg']. Empty: all still images."
    )
    label_images: bool = Field(
        False, description="Whether to keep pictures of labels alone: '_label_' is in their title."
    )
    size: Literal["preview", "original"] = Field(
        "preview",
        description="Which file of an image: the address of the export, which is a JPEG of "
        "reduced size, or the file as the museum keeps it, large and sometimes TIFF. Addresses of "
        "the older style (media-store) are left as they are.",
    )

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Return whether a folder or zip holds the two tables, joined by ``_id``."""
        from wunderkammer.sources._exports import QUOTED, has_members, header_of

        if not has_members(path, *_FILES):
            return False
        return all("_id" in header_of(path, name, QUOTED) for name in _FILES)

    def inputs(self) -> list[Path]:
        """Return the zip, or the two tables of the folder."""
        from wunderkammer.sources._archive import open_archive
        from wunderkammer.sources._exports import find_member

        with open_archive(self.path) as archive:
            found = [archive.locate(find_member(archive, name, hint=_TICK)) for name in _FILES]
        return list(dict.fromkeys(found))

    def images_root(self) -> None:
        """Return None: the images are on the museum's server."""
        return

    def citation(self) -> str:
        """Return how the download is to be cited, as its eml.xml says; empty if it does not."""
        from wunderkammer.sources._archive import open_archive
        from wunderkammer.sources._citations import read_eml

        with open_archive(self.path) as archive:
            return read_eml(archive, _EML).citation if _EML in archive.names else ""

    def batches(self, scratch: Path) -> Iterator[pa.Table | list[Rejected]]:
        """Yield a row for each still image of each specimen, and why other rows give none.

        Raises
        ------
        SourceError
            If a table or a column is missing.
        """
        from wunderkammer.sources._archive import open_archive
        from wunderkammer.sources._pairs import read_pair

        with open_archive(self.path) as archive:
            yield from read_pair(self._pair(archive), scratch)

    def _pair(self, archive: Archive) -> Pair:
        """Return the two tables and what to do with them."""
        from wunderkammer.sources._exports import find_member, text_table
        from wunderkammer.sources._pairs import Pair

        occurrences, media = (find_member(archive, name, hint=_TICK) for name in _FILES)
        needed = ("higherClassification",) if self.classification else ()
        return Pair(
            scheme="nhm",
            core=text_table(
                archive, occurrences, id_columns=("_id",), needs=needed, prepare=_with_page
            ),
            media=(
                text_table(
                    archive,
                    media,
                    id_columns=("_id",),
                    needs=("identifier",),
                    drop=("_id",),
                    prepare=self._with_asset,
                ),
            ),
            media_id_terms=("assetID",),
            canonical={**CANONICAL, "format": ("format", "mime")},
            own_media_terms=(),
            filters=tuple(self._filters()),
        )

    def _filters(self) -> Iterator[Filter]:
        """Yield what stays out, by the settings and by rule."""
        import pyarrow.compute as pc

        from wunderkammer.sources._exports import first_filled, text_of
        from wunderkammer.sources._pairs import Filter

        if self.classification:
            yield Filter(
                "core",
                f"the setting classification = {list(self.classification)}",
                lambda table: _holds_one(
                    text_of(table, "higherClassification"), self.classification
                ),
                hint="Their higherClassification holds none of these words.",
            )
        yield Filter(
            "media",
            "the rule that only still images are read",
            lambda table: pc.is_in(
                pc.utf8_lower(pc.coalesce(text_of(table, "type"), "stillimage")),
                value_set=_array(["stillimage", "image"]),
            ),
        )
        if not self.label_images:
            yield Filter(
                "media",
                "the rule that pictures of labels are not read ('_label_' is in the title)",
                lambda table: pc.invert(
                    _holds_one(pc.coalesce(text_of(table, "title"), ""), ("_label_",))
                ),
                hint="To have them, set label_images = true.",
            )
        if self.formats:
            wanted = _array([one.strip().casefold() for one in self.formats])
            yield Filter(
                "media",
                f"the setting formats = {list(self.formats)}",
                lambda table: pc.is_in(
                    pc.utf8_lower(first_filled(table, ("format", "mime"))), value_set=wanted
                ),
            )

    def _with_asset(self, media: pa.Table) -> pa.Table:
        """Return media with the museum's id of the image, and the address of the size wanted."""
        import pyarrow.compute as pc

        from wunderkammer.sources._exports import first_filled, text_of, with_columns

        address = text_of(media, "identifier")
        old, new = (
            pc.struct_field(pc.extract_regex(address, pattern), "asset") for pattern in _ASSET
        )
        asset = pc.utf8_lower(pc.coalesce(new, old))
        known = pc.coalesce(asset, first_filled(media, ("assetID", "identifier")))
        columns = {"assetID": known}
        if self.size == "original":
            original = pc.binary_join_element_wise(
                "https://data.nhm.ac.uk/media/", pc.utf8_lower(new), "/original", ""
            )
            columns["identifier"] = pc.coalesce(original, address)
        return with_columns(media, columns)


def _with_page(occurrences: pa.Table) -> pa.Table:
    """Return specimens with the address of their page, where the export gives none."""
    import pyarrow.compute as pc

    from wunderkammer.sources._exports import text_of, with_columns

    guid = text_of(occurrences, "occurrenceID")
    page = pc.binary_join_element_wise("https://data.nhm.ac.uk/object/", guid, "")
    known = pc.if_else(pc.match_substring_regex(guid, _GUID), page, None)
    return with_columns(
        occurrences, {"references": pc.coalesce(text_of(occurrences, "references"), known)}
    )


def _holds_one(texts: pa.ChunkedArray, words: tuple[str, ...]) -> pa.ChunkedArray:
    """Return which texts hold one of some words, case left aside."""
    import pyarrow.compute as pc

    held = pc.match_substring(texts, words[0], ignore_case=True)
    for word in words[1:]:
        held = pc.or_(held, pc.match_substring(texts, word, ignore_case=True))
    return held


def _array(words: list[str]) -> pa.Array:
    import pyarrow as pa

    return pa.array(words, pa.string())
