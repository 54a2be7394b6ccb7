"""Ground plans of wings: the ranges within which families, genera and species vary.

A plan is data. Every number is a range from which a lineage inherits its value;
what a plan does not name has the range in ``DEFAULTS``. Lengths are in units of
the forewing's length, strengths run from 0 (absent) to 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wunderkammer.testing.specimens.canvas import Colour

Range = tuple[float, float]

SLOTS = ("base", "ground", "dark", "band", "accent", "pale", "under", "body")
"""What the eight colours of a palette are for, in order."""

DEFAULTS: dict[str, Range] = {
    # outline of the forewing
    "apex_deg": (33, 39), "tornus_deg": (-7, -1), "tornus_length": (0.66, 0.76),
    "costa": (0.09, 0.13), "falcate": (-0.05, 0.03), "termen": (0.04, 0.12),
    "inner": (-0.03, 0.02), "apex_round": (8, 12), "hind_round": (11, 16),
    # outline of the hindwing
    "hind_length": (0.74, 0.8), "hind_width": (0.9, 1.0), "hind_apex_deg": (-9, -2),
    "hind_anal_deg": (-84, -78), "hind_anal": (0.8, 0.92), "hind_bulge": (1.0, 1.06),
    "scallop": (0, 0), "tail": (0, 0), "tail_width": (0.04, 0.05), "tail_at": (3.6, 4.4),
    "clubbed": (0, 0), "n_cells": (7.2, 7.8),
    # pattern: both wings
    "suffusion": (0.2, 0.5), "suffusion_reach": (0.25, 0.4), "streaks": (0.08, 0.16),
    "mottle": (0.02, 0.06), "vein_dark": (0.2, 0.4), "vein_width": (0.003, 0.005),
    "rib": (0.05, 0.09), "sheen": (0, 0), "fringe": (0.2, 0.5), "gradient": (0.3, 0.7),
    # pattern of the forewing
    "fore_margin": (0.03, 0.05), "fore_spots": (0, 0), "fore_spot_size": (0.014, 0.02),
    "apex_patch": (0, 0), "apex_reach": (0.62, 0.72), "tip": (0, 0),
    "fore_band": (0, 0), "fore_band_at": (0.55, 0.65), "fore_band_width": (0.06, 0.1),
    "fore_band_lean": (-0.1, 0.1), "fore_eyes": (0, 0), "fore_eye_size": (0.04, 0.06),
    "fore_bars": (0, 0), "fore_cells": (0, 0), "lines": (0, 0), "zigzag": (0.01, 0.03),
    "kidney": (0, 0), "blotches": (0, 0), "costa_line": (0, 0), "discal_eye": (0, 0),
    "line_dark": (0.55, 0.75), "spangles": (0, 0),
    # pattern of the hindwing
    "hind_margin": (0.03, 0.05), "hind_spots": (0, 0), "hind_spot_size": (0.014, 0.02),
    "lunules": (0, 0), "lunule_at": (0.1, 0.13), "hind_band": (0, 0),
    "hind_band_at": (0.5, 0.62), "hind_band_width": (0.06, 0.1), "hind_eyes": (0, 0),
    "hind_eye_size": (0.04, 0.06), "hind_cells": (0, 0), "hind_lines": (0, 0),
    "hind_flash": (0, 0), "hind_dots": (0, 0), "rays": (0, 0), "hind_discal_eye": (0, 0),
    # body
    "body_length": (0.7, 0.8), "body_width": (0.12, 0.15), "rings": (0.1, 0.3), "fur": (0.4, 0.6),
    "antenna": (0.48, 0.56), "size": (0.9, 1.0),
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """A way to be a butterfly or a moth.

    Parameters
    ----------
    name : str
        What it reminds of.
    palettes : tuple of str
        Eight hexadecimal colours each, in the order of ``SLOTS``.
    ranges : dict
        The numbers that differ from ``DEFAULTS``.
    antenna : str
        ``club``, ``thread`` or ``feather``.
    """

    name: str
    palettes: tuple[str, ...]
    ranges: dict[str, Range] = field(default_factory=dict)
    antenna: str = "club"


@dataclass(frozen=True)
class Look:
    """All that the lineage of one species says about its wings and body."""

    plan: Plan
    number: dict[str, float]
    palette: dict[str, Colour]
