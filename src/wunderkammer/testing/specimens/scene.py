"""A photograph: backdrop, furniture, shadow, specimen, pin, light and grain, in this order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from wunderkammer.testing.specimens import furniture as f
from wunderkammer.testing.specimens.backdrops import backdrop, sensor_noise
from wunderkammer.testing.specimens.canvas import Canvas, Image, over
from wunderkammer.testing.specimens.institutions import Institution
from wunderkammer.testing.specimens.records import Record
from wunderkammer.testing.specimens.taxonomy import Taxon


@dataclass(frozen=True)
class Caption:
    """What the labels of a specimen say."""

    taxon: Taxon
    sex: str
    record: Record
    number: str
    view: str

    def data_lines(self) -> list[tuple[str, int]]:
        """Return country, place, date and collector."""
        record = self.record
        return [
            (record.country.upper(), f.SERIF),
            (record.locality, f.SERIF),
            (record.label_date, f.SERIF),
            (f"leg. {record.recorded_by.split(' | ')[0]}", f.SERIF),
        ]

    def name_lines(self) -> list[tuple[str, int]]:
        """Return the name as a determination label gives it."""
        lines = [
            (self.taxon.genus, f.SERIF | f.ITALIC),
            (self.taxon.species, f.SERIF | f.ITALIC),
            (self.taxon.authorship, f.SERIF),
        ]
        return lines if self.sex == "" else [*lines, (self.sex, f.SERIF)]


@dataclass(frozen=True)
class Photo:
    """All that a photograph needs besides the specimen."""

    institution: Institution
    shape: tuple[int, int]
    caption: Caption
    px_per_mm: float
    pin_at: tuple[float, float] | None


def photograph(
    photo: Photo, canvas: Canvas, rng: np.random.Generator, *, bare: bool = False
) -> Image:
    """Return the finished photograph.

    Parameters
    ----------
    photo : Photo
        Institution, size and captions.
    canvas : Canvas
        The specimen, of the same size.
    rng : Generator
        Places labels, stretches of texture, light.
    bare : bool
        Leave out specimen and pin, and keep all else, the shadow too.
    """
    home = photo.institution
    image = backdrop(home.habit, home.tone, photo.shape, int(rng.integers(3))).copy()
    _LAYOUTS[home.habit](image, photo, rng)
    cast_shadow(image, canvas, home.light_deg, home.shadow)
    if not bare:
        over(image, canvas.rgba)
        if photo.pin_at is not None:
            _pin(image, photo, home)
    return lit(image, home, rng)


def _pin(image: Image, photo: Photo, home: Institution) -> None:
    """Draw the pin through the specimen."""
    size = max(photo.shape)
    turn = math.radians(home.light_deg + 180)
    shaft = (math.cos(turn) * size * 0.006, -math.sin(turn) * size * 0.006)
    tone = (36, 36, 40) if home.habit != "drawer" else (206, 170, 74)
    f.pin(image, np.array(photo.pin_at), shaft, max(2.0, size * 0.005), tone)


def cast_shadow(
    image: Image, canvas: Canvas, light_deg: float, shadow: tuple[float, float, float]
) -> None:
    """Darken the ground where the specimen takes the light, in place."""
    strength, length, softness = shadow
    if strength <= 0:
        return
    height, width = image.shape[:2]
    k = 4
    small = cv2.resize(
        canvas.rgba[::2, ::2, 3], (width // k, height // k), interpolation=cv2.INTER_AREA
    )
    soft: Any = np.zeros(small.shape, np.uint8)
    turn = math.radians(light_deg)
    for far, share in ((1.0, 0.62), (0.35, 0.38)):
        reach = length * width / k * far
        matrix = np.array([[1, 0, -math.cos(turn) * reach], [0, 1, math.sin(turn) * reach]])
        moved = cv2.warpAffine(small, matrix, (small.shape[1], small.shape[0]))
        sigma = max(softness * width / k * far, 0.6)
        soft = cv2.addWeighted(soft, 1, cv2.GaussianBlur(moved, (0, 0), sigma), share * strength, 0)
    dark = cv2.bitwise_not(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR))
    image[:] = cv2.multiply(image, cv2.merge([dark] * 3), scale=1 / 255)


def lit(image: Image, home: Institution, rng: np.random.Generator) -> Image:
    """Return a photograph under uneven, coloured light, with the sensor's grain."""
    height, width = image.shape[:2]
    y = np.linspace(-1, 1, 12, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, 16, dtype=np.float32)[None]
    turn = math.radians(home.light_deg + float(rng.normal(0, 8)))
    slope = (x * math.cos(turn) - y * math.sin(turn)) * home.uneven * 0.5
    field = 1.0 + slope - 0.05 * (x * x + y * y)
    warm = home.warmth + float(rng.normal(0, 0.06))
    gains = np.array([1 + 0.05 * warm, 1.0, 1 - 0.08 * warm], np.float32) * float(
        rng.normal(1.0, 0.015)
    )
    small = np.clip(field[..., None] * gains * 200, 0, 255).astype(np.uint8)
    light = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    shone = cv2.multiply(image, light, scale=1 / 200)
    at = rng.integers(0, 1024 - np.array([min(height, 1023), min(width, 1023)]))
    if max(height, width) > 1023:
        return np.asarray(shone, np.uint8)
    grain = sensor_noise(2)[at[0] : at[0] + height, at[1] : at[1] + width]
    return np.asarray(cv2.addWeighted(shone, 1.0, grain, 1.0, -128), np.uint8)


def _tilt(rng: np.random.Generator, spread: float = 1.6) -> float:
    """Return how crooked a label lies, in degrees."""
    return float(rng.normal(0, spread))


def _foam(image: Image, photo: Photo, rng: np.random.Generator) -> None:
    """Lay labels in a column on the right, a ruler below."""
    height, width = image.shape[:2]
    unit = width / 800
    x = width * 0.775 + float(rng.normal(0, 4))
    wide, tall = round(164 * unit), round(78 * unit)
    f.lay(image, f.label(photo.caption.data_lines(), (tall, wide)), (x, height * 0.07), _tilt(rng))
    name = f.label(photo.caption.name_lines(), (tall, wide), (250, 248, 242))
    f.lay(image, name, (x + 2, height * 0.07 + tall * 1.2), _tilt(rng))
    if photo.caption.record.type_status:
        red = f.label(
            [(photo.caption.record.type_status.upper(), f.SANS)],
            (round(26 * unit), round(104 * unit)),
            (214, 72, 58),
        )
        f.lay(image, red, (x + 20, height * 0.07 + tall * 2.4), _tilt(rng))
    code = f.qr_code(photo.caption.number, round(84 * unit))
    f.lay(image, code, (x + 10, height * 0.57), _tilt(rng, 0.6))
    strip = f.label(
        [(photo.institution.name, f.SANS), (photo.caption.number, f.SANS)], (round(34 * unit), wide)
    )
    f.lay(image, strip, (x, height * 0.575 + len(code) + 6), _tilt(rng, 0.8))
    f.lay(
        image,
        f.ruler(round(width * 0.62), round(38 * unit), photo.px_per_mm),
        (width * 0.08, height * 0.915),
        _tilt(rng, 0.3),
    )


def _drawer(image: Image, photo: Photo, rng: np.random.Generator) -> None:
    """Lay a large framed name label beneath, a small old data label beside it."""
    height, width = image.shape[:2]
    unit = width / 800
    caption = photo.caption
    wide, tall = round(300 * unit), round(86 * unit)
    name = f.label(
        [
            (caption.taxon.name, f.SERIF | f.ITALIC),
            (caption.taxon.authorship, f.SERIF),
            (caption.taxon.family, f.SERIF),
        ],
        (tall, wide), (246, 236, 208), (92, 30, 24),
    )  # fmt: skip
    cv2.rectangle(name, (5, 5), (wide - 6, tall - 6), (92, 30, 24, 255), 1)
    f.lay(image, name, ((width - wide) / 2 - width * 0.14, height * 0.82), _tilt(rng, 0.5))
    ink = (74, 52, 38)
    data = f.label(
        [(t, f.HAND) for t, _ in caption.data_lines()],
        (round(84 * unit), round(150 * unit)),
        (232, 218, 180),
        ink,
        frame=False,
    )
    f.lay(image, data, (width * 0.66, height * 0.815), _tilt(rng, 3))
    number = f.label([(caption.number, f.SANS)], (round(22 * unit), round(92 * unit)))
    f.lay(image, number, (width * 0.86, height * 0.86), _tilt(rng, 2))


def _station(image: Image, photo: Photo, rng: np.random.Generator) -> None:
    """Lay code and labels on the shelf, colour strip and ruler under it."""
    height, width = image.shape[:2]
    unit = height / 800
    caption = photo.caption
    code = f.qr_code(caption.number, round(118 * unit))
    f.lay(image, code, (width * 0.56, height * 0.02), 0)
    lines = [
        (f"{caption.taxon.family}: {caption.taxon.genus}", f.SANS),
        (caption.taxon.name, f.SANS | f.ITALIC),
    ]
    lines += [(caption.taxon.authorship, f.SANS), (caption.number, f.SANS), (caption.view, f.SANS)]
    f.lay(
        image,
        f.label(lines, (round(126 * unit), round(300 * unit)), (236, 237, 238), frame=False),
        (width * 0.03, height * 0.02),
        0,
    )
    for k, lines in enumerate((caption.data_lines(), caption.name_lines())):
        small = f.label(lines, (round(56 * unit), round(112 * unit)))
        f.lay(image, small, (width * 0.8, height * 0.025 + k * 74 * unit), _tilt(rng, 3))
    card = f.colour_card(round(width * 0.96), round(56 * unit), 2)
    f.lay(image, card, (width * 0.02, height * 0.225), 0)
    f.lay(
        image,
        f.ruler(round(width * 0.96), round(40 * unit), photo.px_per_mm),
        (width * 0.02, height * 0.315),
        0,
    )


def _card(image: Image, photo: Photo, rng: np.random.Generator) -> None:
    """Print the data on the card; colour target and number on the velvet below."""
    height, width = image.shape[:2]
    unit = width / 800
    caption = photo.caption
    ink = (48, 44, 52)
    x = width * 0.07 + float(rng.normal(0, 6))
    sign = f"   {caption.sex}" if caption.sex else ""
    f.write(
        image,
        f"{caption.taxon.name} {caption.taxon.authorship}{sign}",
        (x, height * 0.115),
        15 * unit,
        ink,
    )
    place = (
        f"{caption.record.country.upper()}: {caption.record.locality}, {caption.record.label_date}"
    )
    f.write(image, place, (x, height * 0.165), 13 * unit, ink)
    f.write(
        image, f"Collection {photo.institution.name}", (width * 0.3, height * 0.785), 12 * unit, ink
    )
    card = f.colour_card(round(width * 0.62), round(64 * unit), 2)
    f.lay(image, card, (width * 0.19, height * 0.835), 0)
    f.write(
        image, caption.number, (width * 0.4, height * 0.975), 14 * unit, (232, 232, 232), f.SANS
    )
    f.lay(
        image,
        f.ruler(round(width * 0.13), round(26 * unit), photo.px_per_mm, dark=True),
        (width * 0.83, height * 0.86),
        0,
    )


def _grey(image: Image, photo: Photo, rng: np.random.Generator) -> None:
    """Draw a scale bar, nothing else."""
    height, width = image.shape[:2]
    del rng
    at = (round(width * 0.96 - 10 * photo.px_per_mm), round(height * 0.93))
    f.scale_bar(image, at, photo.px_per_mm, (24, 24, 24))


def _blue(image: Image, photo: Photo, rng: np.random.Generator) -> None:
    """Lay a white data sheet above, a paper triangle, a ruler along the foot."""
    height, width = image.shape[:2]
    unit = width / 800
    caption = photo.caption
    lines = [(photo.institution.name, f.SANS), (caption.number, f.SANS), *caption.data_lines()[1:]]
    f.lay(
        image,
        f.label(lines, (round(118 * unit), round(256 * unit)), (247, 248, 247), frame=False),
        (width * 0.54, height * 0.02),
        _tilt(rng, 0.5),
    )
    f.lay(image, f.qr_code(caption.number, round(62 * unit)), (width * 0.88, height * 0.03), 0)
    small = f.label(caption.name_lines(), (round(70 * unit), round(150 * unit)), (238, 226, 186))
    f.lay(image, small, (width * 0.05, height * 0.045), _tilt(rng, 4))
    f.lay(image, f.ruler(width, round(44 * unit), photo.px_per_mm), (0, height - 48 * unit), 0)


_LAYOUTS = {
    "foam": _foam, "drawer": _drawer, "station": _station, "card": _card, "grey": _grey,
    "blue": _blue,
}  # fmt: skip
