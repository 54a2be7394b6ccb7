"""What the review page and its server tell each other.

``frontend/src/curate/schema.ts`` is generated from these models (``make schema``).
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Tool = Literal["cutout", "upright"]
Order = Literal["worst", "least-sure", "unseen"]
Term = Literal["cutout", "mask", "angle_deg"]


class _Schema(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Judgement(_Schema):
    """What people stated about a medium, as it holds now."""

    verdict: Literal["accepted", "rejected"] | None = Field(
        description="What was said of the cut-out, or null."
    )
    mask: str | None = Field(description="Name of the mask that a person drew, or null.")
    angle_deg: float | None = Field(
        description="How far the specimen is turned from upright, counter-clockwise as seen, "
        "in degrees in [-180, 180), or null."
    )
    who: str = Field(description="Who said the last of these; empty if nobody did.")
    when: str = Field(description="When, ISO 8601; empty if nobody did.")


class Box(_Schema):
    """Where a cut-out lies in the photograph, in pixels of the photograph at full size."""

    id: str = Field(description="The medium that the cut-out is.")
    left: int = Field(description="Left edge.")
    top: int = Field(description="Upper edge.")
    width: int = Field(description="Width.")
    height: int = Field(description="Height.")


class Medium(_Schema):
    """One medium to review. Its pictures have addresses that hold its id."""

    id: str = Field(description="media_id, 20 hexadecimal digits.")
    caption: str = Field(description="The name of the species, or of the file; never HTML.")
    file: str = Field(description="Name of the original file, or its catalogue number.")
    width: int = Field(description="Width of the photograph in pixels, upright by EXIF.")
    height: int = Field(description="Height of the photograph in pixels, upright by EXIF.")
    preview_width: int = Field(description="Width of the photograph as the page gets it.")
    preview_height: int = Field(description="Height of the photograph as the page gets it.")
    confidence: float | None = Field(
        description="How sure the stage was, in [0, 1]; null if it has not run."
    )
    reason: str = Field(description="Why the medium needs a look; empty if it does not.")
    rejected: bool = Field(description="Whether no cut-out was made of it.")
    made_by: str = Field(description="'person' or the plug-in that did it; empty if none has.")
    agreement: float | None = Field(
        description="Intersection over union of the machine's mask and the person's, where "
        "there are both."
    )
    has_machine_mask: bool = Field(description="Whether a segmenter has looked at it.")
    cutouts: list[Box] = Field(description="Its cut-outs; empty if there is none.")
    turned_deg: float | None = Field(
        description="The angle that the stage upright undid, or null if it has not run."
    )
    judgement: Judgement = Field(description="What people stated.")


class Queue(_Schema):
    """A part of the media to review, in the order that was asked for."""

    n: int = Field(description="How many there are in all.")
    offset: int = Field(description="Place of the first one here.")
    media: list[Medium] = Field(description="The media.")


class Statement(_Schema):
    """What a person says of a medium."""

    term: Term = Field(description="What is stated.")
    value: str | None = Field(
        description="'accepted' or 'rejected'; the name of a mask drawn for this medium before; "
        "degrees as text. null takes back what was stated.",
        max_length=200,
    )


class Statements(_Schema):
    """Statements that are made together."""

    statements: list[Statement] = Field(
        description="Each term at most once.", min_length=1, max_length=3
    )


class Stated(_Schema):
    """The answer to what was stated: it is on disk."""

    medium: Medium = Field(description="The medium as it is judged now.")
    before: list[Statement] = Field(description="The statements that restore what held before.")


class Found(_Schema):
    """The medium that an id or a file name means."""

    id: str | None = Field(description="media_id, or null if there is none.")


class Session(_Schema):
    """Who reviews what."""

    title: str = Field(description="Title of the collection.")
    who: str = Field(description="Whose name stands by what is stated.")


class Problem(_Schema):
    """What went wrong, as application/problem+json."""

    title: str = Field(description="What was wanted and what was found.")
    detail: str = Field(description="What to do next; may be empty.")
    status: int = Field(description="The status of the answer.")
