"""Herbarium sheets: a pressed plant on paper with label, barcode, stamp and colour card."""

from __future__ import annotations

import numpy as np

from wunderkammer.testing.specimens import furniture as f
from wunderkammer.testing.specimens.backdrops import backdrop
from wunderkammer.testing.specimens.canvas import Canvas, Image, over
from wunderkammer.testing.specimens.scene import Photo, cast_shadow, lit

PAPERS = (
    (238, 232, 214), (246, 243, 234), (233, 222, 190), (242, 240, 228), (236, 236, 236),
    (240, 230, 206),
)  # fmt: skip
INKS = ((46, 62, 128), (128, 40, 52), (40, 40, 44), (58, 104, 70))


def photograph(
    photo: Photo, canvas: Canvas, rng: np.random.Generator, *, bare: bool = False
) -> Image:
    """Return the photograph of a mounted sheet; see :func:`~.scene.photograph`."""
    habit = sum(map(ord, photo.institution.code))
    paper = PAPERS[habit % len(PAPERS)]
    image = backdrop("sheet", paper, photo.shape, int(rng.integers(3))).copy()
    _furnish(image, photo, rng, habit)
    cast_shadow(image, canvas, photo.institution.light_deg, (0.3, 0.005, 0.006))
    if not bare:
        over(image, canvas.rgba)
    return lit(image, photo.institution, rng)


def _furnish(image: Image, photo: Photo, rng: np.random.Generator, habit: int) -> None:
    """Lay card, label, barcode, stamp and, at times, a packet."""
    height, width = photo.shape
    unit = height / 800
    caption = photo.caption
    card = f.colour_card(round(width * 0.56), round(30 * unit), 1 + habit % 2)
    f.lay(image, card, (width * (0.2 if habit % 3 else 0.4), height * 0.006), 0)
    f.lay(
        image,
        f.ruler(round(width * 0.17), round(28 * unit), photo.px_per_mm),
        (width * 0.02, height * 0.008),
        0,
    )
    lines = [
        (f"Herbarium {photo.institution.name}", f.SERIF),
        (caption.taxon.name, f.SERIF | f.ITALIC),
        (f"{caption.taxon.authorship}   {caption.taxon.family}", f.SERIF),
        *caption.data_lines(),
    ]
    old = habit % 2 == 0
    main = f.label(
        lines,
        (round(142 * unit), round(216 * unit)),
        (249, 246, 234) if not old else (238, 226, 196),
        frame=old,
    )
    f.lay(
        image,
        main,
        (width * 0.965 - 216 * unit, height * 0.985 - 146 * unit),
        float(rng.normal(0, 0.5)),
    )
    code = f.barcode(caption.number, (round(58 * unit), round(126 * unit)), photo.institution.name)
    spot = ((0.04, 0.905), (0.04, 0.075), (0.7, 0.075))[habit % 3]
    f.lay(image, code, (width * spot[0], height * spot[1]), float(rng.normal(0, 1)))
    ink = INKS[habit % len(INKS)]
    at = (width * (0.13 if habit % 3 != 1 else 0.86), height * (0.11 if habit % 3 != 1 else 0.12))
    f.stamp(image, at, (44 * unit, 30 * unit), photo.institution.code, ink)
    if rng.random() < 0.4:  # for what fell off
        packet = f.label(
            [], (round(92 * unit), round(112 * unit)), (246, 242, 228), (206, 198, 178)
        )
        f.lay(image, packet, (width * 0.05, height * 0.76), float(rng.normal(0, 2)))
