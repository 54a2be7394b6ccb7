"""How sure a figure is, and how far a confidence can be believed: numbers only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Statistic = Callable[..., Any]

N_RESAMPLES = 2000
TENTHS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SEED = 0
_AT_ONCE = 1 << 21
"""Numbers that are resampled at a time: 16 MiB."""


class Estimate(NamedTuple):
    """A figure with the interval that holds it in 95 of 100 samples.

    Attributes
    ----------
    value, low, high : float
        NaN where there is nothing to measure; an interval needs two values.
    n : int
        Values that it was made of; those that are not a number are left out.
    """

    value: float
    low: float
    high: float
    n: int


class Bin(NamedTuple):
    """Media of like confidence.

    Attributes
    ----------
    low, high : float
        Confidence from and to.
    confidence, measured : float
        Means over the media.
    n : int
        How many they are, at least 1.
    """

    low: float
    high: float
    confidence: float
    measured: float
    n: int


class Calibration(NamedTuple):
    """How far a confidence says what is measured.

    Attributes
    ----------
    bins : tuple of Bin
        Those that are not empty, least confident first.
    error : float
        Expected calibration error: the mean distance of the bins' confidence from
        what was measured, weighted by their media; NaN for no media.
    """

    bins: tuple[Bin, ...]
    error: float


def estimate(
    values: Sequence[float] | Floats, statistic: Statistic = np.mean, *, seed: int = SEED
) -> Estimate:
    """Return a statistic of some values with its 95 % interval.

    Parameters
    ----------
    values : sequence of float
        Not-a-numbers are left out.
    statistic : callable
        As ``numpy.mean``: of an array along ``axis``.
    seed : int
        The same seed draws the same resamples.

    Notes
    -----
    Percentile bootstrap [1]_ with 2,000 resamples. It is too narrow below some ten values.

    References
    ----------
    .. [1] Efron, B. & Tibshirani, R. (1993). An introduction to the bootstrap, ch. 13.

    Examples
    --------
    >>> estimate([0.5, 0.5, 0.5])
    Estimate(value=0.5, low=0.5, high=0.5, n=3)
    """
    known = np.asarray(values, np.float64).reshape(-1)
    known = known[~np.isnan(known)]
    n = len(known)
    if not n:
        return Estimate(np.nan, np.nan, np.nan, 0)
    value = float(statistic(known, axis=0))
    if n == 1:
        return Estimate(value, np.nan, np.nan, 1)
    draw = np.random.default_rng(seed)
    found = []
    left = N_RESAMPLES
    while left > 0:
        rows = max(1, min(left, _AT_ONCE // n))
        found.append(statistic(known[draw.integers(0, n, (rows, n))], axis=1))
        left -= rows
    low, high = np.percentile(np.concatenate(found), [2.5, 97.5])
    return Estimate(value, float(low), float(high), n)


def calibration(
    confidence: Sequence[float] | Floats, measured: Sequence[float] | Floats, n_bins: int = 10
) -> Calibration:
    """Return the reliability of a confidence, in bins of equal width from 0 to 1.

    Parameters
    ----------
    confidence, measured : sequence of float
        One a medium, in [0, 1]; ``measured`` is what the confidence foretells: an
        overlap, or 1 where an answer was right and 0 where it was wrong.
    n_bins : int
        A confidence of 1 falls into the last.

    References
    ----------
    .. [1] Guo, C. et al. (2017). On calibration of modern neural networks. ICML.
    """
    said, found = np.asarray(confidence, np.float64), np.asarray(measured, np.float64)
    if not len(said):
        return Calibration((), np.nan)
    places = np.clip(np.floor(said * n_bins), 0, n_bins - 1).astype(int)
    bins = []
    for place in np.unique(places):
        inside = places == place
        means = float(said[inside].mean()), float(found[inside].mean())
        bins.append(Bin(place / n_bins, (place + 1) / n_bins, *means, int(inside.sum())))
    error = sum(one.n * abs(one.confidence - one.measured) for one in bins) / len(said)
    return Calibration(tuple(bins), float(error))


def kept_surest(
    confidence: Sequence[float] | Floats,
    measured: Sequence[float] | Floats,
    statistic: Statistic = np.mean,
    shares: Sequence[float] = TENTHS,
) -> list[tuple[float, float, float]]:
    """Return what is measured if only the surest are kept.

    Parameters
    ----------
    confidence, measured : sequence of float
        One a medium.
    statistic : callable
        As ``numpy.mean``.
    shares : sequence of float
        Shares of the media to keep, rounded up to whole media.

    Returns
    -------
    list of tuple
        Share, the least confidence kept, and the statistic; empty for no media. Media of
        one confidence are kept or left together where a share would part them: kept.

    Examples
    --------
    >>> kept_surest([0.9, 0.2], [1.0, 0.0], shares=(0.5, 1.0))
    [(0.5, 0.9, 1.0), (1.0, 0.2, 0.5)]
    """
    said, found = np.asarray(confidence, np.float64), np.asarray(measured, np.float64)
    if not len(said):
        return []
    falling = np.sort(said)[::-1]
    curve = []
    for share in shares:
        least = falling[min(len(said), int(np.ceil(share * len(said) - 1e-9))) - 1]
        curve.append((float(share), float(least), float(statistic(found[said >= least], axis=0))))
    return curve
