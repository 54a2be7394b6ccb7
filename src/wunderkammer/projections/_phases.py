"""The phases of a descent."""

from __future__ import annotations

from dataclasses import dataclass

LOOK_EVERY = 50
"""Iterations after which the divergence is computed."""


@dataclass(frozen=True, slots=True)
class Phase:
    """Iterations with one strength of attraction.

    Attributes
    ----------
    n_iter : int
    exaggeration : float
    momentum : float
    may_stop : bool
        Whether it ends where the divergence no longer falls.
    """

    n_iter: int
    exaggeration: float
    momentum: float
    may_stop: bool = False
