"""The shape of a wing: outline, tail, veins, and the coordinates that patterns follow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from wunderkammer.testing.specimens.canvas import fixed
from wunderkammer.testing.specimens.geometry import (
    Points,
    edge,
    normals,
    resample_closed,
    ribbon,
    smooth_closed,
    spline,
)

N_OUTLINE = 480
N_BINS = 256
SHIFT = 4


@dataclass(frozen=True)
class WingShape:
    """A right wing seen from above; unit: length of the forewing; y runs downwards.

    Parameters
    ----------
    outline : ndarray, shape (n, 2)
        Closed, without tails.
    termen : ndarray, shape (k, 2)
        The outer margin, from apex to tornus.
    hub : tuple of float
        The point, near the root, from which veins radiate.
    cells : ndarray
        Where the veins end, as shares of the angle from costa to inner margin.
    tails : tuple of ndarray
        Closed outlines added to the wing.
    cell_end : float
        Where the discal cell ends, as a share of the way to the margin.
    """

    outline: Points
    termen: Points
    hub: tuple[float, float]
    cells: NDArray[np.float64]
    tails: tuple[Points, ...]
    cell_end: float

    @cached_property
    def polar(self) -> tuple[float, float, NDArray[np.float64]]:
        """Lowest and highest angle (radians, upwards) and reach in 256 steps between."""
        rel = resample_closed(self.outline, 2400) - self.hub
        radius, angle = np.hypot(*rel.T), np.arctan2(-rel[:, 1], rel[:, 0])
        far = radius > 0.25 * radius.max()
        low, high = float(angle[far].min()), float(angle[far].max())
        bins = np.clip(np.round((angle - low) / (high - low) * (N_BINS - 1)), 0, N_BINS - 1)
        reach = np.zeros(N_BINS)
        np.maximum.at(reach, bins.astype(int), radius)
        known = np.flatnonzero(reach)
        return low, high, np.interp(np.arange(N_BINS), known, reach[known])

    def at(self, u: ArrayLike, v: ArrayLike) -> Points:
        """Return points at shares ``u`` of the way out and ``v`` from costa to inner margin."""
        low, high, reach = self.polar
        share = 1 - np.clip(np.asarray(v, float), 0, 1)
        radius = np.asarray(u, float) * np.interp(share * (N_BINS - 1), np.arange(N_BINS), reach)
        angle = low + share * (high - low)
        turn = np.stack([np.cos(angle), -np.sin(angle)], axis=-1)
        return np.asarray(np.asarray(self.hub) + turn * radius[..., None])

    @cached_property
    def veins(self) -> tuple[Points, ...]:
        """Lines of the veins: the discal cell, then one to the margin for each cell."""
        top, bottom, end = 0.2, 0.58, self.cell_end
        lines = [
            self.at(np.linspace(0.06, end, 9), np.linspace(0.36, top, 9)),
            self.at(np.linspace(0.06, end, 9), np.linspace(0.44, bottom, 9)),
            self.at(end - 0.05 * np.sin(np.linspace(0, np.pi, 9)), np.linspace(top, bottom, 9)),
        ]
        t = np.linspace(0, 1, 10)
        for v in self.cells:
            inside = bottom - 0.04 <= v
            start = 0.3 if inside and v > 0.8 else end
            root = np.clip(v, top, bottom) if start == end else bottom * 0.8
            root = root + (v - root) * (0.12 if start == end else 0.3)
            lines.append(self.at(start + (1.0 - start) * t, root + (v - root) * t**0.75))
        lines.append(self.at(np.linspace(0.08, 0.98, 12), np.linspace(0.5, 0.93, 12)))
        return tuple(lines)


@dataclass(frozen=True)
class Fields:
    """Wing coordinates of the pixels that a wing covers, one entry a pixel.

    ``u`` runs from the root (0) to the margin (1), ``v`` from costa (0) to inner
    margin (1), ``cell`` counts the cells between veins and ``frac`` runs across
    each; ``x`` and ``y`` are places, ``margin`` and ``vein`` distances, in units.
    """

    shape: tuple[int, int]
    origin: tuple[float, float]
    px_per_unit: float
    alpha: NDArray[np.uint8]
    index: NDArray[np.intp]
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    u: NDArray[np.float32]
    v: NDArray[np.float32]
    cell: NDArray[np.intp]
    frac: NDArray[np.float32]
    margin: NDArray[np.float32]
    vein: NDArray[np.float32]

    @cached_property
    def arch(self) -> NDArray[np.float32]:
        """0 on the veins, 1 in the middle between two."""
        return np.asarray(4 * self.frac * (1 - self.frac), np.float32)


def fields(shape: WingShape, px_per_unit: float) -> Fields:
    """Return the coordinates of every pixel of a wing drawn at a scale."""
    everything = np.concatenate([shape.outline, *shape.tails])
    low = everything.min(axis=0) - 3 / px_per_unit
    width, height = np.ceil((everything.max(axis=0) - low) * px_per_unit).astype(int) + 4
    alpha = np.zeros((height, width), np.uint8)
    for part in (shape.outline, *shape.tails):
        cv2.fillPoly(alpha, [fixed((part - low) * px_per_unit)], 255, cv2.LINE_AA, SHIFT)
    index = np.flatnonzero(alpha)
    rows, columns = np.divmod(index, width)
    x = (columns / px_per_unit + (low[0] - shape.hub[0])).astype(np.float32)
    y = (rows / px_per_unit + (low[1] - shape.hub[1])).astype(np.float32)
    lowest, highest, reach = shape.polar
    share = (np.arctan2(-y, x) - lowest) / (highest - lowest)
    share = np.clip(share, 0, 1).astype(np.float32)
    at = np.interp(share * (N_BINS - 1), np.arange(N_BINS), reach)
    v = 1 - share
    ends = np.concatenate([[-1e-3], shape.cells, [1.0]])
    cell = np.clip(np.searchsorted(ends, v, side="right") - 1, 0, len(ends) - 2)
    frac = (v - ends[cell]) / np.diff(ends)[cell]
    return Fields(
        shape=(int(height), int(width)),
        origin=(float(-low[0] * px_per_unit), float(-low[1] * px_per_unit)),
        px_per_unit=px_per_unit,
        alpha=alpha,
        index=index,
        x=x + np.float32(shape.hub[0]),
        y=y + np.float32(shape.hub[1]),
        u=(np.hypot(x, y) / at).astype(np.float32),
        v=v.astype(np.float32),
        cell=cell,
        frac=frac.astype(np.float32),
        margin=_distance([shape.termen], alpha, low, px_per_unit).ravel()[index],
        vein=_distance(shape.veins, alpha, low, px_per_unit).ravel()[index],
    )


def _distance(
    lines: tuple[Points, ...] | list[Points], alpha: NDArray[np.uint8], low: Points, scale: float
) -> NDArray[np.float32]:
    """Return the distance in units of every pixel from the nearest of the lines."""
    free = np.full(alpha.shape, 255, np.uint8)
    paths = [fixed((line - low) * scale) for line in lines]
    cv2.polylines(free, paths, isClosed=False, color=0, thickness=1, shift=SHIFT)
    return np.asarray(cv2.distanceTransform(free, cv2.DIST_L2, 5) / scale, np.float32)


@dataclass(frozen=True)
class Margin:
    """What the outer margin of a wing looks like."""

    n_cells: int
    scallop: float = 0.0
    tail: float = 0.0
    tail_width: float = 0.04
    tail_at: int = 4
    clubbed: bool = False


def forewing(trait: dict[str, float], margin: Margin) -> WingShape:
    """Return a right forewing; ``trait`` holds the numbers named in ``ground_plan.py``."""
    apex = _ray(trait["apex_deg"], 1.0)
    tornus = _ray(trait["tornus_deg"], trait["tornus_length"])
    top, bottom = np.array([0.0, -0.03]), np.array([0.0, 0.09])
    parts = [
        edge(top, apex, trait["costa"], 60, end_bulge=trait["costa"] * 1.5),
        edge(apex, tornus, trait["falcate"], 60, end_bulge=trait["termen"]),
        edge(tornus, bottom, 0.02, 60, end_bulge=trait["inner"]),
        edge(bottom, top, 0.0, 12),
    ]
    return _assemble(parts, trait["apex_round"], margin, (-0.07, 0.02), 0.52)


def hindwing(trait: dict[str, float], margin: Margin) -> WingShape:
    """Return a right hindwing, root at the origin; most of its costa lies under the forewing."""
    reach = trait["hind_length"]
    apex = _ray(trait["hind_apex_deg"], reach * trait["hind_width"])
    anal = _ray(trait["hind_anal_deg"], reach * trait["hind_anal"])
    middle = _ray(
        (trait["hind_apex_deg"] + trait["hind_anal_deg"]) * 0.46, reach * trait["hind_bulge"]
    )
    top, bottom = np.array([0.0, -0.05]), np.array([-0.02, 0.12])
    outer = spline([apex, middle, anal], 70)
    parts = [
        edge(top, apex, 0.10, 60),
        outer[:-1],
        edge(anal, bottom, 0.13, 60),
        edge(bottom, top, 0.0, 12),
    ]
    return _assemble(parts, trait["hind_round"], margin, (-0.09, -0.01), 0.46)


def _ray(angle_deg: float, length: float) -> Points:
    """Return the point at an angle above the horizontal."""
    turn = np.radians(angle_deg)
    return np.array([np.cos(turn), -np.sin(turn)]) * length


def _assemble(
    parts: list[Points], roundness: float, margin: Margin, hub: tuple[float, float], cell_end: float
) -> WingShape:
    """Return the rounded wing with scallops and tail."""
    start = resample_closed(np.concatenate(parts), N_OUTLINE)
    outline = smooth_closed(start, roundness)
    first, last = parts[1][0], parts[2][0]
    i = int(np.argmin(np.hypot(*(outline - first).T)))
    j = int(np.argmin(np.hypot(*(outline - last).T)))
    j = j if j > i else i + 60
    cells = np.linspace(0.0, 1.0, margin.n_cells + 1)[1:-1] ** 0.92 * 0.97
    plain = WingShape(outline, outline[i:j], hub, cells, (), cell_end)
    if margin.scallop:
        outline = outline.copy()
        outline[i:j] = _scalloped(plain, margin.scallop)
        plain = WingShape(outline, outline[i:j], hub, cells, (), cell_end)
    tails = _tails(plain, margin) if margin.tail > 0.02 else ()
    return WingShape(outline, outline[i:j], hub, cells, tails, cell_end)


def _scalloped(wing: WingShape, amount: float) -> Points:
    """Return the outer margin drawn in between the veins."""
    line = wing.termen
    low, high, _ = wing.polar
    rel = line - wing.hub
    v = 1 - (np.arctan2(-rel[:, 1], rel[:, 0]) - low) / (high - low)
    ends = np.concatenate([[0.0], wing.cells, [1.0]])
    cell = np.clip(np.searchsorted(ends, v, side="right") - 1, 0, len(ends) - 2)
    frac = np.clip((v - ends[cell]) / np.diff(ends)[cell], 0, 1)
    fade = np.sin(np.linspace(0, np.pi, len(line))) ** 0.5
    return np.asarray(line - normals(line) * (amount * fade * np.sin(np.pi * frac))[:, None])


def _tails(wing: WingShape, margin: Margin) -> tuple[Points, ...]:
    """Return the tail at the end of a vein, leaning towards the body's end."""
    cell = min(margin.tail_at, len(wing.cells) - 1)
    root = wing.at(0.9, wing.cells[cell])
    out = wing.at(1.0, wing.cells[cell]) - root
    out = out / np.hypot(*out)
    lean = np.array([out[0] * 0.45, out[1] + 0.35])
    lean /= np.hypot(*lean)
    tip = root + out * margin.tail * 0.55 + lean * margin.tail * 0.62
    line = spline([root, root + out * margin.tail * 0.5, tip], 40)
    t = np.linspace(0, 1, 40)
    width = margin.tail_width * (1.0 + 2.6 * (1 - t) ** 5)
    width = width * (1 + 0.9 * np.exp(-(((t - 0.86) / 0.14) ** 2)) * margin.clubbed)
    width *= np.sqrt(np.clip(1 - ((t - 0.8) / 0.2).clip(0) ** 2, 0.02, 1))
    return (ribbon(line, width),)
