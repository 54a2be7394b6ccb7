"""FiftyOne: samples with labels, outlines and places on the map."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from wunderkammer.exports.formats import Format, registry
from wunderkammer.exports.originals import Picture, Pictures, Written, picture_option
from wunderkammer.exports.outlines import Outline, outline_of
from wunderkammer.exports.selection import HERE, Chosen, Medium
from wunderkammer.exports.tables import RIGHTS

SAMPLES, METADATA, DATA = "samples.json", "metadata.json", "data"
_OUR_NAMES = {"id": "record_id", "tags": "record_tags", "filepath": "record_filepath",
              "metadata": "record_metadata", "created_at": "record_created_at",
              "last_modified_at": "record_last_modified_at"}  # fmt: skip
"""Columns that FiftyOne has a use of its own for."""


@registry.register
class FiftyOneFormat(Format):
    """A data set of FiftyOne: pictures with names, outlines, boxes and all that is known.

    Load it with ``fiftyone.Dataset.from_dir(folder, fiftyone.types.FiftyOneDataset)``.
    """

    name: Literal["fiftyone"] = "fiftyone"
    version: Literal["1"] = "1"
    examples: ClassVar[tuple[str, ...]] = ("--to moths-fiftyone",)
    picture: Picture = picture_option("original")
    label: str = Field("scientificName", description="Column with the name of a specimen.")

    def write(self, chosen: Chosen, folder: Path) -> Mapping[str, int]:
        """Write ``samples.json``, ``metadata.json`` and the folder ``data``."""
        pictures = Pictures(chosen, folder, self.picture, DATA)
        root = chosen.collection.root
        terms = [one for one in chosen.columns if one not in {*RIGHTS, *HERE}]
        n_samples = n_outlines = 0
        with (folder / SAMPLES).open("w", encoding="utf-8") as out:
            out.write('{"samples": [')
            for medium in chosen:
                written = pictures.write(medium)
                if written is None:
                    continue
                outline = outline_of(medium.row, root) if self.picture == "original" else None
                sample = self._sample(medium, written, outline, terms)
                out.write(",\n" if n_samples else "\n")
                out.write(json.dumps(sample, ensure_ascii=False))
                n_samples, n_outlines = n_samples + 1, n_outlines + (outline is not None)
            out.write("\n]}\n")
        about = chosen.collection.configuration.about
        info = {"title": about.title, "description": about.description, "cite": about.citation}
        described = {"name": about.title, "media_type": "image", "info": info}
        text = json.dumps(described, indent=1, ensure_ascii=False)
        (folder / METADATA).write_text(f"{text}\n", "utf-8")
        return {"samples": n_samples, "outlines": n_outlines}

    def _sample(
        self, medium: Medium, written: Written, outline: Outline | None, terms: list[str]
    ) -> dict[str, Any]:
        """Return a sample; what no cell holds is left out."""
        label = medium.text(self.label)
        told = {_OUR_NAMES.get(name, name).replace("/", "_").replace("-", "_"): medium.row[name]
                for name in terms if name in medium.row}  # fmt: skip
        sample: dict[str, Any] = {
            "filepath": written.file,
            "tags": [],
            **told,
            **{name: text for name, text in zip(RIGHTS, medium.rights, strict=True) if text},
        }
        if label:
            sample["ground_truth"] = {"_cls": "Classification", "label": label}
        if outline is not None:
            sample |= _outlined(outline, label or "specimen", medium, written)
        return sample


def _outlined(outline: Outline, label: str, medium: Medium, size: Written) -> dict[str, Any]:
    """Return box and outline of a specimen, as shares of the photograph."""
    left, top, width, height = outline.box()
    sides = (size.width, size.height)
    box = [left / sides[0], top / sides[1], width / sides[0], height / sides[1]]
    rings = [[[x / sides[0], y / sides[1]] for x, y in ring] for ring in outline.polygons()]
    sure = {"confidence": medium.row.get("cutout_confidence")}
    detection = {"_cls": "Detection", "label": label, "bounding_box": box, **sure}
    line = {
        "_cls": "Polyline", "label": label, "points": rings, "closed": True, "filled": True, **sure,
    }  # fmt: skip
    return {
        "detections": {"_cls": "Detections", "detections": [detection]},
        "outlines": {"_cls": "Polylines", "polylines": [line]},
    }
