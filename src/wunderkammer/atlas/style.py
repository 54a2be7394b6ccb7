"""How an atlas looks: the settings of its tiles and of its representatives."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from wunderkammer.core.settings import Settings

MEDIA_TYPES: dict[str, Literal["image/jpeg", "image/webp", "image/png", "image/avif"]] = {
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "png": "image/png",
    "avif": "image/avif",
}
"""Media type of each tile format, as ``atlas.json`` states it."""

EXTENSIONS = {"jpeg": "jpg", "webp": "webp", "png": "png", "avif": "avif"}
"""Ending of a tile's file in a directory."""


QUALITIES = {"jpeg": 85, "webp": 80, "avif": 70, "png": 100}
"""Quality at which tiles of each format look alike: benchmarks/tile_formats.py measures it."""

TRANSPARENT = "transparent"
"""The background that is none."""


class TileStyle(Settings):
    """How sprites are drawn and tiles are encoded.

    JPEG on an opaque background is the fast choice. WebP of the same likeness takes
    a quarter to a third fewer bytes and seven times the processor, AVIF another tenth
    fewer and three times that; PNG loses nothing and is five times as large.
    """

    format: Literal["jpeg", "webp", "png", "avif"] = Field(
        "jpeg", description="Format of every tile."
    )
    quality: int = Field(
        0,
        description="Quality of JPEG, WebP and AVIF tiles; 0 takes what was measured to look "
        "alike: 85, 80 and 70. PNG ignores it.",
        ge=0,
        le=100,
    )
    background: str = Field(
        "#ffffff",
        description="Colour of the page under the sprites, six hexadecimal digits; or "
        "transparent, which JPEG cannot be.",
        pattern=r"^(#[0-9a-fA-F]{6}|transparent)$",
    )
    tile_px: Literal[128, 256, 512, 1024] = Field(
        256, description="Edge of a tile in pixels, twice as many at @2x."
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

    @model_validator(mode="after")
    def _ground_fits_format(self) -> Self:
        if self.is_transparent and self.format == "jpeg":
            raise ValueError(
                "background is transparent and format jpeg, which knows no transparency: "
                "choose webp, avif or png"
            )
        return self

    @property
    def is_transparent(self) -> bool:
        """Whether tiles have an alpha channel."""
        return self.background == TRANSPARENT

    @property
    def ground(self) -> tuple[int, ...]:
        """An empty tile's pixel: red, green and blue, or four zeros where it is transparent."""
        return (0, 0, 0, 0) if self.is_transparent else tuple(bytes.fromhex(self.background[1:]))

    @property
    def background_rgb(self) -> tuple[int, int, int]:
        """The background as red, green and blue in 0-255; black where it is transparent."""
        red, green, blue = self.ground[:3]
        return red, green, blue

    @property
    def encoder_quality(self) -> int:
        """The quality that tiles are encoded with."""
        return self.quality or QUALITIES[self.format]


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
