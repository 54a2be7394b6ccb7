"""Images whose bytes follow from host, path and version alone."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from wunderkammer.testing.hosts import containers
from wunderkammer.testing.hosts.errors import ImageHostError

if TYPE_CHECKING:
    from PIL.Image import Image

Kind = Literal["jpeg", "png", "tiff", "webp"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A family of images, one for each path of each host.

    All of a family have the same size; their pixels are one of ``n_scenes``
    and their bytes differ by a mark in the container, so each has a SHA-256
    of its own and costs the server next to nothing.

    Attributes
    ----------
    kind : str
        ``"jpeg"``, ``"png"``, ``"tiff"`` or ``"webp"``.
    width_px, height_px : int
        Size in pixels.
    n_bytes : int or None
        Exact length of every file. None for as long as it comes.
    version : int
        Another version has other bytes, another ETag and a later Last-Modified.
    n_scenes : int
        How many different pictures the paths are spread over.
    """

    kind: Kind = "jpeg"
    width_px: int = 480
    height_px: int = 360
    n_bytes: int | None = 40_000
    version: int = 0
    n_scenes: int = 4

    @property
    def media_type(self) -> str:
        """Return what an honest host calls it, such as ``"image/jpeg"``."""
        return f"image/{self.kind}"

    def mark(self, host: int, path: str) -> bytes:
        """Return 32 hexadecimal digits that stand for one file in one version."""
        named = f"{self.version} {host} {path}".encode()
        return hashlib.blake2b(named, digest_size=16).hexdigest().encode()

    def body(self, host: int, path: str) -> bytes:
        """Return the bytes of one file.

        Raises
        ------
        ImageHostError
            If the picture does not fit in ``n_bytes``.
        """
        mark = self.mark(host, path)
        return containers.marked(self._encoded(mark), self.kind, mark, self.n_bytes)

    def prepare(self) -> None:
        """Draw and encode every scene now, so that no request waits for it."""
        for scene in range(self.n_scenes):
            self._scene(scene)

    def _encoded(self, mark: bytes) -> bytes:
        return self._scene(int(mark[:8], 16) % self.n_scenes)

    def _scene(self, scene: int) -> bytes:
        return _encoded(self.kind, self.width_px, self.height_px, self.n_bytes, scene)


def bomb(side_px: int = 20_000) -> bytes:
    """Return a PNG of few bytes that decodes to ``side_px`` x ``side_px`` pixels."""
    row = b"\0" * (side_px // 8 + 2)  # one filter byte, one bit a pixel
    packer = zlib.compressobj(9)
    packed = b"".join([*(packer.compress(row) for _ in range(side_px)), packer.flush()])
    size = side_px.to_bytes(4, "big")
    header = _chunk(b"IHDR", size + size + b"\x01\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + header + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + checksum


@lru_cache(maxsize=256)
def _encoded(kind: Kind, width_px: int, height_px: int, n_bytes: int | None, scene: int) -> bytes:
    """Return a scene, encoded so that it and its mark fit in ``n_bytes``."""
    limit = None if n_bytes is None else n_bytes - containers.SMALLEST_MARK
    encode = _ENCODERS[kind]
    image = _drawn(width_px, height_px, scene, grain=24.0 if kind == "jpeg" else 0.0)
    if kind == "jpeg" and limit is not None:
        encoded = _largest_jpeg(image, limit)
    else:
        encoded = encode(image, 85)
    if limit is not None and len(encoded) > limit:
        raise ImageHostError(
            f"A {kind} of {width_px} x {height_px} pixels needs at least "
            f"{len(encoded) + containers.SMALLEST_MARK} bytes, and n_bytes is {n_bytes}.",
            hint="Give more bytes or fewer pixels.",
        )
    return encoded


def _largest_jpeg(image: Image, limit: int) -> bytes:
    """Return the JPEG of the best quality that is no longer than ``limit``, if one is."""
    low, high = 1, 95
    best = _jpeg(image, low)
    while low < high:
        quality = (low + high + 1) // 2
        encoded = _jpeg(image, quality)
        if len(encoded) <= limit:
            low, best = quality, encoded
        else:
            high = quality - 1
    return best


def _drawn(width_px: int, height_px: int, scene: int, *, grain: float) -> Image:
    """Draw soft patches of colour; grain makes a JPEG as heavy as a photograph."""
    import numpy as np
    from PIL import Image

    random = np.random.default_rng([scene, width_px, height_px])
    patches = random.integers(0, 16, (9, 12, 3), dtype=np.uint8) * 16
    size = (width_px, height_px)
    if not grain:
        return Image.fromarray(patches).resize(size, Image.Resampling.NEAREST)
    soft = Image.fromarray(patches).resize(size, Image.Resampling.BICUBIC)
    noise = random.normal(0.0, grain, (height_px, width_px, 1))
    return Image.fromarray(np.clip(np.asarray(soft) + noise, 0, 255).astype(np.uint8))


def _saved(image: Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def _jpeg(image: Image, quality: int) -> bytes:
    return _saved(image, "JPEG", quality=quality)


def _png(image: Image, _quality: int) -> bytes:
    return _saved(image, "PNG")


def _tiff(image: Image, _quality: int) -> bytes:
    return _saved(image, "TIFF", compression="tiff_deflate")


def _webp(image: Image, quality: int) -> bytes:
    """Encode with metadata, for the extended header that lets unknown chunks follow."""
    return _saved(image, "WEBP", quality=quality, xmp=b"<x/>")


_ENCODERS: Mapping[str, Callable[[Any, int], bytes]] = {
    "jpeg": _jpeg,
    "png": _png,
    "tiff": _tiff,
    "webp": _webp,
}
