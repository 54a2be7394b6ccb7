"""What every projection refuses."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import NotEnoughMediaError, StageError


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
