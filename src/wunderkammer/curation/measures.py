"""Measures: media that look suspicious before anybody has labelled one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.curation.media import MediaTable

_OUTLYING = 4.0
"""So many robust standard deviations from the middle a medium is unlike the others."""

_NORMAL = 1.4826
"""A standard deviation in median absolute deviations, of a normal distribution."""

_LEAST_SPREAD = 0.05
"""Of logarithms and of shares: where all are alike, 5 % more or less is no outlier."""

TINY_PX, BLURRED, DARK, STRETCHED = 128.0, 0.5, 0.2, 3.0
"""Bad by itself: shorter sides, sharpness and highlights below these, longer sides to shorter
ones above. Where it is so of many media, that is their nature and says nothing."""

_MANY, _MANY_OUTLIERS = 0.25, 0.1
_DIM = 0.5
"""A picture whose highlights reach half of white is not dark, however light the others are."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A medium that a person might look at.

    Attributes
    ----------
    media_id : str
    score : float
        In [0, 1], low = suspect.
    reason : str
        What is odd about it.
    """

    media_id: str
    score: float
    reason: str


def proposals(media: MediaTable) -> Mapping[str, Sequence[Proposal]]:
    """Return the media that measures make suspect, by queue, the most suspect first.

    Parameters
    ----------
    media : MediaTable
        With whatever columns there are; of a measure that was not taken nothing is proposed.

    Notes
    -----
    A medium is proposed where it is bad by itself (:data:`TINY_PX`, :data:`BLURRED`,
    :data:`DARK`, :data:`STRETCHED`) unless that holds for more than a quarter of all, or where
    it is far from the others: 4 robust standard deviations, median and median absolute deviation
    in place of mean and standard deviation [1]_, unless a tenth of all is. Nothing is labelled
    by it.

    References
    ----------
    .. [1] Leys, C., Ley, C., Klein, O., Bernard, P. & Licata, L. (2013). Detecting outliers.
       Journal of Experimental Social Psychology 49, 764-766.
    """
    found: dict[str, Callable[[MediaTable], Sequence[Proposal]]] = {
        "blurred": _blurred, "dark": _dark, "tiny": _tiny, "odd-aspect": _odd_aspect,
        "duplicates": _duplicates,
    }  # fmt: skip
    return {name: find(media) for name, find in found.items()}


def _blurred(media: MediaTable) -> list[Proposal]:
    sharpness = media.numbers("sharpness")
    suspect = _rarely(sharpness < BLURRED) | _outlying(-_deviation(sharpness))
    return _listed(media, suspect, sharpness, lambda row: f"sharpness {sharpness[row]:.2f} of 1")


def _dark(media: MediaTable) -> list[Proposal]:
    highlight = media.numbers("highlight")
    dim = _outlying(-_deviation(highlight)) & (highlight < _DIM)
    suspect = _rarely(highlight < DARK) | dim
    return _listed(
        media, suspect, highlight,
        lambda row: f"its lightest parts reach {highlight[row]:.0%} of white",
    )  # fmt: skip


def _tiny(media: MediaTable) -> list[Proposal]:
    width, height = media.numbers("width"), media.numbers("height")
    short = np.minimum(width, height)
    with np.errstate(divide="ignore"):
        suspect = _rarely(short < TINY_PX) | _outlying(-_deviation(np.log(short)))
    score = np.clip(short / max(float(np.nanmedian(short)), 1.0) if len(short) else short, 0, 1)
    return _listed(
        media, suspect, score, lambda row: f"{width[row]:.0f} x {height[row]:.0f} pixels"
    )


def _odd_aspect(media: MediaTable) -> list[Proposal]:
    with np.errstate(divide="ignore", invalid="ignore"):
        aspect = np.log(media.numbers("width") / media.numbers("height"))
    far = np.abs(_deviation(aspect))
    suspect = _outlying(far) | _rarely(np.abs(aspect) > np.log(STRETCHED))
    return _listed(
        media, suspect, 1 / (1 + far),
        lambda row: f"{max(1.0, np.exp(aspect[row])):.2g} : {max(1.0, np.exp(-aspect[row])):.2g}",
    )  # fmt: skip


def _duplicates(media: MediaTable) -> list[Proposal]:
    kept = media.column("duplicate_of").to_pylist()
    known = media.place
    return [
        Proposal(
            one, 0.0, "repeats a medium that is kept" + ("" if other in known else " elsewhere")
        )
        for one, other in zip(media.ids, kept, strict=True)
        if other
    ]


def _listed(
    media: MediaTable,
    suspect: npt.NDArray[np.bool_],
    score: Floats,
    reason: Callable[[int], str],
) -> list[Proposal]:
    """Return the suspect media, lowest score first, and by the lot among equal ones."""
    rows = np.flatnonzero(suspect)
    rows = rows[np.argsort(score[rows], kind="stable")]
    return [
        Proposal(media.ids[row], float(np.clip(score[row], 0, 1)), reason(row))
        for row in rows.tolist()
    ]


def _outlying(deviation: Floats) -> npt.NDArray[np.bool_]:
    """Return what is far from the others; where that is a group, it is no outlier."""
    return _rarely(deviation > _OUTLYING, _MANY_OUTLIERS)


def _rarely(bad: npt.NDArray[np.bool_], many: float = _MANY) -> npt.NDArray[np.bool_]:
    """Return what is bad, or nothing where much is."""
    return bad if bad.sum() <= many * len(bad) else np.zeros_like(bad)


def _deviation(values: Floats) -> Floats:
    """Return how many robust standard deviations each value is from the middle; NaN stays."""
    known = values[np.isfinite(values)]
    if not len(known):
        return np.full(len(values), np.nan)
    middle = float(np.median(known))
    spread = max(_NORMAL * float(np.median(np.abs(known - middle))), _LEAST_SPREAD)
    return np.asarray((values - middle) / spread)
