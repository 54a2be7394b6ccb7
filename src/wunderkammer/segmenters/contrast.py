"""Contrast: what differs from the photograph's background, without any training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from wunderkammer.imaging.masks import confidence
from wunderkammer.imaging.resampling import shrink
from wunderkammer.segmenters import Segmented, Segmenter, registry

Floats = npt.NDArray[np.float32]

_LOOK_PX = 512
_BORDER = 0.04  # of the longer side: how wide a frame the background is looked for in
_MODE_SHARE = 0.12  # of the frame: what fills less is no background
_MAX_MODES = 3
_LIKE = 12.0  # distance of colours, as the eye sees it, of one background
_LIGHT = 0.7  # weight of lightness beside hue: shadows are no specimens
_LEAST = 6.0  # distance from the background that anything to be found must reach
_SAMPLE = 4  # every so many rows and columns the background is fitted on
_BIN = 6
_ENOUGH = 24  # sampled pixels, below which a background is taken as even
_FURTHEST = 36.0  # distances beyond are alike: what is bright does not hide what is pale
_STEEP = 6.0  # how fast probabilities rise at the threshold: to 0.95 at half as much again
_HUMBLE = 0.85  # overlap found over overlap expected, on synthetic specimens


@registry.register
class Contrast(Segmenter):
    """What differs in colour from the border of the photograph; needs no weights.

    Notes
    -----
    The commonest colours of the frame, up to three, are the background; each is
    fitted as a smooth surface over the whole photograph [1]_, so that uneven light
    does no harm. A pixel's distance from the nearest of them in CIE Lab, lightness
    weighing less for the sake of shadows, is cut by Otsu's threshold [2]_. For
    plain backgrounds only; labels and rulers are found as surely as specimens.

    References
    ----------
    .. [1] Soille, P. (2004). Morphological image analysis, 2nd ed. Springer;
       section 4.6 on uneven illumination.
    .. [2] Otsu, N. (1979). A threshold selection method from gray-level histograms.
       IEEE Transactions on Systems, Man, and Cybernetics 9(1), 62-66.
    """

    name: Literal["contrast"] = "contrast"
    version: Literal["1"] = "1"

    @property
    def input_px(self) -> int:
        """Longest side at which a photograph is looked at."""
        return _LOOK_PX

    def segment(self, images: Sequence[npt.NDArray[np.uint8]]) -> list[Segmented]:
        """Return what differs from the background of each image."""
        return [self._segmented(image) for image in images]

    def _segmented(self, image: npt.NDArray[np.uint8]) -> Segmented:
        import cv2

        small = shrink(image, _LOOK_PX)
        colours = cv2.cvtColor(small.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)
        lab = np.asarray(cv2.GaussianBlur(colours, (3, 3), 0), np.float32)
        lab *= np.array([_LIGHT, 1, 1], np.float32)
        probability = _probability(_from_background(lab))
        return Segmented(probability, _HUMBLE * confidence(probability))


def _from_background(lab: Floats) -> Floats:
    """Return the distance of each pixel's colour from the nearest background."""
    frame = _frame(lab)
    nearest = np.full(lab.shape[:2], np.inf, np.float32)
    for mode in _modes(frame):
        surface = _surface(lab, mode)
        apart = lab - surface
        nearest = np.minimum(nearest, np.sqrt(np.einsum("hwc,hwc->hw", apart, apart)))
    return nearest


def _frame(lab: Floats) -> Floats:
    """Return the colours along the border, shape (n, 3)."""
    height, width = lab.shape[:2]
    edge = max(1, round(_BORDER * max(height, width)))
    inside = np.zeros((height, width), np.bool_)
    inside[edge : height - edge, edge : width - edge] = True
    return lab[~inside]


def _modes(frame: Floats) -> list[Floats]:
    """Return the commonest colours of the frame, as long as they fill enough of it."""
    rest, modes = frame, list[Floats]()
    while len(modes) < _MAX_MODES and len(rest) >= max(1.0, _MODE_SHARE * len(frame)):
        bins = np.floor(rest / _BIN).astype(np.int64)
        bins -= bins.min(axis=0)
        sides = bins.max(axis=0) + 1
        keys = np.ravel_multi_index(tuple(bins.T), tuple(sides))
        most = np.bincount(keys).argmax()
        middle = np.median(rest[keys == most], axis=0)
        like = np.linalg.norm(rest - middle, axis=1) <= _LIKE
        if modes and like.sum() < _MODE_SHARE * len(frame):
            break
        modes.append(np.median(rest[like], axis=0).astype(np.float32))
        rest = rest[~like]
    return modes


def _surface(lab: Floats, mode: Floats) -> Floats:
    """Return one background as a quadratic surface, fitted three times to what resembles it."""
    height, width = lab.shape[:2]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    some = lab[::_SAMPLE, ::_SAMPLE].reshape(-1, 3)
    flat = np.ones((height, width), np.float32)
    terms = np.stack(
        [term[::_SAMPLE, ::_SAMPLE].ravel() for term in (flat, flat * x, flat * y)], axis=-1
    )
    terms = np.hstack([terms, terms[:, 1:] ** 2, terms[:, 1:2] * terms[:, 2:]])
    factors = np.zeros((6, 3), np.float32)
    for reach in (_LIKE, _LIKE, _LIKE / 2):
        like = np.linalg.norm(some - mode - terms @ factors, axis=1) <= reach
        if like.sum() < _ENOUGH:
            break
        left, right = terms[like].astype(np.float64), (some[like] - mode).astype(np.float64)
        stiff = np.diag([0.0, 1, 1, 1, 1, 1]) * 0.01 * len(some) + 1e-9 * np.eye(6)
        factors = np.linalg.solve(left.T @ left + stiff, left.T @ right).astype(np.float32)
    constant, *slopes = factors[:, None, None]
    along, across = slopes[0] * x[..., None], slopes[1] * y[..., None]
    along = along + slopes[2] * x[..., None] ** 2
    across = across + slopes[3] * y[..., None] ** 2
    twist = slopes[4] * (x * y)[..., None]
    return np.asarray(mode + constant + along + across + twist, np.float32)


def _probability(distance: Floats) -> Floats:
    """Turn distances into probabilities: a half at Otsu's threshold, or at the least visible."""
    import cv2

    scale = 255 / _FURTHEST
    grey = np.minimum(distance * np.float32(scale), 255).astype(np.uint8)
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    half = max(0.8 * threshold / scale, _LEAST)
    steep = np.float32(_STEEP / half)
    probability: Floats = 1 / (1 + np.exp(-steep * (distance - np.float32(half))))
    return probability
