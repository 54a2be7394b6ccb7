"""Fingerprint: 256 bits of each thumbnail by which copies are found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from wunderkammer.core.column import Column
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.core.stage import Context, Done, Failed, RowStage

_NO_BOMB = 1 << 30


class FingerprintStage(RowStage):
    """Turn each thumbnail into 256 bits that stay alike when an image is resized."""

    name: Literal["fingerprint"] = "fingerprint"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 256
    min_contrast: float = Field(
        2.0,
        description="Below this contrast, in grey levels of 255, an image is too plain to be "
        "told from others and gets no fingerprint.",
        ge=0,
        le=127,
    )

    def reads(self) -> tuple[str, ...]:
        """Return the thumbnail."""
        return ("thumbnail",)

    def writes(self) -> tuple[Column, ...]:
        """Return the bits, and whether there is anything to see."""
        return (
            Column(
                "fingerprint", "text", "Perceptual hash: 256 bits, hexadecimal; empty if near flat."
            ),
            Column("near_flat", "boolean", "Whether the image is too plain to be told apart."),
        )

    def process(
        self, batch: Sequence[Mapping[str, Any]], context: Context
    ) -> Sequence[Done | Failed]:
        """Do each medium; one that fails costs only itself."""
        outcomes: list[Done | Failed] = []
        for medium in batch:
            try:
                values = self._seen(context.read_blob(medium["thumbnail"]))
                outcomes.append(Done(medium["media_id"], values))
            except WunderkammerError as error:
                outcomes.append(Failed(medium["media_id"], error))
        return outcomes

    def _seen(self, content: bytes) -> dict[str, Any]:
        from wunderkammer.imaging.decoding import decode
        from wunderkammer.imaging.perceptual_hash import contrast, dct_hash

        pixels = decode(content, max_pixels=_NO_BOMB).pixels
        if contrast(pixels) < self.min_contrast:
            return {"fingerprint": None, "near_flat": True}
        return {"fingerprint": dct_hash(pixels).tobytes().hex(), "near_flat": False}
