"""A canvas of premultiplied RGBA: fill, stroke, stamp; and the noise that makes things real."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from wunderkammer.testing.specimens.geometry import Points, Pose

Image = NDArray[np.uint8]
"""Array (height, width, channel) of 0-255; RGB or premultiplied RGBA."""

Colour = NDArray[np.float32]
"""Red, green and blue, 0-255."""

SHIFT = 4
"""Fractional bits of the coordinates handed to OpenCV: a sixteenth of a pixel."""

NOISE_SIZE = 1024


def colour(code: str) -> Colour:
    """Return the colour of a hexadecimal code such as ``"e0a030"``."""
    return np.array([int(code[k : k + 2], 16) for k in (0, 2, 4)], np.float32)


def mix(first: ArrayLike, second: ArrayLike, share: float) -> Colour:
    """Return the colour ``share`` of the way from the first to the second."""
    a, b = np.asarray(first, np.float32), np.asarray(second, np.float32)
    return np.asarray(a + (b - a) * np.float32(share), np.float32)


def shade(base: ArrayLike, gain: float) -> Colour:
    """Return a colour made darker (gain below 1) or lighter."""
    return np.asarray(np.clip(np.asarray(base, np.float32) * np.float32(gain), 0, 255), np.float32)


def fixed(points: Points) -> NDArray[np.int32]:
    """Return points in the fixed-point coordinates of OpenCV."""
    return np.round(points * (1 << SHIFT)).astype(np.int32)


def ink(rgb: ArrayLike, cover: float = 1.0) -> tuple[float, float, float, float]:
    """Return a premultiplied colour for drawing on a canvas."""
    r, g, b = (float(x) * cover for x in np.asarray(rgb, float))
    return (r, g, b, 255.0 * cover)


@dataclass(frozen=True)
class Sprite:
    """A part painted once, to be stamped many times.

    Parameters
    ----------
    rgba : ndarray of uint8, shape (height, width, 4)
        Premultiplied.
    origin : tuple of float
        Pixel (x, y) where the part's own origin lies.
    px_per_unit : float
        Pixels per unit of the part's own coordinates.
    """

    rgba: Image
    origin: tuple[float, float]
    px_per_unit: float


class Canvas:
    """Premultiplied RGBA pixels, transparent at first; the alpha is the exact mask."""

    def __init__(self, height: int, width: int) -> None:
        self.rgba: Image = np.zeros((height, width, 4), np.uint8)

    @property
    def alpha(self) -> NDArray[np.uint8]:
        """How much of each pixel is covered, 0-255."""
        return np.asarray(self.rgba[..., 3])

    def fill(self, points: Points, rgb: ArrayLike) -> None:
        """Fill a closed outline."""
        cv2.fillPoly(self.rgba, [fixed(points)], ink(rgb), cv2.LINE_AA, SHIFT)

    def stroke(
        self, lines: Sequence[Points] | NDArray[np.float64], rgb: ArrayLike, width: int = 1
    ) -> None:
        """Draw open lines: a list of them, or an array (n, k, 2) of ``n`` alike."""
        if isinstance(lines, np.ndarray):
            paths = list(fixed(lines))
        else:
            paths = [fixed(line) for line in lines]
        cv2.polylines(
            self.rgba, paths, isClosed=False, color=ink(rgb), thickness=width,
            lineType=cv2.LINE_AA, shift=SHIFT,
        )  # fmt: skip

    def dot(self, centre: ArrayLike, radius: float, rgb: ArrayLike) -> None:
        """Fill a circle."""
        x, y = (round(float(c) * (1 << SHIFT)) for c in np.asarray(centre, float))
        size = round(radius * (1 << SHIFT))
        cv2.circle(self.rgba, (x, y), size, ink(rgb), -1, cv2.LINE_AA, SHIFT)

    def stamp(self, sprite: Sprite, pose: Pose) -> None:
        """Lay a sprite over what is there, resampled once."""
        x0, y0 = sprite.origin
        unit = 1 / sprite.px_per_unit
        whole = pose.after(Pose().moved(-x0, -y0).scaled(unit))
        height, width = sprite.rgba.shape[:2]
        corners = whole.apply([[0, 0], [width, 0], [0, height], [width, height]])
        low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 1, 0)
        limit = np.array(self.rgba.shape[1::-1])
        high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 2, limit)
        if (high <= low).any():
            return
        matrix = np.asarray(whole.moved(-float(low[0]), -float(low[1])).matrix)
        size = (int(high[0] - low[0]), int(high[1] - low[1]))
        warped = np.asarray(cv2.warpAffine(sprite.rgba, matrix, size), np.uint8)
        over(self.rgba[low[1] : high[1], low[0] : high[0]], warped)


def over(below: Image, above: Image) -> None:
    """Compose premultiplied RGBA over RGBA or RGB, in place."""
    channels = below.shape[2]
    rest = cv2.bitwise_not(cv2.extractChannel(above, 3))
    kept = cv2.multiply(below, cv2.merge([rest] * channels), scale=1 / 255)
    top = above if channels == 4 else cv2.cvtColor(above, cv2.COLOR_RGBA2RGB)
    below[:] = cv2.add(kept, top)


def crop_to_alpha(rgba: Image, origin: tuple[float, float], px_per_unit: float) -> Sprite:
    """Return a sprite without the empty rim of a painted part."""
    rows = np.flatnonzero(rgba[..., 3].any(axis=1))
    columns = np.flatnonzero(rgba[..., 3].any(axis=0))
    if not len(rows):
        return Sprite(rgba[:1, :1].copy(), (0, 0), px_per_unit)
    top, left = max(int(rows[0]) - 1, 0), max(int(columns[0]) - 1, 0)
    part = rgba[top : rows[-1] + 2, left : columns[-1] + 2].copy()
    return Sprite(part, (origin[0] - left, origin[1] - top), px_per_unit)


@cache
def noise(octave: int, number: int = 0) -> NDArray[np.float32]:
    """Return a tiling smooth noise (1024, 1024) in [-1, 1]; ``octave`` 0 is coarse, 6 fine."""
    rng = np.random.default_rng([octave, number, 77])
    cells = min(8 << octave, NOISE_SIZE)
    small = rng.standard_normal((cells, cells)).astype(np.float32)
    ring = cv2.copyMakeBorder(small, 2, 2, 2, 2, cv2.BORDER_WRAP)
    k = NOISE_SIZE // cells
    large = cv2.resize(ring, None, fx=k, fy=k, interpolation=cv2.INTER_CUBIC)
    tile = large[2 * k : 2 * k + NOISE_SIZE, 2 * k : 2 * k + NOISE_SIZE]
    return np.asarray(np.clip(tile / 2.2, -1, 1), np.float32)


@cache
def cloud(number: int = 0) -> NDArray[np.float32]:
    """Return fractal noise (1024, 1024) in about [-1, 1], coarse and fine together."""
    total = sum((noise(k, number) * 0.62**k for k in range(6)), np.zeros(1, np.float32))
    return np.asarray(total / 1.6, np.float32)


def noise_patch(
    tile: NDArray[np.float32], shape: tuple[int, int], at: tuple[int, int]
) -> NDArray[np.float32]:
    """Return a window of a tiling noise, beginning at row and column ``at``."""
    if shape[0] + at[0] <= NOISE_SIZE and shape[1] + at[1] <= NOISE_SIZE:
        return tile[at[0] : at[0] + shape[0], at[1] : at[1] + shape[1]]
    rows = (np.arange(shape[0]) + at[0]) % NOISE_SIZE
    columns = (np.arange(shape[1]) + at[1]) % NOISE_SIZE
    return np.asarray(tile[rows[:, None], columns[None, :]])


def premultiplied(rgb: NDArray[np.float32], alpha: NDArray[np.uint8]) -> Image:
    """Return RGBA from colours (height, width, 3) of 0-255 and a cover of 0-255."""
    solid = np.clip(rgb, 0, 255).astype(np.uint8)
    cover = cv2.multiply(solid, cv2.merge([alpha] * 3), scale=1 / 255)
    return np.asarray(np.dstack([cover, alpha]), np.uint8)
