"""What the review page and its server tell each other.

``frontend/src/curate/schema.ts`` is generated from these models (``make schema``).
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Tool = Literal["cutout", "upright", "labels", "name"]
Order = Literal["worst", "least-sure", "unseen", "judged"]


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
    label: Literal["accepted", "rejected", "renamed", "unsure"] | None = Field(
        description="What was said of the suspected label, or null."
    )
    name: str | None = Field(description="What a renamed medium is called, or null.")
    who: str = Field(description="Who said the last of these; empty if nobody did.")
    when: str = Field(description="When, ISO 8601; empty if nobody did.")


class Box(_Schema):
    """Where a cut-out lies in the photograph, in pixels of the photograph at full size."""

    id: str = Field(description="The medium that the cut-out is.")
    left: int = Field(description="Left edge.")
    top: int = Field(description="Upper edge.")
    width: int = Field(description="Width.")
    height: int = Field(description="Height.")


class Issue(_Schema):
    """A label that is suspected to be wrong."""

    rank: str = Field(description="Rank or column of the label, such as 'species'.")
    encoder: str = Field(description="Whose features suspect it.")
    label: str = Field(description="The label as it is.")
    proposed: str = Field(description="The label that the features propose.")
    score: float = Field(description="In [0, 1], low = suspect.")
    encoders: list[str] = Field(description="All encoders whose features suspect it.")


class Medium(_Schema):
    """One medium to review. Its pictures have addresses that hold its id."""

    id: str = Field(description="media_id, 20 hexadecimal digits.")
    photograph: str = Field(description="The medium that it was cut out of, else its own id.")
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
    is_part: bool = Field(description="Whether it is one of several in its photograph.")
    turned_deg: float | None = Field(
        description="The angle that the stage upright undid, or null if it has not run."
    )
    issue: Issue | None = Field(description="Why its label is asked about, or null.")
    judgement: Judgement = Field(description="What people stated.")


class Queue(_Schema):
    """A part of the media to review, in the order that was asked for."""

    n: int = Field(description="How many there are of those that were asked for.")
    n_media: int = Field(description="How many there are in all.")
    n_judged: int = Field(description="How many of all a person has judged.")
    offset: int = Field(description="Place of the first one here.")
    media: list[Medium] = Field(description="The media.")


class Statement(_Schema):
    """What a person says of a medium."""

    term: str = Field(
        description="What is stated: 'cutout' or 'mask', 'angle_deg', 'label' or 'name'; to "
        "restore an identification, its Darwin Core terms.",
        pattern="^[A-Za-z_]{1,60}$",
    )
    value: str | None = Field(
        description="'accepted' or 'rejected'; the name of a mask drawn for this medium before; "
        "degrees as text; of a label also 'renamed' or 'unsure'. null takes back what was stated.",
        max_length=200,
    )


class Statements(_Schema):
    """Statements that are made together."""

    statements: list[Statement] = Field(
        description="Each term at most once.", min_length=1, max_length=60
    )


class Stated(_Schema):
    """The answer to what was stated: it is on disk."""

    medium: Medium = Field(description="The medium as it is judged now.")
    before: list[Statement] = Field(description="The statements that restore what held before.")


class Found(_Schema):
    """The medium that an id or a file name means."""

    id: str | None = Field(description="media_id, or null if there is none.")


class Beside(_Schema):
    """A medium that is shown beside the one whose label is suspected."""

    id: str = Field(description="media_id.")
    caption: str = Field(description="The name of its species, or of its file.")
    is_part: bool = Field(description="Whether it is one of several in its photograph.")
    label: str = Field(description="Its label at the rank in question.")
    similarity: float | None = Field(
        description="Cosine similarity of the features, 1 the same direction; null if it is "
        "shown for its label alone."
    )


class Reasons(_Schema):
    """What speaks against a label."""

    neighbours: list[Beside] = Field(description="Nearest media, nearest first.")
    proposed: list[Beside] = Field(description="Some media with the proposed label.")
    own: list[Beside] = Field(description="Some other media with the label as it is.")


class Name(_Schema):
    """A name to choose from."""

    name: str = Field(description="As the collection spells it.")
    n_media: int = Field(description="How many media bear it.")


class NameList(_Schema):
    """Names that a text may mean."""

    names: list[Name] = Field(description="The likeliest first.")


class Suspicions(_Schema):
    """The labels of one rank that one encoder's features suspect."""

    rank: str = Field(description="Rank or column of the labels.")
    encoder: str = Field(description="Whose features suspect them.")
    n: int = Field(description="How many.")


class Examination(_Schema):
    """What there is to review of labels."""

    suspicions: list[Suspicions] = Field(description="The narrowest rank first; never empty.")


LookStep = Literal["loading", "cutout", "upright", "features", "search"]
"""What is done with a visitor's photograph, in this order; the first time it is loaded for."""


class LikeMedium(_Schema):
    """A medium that is like a photograph."""

    id: str = Field(description="media_id.")
    similarity: float = Field(description="Cosine of the features, 1 the same direction.")


class Liked(_Schema):
    """What is like a photograph."""

    media: list[LikeMedium] = Field(description="The likest first.")
    picture: str = Field(
        description="What was compared: the photograph as it was cut out and "
        "turned, as a data address."
    )
    n_specimens: int = Field(
        description="How many specimens were cut out; the largest was "
        "compared. 0: the photograph as it is."
    )


class Session(_Schema):
    """Who reviews what."""

    title: str = Field(description="Title of the collection.")
    who: str = Field(description="Whose name stands by what is stated.")


class Problem(_Schema):
    """What went wrong, as application/problem+json."""

    title: str = Field(description="What was wanted and what was found.")
    detail: str = Field(description="What to do next; may be empty.")
    status: int = Field(description="The status of the answer.")
