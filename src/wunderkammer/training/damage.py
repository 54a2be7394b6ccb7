"""Augmentation of cut-outs: turned, lit, torn and cut badly anew each time."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.settings import Settings
from wunderkammer.imaging.centring import centred, extent, turning

Rgba = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Random = np.random.Generator


class Damage(Settings):
    """How cut-outs are changed before each look; every share is a probability."""

    mirror: float = Field(
        0.5, description="Share mirrored left to right; the turn is mirrored with it.", ge=0, le=1
    )
    stretch: float = Field(
        0.12, description="Most that length and breadth are stretched, as a share.", ge=0, le=0.5
    )
    scale: float = Field(
        0.12, description="Most that the size differs from the standard.", ge=0, le=0.5
    )
    shift: float = Field(
        0.04, description="Most that the centre moves, as a share of the side.", ge=0, le=0.3
    )
    torn: float = Field(
        0.3, description="Share with a wing, an antenna or another piece cut off.", ge=0, le=1
    )
    ragged: float = Field(
        0.35, description="Share whose mask is too large, too small or eaten away.", ge=0, le=1
    )
    scrap: float = Field(
        0.2, description="Share with a scrap of a label or a pin left in the mask.", ge=0, le=1
    )
    photometric: float = Field(
        0.85, description="Share with changed light, colour, sharpness, noise.", ge=0, le=1
    )

    def apply(
        self, rgba: Rgba, angle_deg: float, turn_to_deg: float, side_px: int, rng: Random
    ) -> Rgba:
        """Return a cut-out as it is looked at once, turned by ``turn_to_deg`` from upright.

        Parameters
        ----------
        rgba : ndarray of uint8, shape (height, width, 4)
            Straight alpha.
        angle_deg : float
            How far it is turned from upright as it is.
        turn_to_deg : float
            How far it is to be turned.
        side_px : int
            Side of the square.
        rng : numpy.random.Generator
            The only source of chance.

        Returns
        -------
        ndarray of uint8, shape (side_px, side_px, 4)
            Premultiplied; see :func:`wunderkammer.imaging.centring.centred`.
        """
        rgba = rgba.copy()
        if rng.random() < self.torn:
            rgba[:, :, 3] = torn(rgba[:, :, 3], rng)
        if rng.random() < self.ragged:
            rgba = ragged(rgba, rng)
        if rng.random() < self.scrap:
            rgba = with_scrap(rgba, rng)
        if rng.random() < self.photometric:
            rgba[:, :, :3] = relit(rgba[:, :, :3], rng)
        shift = rng.uniform(-self.shift, self.shift, 2) * side_px
        square = centred(
            rgba, side_px, self._linear(angle_deg, turn_to_deg, rng), (shift[0], shift[1])
        )
        return _zoomed(square, 1 + rng.uniform(-self.scale, self.scale))

    def _linear(self, angle_deg: float, turn_to_deg: float, rng: Random) -> npt.NDArray[np.float64]:
        """Set upright, mirror and stretch along the body, then turn."""
        across, along = 1 + rng.uniform(-self.stretch, self.stretch, 2)
        if rng.random() < self.mirror:
            across = -across
        return turning(turn_to_deg) @ np.diag([across, along]) @ turning(-angle_deg)


def torn(alpha: npt.NDArray[np.uint8], rng: Random) -> npt.NDArray[np.uint8]:
    """Cut off what lies in a sector away from the middle, or beyond a line."""
    found = extent(alpha) if alpha.any() else None
    if found is None:
        return alpha
    rows, columns = np.mgrid[: alpha.shape[0], : alpha.shape[1]].astype(np.float32)
    across, down = columns - found.centre[0], rows - found.centre[1]
    way = rng.uniform(-np.pi, np.pi)
    along = across * np.cos(way) + down * np.sin(way)
    aside = -across * np.sin(way) + down * np.cos(way)
    if rng.random() < 0.5:
        gone = along > found.radius * rng.uniform(0.35, 0.8)
    else:
        opening = np.tan(rng.uniform(0.2, 0.75))
        gone = (np.abs(aside) < along * opening) & (along > found.radius * rng.uniform(0.12, 0.5))
    rest = np.where(gone, 0, alpha).astype(np.uint8)
    return rest if rest.sum() > 0.5 * alpha.sum() else alpha


def ragged(rgba: Rgba, rng: Random) -> Rgba:
    """Grow, shrink or eat away the mask; what a grown mask shows is the ground behind."""
    alpha = rgba[:, :, 3]
    way = int(rng.integers(3))
    size = 2 * int(rng.integers(1, 4)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    if way == 0:
        grown = cv2.dilate(alpha, kernel)
        hidden = (alpha == 0) & (rgba[:, :, :3].max(axis=2) == 0)
        rgba[hidden, :3] = rng.integers(90, 256, 3)
        changed = grown
    elif way == 1:
        changed = cv2.erode(alpha, kernel[:3, :3] if size > 3 else kernel)
    else:
        noise = rng.normal(0, 1, alpha.shape).astype(np.float32)
        smooth = cv2.GaussianBlur(noise, (0, 0), float(rng.uniform(1.5, 4)))
        changed = np.where(smooth > 1.3 * smooth.std(), 0, alpha).astype(np.uint8)
    rgba[:, :, 3] = changed if changed.sum() > 0.4 * alpha.sum() else alpha
    return rgba


def with_scrap(rgba: Rgba, rng: Random) -> Rgba:
    """Leave a scrap of paper with writing, or a bar, somewhere beside the specimen."""
    height, width = rgba.shape[:2]
    pad = round(0.25 * max(height, width))
    rgba = np.pad(rgba, ((pad, pad), (pad, pad), (0, 0)))
    way, reach = rng.uniform(-np.pi, np.pi), rng.uniform(0.35, 0.65)
    x = int(rgba.shape[1] / 2 + np.cos(way) * reach * width)
    y = int(rgba.shape[0] / 2 + np.sin(way) * reach * height)
    longest = max(height, width)
    size = rng.uniform(0.05, 0.25, 2) * longest
    if rng.random() < 0.3:
        size = np.array([rng.uniform(0.01, 0.03), rng.uniform(0.1, 0.4)]) * longest
    box = cv2.boxPoints(((x, y), (float(size[0]), float(size[1])), float(rng.uniform(0, 180))))
    where = np.zeros(rgba.shape[:2], np.uint8)
    cv2.fillPoly(where, [box.astype(np.int32)], 255)
    new = (where > 0) & (rgba[:, :, 3] < 128)
    paper = rng.integers(30, 90, 3) if rng.random() < 0.25 else rng.integers(170, 256, 3)
    patch = np.clip(paper + rng.normal(0, 14, (int(new.sum()), 3)), 0, 255)
    rgba[new, :3], rgba[new, 3] = patch.astype(np.uint8), 255
    return rgba


def relit(colours: npt.NDArray[np.uint8], rng: Random) -> npt.NDArray[np.uint8]:
    """Change light, contrast, tint, saturation, order of colours, sharpness and noise."""
    values = colours.astype(np.float32) / 255
    if rng.random() < 0.12:
        values = values[:, :, rng.permutation(3)]
    grey = values.mean(axis=2, keepdims=True)
    values = grey + (values - grey) * np.float32(rng.uniform(0, 1.5))
    values = np.clip(values, 0, 1) ** np.float32(np.exp(rng.normal(0, 0.3)))
    gains = np.exp(rng.normal(0, 0.12) + rng.normal(0, 0.08, 3)).astype(np.float32)
    values = (values - 0.5) * np.float32(rng.uniform(0.7, 1.3)) + 0.5
    values = values * gains + np.float32(rng.normal(0, 0.05))
    if rng.random() < 0.25:
        values = cv2.GaussianBlur(values, (0, 0), float(rng.uniform(0.5, 2.0)))
    if rng.random() < 0.2:
        values = values + rng.normal(0, rng.uniform(0.01, 0.06), values.shape)
    return np.asarray(np.clip(values * 255, 0, 255), np.uint8)


def _zoomed(square: Rgba, factor: float) -> Rgba:
    """Scale a square about its middle."""
    middle = (square.shape[1] - 1) / 2
    affine = np.array([[factor, 0, middle * (1 - factor)], [0, factor, middle * (1 - factor)]])
    return np.asarray(cv2.warpAffine(square, affine, square.shape[1::-1]), np.uint8)
