"""The original of a medium, decoded whole for stages that need every pixel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.originals import read_original

READS = ("sha256",)
"""Columns whose cells decide what the original shows."""

LOOKS_UP = ("original", "content_path")
"""Columns that say where it lies."""

_NO_BOMB = 1 << 30


def decoded_original(row: Mapping[str, Any], root: Path) -> npt.NDArray[np.uint8]:
    """Return the original of a medium at its full size, turned as the camera says.

    Raises
    ------
    ImageMissingError
        If it cannot be read.
    ImageError
        If its bytes are not those that were verified, or no image.
    """
    from wunderkammer.imaging.decoding import decode

    return decode(read_original(root, row), max_pixels=_NO_BOMB).pixels
