"""Furniture of specimen photographs, drawn at random: labels, rulers, colour cards, pins."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Patch = tuple[Image, npt.NDArray[np.uint8]]


def paste_behind(
    image: Image, mask: npt.NDArray[np.bool_], rng: np.random.Generator, n: int
) -> Image:
    """Return the image with ``n`` pieces of furniture laid around the specimen.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
    mask : ndarray of bool, shape (height, width)
        The specimen, which is never covered.
    """
    result = image.copy()
    for _ in range(n):
        draw = _KINDS[int(rng.integers(len(_KINDS)))]
        patch, cover = _turned(draw(rng, max(image.shape[:2])), rng)
        _lay(result, mask, patch, cover, rng)
    return result


def _lay(
    image: Image,
    mask: npt.NDArray[np.bool_],
    patch: Image,
    cover: npt.NDArray[np.uint8],
    rng: np.random.Generator,
) -> None:
    """Lay a patch where it hides little behind the specimen, with a faint shadow."""
    height, width = mask.shape
    rows, columns = min(cover.shape[0], height), min(cover.shape[1], width)
    patch, cover = patch[:rows, :columns], cover[:rows, :columns]
    places = [
        (int(rng.integers(height - rows + 1)), int(rng.integers(width - columns + 1)))
        for _ in range(6)
    ]
    top, left = min(
        places, key=lambda at: int(mask[at[0] : at[0] + rows, at[1] : at[1] + columns].sum())
    )
    there = image[top : top + rows, left : left + columns]
    free = ~mask[top : top + rows, left : left + columns, None]
    alpha = cover[:, :, None].astype(np.float32) / 255 * free
    shade = np.roll(cv2.GaussianBlur(cover, (0, 0), 3), 2, (0, 1))[:, :, None] / 255 * free
    dark = there * (1 - 0.3 * shade)
    there[:] = (dark * (1 - alpha) + patch * alpha).astype(np.uint8)


def _turned(patch: Patch, rng: np.random.Generator) -> Patch:
    pixels, cover = patch
    if rng.random() < 0.3:
        pixels, cover = np.rot90(pixels), np.rot90(cover)
    angle = float(rng.normal(0, 6)) if rng.random() < 0.7 else 0.0
    rows, columns = cover.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, 0.92)
    size = (columns, rows)
    pixels = np.ascontiguousarray(pixels)
    edge = cv2.BORDER_REPLICATE
    return (
        np.asarray(cv2.warpAffine(pixels, turn, size, borderMode=edge), np.uint8),
        np.asarray(cv2.warpAffine(np.ascontiguousarray(cover), turn, size), np.uint8),
    )


def _sheet(rows: int, columns: int, colour: npt.ArrayLike) -> Patch:
    pixels = np.empty((max(rows, 4), max(columns, 4), 3), np.uint8)
    pixels[:] = np.clip(np.asarray(colour), 0, 255)
    return pixels, np.full(pixels.shape[:2], 255, np.uint8)


def _paper(rng: np.random.Generator) -> npt.NDArray[np.float64]:
    tint = np.array([0, rng.uniform(0, 8), rng.uniform(0, 40)])
    return rng.uniform(190, 255) - tint


def label(rng: np.random.Generator, longest: int) -> Patch:
    """Draw a paper label with lines of writing or print."""
    columns = int(longest * rng.uniform(0.08, 0.4))
    rows = int(columns * rng.uniform(0.3, 0.9))
    pixels, cover = _sheet(rows, columns, _paper(rng))
    rows, columns = cover.shape
    ink = tuple(int(v) for v in rng.integers(0, 110, 3))
    n_lines = int(rng.integers(1, 6))
    for line in range(n_lines):
        y = int((line + 0.7) * rows / (n_lines + 0.4))
        text = "".join(rng.choice(list("aeionrstlmdcuABCDEM0123456789. "), 24))
        scale = rows / n_lines / 40
        cv2.putText(pixels, text, (3, y), int(rng.integers(0, 4)), scale, ink, 1, cv2.LINE_AA)
    if rng.random() < 0.3:
        cv2.rectangle(pixels, (1, 1), (columns - 2, rows - 2), ink, 1)
    if rng.random() < 0.25:
        _code(pixels, rng)
    return pixels, cover


def _code(pixels: Image, rng: np.random.Generator) -> None:
    """Draw a square matrix code into the right end of a label."""
    side = int(min(pixels.shape[:2]) * 0.8)
    bits = rng.integers(0, 2, (17, 17), np.uint8) * 255
    code = cv2.resize(bits, (side, side), interpolation=cv2.INTER_NEAREST)
    top = (pixels.shape[0] - side) // 2
    pixels[top : top + side, pixels.shape[1] - side - 2 : pixels.shape[1] - 2] = code[:, :, None]


def ruler(rng: np.random.Generator, longest: int) -> Patch:
    """Draw a strip with ticks."""
    columns = int(longest * rng.uniform(0.3, 0.95))
    rows = max(10, int(columns * rng.uniform(0.04, 0.14)))
    dark = rng.random() < 0.2
    ground = rng.uniform(20, 60) if dark else _paper(rng)
    pixels, cover = _sheet(rows, columns, ground)
    ink = (235, 235, 235) if dark else (25, 25, 25)
    step = max(2.0, columns / rng.uniform(20, 90))
    for tick in range(int(columns / step)):
        x = int(tick * step)
        length = rows * (0.6 if tick % 10 == 0 else 0.4 if tick % 5 == 0 else 0.25)
        cv2.line(pixels, (x, 0), (x, int(length)), ink, 1)
        if tick % 10 == 0:
            cv2.putText(pixels, str(tick // 10), (x, rows - 2), 0, rows / 60, ink, 1, cv2.LINE_AA)
    return pixels, cover


def colour_card(rng: np.random.Generator, longest: int) -> Patch:
    """Draw a card with patches of colour or grey."""
    n = int(rng.integers(4, 13))
    lines = int(rng.integers(1, 4))
    side = max(4, int(longest * rng.uniform(0.02, 0.06)))
    grey = rng.random() < 0.3
    values = np.linspace(250, 5, n)[None, :, None] * np.ones((lines, 1, 3))
    patches = values if grey else rng.uniform(10, 245, (lines, n, 3))
    size = (n * side, lines * side)
    pixels = np.asarray(
        cv2.resize(patches.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST), np.uint8
    )
    return pixels, np.full(pixels.shape[:2], 255, np.uint8)


def scrap(rng: np.random.Generator, longest: int) -> Patch:
    """Draw a plain card or a drop of another colour: an envelope's corner, a pin's head."""
    side = int(longest * rng.uniform(0.02, 0.15))
    pixels, cover = _sheet(side, int(side * rng.uniform(0.7, 2)), rng.uniform(0, 255, 3))
    if rng.random() < 0.5:
        rows, columns = cover.shape
        cover[:] = 0
        cv2.ellipse(
            cover, (columns // 2, rows // 2), (columns // 2 - 1, rows // 2 - 1), 0, 0, 360, 255, -1
        )
    return pixels, cover


_KINDS: tuple[Callable[[np.random.Generator, int], Patch], ...] = (
    label,
    label,
    label,
    ruler,
    colour_card,
    scrap,
)
