"""GBIF: an occurrence download, or a search that was harvested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from wunderkammer.sources import BulkSource, Rejected, batches_of, registry
from wunderkammer.sources._gbif_search import GbifSearch, harvest
from wunderkammer.vocab.audiovisual_core import CANONICAL

if TYPE_CHECKING:
    import pyarrow as pa

    from wunderkammer.sources._archive import Archive
    from wunderkammer.sources._pairs import Pair

__all__ = ["GbifSearch", "GbifSource", "harvest"]

_FILES = ("occurrence.txt", "multimedia.txt")
_VERBATIM = "verbatim.txt"
_EXTRAS = (_VERBATIM, "citations.txt", "rights.txt")
_TICK = "At gbif.org choose the download format Darwin Core Archive: the simple one has no images."
_KEPT = (
    "scientificName", "scientificNameAuthorship", "kingdom", "phylum", "class", "order", "family",
    "genus", "specificEpithet", "infraspecificEpithet", "taxonRank", "typeStatus", "sex",
    "lifeStage", "basisOfRecord", "eventDate", "year", "month", "day", "country", "countryCode",
    "stateProvince", "decimalLatitude", "decimalLongitude", "coordinateUncertaintyInMeters",
    "individualCount", "recordedBy", "identifiedBy", "dateIdentified", "license",
)  # fmt: skip


@registry.register
class GbifSource(BulkSource):
    """Every still image of an occurrence download of GBIF, or of a harvested search.

    What GBIF made of a value stands under its term. Where the publisher wrote
    something else, in ``verbatim.txt``, it is kept as ``verbatim_<term>``.
    ``bibliographicCitation`` says how the data set of a record is to be cited.
    """

    name: Literal["gbif"] = "gbif"
    version: Literal["1"] = "1"
    path: Path = Field(
        description="The download: the zip or its folder; or the folder of a harvested search, or "
        "its file of JSON lines.",
        json_schema_extra={"context": True},
    )
    verbatim: tuple[str, ...] = Field(
        _KEPT,
        description="Terms whose verbatim value is kept where GBIF's differs in more than case "
        "and white space. Empty: none.",
    )

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Return whether a path is a download with GBIF's own files, or a harvested search."""
        from wunderkammer.sources._exports import has_members
        from wunderkammer.sources._gbif_lines import is_harvest

        if is_harvest(path):
            return True
        return any(has_members(path, *_FILES, extra) for extra in _EXTRAS)

    def inputs(self) -> list[Path]:
        """Return the zip, the files of the folder, or those of the harvest."""
        from wunderkammer.sources import _gbif_lines
        from wunderkammer.sources._archive import open_archive
        from wunderkammer.sources._citations import METADATA
        from wunderkammer.sources._exports import find_member

        if _gbif_lines.is_harvest(self.path):
            return _gbif_lines.harvest_files(self.path)
        with open_archive(self.path) as archive:
            read = [find_member(archive, name, hint=_TICK) for name in _FILES]
            read += [
                name
                for name in archive.names
                if name in (_VERBATIM, METADATA) or name.startswith("dataset/")
            ]
            return list(dict.fromkeys(archive.locate(name) for name in read))

    def images_root(self) -> None:
        """Return None: the images are where their publishers keep them."""
        return

    def citation(self) -> str:
        """Return how the download or the search is to be cited; empty if nothing says so."""
        from wunderkammer.sources import _gbif_lines
        from wunderkammer.sources._archive import open_archive
        from wunderkammer.sources._citations import citation_of_download

        if _gbif_lines.is_harvest(self.path):
            return _gbif_lines.citation_of_search(self.path)
        with open_archive(self.path) as archive:
            return citation_of_download(archive)

    def batches(self, scratch: Path) -> Iterator[pa.Table | list[Rejected]]:
        """Yield a row for each still image of each occurrence, and why other rows give none.

        Raises
        ------
        SourceError
            If a table or a column is missing.
        """
        from wunderkammer.sources import _gbif_lines
        from wunderkammer.sources._archive import open_archive
        from wunderkammer.sources._citations import citations_of_datasets

        if _gbif_lines.is_harvest(self.path):
            cited = _gbif_lines.citations_of_harvest(self.path)
            for batch in batches_of(_gbif_lines.read_lines(self.path)):
                yield batch if isinstance(batch, list) else _with_credit(batch, cited)
            return
        with open_archive(self.path) as archive:
            cited = citations_of_datasets(archive)
            for batch in self._download(archive, scratch):
                yield batch if isinstance(batch, list) else _with_credit(batch, cited)

    def _download(self, archive: Archive, scratch: Path) -> Iterator[pa.Table | list[Rejected]]:
        """Yield the media of a download, with verbatim values where GBIF's differ."""
        from wunderkammer.sources._beside import with_beside
        from wunderkammer.sources._exports import TABBED, read_header, text_table
        from wunderkammer.sources._pairs import read_pair

        (scratch / "pair").mkdir()
        pair = _pair(archive)
        records = read_pair(pair, scratch / "pair")
        if not self.verbatim or _VERBATIM not in archive.names:
            yield from records
            return
        header = _names(read_header(archive, _VERBATIM, TABBED)[1])
        beside = text_table(
            archive,
            _VERBATIM,
            id_columns=("gbifID",),
            dialect=TABBED,
            names=_names,
            drop=[name for name in header if name != "gbifID" and name not in self.verbatim],
        )
        yield from with_beside(
            records,
            pair,
            beside,
            scratch / "verbatim",
            specimen="gbifID",
            key=lambda rows: rows.column("gbifID"),
            merge=_with_verbatim,
        )


def _pair(archive: Archive) -> Pair:
    """Return the two tables of a download."""
    from wunderkammer.sources._exports import TABBED, find_member, text_table
    from wunderkammer.sources._pairs import Pair

    occurrences, media = (find_member(archive, name, hint=_TICK) for name in _FILES)
    return Pair(
        scheme="gbif",
        core=text_table(archive, occurrences, id_columns=("gbifID",), dialect=TABBED, names=_names),
        media=(
            text_table(
                archive,
                media,
                id_columns=("gbifID",),
                needs=("identifier",),
                dialect=TABBED,
                names=_names,
                drop=("gbifID",),
            ),
        ),
        canonical=CANONICAL,
        own_media_terms=(),
    )


def _names(header: Sequence[str]) -> list[str]:
    """Return the columns as GBIF calls them, each once; the id is spelt as it does."""
    from wunderkammer.sources._delimited import unique_names

    return unique_names("gbifID" if name.casefold() == "gbifid" else name for name in header)


def _with_verbatim(records: pa.Table, verbatim: pa.Table) -> pa.Table:
    """Return records with the publisher's values that are not GBIF's."""
    import pyarrow.compute as pc

    from wunderkammer.sources._exports import differ, text_of, with_filled

    columns = {}
    for name in verbatim.column_names:
        if name == "gbifID":
            continue
        written = verbatim.column(name)
        # of what both state the medium's licence has the term, and GBIF's own is beside it
        of_gbif = text_of(records, f"core_{name}" if name in CANONICAL else name)
        if name in CANONICAL:
            of_gbif = pc.coalesce(of_gbif, text_of(records, name))
        kept = pc.if_else(differ(written, of_gbif), written, None)
        columns[f"verbatim_{name}"] = kept
    return with_filled(records, columns)


def _with_credit(records: pa.Table, cited: Mapping[str, str]) -> pa.Table:
    """Return records with the citation of their data set and their page at GBIF."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from wunderkammer.sources._exports import text_of, with_columns

    keys = pa.array(list(cited), pa.string())
    texts = pa.array(list(cited.values()), pa.string())
    of_dataset = texts.take(
        pc.index_in(text_of(records, "datasetKey"), value_set=keys).combine_chunks()
    )
    page = pc.binary_join_element_wise(
        "https://www.gbif.org/occurrence/", text_of(records, "gbifID"), ""
    )
    return with_columns(
        records,
        {
            "bibliographicCitation": pc.coalesce(
                text_of(records, "bibliographicCitation"), of_dataset
            ),
            "references": pc.coalesce(text_of(records, "references"), page),
        },
    )
