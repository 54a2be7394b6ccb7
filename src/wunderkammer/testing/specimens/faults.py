"""Ways in which a photograph cannot be used."""

from __future__ import annotations

import cv2
import numpy as np

from wunderkammer.testing.specimens import furniture as f
from wunderkammer.testing.specimens.canvas import Canvas, Image
from wunderkammer.testing.specimens.scene import Photo, lit


def blurred(image: Image) -> Image:
    """Return a photograph out of focus."""
    height, width = image.shape[:2]
    small = cv2.resize(image, (width // 6, height // 6), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), 1.6)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def dark(image: Image) -> Image:
    """Return a photograph without flash."""
    return np.asarray(cv2.convertScaleAbs(image, alpha=0.09, beta=2), np.uint8)


def label_only(photo: Photo, rng: np.random.Generator) -> Image:
    """Return a photograph of the labels alone, close up."""
    height, width = photo.shape
    image = np.empty((height, width, 3), np.uint8)
    image[:] = photo.institution.tone
    lines = [*photo.caption.data_lines(), *photo.caption.name_lines()]
    tall, wide = round(height * 0.16), round(width * 0.3)
    piece = f.label(lines[:4], (tall, wide))
    other = f.label(lines[4:], (tall, wide), (246, 238, 214))
    for part, y in ((piece, 0.1), (other, 0.52)):
        big = cv2.resize(part, None, fx=2.4, fy=2.4, interpolation=cv2.INTER_CUBIC)
        f.lay(image, np.asarray(big, np.uint8), (width * 0.14, height * y), float(rng.normal(0, 2)))
    return lit(image, photo.institution, rng)


def gnaw(canvas: Canvas, rng: np.random.Generator, size: float) -> None:
    """Take small round holes out of what is drawn, as insects do; ``size`` in pixels."""
    rows, columns = np.nonzero(canvas.alpha[::8, ::8])
    if not len(rows):
        return
    hole = np.full(canvas.alpha.shape, 255, np.uint8)
    for _ in range(int(rng.integers(2, 6))):
        k = int(rng.integers(len(rows)))
        centre = (int(columns[k]) * 8, int(rows[k]) * 8)
        radii = (
            max(2, round(size * float(rng.uniform(0.5, 1.2)))),
            max(2, round(size * float(rng.uniform(0.4, 1)))),
        )
        cv2.ellipse(hole, centre, radii, float(rng.uniform(0, 180)), 0, 360, 0, -1, cv2.LINE_AA)
    keep(canvas, hole)


def tear(canvas: Canvas, rng: np.random.Generator, box: tuple[float, float, float, float]) -> None:
    """Tear the upper part off what is drawn, along a ragged line across ``box``."""
    x0, y0, x1, y1 = box
    hole = np.full(canvas.alpha.shape, 255, np.uint8)
    x = np.linspace(x0 - 20, x1 + 20, 24)
    y = y0 + (y1 - y0) * float(rng.uniform(0.3, 0.45)) + np.cumsum(rng.normal(0, 6, 24))
    outline = np.concatenate([np.stack([x, y], axis=1), [[x1 + 20, -10], [x0 - 20, -10]]])
    cv2.fillPoly(hole, [np.round(outline * 16).astype(np.int32)], 0, cv2.LINE_AA, 4)
    keep(canvas, hole)


def keep(canvas: Canvas, cover: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
    """Keep what is drawn only as far as ``cover`` (0-255), in place."""
    canvas.rgba = np.asarray(
        cv2.multiply(canvas.rgba, cv2.merge([cover] * 4), scale=1 / 255), np.uint8
    )
