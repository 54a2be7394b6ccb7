"""Symmetry: the axes about which a cut-out is its own mirror image, and its ends."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

N_AXES = 720
"""Axes that are compared: one every quarter of a degree."""


def mirror_scores(square: npt.NDArray[np.uint8]) -> Floats:
    """Return how well a square mirrors about each axis through its middle.

    Parameters
    ----------
    square : ndarray of uint8, shape (side, side, 4)
        Premultiplied, as :func:`wunderkammer.imaging.centring.centred` makes it.

    Returns
    -------
    ndarray of float64, shape (720,)
        Correlation with the mirror image, -1 to 1, for axes at 0, 0.25, ... degrees,
        counter-clockwise as seen from the axis that points right.
    """
    import cv2

    radius = square.shape[0] / 2
    middle = ((square.shape[1] - 1) / 2, (square.shape[0] - 1) / 2)
    n_radii = max(8, int(radius))
    polar = cv2.warpPolar(
        square.astype(np.float32), (n_radii, N_AXES), middle, radius, cv2.INTER_LINEAR
    ).astype(np.float64)
    # Rows are angles, clockwise as seen; farther rings are longer and count for more.
    rings = polar - polar.mean(axis=0, keepdims=True)
    rings *= np.sqrt(np.arange(n_radii) + 0.5)[None, :, None]
    rings[:, :, 3] *= 2  # the outline counts as much as the colours
    power = float((rings**2).sum())
    if power <= 0:
        return np.zeros(N_AXES)
    spectra = np.fft.rfft(rings, axis=0)
    mirrored = np.fft.irfft((spectra**2).sum(axis=(1, 2)), N_AXES)
    # Entry k holds the agreement about the axis at half of k steps, clockwise.
    return np.roll(mirrored[::-1], 1) / power


def principal_axis(alpha: npt.NDArray[np.uint8]) -> tuple[float, float]:
    """Return the long axis of a silhouette and how much longer it is than broad.

    Parameters
    ----------
    alpha : ndarray of uint8, shape (height, width)

    Returns
    -------
    angle_deg : float
        Counter-clockwise as seen from the axis that points right, in [-90, 90].
    elongation : float
        0 for round, 1 for a line: (long - short) / (long + short) of the second moments.
    """
    rows, columns = np.nonzero(alpha >= 128) if (alpha >= 128).any() else np.nonzero(alpha)
    x, y = columns - columns.mean(), rows.mean() - rows
    across, down, both = float((x * x).mean()), float((y * y).mean()), float((x * y).mean())
    angle = 0.5 * np.degrees(np.arctan2(2 * both, across - down))
    length = np.hypot(across - down, 2 * both) / max(across + down, 1e-9)
    return float(angle), float(length)


def head_up(alpha: npt.NDArray[np.uint8], angle_deg: float) -> float:
    """Return how much the upper end of a silhouette, set upright, looks like the head's.

    Parameters
    ----------
    alpha : ndarray of uint8, shape (height, width)
    angle_deg : float
        How far it is turned from upright, counter-clockwise as seen.

    Returns
    -------
    float
        -1 to 1; negative where the head is rather below.

    Notes
    -----
    Where it is broader than long, as with spread wings, the tips of the wings lie
    towards the head; where it is longer, the end that tapers farther is taken.
    """
    rows, columns = np.nonzero(alpha >= 128) if (alpha >= 128).any() else np.nonzero(alpha)
    x, y = columns - columns.mean(), rows.mean() - rows
    cosine, sine = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    aside, up = x * cosine + y * sine, y * cosine - x * sine
    terms = aside**4 * up if (aside**2).mean() > (up**2).mean() else up**3
    return float(terms.sum() / max(np.abs(terms).sum(), 1e-9))


def symmetric_near(scores: Floats, angle_deg: float, within_deg: float) -> tuple[float, float]:
    """Return the best axis near a direction, between the axes that were compared.

    Parameters
    ----------
    scores : ndarray of float64, shape (720,)
        From :func:`mirror_scores`.
    angle_deg : float
        A direction, counter-clockwise as seen from the axis that points right.
    within_deg : float
        How far the axis may lie from it; 90 looks at all.

    Returns
    -------
    angle_deg : float
        The axis, as the direction along it that is nearest to the given one.
    score : float
        How well it mirrors.
    """
    step = 180.0 / N_AXES
    reach = min(int(within_deg / step), N_AXES // 2)
    start = round(angle_deg / step)
    places = np.arange(start - reach, start + reach + 1)
    place = int(places[np.argmax(scores[places % N_AXES])])
    found = (place + _between(scores, place)) * step
    return found, float(scores[place % N_AXES])


def _between(scores: Floats, place: int) -> float:
    """Return how far the peak lies beside its highest place, by a parabola: -0.5 to 0.5."""
    before, here, after = (float(scores[(place + k) % len(scores)]) for k in (-1, 0, 1))
    bend = before - 2 * here + after
    return 0.0 if bend >= 0 else float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))
