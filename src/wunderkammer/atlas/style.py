"""How an atlas looks: the settings of its tiles and of its representatives."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wunderkammer.core.settings import Settings

MEDIA_TYPES: dict[str, Literal["image/jpeg", "image/webp", "image/png"]] = {
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "png": "image/png",
}
"""Media type of each tile format, as ``atlas.json`` states it."""

EXTENSIONS = {"jpeg": "jpg", "webp": "webp", "png": "png"}
"""Ending of a tile's file in a directory."""


class TileStyle(Settings):
    """How sprites are drawn and tiles are encoded.

    JPEG on an opaque background is the fast choice: WebP takes some eight
    times the processor for 40 % fewer bytes, PNG loses nothing and is large.
    """

    format: Literal["jpeg", "webp", "png"] = Field("jpeg", description="Format of every tile.")
    quality: int = Field(
        85, description="Quality of JPEG and WebP tiles; PNG ignores it.", ge=1, le=100
    )
    background: str = Field(
        "#ffffff",
        description="Colour of the page under the sprites, six hexadecimal digits.",
        pattern=r"^#[0-9a-fA-F]{6}$",
    )
    fit: Literal["fill", "contain"] = Field(
        "fill",
        description="An image of another shape than its box is cropped at the centre (fill) "
        "or shown whole (contain).",
    )
    shadow_opacity: float = Field(
        0.45, description="Darkness of the shadow under a sprite; 0 draws none.", ge=0, le=1
    )
    shadow_blur: float = Field(
        0.02,
        description="Softness of the shadow: the blur's standard deviation as a share of the "
        "longest side of a normal sprite.",
        ge=0,
        le=0.2,
    )
    shadow_drop: float = Field(
        0.01,
        description="How far the shadow lies below its sprite, as a share of the same side.",
        ge=0,
        le=0.2,
    )
    retina: bool = Field(
        default=True, description="Also make tiles of twice the pixels (@2x) for dense screens."
    )

    @property
    def background_rgb(self) -> tuple[int, int, int]:
        """The background as red, green and blue in 0-255."""
        red, green, blue = bytes.fromhex(self.background[1:])
        return red, green, blue


class RepresentativeStyle(Settings):
    """Which sprites stand for their surroundings where all are too small to read."""

    below_px: float = Field(
        24,
        description="Zooms at which a normal sprite is smaller than this get representatives.",
        ge=0,
    )
    sprite_px: int = Field(
        96, description="Longest side at which a representative is drawn.", ge=8, le=256
    )
    from_zoom: int = Field(
        3, description="No representatives below this zoom, where they would hide the map.", ge=0
    )
    per_tile: float = Field(
        0.5, description="Representatives for each tile that has any medium.", gt=0, le=4
    )
    seed: int = Field(0, description="Seed of the k-means clustering.", ge=0)
