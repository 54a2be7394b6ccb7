"""Photographs of insects on printed paper, put together from several, with their exact masks.

An insect on paper is lifted off it as its share of the paper's light, with the shadow around it
and without print; so it can be laid on other paper, and print shines through its wings as it does
in nature. Other insects are laid on as they are, covering what is below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Light = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

SIDE_PX = 512
"""Side of what is put together."""

STROKE_PX, PAPER_LIGHT = 11, 110
"""Strokes narrower than this are no paper; paper is brighter than this, of 255."""

NEAR_FAR_PX = 8, 40
"""The paper below something is the mean of the paper so near, or, if there is none, so far."""

PRINT_PX = 15
"""The same for the shadow that goes with an insect, where its own paper's print is left behind."""

RIM_PX = 9
"""Around a specimen, what is neither it nor clean paper."""

CLEAR, BARE = 0.8, 0.93
"""Ink has less than this share of its paper's light; what has more than that is bare paper."""

MOSTLY = 0.5
"""Share of a row or column that is paper where the paper begins."""

MEETING, TRIES = 0.02, 12
"""Share of an insect's edge that print should meet, and how many places are tried for it."""


@dataclass(frozen=True)
class Insect:
    """A specimen, with its mask.

    Attributes
    ----------
    pixels : ndarray, shape (height, width, 3)
        Its share of its paper's light, 0 to 1; or its colours, of 255, if it is opaque.
    mask : ndarray of bool, shape (height, width)
    opaque : bool
        Whether it covers what it is laid on.
    """

    pixels: Light
    mask: Mask
    opaque: bool


def lifted(image: Picture, mask: Mask) -> Insect:
    """Return an insect that lies on bright paper, with its shadow and without print."""
    bare, reach = paper(image, mask)
    share = np.minimum(image / np.maximum(bare, 1), 1).astype(np.float32)
    shadow = cv2.morphologyEx(share, cv2.MORPH_CLOSE, np.ones((PRINT_PX, PRINT_PX), np.uint8))
    shadow = cv2.GaussianBlur(shadow, (0, 0), 3)
    around = np.ones_like(shadow)
    around[reach] = shadow[reach]
    return Insect(_blended(share, around, mask), mask, opaque=False)


def laid(image: Picture, mask: Mask) -> Insect:
    """Return an insect that covers what it lies on."""
    return Insect(image.astype(np.float32), mask, True)


def sheet(image: Picture, mask: Mask) -> Picture:
    """Return the printed paper of a photograph, as if nothing lay on it."""
    bare, reach = paper(image, mask)
    covered = cv2.dilate(mask.astype(np.uint8), np.ones((RIM_PX, RIM_PX), np.uint8)) > 0
    whole = np.where(covered[:, :, None], bare, image)
    return np.ascontiguousarray(whole[reach])


def paper(image: Picture, mask: Mask) -> tuple[Picture, tuple[slice, slice]]:
    """Return the paper of a photograph, also where something lies on it, and where it reaches."""
    closed = cv2.morphologyEx(image, cv2.MORPH_CLOSE, np.ones((STROKE_PX, STROKE_PX), np.uint8))
    covered = cv2.dilate(mask.astype(np.uint8), np.ones((RIM_PX, RIM_PX), np.uint8)) > 0
    bright = closed.min(axis=2) > PAPER_LIGHT
    weight = ((image > BARE * closed).all(axis=2) & bright & ~covered).astype(np.float32)[
        :, :, None
    ]
    near, far = (_spread(image * weight, weight, sigma) for sigma in NEAR_FAR_PX)
    bare = np.where(cv2.GaussianBlur(weight, (0, 0), NEAR_FAR_PX[0])[:, :, None] > 0.5, near, far)
    return np.asarray(np.clip(bare, 0, 255), np.uint8), _reach(bright | covered, mask)


def _reach(bright: Mask, mask: Mask) -> tuple[slice, slice]:
    """Return the rows and columns of the paper that a specimen lies on, less a rim."""
    apart = cv2.erode(bright.astype(np.uint8), np.ones((RIM_PX, RIM_PX), np.uint8))
    _, numbers = cv2.connectedComponents(apart)
    below = np.bincount(numbers[mask & (numbers > 0)], minlength=1)
    its_own = numbers == int(np.argmax(below))
    rows, columns = (np.flatnonzero(its_own.mean(axis=axis) > MOSTLY) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return slice(0, 0), slice(0, 0)
    return (
        slice(int(rows[0]) + RIM_PX, int(rows[-1]) - RIM_PX),
        slice(int(columns[0]) + RIM_PX, int(columns[-1]) - RIM_PX),
    )


def _spread(pixels: Light, weight: Light, sigma: float) -> Light:
    """Return the mean of the pixels around that count."""
    count = cv2.GaussianBlur(weight, (0, 0), sigma)[:, :, None]
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma) / np.maximum(count, 1e-6), np.float32)


def composed(
    insects: Sequence[Insect], sheets: Sequence[Picture], rng: np.random.Generator
) -> tuple[Picture, Mask]:
    """Return an insect on other paper, turned and scaled anew, and its mask.

    Parameters
    ----------
    insects : sequence of Insect
    sheets : sequence of ndarray of uint8, shape (h, w, 3)
    rng : numpy.random.Generator
        All that is random comes from here.
    """
    insect = insects[int(rng.integers(len(insects)))]
    matrix = _placed(insect.mask, rng)
    frame = (SIDE_PX, SIDE_PX)
    covered = cv2.warpAffine(insect.mask.astype(np.uint8) * 255, matrix, frame)
    mask = covered > 127
    ground = _ground(sheets[int(rng.integers(len(sheets)))], mask, rng)
    how = cv2.INTER_AREA if np.linalg.det(matrix[:, :2]) ** 2 < 0.4 else cv2.INTER_LINEAR
    border = (0.0,) * 3 if insect.opaque else (1.0,) * 3
    pixels = cv2.warpAffine(insect.pixels, matrix, frame, flags=how, borderValue=border)
    done = _blended(pixels, ground, mask) if insect.opaque else ground * pixels
    return np.asarray(np.clip(done, 0, 255), np.uint8), mask


def _placed(mask: Mask, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return where an insect goes: from a third to nine tenths of the side, turned anyhow."""
    rows, columns = np.nonzero(mask)
    longest = max(np.ptp(rows), np.ptp(columns)) + 1
    scale = SIDE_PX * rng.uniform(0.35, 0.9) / longest
    middle = (float(columns.mean()), float(rows.mean()))
    matrix = cv2.getRotationMatrix2D(middle, float(rng.uniform(-180, 180)), float(scale))
    if rng.random() < 0.5:
        matrix[0] *= -1
    at = matrix @ (*middle, 1.0)
    matrix[:, 2] += SIDE_PX / 2 - at + rng.uniform(-0.08, 0.08, 2) * SIDE_PX
    return np.asarray(matrix)


def _ground(sheet: Picture, mask: Mask, rng: np.random.Generator) -> Light:
    """Return a piece of printed paper; if one of some tries will do, print meets the insect."""
    edge = cv2.dilate(mask.astype(np.uint8), np.ones((RIM_PX, RIM_PX), np.uint8)) > 0
    edge &= ~mask
    for _ in range(TRIES):
        piece = _piece(sheet, rng)
        ink = piece.min(axis=2) < CLEAR * np.median(piece)
        if ink[edge].mean() > MEETING:
            break
    return piece.astype(np.float32)


def _piece(sheet: Picture, rng: np.random.Generator) -> Picture:
    """Return a square of paper, a little turned and scaled; where it ends it begins again."""
    height, width = sheet.shape[:2]
    at = (rng.uniform(1, 2) * width, rng.uniform(1, 2) * height)
    turn = cv2.getRotationMatrix2D(at, float(rng.normal(0, 5)), float(rng.uniform(0.8, 1.6)))
    turn[:, 2] += np.array([SIDE_PX / 2, SIDE_PX / 2]) - at
    laid_out = np.tile(sheet, (3, 3, 1))
    return np.asarray(cv2.warpAffine(laid_out, turn, (SIDE_PX, SIDE_PX)), np.uint8)


def _soft(mask: Mask) -> Light:
    cover = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.8)
    return np.asarray(np.clip(1.6 * cover - 0.3, 0, 1), np.float32)[:, :, None]


def _blended(inside: Light, outside: Light, mask: Mask) -> Light:
    cover = _soft(mask)
    return np.asarray(inside * cover + outside * (1 - cover), np.float32)
