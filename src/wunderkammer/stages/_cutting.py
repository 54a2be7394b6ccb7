"""Steps of cutting out: specimens in masks, masks that people drew, views, scale."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import ImageError, ImageMissingError, RecordError
from wunderkammer.imaging.keeping import KeepRule, specimens
from wunderkammer.imaging.masks import decode_mask, resize_mask

Mask = npt.NDArray[np.bool_]
Grey = npt.NDArray[np.uint8]
Pixels = npt.NDArray[np.uint8]
Probability = npt.NDArray[np.float32]

_ASPECT_TOLERANCE = 0.01
_SOLID = 128
_SOFT_SIGMA = 0.7
_PARTED_PX = 1024
_COMPOSITE = re.compile(r"\s*([^\W_]+)[\s_]+over[\s_]+([^\W_]+)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Photograph:
    """A medium that is to be cut out: its row, and its image at full size."""

    row: Mapping[str, Any]
    image: Pixels


@dataclass(frozen=True, slots=True)
class Specimen:
    """One specimen that was found in a photograph.

    Attributes
    ----------
    mask : ndarray of bool, shape (h, w)
        Of the whole photograph, at any resolution.
    border_share : float
        Share of its outline that lies on the photograph's border.
    longest_px : float
        Its longer side in pixels of the photograph.
    """

    mask: Mask
    border_share: float
    longest_px: float


def found_specimens(seen: Probability, image: Pixels, rule: KeepRule) -> list[Specimen]:
    """Return the specimens that a segmenter sees in a photograph.

    Parameters
    ----------
    seen : ndarray of float32, shape (h, w)
        Probabilities at the segmenter's resolution.
    image : ndarray of uint8, shape (height, width, 3)
        The photograph.
    rule : KeepRule
        Which parts belong to specimens.
    """
    kept = specimens(seen, _at(image, seen.shape), rule)
    scale = max(image.shape[:2]) / max(seen.shape)
    return [
        Specimen(mask, border, scale * max(_extent(mask)))
        for mask, border in zip(kept.masks, kept.touches_border, strict=True)
    ]


def no_larger(seen: Probability, image: Pixels) -> Probability:
    """Return probabilities at most as large as the photograph, which may be looked at enlarged."""
    import cv2

    if max(seen.shape) <= max(image.shape[:2]):
        return seen
    smaller = cv2.resize(seen, image.shape[1::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, np.float32)


def drawn_specimens(mask: Mask, image: Pixels, rule: KeepRule) -> list[Specimen]:
    """Return the specimens in a mask that a person drew, at full size; nothing is left out."""
    small = _at(image, _small_shape(mask.shape))
    inside = resize_mask(mask, *small.shape[:2]).astype(np.float32)
    kept = specimens(inside, small, rule.model_copy(update={"furniture": False}))
    parts = _shared_out(mask, kept.masks)
    return [Specimen(one, 0.0, float(max(_extent(one)))) for one in parts]


def measures(alpha: Grey) -> tuple[int, int, int]:
    """Return area, width and height in pixels of what is at least half opaque."""
    solid = alpha >= _SOLID
    width, height = _extent(solid)
    return int(np.count_nonzero(solid)), width, height


def stated_mask(where: str, root: Path, shape: tuple[int, ...]) -> Mask:
    """Read the mask that a person drew, at the size of its photograph.

    Parameters
    ----------
    where : str
        Its path below the collection; the file's name is the SHA-256 of its bytes.
    root : Path
        The collection's folder.
    shape : tuple of int
        Height and width of the photograph.

    Raises
    ------
    ImageError
        If it is missing, was changed, is no mask, is empty, or has another shape.
    """
    again = "Draw it again, or take the annotation 'mask' back."
    content = _stored_mask(where, root, again)
    try:
        mask = decode_mask(content)
    except ImageError as error:
        raise ImageError(f"{where}: {error.message}", hint=again) from None
    if not mask.any():
        raise ImageError(f"{where} is empty: nothing in it is white.", hint=again)
    height, width = shape[:2]
    stretched = mask.shape[1] * height / (mask.shape[0] * width)
    if abs(stretched - 1) > _ASPECT_TOLERANCE:
        raise ImageError(
            f"{where} has {mask.shape[1]} x {mask.shape[0]} pixels, and its photograph "
            f"{width} x {height}: another shape.",
            hint=f"A mask has the size of its photograph, or its shape at another size. {again}",
        )
    return resize_mask(mask, height, width)


def _stored_mask(where: str, root: Path, again: str) -> bytes:
    """Return the bytes of a mask, which must be those that its name says."""
    pure = PurePosixPath(where)
    if pure.is_absolute() or ".." in pure.parts:
        raise ImageError(f"the mask '{where}' lies outside of the collection.", hint=again)
    try:
        content = (root / where).read_bytes()
    except OSError:
        raise ImageMissingError(f"the mask {where} is not there.", hint=again) from None
    if hashlib.sha256(content).hexdigest() != pure.stem:
        raise ImageError(
            f"{where} has other bytes than those it is named by.",
            hint=f"A mask's name is the SHA-256 of its bytes. {again}",
        )
    return content


def softened(mask: Mask) -> Grey:
    """Return the alpha of a mask that a person drew: it is taken at its word, its edge soft."""
    import cv2

    grey = mask.astype(np.uint8) * np.uint8(255)
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), _SOFT_SIGMA), np.uint8)


def _shared_out(mask: Mask, parts: Sequence[Mask]) -> list[Mask]:
    """Return a mask parted among specimens known at a small size: each pixel to the nearest."""
    import cv2

    if len(parts) < 2:
        return [mask]
    distances = [
        cv2.distanceTransform((~one).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
        for one in parts
    ]
    nearest = np.argmin(np.stack(distances), axis=0).astype(np.uint8)
    size = mask.shape[::-1]
    nearest = np.asarray(cv2.resize(nearest, size, interpolation=cv2.INTER_NEAREST_EXACT))
    return [mask & (nearest == number) for number in range(len(parts))]


def _at(image: Pixels, shape: tuple[int, ...]) -> Pixels:
    """Return the photograph at another size."""
    import cv2

    if image.shape[:2] == shape:
        return image
    smaller = cv2.resize(image, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, np.uint8)


def _small_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    scale = min(1.0, _PARTED_PX / max(shape))
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


def _extent(mask: Mask) -> tuple[int, int]:
    """Return width and height of the box around a mask."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return 0, 0
    return int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1


def views(view: str | None, n: int) -> list[str | None]:
    """Return the view of each of ``n`` cut-outs of a photograph, from top to bottom.

    Examples
    --------
    >>> views("dorsal_over_ventral", 2), views("Dorsal over ventral", 1), views("dorsal", 2)
    (['dorsal', 'ventral'], ['Dorsal over ventral'], ['dorsal', 'dorsal'])
    """
    parts = _COMPOSITE.fullmatch(view or "")
    if parts and n == 2:
        return [parts[1].lower(), parts[2].lower()]
    return [view or None] * n


def scale_px_per_mm(text: str | None, default: float | None) -> float | None:
    """Return the pixels of a photograph that show one millimetre; None if that is not known.

    Raises
    ------
    RecordError
        If what is stated is no positive number.
    """
    if text is None or not str(text).strip():
        return default
    try:
        scale = float(text)
    except ValueError:
        scale = math.nan
    if not (math.isfinite(scale) and scale > 0):
        raise RecordError(
            f"px_per_mm is stated as '{text}', which is no positive number.",
            hint="State how many pixels of the photograph show one millimetre, such as 24.5.",
        )
    return scale


def shrunken(rgba: Pixels, longest_px: int) -> Pixels:
    """Return a cut-out with its longest side at most so many pixels; 0 leaves it as it is."""
    from wunderkammer.imaging.compositing import premultiplied
    from wunderkammer.imaging.resampling import shrink

    if not longest_px or max(rgba.shape[:2]) <= longest_px:
        return rgba
    small = shrink(premultiplied(rgba), longest_px)
    alpha = small[:, :, 3:].astype(np.float32)
    colours = np.clip(small[:, :, :3] * (255 / np.maximum(alpha, 1)), 0, 255)
    return np.dstack([np.rint(colours).astype(np.uint8), small[:, :, 3]])
