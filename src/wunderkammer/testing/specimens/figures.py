"""Puts one specimen on a canvas, whatever its kind, fitted to a stage."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from wunderkammer.testing.specimens import beetles, faults, herbarium, leaves, lepidoptera
from wunderkammer.testing.specimens.canvas import Canvas
from wunderkammer.testing.specimens.geometry import Pose
from wunderkammer.testing.specimens.taxonomy import Taxon

Stage = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

WING_PX, BEETLE_PX, LEAF_PX, HERB_PX = 0.36, 0.27, 0.62, 0.24
"""Resolution of painted parts, as shares of the image's longer side a unit."""

MM = {"butterfly": 40.0, "moth": 32.0, "beetle": 13.0, "leaf": 78.0, "herbarium": 260.0}
"""What a unit measures in nature."""


class Subject(Protocol):
    """What a figure needs to know of a specimen."""

    @property
    def kind(self) -> str:
        """Kind of the drawing, such as ``"moth"``."""

    @property
    def taxon(self) -> Taxon:
        """Species."""

    @property
    def sex(self) -> str:
        """Male, female or empty."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What it has lost."""

    @property
    def index(self) -> int:
        """Number of the specimen: views of one share its posture."""


@dataclass(frozen=True)
class Figure:
    """What was drawn: scale, place of the pin, how many figures, their titles."""

    px_per_mm: float
    pin_at: tuple[float, float] | None
    count: int
    titles: tuple[str, ...]


Placing = tuple[Stage, float, np.random.Generator]


def figure(canvas: Canvas, who: Subject, view: str, placing: Placing) -> Figure:
    """Draw a specimen turned and fitted to a stage.

    Parameters
    ----------
    canvas : Canvas
        Where to draw.
    who : Subject
        Kind, species, sex, losses.
    view : str
        Dorsal, ventral or upper.
    placing : tuple
        The stage in pixels, the turn in degrees counter-clockwise, and the
        generator of what differs from photograph to photograph.
    """
    makers = {"beetle": _beetle, "leaf": _leaf, "herbarium": _herbarium}
    return makers.get(who.kind, _lepidopteran)(canvas, who, view, placing)


def _fit(size: tuple[float, float], placing: Placing, at_most: float = math.inf) -> Pose:
    """Return the pose that fits a box of ``size`` units, centred at the origin, to the stage."""
    (x0, y0, x1, y1), angle_deg, rng = placing
    c, s = abs(math.cos(math.radians(angle_deg))), abs(math.sin(math.radians(angle_deg)))
    wide, tall = size[0] * c + size[1] * s, size[0] * s + size[1] * c
    scale = min((x1 - x0) / wide, (y1 - y0) / tall, at_most) * float(rng.uniform(0.86, 0.97))
    free = ((x1 - x0) - wide * scale, (y1 - y0) - tall * scale)
    x = (x0 + x1) / 2 + free[0] * float(np.clip(rng.normal(0, 0.12), -0.4, 0.4))
    y = (y0 + y1) / 2 + free[1] * float(np.clip(rng.normal(0, 0.12), -0.4, 0.4))
    return Pose().scaled(scale).turned(angle_deg).moved(x, y)


def _posture(who: Subject) -> np.random.Generator:
    """Return the generator of a specimen's posture, the same for all its views."""
    return np.random.default_rng([who.index, len(who.taxon.genus), 3])


def _longer(canvas: Canvas) -> int:
    """Return the longer side of the canvas."""
    return int(max(canvas.rgba.shape[:2]))


def _lepidopteran(canvas: Canvas, who: Subject, view: str, placing: Placing) -> Figure:
    """Draw a butterfly or moth."""
    parts = lepidoptera.spread(who.taxon, who.sex, view, round(WING_PX * _longer(canvas), 1))
    top = min(
        parts.top, -0.2 * parts.look.number["body_length"] - parts.look.number["antenna"] * 0.72
    )
    size = (2 * parts.half_span, parts.bottom - top)
    largest = 0.5 * _longer(canvas) * parts.look.number["size"]
    pose = _fit(size, placing, largest)
    pose = pose.after(Pose().moved(0, -(parts.bottom + top) / 2))
    missing = who.missing
    setting = lepidoptera.set_wings(_posture(who), missing)
    if view == "ventral":
        pose = pose.after(Pose().mirrored())
    lepidoptera.draw(canvas, parts, setting, pose)
    pin = pose.apply([[0.0, 0.06 * parts.look.number["body_length"]]])[0]
    return Figure(
        pose.scale / MM[who.taxon.group], (float(pin[0]), float(pin[1])), 1, (who.taxon.name,)
    )


def _beetle(canvas: Canvas, who: Subject, view: str, placing: Placing) -> Figure:
    """Draw a beetle."""
    parts = beetles.beetle(who.taxon, who.sex, view, round(BEETLE_PX * _longer(canvas), 1))
    n = parts.look.number
    top = min(parts.top, beetles.reach_up(parts.look) - 0.06)
    bottom = 1.12
    size = (2 * parts.half_span, bottom - top)
    pose = _fit(size, placing, 0.36 * _longer(canvas) * n["size"])
    pose = pose.after(Pose().moved(0, -(bottom + top) / 2))
    stance = beetles.stand(_posture(who), who.missing)
    if view == "ventral":
        pose = pose.after(Pose().mirrored())
    beetles.draw(canvas, parts, stance, pose)
    pin = pose.apply([[n["width"] * 0.42, 0.08]])[0]
    return Figure(pose.scale / MM["beetle"], (float(pin[0]), float(pin[1])), 1, (who.taxon.name,))


def _leaf(canvas: Canvas, who: Subject, view: str, placing: Placing) -> Figure:
    """Draw a single leaf, fresh or in autumn colours."""
    del view
    n = leaves.look(who.taxon).number
    posture = _posture(who)
    state = "autumn" if posture.random() < n["autumn"] else "fresh"
    blade = leaves.leaf(who.taxon, state, round(LEAF_PX * _longer(canvas), 1))
    scale = blade.px_per_unit
    left, top = -blade.origin[0] / scale, -blade.origin[1] / scale
    wide, tall = blade.rgba.shape[1] / scale, blade.rgba.shape[0] / scale
    pose = _fit((wide, tall), placing).after(Pose().moved(-(left + wide / 2), -(top + tall / 2)))
    if posture.random() < 0.5:
        pose = pose.after(Pose().moved(-(2 * left + wide), 0).mirrored())
    canvas.stamp(blade, pose)
    if who.missing:
        x0, y0, x1, y1 = placing[0]
        faults.tear(canvas, posture, (x0, y0, x1, y1))
    elif posture.random() < 0.35:
        faults.gnaw(canvas, posture, _longer(canvas) * 0.012)
    return Figure(pose.scale / MM["leaf"], None, 1, (who.taxon.name,))


def _herbarium(canvas: Canvas, who: Subject, view: str, placing: Placing) -> Figure:
    """Draw a pressed plant."""
    del view
    pose = _fit((1.04, 1.6), placing)
    herbarium.draw(canvas, who.taxon, _posture(who), pose, round(HERB_PX * _longer(canvas), 1))
    return Figure(pose.scale / MM["herbarium"], None, 1, (who.taxon.name,))
