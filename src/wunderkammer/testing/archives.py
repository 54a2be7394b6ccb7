"""Makers of tiny archives, one for each source, in the shape of real exports.

Whoever adds a source adds a maker to :data:`MAKERS`; the contract tests then
apply to it.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from wunderkammer.sources import registry
from wunderkammer.testing.export_makers import make_idigbio, make_nhm
from wunderkammer.testing.fake_archive import (
    CC0,
    CC_BY,
    ONE_PIXEL,
    SPECIMENS,
    FakeArchive,
    Maker,
    Specimen,
    write_images,
)
from wunderkammer.testing.gbif_makers import make_gbif
from wunderkammer.testing.library_makers import make_bhl, make_coco, make_iiif

__all__ = ["CC0", "CC_BY", "MAKERS", "ONE_PIXEL", "SPECIMENS", "FakeArchive", "Maker", "Specimen"]


def make_folder(root: Path, specimens: Sequence[Specimen] = SPECIMENS) -> FakeArchive:
    """Write a folder of photographs, one of which is a link that leads out of it."""
    write_images(root / "images" / "drawer", specimens)
    (root / "elsewhere.gif").write_bytes(ONE_PIXEL)
    (root / "images" / "link.gif").symlink_to(root / "elsewhere.gif")
    source = registry.get("folder").model_validate({"path": root / "images"})
    n = len(specimens)
    return FakeArchive(source, n + 1, n, has_licences=False)


TABLE_COLUMNS = (
    "Filename", "Catalogue No.", "scientificName", "eventDate", "Photographer", "Licence",
    "Copyright holder", "Remarks",
)  # fmt: skip


def make_table(root: Path, specimens: Sequence[Specimen] = SPECIMENS) -> FakeArchive:
    """Write a CSV of photographs beside their folder; its last row names no image."""
    write_images(root / "images", specimens)
    with (root / "records.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(TABLE_COLUMNS)
        for one in specimens:
            writer.writerow(
                (one.file, one.catalog_number, one.scientific_name, one.event_date, one.creator,
                 one.license, "The Museum", one.remarks)
            )  # fmt: skip
        writer.writerow(("", "K.9999", "Nemo nemo", "", "", CC0, "The Museum", ""))
    paths = {"path": root / "records.csv", "images": root / "images"}
    n = len(specimens)
    return FakeArchive(registry.get("table").model_validate(paths), n + 1, n)


CORE_TERMS = (
    "http://rs.tdwg.org/dwc/terms/occurrenceID",
    "http://rs.tdwg.org/dwc/terms/catalogNumber",
    "http://rs.tdwg.org/dwc/terms/scientificName",
    "http://rs.tdwg.org/dwc/terms/eventDate",
    "http://rs.tdwg.org/dwc/terms/occurrenceRemarks",
    "http://purl.org/dc/terms/license",
)
MEDIA_TERMS = (
    "http://purl.org/dc/terms/identifier",
    "http://purl.org/dc/terms/type",
    "http://purl.org/dc/terms/format",
    "http://purl.org/dc/terms/references",
    "http://purl.org/dc/terms/title",
    "http://purl.org/dc/terms/creator",
    "http://purl.org/dc/terms/license",
    "http://purl.org/dc/terms/rightsHolder",
)


def make_dwca(root: Path, specimens: Sequence[Specimen] = SPECIMENS) -> FakeArchive:
    """Write a zipped Darwin Core archive beside a folder of its photographs.

    Besides one photograph a specimen it holds a sound, a medium of a specimen
    that is not in the core, and a specimen without media.
    """
    write_images(root / "images", specimens)
    core = [
        (f"occ:{one.catalog_number}", one.catalog_number, one.scientific_name, one.event_date,
         one.remarks, CC0)
        for one in specimens
    ]  # fmt: skip
    core.append(("occ:K.9999", "K.9999", "Nemo nemo", "", "", CC0))
    media = [
        (f"occ:{one.catalog_number}", one.address, "StillImage", "image/gif",
         f"https://example.org/{one.catalog_number}", one.scientific_name, one.creator, one.license,
         "The Museum")
        for one in specimens
    ]  # fmt: skip
    lost = ("https://images.example.org/lost.gif", "StillImage", "image/gif", "", "", "", CC0, "")
    song = ("https://images.example.org/song.mp3", "Sound", "audio/mpeg", "", "", "", CC0, "")
    media += [("occ:lost", *lost), (core[0][0], *song)]
    write_dwca(root / "dwca.zip", core, media)
    paths = {"path": root / "dwca.zip", "images": root / "images"}
    n = len(specimens)
    return FakeArchive(registry.get("dwca").model_validate(paths), n + 3, n)


def write_dwca(
    path: Path,
    core: Sequence[Sequence[str]],
    media: Sequence[Sequence[str]],
    *,
    core_terms: Sequence[str] = CORE_TERMS,
    media_terms: Sequence[str] = MEDIA_TERMS,
    extension: str = "http://rs.gbif.org/terms/1.0/Multimedia",
) -> None:
    """Write a Darwin Core archive.

    Parameters
    ----------
    path : Path
        The zip to write.
    core, media : sequence of rows
        Cells in the order of the terms. The first of a core row is its id; a
        media row begins with the id of its core row, before its terms.
    core_terms, media_terms : sequence of str, optional
        Addresses of the terms.
    extension : str, optional
        Row type of the media.
    """
    occurrence = "http://rs.tdwg.org/dwc/terms/Occurrence"
    meta = (
        '<?xml version="1.0" encoding="utf-8"?>\n<archive xmlns="http://rs.tdwg.org/dwc/text/">\n'
        f"{_described('core', occurrence, 'occurrence.csv', core_terms, 0)}"
        f"{_described('extension', extension, 'multimedia.csv', media_terms, 1)}</archive>\n"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("meta.xml", meta)
        archive.writestr("occurrence.csv", _csv(["id", *core_terms][1:], core))
        archive.writestr("multimedia.csv", _csv(["coreid", *media_terms], media))


def _described(tag: str, row_type: str, file: str, terms: Sequence[str], first: int) -> str:
    key = "id" if tag == "core" else "coreid"
    fields = "".join(f'<field index="{n}" term="{t}"/>\n' for n, t in enumerate(terms, start=first))
    return (
        f'<{tag} encoding="UTF-8" fieldsTerminatedBy="," linesTerminatedBy="\\n" '
        f'fieldsEnclosedBy="&quot;" ignoreHeaderLines="1" rowType="{row_type}">\n'
        f'<files><location>{file}</location></files>\n<{key} index="0"/>\n{fields}</{tag}>\n'
    )


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([name.rsplit("/", 1)[-1] for name in header])
    writer.writerows(rows)
    return out.getvalue()


MAKERS: Mapping[str, Maker] = {
    "bhl": make_bhl,
    "coco": make_coco,
    "dwca": make_dwca,
    "folder": make_folder,
    "gbif": make_gbif,
    "idigbio": make_idigbio,
    "iiif": make_iiif,
    "nhm": make_nhm,
    "table": make_table,
}
"""The maker of each source's archive, by the source's name."""
