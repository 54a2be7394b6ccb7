"""Pages of old books: plates, printed in colour or engraved, and pages of text."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from wunderkammer.testing.specimens import furniture as f
from wunderkammer.testing.specimens import names
from wunderkammer.testing.specimens.backdrops import backdrop
from wunderkammer.testing.specimens.canvas import Canvas, Image, noise, noise_patch, over
from wunderkammer.testing.specimens.records import plain
from wunderkammer.testing.specimens.scene import Photo, lit

PAPERS = ((238, 226, 196), (244, 236, 214), (230, 216, 182), (240, 234, 222))
INK = (44, 36, 32)
ROMAN = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIV", "XVII",
    "XXI", "XXIV", "XXX", "XLII",
)  # fmt: skip


def plate(
    photo: Photo, canvas: Canvas, rng: np.random.Generator, titles: list[str], *, bare: bool = False
) -> Image:
    """Return a plate whose figures are on the canvas.

    Parameters
    ----------
    photo : Photo
        Institution and size.
    canvas : Canvas
        The figures.
    rng : Generator
        Chooses paper, number and manner.
    titles : list of str
        What the caption says, one a figure.
    bare : bool
        Leave the figures out.
    """
    image = _paper(photo, rng)
    height, width = photo.shape
    unit = height / 800
    _frame(image, rng)
    number = names.pick(rng, ROMAN)
    _centred(image, f"Plate {number}.", width / 2, height * 0.068, 14 * unit)
    _centred(image, photo.caption.taxon.family.upper(), width / 2, height * 0.103, 11 * unit)
    engraved = rng.random() < 0.35
    maker = names.person(rng)
    f.write(image, f"{maker} del.", (width * 0.1, height * 0.885), 8.5 * unit, INK)
    f.write(image, names.person(rng) + " sc.", (width * 0.7, height * 0.885), 8.5 * unit, INK)
    shown = [f"{k + 1}. {title}" for k, title in enumerate(titles)]
    share = max(1, -(-len(shown) // 3))
    for k in range(0, len(shown), share):
        line = "    ".join(shown[k : k + share])
        y = height * 0.912 + (k // share) * 16 * unit
        _centred(image, line, width / 2, y, 10.5 * unit, width * 0.84, f.SERIF | f.ITALIC)
    if not bare:
        figures = engrave(canvas) if engraved else _printed(canvas)
        over(image, figures)
    return lit(image, photo.institution, rng)


def text(photo: Photo, rng: np.random.Generator) -> Image:
    """Return a page of text about the caption's taxon."""
    image = _paper(photo, rng)
    height, width = photo.shape
    unit = height / 800
    columns = 2 if rng.random() < 0.35 else 1
    left, right = width * 0.12, width * 0.9
    taxon = photo.caption.taxon
    f.write(image, str(int(rng.integers(2, 460))), (left, height * 0.065), 10 * unit, INK)
    _centred(image, taxon.family.upper(), (left + right) / 2, height * 0.065, 10.5 * unit)
    gap = width * 0.04
    wide = (right - left - gap * (columns - 1)) / columns
    for column in range(columns):
        x = left + column * (wide + gap)
        y = height * 0.11
        while y < height * 0.93:
            y = _paragraph(image, rng, (x, y, wide, height * 0.93), unit, taxon.name)
    return lit(image, photo.institution, rng)


def _paragraph(
    image: Image,
    rng: np.random.Generator,
    box: tuple[float, float, float, float],
    unit: float,
    title: str,
) -> float:
    """Print a heading or a paragraph; return where the next begins."""
    x, y, wide, floor = box
    tall, step = 9.6 * unit, 16.5 * unit
    if rng.random() < 0.34:
        _centred(image, title, x + wide / 2, y + step * 0.9, 11.5 * unit, wide, f.SERIF | f.ITALIC)
        y += step * 1.7
    words = " ".join(
        names.sentence(rng, int(rng.integers(9, 19))) for _ in range(int(rng.integers(2, 5)))
    ).split()
    line, indent = "", 14 * unit
    letter = cv2.getTextSize("tenuiter alis", f.SERIF, tall / 21.5, 1)[0][0] / 13 * 1.12
    per_line = max(8, int((wide - indent) / letter))
    for k, word in enumerate(words):
        full = len(line) + len(word) >= per_line
        if full or k == len(words) - 1:
            if y > floor:
                return floor
            closing = line if full else f"{line} {word}"
            _justified(image, closing.strip(), (x + indent, y, wide - indent), tall, full=full)
            line, indent, y = word, 0.0, y + step
            per_line = max(8, int(wide / letter))
        else:
            line = f"{line} {word}"
    return y + step * 0.35


def _justified(
    image: Image, line: str, place: tuple[float, float, float], tall: float, *, full: bool
) -> None:
    """Print a line, its words spread over the width when it is full."""
    x, y, wide = place
    words = line.split()
    sizes = [cv2.getTextSize(word, f.SERIF, tall / 21.5, 1)[0][0] for word in words]
    space = tall * 0.5
    if full and len(words) > 1:
        space = min((wide - sum(sizes)) / (len(words) - 1), tall * 1.6)
    for word, size in zip(words, sizes, strict=True):
        f.write(image, word, (x, y), tall, INK)
        x += size + space


def _paper(photo: Photo, rng: np.random.Generator) -> Image:
    """Return an empty page of the institution's library."""
    tone = PAPERS[sum(map(ord, photo.institution.code)) % len(PAPERS)]
    page = backdrop("page", tone, photo.shape, int(rng.integers(3)))
    return np.ascontiguousarray(page[:, ::-1]) if rng.random() < 0.5 else page.copy()


def _frame(image: Image, rng: np.random.Generator) -> None:
    """Draw the plate's border: two lines, or the mark of the pressed copper."""
    height, width = image.shape[:2]
    x, y = round(width * 0.075), round(height * 0.032)
    if rng.random() < 0.6:
        for inset, ink in ((0, 1), (5, 1)):
            low, high = (x + inset, y + inset), (width - x - inset, height - y - inset)
            cv2.rectangle(image, low, high, INK, ink, cv2.LINE_AA)
        return
    mark = image[y : height - y, x : width - x]
    mark[:] = cv2.addWeighted(mark, 1.0, np.full_like(mark, 255), 0.03, 0)
    cv2.rectangle(image, (x, y), (width - x, height - y), (206, 192, 162), 2, cv2.LINE_AA)


def _centred(
    image: Image, line: str, x: float, y: float, tall: float, wide: float = 1e9, font: int = f.SERIF
) -> None:
    """Print a line around the middle of a width it fits."""
    tall = f.fitted(line, wide, tall, font)
    (long, _), _ = cv2.getTextSize(plain(line), font, tall / 21.5, 1)
    f.write(image, line, (x - long / 2, y), tall, INK, font)


def _printed(canvas: Canvas) -> Image:
    """Return the figures as printing ink, a little faded."""
    faded = cv2.addWeighted(canvas.rgba, 0.9, np.zeros_like(canvas.rgba), 0, 0)
    lift = cv2.multiply(
        cv2.merge([canvas.rgba[..., 3]] * 3), np.array([24.0, 22.0, 18.0, 0.0]), scale=1 / 255
    )
    faded[..., :3] = cv2.add(faded[..., :3], lift)
    faded[..., 3] = canvas.rgba[..., 3]
    return np.asarray(faded, np.uint8)


def engrave(canvas: Canvas) -> Image:
    """Return the figures cut in lines: finer where it is light, crossed where it is dark."""
    grey = cv2.cvtColor(np.ascontiguousarray(canvas.rgba[..., :3]), cv2.COLOR_RGB2GRAY)
    solid = cv2.add(grey, cv2.bitwise_not(canvas.alpha))
    shape = canvas.alpha.shape[:2]
    lines = cv2.subtract(_hatch(0, shape), solid)
    crossed = cv2.subtract(_hatch(1, shape), solid)
    cut = cv2.convertScaleAbs(cv2.max(lines, crossed), alpha=5)
    rim = cv2.morphologyEx(canvas.alpha, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8))
    drawn = cv2.convertScaleAbs(cv2.Laplacian(solid, cv2.CV_16S, ksize=3), alpha=0.9)
    black = cv2.min(cv2.max(cut, cv2.max(rim, drawn)), canvas.alpha)
    paper = cv2.subtract(canvas.alpha, black)
    tone = [
        cv2.addWeighted(paper, light / 255, black, ink / 255, 0)
        for light, ink in zip((240, 231, 206), INK, strict=True)
    ]
    return np.asarray(cv2.merge([*tone, canvas.alpha]), np.uint8)


@lru_cache(maxsize=4)
def _hatch(number: int, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the depth of engraved lines: a pixel is black where it is darker than this."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    swell = noise_patch(noise(0, 3), shape, (0, 0)) * 9
    turn = (0.32, -0.9)[number]
    wave = np.abs(((y * np.cos(turn) + x * np.sin(turn) + swell) / (2.1, 2.5)[number]) % 2 - 1)
    reach = (215.0, 110.0)[number]
    return np.asarray(np.clip(wave * reach, 0, 255), np.uint8)
