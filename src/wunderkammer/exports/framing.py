"""One cut-out in its frame: turned, fitted, on a ground, as a file that says whose it is."""

from __future__ import annotations

import io
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageColor
from pydantic import Field

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.settings import Settings
from wunderkammer.imaging.resampling import Colour
from wunderkammer.imaging.shadows import shadow_reach, soft_shadow
from wunderkammer.imaging.turning import crop_to_alpha, framed, upright

Pixels = npt.NDArray[np.uint8]

TRANSPARENT = "transparent"
SUFFIXES = {"jpeg": ".jpg", "png": ".png", "webp": ".webp"}
_DARKNESS, _SIGMA = 0.4, 0.015
_COPYRIGHT, _ARTIST = 0x8298, 0x013B


class Frame(Settings):
    """How a picture is framed; every field changes the picture."""

    version: Literal["1"] = "1"
    picture: Literal["upright", "cutout"] = Field(
        "upright", description="Turned head up, or as it lies in the photograph."
    )
    size_px: int = Field(1024, description="Side of the square in pixels.", ge=16, le=16_383)
    margin: float = Field(
        0.05, description="Free on each side at least, as a share of the side.", ge=0, le=0.45
    )
    background: str = Field("white", description="Colour by name or as #f0f0f0; or 'transparent'.")
    shadow: bool = Field(default=False, description="Lay a soft shadow under the specimen.")
    enlarge: bool = Field(
        default=False, description="Enlarge what is smaller than the frame; else it stays."
    )
    format: Literal["jpeg", "png", "webp"] = Field("jpeg", description="Format of the files.")
    quality: int = Field(92, description="Quality of JPEG and WebP.", ge=1, le=100)

    def colour(self) -> Colour | None:
        """Return the background as RGB, None for a transparent one.

        Raises
        ------
        ConfigurationError
            If it is no colour, or the format knows no transparency.
        """
        if self.background == TRANSPARENT:
            if self.format == "jpeg":
                raise ConfigurationError(
                    "the background is 'transparent', and JPEG has no transparency.",
                    hint="Write PNG or WebP, or choose a colour.",
                )
            return None
        try:
            red, green, blue = ImageColor.getrgb(self.background)[:3]
        except ValueError:
            raise ConfigurationError(
                f"the background '{self.background}' is no colour.",
                hint="Write white, #f0f0f0, rgb(240, 240, 240), or transparent.",
            ) from None
        return red, green, blue


class Framed(NamedTuple):
    """A picture in its frame.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (size, size, 3) or (size, size, 4)
    scale : float
        Pixels of it that show one pixel of the cut-out.
    """

    pixels: Pixels
    scale: float


def frame_cutout(rgba: Pixels, angle_deg: float | None, frame: Frame) -> Framed:
    """Return a cut-out in the middle of its frame.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
        At full size.
    angle_deg : float or None
        How far it is turned from upright, counter-clockwise as seen; None leaves it.
    frame : Frame

    Raises
    ------
    ImageError
        If no pixel is visible.
    """
    colour = frame.colour()
    inside = crop_to_alpha(rgba) if angle_deg is None else upright(rgba, angle_deg)
    longest = max(inside.shape[:2])
    room = max(1, round(frame.size_px * (1 - 2 * frame.margin)))
    target = room if frame.enlarge else min(room, longest)
    if colour is None:
        return Framed(_on_nothing(inside, target, frame), target / longest)
    pixels = framed(
        inside,
        frame.size_px,
        margin=(1 - target / frame.size_px) / 2,
        background=colour,
        shadow=_DARKNESS if frame.shadow else 0.0,
    )
    return Framed(pixels, target / longest)


def _on_nothing(inside: Pixels, target: int, frame: Frame) -> Pixels:
    """Return a cut-out in the middle of a transparent square, over its shadow if it has one."""
    height, width = inside.shape[:2]
    scale = target / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    fitted = np.asarray(Image.fromarray(inside).resize(size, Image.Resampling.LANCZOS))
    top, left = ((frame.size_px - side) // 2 for side in fitted.shape[:2])
    placed = np.zeros((frame.size_px, frame.size_px, 4), np.uint8)
    placed[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
    return _over_shadow(placed) if frame.shadow else placed


def _over_shadow(placed: Pixels) -> Pixels:
    """Return the picture over a half-transparent black shadow of its own alpha."""
    side = placed.shape[0]
    sigma = _SIGMA * side
    reach = shadow_reach(sigma)
    blurred = soft_shadow(np.ascontiguousarray(placed[:, :, 3]), sigma, reach)
    shade = _DARKNESS * blurred[reach : reach + side, reach : reach + side, None] / np.float32(255)
    alpha = placed[:, :, 3:] / np.float32(255)
    whole = alpha + shade * (1 - alpha)
    colours = placed[:, :, :3] * alpha / np.maximum(whole, 1e-6)
    return np.asarray(np.rint(np.concatenate([colours, whole * 255], axis=2)), np.uint8)


def encode(pixels: Pixels, frame: Frame, credit: str, creator: str) -> bytes:
    """Return a picture as a file whose EXIF says whose it is.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3) or (height, width, 4)
    frame : Frame
        Names format and quality.
    credit, creator : str
        Written as Copyright and Artist, UTF-8.
    """
    exif = Image.Exif()
    exif[_COPYRIGHT] = credit.encode()
    if creator:
        exif[_ARTIST] = creator.encode()
    buffer = io.BytesIO()
    image = Image.fromarray(pixels)
    if frame.format == "jpeg":
        image.save(buffer, "JPEG", quality=frame.quality, subsampling=0, exif=exif)
    elif frame.format == "webp":
        image.save(buffer, "WEBP", quality=frame.quality, method=4, exif=exif.tobytes())
    else:
        image.save(buffer, "PNG", exif=exif)
    return buffer.getvalue()
