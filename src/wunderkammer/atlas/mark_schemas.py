"""What is written on the map of a layout: the file of its marks."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Schema(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Mark(_Schema):
    """Something to read beside the sprites of a layout; in pixels at max_zoom.

    A line has no width or no height.
    """

    kind: Literal["block", "tick", "parallel", "meridian"] = Field(
        description="block: a rectangle with media that belong together; tick: an upright line "
        "of a scale; parallel, meridian: a line of latitude, of longitude."
    )
    text: str = Field(description="What is written there; plain text.")
    x: float = Field(description="Left edge.")
    y: float = Field(description="Top edge.")
    width: float = Field(description="Width.")
    height: float = Field(description="Height.")
    rank: str = Field(default="", description="Of a block: rank of the taxon.")
    n_media: int = Field(default=0, description="Of a block: media in it.")


class Marks(_Schema):
    """What is written on the map of a layout; its first ones are the widest."""

    marks: list[Mark] = Field(description="In the order in which they matter.")
