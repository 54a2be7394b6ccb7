"""Intervals: how far a figure would have moved with other specimens."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.metrics._labels import group_codes

LEVEL = 0.95
"""Share of the resampled figures that an interval holds."""

N_RESAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the interval that holds it in 95 of 100 samples, as far as one can tell.

    Attributes
    ----------
    value : float
        The figure of the media as they are.
    low, high : float
        The 2.5th and the 97.5th percentile of the resampled figures; of a share, see
        :func:`share_interval`.
    """

    value: float
    low: float
    high: float

    def figures(self) -> dict[str, float]:
        """Return the three numbers by name."""
        return asdict(self)


def percentile_interval(value: float, resampled: npt.ArrayLike) -> Interval:
    """Return a figure with the percentiles of its resamples; those without a value are left out."""
    found = np.asarray(resampled, np.float64)
    found = found[~np.isnan(found)]
    if not len(found):
        return Interval(float(value), float("nan"), float("nan"))
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(value), float(low), float(high))


def mean_interval(
    values: npt.ArrayLike,
    *,
    groups: Iterable[Any] | None = None,
    seed: int = 0,
    n_resamples: int = N_RESAMPLES,
) -> Interval:
    """Return the mean with its bootstrap interval.

    Parameters
    ----------
    values : array_like, shape (n,)
        One number for each medium; NaN is left out.
    groups : iterable, optional
        What each medium belongs to, such as its specimen. Whole groups are then drawn:
        two images of one specimen are not two witnesses.
    seed : int, optional
    n_resamples : int, optional

    Notes
    -----
    The percentile bootstrap [1]_: n media (or all groups) are drawn with replacement, and
    the interval is taken from the means that come out. It tells what another sample of the
    same kind would give, and nothing of another museum.

    References
    ----------
    .. [1] Efron, B. & Tibshirani, R. J. (1993). An Introduction to the Bootstrap, ch. 13.
    """
    numbers = np.asarray(values, np.float64)
    codes = group_codes(groups, len(numbers))
    there = ~np.isnan(numbers)
    numbers, codes = numbers[there], np.unique(codes[there], return_inverse=True)[1]
    if not len(numbers):
        return Interval(float("nan"), float("nan"), float("nan"))
    counts = np.bincount(codes).astype(np.float64)
    sums = np.bincount(codes, numbers)
    rng = np.random.default_rng(seed)
    means = np.empty(n_resamples)
    for i in range(n_resamples):
        drawn = rng.integers(0, len(sums), len(sums))
        means[i] = sums[drawn].sum() / counts[drawn].sum()
    return percentile_interval(float(numbers.mean()), means)


def share_interval(n_hits: float, n: float, *, level: float = LEVEL) -> Interval:
    """Return a share with Wilson's score interval: from counts, without resamples.

    Parameters
    ----------
    n_hits, n : float
        How many of how many. Of none, the share is NaN, and anything from 0 to 1 may be true.
    level : float, optional
        Share of such intervals that hold the true share.

    Notes
    -----
    The interval of [1]_: it stays within [0, 1], and is honest where all or none are hits,
    where the bootstrap's has no width. The n must be drawn independently of each other.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical
       inference. Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> found = share_interval(10, 10)
    >>> found.value, round(found.low, 3), found.high
    (1.0, 0.722, 1.0)
    """
    if n <= 0:
        return Interval(float("nan"), 0.0, 1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = n_hits / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Interval(share, low if n_hits > 0 else 0.0, high if n_hits < n else 1.0)
