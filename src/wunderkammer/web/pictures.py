"""Pictures for reviewing: made from originals and blobs when asked for, the last ones kept."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from wunderkammer.core.blobs import read_blob
from wunderkammer.core.errors import ImageError, ImageMissingError
from wunderkammer.imaging.decoding import decode
from wunderkammer.imaging.masks import Mask, decode_mask, encode_mask, from_grey

PREVIEW_PX = 1600
"""Longest side of the photograph that the page gets, and of the masks drawn on it."""

_QUALITY = 90
_MAX_PIXELS = 1_000_000_000  # the stage image refused what is too large before


def preview_size(width: int, height: int) -> tuple[int, int]:
    """Return width and height of a photograph as the page gets it; never enlarged.

    Examples
    --------
    >>> preview_size(6000, 4000)
    (1600, 1067)
    >>> preview_size(640, 480)
    (640, 480)
    """
    scale = min(1.0, PREVIEW_PX / max(width, height, 1))
    return max(1, round(width * scale)), max(1, round(height * scale))


def photograph(root: Path, row: Mapping[str, Any]) -> bytes:
    """Return a medium's photograph upright by EXIF as JPEG of its preview size.

    Made from the original; from the thumbnail where that cannot be read any more.
    """
    return _jpeg(_to(_decoded(root, row, PREVIEW_PX), *preview_size(row["width"], row["height"])))


def own_part(root: Path, row: Mapping[str, Any]) -> bytes:
    """Return what a photograph shows of a medium as JPEG: all of it, or a specimen's own part."""
    if not _is_part(row):
        return photograph(root, row)
    width, height = own_size(row)
    size = preview_size(width, height)
    enough = max(row["width"], row["height"]) * max(size) // max(width, height, 1)
    pixels = _decoded(root, row, enough)
    scale = pixels.shape[1] / row["width"]
    left, top, right, bottom = (round(side * scale) for side in _sides(row["cutouts"][0]))
    return _jpeg(_to(pixels[max(0, top) : bottom, max(0, left) : right], *size))


def own_size(row: Mapping[str, Any]) -> tuple[int, int]:
    """Return width and height in pixels of what a photograph shows of a medium."""
    if not _is_part(row):
        return row["width"], row["height"]
    left, top, right, bottom = _sides(row["cutouts"][0])
    return min(right, row["width"]) - max(0, left), min(bottom, row["height"]) - max(0, top)


def small(root: Path, row: Mapping[str, Any], longest_px: int = 160) -> bytes:
    """Return a small JPEG of a medium: of its own part where a photograph shows several."""
    import simplejpeg

    from wunderkammer.imaging.resampling import shrink

    pixels = decode(read_blob(root, row["thumbnail"]), max_pixels=_MAX_PIXELS).pixels
    if _is_part(row):
        scale = pixels.shape[1] / row["width"]
        left, top, right, bottom = (round(side * scale) for side in _sides(row["cutouts"][0]))
        pixels = pixels[max(0, top) : bottom, max(0, left) : right]
    jpeg: bytes = simplejpeg.encode_jpeg(shrink(pixels, longest_px), quality=82)
    return jpeg


def machine_mask(root: Path, row: Mapping[str, Any]) -> bytes:
    """Return what the machine takes for specimen, as a one-bit PNG of the preview size.

    The cut-outs it made say so, as labels and rulers are gone from them; where it
    made none, or a person drew them, the segmenter's probabilities do.

    Raises
    ------
    ImageMissingError
        If no segmenter has looked at the photograph.
    """
    size = preview_size(row["width"], row["height"])
    if row["cutouts"] and row["made_by"] != "person":
        return encode_mask(_outline(root, row, size))
    if not row["machine_mask"]:
        raise ImageMissingError(
            "no segmenter has looked at this photograph.",
            hint="'wk run' cuts it out, or draw the mask yourself.",
        )
    probability = from_grey(read_blob(root, row["machine_mask"]))
    return encode_mask(_to(probability, *size) >= 0.5)


def drawn_mask(root: Path, row: Mapping[str, Any]) -> bytes:
    """Return the mask that a person drew, as a one-bit PNG of the preview size."""
    width, height = preview_size(row["width"], row["height"])
    return encode_mask(scaled_mask(read_mask(root, row["said_mask"]), width, height))


def cut_out(root: Path, row: Mapping[str, Any], media_id: str) -> bytes:
    """Return one of a medium's cut-outs as WebP, at the scale of the photograph's preview."""
    box = next((one for one in row["cutouts"] or () if one["id"] == media_id), None)
    if box is None:
        raise ImageMissingError(f"there is no cut-out '{media_id}' of this photograph.")
    with Image.open(io.BytesIO(read_blob(root, box["cutout"]))) as image:
        rgba = image.convert("RGBA")
    scale = preview_size(row["width"], row["height"])[0] / row["width"]
    size = (round(box["cutout_width"] * scale), round(box["cutout_height"] * scale))
    if 0 < size[0] < rgba.width and 0 < size[1] < rgba.height:
        # Pillow weighs colours by their transparency: no fringe of the background
        rgba = rgba.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    buffer = io.BytesIO()
    rgba.save(buffer, "WEBP", quality=_QUALITY, method=1)
    return buffer.getvalue()


def read_mask(root: Path, cell: str) -> Mask:
    """Return a person's mask.

    Raises
    ------
    ImageMissingError
        If it lies outside the collection, or is gone.
    """
    path = (root / cell).resolve()
    try:
        if path.is_relative_to(root):
            return decode_mask(path.read_bytes())
    except OSError:
        pass
    raise ImageMissingError(
        f"the mask {cell} is not in the collection.", hint="Draw it again, or take it back."
    )


def scaled_mask(mask: Mask, width: int, height: int) -> Mask:
    """Return a mask at another size, its outline smooth where it grows."""
    if mask.shape == (height, width):
        return mask
    return np.asarray(_to(mask.astype(np.float32), width, height) >= 0.5)


def _outline(root: Path, row: Mapping[str, Any], size: tuple[int, int]) -> Mask:
    """Return where the cut-outs of a photograph are more opaque than not."""
    whole = np.zeros((size[1], size[0]), np.bool_)
    scale_x, scale_y = size[0] / row["width"], size[1] / row["height"]
    for box in row["cutouts"]:
        with Image.open(io.BytesIO(read_blob(root, box["cutout"]))) as image:
            alpha = np.asarray(image.convert("RGBA").getchannel("A"), np.float32)
        left, top, right, bottom = _sides(box)
        x0, x1 = round(left * scale_x), round(right * scale_x)
        y0, y1 = round(top * scale_y), round(bottom * scale_y)
        inside = _to(alpha, max(1, x1 - x0), max(1, y1 - y0)) >= 128
        # a margin may reach over the edge of the photograph
        cut_x, cut_y = max(0, -x0), max(0, -y0)
        target = whole[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
        target |= inside[cut_y : cut_y + target.shape[0], cut_x : cut_x + target.shape[1]]
    return whole


def _is_part(row: Mapping[str, Any]) -> bool:
    """Tell whether a medium is one of several that a photograph shows."""
    return row["id"] != row["photograph"] and bool(row["cutouts"])


def _decoded(root: Path, row: Mapping[str, Any], enough_px: int) -> npt.NDArray[np.uint8]:
    """Return the pixels of the original; of the thumbnail where that cannot be read any more."""
    try:
        content = (root / str(row["original"] or row["content_path"])).read_bytes()
        return decode(content, max_pixels=_MAX_PIXELS, enough_px=enough_px).pixels
    except (OSError, ImageError):
        return decode(read_blob(root, row["thumbnail"]), max_pixels=_MAX_PIXELS).pixels


def _jpeg(pixels: npt.NDArray[np.uint8]) -> bytes:
    import simplejpeg

    made = np.ascontiguousarray(pixels)
    jpeg: bytes = simplejpeg.encode_jpeg(made, quality=_QUALITY, fastdct=False)
    return jpeg


def _sides(box: Mapping[str, Any]) -> tuple[int, int, int, int]:
    left, top = box["cutout_left"], box["cutout_top"]
    return left, top, left + box["cutout_width"], top + box["cutout_height"]


def _to(values: npt.NDArray[Any], width: int, height: int) -> npt.NDArray[Any]:
    """Return values at another size: means of areas where it shrinks, linear where it grows."""
    import cv2

    if values.shape[:2] == (height, width):
        return values
    shrinks = width <= values.shape[1] and height <= values.shape[0]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(np.ascontiguousarray(values), (width, height), interpolation=how))
