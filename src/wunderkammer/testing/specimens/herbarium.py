"""Pressed plants: a stem that branches, leaves set along it, flowers at the ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wunderkammer.testing.specimens import leaves
from wunderkammer.testing.specimens.canvas import Canvas, Colour, Sprite, mix, shade
from wunderkammer.testing.specimens.geometry import Points, Pose, ellipse, ribbon, spline
from wunderkammer.testing.specimens.taxonomy import Taxon


@dataclass(frozen=True)
class Shoot:
    """One axis of a plant: its line and the width at its foot."""

    line: Points
    width: float
    depth: int


def draw(
    canvas: Canvas, taxon: Taxon, rng: np.random.Generator, pose: Pose, px_per_unit: float
) -> None:
    """Draw a pressed plant; it fills about [-0.5, 0.5] x [-0.75, 0.75] of ``pose``."""
    seen = leaves.look(taxon)
    blade = leaves.leaf(taxon, "pressed", px_per_unit)
    stem = mix(seen.blade, (96, 72, 44), 0.72) * 0.8
    shoots = _shoots(seen, rng)
    for shoot in reversed(shoots):
        half = len(shoot.line) // 2
        width = np.linspace(shoot.width, shoot.width * 0.35, len(shoot.line))
        canvas.fill(pose.apply(ribbon(shoot.line, width)), stem)
        light = pose.apply(shoot.line[:half] - [shoot.width * 0.2, 0])
        canvas.stroke([light], mix(stem, (220, 200, 160), 0.25))
        _foliage(canvas, seen, blade, shoot, (rng, pose))
        if seen.number["flowers"] > 0.4:
            _flowers(canvas, seen, shoot.line, rng, pose)
    _roots(canvas, shoots[0], stem, rng, pose)


def _shoots(seen: leaves.LeafLook, rng: np.random.Generator) -> list[Shoot]:
    """Return the main axis and its branches."""
    n = seen.number
    bend = n["bend"] * float(rng.choice([-1.0, 1.0])) * float(rng.uniform(0.5, 1.2))
    lean = float(rng.normal(0, 0.05))
    knots = [[-lean, 0.7], [bend * 0.6, 0.25], [bend * 0.35, -0.2], [lean - bend * 0.3, -0.58]]
    main = Shoot(spline(knots, 90), 0.014, 0)
    shoots = [main]
    count = round(n["branches"] + float(rng.normal(0, 0.4)))
    for k in range(max(count, 0)):
        at = int(90 * (0.28 + 0.42 * k / max(count, 1) + float(rng.uniform(0, 0.06))))
        sign = 1 if k % 2 else -1
        root = main.line[at]
        reach = float(rng.uniform(0.3, 0.42)) * (1 - 0.2 * k / max(count, 1))
        way = np.array([sign * 0.62, -0.78]) * reach
        middle = root + way * 0.5 + [sign * 0.03, 0.02]
        shoots.append(Shoot(spline([root, middle, root + way + [0, -0.03]], 50), 0.008, 1))
    return shoots


def _foliage(
    canvas: Canvas,
    seen: leaves.LeafLook,
    blade: Sprite,
    shoot: Shoot,
    how: tuple[np.random.Generator, Pose],
) -> None:
    """Draw the leaves of one shoot, the lowest last but one beneath the next."""
    rng, pose = how
    n = seen.number
    count = max(3, round(n["nodes"] * (1.0 if shoot.depth == 0 else 0.55)))
    opposite = n["opposite"] > 0.5
    first = 0.3 if shoot.depth == 0 else 0.25
    for k in range(count):
        share = first + (0.98 - first) * k / (count - 1)
        at = int(share * (len(shoot.line) - 1))
        way = shoot.line[min(at + 2, len(shoot.line) - 1)] - shoot.line[max(at - 2, 0)]
        heading = np.degrees(np.arctan2(-way[1], way[0])) - 90
        sides = (-1, 1) if opposite else (1 if k % 2 else -1,)
        for sign in sides:
            size = n["leaf_size"] * (1.05 - 0.45 * share**2) * float(rng.uniform(0.82, 1.12))
            size *= 0.85 if shoot.depth else 1.0
            last = k == count - 1
            turn = heading - sign * (n["leaf_deg"] * (0.3 if last else 1) + float(rng.normal(0, 9)))
            flat = Pose().scaled(
                float(rng.choice([-1, 1])) * size * float(rng.uniform(0.86, 1)), size
            )
            place = flat.turned(turn).moved(*shoot.line[at])
            if rng.random() < 0.06:
                continue
            canvas.stamp(blade, pose.after(place))


def _flowers(
    canvas: Canvas, seen: leaves.LeafLook, line: Points, rng: np.random.Generator, pose: Pose
) -> None:
    """Draw an umbel or a spike of small flowers at the end of a shoot."""
    n = seen.number
    tip, way = line[-1], line[-1] - line[-6]
    way = way / np.hypot(*way)
    petal = mix(seen.flower, (190, 150, 90), 0.3)
    umbel = n["umbel"] > 0.5
    for k in range(16 if umbel else 12):
        if umbel:
            turn = np.radians(float(rng.uniform(-70, 70)))
            c, s = np.cos(turn), np.sin(turn)
            out = np.array([way[0] * c - way[1] * s, way[0] * s + way[1] * c])
            at = tip + out * float(rng.uniform(0.06, 0.1))
            canvas.stroke([pose.apply(np.stack([tip, at]))], mix(seen.blade, (110, 90, 50), 0.5))
        else:
            at = tip + way * (0.012 * k) + rng.normal(0, 0.008, 2)
        _flower(
            canvas,
            pose.apply(at[None])[0],
            n["flower_size"] * pose.scale,
            (petal, float(rng.uniform(0, 6))),
        )


def _flower(canvas: Canvas, at: Points, size: float, dress: tuple[Colour, float]) -> None:
    """Draw five petals and an eye."""
    petal, turn = dress
    for k in range(5):
        angle = turn + k * 2 * np.pi / 5
        spot = at + np.array([np.cos(angle), np.sin(angle)]) * size * 0.55
        canvas.fill(ellipse(spot, (size * 0.46, size * 0.46), 12), shade(petal, 0.86 + 0.05 * k))
    canvas.dot(at, size * 0.28, (168, 128, 48))


def _roots(
    canvas: Canvas, shoot: Shoot, tone: Colour, rng: np.random.Generator, pose: Pose
) -> None:
    """Draw a cut end, or a tuft of roots."""
    foot = shoot.line[0]
    if rng.random() < 0.5:
        return
    for _ in range(14):
        steps = np.cumsum(rng.normal([0, 0.016], [0.012, 0.006], (6, 2)), axis=0)
        canvas.stroke(
            [pose.apply(spline(np.concatenate([foot[None], foot + steps]), 16))], shade(tone, 0.9)
        )
