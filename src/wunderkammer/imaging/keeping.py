"""The keep rule: which parts of a mask are specimens, and which of them belong together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.errors import ImageError
from wunderkammer.core.settings import Settings
from wunderkammer.imaging._furniture import Look, look
from wunderkammer.imaging._mending import filled, followed
from wunderkammer.imaging._parts import Part, box_overlap, gap, merged, parts_of, share_inside
from wunderkammer.imaging.masks import THRESHOLD, Mask, Probability

Image = npt.NDArray[np.uint8]
Reason = Literal[
    "label", "ruler", "colour card", "on the border", "far away", "too small", "not the main one"
]

_TORN = 0.15  # gap, in sides of the smaller part, that a pin or a dark band tears into one insect
_NEAR = 0.25  # the same, of wings from a body
_MIRROR_IMAGE = 0.75  # symmetry of an insect from above
_GAIN = 0.05  # by how much two halves together are more of a mirror image than each alone
_CUT_OFF = 0.25  # share of its outline on the border from which a further part is the setting


class KeepRule(Settings):
    """What counts as specimen among the parts of a mask.

    Shares of area refer to the photograph or to the largest specimen, as each
    field says; distances to the side of a square as large as that specimen.
    """

    threshold: float = Field(
        THRESHOLD,
        gt=0,
        lt=1,
        description="Probability from which a pixel counts as specimen.",
    )
    min_share: float = Field(
        0.0002,
        ge=0,
        lt=1,
        description="Area below which a part is dropped as noise, as a share of the photograph.",
    )
    furniture: bool = Field(
        True,
        description="Drop labels, rulers and colour cards, told by straight edges at right "
        "angles together with paper's colours, ticks or many flat hues.",
    )
    reach: float = Field(
        0.25,
        ge=0,
        description="How far from a specimen its loose pieces may lie (a leg, the tip of an "
        "antenna), in sides of a square of the specimen's area.",
    )
    several: bool = Field(
        True,
        description="Cut out every specimen of a photograph, each for itself; otherwise only "
        "the largest.",
    )
    several_share: float = Field(
        0.3,
        gt=0,
        le=1,
        description="Area from which a part can be a specimen of its own, as a share of the "
        "largest specimen's.",
    )
    several_probability: float = Field(
        0.6,
        ge=0,
        le=1,
        description="Mean probability from which a part can be a specimen of its own.",
    )
    apart: float = Field(
        0.8,
        ge=0,
        description="Distance from which parts of comparable area are two specimens whatever "
        "their shape, in sides of a square of the smaller one's area; nearer ones are one if "
        "only together they are their own mirror image, as two wings and unlike two insects.",
    )
    thin_probability: float = Field(
        0.2,
        gt=0,
        lt=1,
        description="Probability down to which parts a few pixels wide (antennae, legs) are "
        "followed outwards from a specimen.",
    )
    fill_share: float = Field(
        0.0005,
        ge=0,
        le=1,
        description="Area up to which a hole is always filled, as a share of its specimen's. "
        "Larger ones are filled only if the photograph does not show its background there.",
    )


@dataclass(frozen=True, slots=True)
class Dropped:
    """A part of the mask that is no specimen.

    Attributes
    ----------
    reason : str
        ``"label"``, ``"ruler"``, ``"colour card"``, ``"on the border"``, ``"far away"``,
        ``"too small"`` or ``"not the main one"``.
    left, top, width, height : int
        Its bounding box in pixels of the probability; all 0 for the many that are too small.
    area : int
        Pixels; for those too small, how many parts there were.
    """

    reason: Reason
    left: int
    top: int
    width: int
    height: int
    area: int


@dataclass(frozen=True, eq=False)
class Kept:
    """The specimens of a photograph.

    Attributes
    ----------
    masks : list of ndarray of bool, shape (h, w)
        One a specimen, top to bottom, then left to right.
    touches_border : list of float
        For each specimen, the share of its outline that lies on the photograph's
        border, in [0, 1].
    dropped : list of Dropped
        What was left out, largest first.
    """

    masks: list[Mask] = field(default_factory=list)
    touches_border: list[float] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)


def specimens(probability: Probability, image: Image, rule: KeepRule) -> Kept:
    """Return one mask a specimen: without furniture, loose pieces included, holes filled.

    Parameters
    ----------
    probability : ndarray of float32, shape (h, w)
        How likely each pixel belongs to a specimen.
    image : ndarray of uint8, shape (h, w, 3)
        The photograph at the same size, RGB.
    rule : KeepRule
        What counts as specimen.

    Returns
    -------
    Kept
        No masks where nothing was found.

    Raises
    ------
    ImageError
        If the two differ in size.

    Notes
    -----
    Connected parts above the threshold are looked at one by one. Furniture goes
    first. Of the rest the largest, its parts on the border counting less, is a
    specimen; others of comparable area are specimens of their own or belong to
    one that is there (see :attr:`KeepRule.apart`); smaller ones belong to the
    nearest specimen or, when none is near, to none.
    """
    if probability.shape != image.shape[:2]:
        raise ImageError(
            f"the probabilities have {probability.shape[1]} x {probability.shape[0]} pixels, and "
            f"the photograph {image.shape[1]} x {image.shape[0]}.",
            hint="Shrink the photograph to the size of the probabilities.",
        )
    found = probability >= rule.threshold
    parts, n_small = parts_of(found, max(1, round(rule.min_share * found.size)))
    candidates, dropped = _without_furniture(parts, image, rule)
    if not candidates:
        return Kept(dropped=_listed(dropped, n_small))
    large, small = _by_size(candidates, probability, rule, dropped)
    groups = _grouped(large, rule)
    groups = _with_pieces(groups, small, rule, dropped)
    if not rule.several:
        main = max(range(len(groups)), key=lambda i: merged(groups[i]).area)
        others = [part for i, group in enumerate(groups) if i != main for part in group]
        dropped += [_drop(part, "not the main one") for part in others]
        groups = [groups[main]]
    whole = _in_reading_order([merged(group) for group in groups])
    masks = [_placed(part, found.shape) for part in whole]
    masks = [filled(mask, probability, image, rule.fill_share) for mask in masks]
    taken = found | np.any(masks, axis=0)
    faint = probability >= min(rule.thin_probability, rule.threshold)
    masks = [followed(mask, faint & (mask | ~taken)) for mask in masks]
    return Kept(masks, [_touching(mask) for mask in masks], _listed(dropped, n_small))


def _without_furniture(
    parts: list[Part], image: Image, rule: KeepRule
) -> tuple[list[Part], list[Dropped]]:
    """Return the parts that are not furniture, and those that are with what they are."""
    if not rule.furniture:
        return parts, []
    looks = {part: look(part, image) for part in parts if part.measurable}
    reasons = {part: _furniture(seen) for part, seen in looks.items()}
    rest = [part for part in parts if not reasons.get(part)]
    discs = [part for part in rest if part in looks and _is_disc(looks[part])]
    if any(part in looks and part not in discs for part in rest):
        reasons |= dict.fromkeys(discs, "label")
    dropped = [_drop(part, why) for part, why in reasons.items() if why]
    return [part for part in parts if not reasons.get(part)], dropped


def _is_disc(seen: Look) -> bool:
    """Tell whether a part looks like a round label; a pale beetle can, if it stands alone."""
    return seen.round >= 0.85 and seen.flat >= 0.3 and seen.lightness >= 60


def _furniture(seen: Look) -> Reason | None:
    """Return what kind of furniture a part is, if it is any."""
    long = seen.aspect >= 4 and seen.rectangular >= 0.7
    if seen.straight >= 0.7 and seen.n_hues >= 4 and seen.rectangular >= 0.7:
        return "colour card"
    if long and seen.straight >= 0.65 and (seen.ticks >= 0.4 or seen.paper):
        return "ruler"
    block = seen.straight >= 0.75 and seen.rectangular >= 0.8 and seen.flat >= 0.3
    paper = seen.straight >= 0.65 and seen.paper
    sheet = seen.straight >= 0.45 and seen.paper and seen.flat >= 0.8 and seen.lightness >= 80
    return "label" if block or paper or sheet else None


def _by_size(
    parts: list[Part], probability: Probability, rule: KeepRule, dropped: list[Dropped]
) -> tuple[list[Part], list[Part]]:
    """Return the parts that can be specimens of their own, the main one first, and the others."""
    touching = {part: _along_border(part, probability.shape) for part in parts}
    main = max(parts, key=lambda part: part.area * (1 - touching[part]))
    inner = [part for part in parts if part is main or touching[part] < _CUT_OFF]
    dropped += [_drop(part, "on the border") for part in parts if part not in inner]
    large = [
        part
        for part in inner
        if part.area >= rule.several_share * main.area
        and probability[part.window][part.mask].mean() >= rule.several_probability
    ]
    large = [main, *(part for part in large if part is not main)]
    return large, [part for part in inner if part not in large]


def _along_border(part: Part, shape: tuple[int, ...]) -> float:
    """Return the share of a part's outline that lies within a fiftieth of the border."""
    edge = 0.02 * max(shape)
    x, y = part.outline[:, 0], part.outline[:, 1]
    near = (x < edge) | (y < edge) | (x >= shape[1] - edge) | (y >= shape[0] - edge)
    return float(near.mean())


def _grouped(parts: list[Part], rule: KeepRule) -> list[list[Part]]:
    """Put parts of comparable area together that are one specimen: all, or pair by pair."""
    if len(parts) > 2 and _are_wings_and_body(parts):
        return [parts]
    groups: list[list[Part]] = []
    for part in parts:
        home = next((g for g in groups if _are_one(merged(g), part, rule)), None)
        if home is None:
            groups.append([part])
        else:
            home.append(part)
    return groups


def _are_wings_and_body(parts: list[Part]) -> bool:
    """Tell whether parts are a mirror image only together, or four wings around a body."""
    symmetry = merged(parts).symmetry
    if symmetry > max(part.symmetry for part in parts) + _GAIN:
        return True
    near = _NEAR * np.sqrt(np.median([part.area for part in parts]))
    around = (all(gap(body, part) <= near for part in parts if part is not body) for body in parts)
    return bool(len(parts) > 3 and symmetry >= _MIRROR_IMAGE and any(around))


def _are_one(one: Part, other: Part, rule: KeepRule) -> bool:
    """Tell whether two parts are one specimen, such as two wings whose body was not seen."""
    smaller, larger = sorted((one, other), key=lambda part: part.area)
    if share_inside(smaller, larger.hull) >= 0.5 or box_overlap(one, other) >= 0.5:
        return True
    distance = gap(one, other) / np.sqrt(smaller.area)
    if distance > rule.apart or distance <= _TORN:
        return bool(distance <= _TORN)
    return merged([one, other]).symmetry > max(one.symmetry, other.symmetry) + _GAIN


def _with_pieces(
    groups: list[list[Part]], small: list[Part], rule: KeepRule, dropped: list[Dropped]
) -> list[list[Part]]:
    """Give each small part to the specimen it is nearest to, or drop it as far away."""
    homes = [merged(group) for group in groups]
    wholes = [list(group) for group in groups]
    for part in small:
        gaps = [gap(part, home) for home in homes]
        nearest = int(np.argmin(gaps))
        home = homes[nearest]
        near = gaps[nearest] <= rule.reach * np.sqrt(home.area)
        if near or share_inside(part, home.hull) >= 0.5:
            wholes[nearest].append(part)
        else:
            dropped.append(_drop(part, "far away"))
    return wholes


def _in_reading_order(parts: list[Part]) -> list[Part]:
    """Sort specimens top to bottom, those beside one another left to right."""
    rows: list[list[Part]] = []
    for part in sorted(parts, key=lambda part: part.top + part.mask.shape[0] / 2):
        middle = part.top + part.mask.shape[0] / 2
        first = rows[-1][0] if rows else None
        if first is not None and middle < first.top + first.mask.shape[0]:
            rows[-1].append(part)
        else:
            rows.append([part])
    return [part for row in rows for part in sorted(row, key=lambda part: part.left)]


def _placed(part: Part, shape: tuple[int, ...]) -> Mask:
    mask = np.zeros(shape[:2], np.bool_)
    mask[part.window] = part.mask
    return mask


def _touching(mask: Mask) -> float:
    """Return the share of a mask's outline that lies on the border of the photograph."""
    padded = np.pad(mask, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    outline = mask & ~inner
    on_border = int(outline.sum()) - int(outline[1:-1, 1:-1].sum())
    return on_border / max(1, int(outline.sum()))


def _drop(part: Part, reason: Reason) -> Dropped:
    height, width = part.mask.shape
    return Dropped(reason, part.left, part.top, width, height, part.area)


def _listed(dropped: list[Dropped], n_small: int) -> list[Dropped]:
    small = [Dropped("too small", 0, 0, 0, 0, n_small)] if n_small else []
    return sorted(dropped, key=lambda part: -part.area) + small
