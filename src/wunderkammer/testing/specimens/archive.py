"""Writes specimens as a Darwin Core archive with images and their truth."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

import cv2
import numpy as np
from numpy.typing import NDArray

from wunderkammer.testing.specimens.canvas import Image
from wunderkammer.testing.specimens.generator import SpecimenGenerator
from wunderkammer.testing.specimens.misnaming import Misnaming
from wunderkammer.testing.specimens.specimen import Specimen
from wunderkammer.testing.specimens.taxonomy import Taxon

DWC = "http://rs.tdwg.org/dwc/terms/"
DC = "http://purl.org/dc/terms/"
MULTIMEDIA = "http://rs.gbif.org/terms/1.0/Multimedia"

OCCURRENCE_TERMS = (
    "occurrenceID", "institutionCode", "collectionCode", "catalogNumber", "basisOfRecord",
    "scientificName", "scientificNameAuthorship", "kingdom", "phylum", "class", "order", "family",
    "genus", "specificEpithet", "taxonRank", "sex", "typeStatus", "recordedBy", "eventDate",
    "country", "locality", "decimalLatitude", "decimalLongitude", "license", "rightsHolder",
)  # fmt: skip
MULTIMEDIA_TERMS = (
    "type", "format", "identifier", "references", "title", "description", "creator", "license",
    "rightsHolder",
)  # fmt: skip
TRUTH_COLUMNS = (
    "file", "occurrenceID", "kind", "view", "quality", "reason", "angle_deg", "damage", "order",
    "family", "genus", "species", "sex", "institution", "n_figures", "px_per_mm", "mask_share",
    "mask", "recorded",
)  # fmt: skip

Links = Literal["file", "url"]


def write_archive(  # noqa: PLR0913  (each is a setting with its own name)
    folder: Path | str,
    generator: SpecimenGenerator,
    n: int,
    *,
    images: str = "images",
    jpeg_quality: int = 90,
    links: Links = "file",
    truth: bool = True,
    packed: bool = False,
    misnaming: Misnaming | None = None,
) -> Path:
    """Write ``n`` specimens as a Darwin Core archive.

    Parameters
    ----------
    folder : path
        Made where it is missing. Gets ``meta.xml``, ``eml.xml``,
        ``occurrence.txt``, ``multimedia.txt``, the images and ``truth/``.
    generator : SpecimenGenerator
        What is drawn; its specimens 0 to ``n - 1``, each in all its views.
    n : int
        How many specimens; there are at least as many images.
    images : str
        Folder of the images, below ``folder``.
    jpeg_quality : int
        1 to 100.
    links : str
        ``"file"`` names images as ``images/x.jpg``; ``"url"`` as
        ``https://example.org/images/x.jpg``, the way aggregators do.
    truth : bool
        Whether to write ``truth/truth.csv`` and ``truth/masks/<stem>.png``
        (white on the specimen). Not part of the archive proper.
    packed : bool
        Put the four text files into ``dwca.zip`` instead of leaving them loose.
    misnaming : Misnaming, optional
        Which specimens the records call by a wrong name. In ``truth.csv`` ``species`` is
        what a specimen is and ``recorded`` what its record says; labels in photographs,
        which a network cannot read, keep the right name.

    Returns
    -------
    Path
        ``folder``, or ``folder/dwca.zip`` when packed.

    Notes
    -----
    The same generator and settings give the same bytes.
    """
    target = Path(folder)
    (target / images).mkdir(parents=True, exist_ok=True)
    occurrences: dict[str, tuple[str, ...]] = {}
    media: list[tuple[str, ...]] = []
    facts: list[tuple[str, ...]] = []
    if truth:
        (target / "truth" / "masks").mkdir(parents=True, exist_ok=True)
    for specimen in generator.media(n):
        name = f"{images}/{specimen.stem}.jpg"
        (target / name).write_bytes(jpeg(specimen.image, jpeg_quality))
        recorded = specimen.taxon
        if misnaming is not None:
            recorded = misnaming.recorded(specimen.taxon, specimen.index)
        occurrences[specimen.occurrence_id] = _occurrence(specimen, recorded)
        identifier = name if links == "file" else f"https://example.org/{name}"
        media.append(_medium(specimen, recorded, identifier))
        if truth:
            (target / "truth" / "masks" / f"{specimen.stem}.png").write_bytes(_png(specimen.mask))
            facts.append(_truth(specimen, recorded))
    if truth:
        table = _table(TRUTH_COLUMNS, facts, ",")
        (target / "truth" / "truth.csv").write_text(table, encoding="utf-8", newline="")
    texts = {
        "meta.xml": _meta(),
        "eml.xml": _eml(n),
        "occurrence.txt": _table(OCCURRENCE_TERMS, occurrences.values(), "\t"),
        "multimedia.txt": _table(("coreid", *MULTIMEDIA_TERMS), media, "\t"),
    }
    return _store(target, texts, packed=packed)


def jpeg(image: Image, quality: int) -> bytes:
    """Return an RGB image as JPEG, the colours at half resolution as cameras do."""
    import simplejpeg

    solid = np.ascontiguousarray(image)
    return bytes(simplejpeg.encode_jpeg(solid, quality, "RGB", "420", fastdct=False))


def _png(mask: NDArray[np.bool_]) -> bytes:
    """Return a mask as PNG, white on the specimen."""
    _, data = cv2.imencode(".png", mask.astype(np.uint8) * 255, [cv2.IMWRITE_PNG_BILEVEL, 1])
    return bytes(data)


def _occurrence(specimen: Specimen, taxon: Taxon) -> tuple[str, ...]:
    """Return the row of a specimen, in the order of ``OCCURRENCE_TERMS``."""
    record, home = specimen.record, specimen.institution
    basis = "MaterialCitation" if specimen.kind in {"plate", "text"} else "PreservedSpecimen"
    return (
        specimen.occurrence_id, home.code, home.collection, specimen.catalogue_number, basis,
        f"{taxon.name} {taxon.authorship}", taxon.authorship, taxon.kingdom, taxon.phylum,
        taxon.class_, taxon.order, taxon.family, taxon.genus, taxon.species, "species",
        specimen.sex, record.type_status, record.recorded_by, record.event_date, record.country,
        record.locality, record.latitude, record.longitude, home.licence, home.name,
    )  # fmt: skip


def _medium(specimen: Specimen, taxon: Taxon, identifier: str) -> tuple[str, ...]:
    """Return the row of an image: its specimen's id, then ``MULTIMEDIA_TERMS``."""
    home = specimen.institution
    page = f"https://example.org/{home.code.lower()}/{specimen.stem}"
    return (
        specimen.occurrence_id, "StillImage", "image/jpeg", identifier, page,
        f"{taxon.name}, {specimen.view}", specimen.view, f"{home.name}, photography",
        home.licence, home.name,
    )  # fmt: skip


def _truth(specimen: Specimen, recorded: Taxon) -> tuple[str, ...]:
    """Return what is true of an image, in the order of ``TRUTH_COLUMNS``."""
    taxon = specimen.taxon
    return (
        f"{specimen.stem}.jpg", specimen.occurrence_id, specimen.kind, specimen.view,
        specimen.quality, specimen.reason, f"{specimen.angle_deg:.3f}", "|".join(specimen.damage),
        taxon.order, taxon.family, taxon.genus, taxon.name, specimen.sex,
        specimen.institution.code, str(specimen.n_figures), f"{specimen.px_per_mm:.4f}",
        f"{specimen.mask.mean():.5f}", f"masks/{specimen.stem}.png", recorded.name,
    )  # fmt: skip


def _table(header: Iterable[str], rows: Iterable[tuple[str, ...]], delimiter: str) -> str:
    """Return delimited text with a header and Unix line ends."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(list(header))
    writer.writerows(rows)
    return text.getvalue()


def _meta() -> str:
    """Return the description of the archive's files."""
    core = "\n".join(
        f'    <field index="{k}" term={quoteattr(_term(name))}/>'
        for k, name in enumerate(OCCURRENCE_TERMS)
    )
    extension = "\n".join(
        f'    <field index="{k + 1}" term={quoteattr(DC + name)}/>'
        for k, name in enumerate(MULTIMEDIA_TERMS)
    )
    how = (
        'encoding="UTF-8" fieldsTerminatedBy="\\t" linesTerminatedBy="\\n" '
        'fieldsEnclosedBy="&quot;" ignoreHeaderLines="1"'
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<archive xmlns="http://rs.tdwg.org/dwc/text/" metadata="eml.xml">
  <core {how} rowType="{DWC}Occurrence">
    <files><location>occurrence.txt</location></files>
    <id index="0"/>
{core}
  </core>
  <extension {how} rowType="{MULTIMEDIA}">
    <files><location>multimedia.txt</location></files>
    <coreid index="0"/>
{extension}
  </extension>
</archive>
"""


def _term(name: str) -> str:
    """Return the address of a term of the core."""
    return f"{DC if name in {'license', 'rightsHolder'} else DWC}{name}"


def _eml(n: int) -> str:
    """Return the least that describes the collection."""
    title = escape(f"Wunderkammer synthetic specimens ({n})")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<eml:eml xmlns:eml="https://eml.ecoinformatics.org/eml-2.2.0" packageId="synthetic"
  system="wunderkammer">
  <dataset>
    <title>{title}</title>
    <creator><organizationName>Wunderkammer</organizationName></creator>
    <abstract>
      <para>Drawn by a program. No specimen, name, person or place in it is real.</para>
    </abstract>
    <contact><organizationName>Wunderkammer</organizationName></contact>
  </dataset>
</eml:eml>
"""


def _store(folder: Path, texts: dict[str, str], *, packed: bool) -> Path:
    """Write the text files, loose or into ``dwca.zip`` with fixed dates."""
    if not packed:
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        return folder
    path = folder / "dwca.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode("utf-8"))
    return path
