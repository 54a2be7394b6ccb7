"""What the page is told of a row: texts and numbers, and no path."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from typing import Any

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.web.labels import issue_of
from wunderkammer.web.pictures import preview_size
from wunderkammer.web.queue import Question
from wunderkammer.web.schemas import Box, Judgement, Medium

MASKS = "annotations/masks"
"""Folder of the masks that people drew, below the collection."""


def medium_of(row: Mapping[str, Any], question: Question, agreement: float | None) -> Medium:
    """Return what the page is told of a medium."""
    wide, tall = preview_size(row["width"], row["height"])
    return Medium(
        id=row["id"],
        photograph=row["photograph"],
        caption=base_name(row["caption"]) or row["id"],
        file=base_name(row["file"]),
        width=row["width"],
        height=row["height"],
        preview_width=wide,
        preview_height=tall,
        confidence=row["confidence"],
        reason=row["reason"] or "",
        rejected=bool(row["rejected"]),
        made_by=row["made_by"] or "",
        agreement=agreement,
        has_machine_mask=bool(row["machine_mask"]),
        cutouts=[_box(one) for one in row["cutouts"] or ()],
        is_part=row["id"] != row["photograph"],
        turned_deg=row["turned_deg"],
        issue=issue_of(row, question),
        judgement=_judgement(row),
    )


def base_name(text: str) -> str:
    """Return the last part of a path; other text as it is.

    Examples
    --------
    >>> base_name("shelf 3/box 7/wasp.jpg"), base_name("Vespa crabro")
    ('wasp.jpg', 'Vespa crabro')
    """
    return text.rsplit("/", 1)[-1] if re.search(r"\.\w{3,4}$", text) else text


def _box(one: Mapping[str, Any]) -> Box:
    sides = {side: one[f"cutout_{side}"] or 0 for side in ("left", "top", "width", "height")}
    return Box(id=one["id"], **sides)


def _judgement(row: Mapping[str, Any]) -> Judgement:
    verdict = row["said_verdict"]
    angle = shown("angle_deg", row["said_angle"])
    return Judgement(
        verdict=verdict if verdict in {"accepted", "rejected"} else None,
        mask=shown("mask", row["said_mask"]),
        angle_deg=None if angle is None else float(angle),
        label=row.get("said_label"),
        name=row.get("said_name"),
        who=row["who"] or "",
        when=row["when"] or "",
    )


def shown(term: str, value: str | None) -> str | None:
    """Return a stated value as the page is told it."""
    if value is None:
        return None
    if term == "mask":
        return mask_name(value)
    if term == "angle_deg":
        try:
            return angle_text(value)
        except ConfigurationError:
            return None
    return value


def mask_name(cell: str) -> str:
    """Return the name by which the page calls a mask; paths do not travel.

    Examples
    --------
    >>> mask_name("annotations/masks/" + 64 * "a" + ".png") == 64 * "a"
    True
    """
    found = re.fullmatch(rf"{MASKS}/([0-9a-f]{{64}})\.png", cell)
    return found[1] if found else hashlib.sha256(cell.encode()).hexdigest()


def angle_text(value: str) -> str:
    """Return degrees as they are written down: in [-180, 180), to a hundredth.

    Raises
    ------
    ConfigurationError
        If it is no number.

    Examples
    --------
    >>> angle_text("190"), angle_text("12.50"), angle_text("-0.001")
    ('-170', '12.5', '0')
    """
    try:
        degrees = float(value)
    except ValueError:
        degrees = math.nan
    if not math.isfinite(degrees):
        raise ConfigurationError(f"angle_deg = '{value}': an angle is a number of degrees.")
    turned = round((degrees + 180) % 360 - 180, 2)
    return f"{-180.0 if turned >= 180 else turned + 0.0:g}"
