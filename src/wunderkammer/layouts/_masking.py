"""Masking: which cells of a grid lie inside a shape."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import ConfigurationError, nearest

_LIGHT = 127
_SUFFIX = ".png"
_HEXAGON_ASPECT = 2 / math.sqrt(3)

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def _circle(x: Floats, y: Floats) -> Flags:
    return np.asarray(np.square(x) + np.square(y) <= 1)


def _hexagon(x: Floats, y: Floats) -> Flags:
    return np.asarray(2 * np.abs(x) + np.abs(y) <= 2)


SHAPES: Mapping[str, tuple[Callable[[Floats, Floats], Flags], float]] = {
    "circle": (_circle, 1.0),
    "hexagon": (_hexagon, _HEXAGON_ASPECT),
}
"""Shapes by name: what is inside, for x and y from -1 to 1, and width divided by height."""


class Mask:
    """A shape that cells of a grid lie in or not.

    Parameters
    ----------
    inside : callable
        Tells for x and y from -1 to 1 what is inside.
    aspect : float
        Width divided by height.
    """

    def __init__(self, inside: Callable[[Floats, Floats], Flags], aspect: float) -> None:
        self._inside = inside
        self.aspect = aspect

    def cells(self, columns: int, rows: int) -> Flags:
        """Return which cells have their middle inside, shape (rows, columns)."""
        x = (2 * np.arange(columns) + 1) / columns - 1
        y = (2 * np.arange(rows) + 1) / rows - 1
        return self._inside(*np.meshgrid(x, y))


def mask_of(text: str) -> Mask:
    """Return the shape of that name, or the light and opaque part of a PNG file.

    Raises
    ------
    ConfigurationError
        If there is no such shape or file, or nothing in it is light.
    """
    if text in SHAPES:
        return Mask(*SHAPES[text])
    if not is_file(text):
        raise ConfigurationError(
            f"layout, grid: no mask is called '{text}'.",
            hint=f"{nearest(text, tuple(SHAPES))} Or name a {_SUFFIX} file.",
        )
    pixels = _read(Path(text))
    high, wide = pixels.shape

    def inside(x: Floats, y: Floats) -> Flags:
        column = np.minimum(((x + 1) / 2 * wide).astype(np.int64), wide - 1)
        row = np.minimum(((y + 1) / 2 * high).astype(np.int64), high - 1)
        return np.asarray(pixels[row, column])

    return Mask(inside, wide / high)


def is_file(text: str) -> bool:
    """Tell whether a mask is a file and no name."""
    return text.lower().endswith(_SUFFIX)


def _read(path: Path) -> Flags:
    """Return what is light and opaque, without empty margins."""
    from PIL import Image

    try:
        with Image.open(path) as image:
            grey, alpha = np.moveaxis(np.asarray(image.convert("LA"), np.float64), 2, 0)
    except OSError as error:
        raise ConfigurationError(
            f"layout, grid: the mask {path} cannot be read: {error}.",
            hint="Name a PNG file whose light part is to be filled; relative paths start at the "
            "collection's folder.",
        ) from error
    light = grey * alpha / 255 > _LIGHT
    if not light.any():
        raise ConfigurationError(
            f"layout, grid: nothing in the mask {path} is light and opaque.",
            hint="Cells are made where it is: invert it.",
        )
    rows, columns = (np.flatnonzero(light.any(axis=axis)) for axis in (1, 0))
    return np.asarray(light[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
