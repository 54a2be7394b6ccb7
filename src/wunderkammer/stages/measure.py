"""Measure: how sharp and how light each thumbnail is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from wunderkammer.core.column import Column
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.core.stage import Context, Done, Failed, RowStage

_NO_BOMB = 1 << 30


class MeasureStage(RowStage):
    """Measure sharpness and light of each thumbnail, so that bad pictures can be proposed.

    'wk curate' shows what is blurred or dark before anything is labelled.
    """

    optional: ClassVar[bool] = True
    name: Literal["measure"] = "measure"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 256

    def reads(self) -> tuple[str, ...]:
        """Return the thumbnail."""
        return ("thumbnail",)

    def writes(self) -> tuple[Column, ...]:
        """Return the measures."""
        return (
            Column("sharpness", "real", "How sharp the thumbnail is, 0 to 1; low is blurred."),
            Column("highlight", "real", "Luma that 95 % of its pixels do not exceed, 0 to 1."),
            Column("contrast", "real", "Standard deviation of its luma, 0 to 0.5."),
        )

    def process(
        self, batch: Sequence[Mapping[str, Any]], context: Context
    ) -> Sequence[Done | Failed]:
        """Do each medium; one that fails costs only itself."""
        outcomes: list[Done | Failed] = []
        for medium in batch:
            try:
                values = self._measured(context.read_blob(medium["thumbnail"]))
                outcomes.append(Done(medium["media_id"], values))
            except WunderkammerError as error:
                outcomes.append(Failed(medium["media_id"], error))
        return outcomes

    def _measured(self, content: bytes) -> dict[str, float]:
        from wunderkammer.imaging.decoding import decode
        from wunderkammer.imaging.measuring import highlight, sharpness
        from wunderkammer.imaging.perceptual_hash import contrast

        pixels = decode(content, max_pixels=_NO_BOMB).pixels
        return {
            "sharpness": sharpness(pixels),
            "highlight": highlight(pixels),
            "contrast": contrast(pixels) / 255,
        }
