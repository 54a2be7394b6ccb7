"""Pictures of media for exports: originals as they are, or what stages made of them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image
from pydantic import Field

from wunderkammer.core.blobs import read_blob
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.originals import read_original
from wunderkammer.exports.naming import file_stem
from wunderkammer.exports.selection import Chosen, Medium
from wunderkammer.imaging.decoding import decode

Picture = Literal["none", "original", "thumbnail", "cutout", "upright"]

Pixels = npt.NDArray[np.uint8]

_PLAIN = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
"""Formats that every program reads, which are copied as they are where they lie upright."""

_NO_BOMB = 1 << 30
_QUALITY = 95


def picture_option(default: Picture) -> Any:
    """Return the field of an option ``picture``."""
    return Field(
        default,
        description="Which picture of each medium is written: the original, its thumbnail, the "
        "cut-out, the cut-out turned upright; none: no files. Where there is no such picture, the "
        "medium has none.",
    )


class Written(NamedTuple):
    """A picture that was written: its path below the export, and its size in pixels."""

    file: str
    width: int
    height: int


class Pictures:
    """Writes pictures of media below a folder, one a medium.

    Parameters
    ----------
    chosen : Chosen
    folder : Path
        Where the export is written.
    picture : str
    within : str
        Folder of the pictures below it.

    Raises
    ------
    ConfigurationError
        If no stage of the collection makes such pictures.
    """

    def __init__(self, chosen: Chosen, folder: Path, picture: Picture, within: str) -> None:
        cell = {"original": "sha256"}.get(picture, picture)
        if picture != "none" and cell not in chosen.columns:
            raise ConfigurationError(
                f"no stage of this collection makes the picture '{picture}'.",
                hint="Choose another with --picture, or add the stage to collection.toml.",
            )
        self._root, self._folder = chosen.collection.root, folder
        self._picture, self._within = picture, within
        self._taken: set[str] = set()

    def write(self, medium: Medium, *, within: str = "") -> Written | None:
        """Write the picture of a medium; None where it has none.

        Raises
        ------
        ImageError
            If it is not what it was.
        """
        content, suffix, size = self._content(medium)
        if not content:
            return None
        stem = file_stem(medium.media_id, medium.text("catalogNumber"), self._taken)
        file = f"{within or self._within}/{stem}{suffix}"
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return Written(file, *size)

    def _content(self, medium: Medium) -> tuple[bytes, str, tuple[int, int]]:
        """Return the bytes of a picture, the ending of its name and its size."""
        if self._picture == "original":
            return as_readable(original_bytes(medium, self._root), medium)
        cell = medium.text(self._picture)
        if not cell:
            return b"", "", (0, 0)
        content = read_blob(self._root, cell)
        with Image.open(io.BytesIO(content)) as image:
            return content, Path(cell).suffix, image.size


def original_bytes(medium: Medium, root: Path) -> bytes:
    """Return the original of a medium; nothing where it has none.

    Raises
    ------
    ImageMissingError
        If it cannot be read.
    ImageError
        If its bytes are not those that were verified.
    """
    where = medium.text("original") or medium.text("content_path")
    if not where or "sha256" not in medium.row:
        return b""
    return read_original(root, medium.row)


def as_readable(content: bytes, medium: Medium) -> tuple[bytes, str, tuple[int, int]]:
    """Return an original as programs read it alike: upright without EXIF's help, JPEG or PNG."""
    if not content:
        return b"", "", (0, 0)
    size = int(medium.row["width"]), int(medium.row["height"])
    suffix = _PLAIN.get(medium.text("file_format"))
    if suffix and medium.row.get("orientation", 1) == 1:
        return content, suffix, size
    pixels = upright_pixels(content)
    buffer = io.BytesIO()
    if medium.text("file_format") == "JPEG":
        Image.fromarray(pixels).save(buffer, "JPEG", quality=_QUALITY, subsampling=0)
        return buffer.getvalue(), ".jpg", size
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue(), ".png", size


def upright_pixels(content: bytes) -> Pixels:
    """Return the pixels of an original, turned as the camera says."""
    return decode(content, max_pixels=_NO_BOMB).pixels
