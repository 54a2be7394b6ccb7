"""Print that a specimen lies on, drawn at random: lines of type beside it and under it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import ConfigurationError

Image = npt.NDArray[np.uint8]

_LETTERS = list("aaeeioonnrrsstlmdcuhpgbvABCDEGHLMNPRSTJK0123456789.,;:-/'")
_FACES = (
    cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_COMPLEX_SMALL,
)  # fmt: skip
_GLYPH_PX = 21
"""Height of a capital letter of the faces at scale 1."""

_CAPITAL = 0.7
"""The same of type, as a share of its size."""

_OWN_SHARE = 0.8
"""Share of print in a user's own fonts, where there are some."""


def print_behind(
    image: Image,
    mask: npt.NDArray[np.bool_],
    rng: np.random.Generator,
    fonts: Sequence[Path] = (),
) -> Image:
    """Return the image with lines of print on what the specimen lies on.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
    mask : ndarray of bool, shape (height, width)
        The specimen. It covers the print, or lets it shine through as wings do.
    rng : numpy.random.Generator
        All that is random comes from here.
    fonts : sequence of Path
        TrueType or OpenType files, whose faces most of the print then has.
    """
    ink = _lines(mask, rng, fonts)
    shines = rng.uniform(0.1, 0.6) if rng.random() < 0.4 else 0.0
    ink *= np.where(mask, np.float32(shines), np.float32(rng.uniform(0.5, 1)))
    colour = np.clip(rng.uniform(0, 90) + rng.normal(0, 12, 3), 0, 255).astype(np.float32)
    printed = image * (1 - ink[:, :, None]) + colour * ink[:, :, None]
    return np.asarray(printed, np.uint8)


def _lines(
    mask: npt.NDArray[np.bool_], rng: np.random.Generator, fonts: Sequence[Path]
) -> npt.NDArray[np.float32]:
    """Return where the ink is, 0 to 1: one to six lines, one of which meets the specimen."""
    height, width = mask.shape
    glyph = width * rng.uniform(0.018, 0.08)
    rows = np.flatnonzero(mask.any(1))
    middle = float(rng.choice(rows)) if len(rows) else height / 2
    n = int(rng.integers(1, 7))
    met = int(rng.integers(n))
    apart, left = glyph * rng.uniform(1.3, 2.4), width * rng.uniform(-0.2, 0.5)
    places = [
        (left + glyph * float(rng.choice([0, 0, 2, 5])), middle + (line - met) * apart)
        for line in range(n)
    ]
    lines = [(_text(rng), int(x), int(y)) for x, y in places]
    sheet = _set(lines, (height, width), glyph, rng, fonts)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.normal(0, 12)), 1)
    turned = cv2.warpAffine(sheet, turn, (width, height))
    return np.asarray(turned, np.float32) / np.float32(255)


def _set(
    lines: Sequence[tuple[str, int, int]],
    shape: tuple[int, int],
    glyph: float,
    rng: np.random.Generator,
    fonts: Sequence[Path],
) -> npt.NDArray[np.uint8]:
    """Set lines of type, each with the left end of its base line, in one face."""
    own = bool(fonts) and rng.random() < _OWN_SHARE
    if own:
        return _set_in(fonts[int(rng.integers(len(fonts)))], lines, shape, glyph)
    face, bold = _FACES[int(rng.integers(len(_FACES)))], int(rng.integers(1, 3))
    sheet = np.zeros(shape, np.uint8)
    for text, x, y in lines:
        cv2.putText(sheet, text, (x, y), face, glyph / _GLYPH_PX, 255, bold, cv2.LINE_AA)
    return sheet


def _set_in(
    font: Path, lines: Sequence[tuple[str, int, int]], shape: tuple[int, int], glyph: float
) -> npt.NDArray[np.uint8]:
    from PIL import Image as Pictures
    from PIL import ImageDraw, ImageFont

    picture = Pictures.new("L", (shape[1], shape[0]))
    draw = ImageDraw.Draw(picture)
    face = ImageFont.truetype(font, max(4, round(glyph / _CAPITAL)))
    for text, x, y in lines:
        draw.text((x, y), text, fill=255, font=face, anchor="ls")
    return np.asarray(picture)


@lru_cache(maxsize=4)
def fonts_in(folder: str) -> tuple[Path, ...]:
    """Return the fonts of a folder and those below, by name; none for no folder.

    Raises
    ------
    ConfigurationError
        If there are none.
    """
    if not folder:
        return ()
    found = sorted(
        path for path in Path(folder).rglob("*") if path.suffix.lower() in {".ttf", ".otf"}
    )
    if not found:
        raise ConfigurationError(
            f"no fonts in {folder}: looked for .ttf and .otf there and in folders below.",
            hint="Name a folder of fonts, or leave the setting empty.",
        )
    return tuple(found)


def _text(rng: np.random.Generator) -> str:
    words = ["".join(rng.choice(_LETTERS, int(rng.integers(1, 11)))) for _ in range(6)]
    return " ".join(words[: int(rng.integers(1, 7))])
