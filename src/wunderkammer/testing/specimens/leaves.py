"""Leaves: outlines with teeth and lobes, nets of veins, living or pressed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from wunderkammer.testing.specimens.canvas import (
    SHIFT,
    Canvas,
    Colour,
    Sprite,
    cloud,
    colour,
    crop_to_alpha,
    fixed,
    mix,
    noise,
    noise_patch,
    premultiplied,
    shade,
)
from wunderkammer.testing.specimens.geometry import Points, Pose, edge, ribbon, spline
from wunderkammer.testing.specimens.taxonomy import Taxon

Field = NDArray[np.float32]
Range = tuple[float, float]

DEFAULTS: dict[str, Range] = {
    "width": (0.24, 0.3), "belly": (0.38, 0.46), "tip": (1.1, 1.5), "heart": (0, 0.02),
    "teeth": (0, 0), "n_teeth": (16, 24), "lobes": (0, 0), "n_lobes": (3.6, 4.4),
    "n_veins": (6.6, 9.4), "vein_deg": (42, 52), "stalk": (0.16, 0.24), "quilt": (0.1, 0.2),
    "gloss": (0.05, 0.2), "leaflets": (0, 0), "spread": (0.6, 0.66), "lobe_depth": (0, 0),
    "autumn": (0, 0.35),
    # the plant that bears them
    "opposite": (0, 1), "leaf_size": (0.25, 0.33), "nodes": (6, 9), "branches": (1, 3.4),
    "leaf_deg": (44, 60), "flowers": (0, 1), "flower_size": (0.012, 0.02), "umbel": (0, 1),
    "bend": (0.05, 0.2),
}  # fmt: skip


@dataclass(frozen=True)
class LeafPlan:
    """A way to be a leaf; see :class:`~.plans.Plan`. Colours: blade, vein, autumn, flower."""

    name: str
    palettes: tuple[str, ...]
    ranges: dict[str, Range] = field(default_factory=dict)


PLANS = (
    LeafPlan(
        "saw",
        ("4f8a3a b8d08a d8a83a f0e6e8", "3a7444 9ac08a c8682c d87a9a"),
        {"teeth": (0.02, 0.03), "width": (0.27, 0.33), "n_veins": (7.6, 10.4)},
    ),
    LeafPlan(
        "palm",
        ("5a8f34 c8d890 d8542a e8d86a", "6a8a3a d0d49a e8a02a c8d060"),
        {
            "lobe_depth": (0.5, 0.72), "spread": (0.6, 0.7), "teeth": (0.015, 0.035),
            "stalk": (0.34, 0.5), "opposite": (0.8, 1), "autumn": (0.1, 0.9),
            "leaf_size": (0.26, 0.32), "nodes": (4, 5.4), "flowers": (0, 0.6),
        },
    ),
    LeafPlan(
        "wave",
        ("4a7a30 a8c47a a8682a b8a050", "5a7434 b0b878 8a5a2a a08a48"),
        {
            "lobes": (0.34, 0.5), "width": (0.3, 0.36), "belly": (0.55, 0.62), "tip": (0.7, 0.9),
            "stalk": (0.05, 0.1), "n_veins": (4.6, 6.4), "opposite": (0, 0.2), "flowers": (0, 0.3),
        },
    ),
    LeafPlan(
        "willow",
        ("6a9a5a c8dcb0 d8c04a e8e4c0", "7a9a72 d0dcc4 c8b05a d0c8e8"),
        {
            "width": (0.09, 0.13), "belly": (0.42, 0.5), "tip": (1.4, 1.8), "n_veins": (11, 15),
            "teeth": (0, 0.006), "leaf_size": (0.24, 0.3), "nodes": (10, 14), "leaf_deg": (30, 42),
            "opposite": (0, 0.3), "vein_deg": (54, 64),
        },
    ),
    LeafPlan(
        "heart",
        ("5a9440 bcd896 e0bc40 e8e09a", "4a8050 a8cca0 d8a03a c8a8e0"),
        {
            "width": (0.36, 0.44), "belly": (0.28, 0.34), "tip": (1.3, 1.7), "heart": (0.1, 0.15),
            "teeth": (0.008, 0.018), "stalk": (0.3, 0.42), "n_veins": (5.6, 7.4),
            "leaf_size": (0.2, 0.26), "nodes": (5, 7), "vein_deg": (38, 46),
        },
    ),
    LeafPlan(
        "feather",
        ("4f8046 a8c894 d8b04a e8d4dc", "42744a 98bc8c c8643a f4f0d8"),
        {
            "leaflets": (3.6, 6.4), "width": (0.26, 0.36), "teeth": (0, 0.02), "stalk": (0.1, 0.14),
            "leaf_size": (0.34, 0.42), "nodes": (4, 5.6), "leaf_deg": (40, 52),
            "opposite": (0, 0.6),
        },
    ),
    LeafPlan(
        "laurel",
        ("2f6638 88b078 b85a3a fff6f0", "3a6a30 90b070 c87830 e87a8a"),
        {
            "gloss": (0.5, 0.9), "width": (0.2, 0.26), "belly": (0.46, 0.54), "autumn": (0, 0.1),
            "quilt": (0.04, 0.1), "n_veins": (8, 12), "flowers": (0.5, 1),
            "flower_size": (0.02, 0.034),
            "umbel": (0, 0.4), "opposite": (0, 0.3),
        },
    ),
)  # fmt: skip


@dataclass(frozen=True)
class LeafLook:
    """All that the lineage of one species says about its leaves."""

    plan: LeafPlan
    number: dict[str, float]
    blade: Colour
    vein: Colour
    turned: Colour
    flower: Colour


def look(taxon: Taxon) -> LeafLook:
    """Return the traits and colours of a plant species."""
    line = taxon.lineage
    plan = line.plan(PLANS, taxon.root)
    ranges = DEFAULTS | plan.ranges
    number = {name: line.number(name, low, high) for name, (low, high) in ranges.items()}
    codes = line.choice("palette", plan.palettes).split()
    blade, vein, turned, flower = (colour(code) for code in codes)
    depth = line.number("depth", 0.86, 1.12)
    tint = mix(blade, (150, 160, 60), line.number("yellow", 0, 0.3))
    return LeafLook(plan, number, shade(tint, depth), vein, turned, flower)


@lru_cache(maxsize=128)
def leaf(taxon: Taxon, state: str, px_per_unit: float) -> Sprite:
    """Return a painted leaf: tip up, foot of the stalk at the origin, unit its blade's length.

    Parameters
    ----------
    taxon : Taxon
        The species.
    state : str
        ``"fresh"``, ``"autumn"`` or ``"pressed"``.
    px_per_unit : float
        Resolution.
    """
    seen = look(taxon)
    if seen.number["leaflets"] > 1:
        return _compound(seen, state, px_per_unit)
    return _blade(seen, state, px_per_unit, seen.number["stalk"])


def _compound(seen: LeafLook, state: str, px_per_unit: float) -> Sprite:
    """Return a leaf of leaflets on a common stalk."""
    pairs = round(seen.number["leaflets"])
    n_width = seen.number["width"]
    small = _blade(seen, state, px_per_unit * 0.5, 0.04)
    canvas = Canvas(int(px_per_unit * 1.5), int(px_per_unit * 1.3))
    origin = (0.65 * px_per_unit, 1.46 * px_per_unit)
    place = Pose().scaled(px_per_unit).moved(*origin)
    stalk = spline(np.array([[0, 0], [0.015, -0.6], [0, -1.06]]), 20)
    tone = mix(_tones(seen, state)[0], _tones(seen, state)[1], 0.5)
    canvas.fill(place.apply(ribbon(stalk, np.linspace(0.022, 0.01, 20))), tone)
    for k in range(pairs):
        y = -0.26 - 0.74 * k / max(pairs, 1)
        size = min(0.42, 0.42 / (pairs * n_width)) * (
            0.84 + 0.3 * np.sin(np.pi * (k + 0.6) / pairs)
        )
        for sign in (-1, 1):
            pose = Pose().scaled(size).turned(-sign * 62).moved(0, y)
            canvas.stamp(small, place.after(pose))
    canvas.stamp(
        small, place.after(Pose().scaled(min(0.42, 0.4 / (pairs * n_width))).moved(0, -1.04))
    )
    return crop_to_alpha(canvas.rgba, origin, px_per_unit)


def _tones(seen: LeafLook, state: str) -> tuple[Colour, Colour]:
    """Return the colours of blade and veins in a state."""
    if state == "pressed":
        return mix(seen.blade, (112, 98, 58), 0.5) * 0.9, mix(seen.vein, (150, 132, 88), 0.6)
    if state == "autumn":
        return mix(seen.blade, seen.turned, 0.8), mix(seen.vein, seen.turned, 0.35)
    return seen.blade, seen.vein


def _blade(seen: LeafLook, state: str, px_per_unit: float, stalk: float) -> Sprite:
    """Return a simple leaf with its stalk."""
    n = seen.number
    outline, lines = _palmate(n) if n["lobe_depth"] > 0.2 else _simple(n)
    outline, lines = outline - [0, stalk], [line - [0, stalk] for line in lines]
    foot = spline([[0.012, 0], [0.0, -stalk * 0.5], [0, -stalk - 0.02]], 12)
    low = np.minimum(outline.min(axis=0), [-0.04, -1]) - 0.02
    high = np.maximum(outline.max(axis=0), [0.04, 0]) + 0.02
    width, height = np.ceil((high - low) * px_per_unit).astype(int)
    alpha = np.zeros((height, width), np.uint8)
    cv2.fillPoly(alpha, [fixed((outline - low) * px_per_unit)], 255, cv2.LINE_AA, SHIFT)
    rgb = _coloured(
        seen, state, alpha, ([(line - low) * px_per_unit for line in lines], px_per_unit)
    )
    canvas = Canvas(int(height), int(width))
    canvas.rgba[:] = premultiplied(rgb, alpha)
    tone, vein = _tones(seen, state)
    canvas.fill(
        (ribbon(foot, np.linspace(0.024, 0.016, 12)) - low) * px_per_unit, mix(tone, vein, 0.45)
    )
    origin = -low * px_per_unit
    return crop_to_alpha(canvas.rgba, (float(origin[0]), float(origin[1])), px_per_unit)


def _coloured(
    seen: LeafLook, state: str, alpha: NDArray[np.uint8], net: tuple[list[Points], float]
) -> Field:
    """Return the colours of a blade with its veins, quilting and blotches."""
    lines, scale = net
    n = seen.number
    tone, vein = _tones(seen, state)
    free = np.full(alpha.shape, 255, np.uint8)
    cv2.polylines(free, [fixed(line) for line in lines], isClosed=False, color=0, shift=SHIFT)
    away = cv2.distanceTransform(free, cv2.DIST_L2, 3) / np.float32(scale)
    inner = cv2.distanceTransform((alpha > 127).astype(np.uint8), cv2.DIST_L2, 3) / np.float32(
        scale
    )
    rgb = np.empty((*alpha.shape, 3), np.float32)
    rough = noise_patch(cloud(2), alpha.shape, (31, 57))
    net_noise = np.abs(noise_patch(noise(5, 7), alpha.shape, (3, 8)))
    rgb[:] = tone
    if state != "fresh":
        share = np.clip(0.35 + 0.5 * rough + 0.9 * away / 0.06 * 0.3, 0, 1) * 0.5
        other = seen.turned if state == "autumn" else np.array([120, 84, 44], np.float32)
        rgb += (shade(other, 0.85) - rgb) * share[..., None]
    light = 0.9 + n["quilt"] * (np.clip(away / 0.035, 0, 1.4) - 0.5) + 0.06 * rough
    light += 0.05 * (net_noise < 0.1) - 0.1 * np.exp(-((inner / 0.008) ** 2))
    half = np.arange(alpha.shape[1], dtype=np.float32)[None] / np.float32(
        alpha.shape[1]
    ) - np.float32(0.5)
    light = light * (1 - 0.12 * np.sign(half) * (0.5 - np.abs(half)))
    rgb *= light[..., None]
    gloss = (
        np.exp(-(((half + 0.16) / 0.1) ** 2)) * n["gloss"] * (0.0 if state == "pressed" else 0.35)
    )
    rgb += (255 - rgb) * (gloss * (0.6 + 0.4 * rough))[..., None]
    ridge = np.exp(-((away / 0.0045) ** 2)) * 0.8
    rgb += (vein - rgb) * np.clip(ridge, 0, 1)[..., None]
    for line, width in zip(lines[:1], (0.016,), strict=True):
        path = ribbon(line, np.linspace(width, 0.004, len(line)) * scale)
        cv2.fillPoly(rgb, [fixed(path)], [float(c) for c in vein], cv2.LINE_AA, SHIFT)
    return rgb


def _simple(n: dict[str, float]) -> tuple[Points, list[Points]]:
    """Return outline and veins of an undivided or wavy leaf; foot of the blade at the origin."""
    s = np.linspace(0, 1, 160)
    rise, fall = n["belly"], n["tip"]
    power = rise / (1 - rise) * fall
    shape = np.power(s, power * 0.9) * np.power(1 - s, fall)
    half = n["width"] * shape / shape.max()
    if n["lobes"] > 0.1:
        phase = s * round(n["n_lobes"]) - 0.12 * np.sin(s * np.pi)
        half *= (
            1
            - n["lobes"]
            * (0.5 - 0.5 * np.cos(2 * np.pi * phase))
            * np.clip(np.sin(np.pi * s), 0, 1) ** 0.4
        )
    y = -s + n["heart"] * np.exp(-(((s - 0.075) / 0.045) ** 2)) * 1.6
    if n["teeth"] > 0.004:
        saw = np.mod(s * round(n["n_teeth"]), 1.0)
        bite = n["teeth"] * saw * np.clip(np.sin(np.pi * np.clip(s, 0.02, 0.98)), 0, 1) ** 0.5
        half, y = half + bite, y - bite * 0.5
    right = np.stack([half, y], axis=1)
    outline = np.concatenate([right, (right * [-1, 1])[::-1]])
    lines: list[Points] = [np.stack([np.zeros(20), -np.linspace(0, 0.985, 20)], axis=1)]
    for k in range(round(n["n_veins"])):
        at = 0.03 + 0.86 * (k / round(n["n_veins"])) ** 0.92
        rise_ = np.tan(np.radians(90 - n["vein_deg"])) * 0.95
        end = at + rise_ * np.interp(min(at + 0.12, 1), s, half)
        reach = np.interp(min(end, 1.0), s, half) * (0.97 if end < 0.97 else 0.4)
        curve = edge([0, -at], [reach, -min(end, 0.985)], -0.12, 14)
        lines += [curve, curve * [-1, 1]]
    return outline, lines


def _palmate(n: dict[str, float]) -> tuple[Points, list[Points]]:
    """Return outline and veins of a lobed leaf such as a maple's."""
    tips_deg = (90.0, 38.0, 142.0, -14.0, 194.0)
    reach = (0.68, 0.62, 0.62, 0.42, 0.42)
    angle = np.radians(np.linspace(-62, 242, 480))
    radius = np.full(480, 0.16)
    sharp = 0.46 + 0.3 * (1 - n["lobe_depth"])
    for tip, long in zip(np.radians(tips_deg), reach, strict=True):
        off = np.abs(angle - tip) / sharp
        radius = np.maximum(radius, long * np.clip(1 - off, 0, 1) ** 0.62)
        side = np.abs(np.abs(angle - tip) - 0.16) / 0.09
        radius = np.maximum(radius, long * 0.8 * np.clip(1 - side, 0, 1) ** 0.5 * (long > 0.5))
    floor = (1 - n["lobe_depth"]) * 0.62
    radius = np.maximum(radius, floor * (0.75 + 0.25 * np.cos(angle - np.pi / 2)))
    saw = np.mod(np.arange(480) / 480 * 46, 1.0)
    radius += n["teeth"] * saw * 0.8
    hub = np.array([0.0, -0.16])
    outline = hub + np.stack([np.cos(angle), -np.sin(angle)], axis=1) * radius[:, None] * [
        n["spread"] * 1.5,
        1.24,
    ]
    outline = np.concatenate([outline, hub[None] + [0, 0.15]])
    lines: list[Points] = [np.linspace([0, 0], hub - np.array([0, 0.82]), 20)]
    for tip, long in zip(tips_deg[1:], reach[1:], strict=True):
        turn = np.radians(tip)
        end = hub + np.array([np.cos(turn) * n["spread"] * 1.5, -np.sin(turn) * 1.24]) * long * 0.97
        lines.append(edge(hub + np.array([0, 0.1]), end, 0.04 if tip < 90 else -0.04, 16))
    for main in list(lines):
        for share in (0.35, 0.55, 0.72):
            at = main[int(share * (len(main) - 1))]
            way = main[-1] - main[0]
            way = way / np.hypot(*way)
            for sign in (-1, 1):
                out = np.array(
                    [way[0] * 0.75 - sign * way[1] * 0.66, way[1] * 0.75 + sign * way[0] * 0.66]
                )
                lines.append(np.linspace(at, at + out * 0.17 * (1.2 - share), 6))
    return outline, lines
