"""Examples for training a segmenter: photographs with masks, checked and brought to one size."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import ImageError, WunderkammerError
from wunderkammer.core.files import write_bytes
from wunderkammer.imaging.masks import decode_mask, encode_mask, resize_mask
from wunderkammer.imaging.resampling import shrink

Image = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

_ASPECT = 0.01
_QUALITY = 95


@dataclass(frozen=True, slots=True)
class MaskExample:
    """A photograph and the bytes of its mask.

    Attributes
    ----------
    media_id : str
        Names it in the split.
    group : str
        What must not be parted by the split, such as the specimen.
    image : callable
        Returns the photograph, uint8, shape (height, width, 3).
    mask : callable
        Returns the bytes of the mask's PNG; white is specimen.
    may_be_empty : bool
        Whether a mask without a specimen is meant: an empty drawer, a label alone.
    """

    media_id: str
    group: str
    image: Callable[[], Image]
    mask: Callable[[], bytes]
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example that can be trained on, as two files of one size."""

    media_id: str
    group: str
    image: Path
    mask: Path

    def read(self) -> tuple[Image, Mask]:
        """Return photograph and mask."""
        import simplejpeg

        image: Image = simplejpeg.decode_jpeg(self.image.read_bytes(), colorspace="RGB")
        return image, decode_mask(self.mask.read_bytes())


@dataclass(frozen=True, slots=True)
class Skipped:
    """An example that cannot be trained on, and why."""

    media_id: str
    error: WunderkammerError


def prepare(
    examples: Iterable[MaskExample], folder: Path, longest_px: int
) -> tuple[list[Prepared], list[Skipped]]:
    """Check examples and store them small; what cannot be used is named, not used.

    Parameters
    ----------
    examples : iterable of MaskExample
    folder : Path
        Where they are stored; what is there already from the same bytes is kept.
    longest_px : int
        Longest side in pixels; smaller photographs stay as they are.
    """
    done: list[Prepared] = []
    skipped: list[Skipped] = []
    for example in examples:
        try:
            done.append(_prepared(example, folder, longest_px))
        except (WunderkammerError, OSError) as error:
            named = error if isinstance(error, WunderkammerError) else ImageError(str(error))
            skipped.append(Skipped(example.media_id, named))
    return done, skipped


def _prepared(example: MaskExample, folder: Path, longest_px: int) -> Prepared:
    import simplejpeg

    image = example.image()
    mask = fitted(decode_mask(example.mask()), image.shape[:2], may_be_empty=example.may_be_empty)
    image = shrink(image, longest_px)
    mask = resize_mask(mask, *image.shape[:2])
    content: bytes = simplejpeg.encode_jpeg(
        np.ascontiguousarray(image), quality=_QUALITY, colorsubsampling="444"
    )
    name = hashlib.sha256(example.media_id.encode()).hexdigest()[:20]
    paths = folder / f"{name}.jpg", folder / f"{name}.png"
    for path, data in zip(paths, (content, encode_mask(mask)), strict=True):
        if not path.exists() or path.read_bytes() != data:
            write_bytes(path, data)
    return Prepared(example.media_id, example.group, *paths)


def fitted(mask: Mask, shape: Sequence[int], *, may_be_empty: bool = False) -> Mask:
    """Return a mask at the size of its photograph.

    Raises
    ------
    ImageError
        If its shape is another, or nothing is marked in it.
    """
    height, width = shape
    rows, columns = mask.shape
    if abs(columns * height / (rows * width) - 1) > _ASPECT:
        raise ImageError(
            f"The mask has {columns} x {rows} pixels, its photograph {width} x {height}.",
            hint="A mask may be smaller or larger than its photograph, of the same shape.",
        )
    if not mask.any() and not may_be_empty:
        raise ImageError(
            "The mask is empty: nothing in it is white.",
            hint="Draw the specimen white; where there is none, reject the medium instead.",
        )
    return resize_mask(mask, height, width)
