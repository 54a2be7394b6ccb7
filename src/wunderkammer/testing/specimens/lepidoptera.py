"""Butterflies and moths, spread as in a drawer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wunderkammer.testing.specimens.canvas import (
    Canvas,
    Colour,
    Sprite,
    crop_to_alpha,
    mix,
    noise,
    noise_patch,
    premultiplied,
    shade,
)
from wunderkammer.testing.specimens.geometry import Points, Pose, spline
from wunderkammer.testing.specimens.ground_plan import Look
from wunderkammer.testing.specimens.plans import look
from wunderkammer.testing.specimens.taxonomy import Taxon
from wunderkammer.testing.specimens.wing_paint import paint_wing
from wunderkammer.testing.specimens.wings import Margin, forewing, hindwing

WINGS = ("left forewing", "right forewing", "left hindwing", "right hindwing")
FORE_ROOT, HIND_ROOT = (0.05, -0.04), (0.05, 0.04)


@dataclass(frozen=True)
class Spread:
    """The parts of one species, sex and side, painted once."""

    look: Look
    fore: Sprite
    hind: Sprite
    body: Sprite
    half_span: float
    top: float
    bottom: float


@lru_cache(maxsize=128)
def spread(taxon: Taxon, sex: str, side: str, px_per_unit: float) -> Spread:
    """Return the painted parts of a butterfly or moth."""
    seen = look(taxon, sex)
    n = seen.number
    margin = Margin(round(n["n_cells"]), n["scallop"])
    tailed = Margin(
        round(n["n_cells"]), n["scallop"] * 1.3, n["tail"], n["tail_width"], round(n["tail_at"]),
        n["clubbed"] > 0.5,
    )  # fmt: skip
    shapes = forewing(n, margin), hindwing(n, tailed)
    fore = paint_wing(shapes[0], seen, "fore", side, px_per_unit)
    hind = paint_wing(shapes[1], seen, "hind", side, px_per_unit)
    lowest = max(float(t[:, 1].max()) for t in (shapes[1].outline, *shapes[1].tails))
    return Spread(
        look=seen,
        fore=fore,
        hind=hind,
        body=_body(seen, side, px_per_unit),
        half_span=float(shapes[0].outline[:, 0].max()) + FORE_ROOT[0],
        top=float(shapes[0].outline[:, 1].min()) + FORE_ROOT[1],
        bottom=max(lowest + HIND_ROOT[1], n["body_length"] * 0.62),
    )


@dataclass(frozen=True)
class Setting:
    """How one individual was set: turns of its wings, what is missing."""

    fore_deg: tuple[float, float]
    hind_deg: tuple[float, float]
    missing: tuple[str, ...]
    antennae: tuple[bool, bool]
    curl: tuple[float, float]
    nicks: tuple[tuple[int, float, float], ...]


def set_wings(rng: np.random.Generator, missing: tuple[str, ...]) -> Setting:
    """Return a setting drawn at random, with the given wings missing."""
    f, h, c = rng.normal(0, 1.6, 2), rng.normal(0, 2.0, 2), rng.normal(0, 0.05, 2)
    lift = rng.normal(0, 1.6)
    nicks = tuple(
        (int(rng.integers(4)), float(rng.uniform(0.02, 0.98)), float(rng.uniform(0.02, 0.06)))
        for _ in range(int(rng.poisson(0.7)))
    )
    return Setting(
        (float(f[0] + lift), float(f[1] + lift)),
        (float(h[0]), float(h[1])),
        missing,
        (bool(rng.random() > 0.07), bool(rng.random() > 0.07)),
        (float(c[0]), float(c[1])),
        nicks,
    )


def draw(canvas: Canvas, parts: Spread, setting: Setting, pose: Pose) -> None:
    """Draw a spread insect; the middle of its thorax lies at the origin of ``pose``."""
    _antennae(canvas, parts, setting, pose)
    for number in (2, 3, 0, 1):
        name = WINGS[number]
        if name in setting.missing:
            continue
        left, hind = number % 2 == 0, number > 1
        turn = (setting.hind_deg if hind else setting.fore_deg)[0 if left else 1]
        root = HIND_ROOT if hind else FORE_ROOT
        place = Pose().turned(turn).moved(*root)
        place = pose.after(place.mirrored() if left else place)
        sprite = parts.hind if hind else parts.fore
        canvas.stamp(_nicked(sprite, setting.nicks, number), place)
    canvas.stamp(parts.body, pose)


def _nicked(sprite: Sprite, nicks: tuple[tuple[int, float, float], ...], number: int) -> Sprite:
    """Return the wing with small pieces of its margin lost."""
    mine = [nick for nick in nicks if nick[0] == number]
    if not mine:
        return sprite
    canvas = Canvas(*sprite.rgba.shape[:2])
    canvas.rgba = sprite.rgba.copy()
    ring = np.flatnonzero(canvas.alpha.any(axis=1))
    for _, share, size in mine:
        row = int(ring[int(share * (len(ring) - 1))])
        edge = int(np.flatnonzero(canvas.alpha[row])[-1])
        r = size * sprite.px_per_unit
        shape = np.array([[0.9, -1], [-0.9, -0.2], [-0.55, 0.1], [-0.8, 0.35], [0.9, 0.8]]) * r
        hole = Canvas(*sprite.rgba.shape[:2])
        hole.fill(shape + np.array([edge, row]), (0, 0, 0))
        keep = 255 - hole.alpha.astype(np.uint16)
        canvas.rgba = (canvas.rgba * keep[..., None] // 255).astype(np.uint8)
    return Sprite(canvas.rgba, sprite.origin, sprite.px_per_unit)


def _antennae(canvas: Canvas, parts: Spread, setting: Setting, pose: Pose) -> None:
    """Draw the antennae: clubs, threads or feathers."""
    seen = parts.look
    length, tone = seen.number["antenna"], mix(seen.palette["dark"], seen.palette["body"], 0.3)
    head = -0.2 * seen.number["body_length"] - 0.06
    for side, (whole, curl) in enumerate(zip(setting.antennae, setting.curl, strict=True)):
        end = length if whole else length * 0.35
        sign = -1.0 if side == 0 else 1.0
        t = np.linspace(0, end / length, 24)
        bow = (0.32 if seen.plan.antenna == "feather" else 0.12) + curl
        x = 0.02 + length * (0.52 * t + bow * t**2)
        line = np.stack([sign * x, head - length * (0.74 * t - 0.1 * t**2)], axis=1)
        if seen.plan.antenna == "feather":
            _feather(canvas, line, tone, pose)
        width = max(1, round(pose.scale * 0.007))
        canvas.stroke([pose.apply(line)], tone, width)
        if seen.plan.antenna == "club" and whole:
            ends = pose.apply(line[-5:])
            canvas.stroke([ends], shade(tone, 0.8), max(2, round(pose.scale * 0.017)))


def _feather(canvas: Canvas, line: Points, tone: Colour, pose: Pose) -> None:
    """Draw the branches of a feathery antenna."""
    dense = spline(line, 34)
    way = np.gradient(dense, axis=0)
    way /= np.hypot(way[:, 0], way[:, 1])[:, None]
    cross = np.stack([way[:, 1], -way[:, 0]], axis=1)
    reach = 0.055 * np.sin(np.linspace(0.25, np.pi, 34)) ** 0.7
    hairs = []
    for sign in (-1, 1):
        tips = dense + (cross * sign + way * 0.7) * reach[:, None]
        hairs.append(np.stack([dense, tips], axis=1))
    canvas.stroke(
        pose.apply(np.concatenate(hairs)),
        mix(tone, (200, 170, 120), 0.35),
        max(1, round(pose.scale * 0.004)),
    )


def _body(seen: Look, side: str, px_per_unit: float) -> Sprite:
    """Return the painted body: head with eyes, furred thorax, ringed abdomen."""
    n, p = seen.number, seen.palette
    length, width = n["body_length"], n["body_width"]
    rows, columns = int(length * 1.3 * px_per_unit), int(width * 2.2 * px_per_unit)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    y, x = y / px_per_unit - length * 0.45, x / px_per_unit - width * 1.1
    t = (y + 0.2 * length) / length
    profile = np.maximum(_profile(t, width, n["fur"]), 1e-4)
    r = np.abs(x) / profile
    alpha = np.clip((1 - r) * px_per_unit * profile / 1.2 + 0.5, 0, 1)
    alpha *= (t > -0.16) & (t < 0.84) & (profile > 0.002)
    rgb = _body_colour(t, x / profile, p, n, side)
    hair = noise_patch(noise(6, 5), (rows, columns), (9, 3))
    dome = np.sqrt(np.clip(1 - np.minimum(r, 1) ** 2, 0, 1))
    light = (
        0.5
        + 0.62 * dome
        - 0.16 * x / width
        + 0.25 * np.exp(-(((x / profile + 0.35) / 0.2) ** 2)) * dome
    )
    rgb *= (light * (1 + hair * (0.08 + 0.1 * n["fur"])))[..., None]
    canvas = Canvas(rows, columns)
    canvas.rgba[:] = premultiplied(rgb, (alpha * 255).astype(np.uint8))
    origin = (width * 1.1 * px_per_unit, length * 0.45 * px_per_unit)
    place = Pose().scaled(px_per_unit).moved(*origin)
    for sign in (-1, 1):
        eye = place.apply([[sign * width * 0.25, -0.275 * length]])[0]
        canvas.dot(eye, width * 0.12 * px_per_unit, shade(mix(p["dark"], (60, 35, 25), 0.4), 0.9))
        canvas.dot(eye - width * 0.03 * px_per_unit, width * 0.035 * px_per_unit, (190, 180, 165))
    _fur(canvas, seen, place)
    return crop_to_alpha(canvas.rgba, origin, px_per_unit)


def _fur(canvas: Canvas, seen: Look, place: Pose) -> None:
    """Draw hairs on thorax and the sides of the abdomen, darkest below."""
    n, p = seen.number, seen.palette
    rng = np.random.default_rng(5)
    count = round(60 + 640 * n["fur"] ** 1.5)
    turn, reach = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.uniform(0.02, 1, count))
    size = np.array([n["body_width"] * 0.46, n["body_length"] * 0.155])
    root = np.stack([np.cos(turn), np.sin(turn)], axis=1) * reach[:, None] * size
    root[:, 1] -= 0.07 * n["body_length"]
    way = np.stack([np.cos(turn) * reach, 0.7 + 0.3 * np.sin(turn)], axis=1)
    tip = root + way * (0.02 + 0.035 * n["fur"]) * rng.uniform(0.6, 1.3, (count, 1))
    lift = 0.08 + 0.22 * n["fur"]
    tones = [mix(p["body"], p["dark"], 0.25), p["body"], mix(p["body"], p["pale"], lift)]
    for k, tone in enumerate(tones):
        part = slice(k * count // 3, (k + 1) * count // 3)
        ends = np.stack([root[part], tip[part]], axis=1)
        canvas.stroke(place.apply(ends), shade(tone, 0.88 + 0.1 * k))


def _profile(t: NDArray[np.float32], width: float, fur: float) -> NDArray[np.float32]:
    """Return half the body's width along it: head, thorax, abdomen."""
    head = 0.3 * np.sqrt(np.clip(1 - ((t + 0.085) / 0.07) ** 2, 0, 1))
    thorax = (0.5 + 0.08 * fur) * np.sqrt(np.clip(1 - ((t - 0.12) / 0.19) ** 2, 0, 1))
    s = np.clip((t - 0.2) / 0.62, 0, 1)
    abdomen = 0.44 * np.sqrt(np.clip(np.sin(np.pi * (0.16 + 0.84 * s**1.25)), 0, 1)) * (t > 0.2)
    shape = np.maximum(np.maximum(head, thorax), abdomen * (1 - 0.25 * s))
    return np.asarray(shape * width, np.float32)


def _body_colour(
    t: NDArray[np.float32],
    across: NDArray[np.float32],
    p: dict[str, Colour],
    n: dict[str, float],
    side: str,
) -> NDArray[np.float32]:
    """Return the colours of the body before light: rings on the abdomen, a paler collar."""
    base = mix(p["body"], p["under"], 0.45 if side == "ventral" else 0.12)
    rgb = np.empty((*t.shape, 3), np.float32)
    rgb[:] = base
    ring = (np.sin((t - 0.22) * 2 * np.pi / 0.088) > 0.45) & (t > 0.24)
    rgb += (mix(p["dark"], base, 0.2) - rgb) * (ring * min(0.95, n["rings"] + 0.12))[..., None]
    line = np.clip(1 - np.abs(across) / 0.16, 0, 1) * (t > 0.24) * n["rings"]
    rgb += (p["dark"] - rgb) * (line * 0.6)[..., None]
    collar = np.exp(-(((t + 0.03) / 0.03) ** 2)) * 0.5
    rgb += (p["pale"] - rgb) * (collar * n["fur"])[..., None]
    return rgb
