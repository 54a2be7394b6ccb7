"""Registration: whether two pictures are the same one, laid over each other first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.float32]

SIDE_PX = 256
"""Side of the squares that are compared."""

_RIM_PX = 12
_DETAIL_PX = 8.0
_PATCH_PX = 24
_MOST_SHIFT = 0.08


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two pictures agree where they are laid over each other.

    Attributes
    ----------
    correlation : float
        Of their detail, -1 to 1; 1 for a copy.
    worst_patch : float
        Largest share of a patch's detail that only one of them has, about 0 to 2;
        0 for a copy. It finds the one digit in which two labels differ.
    """

    correlation: float
    worst_patch: float


def agreement(first: Grey, second: Grey) -> Agreement:
    """Return how well two pictures agree, as they lie and after small moves of the second.

    Parameters
    ----------
    first, second : ndarray of float32, shape (256, 256)
        Luma, 0 to 255, from :func:`wunderkammer.imaging.perceptual_hash.grey_square`.

    Returns
    -------
    Agreement
        Of the better of the two ways to lay them. Both are compared without
        their coarse light and shade (blur of 8 pixels), each to its own
        contrast; so a brighter copy is a copy.

    Notes
    -----
    The second is moved, stretched and sheared by the affine map that maximises
    the correlation coefficient [1]_, to make good a trimmed margin. Moves of
    more than 8 % are not believed. Turned and mirrored copies are not found.

    References
    ----------
    .. [1] Evangelidis, G. D., Psarakis, E. Z. (2008). Parametric image alignment
           using enhanced correlation coefficient maximization. IEEE Transactions
           on Pattern Analysis and Machine Intelligence 30, 1858-1865.

    Examples
    --------
    >>> noise = np.random.default_rng(0).normal(128, 30, (256, 256)).astype(np.float32)
    >>> agreement(noise, 0.9 * noise + 20).correlation > 0.999
    True
    """
    first, second = _soft(first), _soft(second)
    as_they_lie = _compared(first, second)
    if as_they_lie.correlation > 0.995 and as_they_lie.worst_patch < 0.02:
        return as_they_lie
    moved = _moved(first, second)
    if moved is None:
        return as_they_lie
    return max(as_they_lie, _compared(first, moved), key=lambda one: one.correlation)


def _moved(first: Grey, second: Grey) -> Grey | None:
    """Return the second laid over the first, or None where that does not succeed."""
    import cv2

    start = np.eye(2, 3, dtype=np.float32)
    whole = np.full((SIDE_PX, SIDE_PX), 255, np.uint8)
    stop = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 30, 1e-4)
    try:
        _, found = cv2.findTransformECC(first, second, start, cv2.MOTION_AFFINE, stop, whole, 3)
    except cv2.error:  # it does not converge on pictures that have nothing in common
        return None
    change = np.abs(found - np.eye(2, 3))
    if max(change[:, :2].max(), change[:, 2].max() / SIDE_PX) > _MOST_SHIFT:
        return None
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    shape = (SIDE_PX, SIDE_PX)
    moved = cv2.warpAffine(second, found, shape, flags=how, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(moved, np.float32)


def _compared(first: Grey, second: Grey) -> Agreement:
    """Compare detail place by place, without the rim that only one of them may have."""
    import cv2

    inner = slice(_RIM_PX, -_RIM_PX)
    a, b = _detail(first[inner, inner]), _detail(second[inner, inner])
    power_a, power_b = float((a * a).mean()), float((b * b).mean())
    if min(power_a, power_b) < 1e-6:
        return Agreement(0.0, 2.0)
    correlation = float((a * b).mean()) / (power_a * power_b) ** 0.5
    b = b * np.float32((power_a / power_b) ** 0.5)
    window = (_PATCH_PX, _PATCH_PX)
    differing = cv2.blur((a - b) ** 2, window)
    present = cv2.blur(a * a + b * b, window) + power_a
    return Agreement(correlation, float((differing / present).max()))


def _soft(grey: Grey) -> Grey:
    """Return a picture without the noise of single pixels."""
    import cv2

    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), np.float32)


def _detail(grey: Grey) -> Grey:
    """Return a picture without its coarse light and shade."""
    import cv2

    return np.asarray(grey - cv2.GaussianBlur(grey, (0, 0), _DETAIL_PX), np.float32)
