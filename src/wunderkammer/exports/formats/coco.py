"""COCO: photographs, where specimens lie in them, and what they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from wunderkammer.exports.formats import Format, registry
from wunderkammer.exports.originals import Pictures, Written
from wunderkammer.exports.outlines import compressed, outline_of
from wunderkammer.exports.selection import Chosen, Medium

FILE, IMAGES = "annotations.json", "images"
_NAMELESS = "specimen"


@registry.register
class CocoFormat(Format):
    """Photographs with masks, boxes and names, as COCO.

    A photograph that shows several specimens is one image with an annotation for each. Where
    nothing was cut out, an annotation has a name only. Licence and rights holder stand with
    each image.
    """

    name: Literal["coco"] = "coco"
    version: Literal["1"] = "1"
    masks: Literal["rle", "polygons"] = Field(
        "rle",
        description="Masks as runs of pixels, exact; or as polygons, within two pixels and without "
        "holes, which every trainer reads.",
    )
    category: str = Field(
        "scientificName", description="Column that says what a specimen is: its category."
    )
    pictures: bool = Field(default=True, description="Copy the photographs into the folder images.")

    def write(self, chosen: Chosen, folder: Path) -> Mapping[str, int]:
        """Write ``annotations.json`` and the photographs."""
        made = _Coco(self, chosen, folder)
        for media in chosen.specimens():
            for parent in by_photograph(media):
                made.add(parent)
        text = json.dumps(made.document(), ensure_ascii=False)
        (folder / FILE).write_text(f"{text}\n", "utf-8")
        return {"images": len(made.images), "annotations": len(made.annotations)}


def by_photograph(media: list[Medium]) -> Iterator[list[Medium]]:
    """Yield the media of each photograph of a specimen: one, or those cut from it."""
    found: dict[str, list[Medium]] = {}
    for one in media:
        found.setdefault(one.text("derivedFromMediaID") or one.media_id, []).append(one)
    yield from found.values()


class _Coco:
    """A COCO file on its way."""

    def __init__(self, form: CocoFormat, chosen: Chosen, folder: Path) -> None:
        self._form, self._root = form, chosen.collection.root
        self._about = chosen.collection.configuration.about
        kind: Any = "original" if form.pictures else "none"
        self._pictures = Pictures(chosen, folder, kind, IMAGES)
        self._categories: dict[str, dict[str, Any]] = {}
        self._licences: dict[tuple[str, str], int] = {}
        self.images: list[dict[str, Any]] = []
        self.annotations: list[dict[str, Any]] = []

    def add(self, media: list[Medium]) -> None:
        """Add a photograph with all that is cut from it."""
        first = media[0]
        written = self._pictures.write(first) if self._form.pictures else _size(first)
        if written is None:
            return
        number = len(self.images) + 1
        licence = (first.rights.name, first.rights.url)
        said = {
            "media_id": first.text("derivedFromMediaID") or first.media_id,
            "coco_url": first.text("accessURI"),
            "date_captured": first.text("CreateDate"),
            "rights_holder": first.rights.holder,
            "creator": first.rights.creator,
            "credit": first.rights.credit,
        }
        self.images.append({
            "id": number, "file_name": written.file.removeprefix(f"{IMAGES}/"),
            "width": written.width, "height": written.height,
            "license": self._licences.setdefault(licence, len(self._licences) + 1),
            **{name: value for name, value in said.items() if value},
        })  # fmt: skip
        for one in media:
            self.annotations.append(self._annotation(one, number, written))

    def _annotation(self, medium: Medium, image: int, size: Written) -> dict[str, Any]:
        found: dict[str, Any] = {
            "id": len(self.annotations) + 1, "image_id": image,
            "category_id": self._category(medium), "media_id": medium.media_id, "iscrowd": 0,
        }  # fmt: skip
        outline = outline_of(medium.row, self._root)
        if outline is None:
            return found
        if self._form.masks == "polygons":
            rings = outline.polygons()
            mask: Any = [[x for corner in ring for x in corner] for ring in rings]
        else:
            counts = compressed(outline.runs(size.width, size.height))
            mask = {"size": [size.height, size.width], "counts": counts}
        found |= {
            "bbox": list(outline.box()), "area": int(outline.mask.sum()), "segmentation": mask,
        }  # fmt: skip
        if "cutout_confidence" in medium.row:
            found["score"] = medium.row["cutout_confidence"]
        return found

    def _category(self, medium: Medium) -> int:
        name = medium.text(self._form.category) or _NAMELESS
        known = self._categories.get(name)
        if known is None:
            number = len(self._categories) + 1
            known = {"id": number, "name": name, "supercategory": medium.text("family")}
            self._categories[name] = known
        return int(known["id"])

    def document(self) -> dict[str, Any]:
        """Return the whole."""
        return {
            "info": {
                "description": self._about.title, "contributor": self._about.publisher,
                "url": self._about.website, "version": "1",
            },
            "licenses": [
                {"id": number, "name": name, "url": url}
                for (name, url), number in self._licences.items()
            ],
            "categories": list(self._categories.values()),
            "images": self.images,
            "annotations": self.annotations,
        }  # fmt: skip


def _size(medium: Medium) -> Written | None:
    """Return the size of a photograph that is not copied; it is called as it lies here."""
    if "width" not in medium.row:
        return None
    file = medium.text("original_file") or medium.text("accessURI") or medium.media_id
    return Written(file, int(medium.row["width"]), int(medium.row["height"]))
