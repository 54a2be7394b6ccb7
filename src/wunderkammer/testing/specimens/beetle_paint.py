"""The body of a beetle: head, shield and elytra under one light."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wunderkammer.testing.specimens.beetle_plans import BeetleLook
from wunderkammer.testing.specimens.canvas import (
    Colour,
    Sprite,
    cloud,
    crop_to_alpha,
    noise,
    noise_patch,
    premultiplied,
    shade,
)
from wunderkammer.testing.specimens.geometry import spline

Field = NDArray[np.float32]


def paint_body(seen: BeetleLook, side: str, px_per_unit: float) -> Sprite:
    """Return head, shield and elytra as one sprite."""
    n = seen.number
    half = max(n["width"] * 1.05, n["width"] * n["head_wide"] * 1.1) + 0.03
    rows, columns = int(1.9 * px_per_unit), int(2 * half * px_per_unit)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    y, x = y / px_per_unit - 0.88, x / px_per_unit - half
    rgb = np.zeros((rows, columns, 3), np.float32)
    alpha = np.zeros((rows, columns), np.float32)
    reaches = (
        (_head, n["head_top"], n["shield_top"] + 0.1),
        (_shield, n["shield_top"], n["neck"] + 0.04),
        (_elytra, n["neck"], 0.98),
    )
    for part, top, bottom in reaches:
        low, high = (max(0, int((edge + 0.88) * px_per_unit)) for edge in (top, bottom))
        xs, ys = x[low : high + 2], y[low : high + 2]
        profile, tone, dome = part(seen, xs, ys, side)
        cover = np.clip((profile - np.abs(xs)) * px_per_unit + 0.5, 0, 1) * (profile > 0.004)
        across = np.clip(np.abs(xs) / np.maximum(profile, 1e-4), 0, 1)
        lit = _lit(tone, across, xs, dome, n["gloss"])
        below = rgb[low : high + 2]
        below += (lit - below) * cover[..., None]
        alpha[low : high + 2] = np.maximum(alpha[low : high + 2], cover)
    rgb *= (1 + 0.05 * noise_patch(noise(6, 8), (rows, columns), (3, 3)))[..., None]
    image = premultiplied(rgb, (alpha * 255).astype(np.uint8))
    return crop_to_alpha(image, (half * px_per_unit, 0.88 * px_per_unit), px_per_unit)


def _lit(tone: Field, across: Field, x: Field, along: Field, gloss: float) -> Field:
    """Return colours with the light of a dome: shade at the rims, two highlights."""
    dome = np.sqrt(np.clip(1 - across**2, 0, 1))
    light = (0.34 + 0.72 * dome) * (0.9 + 0.22 * along) * np.where(x < 0, 1.06, 0.94)
    signed = across * np.sign(x)
    shine = np.exp(-(((signed + 0.42) / 0.1) ** 2)) * (0.25 + 0.75 * along**2)
    shine += 0.45 * np.exp(-(((signed - 0.5) / 0.16) ** 2)) * along
    out = tone * light[..., None]
    return np.asarray(
        out + (255 - out) * np.clip(shine * 0.5 * gloss, 0, 0.9)[..., None], np.float32
    )


def _bump(t: Field, power: float = 2.0) -> Field:
    """Return a dome over t in [-1, 1], 0 outside."""
    return np.asarray(np.clip(1 - np.abs(t) ** power, 0, 1) ** (1 / power), np.float32)


def _head(seen: BeetleLook, x: Field, y: Field, side: str) -> tuple[Field, Field, Field]:
    """Return half width, colour and light along the head, eyes included."""
    del side
    n = seen.number
    top, base = n["head_top"], n["shield_top"] + 0.08
    t = (y - (top + base) / 2) / ((base - top) / 2)
    profile = n["width"] * n["head_wide"] * _bump(t, 2.6)
    tone = np.empty((*x.shape, 3), np.float32)
    tone[:] = shade(seen.palette["shield"], 0.82)
    wide = n["width"] * n["head_wide"]
    eye = np.hypot(np.abs(x) - wide * 0.86, (y - (top + base) / 2 - 0.01) * 0.9) < 0.06
    tone[eye] = (16, 12, 12)
    return profile, tone, np.asarray(_bump(t + 0.2), np.float32)


def _shield(seen: BeetleLook, x: Field, y: Field, side: str) -> tuple[Field, Field, Field]:
    """Return half width, colour and light along the pronotum."""
    n, p = seen.number, seen.palette
    top, base = n["shield_top"], n["neck"] + 0.03
    s = np.clip((y - top) / (base - top), 0, 1)
    inside = (y >= top - 0.05) & (y <= base)
    width = n["shield_front"] + (n["shield_wide"] - n["shield_front"]) * np.sin(s * np.pi * 0.62)
    corner = _bump(np.clip((s - 0.5) * 2, -1, 1), 7)
    profile = n["width"] * width * corner * inside
    tone = np.empty((*x.shape, 3), np.float32)
    tone[:] = p["shield"]
    if n["iridescence"] > 0.5:
        tone += (p["sheen"] - tone) * (0.6 * (1 - s))[..., None]
    if seen.plan.name == "ladybird" and side == "dorsal":
        pale = np.hypot(np.abs(x) - n["width"] * 0.44, y - top - 0.14) < 0.11
        tone[pale] = (240, 230, 205)
    pits = noise_patch(noise(6, 9), x.shape, (40, 40)) > 0.55
    tone *= (1 - 0.3 * n["pits"] * pits)[..., None]
    if n["rim"] > 0.5:
        rim = np.clip(np.abs(x) / np.maximum(profile, 1e-4), 0, 1) > 0.9
        tone[rim] = p["sheen"]
    return profile, tone, np.asarray(_bump((s - 0.35) * 1.6), np.float32)


def _elytra(seen: BeetleLook, x: Field, y: Field, side: str) -> tuple[Field, Field, Field]:
    """Return half width, colour and light along the elytra (or the belly)."""
    n, p = seen.number, seen.palette
    s = np.clip((y - n["neck"]) / (0.96 - n["neck"]), 0, 1)
    knots = np.array(
        [0, 0.03, 0.12, n["widest"] * 0.7 + 0.12, 0.72, 0.9, 0.97, 1.0]
    )  # fmt: skip
    widths = np.array(
        [0.62, 0.8, 0.93, 1, 0.86 + 0.1 * n["taper"], n["taper"], n["taper"] * 0.6, 0]
    )
    widths[:3] *= n["shoulder"] / np.array([1.0, 0.96, 0.94])
    smooth = spline(np.stack([knots, np.clip(widths, 0, 1.02)], axis=1), 120)
    reach = np.interp(s, np.maximum.accumulate(smooth[:, 0]), smooth[:, 1])
    egg = np.sqrt(np.clip(1 - ((s - 0.42) / 0.58) ** 2, 0, 1))
    reach = reach + (egg - reach) * n["round"]
    profile = (n["width"] * np.maximum(reach, 0) * (y >= n["neck"]) * (y <= 0.97)).astype(
        np.float32
    )
    a = np.clip(np.abs(x) / np.maximum(profile, 1e-4), 0, 1)
    tone = np.empty((*x.shape, 3), np.float32)
    if side == "ventral":
        tone[:] = shade(p["legs"], 1.15)
        tone *= (0.72 + 0.28 * (np.abs(np.sin(s * np.pi * 6.5)) > 0.22))[..., None]
        return profile, tone, np.asarray(1 - 0.6 * s, np.float32)
    tone[:] = p["elytra"]
    _dress(seen, tone, (s, a, x, profile))
    suture = np.exp(-((x / 0.008) ** 2)) + 0.4 * np.exp(-(((np.abs(x) - 0.018) / 0.01) ** 2))
    tone *= (1 - 0.62 * np.clip(suture, 0, 1))[..., None]
    notch = np.clip(1 - (np.abs(x) / 0.07 + (y - n["neck"]) / 0.12), 0, 1) > 0
    tone[notch & (y > n["neck"])] = shade(p["shield"], 0.7)
    return profile, tone, np.asarray(np.clip(1.05 - 0.9 * s, 0, 1), np.float32)


def _dress(seen: BeetleLook, tone: Field, where: tuple[Field, Field, Field, Field]) -> None:
    """Lay sheen, furrows, pits, bands, stripes and spots on the elytra, in place."""
    s, a, x, _ = where
    n, p = seen.number, seen.palette

    def lay(paint: Colour, weight: NDArray[Any]) -> None:
        tone[:] += (paint - tone) * np.clip(weight, 0, 1)[..., None]

    rough = noise_patch(cloud(3), x.shape, (70, 20))
    lay(
        p["sheen"],
        n["iridescence"]
        * (0.15 + 0.75 * np.sin(np.pi * np.clip(a * 0.9 + s * 0.25, 0, 1)) ** 2)
        * 0.8,
    )
    if n["stripes"] > 0.45:
        lay(
            p["marks"], np.exp(-(((a - 0.55) / 0.13) ** 4)) * (s > 0.05) * (s < 0.93) * n["stripes"]
        )
    if n["bands"] > 0.5:
        for middle in (0.2, 0.48, 0.76):
            wave = middle + 0.05 * np.cos(a * 5) + 0.02 * rough
            lay(p["marks"], 1 - np.clip((np.abs(s - wave) - 0.045) / 0.012, 0, 1))
    if n["specks"] > 0.5:
        lay(p["marks"], (noise_patch(noise(4, 6), x.shape, (11, 90)) > 0.5) * 0.85 * n["specks"])
    if n["spots"] > 0.4:
        for u, v in _spot_places(seen.n_spots):
            reach = np.hypot((s - u) * 1.15, (a - v) * n["width"])
            size = 0.085 if seen.plan.name == "ladybird" else 0.05
            lay(p["marks"], 1 - np.clip((reach - size) / 0.01, 0, 1))
    if n["rim"] > 0.5:
        lay(p["sheen"], np.clip((a - 0.9) / 0.04, 0, 1) * n["rim"])
    _carve(tone, n, s, a)


def _carve(tone: Field, n: dict[str, float], s: Field, a: Field) -> None:
    """Cut furrows and pits into the elytra, in place."""
    if n["striae"] > 0.25:
        line = np.abs(np.sin(a * np.pi * 7.5))
        dotted = 0.7 + 0.3 * (np.sin(s * 190) > -0.3) * n["pits"]
        tone *= (1 - 0.5 * n["striae"] * np.exp(-((line / 0.26) ** 2)) * dotted)[..., None]
    if n["pits"] > 0.3:
        dots = noise_patch(noise(6, 9), s.shape, (5, 5)) > 0.5
        tone *= (1 - 0.26 * n["pits"] * dots)[..., None]


def _spot_places(count: int) -> list[tuple[float, float]]:
    """Return where the spots of one wing case lie: along, across."""
    places = [(0.42, 0.45), (0.72, 0.4), (0.2, 0.62), (0.5, 0.82), (0.14, 0.25), (0.84, 0.62)]
    return places[:count]
