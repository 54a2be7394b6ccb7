"""Makers of tiny archives of libraries and image sets: page tables, COCO files, IIIF manifests."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wunderkammer.sources import registry
from wunderkammer.testing.fake_archive import (
    CC0,
    CC_BY,
    SPECIMENS,
    FakeArchive,
    Specimen,
    write_images,
)
from wunderkammer.testing.library import PAGE_COLUMNS, write_tabs

HOLDER = "The Museum"
"""Who holds the rights in every photograph."""

ITEM_COLUMNS = (
    "ItemID", "TitleID", "ThumbnailPageID", "BarCode", "MARCItemID", "CallNumber", "VolumeInfo",
    "ItemURL", "LocalID", "Year", "InstitutionName", "ZQuery", "CreationDate",
)  # fmt: skip
"""Header of a library's item table, as it was before rights were exported."""


def number_of(specimen: Specimen) -> int:
    """Return the whole number in a catalogue number, which stands for ids of pages and images."""
    return int("".join(letter for letter in specimen.catalog_number if letter.isdecimal()))


def page_row(page: int, prefix: str, page_type: str, *, item: int = 77) -> tuple[str, ...]:
    """Return a row of a page table."""
    return (str(page), str(item), "3", "1896", "v.2", "", prefix, "IV", page_type)


def make_bhl(root: Path, specimens: Sequence[Specimen] = SPECIMENS) -> FakeArchive:
    """Write a page table whose plates are the specimens, with its items and titles beside it.

    Besides two rows a plate, which stand apart, it holds a page of text, a plate
    that is a map too, and a row that is cut off.
    """
    plates = [page_row(number_of(one), "Plate", "Illustration") for one in specimens]
    again = [page_row(number_of(one), "Fig.", "Drawing") for one in specimens]
    others = [
        page_row(9001, "Page", "Text"),
        page_row(9002, "Plate", "Illustration"),
        page_row(9002, "Plate", "Map"),
        ("9003", "77", "5"),
    ]
    write_tabs(root / "page.txt", PAGE_COLUMNS, [*plates, *others, *again])
    item = ("77", "5", "", "b77", "", "QL 1", "v.2 (1896)", "https://example.org/item/77", "",
            "1896", HOLDER, "", "")  # fmt: skip
    write_tabs(root / "item.txt", ITEM_COLUMNS, [item])
    write_tabs(
        root / "title.txt", ("TitleID", "FullTitle", "StartYear"), [("5", "On moths", "1890")]
    )
    n = len(specimens)
    source = registry.get("bhl").model_validate({"path": root / "page.txt"})
    return FakeArchive(source, n + 3, n, has_licences=False)


def make_coco(root: Path, specimens: Sequence[Specimen] = SPECIMENS) -> FakeArchive:
    """Write COCO metadata of the Half-Earth kind beside a folder of its images.

    It also holds an image whose id is taken, and an annotation of an image
    that is not there.
    """
    write_images(root / "images", specimens)
    write_json(root / "metadata.json", coco_of(specimens))
    source = registry.get("coco").model_validate({"path": root / "metadata.json"})
    n = len(specimens)
    return FakeArchive(source, n + 2, n)


def coco_of(specimens: Sequence[Specimen]) -> dict[str, Any]:
    """Return the metadata that :func:`make_coco` writes."""
    licences = {CC_BY: 1, CC0: 2}
    images = [
        {
            "id": number_of(one), "width": 1, "height": 1, "file_name": f"images/{one.file}",
            "license": licences[one.license], "rights_holder": HOLDER, "photographer": one.creator,
            "date": one.event_date, "remarks": one.remarks,
        }
        for one in specimens
    ]  # fmt: skip
    annotations = [
        {"id": 10 + number_of(one), "image_id": number_of(one), "category_id": number_of(one),
         "institution_id": 0}
        for one in specimens
    ]  # fmt: skip
    categories = [
        {"id": number_of(one), "name": one.scientific_name, "family": "Papilionidae",
         "order": "Lepidoptera"}
        for one in specimens
    ]  # fmt: skip
    lost = {"id": 9, "image_id": 999, "category_id": 1, "institution_id": 0}
    return {
        "annotations": [*annotations, lost],
        "categories": categories,
        "images": [*images, {"id": images[0]["id"], "file_name": "images/other.gif"}],
        "info": {"year": 2021},
        "institutions": [{"id": 0, "name": HOLDER}],
        "licenses": [
            {"id": number, "name": f"Licence {number}", "url": url}
            for url, number in licences.items()
        ],
    }


def make_iiif(root: Path, specimens: Sequence[Specimen] = SPECIMENS) -> FakeArchive:
    """Write manifests, every other one of Presentation 2, and the collection they belong to.

    The collection also names a manifest that is not among the files.
    """
    for one in specimens:
        write = manifest_2 if number_of(one) % 2 else manifest_3
        write_json(root / "manifests" / f"{number_of(one):04}.json", write(one))
    named = [{"id": address_of(one), "type": "Manifest"} for one in specimens]
    lost = {"id": "https://iiif.example.org/lost/manifest", "type": "Manifest"}
    collection = {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": "https://iiif.example.org/collection",
        "type": "Collection",
        "items": [*named, lost],
    }
    write_json(root / "manifests" / "collection.json", collection)
    source = registry.get("iiif").model_validate({"path": root / "manifests"})
    n = len(specimens)
    return FakeArchive(source, n + 1, n)


def address_of(specimen: Specimen) -> str:
    """Return the address of a specimen's manifest; nobody answers there."""
    return f"https://iiif.example.org/{number_of(specimen)}/manifest"


def manifest_2(specimen: Specimen) -> dict[str, Any]:
    """Return a manifest of Presentation 2 whose image has a service of Image API 2."""
    address = address_of(specimen)
    pairs = {
        "Scientific name": [{"@value": specimen.scientific_name, "@language": "la"}],
        "Photographer": specimen.creator,
        "Rights holder": HOLDER,
        "Remarks": specimen.remarks,
    }
    image = {
        "@id": f"{specimen.address}/full/full/0/default.jpg",
        "@type": "dctypes:Image",
        "format": "image/jpeg",
        "width": 3000,
        "height": 2000,
        "service": {
            "@context": "http://iiif.io/api/image/2/context.json",
            "@id": specimen.address,
            "profile": "http://iiif.io/api/image/2/level2.json",
        },
    }
    canvas = {
        "@id": f"{address}/canvas/1",
        "@type": "sc:Canvas",
        "label": "1",
        "images": [{"@type": "oa:Annotation", "motivation": "sc:painting", "resource": image}],
    }
    return {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@id": address,
        "@type": "sc:Manifest",
        "label": specimen.catalog_number,
        "license": specimen.license,
        "attribution": f"By courtesy of {HOLDER}",
        "metadata": [{"label": label, "value": value} for label, value in pairs.items()],
        "sequences": [{"@type": "sc:Sequence", "canvases": [canvas]}],
    }


def manifest_3(specimen: Specimen) -> dict[str, Any]:
    """Return a manifest of Presentation 3 whose image has a service of Image API 3."""
    address = address_of(specimen)
    pairs = {
        "Scientific name": {"la": [specimen.scientific_name]},
        "Photographer": {"none": [specimen.creator]},
        "Rights holder": {"en": [HOLDER], "de": ["Das Museum"]},
        "Remarks": {"en": [specimen.remarks]},
    }
    image = {
        "id": f"{specimen.address}/full/max/0/default.jpg",
        "type": "Image",
        "format": "image/jpeg",
        "width": 3000,
        "height": 2000,
        "service": [{"id": specimen.address, "type": "ImageService3", "profile": "level2"}],
    }
    annotation = {"type": "Annotation", "motivation": "painting", "body": image}
    canvas = {
        "id": f"{address}/canvas/1",
        "type": "Canvas",
        "label": {"none": ["1"]},
        "items": [{"type": "AnnotationPage", "items": [annotation]}],
    }
    return {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": address,
        "type": "Manifest",
        "label": {"none": [specimen.catalog_number]},
        "rights": specimen.license,
        "requiredStatement": {
            "label": {"en": ["Attribution"]},
            "value": {"en": [f"By courtesy of {HOLDER}"]},
        },
        "metadata": [{"label": {"en": [label]}, "value": value} for label, value in pairs.items()],
        "items": [canvas],
    }


def write_json(path: Path, value: Mapping[str, Any]) -> Path:
    """Write a JSON file, its members in the order given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path
