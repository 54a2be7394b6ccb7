"""The ground plans of beetles, and what a lineage makes of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from wunderkammer.testing.specimens.canvas import (
    Colour,
    colour,
    mix,
)
from wunderkammer.testing.specimens.taxonomy import Taxon

Range = tuple[float, float]

SLOTS = ("elytra", "sheen", "marks", "shield", "legs")

DEFAULTS: dict[str, Range] = {
    "width": (0.4, 0.46), "shoulder": (0.74, 0.84), "widest": (0.4, 0.55), "taper": (0.5, 0.62),
    "neck": (-0.2, -0.16), "shield_top": (-0.56, -0.5), "shield_wide": (0.78, 0.86),
    "shield_front": (0.6, 0.7), "head_wide": (0.42, 0.5), "head_top": (-0.76, -0.7),
    "jaws": (0.06, 0.1), "horn": (0, 0), "snout": (0, 0), "striae": (0, 0), "pits": (0, 0.2),
    "gloss": (0.7, 1), "iridescence": (0, 0.2), "spots": (0, 0), "bands": (0, 0),
    "stripes": (0, 0), "rim": (0, 0), "round": (0.1, 0.2), "specks": (0, 0), "leg": (0.5, 0.58),
    "thigh": (0.06, 0.08),
    "antenna": (0.36, 0.44), "size": (0.84, 0.94),
}  # fmt: skip


@dataclass(frozen=True)
class BeetlePlan:
    """A way to be a beetle; see :class:`~.plans.Plan`."""

    name: str
    palettes: tuple[str, ...]
    ranges: dict[str, Range] = field(default_factory=dict)
    antenna: str = "thread"


PLANS = (
    BeetlePlan(
        "chafer",
        (
            "2f8f4e 8fd24a e8e2b8 2a7f5a 1f4a34", "a86a24 e0a24a 3a2410 7a4a1c 4a2c14",
            "7a2f6a c84a8a e8d0b8 5a3a7a 2f1c34", "b8912c f0d860 4a3812 a8842a 6a4c1a",
        ),
        {
            "width": (0.5, 0.56), "shoulder": (0.86, 0.94), "taper": (0.72, 0.8),
            "striae": (0, 0.3), "iridescence": (0.7, 1), "specks": (0, 1), "leg": (0.46, 0.54),
            "round": (0.3, 0.5),
            "thigh": (0.09, 0.11), "antenna": (0.2, 0.24), "shield_wide": (0.84, 0.92),
        },
        "fan",
    ),
    BeetlePlan(
        "ground",
        (
            "1d1b22 4a3a6a 2a2a2a 1a1820 16141a", "5a3f1e b0823a 2a1c0c 4a3418 2c1e10",
            "1f4a3c 4aa07a 101c18 c06a3a 1a1614", "2a2f4a 5a78c0 14161f 26304a 14141c",
        ),
        {
            "width": (0.34, 0.38), "shoulder": (0.6, 0.7), "widest": (0.55, 0.65),
            "striae": (0.9, 1),
            "taper": (0.46, 0.56), "shield_wide": (0.66, 0.76), "rim": (0.7, 1), "pits": (0.4, 1),
            "leg": (0.66, 0.74), "thigh": (0.055, 0.07), "antenna": (0.56, 0.66),
            "jaws": (0.1, 0.14), "neck": (-0.22, -0.18),
        },
    ),
    BeetlePlan(
        "longhorn",
        (
            "3a6a8a 8fb8cc 14181c 4a7a98 4a6a80", "d8a838 f0cc70 1a1410 2a2018 a87a30",
            "8a2a24 c8503a 181010 6a1c1c 2a1614", "5a5248 9a9080 ddd4c0 5a5044 4a443a",
        ),
        {
            "width": (0.27, 0.31), "shoulder": (0.94, 1.0), "widest": (0.05, 0.15),
            "taper": (0.6, 0.72), "shield_wide": (0.66, 0.76), "shield_front": (0.56, 0.64),
            "spots": (0, 1), "bands": (0, 1), "gloss": (0.35, 0.6), "pits": (0.3, 0.6),
            "leg": (0.62, 0.72), "thigh": (0.055, 0.07), "antenna": (1.25, 1.7),
            "size": (0.7, 0.78),
        },
        "bead",
    ),
    BeetlePlan(
        "jewel",
        (
            "1f7a4a 7ae06a c8502a 2a9a6a 2a6a4a", "2a4aa8 4ad0d8 7a2a8a 2a6ac0 24407a",
            "a83a24 f0a03a 1f7a5a c0502c 7a3020", "1c6a70 e0c84a a83a5a 2a8a80 1c4a50",
        ),
        {
            "width": (0.32, 0.37), "shoulder": (0.92, 1.0), "widest": (0.08, 0.2),
            "taper": (0.2, 0.3),
            "shield_wide": (0.88, 0.96), "shield_front": (0.66, 0.74), "striae": (0.4, 0.8),
            "iridescence": (0.9, 1), "stripes": (0, 1), "spots": (0, 0.8), "leg": (0.38, 0.46),
            "antenna": (0.28, 0.34), "head_wide": (0.58, 0.66), "head_top": (-0.7, -0.66),
        },
        "saw",
    ),
    BeetlePlan(
        "ladybird",
        (
            "c8281c e8502c 14100f 161212 1a1414", "e8a024 f4c050 1a1410 f0e2c0 2a2014",
            "1a1616 2e2826 d8301c 181414 181414", "f0e0a8 faf0cc 2a2018 e8d498 5a4a30",
        ),
        {
            "width": (0.68, 0.76), "shoulder": (0.8, 0.88), "widest": (0.4, 0.5),
            "taper": (0.72, 0.82),
            "shield_wide": (0.66, 0.74), "shield_front": (0.52, 0.6), "neck": (-0.4, -0.36),
            "shield_top": (-0.68, -0.62), "head_top": (-0.82, -0.78), "head_wide": (0.28, 0.34),
            "spots": (1, 1), "round": (0.8, 0.95), "gloss": (0.95, 1), "leg": (0.4, 0.46),
            "antenna": (0.2, 0.24),
            "size": (0.66, 0.74),
        },
        "club",
    ),
    BeetlePlan(
        "stag",
        (
            "4a2418 7a4028 2a1410 2a1814 201210", "1c1a1a 3c3432 3a2a24 181616 161414",
            "7a4a1c b8803a 3a2410 5a3816 3a2410", "2a3020 5a6a3a 1a1c14 242a1c 1c2016",
        ),
        {
            "width": (0.38, 0.43), "shoulder": (0.9, 0.97), "taper": (0.56, 0.66),
            "jaws": (0.42, 0.6),
            "head_wide": (0.74, 0.86), "shield_wide": (0.88, 0.98), "shield_front": (0.84, 0.92),
            "neck": (-0.12, -0.08), "shield_top": (-0.42, -0.38), "head_top": (-0.66, -0.62),
            "leg": (0.58, 0.66), "antenna": (0.4, 0.46), "striae": (0, 0.3), "size": (0.84, 0.92),
        },
        "elbow",
    ),
    BeetlePlan(
        "weevil",
        (
            "4a8a7a 9ad8c0 1a2422 3a7a6c 2a5a50", "6a4a30 a88a60 e0d0a8 5a4028 3a2818",
            "2a2a30 5a5a68 e8e0d0 26262c 202026", "4a7ac0 a0c8f0 161a24 3a64a0 2a4470",
        ),
        {
            "width": (0.42, 0.48), "shoulder": (0.66, 0.78), "widest": (0.45, 0.55),
            "taper": (0.36, 0.46), "shield_wide": (0.56, 0.66), "shield_front": (0.4, 0.48),
            "head_wide": (0.3, 0.36), "head_top": (-0.68, -0.64), "snout": (0.26, 0.4),
            "striae": (0.7, 1), "pits": (0.7, 1), "specks": (0.4, 1), "bands": (0, 1),
            "gloss": (0.3, 0.6), "leg": (0.54, 0.62), "thigh": (0.08, 0.1), "antenna": (0.3, 0.36),
            "size": (0.78, 0.86),
        },
        "elbow",
    ),
    BeetlePlan(
        "rhino",
        (
            "3a1c14 6a3424 1c0e0a 2c1610 24120c", "1c1816 3a322c 100c0a 181412 161210",
            "8a8a4a b8b870 2a2818 1c1a16 1c1a14", "5a2c16 9a5428 2a160c 3c1e10 30180c",
        ),
        {
            "width": (0.5, 0.56), "shoulder": (0.9, 0.97), "taper": (0.7, 0.78), "horn": (0.3, 0.5),
            "shield_wide": (0.92, 1.0), "shield_front": (0.6, 0.7), "neck": (-0.14, -0.1),
            "shield_top": (-0.54, -0.48), "leg": (0.5, 0.58), "thigh": (0.1, 0.12),
            "specks": (0, 1),
            "antenna": (0.2, 0.24), "gloss": (0.9, 1), "size": (0.86, 0.94),
        },
        "fan",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class BeetleLook:
    """All that the lineage of one species and sex says."""

    plan: BeetlePlan
    number: dict[str, float]
    palette: dict[str, Colour]
    n_spots: int


def look(taxon: Taxon, sex: str) -> BeetleLook:
    """Return the traits and colours of one sex of a beetle."""
    line = taxon.lineage
    plan = line.plan(PLANS, taxon.root)
    ranges = DEFAULTS | plan.ranges
    number = {name: line.number(name, low, high) for name, (low, high) in ranges.items()}
    codes = line.choice("palette", plan.palettes).split()
    palette = {slot: colour(code) for slot, code in zip(SLOTS, codes, strict=True)}
    warmth = line.number("warmth", -1, 1, genus=0.3, species=0.16)
    tint = colour("d8843a") if warmth > 0 else colour("3a68a8")
    for slot in ("elytra", "sheen", "shield"):
        palette[slot] = mix(palette[slot], tint, abs(warmth) * 0.14)
    if sex == "female":
        number["jaws"] = min(number["jaws"], 0.07)
        number["horn"] *= 0.15
        number["antenna"] *= 0.72
        number["width"] *= 1.07
    spots = line.choice("spots", (1, 2, 3, 4, 5), level="genus") + line.choice(
        "more", (0, 0, 1), level="species"
    )
    return BeetleLook(plan, number, palette, spots)
