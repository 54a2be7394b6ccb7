"""Patterns on wings: bands, margins, eyespots, lines, sheen, all in wing coordinates."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from wunderkammer.testing.specimens.canvas import (
    Canvas,
    Colour,
    Sprite,
    cloud,
    crop_to_alpha,
    mix,
    noise,
    noise_patch,
    premultiplied,
    shade,
)
from wunderkammer.testing.specimens.geometry import Points, ellipse
from wunderkammer.testing.specimens.ground_plan import Look
from wunderkammer.testing.specimens.wings import Fields, WingShape, fields

Field = NDArray[np.float32]


def paint_wing(shape: WingShape, look: Look, part: str, side: str, px_per_unit: float) -> Sprite:
    """Return a painted right wing.

    Parameters
    ----------
    shape : WingShape
        Its outline and veins.
    look : Look
        Numbers and colours of species and sex.
    part : str
        ``"fore"`` or ``"hind"``.
    side : str
        ``"dorsal"`` or ``"ventral"``.
    px_per_unit : float
        Resolution of the sprite.
    """
    wing = _Wing(shape, look, part, side, fields(shape, px_per_unit))
    wing.lay_ground()
    wing.lay_bands()
    wing.lay_lines()
    wing.lay_cells()
    wing.lay_margin()
    wing.lay_veins()
    wing.lay_eyes()
    wing.lay_light()
    return wing.finish()


def _smooth(x: Field, low: float, high: float) -> Field:
    """Return a smooth step from 0 at ``low`` to 1 at ``high``."""
    t = np.clip((x - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


class _Wing:
    """A wing while it is painted; one float colour a covered pixel."""

    def __init__(self, shape: WingShape, look: Look, part: str, side: str, at: Fields) -> None:
        self.shape, self.part, self.at = shape, part, at
        self.ventral = side == "ventral"
        self.n = look.number
        self.p = _underside(look) if self.ventral else look.palette
        self.plan = look.plan.name
        self.soft = 1.6 / at.px_per_unit
        self.cloud = self._sample(cloud(1), 0)
        self.grain = self._sample(noise(6, 2), 5)
        self.rgb = np.empty((3, len(at.index)), np.float32)
        self.late: list[tuple[Points, float, dict[str, Colour]]] = []

    def _sample(self, tile: Field, offset: int) -> Field:
        """Return a noise at the covered pixels."""
        return noise_patch(tile, self.at.shape, (offset, offset)).ravel()[self.at.index]

    def _own(self, trait: str) -> float:
        """Return the number of this wing, such as ``fore_band`` or ``hind_band``."""
        return self.n[f"{self.part}_{trait}"]

    def _lay(self, colour: ArrayLike, weight: ArrayLike) -> None:
        """Mix a colour into all pixels by a weight."""
        share = np.asarray(weight, np.float32)
        for k, value in enumerate(np.asarray(colour, np.float32)):
            self.rgb[k] += (value - self.rgb[k]) * share

    def lay_ground(self) -> None:
        """Lay base colour, gradient towards the margin, dusting and streaks."""
        at, n, p = self.at, self.n, self.p
        ground = p["ground"]
        if self.part == "hind" and n["hind_flash"] > 0.5 and not self.ventral:
            ground = p["accent"]
        outer = mix(ground, p["band"], 0.18 * n["gradient"])
        self.rgb[:] = ground[:, None]
        self._lay(outer, _smooth(at.u, 0.35, 1.0))
        reach = n["suffusion_reach"] + 0.05 * self.cloud
        dust = (1 - _smooth(at.u - reach, -0.22, 0.18)) * n["suffusion"]
        self._lay(p["base"], dust)
        along = (at.u * 60).astype(np.intp) + 7
        across = (at.v * 900).astype(np.intp) + (0 if self.part == "fore" else 400)
        streak = noise(5, 3)[across % 1024, along % 1024]
        if n["mottle"] > 0.1 and not (self.part == "hind" and n["hind_flash"] > 0.5):
            self._lay(p["dark"], _smooth(self.cloud, 0.0, 0.8) * n["mottle"])
            self._lay(p["band"], _smooth(-self.cloud, 0.1, 0.8) * n["mottle"] * 0.8)
        self.rgb *= 1 + streak * np.float32(n["streaks"])

    def lay_bands(self) -> None:
        """Lay the bright band with a shadow on either side, and rays from the root."""
        at, p = self.at, self.p
        strength = self._own("band")
        if strength > 0.3:
            dark_band = self.n["hind_flash"] > 0.5 and self.part == "hind"
            bright = p["dark"] if dark_band else p["band"]
            lean = self.n["fore_band_lean"] if self.part == "fore" else 0.08
            middle = self._own("band_at") + lean * (at.v - 0.5) + 0.02 * self.cloud
            middle += 0.035 * (at.arch - 0.5)
            half = self._own("band_width") * (1 - 0.35 * at.v) * (0.75 + 0.25 * at.arch)
            away = np.abs(at.u - middle) - half
            self._lay(p["dark"], (1 - _smooth(away, 0, 0.06)) * 0.35 * min(strength, 1))
            ends = _smooth(at.v, 0.02, 0.1) * (1 - _smooth(at.v, 0.86, 0.97))
            edge = 1 - _smooth(away, -self.soft, self.soft * (1 if strength > 0.8 else 9))
            self._lay(bright, edge * ends * min(strength, 1))
        if self.n["rays"] > 0.45:
            self._lay_rays()

    def _lay_rays(self) -> None:
        """Lay coloured rays along the veins, from the root outwards."""
        at = self.at
        reach = 0.86 if self.part == "fore" else 0.72
        body = _smooth(at.u, 0.1, 0.25) * (1 - _smooth(at.u, reach - 0.25, reach))
        near = 1 - _smooth(at.vein, 0.012, 0.03 + 0.02 * float(self.part == "hind"))
        gap = _smooth(at.vein, 0.004, 0.009)
        self._lay(self.p["band"], body * near * gap * 0.9)

    def lay_lines(self) -> None:
        """Lay the wavy cross lines of moths and undersides, and the kidney mark."""
        count = self.n["lines"] if self.part == "fore" else self.n["hind_lines"]
        if self.ventral:
            count = max(count, 1.2)
        at, p = self.at, self.p
        for k in range(round(count)):
            middle = (0.8, 0.3, 0.64, 0.9)[k % 4] + (0.04 if self.part == "hind" else 0)
            wave = self.n["zigzag"] * (at.arch * 2 - 1) * (1 if k % 2 else -0.8)
            away = np.abs(at.u - middle - 0.07 * (at.v - 0.5) - wave - 0.018 * self.cloud)
            self._lay(p["dark"], (1 - _smooth(away, 0.003, 0.011)) * self.n["line_dark"])
            pale = np.abs(at.u - middle - 0.07 * (at.v - 0.5) - wave - 0.018 * self.cloud - 0.02)
            self._lay(p["pale"], (1 - _smooth(pale, 0.002, 0.012)) * self.n["line_dark"] * 0.6)
        if self.part == "fore" and self.n["kidney"] > 0.45:
            self._spot(0.5, 0.4, (0.026, 0.042), p["dark"], p["band"])
            self._spot(0.34, 0.4, (0.017, 0.017), p["dark"], p["band"])

    def _spot(
        self, u: float, v: float, radii: tuple[float, float], rim: Colour, fill: Colour
    ) -> None:
        """Lay an oval with a rim."""
        x, y = self._relative(u, v)
        r = np.sqrt((x / radii[0]) ** 2 + (y / radii[1]) ** 2)
        self._lay(rim, 1 - _smooth(r, 0.95, 1.2))
        self._lay(mix(fill, rim, 0.25), 1 - _smooth(r, 0.6, 0.8))

    def _relative(self, u: float, v: float) -> tuple[Field, Field]:
        """Return x and y, in units, of all pixels seen from a point of the wing."""
        centre = self.shape.at(u, v)
        return self.at.x - np.float32(centre[0]), self.at.y - np.float32(centre[1])

    def lay_cells(self) -> None:
        """Lay what fills the cells between veins: windows, bars, blotches, spangles, dots."""
        at, n, p = self.at, self.n, self.p
        if self._own("cells") > 0.4:
            inside = _smooth(at.vein, 0.012, 0.024) * _smooth(at.margin, 0.05, 0.1)
            low, high = (0.42, 0.85) if self.part == "fore" else (0.12, 0.9)
            window = (
                inside * _smooth(at.u, low, low + 0.12) * (1 - _smooth(at.u, high, high + 0.08))
            )
            self._lay(
                p["band"] if self.part == "fore" else p["accent"], window * self._own("cells")
            )
        if self.part == "fore" and n["fore_bars"] > 0.4:
            for low, width in ((0.26, 0.05), (0.4, 0.06), (0.55, 0.07)):
                bar = _smooth(at.u, low, low + 0.015) * (
                    1 - _smooth(at.u, low + width, low + width + 0.015)
                )
                cut = 1 - _smooth(at.v + 0.03 * self.cloud, 0.34, 0.4)
                self._lay(p["dark"], bar * cut * min(1, n["fore_bars"]))
        if self.part == "fore" and n["blotches"] > 0.5:
            field = self.cloud + 0.75 * np.sin(at.u * 15) * np.cos(at.v * 10 + at.u * 3)
            self._lay(p["pale"], (1 - _smooth(np.abs(field), 0.1, 0.14)) * _smooth(at.u, 0.05, 0.1))
        if self.part == "fore" and n["spangles"] > 1:
            self._lay_spangles()
        if self.part == "hind" and n["hind_dots"] > 0.5 and not self.ventral:
            self._lay_dots()

    def _lay_spangles(self) -> None:
        """Lay round drops of colour on the forewing."""
        places = ((0.2, 0.42), (0.45, 0.26), (0.48, 0.6), (0.76, 0.4), (0.74, 0.68))
        for u, v in places[: round(self.n["spangles"]) + 1]:
            x, y = self._relative(u, v)
            r = np.hypot(x / 0.062, y / 0.05) + 0.06 * self.cloud
            self._lay(self.p["dark"], 1 - _smooth(r, 1.05, 1.3))
            self._lay(self.p["band"], 1 - _smooth(r, 0.95, 1.03))

    def _lay_dots(self) -> None:
        """Lay large dark spots on the hindwing, one in every second cell and a row beyond."""
        size = max(self.n["hind_spot_size"], 0.02)
        ends = np.concatenate([[0.0], self.shape.cells, [1.0]])
        middles = (ends[1:] + ends[:-1]) / 2
        for k, v in enumerate(middles[1:-1]):
            u = 0.74 if k % 2 else 0.62
            x, y = self._relative(u, float(v))
            r = np.hypot(x, y) / (size * (1.2 if k % 3 == 0 else 0.95)) + 0.12 * self.cloud
            self._lay(self.p["dark"], 1 - _smooth(r, 0.9, 1.08))

    def lay_eyes(self) -> None:
        """Lay eyespots: one large one on the disc, or a row before the margin."""
        size = self._own("eye_size")
        disc = self.n["discal_eye" if self.part == "fore" else "hind_discal_eye"]
        if disc > 0.55:
            u, v = (0.56, 0.36) if self.part == "fore" else (0.58, 0.42)
            if self.plan == "peacock":
                u, v = (0.8, 0.24) if self.part == "fore" else (0.72, 0.2)
            self._eye(u, v, size)
        count = self._own("eyes") + (1.4 if self.ventral and self.n["fore_eyes"] > 0.5 else 0)
        ends = np.concatenate([[0.0], self.shape.cells, [1.0]])
        middles = (ends[1:] + ends[:-1]) / 2
        order: tuple[int, ...] = (1, 4, 3, 2, 5) if self.part == "fore" else (4, 1, 3, 2, 5)
        if self.plan == "swallowtail":
            order = (len(middles) - 1,)
        for k in range(min(round(count), len(order))):
            v = float(middles[min(order[k], len(middles) - 1)])
            self._eye(0.77, min(v, 0.92), size * (1, 0.9, 0.66, 0.62, 0.58)[k])

    def _eye(self, u: float, v: float, size: float) -> None:
        """Lay one eyespot of rings."""
        x, y = self._relative(u, v)
        r = np.hypot(x, y * 0.94) / np.float32(size)
        soft = self.soft / size
        rings = (
            (1.18, mix(self.p["dark"], self.p["ground"], 0.35), 0.18),
            (1.0, self.p["accent"], soft),
            (0.74, self.p["dark"], soft),
            (0.42, mix(self.p["band"], self.p["pale"], 0.3), soft * 3),
        )
        for radius, colour, blur in rings:
            self._lay(colour, 1 - _smooth(r, radius - blur, radius + blur))
        glint = np.hypot(x + size * 0.1, y + size * 0.14) / np.float32(size)
        self._lay(self.p["pale"], 1 - _smooth(glint, 0.14, 0.14 + 2 * soft))

    def lay_margin(self) -> None:
        """Lay tip, border with spots and lunules, and the fringe."""
        at, n, p = self.at, self.n, self.p
        width = self._own("margin") * (0.55 if self.ventral else 1)
        inner = at.margin + 0.012 * self.cloud + 0.02 * (at.arch - 0.5) * (width > 0.05)
        if self.part == "fore" and n["apex_patch"] > 0.35 and not self.ventral:
            corner = at.u - 0.42 * at.v + 0.03 * self.cloud
            patch = _smooth(corner, n["apex_reach"] - 0.04, n["apex_reach"] + 0.03)
            if n["tip"] > 0.5:
                self._lay(
                    p["accent"], _smooth(corner, n["apex_reach"] - 0.13, n["apex_reach"] - 0.1)
                )
            self._lay(p["dark"], patch * min(1, n["apex_patch"] * 1.3))
        blur = 0.02 if n["fore_margin"] < 0.1 else 0.008
        self._lay(p["dark"], 1 - _smooth(inner, width - blur, width + blur))
        if self.part == "hind" and n["lunules"] > 0.35:
            self._lay_lunules()
        self._lay_marginal_spots(width)
        chequer = np.where(at.frac * (1 - at.frac) > 0.09, 1.0, 0.35).astype(np.float32)
        self._lay(p["pale"], (1 - _smooth(at.margin, 0.003, 0.010)) * n["fringe"] * chequer * 0.8)

    def _lay_lunules(self) -> None:
        """Lay the row of coloured crescents along the hindwing's margin."""
        at = self.at
        middle = self.n["lunule_at"] + 0.022 * (at.arch - 0.5)
        away = np.abs(at.margin - middle)
        row = (1 - _smooth(away, 0.012, 0.022)) * _smooth(at.frac * (1 - at.frac), 0.08, 0.14)
        self._lay(self.p["accent"], row * self.n["lunules"] * _smooth(at.v, 0.15, 0.3))
        if self.plan == "swallowtail":
            dust = 1 - _smooth(np.abs(at.margin - middle - 0.035), 0.008, 0.026)
            dust = dust * _smooth(at.arch, 0.1, 0.8) * (0.75 + 0.5 * self.grain)
            self._lay(self.p["band"], np.clip(dust, 0, 1) * 0.9)

    def _lay_marginal_spots(self, width: float) -> None:
        """Lay one or two rows of pale spots, one a cell, within the border."""
        rows, size = self._own("spots"), self._own("spot_size")
        for k in range(round(rows)):
            depth = max(
                width * (0.42 if rows < 1.5 else (0.28, 0.68)[k % 2]),
                size * 2.1 + self.n["scallop"] * 0.5,
            )
            ends = np.concatenate([[0.0], self.shape.cells, [1.0]])
            line = self._inset(depth)
            for v in ((ends[1:] + ends[:-1]) / 2)[1:-1]:
                at = self._nearest(line, float(v))
                self.late.append(
                    (ellipse(at, (size, size * 0.9), 20), 1.0, {"fill": self.p["pale"]})
                )

    def _inset(self, depth: float) -> Points:
        """Return the outer margin moved inwards."""
        line = self.shape.termen
        way = np.gradient(line, axis=0)
        way /= np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None]
        inwards = np.stack([-way[:, 1], way[:, 0]], axis=1)
        return np.asarray(line + inwards * depth)

    def _nearest(self, line: Points, v: float) -> Points:
        """Return the point of a line that lies at a share of the angle."""
        low, high, _ = self.shape.polar
        rel = line - self.shape.hub
        share = 1 - (np.arctan2(-rel[:, 1], rel[:, 0]) - low) / (high - low)
        return np.asarray(line[int(np.argmin(np.abs(share - v)))])

    def lay_veins(self) -> None:
        """Darken the veins and their sides."""
        width = self.n["vein_width"] * (1.15 - 0.3 * self.at.u)
        reach = 1 - _smooth(self.at.vein - width, -self.soft * 0.6, self.soft * 0.9)
        strength = self.n["vein_dark"] * (0.8 if self.ventral else 1)
        colour = shade(self.p["dark"], 1.05)
        if self.n["vein_dark"] < 0.35:
            colour = mix(self.p["dark"], self.p["ground"], 0.45)
        self._lay(colour, reach * min(0.92, strength + 0.12))

    def lay_light(self) -> None:
        """Lay sheen, the folds between veins, grain and the shadow at the root."""
        at, n = self.at, self.n
        if n["sheen"] > 0.15 and not self.ventral:
            glow = _smooth(at.u, 0.08, 0.4) * (1 - _smooth(at.u, 0.7, 1.0))
            glow = glow * (0.55 + 0.45 * np.sin(at.v * 5.5 + at.u * 3.0 + 0.6))
            lit = self.rgb[1] / 255
            self._lay(self.p["band"], glow * n["sheen"] * (0.2 + 0.5 * lit) * 0.9)
        fold = (at.frac - 0.5) * n["rib"] * _smooth(at.u, 0.3, 0.7)
        root = 0.72 + 0.28 * _smooth(at.u, 0.0, 0.2)
        edge = 0.9 + 0.1 * _smooth(at.margin, 0.0, 0.012)
        self.rgb *= (1 + fold + 0.05 * self.grain + 0.03 * self.cloud) * root * edge
        if self.part == "fore" and n["costa_line"] > 0.5:
            self._lay(self.p["dark"], 1 - _smooth(at.v, 0.012, 0.03))

    def finish(self) -> Sprite:
        """Return the sprite, with the spots that are drawn as shapes."""
        height, width = self.at.shape
        full = np.zeros((height * width, 3), np.float32)
        full[self.at.index] = self.rgb.T
        canvas = Canvas(height, width)
        canvas.rgba[:] = premultiplied(full.reshape(height, width, 3), self.at.alpha)
        move = np.array(self.at.origin)
        for outline, _, colours in self.late:
            canvas.fill(outline * self.at.px_per_unit + move, colours["fill"])
        alpha = self.at.alpha
        canvas.rgba[..., 3] = alpha
        canvas.rgba[..., :3] = cv2.min(canvas.rgba[..., :3], cv2.merge([alpha] * 3))
        return crop_to_alpha(canvas.rgba, self.at.origin, self.at.px_per_unit)


def _underside(look: Look) -> dict[str, Colour]:
    """Return the palette of the underside: paler, browner, less dark."""
    p = dict(look.palette)
    p["ground"] = mix(p["under"], p["ground"], 0.25)
    p["base"] = mix(p["under"], p["dark"], 0.2)
    p["dark"] = mix(p["dark"], p["under"], 0.35)
    return p
