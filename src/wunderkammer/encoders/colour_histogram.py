"""Colour histogram: which colours an image has, and roughly where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.encoders import Encoder, registry
from wunderkammer.imaging.resampling import shrink

_SIDE_PX = 128
_CHROMA_LIMIT = 64.0


@registry.register
class ColourHistogram(Encoder):
    """Soft histogram of CIE L*a*b* colours over the image and over its quarters; no weights.

    Notes
    -----
    Each pixel counts in the eight bins around its colour, by nearness, so that a
    slight change of light changes the vector slightly. The histograms of the
    whole image and of a grid of parts [1]_ are scaled to sum 1, averaged level by
    level, and their square roots taken: the Euclidean distance between two
    vectors, each of length 1, is then Hellinger's between the histograms [2]_.

    References
    ----------
    .. [1] Lazebnik, S., Schmid, C. & Ponce, J. (2006). Beyond bags of features:
       spatial pyramid matching. CVPR, 2169-2178.
    .. [2] Arandjelovic, R. & Zisserman, A. (2012). Three things everyone should
       know to improve object retrieval. CVPR, 2911-2918.
    """

    name: Literal["colour-histogram"] = "colour-histogram"
    version: Literal["1"] = "1"
    lightness_bins: int = Field(5, ge=2, le=32, description="Bins of lightness, L* 0 to 100.")
    chroma_bins: int = Field(
        7,
        ge=2,
        le=32,
        description="Bins of a* and of b*, -64 to 64; what lies beyond counts there.",
    )
    levels: int = Field(
        2, ge=1, le=4, description="1: the whole image; 2: its quarters too; 3: its sixteenths too."
    )

    @property
    def n_features(self) -> int:
        """Bins of one histogram times the parts of all levels."""
        parts = sum(4**level for level in range(self.levels))
        return int(parts * self._n_bins)

    @property
    def input_px(self) -> int:
        """Side to which images are shrunk before their colours are counted."""
        return _SIDE_PX

    def encode(self, images: Sequence[npt.NDArray[np.uint8]]) -> npt.NDArray[np.float32]:
        """Return the histograms of some images, one row each, of Euclidean length 1."""
        rows = [self._row(image) for image in images]
        return np.stack(rows) if rows else np.empty((0, self.n_features), np.float32)

    @property
    def _n_bins(self) -> int:
        return self.lightness_bins * self.chroma_bins * self.chroma_bins

    def _row(self, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        bins, shares = self._soft_bins(shrink(image, _SIDE_PX))
        parts = []
        for level in range(self.levels):
            for rows, columns in _parts(bins.shape[0], bins.shape[1], 2**level):
                weights = shares[rows, columns].ravel()
                counts = np.bincount(bins[rows, columns].ravel(), weights, self._n_bins)
                parts.append(counts / (weights.sum() * 4**level * self.levels))
        return np.asarray(np.sqrt(np.concatenate(parts)), np.float32)

    def _soft_bins(
        self, pixels: npt.NDArray[np.uint8]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Return the eight bins of each pixel and its share in each, (height, width, 8)."""
        import cv2

        lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).astype(np.float64)
        place = np.empty_like(lab)
        place[..., 0] = lab[..., 0] / 100
        place[..., 1:] = (lab[..., 1:] + _CHROMA_LIMIT) / (2 * _CHROMA_LIMIT)
        sides = np.array([self.lightness_bins, self.chroma_bins, self.chroma_bins])
        place = np.clip(place, 0, 1) * (sides - 1)
        low = np.minimum(place.astype(np.int64), sides - 2)
        above = place - low
        bins = np.empty((*pixels.shape[:2], 8), np.int64)
        shares = np.empty((*pixels.shape[:2], 8))
        for corner in range(8):
            step = np.array([corner >> 2 & 1, corner >> 1 & 1, corner & 1])
            at = low + step
            bins[..., corner] = (at[..., 0] * sides[1] + at[..., 1]) * sides[2] + at[..., 2]
            shares[..., corner] = np.where(step, above, 1 - above).prod(axis=-1)
        return bins, shares


def _parts(height: int, width: int, n: int) -> Iterator[tuple[slice, slice]]:
    """Yield n x n parts that cover an image, each of at least a pixel."""
    for row in range(n):
        for column in range(n):
            yield _part(height, row, n), _part(width, column, n)


def _part(length: int, which: int, n: int) -> slice:
    start = which * length // n
    return slice(start, max(start + 1, -(-(which + 1) * length // n)))
