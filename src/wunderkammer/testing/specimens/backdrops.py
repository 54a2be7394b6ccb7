"""What specimens are photographed on: foam, old paper, card, herbarium sheets, book pages."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from wunderkammer.testing.specimens.canvas import Image, cloud, noise, noise_patch

Rgb = tuple[int, int, int]
Field = NDArray[np.float32]


@lru_cache(maxsize=48)
def backdrop(habit: str, tone: Rgb, shape: tuple[int, int], variant: int) -> Image:
    """Return an empty photograph, not to be changed: copy it.

    Parameters
    ----------
    habit : str
        One of the habits of institutions, or ``"sheet"`` or ``"page"``.
    tone : tuple of int
        Main colour.
    shape : tuple of int
        Height and width.
    variant : int
        Which stretch of the textures.
    """
    field = np.empty((*shape, 3), np.float32)
    field[:] = tone
    grain = noise_patch(noise(6, variant), shape, (variant * 37, variant * 91))
    rough = noise_patch(cloud(variant % 3), shape, (variant * 53, variant * 29))
    _MAKERS[habit](field, grain, rough)
    image = np.clip(field, 0, 255).astype(np.uint8)
    image.setflags(write=False)
    return image


def _foam(field: Field, grain: Field, rough: Field) -> None:
    """Lay pores of white foam."""
    pores = cv2.GaussianBlur((grain > 0.62).astype(np.float32), (0, 0), 0.8)
    field += (2.2 * grain + 1.5 * rough - 26 * pores)[..., None]


def _drawer(field: Field, grain: Field, rough: Field) -> None:
    """Lay old paper with the lines that part the species."""
    height, width = rough.shape
    field += (2.5 * grain + 5 * rough)[..., None]
    fibre = cv2.blur(grain, (17, 1))
    field += (5 * fibre)[..., None]
    for share in (0.035, 0.965):
        x = round(width * share)
        field[:, x - 1 : x + 1] *= 0.82
    stain = np.clip(rough - 0.45, 0, 1)[..., None]
    field -= stain * np.array([18, 26, 44], np.float32)
    y = round(height * 0.76)
    field[y : y + 1, round(width * 0.035) : round(width * 0.965)] *= 0.8


def _station(field: Field, grain: Field, rough: Field) -> None:
    """Lay a grey shelf for labels above a white stage."""
    height = len(rough)
    edge = round(height * 0.3)
    field[:edge] = (206, 208, 209)
    field[edge : edge + 2] = (176, 177, 178)
    field += (1.2 * grain + rough)[..., None]


def _card(field: Field, grain: Field, rough: Field) -> None:
    """Lay a cream card on black velvet."""
    height, width = rough.shape
    field += (3.5 * grain)[..., None]
    y0, y1, x0, x1 = (
        round(height * 0.05),
        round(height * 0.8),
        round(width * 0.04),
        round(width * 0.96),
    )
    glow = cv2.GaussianBlur(np.pad(np.ones((y1 - y0, x1 - x0), np.float32), 24), (0, 0), 7)
    field[y0:y1, x0:x1] = (243, 235, 216)
    field[y0:y1, x0:x1] += (1.6 * grain + 3 * rough)[y0:y1, x0:x1, None]
    field[y0:y1, x0:x1] *= glow[24:-24, 24:-24, None] ** 0.12


def _grey(field: Field, grain: Field, rough: Field) -> None:
    """Lay an even card."""
    field += (0.9 * grain + 0.8 * rough)[..., None]


def _blue(field: Field, grain: Field, rough: Field) -> None:
    """Lay ruled blue paper."""
    width = rough.shape[1]
    field += (1.4 * grain + 2.2 * rough)[..., None]
    for k in range(1, 27):
        x = round(width * k / 27)
        field[:, x : x + 1] *= np.array([0.87, 0.9, 0.93], np.float32)


def _sheet(field: Field, grain: Field, rough: Field) -> None:
    """Lay a mounting sheet on a dark table."""
    height, width = rough.shape
    field += (1.8 * grain + 2.5 * rough)[..., None]
    fibre = cv2.blur(grain, (1, 15))
    field += (3 * fibre)[..., None]
    rim = np.ones((height, width), np.float32)
    y0, x0 = round(height * 0.05), round(width * 0.02)
    rim[y0 : height - 6, x0 : width - x0] = 0
    soft = np.asarray(cv2.GaussianBlur(rim, (0, 0), 0.7), np.float32)[..., None]
    table = np.array([44, 34, 31], np.float32) + (4 * grain)[..., None]
    field += (table - field) * soft


def _page(field: Field, grain: Field, rough: Field) -> None:
    """Lay the paper of an old book: foxing, browned rims, the shadow of the fold."""
    height, width = rough.shape
    field += (1.6 * grain + 4 * rough)[..., None]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    rim = np.maximum(np.abs(x), np.abs(y)) ** 7
    field -= rim[..., None] * np.array([16, 26, 44], np.float32)
    fold = np.exp(-(1 + x) / 0.07) * np.ones_like(y)
    field *= (1 - 0.3 * fold)[..., None]
    fox = np.clip(noise_patch(noise(4, 5), rough.shape, (60, 10)) - 0.86, 0, 1)
    field -= fox[..., None] * np.array([60, 110, 150], np.float32)


_MAKERS = {
    "foam": _foam, "drawer": _drawer, "station": _station, "card": _card, "grey": _grey,
    "blue": _blue, "sheet": _sheet, "page": _page,
}  # fmt: skip


@lru_cache(maxsize=2)
def sensor_noise(strength: int) -> Image:
    """Return noise around 128 (1024, 1024, 3) for the grain of a photograph."""
    rng = np.random.default_rng(4711)
    return np.clip(rng.normal(128, strength, (1024, 1024, 3)), 0, 255).astype(np.uint8)
