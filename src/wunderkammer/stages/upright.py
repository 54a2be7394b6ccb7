"""Upright: turn each cut-out specimen head up, crop it by its alpha, make it small."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.column import Column
from wunderkammer.core.device import Device
from wunderkammer.core.errors import RecordError, WunderkammerError
from wunderkammer.core.registry import chosen_from
from wunderkammer.core.stage import Context, Done, Failed, RowStage
from wunderkammer.orienters import Orientation, Orienter, registry

PERSON = "person"
UNSURE = "unsure"
NO_CUTOUT = "no cut-out"

Rgba = npt.NDArray[np.uint8]


class UprightStage(RowStage):
    """Turn each cut-out specimen head up and crop it by its alpha.

    What a person states as ``angle_deg`` wins over the orienter. A medium without a
    cut-out keeps its photograph as it is.
    """

    optional: ClassVar[bool] = True
    name: Literal["upright"] = "upright"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 32
    orienter: Annotated[Orienter, chosen_from(registry)] = Field(
        default_factory=lambda: registry.parse("rotation-net"),
        description="What tells how a specimen lies: an orienter's name and its settings.",
    )
    size_px: int = Field(
        512,
        description="Longest side of the upright image in pixels; never enlarged.",
        ge=32,
        le=4096,
    )
    min_confidence: float = Field(
        0.5,
        description="Below this confidence the orienter's angle is only its best guess: the "
        "specimen is turned by it, and turn_reason says 'unsure'.",
        ge=0,
        le=1,
    )
    quality: int = Field(88, description="WebP quality of the upright image.", ge=1, le=100)

    def reads(self) -> tuple[str, ...]:
        """Return the cut-out, what stands in for it, and what a person stated."""
        return ("cutout", "thumbnail", "annotation/angle_deg")

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return the files that the orienter uses, such as weights."""
        return {f"orienter.{name}": path for name, path in self.orienter.files(root).items()}

    def writes(self) -> tuple[Column, ...]:
        """Return the image and how it was turned."""
        return (
            Column(
                "upright", "blob", "The specimen head up, cropped by its alpha, RGBA WebP; or the "
                "photograph where none was cut out.",
            ),
            Column("upright_width", "integer", "Width of the upright image in pixels."),
            Column("upright_height", "integer", "Height of the upright image in pixels."),
            Column(
                "turned_deg", "real", "How far the specimen was turned from upright, "
                "counter-clockwise as seen, in degrees from -180 to 180: so much was undone.",
            ),
            Column("turn_confidence", "real", "How far that angle can be trusted, 0 to 1."),
            Column("turned_by", "text", "Who told the angle: 'person', or the orienter's name."),
            Column(
                "machine_angle_deg", "real", "The orienter's own angle, also where a person "
                "stated one: for the report on turning.",
            ),
            Column("machine_confidence", "real", "How far the orienter trusts it, 0 to 1."),
            Column(
                "turn_reason", "text", "Why somebody should look: 'unsure', or 'no cut-out'; "
                "empty if nobody needs to.",
            ),
        )  # fmt: skip

    def load(self, context: Context) -> None:
        """Read the orienter's weights."""
        self.orienter.load(Device(context.device, context.n_threads), context.root)

    def process(
        self, batch: Sequence[Mapping[str, Any]], context: Context
    ) -> Sequence[Done | Failed]:
        """Ask the orienter about all of the batch at once, then turn one after the other."""
        outcomes: list[Done | Failed] = []
        pictures: list[Rgba] = []
        media: list[tuple[Mapping[str, Any], float | None]] = []
        for medium in batch:
            try:
                angle_deg = stated_angle_deg(medium["annotation/angle_deg"])
                if medium["cutout"] is None and angle_deg is None:
                    outcomes.append(self._as_it_is(medium, context))
                    continue
                pictures.append(self._decoded(medium, context))
                media.append((medium, angle_deg))
            except WunderkammerError as error:
                outcomes.append(Failed(medium["media_id"], error))
        answers = self.orienter.orient(pictures) if pictures else []
        for (medium, angle_deg), picture, seen in zip(media, pictures, answers, strict=True):
            try:
                values = self._turned(picture, angle_deg, seen, context)
                outcomes.append(Done(medium["media_id"], values))
            except WunderkammerError as error:
                outcomes.append(Failed(medium["media_id"], error))
        return outcomes

    def _decoded(self, medium: Mapping[str, Any], context: Context) -> Rgba:
        """Return what is to be turned, no larger than it takes: memory holds a whole batch."""
        from wunderkammer.imaging.cutout_files import decode_cutout
        from wunderkammer.imaging.turning import upright

        whole = decode_cutout(context.read_blob(medium["cutout"] or medium["thumbnail"]))
        return upright(whole, 0.0, 2 * max(self.size_px, self.orienter.input_px))

    def _turned(
        self, picture: Rgba, stated_deg: float | None, seen: Orientation, context: Context
    ) -> dict[str, Any]:
        from wunderkammer.imaging.cutout_files import encode_cutout
        from wunderkammer.imaging.turning import upright

        turned = seen if stated_deg is None else Orientation(stated_deg, 1.0)
        image = upright(picture, turned.angle_deg, self.size_px)
        content, suffix = encode_cutout(image, "webp", self.quality)
        return {
            "upright": context.write_blob("upright", content, suffix),
            "upright_width": image.shape[1],
            "upright_height": image.shape[0],
            "turned_deg": turned.angle_deg,
            "turn_confidence": turned.confidence,
            "turned_by": self.orienter.name if stated_deg is None else PERSON,
            "machine_angle_deg": seen.angle_deg,
            "machine_confidence": seen.confidence,
            "turn_reason": UNSURE if turned.confidence < self.min_confidence else None,
        }

    def _as_it_is(self, medium: Mapping[str, Any], context: Context) -> Done:
        """Let the photograph stand where no specimen was cut out."""
        from wunderkammer.imaging.cutout_files import size_of

        width, height = size_of(context.read_blob(medium["thumbnail"]))
        return Done(
            medium["media_id"],
            {
                "upright": medium["thumbnail"],
                "upright_width": width,
                "upright_height": height,
                "turned_deg": 0.0,
                "turn_reason": NO_CUTOUT,
            },
        )


def stated_angle_deg(text: str | None) -> float | None:
    """Return the angle that a person stated, in [-180, 180); None if nobody did.

    Raises
    ------
    RecordError
        If it is no number.

    Examples
    --------
    >>> stated_angle_deg("190"), stated_angle_deg(None)
    (-170.0, None)
    """
    if text is None or not text.strip():
        return None
    try:
        angle_deg = float(text)
    except ValueError:
        angle_deg = math.nan
    if not math.isfinite(angle_deg):
        raise RecordError(
            f"angle_deg is stated as '{text}', which is no number of degrees.",
            hint="State how far the specimen is turned from upright, counter-clockwise as seen, "
            "such as 12.5.",
        )
    return (angle_deg + 180) % 360 - 180
