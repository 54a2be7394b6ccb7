"""A map that grows: old media keep their places, new ones find theirs among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wunderkammer.core.inputs import Inputs
from wunderkammer.projections import Projection, Watch

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Optimise = Callable[[Floats | None], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class OldMap:
    """What is left of the map of before.

    Attributes
    ----------
    points : ndarray of float64, shape (n, 2)
        Places of the media that are there now; not a number where one has none.
    kept : ndarray of bool, shape (n,)
        Media whose features are those of then: they have a place.
    placed : ndarray of bool, shape (n,)
        Those of them that were put on the map when it was finished.
    """

    points: Floats
    kept: Flags
    placed: Flags

    @property
    def base(self) -> Flags:
        """Media that the map was optimised for: new ones are placed among these."""
        return self.kept & ~self.placed

    @property
    def n_since(self) -> int:
        """Media that came, or came back changed, since the map was last optimised."""
        return int((~self.base).sum())


def old_map(inputs: Inputs, columns: tuple[str, str, str]) -> OldMap | None:
    """Return the map of before (columns x, y, placed), if there is enough of it to go on from."""
    before = inputs.before
    if before is None:
        return None
    x, y, was_placed = (
        before[name].to_numpy().astype(np.float64) for name in columns
    )  # null is not a number
    kept = before["unchanged"].to_numpy().astype(bool) & np.isfinite(x) & np.isfinite(y)
    points = np.where(kept[:, None], np.column_stack([x, y]), np.nan)
    found = OldMap(points, kept, kept & (was_placed == 1))
    return found if found.base.any() else None


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """The map of now.

    Attributes
    ----------
    points : ndarray of float64, shape (n, 2)
    placed : ndarray of bool, shape (n,)
        Media that were put on a finished map.
    is_optimised : bool
        Whether it was optimised as a whole just now.
    note : str
        What a person should know.
    """

    points: Floats
    placed: Flags
    is_optimised: bool
    note: str = ""


def grown(
    old: OldMap,
    features: npt.NDArray[np.float32],
    projection: Projection,
    optimise: Optimise,
    *,
    most_new: float,
    asked_again: bool,
    n_threads: int = 1,
) -> Grown:
    """Return the map with what is new.

    Parameters
    ----------
    old : OldMap
    features : ndarray of float32, shape (n, n_features)
    projection : Projection
    optimise : callable
        Makes the map of all media from where it is told that they stand.
    most_new : float
        Share of media that may have come since the map was last optimised; beyond it,
        it is optimised again.
    asked_again : bool
        Whether it is optimised again in any case.
    n_threads : int, optional
    """
    n, new = len(features), ~old.kept
    points = old.points.copy()
    if new.any():
        base = old.base
        points[new] = projection.placed(
            features[base], old.points[base], features[new], n_threads=n_threads
        )
    if asked_again or old.n_since > most_new * n:
        why = "it was asked for" if asked_again else f"more than {most_new:.0%} are so"
        note = (
            f"{old.n_since:,} of {n:,} media were new since the map was last optimised; "
            f"{why}: it was optimised again, from where it stood"
        )
        return Grown(optimise(points), np.zeros(n, bool), is_optimised=True, note=note)
    note = ""
    if new.any():
        note = f"{int(new.sum()):,} new media were placed on the map; the others kept their places"
    return Grown(points, old.placed | new, is_optimised=False, note=note)


def sampled(
    features: npt.NDArray[np.float32],
    projection: Projection,
    n_optimised: int,
    *,
    n_threads: int = 1,
    watch: Watch,
) -> Grown:
    """Return a map that is optimised for some media, drawn by lot; the others are placed on it.

    Parameters
    ----------
    features : ndarray of float32, shape (n, n_features)
    projection : Projection
    n_optimised : int
        How many of them; others are placed as many at a time.
    n_threads : int, optional
    watch : callable
        Is told figures on the way.
    """
    n = len(features)
    drawn = np.sort(np.random.default_rng(0).permutation(n)[:n_optimised])
    placed = np.ones(n, bool)
    placed[drawn] = False
    base = features[drawn]
    points = np.empty((n, 2))
    points[drawn] = projection.project(base, n_threads=n_threads, watch=watch)
    others = np.flatnonzero(placed)
    for first in range(0, len(others), n_optimised):
        some = others[first : first + n_optimised]
        points[some] = projection.placed(base, points[drawn], features[some], n_threads=n_threads)
    note = (
        f"the map was optimised for {n_optimised:,} of {n:,} media, drawn by lot; the others were "
        "placed on it"
    )
    return Grown(points, placed, is_optimised=True, note=note)
