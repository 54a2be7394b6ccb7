"""A folder of images with a line for each, as Hugging Face's datasets reads it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, ClassVar, Literal

from pydantic import Field

from wunderkammer.core.errors import UnknownNameError, nearest
from wunderkammer.exports.formats import Format, registry
from wunderkammer.exports.originals import Picture, Pictures, picture_option
from wunderkammer.exports.selection import Chosen, Medium
from wunderkammer.exports.tables import RIGHTS

METADATA, CARD = "metadata.jsonl", "README.md"
_SPDX_TAGS = {
    "CC0 1.0": "cc0-1.0", "CC BY 4.0": "cc-by-4.0", "CC BY-SA 4.0": "cc-by-sa-4.0",
    "CC BY-NC 4.0": "cc-by-nc-4.0", "CC BY-NC-SA 4.0": "cc-by-nc-sa-4.0",
    "CC BY-ND 4.0": "cc-by-nd-4.0", "CC BY-NC-ND 4.0": "cc-by-nc-nd-4.0",
}  # fmt: skip


@registry.register
class ImageFolderFormat(Format):
    """Pictures with a line of JSON for each, as Hugging Face's ``datasets`` loads them.

    There is a folder for each set of a split, and a card that says what the data set is.
    """

    name: Literal["imagefolder"] = "imagefolder"
    version: Literal["1"] = "1"
    examples: ClassVar[tuple[str, ...]] = (
        "--to moths-hf",
        "--to moths-hf --picture upright --split sample/split",
    )
    picture: Picture = picture_option("original")
    columns: str = Field(
        "",
        description="Columns of each line beside licence, holder, creator and credit, with commas "
        "between them; empty: what the sources say.",
    )
    split: str = Field(
        "", description="Column that says which set a medium is in; empty: all are in 'train'."
    )

    def write(self, chosen: Chosen, folder: Path) -> Mapping[str, int]:
        """Write ``<set>/metadata.jsonl``, the pictures beside it, and a card."""
        columns = [one.strip() for one in self.columns.split(",") if one.strip()] or chosen.terms
        for name in [*columns, *([self.split] if self.split else [])]:
            if name not in chosen.columns:
                hint = nearest(name, chosen.columns)
                raise UnknownNameError(f"there is no column '{name}'.", hint=hint)
        pictures = Pictures(chosen, folder, self.picture, "train")
        counts: Counter[str] = Counter()
        licences: Counter[str] = Counter()
        files: dict[str, IO[str]] = {}
        try:
            for medium in chosen:
                part = (medium.text(self.split) if self.split else "") or "train"
                written = pictures.write(medium, within=part)
                if written is None:
                    continue
                line = {"file_name": written.file.removeprefix(f"{part}/")}
                line |= line_of(medium, columns)
                if part not in files:
                    files[part] = (folder / part / METADATA).open("w", encoding="utf-8")
                files[part].write(json.dumps(line, ensure_ascii=False) + "\n")
                counts[part] += 1
                licences[medium.rights.name] += 1
        finally:
            for file in files.values():
                file.close()
        (folder / CARD).write_text(_card(chosen, counts, licences), "utf-8")
        return {"pictures": counts.total(), "sets": len(counts)}


def line_of(medium: Medium, columns: list[str]) -> dict[str, Any]:
    """Return what a line says of a medium: every line has every key."""
    rights = medium.rights
    said = dict(zip(RIGHTS, rights._replace(), strict=True)) | {"media_id": medium.media_id}
    others = {name: medium.row.get(name) for name in columns if name not in said}
    return {"media_id": medium.media_id, **said, **others}


def _card(chosen: Chosen, counts: Mapping[str, int], licences: Counter[str]) -> str:
    """Return the card: what the data set is, its licences, its sets."""
    about = chosen.collection.configuration.about
    tags = {_SPDX_TAGS.get(name, "other") for name in licences}
    lines = [
        "---",
        f"pretty_name: {json.dumps(about.title, ensure_ascii=False)}",
        f"license: {tags.pop() if len(tags) == 1 else 'other'}",
        "configs:",
        "- config_name: default",
        "  data_files:",
        *(f'  - split: {part}\n    path: "{part}/**"' for part in sorted(counts)),
        "---",
        "",
        f"# {about.title}",
        "",
        about.description,
        "",
        "Each picture has its own licence, rights holder and credit line to show: see the",
        "columns `license`, `rightsHolder` and `credit`.",
        "",
        *(f"- {name}: {n:,} pictures" for name, n in licences.most_common()),
        *(["", "Cite as:", "", about.citation] if about.citation else []),
    ]
    return "\n".join(lines) + "\n"
