"""What an ensemble draws at random: of the media's own features, so that order is nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import StageError

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.uint64]


def marks_of(rows: Floats, seed: int) -> Marks:
    """Return a random number for each medium that depends on its features and the seed alone."""
    start = hashlib.sha256(f"ensemble\x1f{seed}\x1f".encode())
    found = np.empty(len(rows), np.uint64)
    for place, row in enumerate(np.asarray(rows, np.float32)):
        one = start.copy()
        one.update(row.tobytes())
        found[place] = int.from_bytes(one.digest()[:8], "little")
    return found


def folds_of(marks: Marks, codes: Codes, groups: Iterable[Any] | None, n_folds: int) -> Codes:
    """Return the fold of each medium: groups are dealt out class by class, in seeded order."""
    names = [None] * len(codes) if groups is None else list(groups)
    if len(names) != len(codes):
        raise StageError(f"ensemble: {len(names):,} groups came for {len(codes):,} media.")
    first: dict[Any, int] = {}
    of_group = [(place,) if one in (None, "") else one for place, one in enumerate(names)]
    for place in np.argsort(marks, kind="stable").tolist():
        first.setdefault(of_group[place], place)
    dealt = sorted(first, key=lambda one: (codes[first[one]], marks[first[one]]))
    fold = {one: place % n_folds for place, one in enumerate(dealt)}
    return np.array([fold[one] for one in of_group], np.int64)


def weights_of(marks: Marks, n_members: int, bootstrap: float) -> Floats:
    """Return the weight of each medium in each member, shape (n_members, n), 1 on average.

    Mixed out of the media's own numbers by the finaliser of splitmix64.
    """
    steps = np.arange(1, n_members + 1, dtype=np.uint64)[:, None]
    mixed = marks[None] + steps * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    uniform = ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53
    return np.asarray(1 + bootstrap * (-np.log(uniform) - 1))


def strength_of(member: int, strengths: Sequence[float], seed: int) -> float:
    """Return a member's own strength: each once, shuffled, before one comes again."""
    turn, place = divmod(member, len(strengths))
    order = np.random.default_rng([seed, turn, 1]).permutation(len(strengths))
    return strengths[int(order[place])]
