"""Records from IIIF manifests of Presentation 2 and 3, and from bare image descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wunderkammer.core.errors import RecordError
from wunderkammer.core.identity import stable_id
from wunderkammer.sources import Record, Rejected
from wunderkammer.sources._columns import is_address
from wunderkammer.sources._iiif_image import (
    ImageService,
    image_address,
    read_service,
    services_of,
)
from wunderkammer.sources._iiif_text import by_language, id_of, one_line, several, type_of
from wunderkammer.vocab import audiovisual_core
from wunderkammer.vocab.darwin_core import fold, term_of

_AUDIOVISUAL = {fold(name): name for name in audiovisual_core.TERMS}
_MEMBERS = ("manifests", "collections", "members", "items")
_OWN = frozenset({"license", "rights", "accessURI", "identifier"})
_TAKEN = frozenset({"media_id", "specimen_id", "original_file", "accessURI", "identifier"})


class ManifestReader:
    """Makes records of manifests.

    Parameters
    ----------
    language : str
        Code of the language that texts are wanted in.
    size : str
        What is asked of image services; see ``_iiif_image.image_address``.
    """

    def __init__(self, language: str, size: str) -> None:
        self._language = language
        self._size = size

    def read(self, manifest: Mapping[str, Any], where: str) -> Iterator[Record | Rejected]:
        """Yield a record for each image of each canvas, in order."""
        address = id_of(manifest)
        if not address:
            yield _refused(where, "the manifest has no id.")
            return
        terms = self.terms(manifest)
        terms.setdefault("references", address)
        terms["isPartOf"] = address
        n_canvases = 0
        for canvas in canvases_of(manifest):
            n_canvases += 1
            place = f"{where}, canvas {n_canvases}"
            yield from self._of_canvas(canvas, address, terms, place)
        if not n_canvases:
            yield _refused(where, "the manifest has no canvas.")

    def read_info(self, described: Mapping[str, Any]) -> Record:
        """Return the record of a bare image description (``info.json``)."""
        service = read_service(described)
        terms = self.terms(described) | _measures(described) | {"type": "StillImage"}
        terms |= {"identifier": service.address, "hasServiceAccessPoint": service.address}
        address = image_address(service, self._size)
        terms["accessURI"] = address
        media_id = stable_id("iiif", service.address)
        return Record(media_id, media_id, terms, access_uri=address)

    def terms(self, resource: Mapping[str, Any]) -> dict[str, str]:
        """Return what a manifest or canvas says of itself as terms."""
        terms = self._metadata(resource)
        said = {
            "title": one_line(resource.get("label"), self._language),
            "description": one_line(
                resource.get("summary") or resource.get("description"), self._language
            ),
            "license": _licence(resource),
            "references": _page(resource),
        }
        for term, value in said.items():
            if value and terms.get(term, value) != value:
                terms[f"metadata_{term}"] = terms[term]
            if value:
                terms[term] = value
        for term, value in self._credit(resource).items():
            terms.setdefault(term, value)
        parents = [id_of(one) for one in several(resource.get("partOf") or resource.get("within"))]
        if any(parents):
            terms["IDofContainingCollection"] = " | ".join(filter(None, parents))
        day = resource.get("navDate")
        if isinstance(day, str) and day:
            terms.setdefault("date", day)
        return terms

    def _metadata(self, resource: Mapping[str, Any]) -> dict[str, str]:
        """Return the pairs of a resource; those whose label is a term, under it."""
        found: dict[str, list[str]] = {}
        for pair in several(resource.get("metadata")):
            if not isinstance(pair, Mapping):
                continue
            name = self._name(pair.get("label"))
            value = one_line(pair.get("value"), self._language)
            if name and value and value not in found.setdefault(name, []):
                found[name].append(value)
        return {name: " | ".join(values) for name, values in found.items() if values}

    def _name(self, label: Any) -> str:
        """Return the term that a label in any language stands for, else the label."""
        shown = " ".join(one_line(label, self._language).replace(":", " ").split())
        return self._term(label) or (f"metadata_{shown}" if shown in _TAKEN else shown)

    def _term(self, label: Any) -> str:
        """Return the term that a label in any language stands for, or an empty text."""
        for labels in by_language(label).values():
            for one in labels:
                term = term_of(one) or _AUDIOVISUAL.get(fold(one))
                if term and term not in _OWN:
                    return term
        return ""

    def _credit(self, resource: Mapping[str, Any]) -> dict[str, str]:
        """Return the line of credit, who provides, and the logo to show."""
        terms = {}
        required = resource.get("requiredStatement")
        if isinstance(required, Mapping):
            terms["Credit"] = one_line(required.get("value"), self._language)
            stated = self._term(required.get("label"))
            terms |= {stated: terms["Credit"]} if stated else {}
        elif "attribution" in resource:
            terms["Credit"] = one_line(resource["attribution"], self._language)
        for agent in several(resource.get("provider"))[:1]:
            terms["provider"] = id_of(agent)
            if isinstance(agent, Mapping):
                terms["providerLiteral"] = one_line(agent.get("label"), self._language)
                terms["attributionLogoURL"] = _first_id(agent.get("logo"))
        terms.setdefault("attributionLogoURL", _first_id(resource.get("logo")))
        return {term: value for term, value in terms.items() if term and value}

    def _of_canvas(
        self, canvas: Mapping[str, Any], manifest: str, inherited: Mapping[str, str], where: str
    ) -> Iterator[Record | Rejected]:
        terms = self._canvas_terms(canvas, inherited)
        name = id_of(canvas)
        parts = [name] if is_address(name) else [manifest, name]
        n_images = 0
        for annotation, body in bodies_of(canvas):
            n_images += 1
            kind = _not_an_image(body)
            if kind:
                yield _refused(where, f"'{id_of(body)}' is no image: {kind}.")
                continue
            image = self._image(body)
            if not image:
                yield _refused(where, "the image has neither an id nor a service.")
                continue
            identity, own = image
            if _licence(annotation):
                own["license"] = _licence(annotation)
            yield Record(
                stable_id("iiif", *parts, identity),
                stable_id("iiif", manifest),
                {**terms, **own},
                access_uri=own["accessURI"],
            )
        if not n_images:
            yield _refused(where, f"the canvas '{name}' has no image.")

    def _canvas_terms(
        self, canvas: Mapping[str, Any], inherited: Mapping[str, str]
    ) -> dict[str, str]:
        """Return the terms of a manifest with those of a canvas, none of them lost."""
        terms = dict(inherited) | {"type": "StillImage"}
        own = self.terms(canvas)
        caption = own.pop("title", "")
        if caption and caption != terms.get("title"):
            own["caption"] = caption
        for term, value in own.items():
            if terms.get(term, value) != value:
                terms[f"manifest_{term}"] = terms[term]
            terms[term] = value
        if id_of(canvas):
            terms["identifier"] = id_of(canvas)
        return terms

    def _image(self, body: Mapping[str, Any]) -> tuple[str, dict[str, str]] | None:
        """Return what an image is known by and its terms; None if it is nowhere."""
        source, region, rotation = _cut(body)
        terms = _measures(source)
        label = one_line(source.get("label"), self._language)
        if label:
            terms["variantDescription"] = label
        service = next(iter(services_of(source)), None)
        identity = service.address if service else id_of(source)
        if not identity:
            return None
        if service:
            known = _with_measures(service, terms)
            terms["accessURI"] = image_address(known, self._size, region=region, rotation=rotation)
            terms["hasServiceAccessPoint"] = service.address
            terms["format"] = "image/jpeg"
        else:
            terms["accessURI"] = identity
        if region != "full":
            identity = f"{identity}#{region}"
        if _licence(source):
            terms["license"] = _licence(source)
        return identity, terms


def members_of(collection: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the manifests and collections that a collection of either version names."""
    for place in _MEMBERS:
        for member in several(collection.get(place)):
            if isinstance(member, str):
                kind = {"manifests": "Manifest", "collections": "Collection"}.get(place, "")
                yield {"id": member, "type": kind}
            elif isinstance(member, Mapping):
                yield member


def is_whole(member: Mapping[str, Any]) -> bool:
    """Return whether a member of a collection stands in it whole, not only by its id."""
    if type_of(member) == "Collection":
        return any(member.get(place) for place in _MEMBERS)
    return bool(member.get("sequences") or member.get("items"))


def canvases_of(manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the canvases of a manifest of either version, each once."""
    listed = list(several(manifest.get("items")))
    for sequence in several(manifest.get("sequences")):
        if isinstance(sequence, Mapping):
            listed += several(sequence.get("canvases"))
    seen = set()
    for canvas in listed:
        if isinstance(canvas, Mapping) and (not id_of(canvas) or id_of(canvas) not in seen):
            seen.add(id_of(canvas))
            yield canvas


def bodies_of(canvas: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield what is painted on a canvas, with its annotation; each image of a choice."""
    for annotation in several(canvas.get("images")):
        if isinstance(annotation, Mapping):
            yield from ((annotation, body) for body in _chosen(annotation.get("resource")))
    for page in several(canvas.get("items")):
        if not isinstance(page, Mapping):
            continue
        for annotation in several(page.get("items")):
            if isinstance(annotation, Mapping) and "painting" in str(annotation.get("motivation")):
                yield from ((annotation, body) for body in _chosen(annotation.get("body")))


def _chosen(body: Any) -> Iterator[Mapping[str, Any]]:
    for one in several(body):
        if not isinstance(one, Mapping):
            continue
        if type_of(one) == "Choice":
            for place in ("default", "item", "items"):
                yield from _chosen(one.get(place))
        else:
            yield one


def _cut(body: Mapping[str, Any]) -> tuple[Mapping[str, Any], str, str]:
    """Return the image of a body, and which part of it is shown how."""
    whole = body.get("source") or body.get("full")
    if type_of(body) != "SpecificResource" or not isinstance(whole, Mapping):
        return body, "full", "0"
    selector = body.get("selector")
    if not isinstance(selector, Mapping):
        return whole, "full", "0"
    return whole, str(selector.get("region") or "full"), str(selector.get("rotation") or "0")


def _not_an_image(body: Mapping[str, Any]) -> str:
    """Return why something painted on a canvas is no image, or an empty text."""
    source, _, _ = _cut(body)
    kind = type_of(source)
    if services_of(source) or kind == "Image":
        return ""
    form = source.get("format")
    if isinstance(form, str) and form.startswith("image/"):
        return ""
    return f"its type is '{kind}'" if kind else ""


def _measures(resource: Mapping[str, Any]) -> dict[str, str]:
    places = {"width": "PixelXDimension", "height": "PixelYDimension", "format": "format"}
    found = {term: resource.get(name) for name, term in places.items()}
    return {
        term: str(value) for term, value in found.items() if isinstance(value, int | str) and value
    }


def _with_measures(service: ImageService, terms: Mapping[str, str]) -> ImageService:
    """Return a service with the measures that its manifest gives, where it gives none itself."""
    from dataclasses import replace

    width, height = (terms.get(name, "") for name in ("PixelXDimension", "PixelYDimension"))
    if service.width or not (width.isdecimal() and height.isdecimal()):
        return service
    return replace(service, width=int(width), height=int(height))


def _licence(resource: Mapping[str, Any]) -> str:
    """Return the licence of a resource; several side by side."""
    found = several(resource.get("rights")) or several(resource.get("license"))
    return " | ".join(dict.fromkeys(filter(None, (id_of(one) for one in found))))


def _page(resource: Mapping[str, Any]) -> str:
    """Return the address of the page about a resource; a page of HTML rather than others."""
    pages = several(resource.get("homepage")) or several(resource.get("related"))
    html = [one for one in pages if isinstance(one, Mapping) and "html" in str(one.get("format"))]
    return next((id_of(one) for one in (*html, *pages) if is_address(id_of(one))), "")


def _first_id(value: Any) -> str:
    return next(filter(None, (id_of(one) for one in several(value))), "")


def _refused(where: str, message: str) -> Rejected:
    return Rejected(where, RecordError(message))
