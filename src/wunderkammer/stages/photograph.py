"""Photograph: what a page needs to find by a visitor's photograph without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.atlas.alike_schemas import EncoderFile, PhotographSearch
from wunderkammer.atlas.paths import ATLAS, PHOTOGRAPH, PHOTOGRAPH_FOLDER
from wunderkammer.core.column import Column
from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.files import read_json, write_json
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.stage import Context, TableResult, TableStage
from wunderkammer.stages.features import FeaturesStage

_NETWORK, _ALIKE = "encoder.onnx", "alike.bin"
_LEARNED_FROM = 100_000


class PhotographStage(TableStage):
    """Write the encoder and compact features, so that a published page finds by a photograph."""

    optional: ClassVar[bool] = True
    name: Literal["photograph"] = "photograph"
    version: Literal["1"] = "1"
    features: str = Field(
        "",
        description="Encoder that looks at the photograph: one that is a network; empty: the "
        "first.",
        json_schema_extra={REFERS_TO: "features"},
    )
    atlas: str = Field(
        "",
        description="Atlas whose page it goes with; empty: the first.",
        json_schema_extra={REFERS_TO: "atlas"},
    )
    n_components: int = Field(
        96,
        ge=2,
        le=1024,
        description="Bytes that are kept of the features of a medium; fewer where there are "
        "fewer media or features.",
    )
    recall: float = Field(
        0.9,
        gt=0,
        le=1,
        description="Share of the ten media truly most alike that is enough; more reads more.",
    )
    half: bool = Field(
        default=True,
        description="Store the network's weights in half precision: half of what a visitor loads.",
    )
    seed: int = Field(0, ge=0, le=2**31 - 2, description="Seed of the cells and of the sample.")

    @property
    def label(self) -> str:
        """The atlas's name."""
        return self.atlas

    def reads(self) -> tuple[str, ...]:
        """Return the features."""
        return (f"features/{self.features}",)

    def reads_artifacts(self) -> tuple[str, ...]:
        """Return the atlas whose rows are meant."""
        return (f"atlas/{self.atlas}",)

    def writes(self) -> tuple[Column, ...]:
        """Return nothing: what it makes are files."""
        return ()

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Write the network and the features into the artifact's folder."""
        from wunderkammer.atlas.alike import write_alike

        group = self.reads_artifacts()[0]
        folder = context.artifacts / PHOTOGRAPH_FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        stage = self._encoder_stage(context.root)
        encoder = self._write_encoder(stage, folder, context)
        media, rows = _on_the_map(inputs, inputs.artifacts[group])
        if len(media) < 2:
            raise NotEnoughMediaError(
                f"photograph: something is like a photograph where there are 2 media, and "
                f"{len(media)} on the map have features.",
                hint="Get features of more media.",
            )
        features = inputs.vectors(self.reads()[0])[media]
        alike = write_alike(
            folder / _ALIKE,
            features,
            rows,
            self._directions(features),
            recall=self.recall,
            seed=self.seed,
            reference=f"{PHOTOGRAPH_FOLDER}/{_ALIKE}",
        )
        told = PhotographSearch(encoder=encoder, alike=alike, picture=stage.picture or "image")
        made_of = {group: inputs.artifacts[group].name}
        write_json(
            context.artifacts / PHOTOGRAPH,
            {"made_of": made_of, "photograph": told.model_dump(mode="json")},
        )
        return TableResult(
            quality={
                "recall": alike.recall,
                "cells_read": float(alike.n_read),
                "encoder_mb": encoder.n_bytes / 1e6,
            }
        )

    def _encoder_stage(self, root: Path) -> FeaturesStage:
        """Return the stage that made the features; where its weights lie is context."""
        import wunderkammer

        found = wunderkammer.open(root).configuration.stage(f"features/{self.features}")
        assert isinstance(found, FeaturesStage)
        return found

    def _write_encoder(self, stage: FeaturesStage, folder: Path, context: Context) -> EncoderFile:
        from wunderkammer.exports.onnx import export_encoder

        encoder: Any = stage.encoder
        encoder.load(Device("cpu", context.n_threads), context.root)
        made = export_encoder(encoder, folder / _NETWORK, half=self.half)
        preparation = encoder.preparation()
        assert preparation is not None
        return EncoderFile(
            path=f"{PHOTOGRAPH_FOLDER}/{_NETWORK}",
            n_bytes=made.n_bytes,
            name=encoder.name,
            n_features=made.n_features,
            **preparation.described(),
        )

    def _directions(self, features: npt.NDArray[np.float32]) -> Any:
        """Return the directions in which features of length 1 differ most, by a sample."""
        from wunderkammer.atlas.alike import Directions, unit_rows
        from wunderkammer.exports._components import principal_components

        order = np.random.default_rng(self.seed).permutation(len(features))[:_LEARNED_FROM]
        sample = unit_rows(features[np.sort(order)])
        n = min(self.n_components, len(sample) - 1, sample.shape[1])
        found = principal_components(sample, n)
        return Directions(found.mean.astype(np.float32), found.directions.astype(np.float32))


def _on_the_map(
    inputs: Inputs, folder: Path
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint32]]:
    """Return the places of the media on the map among all, and their rows there."""
    table = read_json(folder / ATLAS)["ids"]
    size, n_id = table["entry_bytes"], table["id_bytes"]
    entries = np.fromfile(folder / table["path"], np.uint8).reshape(-1, size)
    ids = np.ascontiguousarray(entries[:, :n_id]).view(f"V{n_id}").ravel().tolist()
    rows = np.ascontiguousarray(entries[:, n_id:]).view("<u4").ravel()
    own = {media_id: place for place, media_id in enumerate(inputs.ids)}
    places = np.array([own.get(one.hex(), -1) for one in ids], np.int64)
    there = places >= 0
    return places[there], rows[there]
