"""What every projection refuses."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import NotEnoughMediaError, StageError

_FLOWN_APART = 3.0
_FLOWN_APART_OF_FEW = 10.0
_MANY = 1_000


def refuse_nothing(n_train: int) -> None:
    """Refuse to place media on a map of none."""
    if not n_train:
        raise NotEnoughMediaError(
            "embedding: there is no medium to map, so that others could be placed among them.",
            hint="Get features of the media that are learned from.",
        )


def refuse_not_finite(features: npt.NDArray[np.float32]) -> None:
    """Refuse features that are infinite or no numbers; say of how many media."""
    n_bad = int((~np.isfinite(features).all(axis=1)).sum())
    if n_bad:
        raise StageError(
            f"embedding: the features of {n_bad:,} of {len(features):,} media are not finite.",
            hint="Run the features stage again for them.",
        )


def refuse_flown_apart(points: npt.NDArray[np.float64]) -> None:
    """Refuse a map in which a few points left all others in one spot."""
    distances = np.hypot(*(points - np.median(points, axis=0)).T)
    most = _FLOWN_APART if len(points) >= _MANY else _FLOWN_APART_OF_FEW
    limit = most * float(np.quantile(distances, 0.99))
    if not np.isfinite(distances).all() or distances.max() > limit > 0:
        raise StageError(
            f"embedding: the map flew apart: one point lies {distances.max():.3g} from the middle, "
            f"and 99 % within {limit / most:.3g}.",
            hint="Lower learning_rate or max_step_norm, or try another gradient.",
        )
