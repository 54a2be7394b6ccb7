"""What is known of a picture, as Web Annotations on its canvas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from wunderkammer.exports.opinions import Opinion
from wunderkammer.exports.outlines import Outline

# Viewers such as Mirador show what comments and tags alone: the nearer word goes before these.
_WORDS = {
    "person": "identified by a person",
    "software": "proposed by software, unverified",
    "source": "as the source states",
}


def outline_annotation(
    address: str, canvas: str, outline: Outline, text: str, size: tuple[int, int]
) -> dict[str, Any]:
    """Return the outline of a specimen: an SVG path, and its box for viewers without."""
    x, y, width, height = outline.box()
    shape = svg_path(outline, size)
    fragment = {
        "type": "FragmentSelector", "value": f"xywh={x},{y},{width},{height}",
        "conformsTo": "http://www.w3.org/TR/media-frags/",
    }  # fmt: skip
    selectors = [{"type": "SvgSelector", "value": shape}, fragment] if shape else [fragment]
    return {
        "id": address,
        "type": "Annotation",
        "motivation": ["highlighting", "commenting"],
        "body": _text(text, "describing"),
        "target": {
            "type": "SpecificResource",
            "source": {"id": canvas, "type": "Canvas"},
            "selector": selectors if len(selectors) > 1 else selectors[0],
        },
    }


def svg_path(outline: Outline, size: tuple[int, int]) -> str:
    """Return the outline as SVG in the pixels of the canvas; empty if there is none."""
    rings = outline.polygons()
    if not rings:
        return ""
    path = " ".join("M" + " L".join(f"{x},{y}" for x, y in ring) + " Z" for ring in rings)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}">'
        f'<path d="{path}" fill="none" stroke="#7d2d1d" stroke-width="2"/></svg>'
    )


def opinion_annotation(address: str, canvas: str, opinion: Opinion) -> dict[str, Any]:
    """Return an identification: the name as a tag, who says so and when."""
    terms = opinion.terms
    who, when = terms.get("identifiedBy", ""), terms.get("dateIdentified", "")
    remark = terms.get("identificationRemarks", "")
    said = ", ".join(filter(None, [_WORDS[opinion.origin], who, when, remark]))
    kind = "Software" if opinion.origin == "software" else "Person"
    found: dict[str, Any] = {
        "id": address,
        "type": "Annotation",
        "motivation": ["identifying", "tagging"],
        "body": [_text(terms["scientificName"], "identifying"), _text(said, "describing")],
        "target": canvas,
    }
    if who:
        found["creator"] = {"type": kind, "name": who}
    if len(when) == 10:
        found["created"] = f"{when}T00:00:00Z"
    return found


def label_annotation(address: str, canvas: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a person stated about a medium: a term and its value."""
    return {
        "id": address,
        "type": "Annotation",
        "motivation": "tagging",
        "body": _text(f"{row['term']}: {row['value']}", "tagging"),
        "target": canvas,
        "creator": {"type": "Person", "name": row["who"]},
        "created": row["when"],
    }


def page(address: str, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return annotations as a page of their own."""
    return {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": address,
        "type": "AnnotationPage",
        "items": list(items),
    }


def _text(text: str, purpose: str) -> dict[str, str]:
    return {
        "type": "TextualBody", "value": escape(text, quote=False), "format": "text/html",
        "purpose": purpose,
    }  # fmt: skip
