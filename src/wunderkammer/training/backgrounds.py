"""Backgrounds, drawn at random: papers, foams, gradients, greenery in and out of focus."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from wunderkammer.training.clutter import clutter

Image = npt.NDArray[np.uint8]

_GREENERY = ((60, 110, 40), (120, 140, 60), (90, 80, 50), (150, 120, 90), (200, 170, 190))


def background(rng: np.random.Generator, height: int, width: int) -> Image:
    """Return a background: plain, rough, blurred greenery, or sharp clutter of all kinds."""
    kind = rng.random()
    if kind < 0.2:
        return _lit(_plain(rng, height, width), rng)
    if kind < 0.35:
        return _lit(_rough(_plain(rng, height, width), rng), rng)
    if kind < 0.5:
        return _outdoors(rng, height, width)
    return clutter(rng, height, width)


def _plain(rng: np.random.Generator, height: int, width: int) -> Image:
    grey = rng.uniform(150, 255) if rng.random() < 0.6 else rng.uniform(0, 255)
    spread = 10 if rng.random() < 0.6 else 60
    colour = np.clip(grey + rng.normal(0, spread, 3), 0, 255)
    return np.full((height, width, 3), colour, np.uint8)


def _lit(image: Image, rng: np.random.Generator) -> Image:
    """Return it under light that falls off."""
    height, width = image.shape[:2]
    corners = rng.uniform(0.75, 1.1, (2, 2)).astype(np.float32)
    light = cv2.resize(corners, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(image * light[:, :, None], 0, 255), np.uint8)


def _rough(image: Image, rng: np.random.Generator) -> Image:
    """Return it with grain of one or several sizes."""
    height, width = image.shape[:2]
    grain = np.zeros((height, width), np.float32)
    for _ in range(int(rng.integers(1, 4))):
        cell = float(rng.choice([1, 2, 4, 8, 32]))
        shape = (int(height / cell) + 2, int(width / cell) + 2)
        noise = rng.normal(0, rng.uniform(2, 14), shape).astype(np.float32)
        grain += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(image + grain[:, :, None], 0, 255), np.uint8)


def _outdoors(rng: np.random.Generator, height: int, width: int) -> Image:
    """Return patches of natural colours, petals and stalks, mostly out of focus."""
    small = rng.normal(0, 30, (int(rng.integers(2, 7)), int(rng.integers(2, 7)), 3))
    base = np.array(_GREENERY[int(rng.integers(len(_GREENERY)))]) * rng.uniform(0.4, 1.3)
    cells = np.clip(base + small, 0, 255).astype(np.uint8)
    image = np.asarray(cv2.resize(cells, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
    for _ in range(int(rng.integers(3, 25))):
        colour = np.clip(
            np.array(_GREENERY[int(rng.integers(len(_GREENERY)))]) + rng.normal(0, 45, 3), 0, 255
        ).tolist()
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        if rng.random() < 0.3:
            end = (int(rng.integers(width)), int(rng.integers(height)))
            cv2.line(image, centre, end, colour, int(rng.integers(1, 9)), cv2.LINE_AA)
        else:
            length = width * rng.uniform(0.03, 0.3)
            axes = (int(length), max(2, int(length * rng.uniform(0.15, 0.7))))
            cv2.ellipse(image, centre, axes, float(rng.uniform(0, 360)), 0, 360, colour, -1)
    if rng.random() < 0.7:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(1, 12))), np.uint8)
    return _rough(image, rng) if rng.random() < 0.7 else image


def mosaic(texture: Image, rng: np.random.Generator, height: int, width: int) -> Image:
    """Return patches of a photograph strewn over each other: real texture without any shape.

    Parameters
    ----------
    texture : ndarray of uint8, shape (h, w, 3)
        Any photograph.
    rng : numpy.random.Generator
    height, width : int
        Size in pixels.
    """
    whole = np.full((height, width, 3), np.median(texture, axis=(0, 1)), np.float32)
    rows, columns = texture.shape[:2]
    side = int(min(rng.uniform(0.04, 0.22) * width, rows, columns)) // 2 * 2 + 2
    side = min(side, rows, columns)
    cover = _feathered(side)
    for _ in range(round(5 * height * width / side**2)):
        top, left = int(rng.integers(rows - side + 1)), int(rng.integers(columns - side + 1))
        patch = np.rot90(texture[top : top + side, left : left + side], int(rng.integers(4)))
        lit = patch * rng.uniform(0.7, 1.25)
        y, x = int(rng.integers(1 - side, height)), int(rng.integers(1 - side, width))
        here = np.s_[max(0, -y) : height - y, max(0, -x) : width - x]
        there = np.s_[max(0, y) : y + side, max(0, x) : x + side]
        alpha = cover[here]
        whole[there] = whole[there] * (1 - alpha) + lit[here] * alpha
    return np.asarray(np.clip(whole, 0, 255), np.uint8)


def _feathered(side: int) -> npt.NDArray[np.float32]:
    """Return the alpha of a patch: a blot that fades at its edge."""
    across = np.abs(np.linspace(-1, 1, side, dtype=np.float32))
    away = across[:, None] ** 2 + across[None, :] ** 2
    return np.asarray(np.clip((1 - away) * 2.5, 0, 1)[:, :, None], np.float32)
