"""Clutter, drawn at random and in focus: grass, gravel, foliage, flowers, bark."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Colour = tuple[float, ...]

_HUES: tuple[tuple[int, int, int], ...] = (
    (70, 105, 45), (120, 140, 60), (95, 85, 55), (60, 50, 40), (160, 145, 115), (125, 125, 120),
    (185, 175, 150), (35, 55, 30),
)  # fmt: skip
_PETALS: tuple[tuple[int, int, int], ...] = (
    (240, 200, 40), (245, 245, 240), (190, 120, 200), (230, 110, 60), (225, 60, 90), (150, 90, 190),
)  # fmt: skip


def clutter(rng: np.random.Generator, height: int, width: int) -> Image:
    """Return things that fill the picture and are no specimens.

    Parameters
    ----------
    rng : numpy.random.Generator
    height, width : int
        Size in pixels.
    """
    drawn = _drawn(rng, height, width)
    if rng.random() < 0.3:
        drawn = np.asarray(
            cv2.addWeighted(drawn, 0.6, _drawn(rng, height, width), 0.4, 0), np.uint8
        )
    if rng.random() < 0.4:
        soft = float(rng.uniform(0.5, 3))
        drawn = np.asarray(cv2.GaussianBlur(drawn, (0, 0), soft), np.uint8)
    return drawn


def _drawn(rng: np.random.Generator, height: int, width: int) -> Image:
    return _KINDS[int(rng.integers(len(_KINDS)))](rng, height, width)


def _near(rng: np.random.Generator, colour: tuple[int, int, int], spread: float) -> Colour:
    light = rng.uniform(0.5, 1.4)
    near = np.clip(np.array(colour) * light + rng.normal(0, spread, 3), 0, 255)
    return tuple(float(value) for value in near)


def _ground(rng: np.random.Generator, height: int, width: int) -> Image:
    colour = _near(rng, _HUES[int(rng.integers(len(_HUES)))], 15)
    return np.full((height, width, 3), colour, np.uint8)


def _grass(rng: np.random.Generator, height: int, width: int) -> Image:
    """Draw blades, straws or hairs across each other."""
    image = _ground(rng, height, width)
    hues = [_HUES[int(i)] for i in rng.integers(len(_HUES), size=3)]
    lean, spread = rng.uniform(0, np.pi), rng.uniform(0.1, 1.5)
    longest = rng.uniform(0.1, 0.6) * width
    for _ in range(int(rng.integers(100, 500))):
        angle, length = rng.normal(lean, spread), rng.uniform(0.2, 1) * longest
        x, y = rng.uniform(-0.1, 1.1, 2) * (width, height)
        end = (int(x + length * np.cos(angle)), int(y + length * np.sin(angle)))
        colour = _near(rng, hues[int(rng.integers(3))], 18)
        cv2.line(image, (int(x), int(y)), end, colour, int(rng.integers(1, 5)), cv2.LINE_AA)
    return image


def _gravel(rng: np.random.Generator, height: int, width: int) -> Image:
    """Draw stones or litter, one over another, each with a light and a dark side."""
    image = _ground(rng, height, width)
    hues = [_HUES[int(i)] for i in rng.integers(len(_HUES), size=4)]
    largest = rng.uniform(0.02, 0.16) * width
    for _ in range(int(rng.integers(80, 400))):
        centre = rng.uniform(0, 1, 2) * (width, height)
        angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(4, 9))))
        radii = largest * rng.uniform(0.3, 1, len(angles))
        edge = centre + radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)
        points = edge.astype(np.int32)
        colour = _near(rng, hues[int(rng.integers(4))], 18)
        dark = tuple(0.5 * value for value in colour)
        cv2.fillPoly(image, [points + 2], dark, cv2.LINE_AA)
        cv2.fillPoly(image, [points], colour, cv2.LINE_AA)
    return image


def _foliage(rng: np.random.Generator, height: int, width: int) -> Image:
    """Draw leaves with their midribs."""
    image = _ground(rng, height, width)
    hues = [_HUES[int(i)] for i in rng.integers(len(_HUES), size=3)]
    for _ in range(int(rng.integers(15, 120))):
        centre = tuple(int(v) for v in rng.uniform(0, 1, 2) * (width, height))
        length = width * rng.uniform(0.04, 0.3)
        axes = (int(length), max(2, int(length * rng.uniform(0.15, 0.6))))
        angle = float(rng.uniform(0, 360))
        colour = _near(rng, hues[int(rng.integers(3))], 15)
        cv2.ellipse(image, centre, axes, angle, 0, 360, colour, -1, cv2.LINE_AA)
        along = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]) * length
        ends = [tuple(int(v) for v in np.array(centre) + sign * along) for sign in (-1, 1)]
        light = tuple(min(255.0, 1.3 * value) for value in colour)
        cv2.line(image, ends[0], ends[1], light, 1, cv2.LINE_AA)
    return image


def _flowers(rng: np.random.Generator, height: int, width: int) -> Image:
    """Draw flowers on foliage: many small ones, or a few that fill the picture."""
    image = _foliage(rng, height, width)
    petal = _PETALS[int(rng.integers(len(_PETALS)))]
    large = rng.random() < 0.45
    size = width * (rng.uniform(0.15, 0.4) if large else rng.uniform(0.02, 0.2))
    for _ in range(int(rng.integers(1, 5)) if large else int(rng.integers(2, 40))):
        at = (rng.uniform(0, 1, 2) * (width, height)).astype(int)
        _flower(image, rng, (int(at[0]), int(at[1])), size * rng.uniform(0.7, 1.2), petal)
    return image


def _flower(
    image: Image,
    rng: np.random.Generator,
    at: tuple[int, int],
    size: float,
    petal: tuple[int, int, int],
) -> None:
    """Draw one flower: petals, each with its veins, round a heart."""
    n, colour = int(rng.integers(4, 14)), _near(rng, petal, 12)
    for turn in np.linspace(0, 360, n, endpoint=False) + rng.uniform(0, 90):
        along = np.array([np.cos(np.radians(turn)), np.sin(np.radians(turn))])
        middle = tuple(int(v) for v in np.array(at) + 0.6 * size * along)
        axes = (max(2, int(size * 0.5)), max(2, int(size * 1.5 / n)))
        shade = tuple(rng.uniform(0.8, 1.0) * value for value in colour)
        cv2.ellipse(image, middle, axes, float(turn), 0, 360, shade, -1, cv2.LINE_AA)
        for _ in range(int(size / 12)):
            aside = rng.uniform(-0.6, 0.6) / n
            ends = [
                tuple(int(v) for v in np.array(at) + reach * size * (along + aside * along[::-1]))
                for reach in np.sort(rng.uniform(0.2, 1.05, 2))
            ]
            vein = tuple(rng.uniform(0.7, 1.15) * value for value in shade)
            cv2.line(image, ends[0], ends[1], vein, 1, cv2.LINE_AA)
    heart = _near(rng, (200, 150, 40), 30)
    cv2.circle(image, at, max(2, int(size * 0.25)), heart, -1, cv2.LINE_AA)


def _bark(rng: np.random.Generator, height: int, width: int) -> Image:
    """Draw rough stone, bark or soil: strong grain of several sizes, drawn out one way."""
    relief = np.zeros((height, width), np.float32)
    pull = rng.uniform(1, 5)
    for cell in (2, 4, 8, 16, 48):
        shape = (int(height / cell) + 2, int(width / cell / pull) + 2)
        noise = rng.normal(0, rng.uniform(5, 22), shape).astype(np.float32)
        relief += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.5:
        relief = np.ascontiguousarray(relief.T) if height == width else relief[::-1]
    tint = np.array([1.0, rng.uniform(0.85, 1.1), rng.uniform(0.7, 1.1)])
    ground = _ground(rng, height, width).astype(np.float32)
    return np.asarray(np.clip(ground + relief[:, :, None] * tint, 0, 255), np.uint8)


_KINDS: tuple[Callable[[np.random.Generator, int, int], Image], ...] = (
    _grass, _gravel, _foliage, _flowers, _bark,
)  # fmt: skip
