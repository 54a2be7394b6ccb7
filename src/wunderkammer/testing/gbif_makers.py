"""Makers of tiny exports of GBIF: a download and a harvested search."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wunderkammer.sources import registry
from wunderkammer.testing.export_makers import (
    DATASET,
    DWC,
    HOLDER,
    NOBODY,
    Rows,
    described,
    number_of,
    write_table,
    write_zip,
)
from wunderkammer.testing.fake_archive import CC0, SPECIMENS, FakeArchive, Specimen

DATASET_CITATION = (
    "Museum T (2024). Butterflies of nowhere. Occurrence dataset. Accessed via GBIF.org."
)
"""How that data set is to be cited."""

DOWNLOAD_DOI = "10.15468/dl.abc123"
"""DOI of the download that :func:`make_gbif` writes."""

_IMAGE = "http://rs.gbif.org/terms/1.0/Multimedia"


def gbif_occurrence(specimen: Specimen, **more: str) -> dict[str, str]:
    """Return a row of ``occurrence.txt``: what GBIF makes of a record."""
    return {
        "gbifID": str(1_000_000 + number_of(specimen)),
        "license": "CC0_1_0",
        "rightsHolder": "",
        "bibliographicCitation": "",
        "references": "",
        "institutionCode": "M",
        "collectionCode": "Lep",
        "basisOfRecord": "PRESERVED_SPECIMEN",
        "occurrenceID": f"urn:m:{specimen.catalog_number}",
        "catalogNumber": specimen.catalog_number,
        "eventDate": specimen.event_date if specimen.event_date[:1].isdecimal() else "",
        "scientificName": specimen.scientific_name,
        "kingdom": "Animalia",
        "order": "Lepidoptera",
        "datasetKey": DATASET,
        "mediaType": "StillImage",
        "issue": "",
    } | more


def gbif_verbatim(specimen: Specimen, **more: str) -> dict[str, str]:
    """Return a row of ``verbatim.txt``: what the publisher wrote."""
    return {
        "gbifID": str(1_000_000 + number_of(specimen)),
        "basisOfRecord": "PreservedSpecimen",
        "catalogNumber": specimen.catalog_number,
        "eventDate": specimen.event_date,
        "scientificName": specimen.scientific_name,
        "kingdom": "Animalia",
        "order": "",
        "fieldNumber": "",
    } | more


def gbif_medium(specimen: Specimen, **more: str) -> dict[str, str]:
    """Return a row of ``multimedia.txt``."""
    return {
        "gbifID": str(1_000_000 + number_of(specimen)),
        "type": "StillImage",
        "format": "image/gif",
        "identifier": specimen.address,
        "references": f"https://example.org/{specimen.catalog_number}",
        "title": "",
        "description": "",
        "source": "",
        "audience": "",
        "created": "",
        "creator": specimen.creator,
        "contributor": "",
        "publisher": "",
        "license": specimen.license,
        "rightsHolder": HOLDER,
    } | more


def gbif_files(occurrences: Rows, verbatim: Rows, media: Rows) -> dict[str, str]:
    """Return the files of a download."""
    tables = {"occurrence.txt": occurrences, "verbatim.txt": verbatim, "multimedia.txt": media}
    elements = "".join(
        described(tag, row_type, file, key, list(tables[file][0]))
        for tag, row_type, file, key in (
            ("core", f"{DWC}Occurrence", "occurrence.txt", "id"),
            ("extension", f"{DWC}Occurrence", "verbatim.txt", "coreid"),
            ("extension", _IMAGE, "multimedia.txt", "coreid"),
        )
    )
    return {name: write_table(rows, delimiter="\t") for name, rows in tables.items()} | {
        "meta.xml": f'<archive xmlns="http://rs.tdwg.org/dwc/text/">\n{elements}</archive>\n',
        "metadata.xml": _eml(f"GBIF Occurrence Download {DOWNLOAD_DOI}", "", "2026-03-04"),
        "rights.txt": f"Dataset: Butterflies of nowhere\nRights as supplied: {CC0}\n",
        "citations.txt": "When using this dataset please use the following citation and pay "
        f"attention to the rights documented in rights.txt:\n{DATASET_CITATION}\n",
        f"dataset/{DATASET}.xml": _eml("Butterflies of nowhere", DATASET_CITATION, "2024-01-01"),
    }


def _eml(title: str, citation: str, day: str) -> str:
    cited = f'<citation identifier="10.1234/abcd">{citation}</citation>' if citation else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<eml:eml xmlns:eml="https://eml.ecoinformatics.org/eml-2.2.0" scope="system">\n'
        f'<dataset><title xml:lang="eng">{title}</title><pubDate>{day}</pubDate></dataset>\n'
        f"<additionalMetadata><metadata><gbif><dateStamp>{day}T01:02:03Z</dateStamp>{cited}</gbif>"
        "</metadata></additionalMetadata></eml:eml>\n"
    )


def make_gbif(root: Path, specimens: Sequence[Specimen] = SPECIMENS) -> FakeArchive:
    """Write an occurrence download of GBIF.

    Besides one photograph a specimen it holds a sound, a medium of an occurrence
    that is not there, and an occurrence without media. GBIF could not read one
    of the dates, which stands in verbatim.txt alone.
    """
    lost = Specimen("K.8888", "Nemo amissus")
    media = [gbif_medium(one) for one in (*specimens, lost)]
    song = "https://images.example.org/song.mp3"
    media.append(gbif_medium(specimens[0], type="Sound", format="audio/mpeg", identifier=song))
    everybody = (*specimens, NOBODY)
    files = gbif_files(
        [gbif_occurrence(one) for one in everybody],
        [gbif_verbatim(one) for one in reversed(everybody)],
        media,
    )
    path = write_zip(root / "0012345-260301000000000.zip", files)
    source = registry.get("gbif").model_validate({"path": path})
    return FakeArchive(source, len(specimens) + 3, len(specimens))


def gbif_answer(specimen: Specimen, **more: Any) -> dict[str, Any]:
    """Return an occurrence as GBIF's search answers it."""
    medium = {name: value for name, value in gbif_medium(specimen).items() if value}
    occurrence = {name: value for name, value in gbif_occurrence(specimen).items() if value}
    return {
        **occurrence,
        "key": int(occurrence["gbifID"]),
        "media": [{name: value for name, value in medium.items() if name != "gbifID"}],
        "issues": ["COORDINATE_ROUNDED"],
        "identifiers": [],
        "extensions": {},
    } | more


def write_gbif_harvest(folder: Path, answers: Sequence[Mapping[str, Any]]) -> Path:
    """Write what a harvested search leaves in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in answers)
    (folder / "occurrences.jsonl").write_text(lines, encoding="utf-8")
    said = {"title": "Butterflies of nowhere", "citation": DATASET_CITATION, "license": CC0}
    (folder / "datasets.json").write_text(json.dumps({DATASET: said}), encoding="utf-8")
    asked = {
        "search": {"taxon": "Papilio"},
        "address": "https://www.gbif.org/occurrence/search?taxonKey=4BTM4",
        "ended": "2026-03-04T05:06:07+00:00",
    }
    (folder / "search.json").write_text(json.dumps(asked), encoding="utf-8")
    return folder
