"""What a page needs to find by a photograph without a server."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wunderkammer.atlas.block_schemas import Block
from wunderkammer.atlas.page_schemas import Schema


class Alike(Schema):
    """Features of media in few bytes, by which a page finds what is like a vector of its own.

    Blocks: ``mean`` and ``direction``, float32, of the features scaled to length 1;
    ``scale``, float32, a number each direction; ``centre``, float32, the middle of each
    cell along the directions; ``cell_at`` the first entry of each cell, and the end;
    ``entry``, uint8: the row (uint32, little-endian), then a byte each direction. With v
    a vector of length 1, its similarity with an entry is ``v . mean`` plus the sum of
    ``(byte - 128) * scale * (v . direction)``. The entries of the ``n_read`` cells are
    read whose middles are nearest to the place of v, ``(v - mean) . direction``.
    """

    path: str = Field(description="The binary file, relative to atlas.json.")
    n: int = Field(description="Number of entries.")
    n_read: int = Field(description="Cells that are read for one vector.")
    recall: float = Field(
        description="Share of the ten media truly most alike that are then found, measured."
    )
    blocks: list[Block] = Field(description="The arrays in the file.")


class EncoderFile(Schema):
    """A network that makes features of an image, and how the image becomes its input.

    Its input ``pixels`` is float32 (1, 3, side_px, side_px), RGB, ``(value / 255 - mean)
    / std`` of each colour; its output ``features`` is float32 (1, n_features).
    """

    path: str = Field(description="The ONNX file, relative to atlas.json.")
    n_bytes: int = Field(description="Its length.")
    name: str = Field(description="The encoder's name.")
    n_features: int = Field(description="Length of the vectors.")
    side_px: int = Field(description="Side of the square that it looks at.")
    mean: list[float] = Field(description="Of each colour, of values in [0, 1].")
    std: list[float] = Field(description="The same.")
    interpolation: Literal["area", "nearest", "bilinear", "bicubic", "lanczos"] = Field(
        description="area: the mean over the area where it shrinks, bilinear where it grows; the "
        "others as Pillow has them."
    )
    fit: Literal["pad", "crop", "squash"] = Field(
        description="The whole image on a colour, its middle, or the whole without its aspect."
    )
    padding: Literal["white", "grey", "black", "edge"] = Field(
        description="The colour; edge: the median of the image's own edge."
    )
    shortest_px: int = Field(
        description="crop brings the shorter side to so many pixels first; 0: to side_px."
    )


class PhotographSearch(Schema):
    """What a page needs to tell which media are like a visitor's photograph, by itself."""

    encoder: EncoderFile = Field(description="Looks at the photograph.")
    alike: Alike = Field(description="What it saw of the media.")
    picture: Literal["image", "cutout", "upright"] = Field(
        description="Which picture of the media it looked at."
    )
