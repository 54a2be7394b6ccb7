"""What lies beside a specimen: labels, rulers, colour cards, codes, stamps, pins."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np

from wunderkammer.testing.specimens.canvas import SHIFT, Image, fixed, over
from wunderkammer.testing.specimens.geometry import Points, ellipse
from wunderkammer.testing.specimens.records import plain

Rgb = tuple[int, int, int]

SERIF, SANS, HAND = (
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)
ITALIC = cv2.FONT_ITALIC

CARD = (
    (115, 82, 68), (194, 150, 130), (98, 122, 157), (87, 108, 67), (133, 128, 177), (103, 189, 170),
    (214, 126, 44), (80, 91, 166), (193, 90, 99), (94, 60, 108), (157, 188, 64), (224, 163, 46),
    (56, 61, 150), (70, 148, 73), (175, 54, 60), (231, 199, 31), (187, 86, 149), (8, 133, 161),
    (243, 243, 242), (200, 200, 200), (160, 160, 160), (122, 122, 121), (85, 85, 85), (52, 52, 52),
)  # fmt: skip


def write(
    image: Image,
    text: str,
    at: tuple[float, float],
    height: float,
    ink: Rgb = (30, 28, 26),
    font: int = SERIF,
) -> None:
    """Print a line of text; ``at`` is the left end of its base line, ``height`` of a capital."""
    place = (round(at[0]), round(at[1]))
    cv2.putText(image, plain(text), place, font, height / 21.5, ink, 1, cv2.LINE_AA)


def fitted(text: str, width: float, height: float, font: int = SERIF) -> float:
    """Return the height at which a line fits a width, at most ``height``."""
    (long, _), _ = cv2.getTextSize(plain(text), font, height / 21.5, 1)
    return height * min(1.0, width / max(long, 1))


def label(
    lines: list[tuple[str, int]],
    size: tuple[int, int],
    paper: Rgb = (249, 246, 236),
    ink: Rgb = (34, 30, 28),
    *,
    frame: bool = True,
) -> Image:
    """Return a printed label of ``size`` (height, width) as premultiplied RGBA.

    Each line is its text and its font.
    """
    height, width = size
    image = np.empty((height, width, 4), np.uint8)
    image[:] = (*paper, 255)
    if frame:
        cv2.rectangle(image, (2, 2), (width - 3, height - 3), (*ink, 255), 1)
    step = (height - 10) / max(len(lines), 1)
    for k, (text, font) in enumerate(lines):
        tall = fitted(text, width - 12, min(step * 0.6, 15.0), font)
        base = 4 + step * k + step * 0.5 + tall * 0.42
        place = (6, round(base))
        cv2.putText(
            image, plain(text), place, font, tall / 21.5, (*ink, 255), 1, cv2.LINE_AA
        )  # fmt: skip
    image[..., 3] = 255
    return image


def lay(image: Image, piece: Image, at: tuple[float, float], angle_deg: float = 0.0) -> None:
    """Lay a piece of paper (RGBA) on a photograph, turned a little, with its shadow.

    ``at`` is the place of the piece's left top corner when it is not turned.
    """
    height, width = piece.shape[:2]
    pad = round(abs(math.sin(math.radians(angle_deg))) * max(height, width) / 2) + 4
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1.0)
    matrix[:, 2] += pad
    size = (width + 2 * pad, height + 2 * pad)
    turned = np.asarray(cv2.warpAffine(piece, matrix, size, flags=cv2.INTER_LINEAR), np.uint8)
    x, y = round(at[0]) - pad, round(at[1]) - pad
    shadow = np.zeros_like(turned)
    shadow[..., 3] = cv2.blur(turned[..., 3], (5, 5)) // 3
    for layer, shift in ((shadow, 2), (turned, 0)):
        _place(image, layer, x + shift, y + shift)


def _place(image: Image, layer: Image, x: int, y: int) -> None:
    """Compose a layer at a corner, cut off at the photograph's rim."""
    left, top = max(x, 0), max(y, 0)
    right = min(x + layer.shape[1], image.shape[1])
    bottom = min(y + layer.shape[0], image.shape[0])
    if right > left and bottom > top:
        over(image[top:bottom, left:right], layer[top - y : bottom - y, left - x : right - x])


def ruler(length: int, height: int, px_per_mm: float, *, dark: bool = False) -> Image:
    """Return a metric ruler as RGBA, a number every centimetre."""
    back, ink = ((34, 34, 36), (235, 235, 232)) if dark else ((247, 247, 244), (30, 30, 32))
    image = np.empty((height, length, 4), np.uint8)
    image[:] = (*back, 255)
    count = int(length / px_per_mm)
    for k in range(1, count):
        tall = 0.52 if k % 10 == 0 else 0.38 if k % 5 == 0 else 0.24
        x = round(k * px_per_mm * (1 << SHIFT))
        tail = round(height * tall * (1 << SHIFT))
        cv2.line(image, (x, 0), (x, tail), (*ink, 255), 1, cv2.LINE_AA, SHIFT)
        if k % 10 == 0:
            place = (round(k * px_per_mm) + 2, round(height * 0.9))
            cv2.putText(image, str(k // 10), place, SANS, height / 62, (*ink, 255), 1, cv2.LINE_AA)
    image[..., 3] = 255
    return image


@lru_cache(maxsize=16)
def colour_card(width: int, height: int, rows: int) -> Image:
    """Return a colour card of 24 patches as RGBA."""
    image = np.empty((height, width, 4), np.uint8)
    image[:] = (24, 24, 26, 255)
    columns = 24 // rows
    for k, tone in enumerate(CARD):
        row, column = divmod(k, columns)
        x0, x1 = (round(width * (column + e) / columns) for e in (0.07, 0.93))
        y0, y1 = (round(height * (row + e) / rows) for e in (0.07, 0.93))
        image[y0:y1, x0:x1, :3] = tone
    return image


@lru_cache(maxsize=64)
def qr_code(text: str, size: int) -> Image:
    """Return a readable QR code as RGBA, at most ``size`` pixels wide if that can be read."""
    modules = np.asarray(cv2.QRCodeEncoder.create().encode(plain(text)), np.uint8)
    k = max(2, size // len(modules))
    large = np.kron(modules, np.ones((k, k), np.uint8))
    solid = np.full_like(large, 255)
    return np.asarray(cv2.merge([large, large, large, solid]), np.uint8)


def barcode(text: str, size: tuple[int, int], heading: str) -> Image:
    """Return a label with bars that stand for a number, not meant to be read."""
    height, width = size
    image = np.full((height, width, 4), 255, np.uint8)
    bits = np.unpackbits(np.frombuffer(plain(text).encode()[-9:], np.uint8))
    edges = np.cumsum(1 + np.repeat(bits, 1).astype(int) + (np.arange(len(bits)) % 3 == 0))
    edges = 6 + edges * ((width - 12) / edges[-1])
    top, bottom = round(height * 0.3), round(height * 0.72)
    for k in range(0, len(edges) - 1, 2):
        image[top:bottom, round(edges[k]) : max(round(edges[k + 1]), round(edges[k]) + 1), :3] = 20
    tall = fitted(heading, width - 8, height * 0.17, SANS)
    cv2.putText(
        image, plain(heading), (4, round(height * 0.22)), SANS, tall / 21.5, (20, 20, 20, 255), 1,
        cv2.LINE_AA,
    )  # fmt: skip
    tall = fitted(text, width - 8, height * 0.2, SANS)
    cv2.putText(
        image, plain(text), (6, round(height * 0.94)), SANS, tall / 21.5, (20, 20, 20, 255), 1,
        cv2.LINE_AA,
    )  # fmt: skip
    image[..., 3] = 255
    return image


def scale_bar(image: Image, at: tuple[int, int], px_per_mm: float, ink: Rgb) -> None:
    """Draw a bar of ten millimetres with its length beneath."""
    length = round(10 * px_per_mm)
    cv2.rectangle(image, at, (at[0] + length, at[1] + 4), ink, -1)
    (wide, _), _ = cv2.getTextSize("10 mm", SANS, 0.52, 1)
    place = (at[0] + (length - wide) // 2, at[1] + 22)
    cv2.putText(image, "10 mm", place, SANS, 0.52, ink, 1, cv2.LINE_AA)


def stamp(
    image: Image, centre: tuple[float, float], radii: tuple[float, float], text: str, ink: Rgb
) -> None:
    """Print an oval stamp, worn as stamps are, on paper."""
    x, y = centre
    half = (math.ceil(radii[0]) + 4, math.ceil(radii[1]) + 4)
    x0, y0 = round(x) - half[0], round(y) - half[1]
    region = image[max(y0, 0) : y0 + 2 * half[1], max(x0, 0) : x0 + 2 * half[0]]
    if not region.size:
        return
    layer = region.copy()
    shift = np.array([x - max(x0, 0), y - max(y0, 0)])
    for share in (1.0, 0.74):
        ring: Points = ellipse(shift, (radii[0] * share, radii[1] * share), 60)
        cv2.polylines(
            layer, [fixed(ring)], isClosed=True, color=ink, lineType=cv2.LINE_AA, shift=SHIFT
        )
    for k, line in enumerate((text, "HERB.", "1891")):
        tall = fitted(line, radii[0] * 1.15, radii[1] * 0.3, SANS)
        (wide, _), _ = cv2.getTextSize(line, SANS, tall / 21.5, 1)
        write(
            layer,
            line,
            (shift[0] - wide / 2, shift[1] + (k - 0.8) * radii[1] * 0.4 + tall / 2),
            tall,
            ink,
            SANS,
        )
    region[:] = cv2.addWeighted(layer, 0.62, region, 0.38, 0)


def pin(image: Image, at: Points, length: tuple[float, float], radius: float, tone: Rgb) -> None:
    """Draw a pin seen from above: its head, a glint, and its short shaft."""
    foot = at + np.asarray(length)
    shaft = np.stack([at, foot])
    cv2.polylines(
        image, [fixed(shaft)], isClosed=False, color=(70, 70, 74), lineType=cv2.LINE_AA, shift=SHIFT
    )
    for shrink, colour_, off in ((1.0, tone, 0.0), (0.4, (250, 248, 240), 0.3)):
        centre = np.round((at - off * radius) * (1 << SHIFT)).astype(int)
        cv2.circle(
            image, (int(centre[0]), int(centre[1])), round(radius * shrink * (1 << SHIFT)),
            colour_, -1, cv2.LINE_AA, SHIFT,
        )  # fmt: skip
