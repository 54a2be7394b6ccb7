"""Makers of tiny exports of two portals: the Natural History Museum's and iDigBio."""

from __future__ import annotations

import csv
import hashlib
import io
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from wunderkammer.sources import registry
from wunderkammer.testing.fake_archive import CC0, SPECIMENS, FakeArchive, Specimen

HOLDER = "The Museum"
"""Who holds the rights in every photograph."""

DATASET = "0d5e1a3c-2f1b-4c57-9d0b-6f2a3e6f9a11"
"""Key of the only data set of an export."""

DWC = "http://rs.tdwg.org/dwc/terms/"
"""Namespace of Darwin Core."""

NOBODY = Specimen("K.9999", "Nemo nemo", "", CC0)
"""A specimen that was never photographed."""

Rows = Sequence[Mapping[str, str]]


def number_of(specimen: Specimen) -> int:
    """Return the whole number in a catalogue number, which stands for the portals' own ids."""
    return int("".join(letter for letter in specimen.catalog_number if letter.isdecimal()))


def guid_of(specimen: Specimen, kind: str = "occurrence") -> str:
    """Return a UUID that a portal would give a specimen or its photograph."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}:{specimen.catalog_number}"))


def write_table(rows: Rows, *, delimiter: str = ",", all_quoted: bool = False) -> str:
    """Return rows as delimited text; the columns are those of the first row.

    Between tabs nothing is quoted and white space becomes blanks, as GBIF writes.
    """
    if delimiter == "\t":
        lines = [list(rows[0]), *(list(row.values()) for row in rows)]
        return "".join("\t".join(" ".join(c.split()) for c in line) + "\n" for line in lines)
    out = io.StringIO(newline="")
    kind = csv.unix_dialect if all_quoted else csv.excel
    writer = csv.DictWriter(out, list(rows[0]), dialect=kind, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_zip(path: Path, files: Mapping[str, str]) -> Path:
    """Write a zip of texts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def described(tag: str, row_type: str, file: str, key: str, columns: Sequence[str]) -> str:
    """Return an element of meta.xml that describes a file with tabs."""
    fields = "".join(f'<field index="{n}" term="{DWC}{name}"/>\n' for n, name in enumerate(columns))
    return (
        f'<{tag} encoding="utf-8" fieldsTerminatedBy="\\t" linesTerminatedBy="\\n" '
        f'fieldsEnclosedBy="" ignoreHeaderLines="1" rowType="{row_type}">\n'
        f'<files><location>{file}</location></files>\n<{key} index="0"/>\n{fields}</{tag}>\n'
    )


# Natural History Museum


def nhm_address(specimen: Specimen) -> str:
    """Return the address of a photograph: of the newer style for even numbers, else the older."""
    if number_of(specimen) % 2 == 0:
        return f"https://data.nhm.ac.uk/media/{guid_of(specimen, 'image')}"
    asset = hashlib.sha1(specimen.catalog_number.encode(), usedforsecurity=False).hexdigest()
    return f"https://www.nhm.ac.uk/services/media-store/asset/{asset}/contents/preview"


def nhm_specimen(specimen: Specimen, **more: str) -> dict[str, str]:
    """Return a row of ``occurrence.csv``."""
    return {
        "_id": str(number_of(specimen)),
        "basisOfRecord": "Specimen",
        "catalogNumber": specimen.catalog_number,
        "dynamicProperties": '{"donorName": "A. Donor"}',
        "eventDate": specimen.event_date,
        "higherClassification": "Animalia;Arthropoda;Insecta;Lepidoptera",
        "institutionCode": "NHMUK",
        "occurrenceID": guid_of(specimen),
        "occurrenceRemarks": specimen.remarks,
        "scientificName": specimen.scientific_name,
    } | more


def nhm_medium(specimen: Specimen, **more: str) -> dict[str, str]:
    """Return a row of ``multimedia.csv``."""
    return {
        "_id": str(number_of(specimen)),
        "type": "StillImage",
        "title": f"{specimen.catalog_number}_dorsal",
        "identifier": nhm_address(specimen),
        "rightsHolder": HOLDER,
        "format": "image/jpeg",
        "license": specimen.license,
        "creator": specimen.creator,
        "created": "2015-03-04",
    } | more


def write_nhm(path: Path, occurrences: Rows, media: Rows) -> Path:
    """Write a download of the museum's portal; its meta.xml is as wrong as the portal's."""
    meta = described("core", f"{DWC}Occurrence", "/tmp/x/occurrence.csv", "id", ["_id"])  # noqa: S108
    return write_zip(
        path,
        {
            "occurrence.csv": write_table(occurrences, all_quoted=True),
            "multimedia.csv": write_table(media, all_quoted=True),
            "meta.xml": f'<archive xmlns="http://rs.tdwg.org/dwc/text/">\n{meta}</archive>\n',
            "eml.xml": "<eml/>\n",
        },
    )


def make_nhm(root: Path, specimens: Sequence[Specimen] = SPECIMENS) -> FakeArchive:
    """Write a download of the museum's portal.

    Besides one photograph a specimen it holds a photograph of labels, a model in
    three dimensions, a medium of a specimen that is not there, and a specimen
    without media.
    """
    first, lost = specimens[0], Specimen("K.8888", "Nemo amissus")
    media = [nhm_medium(one) for one in specimens]
    media += [
        nhm_medium(
            first,
            title="K0001_label_1",
            identifier="https://data.nhm.ac.uk/media/2b1c4a52-55f6-4a5d-9a1e-a3c4c8a3b6f0",
        ),
        nhm_medium(first, type="3D", identifier="https://skfb.ly/abcde", format=""),
        nhm_medium(lost),
    ]
    path = write_nhm(root / "nhm.zip", [nhm_specimen(s) for s in (*specimens, NOBODY)], media)
    source = registry.get("nhm").model_validate({"path": path})
    return FakeArchive(source, len(specimens) + 4, len(specimens))


# iDigBio


def idigbio_occurrence(specimen: Specimen, **more: str) -> dict[str, str]:
    """Return a row of ``occurrence.csv``: in lower case, as iDigBio indexes it."""
    return {
        "coreid": guid_of(specimen),
        "dwc:basisOfRecord": "preservedspecimen",
        "dwc:catalogNumber": specimen.catalog_number.casefold(),
        "idigbio:dateModified": "2020-01-01",
        "dwc:eventDate": specimen.event_date.casefold(),
        "dwc:family": "papilionidae",
        "dwc:scientificName": specimen.scientific_name.casefold(),
        "idigbio:uuid": guid_of(specimen),
        "gbif:genus": "aus",
    } | more


def idigbio_raw(specimen: Specimen, **more: str) -> dict[str, str]:
    """Return a row of ``occurrence_raw.csv``: as the publisher wrote it."""
    return {
        "coreid": guid_of(specimen),
        "dwc:catalogNumber": specimen.catalog_number,
        "dwc:eventDate": specimen.event_date,
        "dwc:family": "",
        "dwc:occurrenceRemarks": specimen.remarks,
        "dwc:scientificName": specimen.scientific_name,
        "inhs:drawer": "17",
    } | more


def idigbio_medium(specimen: Specimen, **more: str) -> dict[str, str]:
    """Return a row of ``multimedia.csv``."""
    return {
        "coreid": guid_of(specimen),
        "ac:accessURI": specimen.address,
        "dcterms:format": "image/jpeg",
        "idigbio:mediaType": "images",
        "dcterms:rights": "CC BY",
        "dc:type": "stillimage",
        "idigbio:uuid": guid_of(specimen, "image"),
        "xmpRights:WebStatement": "",
    } | more


def idigbio_raw_medium(specimen: Specimen, **more: str) -> dict[str, str]:
    """Return a row of ``multimedia_raw.csv``: creator and holder stand here alone."""
    return {
        "coreid": guid_of(specimen),
        "ac:accessURI": specimen.address,
        "dcterms:creator": specimen.creator,
        "dcterms:identifier": specimen.address,
        "dcterms:rights": specimen.license,
        "xmpRights:Owner": HOLDER,
    } | more


def write_idigbio(path: Path, occurrences: Rows, raw: Rows, media: Rows, raw_media: Rows) -> Path:
    """Write a download of iDigBio."""
    cited = (
        f'http://www.idigbio.org/portal (2026),\nQuery: {{"filtered": {{}}}},\n{len(occurrences)} '
        "records, accessed on 2026-03-04T05:06:07.891011,\ncontributed by 1 Recordsets, Recordset "
        f"identifiers:\nhttp://www.idigbio.org/portal/recordsets/{DATASET} (5 records)\n"
    )
    return write_zip(
        path,
        {
            "multimedia.csv": write_table(media),
            "occurrence.csv": write_table(occurrences),
            "occurrence_raw.csv": write_table(raw),
            "multimedia_raw.csv": write_table(raw_media),
            "records.citation.txt": cited,
            "meta.xml": '<archive xmlns="http://rs.tdwg.org/dwc/text/"></archive>\n',
        },
    )


def make_idigbio(root: Path, specimens: Sequence[Specimen] = SPECIMENS) -> FakeArchive:
    """Write a download of iDigBio.

    Besides one photograph a specimen it holds a sound, a medium without a
    specimen, and a specimen without media.
    """
    everybody = (*specimens, NOBODY)
    lost = Specimen("K.8888", "Nemo amissus")
    song = {
        "ac:accessURI": "https://images.example.org/song.mp3",
        "dcterms:format": "audio/mpeg",
        "idigbio:mediaType": "sounds",
        "dc:type": "sound",
        "idigbio:uuid": guid_of(lost, "song"),
    }
    path = write_idigbio(
        root / "idigbio.zip",
        [idigbio_occurrence(one) for one in everybody],
        [idigbio_raw(one) for one in reversed(everybody)],
        [*map(idigbio_medium, (*specimens, lost)), idigbio_medium(specimens[0], **song)],
        [idigbio_raw_medium(one) for one in specimens],
    )
    source = registry.get("idigbio").model_validate({"path": path})
    return FakeArchive(source, len(specimens) + 3, len(specimens))
