"""A picture as files that answer as a IIIF Image API of level 0 does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

TILE_PX = 512
_QUALITY = 85


class Service(NamedTuple):
    """A picture in tiles: its address, and its size in pixels."""

    address: str
    width: int
    height: int

    def factors(self) -> list[int]:
        """Return by how much it is made smaller, until it fits into one tile."""
        found = [1]
        while max(self.width, self.height) > TILE_PX * found[-1]:
            found.append(found[-1] * 2)
        return found

    def sizes(self) -> list[tuple[int, int]]:
        """Return width and height at each of the factors, rounded up."""
        return [(-(-self.width // one), -(-self.height // one)) for one in self.factors()]

    def smallest(self) -> str:
        """Return the address of the whole picture in its smallest size."""
        width, height = self.sizes()[-1]
        return f"{self.address}/full/{width},{height}/0/default.jpg"

    def info(self) -> dict[str, Any]:
        """Return what ``info.json`` says."""
        return {
            "@context": "http://iiif.io/api/image/3/context.json",
            "id": self.address, "type": "ImageService3",
            "protocol": "http://iiif.io/api/image", "profile": "level0",
            "width": self.width, "height": self.height,
            "sizes": [{"width": w, "height": h} for w, h in reversed(self.sizes())],
            "tiles": [{"width": TILE_PX, "height": TILE_PX, "scaleFactors": self.factors()}],
        }  # fmt: skip


def write_service(pixels: Pixels, folder: Path, address: str) -> Service:
    """Write ``info.json``, the whole picture in some sizes, and its tiles [1]_.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (height, width, 3)
    folder : Path
        New.
    address : str
        At which the folder will lie; it is written into ``info.json``.

    References
    ----------
    .. [1] https://iiif.io/api/image/3.0/
    """
    import cv2

    service = Service(address, pixels.shape[1], pixels.shape[0])
    _store(folder / "full/max/0", pixels)
    for factor, (width, height) in zip(service.factors(), service.sizes(), strict=True):
        small = pixels
        if factor > 1:
            small = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA))
        _store(folder / f"full/{width},{height}/0", small)
        if factor < service.factors()[-1]:
            for region, part in _tiles(small, factor, service):
                size = f"{part.shape[1]},{part.shape[0]}"
                _store(folder / region / size / "0", part)
    text = json.dumps(service.info(), indent=1)
    (folder / "info.json").write_text(f"{text}\n", "utf-8")
    return service


def _tiles(small: Pixels, factor: int, service: Service) -> Iterator[tuple[str, Pixels]]:
    """Yield the region that each tile of a size shows, in pixels of the whole, and the tile."""
    step = TILE_PX * factor
    for top in range(0, service.height, step):
        for left in range(0, service.width, step):
            width, height = min(step, service.width - left), min(step, service.height - top)
            across, down = -(-width // factor), -(-height // factor)
            y, x = top // factor, left // factor
            yield f"{left},{top},{width},{height}", small[y : y + down, x : x + across]


def _store(folder: Path, pixels: Pixels) -> None:
    import simplejpeg

    folder.mkdir(parents=True, exist_ok=True)
    content = simplejpeg.encode_jpeg(
        np.ascontiguousarray(pixels), quality=_QUALITY, colorspace="RGB", colorsubsampling="420"
    )
    (folder / "default.jpg").write_bytes(content)
