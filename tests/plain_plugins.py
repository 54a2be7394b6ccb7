"""A segmenter and an orienter without weights, whose answers a test knows beforehand."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image
from pydantic import Field

from wunderkammer.core.device import Device
from wunderkammer.core.errors import StageError
from wunderkammer.core.registry import Registry
from wunderkammer.orienters import Orientation, Orienter
from wunderkammer.orienters import registry as orienters
from wunderkammer.segmenters import Segmented, Segmenter
from wunderkammer.segmenters import registry as segmenters

_n_seen = 0


class Darker(Segmenter):
    """Whatever is darker than a level, at half size or a given one; as sure as it is told."""

    name: Literal["darker"] = "darker"
    version: Literal["1"] = "1"
    level: int = 128
    confidence: float = 0.95
    side_px: int = 0
    weights: str = Field("", json_schema_extra={"context": True})

    @property
    def input_px(self) -> int:
        return 256

    def files(self, root: Path) -> Mapping[str, Path]:
        return {"weights": root / self.weights} if self.weights else {}

    def load(self, device: Device, root: Path) -> None:
        if self.weights and not (root / self.weights).exists():
            raise StageError(f"there are no weights in {self.weights}.")

    def segment(self, images: Sequence[npt.NDArray[np.uint8]]) -> list[Segmented]:
        global _n_seen  # noqa: PLW0603 - counts for the whole process
        _n_seen += len(images)
        if _n_seen > int(os.environ.get("DARKER_DIES_AFTER", "1000")):
            os._exit(9)
        return [self._seen(image) for image in images]

    def _seen(self, image: npt.NDArray[np.uint8]) -> Segmented:
        dark = (image.max(axis=2) < self.level).astype(np.float32)
        scale = self.side_px / max(dark.shape) if self.side_px else 0.5
        size = (round(dark.shape[1] * scale), round(dark.shape[0] * scale))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        seen = cv2.resize(dark, size, interpolation=how)
        return Segmented(seen.astype(np.float32), self.confidence)


class Always(Orienter):
    """The same angle for all."""

    name: Literal["always"] = "always"
    version: Literal["1"] = "1"
    angle_deg: float = 0.0
    confidence: float = 0.9

    @property
    def input_px(self) -> int:
        return 64

    def orient(self, cutouts: Sequence[npt.NDArray[np.uint8]]) -> list[Orientation]:
        return [Orientation(self.angle_deg, self.confidence) for _ in cutouts]


@contextmanager
def known_by_name() -> Iterator[None]:
    """Let collections name these two while a block runs; other tests never see them."""
    pairs: tuple[tuple[Registry[Any], type[Any]], ...] = ((segmenters, Darker), (orienters, Always))
    for registry, plugin in pairs:
        registry.names()
        registry.register(plugin)
    try:
        yield
    finally:
        for registry, plugin in pairs:
            del registry._classes[plugin.model_fields["name"].default]


BACKDROP = (240, 200, 90)
"""A colour that no specimen of :func:`photograph` has."""

SETTINGS = {
    "collection.title": "Shadows",
    "ingest.source.name": "folder",
    "ingest.source.path": "images",
    "cutout.segmenter.name": "darker",
    "cutout.min_px": 20,
    "upright.orienter.name": "always",
    "upright.orienter.angle_deg": 90,
    "features.encoder": "colour-histogram",
    "embedding.projection": "pca",
    "tile.style.format": "png",
}
"""Settings of a collection of such photographs that runs in seconds."""


def photograph(number: int, n_specimens: int = 1) -> npt.NDArray[np.uint8]:
    """Draw specimens that lie on their left side: a blue body, a red head at the left."""
    image = np.full((220 * n_specimens, 360, 3), BACKDROP, np.uint8)
    for place in range(n_specimens):
        y, length = 220 * place + 110, 90 + 3 * number + 9 * place
        cv2.ellipse(image, (180, y), (length, 45), 0, 0, 360, (20, 30, 110), -1, cv2.LINE_AA)
        cv2.ellipse(image, (200 - length, y), (34, 30), 0, 0, 360, (110, 20, 20), -1, cv2.LINE_AA)
    return image


def write_photographs(root: Path, numbers: Sequence[int]) -> None:
    """Write a photograph a number below ``images``; the one of number 3 shows two specimens."""
    (root / "images").mkdir(parents=True, exist_ok=True)
    for number in numbers:
        Image.fromarray(photograph(number, 1 + (number == 3))).save(
            root / "images" / f"{number}.png"
        )


if __name__ == "__main__":
    import wunderkammer
    from wunderkammer.stages.cutout import CutoutStage

    CutoutStage.batch_size = 2
    with known_by_name():
        wunderkammer.open(sys.argv[1]).run(n_workers=0)
