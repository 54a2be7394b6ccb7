"""Print that a specimen lies on, drawn at random: lines of type beside it and under it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]

_LETTERS = list("aaeeioonnrrsstlmdcuhpgbvABCDEGHLMNPRSTJK0123456789.,;:-/'")
_FACES = (
    cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_COMPLEX_SMALL,
)  # fmt: skip
_GLYPH_PX = 21
"""Height of a capital letter of the faces at scale 1."""


def print_behind(image: Image, mask: npt.NDArray[np.bool_], rng: np.random.Generator) -> Image:
    """Return the image with lines of print on what the specimen lies on.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
    mask : ndarray of bool, shape (height, width)
        The specimen. It covers the print, or lets it shine through as wings do.
    rng : numpy.random.Generator
        All that is random comes from here.
    """
    ink = _lines(mask, rng)
    shines = rng.uniform(0.1, 0.6) if rng.random() < 0.4 else 0.0
    ink *= np.where(mask, np.float32(shines), np.float32(rng.uniform(0.5, 1)))
    colour = np.clip(rng.uniform(0, 90) + rng.normal(0, 12, 3), 0, 255).astype(np.float32)
    printed = image * (1 - ink[:, :, None]) + colour * ink[:, :, None]
    return np.asarray(printed, np.uint8)


def _lines(mask: npt.NDArray[np.bool_], rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return where the ink is, 0 to 1: one to six lines, one of which meets the specimen."""
    height, width = mask.shape
    glyph = width * rng.uniform(0.018, 0.08)
    face, bold = _FACES[int(rng.integers(len(_FACES)))], int(rng.integers(1, 3))
    rows = np.flatnonzero(mask.any(1))
    middle = float(rng.choice(rows)) if len(rows) else height / 2
    n = int(rng.integers(1, 7))
    met = int(rng.integers(n))
    apart, left = glyph * rng.uniform(1.3, 2.4), width * rng.uniform(-0.2, 0.5)
    sheet = np.zeros((height, width), np.uint8)
    for line in range(n):
        y = int(middle + (line - met) * apart)
        indent = glyph * float(rng.choice([0, 0, 2, 5]))
        cv2.putText(
            sheet, _text(rng), (int(left + indent), y), face, glyph / _GLYPH_PX, 255, bold,
            cv2.LINE_AA,
        )  # fmt: skip
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.normal(0, 12)), 1)
    turned = cv2.warpAffine(sheet, turn, (width, height))
    return np.asarray(turned, np.float32) / np.float32(255)


def _text(rng: np.random.Generator) -> str:
    words = ["".join(rng.choice(_LETTERS, int(rng.integers(1, 11)))) for _ in range(6)]
    return " ".join(words[: int(rng.integers(1, 7))])
