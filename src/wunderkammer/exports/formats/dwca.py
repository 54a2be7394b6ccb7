"""A Darwin Core archive: occurrences, their media, identifications and measurements."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from wunderkammer.exports import eml, measurements, opinions
from wunderkammer.exports.addresses import address_of, address_option
from wunderkammer.exports.archive_tables import ArchiveTable, write_meta
from wunderkammer.exports.formats import Format, registry
from wunderkammer.exports.selection import Chosen, Medium, licences_of
from wunderkammer.vocab import term_addresses as addresses

_OF_THE_CORE, _OF_THE_MEDIUM = "core_", "media_"
_INNER = {"media_id", "specimen_id", "original_file", "year_from", "year_to", "id"}
_OURS = (
    "accessURI", "identifier", "type", "format", "license", "WebStatement", "UsageTerms",
    "rightsHolder", "Owner", "creator", "Credit", "providerManagedID", "derivedFrom",
    "variantLiteral", "hashFunction", "hashValue", "PixelXDimension", "PixelYDimension",
    "furtherInformationURL",
)  # fmt: skip
"""Terms of a medium that are told of each, whether its source does or not."""

_EXTRAS = "dynamicProperties"


@registry.register
class DwcaFormat(Format):
    """A Darwin Core archive: occurrences, media, identifications, measurements, for GBIF.

    The occurrences are as their sources describe them; what people and software said since
    stands in the identifications and measurements. Columns that are no terms go into
    dynamicProperties. Licence and rights holder stand with each medium.
    """

    name: Literal["dwca"] = "dwca"
    version: Literal["1"] = "1"
    examples: ClassVar[tuple[str, ...]] = (
        "--to moths.zip --data-licence CC0",
        "--to moths.zip --corrected --original-url 'https://example.org/img/{catalogNumber}.jpg'",
    )
    corrected: bool = Field(
        default=False, description="Tell occurrences as people have corrected them since."
    )
    data_licence: str = Field(
        "",
        description="Licence of the records: GBIF takes CC0, CC BY 4.0 and CC BY-NC 4.0. Empty: "
        "that of the media, if all have the same.",
    )
    basis_of_record: str = Field(
        "Occurrence", description="basisOfRecord where a source states none."
    )
    original_url: str = address_option("of each original whose record names none")
    cutout_url: str = address_option("of each cut-out, which makes it a medium of the archive")
    deepzoom_url: str = address_option("of each picture's tiles")
    page_url: str = address_option("of the page about each medium")

    def write(self, chosen: Chosen, folder: Path) -> Mapping[str, int]:
        """Write the four tables, meta.xml and eml.xml."""
        terms = _Terms(chosen)
        made = {
            "occurrence.txt": (addresses.OCCURRENCE, terms.core),
            "multimedia.txt": (addresses.MULTIMEDIA, terms.medium),
            "identification.txt": (addresses.IDENTIFICATION, _addresses(opinions.TERMS)),
            "measurement.txt": (addresses.MEASUREMENT, _addresses(measurements.TERMS)),
        }
        with ExitStack() as stack:
            files = [
                stack.enter_context(ArchiveTable(folder, file, kind, columns))
                for file, (kind, columns) in made.items()
            ]
            rows = _Rows(self, chosen, terms, files)
            for media in chosen.specimens(verbatim=True):
                rows.add(media)
        write_meta(folder, files[0], files[1:])
        runs = chosen.collection.runs(1)
        date = str(runs[0]["started"])[:10] if runs else "1970-01-01"
        licences = licences_of(rows.rights)
        about = chosen.collection.configuration.about
        described = eml.DataSet(about, date, self.data_licence, licences)
        (folder / eml.FILE).write_bytes(eml.eml(described))
        counts = zip(("occurrences", "multimedia", "identifications", "measurements"), files,
                     strict=True)  # fmt: skip
        return {name: file.n_rows for name, file in counts}


def _addresses(terms: tuple[str, ...]) -> dict[str, str]:
    return {name: addresses.occurrence_address(name) for name in terms}


class _Terms:
    """Which columns of the records go where.

    Attributes
    ----------
    core, medium : dict of str to str
        Address by term.
    extras : list of str
        Columns that are no terms.
    """

    def __init__(self, chosen: Chosen) -> None:
        self.core = {"occurrenceID": addresses.occurrence_address("occurrenceID")}
        self.core["basisOfRecord"] = addresses.occurrence_address("basisOfRecord")
        self.medium: dict[str, str] = {}
        self.extras: list[str] = []
        names = set(chosen.terms)
        for name in sorted(names - _INNER):
            self._put(name)
        if self.extras and _EXTRAS not in self.core:
            self.core[_EXTRAS] = addresses.occurrence_address(_EXTRAS)
        self.medium |= {name: addresses.medium_address(name) for name in _OURS}

    def _put(self, name: str) -> None:
        """Give a column its place."""
        for prefix, place, address in (
            (_OF_THE_CORE, self.core, addresses.occurrence_address),
            (_OF_THE_MEDIUM, self.medium, addresses.medium_address),
        ):
            inner = name.removeprefix(prefix)
            if inner != name and address(inner):
                place[inner] = address(inner)
                return
        medium = addresses.medium_address(name)
        if name in addresses.MEDIUM_TERMS and medium:
            self.medium[name] = medium
        elif addresses.occurrence_address(name):
            self.core[name] = addresses.occurrence_address(name)
        else:
            self.extras.append(name)


class _Rows:
    """The rows of an archive on their way."""

    def __init__(
        self, form: DwcaFormat, chosen: Chosen, terms: _Terms, files: list[ArchiveTable]
    ) -> None:
        self._form, self._terms = form, terms
        self._core, self._media, self._named, self._measured = files
        self._opinions = opinions.Opinions(chosen.collection)
        self._measurements = measurements.Measurements(chosen.collection)
        self._taken: set[str] = set()
        self.rights: list[Any] = []

    def add(self, media: list[Medium]) -> None:
        """Add an occurrence with all that belongs to it."""
        first = media[0]
        records = [dict(one.row if self._form.corrected else one.row["record"]) for one in media]
        core_id = self._core_id(first, records)
        cells = self._occurrence(records)
        cells["occurrenceID"] = cells.get("occurrenceID") or core_id
        self._core.write(core_id, cells)
        told: set[str] = set()
        n_opinions = 0
        for medium, record in zip(media, records, strict=True):
            original = medium.text("derivedFromMediaID") or medium.media_id
            if original not in told:
                told.add(original)
                self._media.write(core_id, self._medium(medium, record, original))
                self.rights.append(medium.rights)
            self._write_made(core_id, medium)
            for opinion in self._opinions.of(medium, record):
                n_opinions += 1
                identity = {"identificationID": f"{core_id}#identification-{n_opinions}"}
                self._named.write(core_id, {**opinion.terms, **identity})
            for measured in self._measurements.of(medium):
                self._measured.write(core_id, measured)

    def _core_id(self, medium: Medium, records: list[dict[str, Any]]) -> str:
        """Return the id of an occurrence: the source's own where it tells it from all others."""
        for name in ("id", "occurrenceID"):
            text = " ".join(str(records[0].get(name) or "").split())
            if text and text not in self._taken:
                self._taken.add(text)
                return text
        self._taken.add(medium.specimen)
        return medium.specimen

    def _occurrence(self, records: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the terms of an occurrence; of several media the first that tells one."""
        cells = {}
        for name in self._terms.core:
            stated = (one.get(f"{_OF_THE_CORE}{name}") for one in records)
            plain = (one.get(name) for one in records)
            own = name in addresses.MEDIUM_TERMS
            cells[name] = next(filter(None, stated), None) or (
                None if own else next(filter(None, plain), None)
            )
        cells["basisOfRecord"] = cells["basisOfRecord"] or self._form.basis_of_record
        extras = {name: records[0][name] for name in self._terms.extras if records[0].get(name)}
        if extras and not cells.get(_EXTRAS):
            cells[_EXTRAS] = json.dumps(extras, ensure_ascii=False)
        return cells

    def _medium(self, medium: Medium, record: dict[str, Any], original: str) -> dict[str, Any]:
        """Return the terms of an original."""
        rights, form = medium.rights, self._form
        cells = {
            name: record.get(f"{_OF_THE_MEDIUM}{name}") or record.get(name)
            for name in self._terms.medium
        }
        stated = str(cells.pop("accessURI", None) or "")
        on_the_web = stated.casefold().startswith(("http://", "https://"))
        address = stated if on_the_web else address_of(form.original_url, medium) or stated
        file = record.get("original_file") or stated or original
        kind = mimetypes.guess_type(str(address or file))[0]
        ours = {
            "accessURI": address,
            "identifier": None if address == stated and stated else file,
            "type": "StillImage", "format": kind,
            "license": rights.licence, "WebStatement": rights.url, "UsageTerms": rights.name,
            "rightsHolder": rights.holder, "creator": rights.creator, "Credit": rights.credit,
            "providerManagedID": original,
            "hashFunction": "SHA-256" if medium.text("sha256") else None,
            "hashValue": medium.row.get("sha256"),
            "PixelXDimension": medium.row.get("width"),
            "PixelYDimension": medium.row.get("height"),
            "furtherInformationURL": address_of(form.page_url, medium),
        }  # fmt: skip
        return {**cells, **{name: cells.get(name) or value for name, value in ours.items()}}

    def _write_made(self, core_id: str, medium: Medium) -> None:
        """Write what was made of a medium and is published."""
        made = (
            ("cutout", self._form.cutout_url, "specimen cut out"),
            ("deepzoom", self._form.deepzoom_url, "tiles of the picture at every zoom, PMTiles"),
        )
        for cell, pattern, what in made:
            if not pattern or not medium.text(cell):
                continue
            address = address_of(pattern, medium)
            rights = medium.rights
            self._media.write(core_id, {
                "accessURI": address, "identifier": f"{medium.media_id}#{cell}",
                "type": "StillImage" if cell == "cutout" else "InteractiveResource",
                "format": mimetypes.guess_type(address)[0],
                "license": rights.licence, "WebStatement": rights.url, "UsageTerms": rights.name,
                "rightsHolder": rights.holder, "creator": rights.creator,
                "Credit": rights.credit, "variantLiteral": what,
                "derivedFrom": medium.text("derivedFromMediaID") or medium.media_id,
            })  # fmt: skip
