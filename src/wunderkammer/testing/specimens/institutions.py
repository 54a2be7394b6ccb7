"""Invented institutions, each with its own way of photographing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from wunderkammer.core.errors import ConfigurationError

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of width and height."""


@dataclass(frozen=True)
class Institution:
    """A museum, its codes, and the habits of its photographers.

    Parameters
    ----------
    code, name, collection : str
        As in ``institutionCode``, ``rightsHolder`` and ``collectionCode``.
    number : str
        Pattern of catalogue numbers, with ``{n}``.
    licence : str
        Address of the licence of its images.
    habit : str
        Which backdrop and furniture: ``grey``, ``station``, ``foam``, ``card``,
        ``drawer`` or ``blue``.
    aspect : float
        Width over height of an insect's photograph.
    stage : tuple of float
        Where the specimen lies.
    tone : tuple of int
        Colour of the backdrop.
    warmth : float
        Colour of the light, -1 (blue) to 1 (amber).
    light_deg : float
        Where the light comes from; 90 is above.
    uneven : float
        How much darker the far side is, 0 to 1.
    shadow : tuple of float
        Strength, length and softness of shadows; the last two as shares of width.
    """

    code: str
    name: str
    collection: str
    number: str
    licence: str
    habit: str
    aspect: float
    stage: Box
    tone: tuple[int, int, int]
    warmth: float
    light_deg: float
    uneven: float
    shadow: tuple[float, float, float]


CC0 = "http://creativecommons.org/publicdomain/zero/1.0/"
CC_BY = "http://creativecommons.org/licenses/by/4.0/"
CC_BY_NC = "http://creativecommons.org/licenses/by-nc/4.0/"

HABITS = (
    Institution(
        "SMNV", "Sandhaven Museum of Natural Variety", "ENT", "SMNV-{n:07d}", CC0, "foam",
        4 / 3, (0.03, 0.06, 0.76, 0.86), (233, 231, 226), 0.05, 130, 0.16, (0.42, 0.016, 0.014),
    ),
    Institution(
        "HCW", "Hollenbeck Cabinet, Westmark", "Lepidoptera et Coleoptera", "HCW.{n:06d}", CC_BY,
        "drawer", 1.18, (0.06, 0.05, 0.94, 0.74), (231, 219, 190), 0.45, 55, 0.22,
        (0.5, 0.02, 0.012),
    ),
    Institution(
        "KMO", "Kristallmuseum Oberau", "Insecta", "KMO {n:06d}", CC_BY, "station",
        0.78, (0.05, 0.44, 0.95, 0.97), (241, 242, 243), -0.1, 90, 0.08, (0.3, 0.008, 0.02),
    ),
    Institution(
        "PELL", "Pellworm University Collections", "PELL-I", "PELL{n:08d}", CC_BY_NC, "card",
        1.3, (0.1, 0.2, 0.9, 0.76), (18, 18, 20), 0.2, 110, 0.14, (0.34, 0.01, 0.01),
    ),
    Institution(
        "NQM", "North Quay Museum", "Arthropods", "NQM-A-{n:05d}", CC0, "grey",
        1.4, (0.04, 0.04, 0.96, 0.93), (142, 145, 149), 0.0, 90, 0.1, (0.0, 0.0, 0.01),
    ),
    Institution(
        "RVB", "Rijksverzameling Bloemenwaard", "RVB.INS", "RVB.INS.{n:06d}", CC_BY, "blue",
        1.33, (0.03, 0.24, 0.97, 0.84), (190, 209, 217), -0.25, 70, 0.18, (0.4, 0.012, 0.012),
    ),
)  # fmt: skip


def institutions(n: int, seed: int) -> tuple[Institution, ...]:
    """Return ``n`` institutions whose habits differ.

    Beyond six, habits come again with other codes and other light.

    Raises
    ------
    ConfigurationError
        If ``n`` is below 1.
    """
    if n < 1:
        raise ConfigurationError(f"n_institutions = {n}: at least 1 has to hold the specimens.")
    rng = np.random.default_rng([seed, 90210])
    found = []
    for k in range(n):
        base = HABITS[k % len(HABITS)]
        turn = k // len(HABITS)
        change = rng.normal(0, 1, 3)
        found.append(
            replace(
                base,
                code=f"{base.code}{turn + 1}" if turn else base.code,
                number=base.number.replace(base.code, f"{base.code}{turn + 1}")
                if turn
                else base.number,
                light_deg=base.light_deg + 14 * float(change[0]),
                warmth=float(np.clip(base.warmth + 0.08 * change[1] + 0.2 * (turn % 2), -1, 1)),
                uneven=float(np.clip(base.uneven * (1 + 0.2 * change[2]), 0.03, 0.4)),
            )
        )
    return tuple(found)
