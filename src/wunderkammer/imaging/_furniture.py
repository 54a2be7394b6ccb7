"""Furniture of a photograph: labels, rulers and colour cards, told by shape and colour."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.imaging._parts import Part
from wunderkammer.imaging.masks import Mask

Image = npt.NDArray[np.uint8]

_ALIGNED_DEG = 8.0
_LIKE = 14.0
_BIN = 8
_SATURATED = 90
_PATCH_SHARE = 0.04
_PATCHES = 4


@dataclass(frozen=True, slots=True)
class Look:
    """Shape and colour of a part, in numbers that tell paper from an insect.

    Attributes
    ----------
    straight : float
        Share of the outline made of long straight edges at right angles, in [0, 1].
    rectangular : float
        Area over that of the smallest rectangle around it, in [0, 1].
    round : float
        Area over that of the disc of the same outline's length, in [0, 1].
    aspect : float
        Longer over shorter side of that rectangle, from 1.
    flat : float
        Share of pixels of about the commonest colour, in [0, 1].
    lightness, chroma : float
        Of the commonest colour: CIE L* in [0, 100] and distance from grey.
    ticks : float
        How regularly the grey repeats along the longer side, in [0, 1].
    n_hues : int
        Saturated hues, of twelve, that each fill a patch.
    """

    straight: float
    rectangular: float
    round: float
    aspect: float
    flat: float
    lightness: float
    chroma: float
    ticks: float
    n_hues: int

    @property
    def paper(self) -> bool:
        """Whether the commonest colour is bright and hardly saturated."""
        return self.lightness >= 62 and self.chroma <= 30


def look(part: Part, image: Image) -> Look:
    """Measure a part on the image it was found in."""
    import cv2

    whole = np.zeros(part.mask.shape, np.uint8)
    cv2.fillPoly(whole, [part.outline - (part.left, part.top)], 1)
    pixels = np.ascontiguousarray(image[part.window])
    (_, _), (width, height), angle = cv2.minAreaRect(part.outline)
    area = float(whole.sum())
    width, height = max(width + 1, 1.0), max(height + 1, 1.0)
    length = max(1.0, cv2.arcLength(part.outline, closed=True))
    flat, lightness, chroma = _commonest(pixels, whole > 0)
    return Look(
        straight=_straight(part),
        rectangular=min(1.0, area / (width * height)),
        round=min(1.0, 4 * math.pi * area / length**2),
        aspect=max(width, height) / min(width, height),
        flat=flat,
        lightness=lightness,
        chroma=chroma,
        ticks=_ticks(pixels, whole, angle if width >= height else angle + 90),
        n_hues=_n_hues(pixels, whole > 0),
    )


def _straight(part: Part) -> float:
    """Return the share of the outline in long edges that are parallel or at right angles."""
    import cv2

    length = cv2.arcLength(part.outline, closed=True)
    corners = cv2.approxPolyDP(part.outline, max(1.5, 0.012 * length), closed=True)[:, 0]
    edges = np.diff(np.vstack([corners, corners[:1]]), axis=0).astype(float)
    lengths = np.hypot(edges[:, 0], edges[:, 1])
    total = float(lengths.sum())
    if len(corners) < 4 or not total:
        return 0.0
    angles = np.degrees(np.arctan2(edges[:, 1], edges[:, 0])) % 90
    apart = np.abs(angles[:, None] - angles)
    aligned = np.minimum(apart, 90 - apart) <= _ALIGNED_DEG
    long = lengths >= 0.04 * total
    return float((aligned * (lengths * long)).sum(axis=1).max()) / total


def _commonest(pixels: Image, inside: Mask) -> tuple[float, float, float]:
    """Return the share, lightness and chroma of the commonest colour."""
    import cv2

    lab = cv2.cvtColor(pixels.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)[inside]
    lowest = np.array([1, 128 // _BIN + 1, 128 // _BIN + 1])
    bins = np.floor(lab / _BIN).astype(np.int64) + lowest
    sides = (100 // _BIN + 4, *([256 // _BIN + 4] * 2))
    counts = np.zeros(sides, np.int64)
    np.add.at(counts, tuple(bins.T), 1)
    for axis in range(3):  # paper that is grainy spreads over neighbouring bins
        counts = counts + np.roll(counts, 1, axis) + np.roll(counts, -1, axis)
    most = np.array(np.unravel_index(int(counts.argmax()), sides))
    mode = lab[(np.abs(bins - most) <= 1).all(axis=1)].mean(axis=0)
    near = np.linalg.norm(lab - mode, axis=1) <= _LIKE
    return float(near.mean()), float(mode[0]), float(np.hypot(mode[1], mode[2]))


def _ticks(pixels: Image, whole: npt.NDArray[np.uint8], angle: float) -> float:
    """Return the highest self-correlation of the grey along a direction, beyond its first fall."""
    import cv2

    height, width = whole.shape
    side = int(np.hypot(height, width)) + 2
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    turn[:, 2] += side / 2 - width / 2, side / 2 - height / 2
    grey = cv2.warpAffine(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), turn, (side, side))
    inside = cv2.warpAffine(whole, turn, (side, side)) > 0
    columns = np.flatnonzero(inside.sum(axis=0) >= max(2, 0.5 * inside.sum(axis=0).max()))
    if len(columns) < 16:
        return 0.0
    best = 0.0
    for half in _halves(inside):
        best = max(best, _repeats(np.where(half, grey, 0), half, columns))
    return best


def _halves(inside: Mask) -> tuple[Mask, Mask]:
    """Return the upper and lower part: ticks stand on one side of a ruler, its figures beside."""
    rows = np.flatnonzero(inside.any(axis=1))
    middle = (rows[0] + rows[-1] + 1) // 2
    upper, lower = inside.copy(), inside.copy()
    upper[middle:], lower[:middle] = False, False
    return upper, lower


def _repeats(grey: npt.NDArray[np.uint8], inside: Mask, columns: npt.NDArray[np.intp]) -> float:
    counts = inside[:, columns].sum(axis=0)
    profile = grey[:, columns].sum(axis=0, dtype=np.float64) / np.maximum(counts, 1)
    smooth = np.convolve(np.pad(profile, 12, mode="edge"), np.ones(25) / 25, mode="valid")
    fine = (profile - smooth)[2:-2]
    power = float((fine**2).mean())
    if power < 4:
        return 0.0
    own = np.correlate(fine, fine, mode="full")[len(fine) - 1 :]
    own = own[: max(4, len(fine) // 2)] / (power * (len(fine) - np.arange(max(4, len(fine) // 2))))
    fallen = np.flatnonzero(own < 0)
    return float(np.clip(own[fallen[0] :].max(), 0, 1)) if fallen.size else 0.0


def _n_hues(pixels: Image, inside: Mask) -> int:
    """Return how many of twelve hues fill more than a patch with saturated colour."""
    import cv2

    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)[inside]
    strong = hsv[(hsv[:, 1] >= _SATURATED) & (hsv[:, 2] >= 60), 0]
    counts = np.bincount(((strong.astype(int) + 7) % 180) // 15, minlength=12)
    return int((counts >= _PATCH_SHARE * len(hsv)).sum())
