"""Beetles: glossy, furrowed, spotted, with legs and antennae set out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from wunderkammer.testing.specimens.beetle_paint import paint_body
from wunderkammer.testing.specimens.beetle_plans import BeetleLook, look
from wunderkammer.testing.specimens.canvas import (
    Canvas,
    Sprite,
    mix,
    shade,
)
from wunderkammer.testing.specimens.geometry import Points, Pose, ribbon, spline
from wunderkammer.testing.specimens.taxonomy import Taxon

LEGS = tuple(f"{side} {row}leg" for row in ("fore", "mid", "hind") for side in ("left", "right"))


@dataclass(frozen=True)
class BeetleParts:
    """The painted body, and what is drawn anew for each individual."""

    look: BeetleLook
    body: Sprite
    half_span: float
    top: float


@lru_cache(maxsize=128)
def beetle(taxon: Taxon, sex: str, side: str, px_per_unit: float) -> BeetleParts:
    """Return the painted body of a beetle; unit: half its length."""
    seen = look(taxon, sex)
    n = seen.number
    front = n["head_top"] - max(n["jaws"], n["horn"], n["snout"])
    half = max(n["width"], 0.3) + n["leg"] * 0.9
    return BeetleParts(seen, paint_body(seen, side, px_per_unit), half, front)


@dataclass(frozen=True)
class Stance:
    """How the legs and antennae of one individual were set out, and what is lost."""

    bends_deg: tuple[float, ...]
    feelers_deg: tuple[float, float]
    missing: tuple[str, ...]


def stand(rng: np.random.Generator, missing: tuple[str, ...]) -> Stance:
    """Return a stance drawn at random."""
    bends, feelers = rng.normal(0, 7, 6), rng.normal(0, 6, 2)
    return Stance(tuple(float(b) for b in bends), (float(feelers[0]), float(feelers[1])), missing)


def draw(canvas: Canvas, parts: BeetleParts, stance: Stance, pose: Pose) -> None:
    """Draw a beetle whose middle lies at the origin of ``pose``."""
    for k, name in enumerate(LEGS):
        if name not in stance.missing:
            _leg(canvas, parts.look, k, stance.bends_deg[k], pose)
    for side in (0, 1):
        _antenna(canvas, parts.look, side, stance.feelers_deg[side], pose)
    _jaws(canvas, parts.look, pose)
    canvas.stamp(parts.body, pose)
    if parts.look.number["horn"] > 0.12:
        _horn(canvas, parts.look, pose)


def _leg(canvas: Canvas, seen: BeetleLook, k: int, bend: float, pose: Pose) -> None:
    """Draw thigh, shin and foot of one leg."""
    n, tone = seen.number, seen.palette["legs"]
    row, sign = k // 2, -1.0 if k % 2 == 0 else 1.0
    root_y = (n["neck"] - 0.14, n["neck"] + 0.14, n["neck"] + 0.4)[row]
    aim = np.radians((48, -4, -42)[row] + bend * 0.5)
    knee = np.radians((66, -42, -74)[row] + bend)
    reach = n["leg"] * (0.86, 0.92, 1.12)[row]
    root = np.array([n["width"] * 0.42, root_y])
    thigh = root + np.array([np.cos(aim), -np.sin(aim)]) * (reach * 0.42 + n["width"] * 0.34)
    shin = thigh + np.array([np.cos(knee), -np.sin(knee)]) * reach * 0.46
    toe = np.radians((50, -60, -62)[row] + bend * 1.6)
    foot = shin + np.array([np.cos(toe), -np.sin(toe)]) * reach * 0.34
    place = pose.after(Pose().scaled(sign, 1))
    t = np.linspace(0, 1, 12)
    fat = n["thigh"] * (0.55 + 0.7 * np.sin(np.pi * t**0.8))
    canvas.fill(place.apply(ribbon(spline([root, (root + thigh) / 2, thigh], 12), fat)), tone)
    slim = n["thigh"] * (0.42 + 0.25 * t)
    canvas.fill(place.apply(ribbon(np.linspace(thigh, shin, 12), slim)), shade(tone, 0.92))
    beads = np.linspace(shin, foot, 6)
    canvas.stroke(
        [place.apply(beads)], shade(tone, 0.8), max(1, round(n["thigh"] * 0.26 * pose.scale))
    )
    for bead in beads:
        canvas.dot(place.apply(bead[None])[0], n["thigh"] * 0.24 * pose.scale, shade(tone, 0.85))
    claw = foot + (foot - shin) * 0.16
    width = max(1, round(pose.scale * 0.008))
    spread = np.array([(foot - shin)[1], -(foot - shin)[0]]) * 0.12
    canvas.stroke(
        [place.apply(np.stack([foot, end])) for end in (claw + spread, claw - spread)],
        shade(tone, 0.7), width,
    )  # fmt: skip
    light = place.apply(spline([root, (root + thigh) / 2, thigh], 8) - [0, n["thigh"] * 0.16])
    canvas.stroke([light[2:7]], mix(tone, (255, 250, 240), 0.28), width)


def _antenna(canvas: Canvas, seen: BeetleLook, side: int, swing: float, pose: Pose) -> None:
    """Draw one antenna in the manner of the family."""
    n, kind = seen.number, seen.plan.antenna
    tone = mix(seen.palette["legs"], (20, 16, 14), 0.25)
    sign = -1.0 if side == 0 else 1.0
    place = pose.after(Pose().scaled(sign, 1))
    root = np.array([n["width"] * n["head_wide"] * 0.62, n["head_top"] * 0.94])
    if kind == "elbow" and n["snout"] > 0:
        root = np.array([0.04, n["head_top"] - n["snout"] * 0.5])
    line = _feeler(root, n["antenna"], kind, swing)
    width = max(1, round(pose.scale * (0.022 if kind == "bead" else 0.016)))
    canvas.stroke([place.apply(line)], tone, width)
    if kind == "bead":
        for bead in place.apply(line[3::5]):
            canvas.dot(bead, pose.scale * 0.02, shade(tone, 0.8))
    if kind in {"club", "elbow"}:
        canvas.fill(place.apply(ribbon(line[-6:], [0.02, 0.05, 0.06, 0.06, 0.05, 0.02])), tone)
    if kind == "saw":
        teeth = [np.stack([p, p + np.array([0.03, 0.01])]) for p in line[4::2]]
        canvas.stroke([place.apply(tooth) for tooth in teeth], tone, width)
    if kind == "fan":
        end, way = line[-1], line[-1] - line[-4]
        for turn in (-0.5, -0.15, 0.2):
            c, s = np.cos(turn), np.sin(turn)
            plate = np.stack([end, end + np.array([[c, -s], [s, c]]) @ way * 1.6])
            canvas.stroke([place.apply(plate)], shade(tone, 1.2), max(2, round(pose.scale * 0.028)))


def _feeler(root: Points, length: float, kind: str, swing: float) -> Points:
    """Return the line of a right antenna."""
    t = np.linspace(0, 1, 40)[:, None]
    first = np.radians(58 + swing)
    out = root + np.array([np.cos(first), -np.sin(first)]) * length * 0.4
    if kind == "elbow":
        second = np.radians(88 + swing)
        tip = out + np.array([np.cos(second), -np.sin(second)]) * length * 0.6
        return spline([root, out, tip], 40)
    bow = np.radians((8 if kind == "bead" else 30) + swing)
    tip = out + np.array([np.cos(bow), -np.sin(bow) * 0.6]) * length * 0.62
    if kind == "bead":
        tip = out + np.array([0.36, 0.36]) * length
        out = out + np.array([0.05, -0.06]) * length
    return np.asarray((1 - t) ** 2 * root + 2 * t * (1 - t) * out + t**2 * tip)


def reach_up(seen: BeetleLook) -> float:
    """Return how far (y) antennae and forelegs reach before the head."""
    n = seen.number
    kind = seen.plan.antenna
    root = np.array([0.0, n["head_top"] - (n["snout"] * 0.5 if kind == "elbow" else 0)])
    feeler = float(_feeler(root, n["antenna"], kind, 8.0)[:, 1].min())
    return min(feeler, n["neck"] - 0.14 - n["leg"] * 1.3)


def _jaws(canvas: Canvas, seen: BeetleLook, pose: Pose) -> None:
    """Draw mandibles, or the snout."""
    n = seen.number
    tone = mix(seen.palette["shield"], (18, 12, 10), 0.35)
    top = n["head_top"]
    if n["snout"] > 0:
        line = np.array([[0, top + 0.1], [0, top - n["snout"] * 0.6], [0, top - n["snout"]]])
        canvas.fill(pose.apply(ribbon(spline(line, 14), np.linspace(0.15, 0.11, 14))), tone)
        return
    size, wide = n["jaws"], n["width"] * n["head_wide"]
    for sign in (-1.0, 1.0):
        place = pose.after(Pose().scaled(sign, 1))
        bow, tip = [wide * 0.45 + size * 0.42, top - size * 0.5], [wide * 0.14, top - size]
        knots = np.array([[wide * 0.45, top + 0.06], bow, tip])
        line = spline(knots, 20)
        canvas.fill(
            place.apply(ribbon(line, np.linspace(0.5, 0.08, 20) * max(size * 0.34, 0.07))), tone
        )
        if size > 0.2:
            for at, reach in ((11, 0.16), (15, 0.1)):
                tooth = np.array([line[at], line[at] + [-reach * 0.8, -reach * 0.5]])
                canvas.fill(place.apply(ribbon(spline(tooth, 8), np.linspace(0.07, 0.01, 8))), tone)
            canvas.stroke(
                [place.apply(line[3:14] + np.array([0.012, 0]))], mix(tone, (255, 240, 230), 0.3), 1
            )


def _horn(canvas: Canvas, seen: BeetleLook, pose: Pose) -> None:
    """Draw the horn of a rhinoceros beetle, over head and shield."""
    n, tone = seen.number, shade(seen.palette["shield"], 0.9)
    top = n["head_top"]
    line = spline([[0, top + 0.16], [0.0, top - 0.1], [0.0, top - n["horn"]]], 20)
    canvas.fill(pose.apply(ribbon(line, np.linspace(0.2, 0.05, 20))), tone)
    for sign in (-1, 1):
        fork = spline([[0, top - n["horn"] + 0.05], [sign * 0.07, top - n["horn"] - 0.07]], 8)
        canvas.fill(pose.apply(ribbon(fork, np.linspace(0.06, 0.015, 8))), tone)
    glint = pose.apply(line[3:17] - [0.025, 0])
    canvas.stroke([glint], mix(tone, (255, 245, 235), 0.4), max(1, round(pose.scale * 0.012)))
