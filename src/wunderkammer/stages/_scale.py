"""True scale: how large specimens are beside each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import ConfigurationError, StageError
from wunderkammer.core.inputs import Inputs
from wunderkammer.stages import _picture

COLUMNS = ("cutout_width_mm", "cutout_height_mm")

Floats = npt.NDArray[np.float64]


def longest_sides(
    inputs: Inputs, picture: _picture.Name, size_range: float, old: Floats | None = None
) -> tuple[Floats, dict[str, float]]:
    """Return the longest side of each sprite in median ones, and what is known of the scale.

    Parameters
    ----------
    inputs : Inputs
        With the :data:`COLUMNS` and those of the picture's shape.
    picture : str
        A cut-out or upright image.
    size_range : float
        How many times the median the largest may be, and how many times less the smallest.
    old : ndarray of float64, shape (n, 2), optional
        Widths and heights of the last time, NaN where new: the scale stays theirs.

    Returns
    -------
    longest : ndarray of float64, shape (n,)
        1 where no scale is known.
    quality : dict
        ``n_without_scale``, ``n_drawn_in`` (beyond the range), ``mm_per_unit``.

    Raises
    ------
    ConfigurationError
        If the picture is the photograph, which has no scale of its own.
    StageError
        If no medium has a scale.
    """
    if picture in ("", "image"):
        raise ConfigurationError(
            "layout: size_range shows specimens in true scale, and photographs have none.",
            hint="Set picture to cutout or upright, or size_range to 1.",
        )
    sides_mm = _sides_mm(inputs, picture)
    known = np.isfinite(sides_mm)
    if len(known) and not known.any():
        raise StageError(
            f"layout: size_range shows specimens in true scale, and none of {len(known):,} media "
            "has one.",
            hint="Set px_per_mm in [cutout], or state it in the records; or set size_range to 1.",
        )
    unit_mm = _unit_mm(sides_mm, known, size_range, old)
    found = np.where(known, sides_mm / unit_mm, 1.0)
    longest = np.clip(found, 1 / size_range, size_range)
    return longest, {
        "n_without_scale": float((~known).sum()),
        "n_drawn_in": float((found != longest).sum()),
        "mm_per_unit": unit_mm,
    }


def _sides_mm(inputs: Inputs, picture: _picture.Name) -> Floats:
    """Return the longest side of each specimen as it is shown, NaN where it is not known.

    Millimetres are of the specimen as it lay in the photograph. Turned, an ellipse keeps
    the root of the sum of squares of its two sides: they follow from the new aspect.
    """
    sides = np.column_stack([inputs.numbers(name) for name in COLUMNS])
    sides[~(sides > 0).all(axis=1)] = np.nan
    if picture == "cutout":
        return np.asarray(sides.max(axis=1))
    aspects = _picture.aspects(picture, inputs)
    return np.asarray(np.hypot(*sides.T) * np.maximum(aspects, 1) / np.hypot(aspects, 1))


def _unit_mm(
    sides_mm: Floats, known: npt.NDArray[np.bool_], size_range: float, old: Floats | None
) -> float:
    """Return the millimetres of an atlas unit: the median specimen, or what they were before."""
    if old is not None:
        longest = old.max(axis=1)
        inside = (longest > 1 / size_range * (1 + 1e-9)) & (longest < size_range * (1 - 1e-9))
        told = known & inside
        if told.any():
            return float(np.median(sides_mm[told] / longest[told]))
    return float(np.median(sides_mm[known])) if known.any() else 1.0
