"""Features: what an encoder sees in each thumbnail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from wunderkammer.core.column import Column
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.core.registry import chosen_from
from wunderkammer.core.stage import Context, Done, Failed, RowStage
from wunderkammer.encoders import Device, Encoder, registry
from wunderkammer.imaging.decoding import Pixels, decode

_NO_BOMB = 1 << 30


class FeaturesStage(RowStage):
    """Turn each thumbnail into a vector of features with an encoder."""

    name: Literal["features"] = "features"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 128
    encoder: Annotated[Encoder, chosen_from(registry)] = Field(
        default_factory=lambda: registry.parse("efficientnet-lite0"),
        description="What turns images into vectors: an encoder's name and its settings.",
    )

    @property
    def label(self) -> str:
        """The encoder's name."""
        return self.encoder.name

    def reads(self) -> tuple[str, ...]:
        """Return the thumbnail."""
        return ("thumbnail",)

    def writes(self) -> tuple[Column, ...]:
        """Return the vector."""
        return (
            Column(
                self.group,
                "vector",
                f"Features of the thumbnail from the encoder {self.encoder.name}.",
                self.encoder.n_features,
            ),
        )

    def load(self, context: Context) -> None:
        """Read the encoder's weights."""
        self.encoder.load(Device(context.device, context.n_threads))

    def process(
        self, batch: Sequence[Mapping[str, Any]], context: Context
    ) -> Sequence[Done | Failed]:
        """Decode the thumbnails and encode them together."""
        outcomes: list[Done | Failed] = []
        ids: list[str] = []
        images: list[Pixels] = []
        for medium in batch:
            try:
                images.append(self._thumbnail(medium["thumbnail"], context))
                ids.append(medium["media_id"])
            except WunderkammerError as error:
                outcomes.append(Failed(medium["media_id"], error))
        if images:
            vectors = self.encoder.encode(images)
            outcomes.extend(
                Done(media_id, {self.group: vector})
                for media_id, vector in zip(ids, vectors, strict=True)
            )
        return outcomes

    def _thumbnail(self, cell: str, context: Context) -> Pixels:
        content = context.read_blob(cell)
        return decode(content, max_pixels=_NO_BOMB, enough_px=self.encoder.input_px).pixels
