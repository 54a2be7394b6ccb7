"""Letters that were cut out with a specimen, on its edge: they are taken away."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from wunderkammer.imaging.masks import Mask
from wunderkammer.imaging.print_lines import (
    Grey,
    Image,
    Line,
    bands,
    for_print,
    ink_of_letters,
    light_of_paper,
    lines_of_print,
    reached,
)

_COVER = 90  # alpha from which a pixel may hold print that was taken for specimen
_HALO_PX = 7  # of a letter that is taken away, its soft rim
_STROKES = 0.7, 0.5, 0.3  # radii of what strokes fit in, letters grown together or one, in heights


def without_print(alpha: Grey, image: Image) -> None:
    """Take letters out of an alpha that hang on a specimen's edge, in place.

    Parameters
    ----------
    alpha : ndarray of uint8, shape (height, width)
    image : ndarray of uint8, shape (height, width, 3)

    Notes
    -----
    Lines are found where there is no specimen: letters of like height beside one
    another on bright paper. A line goes on as far as ink or the specimen fills it, but
    for small gaps. What of the specimen in it is no wider than strokes of the letters, and
    ends within the line, is print. A leg that crosses a line goes on beyond it and stays,
    and so does print below a wing.
    """
    import cv2

    small = for_print(image)
    cover = cv2.resize(alpha, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    specimen = cover > _COVER
    light = light_of_paper(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8))
    lines = lines_of_print(light, specimen)
    if not lines:
        return
    gone = letters_beside(specimen, ink_of_letters(light), lines)
    if not gone.any():
        return
    around = cv2.dilate(gone.astype(np.uint8), np.ones((_HALO_PX, _HALO_PX), np.uint8)) > 0
    grown = (_dilated(gone) | (around & ~specimen)).astype(np.uint8)
    alpha[cv2.resize(grown, alpha.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0] = 0


def letters_beside(specimen: Mask, ink: Mask, lines: Sequence[Line]) -> Mask:
    """Return what of a specimen is print: strokes within a line that end within it."""
    import cv2

    gone = np.zeros(specimen.shape, np.bool_)
    for line, share in itertools.product(lines, _STROKES):
        radius = max(2, round(share * line.height))
        for window, band in bands(line, specimen.shape, radius):
            part = specimen[window]
            thin = part & ~_dilated(_opened(part, radius))
            _, numbers = cv2.connectedComponents((thin & band).astype(np.uint8), connectivity=8)
            filled = (part | ink[window]) & band
            beyond = _dilated(thin & ~band) | ~reached(filled, line, window[1])
            goes_on = np.unique(numbers[beyond & thin & band])
            gone[window] |= (numbers > 0) & ~np.isin(numbers, goes_on)
    return gone


def _opened(mask: Mask, radius: int) -> Mask:
    import cv2

    side = 2 * radius + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc) > 0)


def _dilated(mask: Mask) -> Mask:
    import cv2

    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
