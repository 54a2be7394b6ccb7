"""Where specimens lie in their photographs: boxes, outlines, runs of pixels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.core.blobs import read_blob
from wunderkammer.imaging.cutout_files import decode_cutout
from wunderkammer.imaging.masks import resize_mask

Mask = npt.NDArray[np.bool_]

BOX = ("cutout_left", "cutout_top", "cutout_width", "cutout_height")
_SMOOTH_PX = 1.0


class Outline(NamedTuple):
    """A specimen in its photograph.

    Attributes
    ----------
    left, top : int
        Of the cut-out in the photograph, in pixels.
    mask : ndarray of bool, shape (height, width)
        Of the cut-out: True on the specimen.
    """

    left: int
    top: int
    mask: Mask

    def box(self) -> tuple[int, int, int, int]:
        """Return left, top, width and height of the specimen itself, in the photograph."""
        rows, columns = np.flatnonzero(self.mask.any(1)), np.flatnonzero(self.mask.any(0))
        if not rows.size:
            return self.left, self.top, 0, 0
        x, y = int(columns[0]), int(rows[0])
        return (
            self.left + x, self.top + y, int(columns[-1]) - x + 1, int(rows[-1]) - y + 1,
        )  # fmt: skip

    def polygons(self) -> list[list[tuple[float, float]]]:
        """Return the outer outlines, each a ring of corners in the photograph; largest first.

        A corner is the middle of a pixel on the edge, where the photograph begins at 0, 0
        with the corner of its first pixel; what strays less than a pixel from a straight
        line is left out, and so are holes.
        """
        import cv2

        found, _ = cv2.findContours(
            self.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
        )
        simple = [cv2.approxPolyDP(one, _SMOOTH_PX, closed=True) for one in found]
        rings = [ring[:, 0] for ring in simple if len(ring) >= 3]
        rings.sort(key=lambda ring: -cv2.contourArea(ring))
        x0, y0 = self.left + 0.5, self.top + 0.5
        return [[(int(x) + x0, int(y) + y0) for x, y in ring] for ring in rings]

    def runs(self, width: int, height: int) -> list[int]:
        """Return lengths of runs without and with specimen, down the photograph's columns.

        The first run is without; the runs of a photograph add up to its pixels.
        """
        whole = np.zeros((height, width), np.bool_)
        rows, columns = self.mask.shape
        part = whole[self.top : self.top + rows, self.left : self.left + columns]
        part[:] = self.mask[: part.shape[0], : part.shape[1]]
        flat = whole.ravel(order="F")
        edges = np.flatnonzero(np.diff(np.concatenate([[False], flat]).astype(np.int8)))
        lengths = np.diff(np.concatenate([[0], edges, [flat.size]]))
        return [int(one) for one in lengths]


def outline_of(row: Mapping[str, Any], root: Path) -> Outline | None:
    """Return where the cut-out of a medium lies in its photograph; None where it has none."""
    if not row.get("cutout") or any(row.get(name) is None for name in BOX):
        return None
    left, top, width, height = (int(row[name]) for name in BOX)
    alpha = decode_cutout(read_blob(root, row["cutout"]))[:, :, 3] > 127
    return Outline(left, top, resize_mask(alpha, height, width))


def compressed(runs: list[int]) -> str:
    """Return runs as COCO packs them: differences to the run before the last, in base 32 [1]_.

    References
    ----------
    .. [1] https://github.com/cocodataset/cocoapi, common/maskApi.c, rleToString.

    Examples
    --------
    >>> compressed([3, 2, 40])
    '32X1'
    """
    letters = []
    for place, run in enumerate(runs):
        rest = run - runs[place - 2] if place > 2 else run
        more = True
        while more:
            low = rest & 0x1F
            rest >>= 5
            more = rest != (-1 if low & 0x10 else 0)
            letters.append(chr(low + (0x20 if more else 0) + 48))
    return "".join(letters)
