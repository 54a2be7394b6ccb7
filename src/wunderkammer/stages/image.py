"""Image: verify the original by decoding it, keep it, measure it, make a thumbnail."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from wunderkammer.core.blobs import ORIGINALS, original_path, store
from wunderkammer.core.column import Column
from wunderkammer.core.errors import ImageError, ImageMissingError, WunderkammerError
from wunderkammer.core.stage import Context, Done, Failed, RowStage
from wunderkammer.imaging.decoding import Decoded, decode

_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "TIFF": ".tif", "WEBP": ".webp", "GIF": ".gif"}


class ImageStage(RowStage):
    """Verify each original by decoding it whole, turn it upright by EXIF, make a thumbnail."""

    name: Literal["image"] = "image"
    version: Literal["1"] = "1"
    batch_size: ClassVar[int] = 64
    thumbnail_px: int = Field(
        512, description="Longest side of the thumbnail in pixels; never enlarged.", ge=32, le=4096
    )
    thumbnail_quality: int = Field(88, description="JPEG quality of the thumbnail.", ge=1, le=100)
    max_pixels: int = Field(
        300_000_000, description="Images of more pixels are refused.", ge=1_000_000
    )
    keep_originals: bool = Field(
        default=True,
        description="Copy local originals into the collection, so that it stands alone; fetched "
        "ones are always kept.",
    )

    def reads(self) -> tuple[str, ...]:
        """Return the digest of the original's bytes: a changed file is a changed input."""
        return ("content_sha256",)

    def looks_up(self) -> tuple[str, ...]:
        """Return where the original lies."""
        return ("content_path",)

    def writes(self) -> tuple[Column, ...]:
        """Return what is measured and made."""
        return (
            Column("sha256", "text", "SHA-256 of the original's bytes, hexadecimal."),
            Column("n_bytes", "integer", "Length of the original in bytes."),
            Column("file_format", "text", "Format of the original, such as JPEG."),
            Column("width", "integer", "Width in pixels, after the EXIF turn."),
            Column("height", "integer", "Height in pixels, after the EXIF turn."),
            Column("orientation", "integer", "EXIF orientation, 1 to 8; 1 is upright."),
            Column("original", "text", "Path of the original below the collection, if kept."),
            Column("thumbnail", "blob", "The image upright on white, JPEG."),
        )

    def stores(self) -> Mapping[str, str]:
        """Return where the originals lie that are kept, and their digests."""
        return {"original": "sha256"}

    def process(
        self, batch: Sequence[Mapping[str, Any]], context: Context
    ) -> Sequence[Done | Failed]:
        """Do each medium; one that fails costs only itself."""
        outcomes: list[Done | Failed] = []
        for medium in batch:
            try:
                outcomes.append(Done(medium["media_id"], self._measure(medium, context)))
            except WunderkammerError as error:
                outcomes.append(Failed(medium["media_id"], error))
        return outcomes

    def _measure(self, medium: Mapping[str, Any], context: Context) -> dict[str, Any]:
        content = _read(medium, context.root)
        digest = hashlib.sha256(content).hexdigest()
        if digest != medium["content_sha256"]:
            raise ImageError(
                f"{medium['content_path']} changed while it was being read.",
                hint="Run again when nothing writes to it.",
            )
        decoded = decode(content, max_pixels=self.max_pixels, enough_px=2 * self.thumbnail_px)
        kept = str(medium["content_path"])
        if not kept.startswith(f"{ORIGINALS}/"):
            kept = self._keep(medium, decoded, content, context.root)
        return {
            "sha256": digest,
            "n_bytes": len(content),
            "file_format": decoded.format,
            "width": decoded.width,
            "height": decoded.height,
            "orientation": decoded.orientation,
            "original": kept or None,
            "thumbnail": context.write_blob("thumbnail", self.thumbnail(decoded), ".jpg"),
        }

    def _keep(self, medium: Mapping[str, Any], decoded: Decoded, content: bytes, root: Path) -> str:
        """Copy an original into the collection, if that is asked for; return where it lies."""
        if not self.keep_originals:
            return ""
        kept = original_path(medium["media_id"], _suffix(decoded, medium["content_path"]))
        store(root / kept, content)
        return kept

    def thumbnail(self, decoded: Decoded) -> bytes:
        """Return an image small, as JPEG."""
        import simplejpeg

        from wunderkammer.imaging.resampling import shrink

        pixels = shrink(decoded.pixels, self.thumbnail_px)
        content: bytes = simplejpeg.encode_jpeg(
            pixels, quality=self.thumbnail_quality, colorsubsampling="444", fastdct=False
        )
        return content


def _read(medium: Mapping[str, Any], root: Path) -> bytes:
    where = medium["content_path"]
    path = root / str(where)
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImageMissingError(
            f"{where} cannot be read: {error.strerror or error}.",
            hint="Look whether it was moved; then 'wk run --retry-failed'.",
        ) from None


def _suffix(decoded: Decoded, path: str) -> str:
    return _SUFFIXES.get(decoded.format) or Path(path).suffix.lower() or ".img"
