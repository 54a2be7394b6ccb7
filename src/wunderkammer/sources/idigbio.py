"""iDigBio: a download with its indexed and its raw tables."""

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
    from wunderkammer.sources._pairs import Pair

_FILES = ("occurrence.csv", "multimedia.csv")
_RAW = ("occurrence_raw.csv", "multimedia_raw.csv")
_CITATION = "records.citation.txt"
_TICK = "On the portal press Download at the table of records: the zip holds what is needed."
_IDS = ("coreid", "id")
_NOISE = ("idigbio_etag", "idigbio_version", "idigbio_mediarecords", "idigbio_records")
_KINDS = {"sounds": "Sound", "video": "MovingImage", "models": "InteractiveResource"}
_CANONICAL = {**CANONICAL, "license": ("license", "WebStatement", "rights", "UsageTerms")}


@registry.register
class IdigbioSource(BulkSource):
    """Every still image of a download of iDigBio; several of one specimen stay several.

    iDigBio writes its own values in lower case. So the publisher's, out of the
    raw tables, stand under the terms; where iDigBio says something else its
    value is kept as ``idigbio_<term>``. A medium is known by iDigBio's id of it.
    """

    name: Literal["idigbio"] = "idigbio"
    version: Literal["1"] = "1"
    path: Path = Field(
        description="The download: the zip, or a folder with occurrence.csv and multimedia.csv.",
        json_schema_extra={"context": True},
    )
    raw: bool = Field(
        True,
        description="Whether to read the publisher's own values, from occurrence_raw.csv and "
        "multimedia_raw.csv. Creator and rights holder stand there alone.",
    )

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Return whether a folder or zip holds the two tables, with iDigBio's ids."""
        from wunderkammer.sources._exports import QUOTED, has_members, header_of

        if not has_members(path, *_FILES):
            return False
        header = header_of(path, _FILES[1], QUOTED)
        return "idigbio:uuid" in header or ("coreid" in header and "ac:accessURI" in header)

    def inputs(self) -> list[Path]:
        """Return the zip, or the tables of the folder."""
        from wunderkammer.sources._archive import open_archive
        from wunderkammer.sources._exports import find_member

        with open_archive(self.path) as archive:
            read = [find_member(archive, name, hint=_TICK) for name in _FILES]
            read += [name for name in (*_RAW, _CITATION) if name in archive.names]
            return list(dict.fromkeys(archive.locate(name) for name in read))

    def images_root(self) -> None:
        """Return None: the images are where their publishers keep them."""
        return

    def citation(self) -> str:
        """Return how iDigBio asks to have the download cited; empty if it does not say."""
        from wunderkammer.sources._archive import open_archive

        with open_archive(self.path) as archive:
            if _CITATION not in archive.names:
                return ""
            with archive.open(_CITATION) as stream:
                text = stream.read(1 << 20).decode("utf-8", "replace")
        return " ".join(text.split())

    def batches(self, scratch: Path) -> Iterator[pa.Table | list[Rejected]]:
        """Yield a row for each still image of each specimen, and why other rows give none.

        Raises
        ------
        SourceError
            If a table or a column is missing.
        """
        from wunderkammer.sources import _idigbio_raw
        from wunderkammer.sources._archive import open_archive
        from wunderkammer.sources._pairs import read_pair

        with open_archive(self.path) as archive:
            (scratch / "pair").mkdir()
            pair = _pair(archive)
            indexed = read_pair(pair, scratch / "pair")
            records = (
                _idigbio_raw.with_publishers(indexed, pair, archive, scratch)
                if self.raw
                else indexed
            )
            for batch in records:
                yield batch if isinstance(batch, list) else _shown(batch)


def _pair(archive: Archive) -> Pair:
    """Return the two indexed tables."""
    from wunderkammer.sources._exports import find_member, text_table
    from wunderkammer.sources._idigbio_raw import names_of_media, names_of_specimens
    from wunderkammer.sources._pairs import Pair

    occurrences, media = (find_member(archive, name, hint=_TICK) for name in _FILES)
    table = text_table(
        archive,
        media,
        id_columns=_IDS,
        needs=("ac:accessURI",),
        names=names_of_media,
        drop=("coreid", *_NOISE),
        prepare=_with_type,
    )
    has_ids = any(column.name == "providerManagedID" for column in table.columns)
    return Pair(
        scheme="idigbio",
        core=text_table(
            archive,
            occurrences,
            id_columns=_IDS,
            names=names_of_specimens,
            drop=_NOISE,
            prepare=_with_coordinates,
        ),
        media=(table,),
        media_id_terms=("providerManagedID",) if has_ids else ("accessURI",),
        canonical=_CANONICAL,
        own_media_terms=(),
    )


def _with_type(media: pa.Table) -> pa.Table:
    """Return media with the type that iDigBio sorts them by, where they state none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from wunderkammer.sources._exports import text_of, with_columns

    kinds = pc.index_in(text_of(media, "idigbio_mediaType"), value_set=pa.array(list(_KINDS)))
    sorted_by = pa.array(list(_KINDS.values())).take(kinds.combine_chunks())
    return with_columns(media, {"type": pc.coalesce(text_of(media, "type"), sorted_by)})


def _with_coordinates(specimens: pa.Table) -> pa.Table:
    """Return specimens with the coordinates that iDigBio keeps as JSON, in degrees."""
    import pyarrow.compute as pc

    from wunderkammer.sources._exports import text_of, with_columns

    point = text_of(specimens, "idigbio_geoPoint")
    columns = {}
    for name, key in (("decimalLatitude", "lat"), ("decimalLongitude", "lon")):
        found = pc.extract_regex(point, rf'"{key}":\s*(?P<degrees>-?[0-9.eE+-]+)')
        columns[name] = pc.coalesce(text_of(specimens, name), pc.struct_field(found, "degrees"))
    return with_columns(specimens, columns)


def _shown(records: pa.Table) -> pa.Table:
    """Return records with their page at iDigBio, without the id that only joined them."""
    import pyarrow.compute as pc

    from wunderkammer.sources._exports import text_of, with_columns

    page = pc.binary_join_element_wise(
        "https://www.idigbio.org/portal/records/", text_of(records, "coreid"), ""
    )
    references = pc.coalesce(text_of(records, "references"), page)
    return with_columns(records, {"references": references}).drop_columns(["coreid"])
