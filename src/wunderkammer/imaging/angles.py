"""Angles: differences on the circle, and what a set of errors amounts to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, overload

import numpy as np
import numpy.typing as npt

Degrees = npt.NDArray[np.float64]

UPSIDE_DOWN_DEG = 90.0
"""Errors beyond this leave a specimen's head below its middle."""


class AngularErrors(NamedTuple):
    """What a set of angular errors amounts to.

    Attributes
    ----------
    median_deg, p95_deg : float
        Median and 95th percentile of the errors without their sign, degrees.
    upside_down : float
        Share of errors beyond 90 degrees, in [0, 1].
    """

    median_deg: float
    p95_deg: float
    upside_down: float


@overload
def wrapped_deg(angle: float) -> float: ...
@overload
def wrapped_deg(angle: npt.ArrayLike) -> float | Degrees: ...
def wrapped_deg(angle: npt.ArrayLike) -> float | Degrees:
    """Return angles brought into [-180, 180) by whole turns; a float for a float.

    Examples
    --------
    >>> wrapped_deg(270.0), wrapped_deg(180.0), wrapped_deg(-180.0)
    (-90.0, -180.0, -180.0)
    """
    given = np.asarray(angle, np.float64)
    wrapped = np.mod(given + 180.0, 360.0) - 180.0
    # The remainder of a tiny negative number rounds up to the whole turn.
    wrapped = np.where(wrapped >= 180.0, -180.0, wrapped)
    # What is inside stays as it is, to the last bit.
    wrapped = np.where((given >= -180.0) & (given < 180.0), given, wrapped)
    return float(wrapped) if wrapped.ndim == 0 else np.asarray(wrapped, np.float64)


@overload
def difference_deg(a: float, b: float) -> float: ...
@overload
def difference_deg(a: npt.ArrayLike, b: npt.ArrayLike) -> float | Degrees: ...
def difference_deg(a: npt.ArrayLike, b: npt.ArrayLike) -> float | Degrees:
    """Return the turn that leads from ``b`` to ``a``, in [-180, 180).

    Parameters
    ----------
    a, b : float or array of float
        Degrees; any number of whole turns is of no account.

    Examples
    --------
    >>> difference_deg(170.0, -170.0)
    -20.0
    """
    return wrapped_deg(np.asarray(a, np.float64) - np.asarray(b, np.float64))


def summary(errors: Sequence[float] | Degrees) -> AngularErrors:
    """Return median, 95th percentile and share upside down of some angular errors.

    Parameters
    ----------
    errors : sequence of float
        Differences in degrees, with or without their sign. Of none, median and
        percentile are not a number and the share is 0.

    Examples
    --------
    >>> summary([1.0, -2.0, 3.0, 179.0]).upside_down
    0.25
    """
    sizes = np.abs(np.asarray(wrapped_deg(np.asarray(errors, np.float64).reshape(-1))))
    if not sizes.size:
        return AngularErrors(float("nan"), float("nan"), 0.0)
    return AngularErrors(
        float(np.median(sizes)),
        float(np.percentile(sizes, 95)),
        float((sizes > UPSIDE_DOWN_DEG).mean()),
    )
