"""IIIF: a manifest for each specimen, image services of level 0, annotations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.exports import web_annotations
from wunderkammer.exports.formats import Format, registry
from wunderkammer.exports.formats.coco import by_photograph
from wunderkammer.exports.image_service import Service, write_service
from wunderkammer.exports.opinions import Opinions
from wunderkammer.exports.originals import original_bytes, upright_pixels
from wunderkammer.exports.outlines import outline_of
from wunderkammer.exports.selection import Chosen, Medium
from wunderkammer.vocab.identifications import NAMING_TERMS

_CONTEXT = "http://iiif.io/api/presentation/3/context.json"
_MOST_CANVASES = 2_000
_MOST_MANIFESTS = 1_000
_NO_LINE = {"media_id", "specimen_id", "original_file", "accessURI", "license", "rights",
            "identifier", "year_from", "year_to", "title", "references"}  # fmt: skip
_KNOWN_RIGHTS = re.compile(
    r"^https?://(?:www\.)?(creativecommons\.org/(?:licenses|publicdomain)/.+"
    r"|rightsstatements\.org/vocab/.+)"
)


@registry.register
class IiifFormat(Format):
    """IIIF: a manifest for each specimen, one of the selection, tiled images, annotations.

    Presentation 3, Image API 3 level 0: files that any static host serves. Outlines of
    cut-outs, identifications and what people stated are Web Annotations. Licence and rights
    holder stand with each canvas.
    """

    name: Literal["iiif"] = "iiif"
    version: Literal["1"] = "1"
    examples: ClassVar[tuple[str, ...]] = (
        "--to iiif --url https://example.org/iiif",
        "--to types --url https://example.org/types --where \"typeStatus = 'holotype'\"",
    )
    url: str = Field(
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$",
        description="Address at which the folder will lie. IIIF writes it into every file.",
    )
    annotations: bool = Field(
        default=True, description="Write outlines, identifications and statements of people."
    )

    def write(self, chosen: Chosen, folder: Path) -> Mapping[str, int]:
        """Write ``collection.json``, ``manifest.json``, and a folder of each kind.

        Raises
        ------
        NotEnoughMediaError
            If no medium has a picture.
        """
        made = _Iiif(self, chosen, folder)
        for media in chosen.specimens(verbatim=True):
            made.add(media)
        if not made.manifests:
            raise NotEnoughMediaError(
                "no medium has a picture to show.",
                hint="Make them with 'wk run image'; 'wk failures' tells what could not be read.",
            )
        made.finish()
        return {
            "manifests": len(made.manifests), "canvases": made.n_canvases,
            "annotations": made.n_annotations,
        }  # fmt: skip


class _Iiif:
    """An export on its way."""

    def __init__(self, form: IiifFormat, chosen: Chosen, folder: Path) -> None:
        self._folder, self._root = folder, chosen.collection.root
        self._base = form.url.rstrip("/")
        self._annotates = form.annotations
        self._about = chosen.collection.configuration.about
        self._terms = [one for one in chosen.terms if one not in _NO_LINE]
        self._opinions = Opinions(chosen.collection)
        self._statements = _statements(chosen)
        self._first: list[dict[str, Any]] = []
        self.manifests: list[dict[str, Any]] = []
        self.n_canvases = self.n_annotations = 0

    def add(self, media: list[Medium]) -> None:
        """Write the manifest of a specimen, with all that belongs to it."""
        canvases = [
            canvas for parts in by_photograph(media) if (canvas := self._canvas(parts)) is not None
        ]
        if not canvases:
            return
        first = media[0]
        manifest = {
            "@context": _CONTEXT,
            **self._resource(f"manifests/{first.specimen}.json", "Manifest", _label(first)),
            "metadata": self._metadata(first),
            **_credit(first),
            "thumbnail": canvases[0]["thumbnail"],
            "items": canvases,
        }
        self._write(f"manifests/{first.specimen}.json", manifest)
        kept = ("id", "type", "label", "thumbnail")
        self.manifests.append({name: manifest[name] for name in kept})
        self.n_canvases += len(canvases)
        if len(self._first) < _MOST_CANVASES:
            self._first += canvases[: _MOST_CANVASES - len(self._first)]

    def finish(self) -> None:
        """Write what lists all: the collection, and one manifest of the selection."""
        title = self._about.title or "Collection"
        said: dict[str, Any] = {}
        if self._about.description:
            said["summary"] = _words(self._about.description)
        if self._about.citation:
            said["metadata"] = [_line("Citation", self._about.citation)]
        items = self.manifests
        if len(items) > _MOST_MANIFESTS:
            items = [
                self._part(number, items[first : first + _MOST_MANIFESTS])
                for number, first in enumerate(range(0, len(items), _MOST_MANIFESTS), start=1)
            ]
        whole = self._resource("collection.json", "Collection", title)
        self._write("collection.json", {"@context": _CONTEXT, **whole, **said, "items": items})
        whole = self._resource("manifest.json", "Manifest", title)
        self._write("manifest.json", {"@context": _CONTEXT, **whole, **said, "items": self._first})

    def _part(self, number: int, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Write some thousand manifests as a collection within the collection."""
        path = f"collections/{number}.json"
        part = self._resource(path, "Collection", f"{self._about.title} {number}")
        self._write(path, {"@context": _CONTEXT, **part, "items": list(items)})
        return part

    def _canvas(self, parts: list[Medium]) -> dict[str, Any] | None:
        """Write a photograph, and return its canvas; None where there is no original."""
        first = parts[0]
        original = first.text("derivedFromMediaID") or first.media_id
        content = original_bytes(first, self._root)
        if not content:
            return None
        place = f"images/{original}"
        folder = self._folder / place
        folder.mkdir(parents=True)
        service = write_service(upright_pixels(content), folder, f"{self._base}/{place}")
        address = f"{self._base}/canvas/{original}"
        thumbnail = _image(service, service.smallest(), service.sizes()[-1])
        painting = {
            "id": f"{address}/painting", "type": "Annotation", "motivation": "painting",
            "body": _image(service, f"{service.address}/full/max/0/default.jpg",
                           (service.width, service.height)),
            "target": address,
        }  # fmt: skip
        canvas = {
            "id": address, "type": "Canvas", "label": _words(first.text("title") or _label(first)),
            "width": service.width, "height": service.height,
            "metadata": [_line("media_id", original), *self._metadata(first)],
            **_credit(first),
            "thumbnail": [thumbnail],
            "items": [{"id": f"{address}/page", "type": "AnnotationPage", "items": [painting]}],
        }  # fmt: skip
        page = self._annotations(parts, original, service) if self._annotates else None
        return canvas | ({"annotations": [page]} if page else {})

    def _annotations(
        self, parts: list[Medium], original: str, service: Service
    ) -> dict[str, Any] | None:
        """Write what is known of a photograph; return how a canvas names it."""
        canvas = f"{self._base}/canvas/{original}"
        path = f"annotations/{original}.json"
        address = f"{self._base}/{path}"
        items: list[dict[str, Any]] = []
        for medium in parts:
            outline = outline_of(medium.row, self._root)
            name = f"{address}#{len(items) + 1}"
            if outline is not None:
                size = (service.width, service.height)
                text = _cut_text(medium)
                items.append(web_annotations.outline_annotation(name, canvas, outline, text, size))
            for opinion in self._opinions.of(medium, medium.row["record"]):
                name = f"{address}#{len(items) + 1}"
                items.append(web_annotations.opinion_annotation(name, canvas, opinion))
        for media_id in dict.fromkeys([original, *(one.media_id for one in parts)]):
            for row in self._statements.get(media_id, ()):
                name = f"{address}#{len(items) + 1}"
                items.append(web_annotations.label_annotation(name, canvas, row))
        if not items:
            return None
        self.n_annotations += len(items)
        self._write(path, web_annotations.page(address, items))
        return {"id": address, "type": "AnnotationPage"}

    def _metadata(self, medium: Medium) -> list[dict[str, Any]]:
        """Return what the source says, a line a term."""
        told = ((name, medium.text(name)) for name in self._terms)
        return [_line(name, text) for name, text in told if text]

    def _resource(self, path: str, kind: str, label: str) -> dict[str, Any]:
        return {"id": f"{self._base}/{path}", "type": kind, "label": _words(label)}

    def _write(self, path: str, document: Mapping[str, Any]) -> None:
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(document, indent=1, ensure_ascii=False)
        target.write_text(f"{text}\n", "utf-8")


def _statements(chosen: Chosen) -> dict[str, list[dict[str, Any]]]:
    """Return what people stated last of each medium, names apart, by medium."""
    rows: Iterable[dict[str, Any]] = chosen.collection.query(
        'SELECT media_id, term, value, who, "when" FROM annotations ORDER BY n'
    ).to_pylist()
    last = {(row["media_id"], row["term"], row["who"]): row for row in rows}
    found: dict[str, list[dict[str, Any]]] = {}
    for row in last.values():
        inner = row["term"] in {*NAMING_TERMS, "mask"}
        if row["value"] and not inner:
            found.setdefault(row["media_id"], []).append(row)
    return found


def _label(medium: Medium) -> str:
    named = [medium.text("scientificName"), medium.text("catalogNumber")]
    return ", ".join(filter(None, named)) or medium.text("title") or medium.media_id


def _cut_text(medium: Medium) -> str:
    """Return who cut a specimen out, and how sure it is."""
    confidence = medium.row.get("cutout_confidence")
    sure = f", confidence {confidence:.2f}" if isinstance(confidence, float) else ""
    return f"cut out by {medium.text('cutout_by') or 'unknown'}{sure}"


def _credit(medium: Medium) -> dict[str, Any]:
    """Return whose a medium is: the line that must be shown, and its licence's address."""
    rights = medium.rights
    said = dict.fromkeys(filter(None, (rights.credit, rights.holder, rights.name)))
    line = " · ".join(
        one for one in said if not any(one in other for other in said if other != one)
    )
    found: dict[str, Any] = {"requiredStatement": _line("Credit", line)}
    known = _KNOWN_RIGHTS.match(rights.url)
    if known:
        found["rights"] = f"http://{known[1]}"
    page = medium.text("references")
    if page.startswith(("http://", "https://")):
        found["homepage"] = [
            {"id": page, "type": "Text", "label": _words(page), "format": "text/html"}
        ]
    return found


def _image(service: Service, address: str, size: tuple[int, int]) -> dict[str, Any]:
    return {
        "id": address, "type": "Image", "format": "image/jpeg", "width": size[0],
        "height": size[1],
        "service": [{"id": service.address, "type": "ImageService3", "profile": "level0"}],
    }  # fmt: skip


def _line(label: str, value: str) -> dict[str, Any]:
    """Return a line of metadata; its value may hold markup, so what looks like it is not."""
    return {"label": {"en": [label]}, "value": _words(escape(value, quote=False))}


def _words(text: str) -> dict[str, list[str]]:
    return {"none": [text]}
