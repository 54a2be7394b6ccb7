"""Features: what an encoder sees in each picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from wunderkammer.core.column import Column
from wunderkammer.core.device import Device
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.core.registry import chosen_from
from wunderkammer.core.stage import Context, Done, Failed, RowStage
from wunderkammer.encoders import Encoder, registry
from wunderkammer.imaging.decoding import Pixels, decode
from wunderkammer.stages import _picture

_NO_BOMB = 1 << 30


class FeaturesStage(RowStage):
    """Turn each picture into a vector of features with an encoder."""

    name: Literal["features"] = "features"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 128
    encoder: Annotated[Encoder, chosen_from(registry)] = Field(
        default_factory=lambda: registry.parse("efficientnet-lite0"),
        description="What turns images into vectors: an encoder's name and its settings.",
    )
    picture: _picture.Name = _picture.picture_field("is encoded, transparent parts on white")
    called: str = Field(
        "",
        description="Name of these features; empty: the encoder's. One encoder can so see two "
        "pictures: photographs and cut-outs.",
        pattern=r"^[\w.-]*$",
    )

    @property
    def floats(self) -> bool:
        """Features of photographs are there before anything is cut out of these."""
        return self.picture == "image"

    @property
    def label(self) -> str:
        """What they are called, or the encoder's name."""
        return self.called or self.encoder.name

    def reads(self) -> tuple[str, ...]:
        """Return the picture."""
        return _picture.cell_columns(self.picture)

    def writes(self) -> tuple[Column, ...]:
        """Return the vector."""
        return (
            Column(
                self.group,
                "vector",
                f"Features of the picture from the encoder {self.encoder.name}.",
                self.encoder.n_features,
            ),
        )

    def files(self, root: Path) -> Mapping[str, Path]:
        """Return the files that the encoder uses, such as weights."""
        return {f"encoder.{name}": path for name, path in self.encoder.files(root).items()}

    def load(self, context: Context) -> None:
        """Read the encoder's weights."""
        self.encoder.load(Device(context.device, context.n_threads), context.root)

    def process(
        self, batch: Sequence[Mapping[str, Any]], context: Context
    ) -> Sequence[Done | Failed]:
        """Decode the pictures and encode them together."""
        outcomes: list[Done | Failed] = []
        ids: list[str] = []
        images: list[Pixels] = []
        for medium in batch:
            try:
                cell = _picture.picture_cell(self.picture, medium)
                images.append(self._decoded(cell, context))
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

    def _decoded(self, cell: str, context: Context) -> Pixels:
        content = context.read_blob(cell)
        return decode(content, max_pixels=_NO_BOMB, enough_px=self.encoder.input_px).pixels
