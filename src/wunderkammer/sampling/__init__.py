"""Splits: on which side of a test each drawn medium stands."""

from __future__ import annotations

from wunderkammer.core.registry import Registry
from wunderkammer.core.settings import Settings
from wunderkammer.sampling.pool import Pool


class Split(Settings):
    """Base of all splits."""

    name: str
    version: str

    def reads(self) -> tuple[str, ...]:
        """Return the columns it looks at, beside names, institution and the class."""
        return ()

    def sets(self) -> tuple[str, ...]:
        """Return the names of the sets, in the order people expect them."""
        raise NotImplementedError

    def divide(self, pool: Pool) -> None:
        """Put every unit that is still in the pool into a set, or leave it out with a reason.

        Parameters
        ----------
        pool : Pool
            What was drawn; changed in place by its own methods. Every choice by
            lot goes through its ranks, so that one seed decides all of it.

        Raises
        ------
        WunderkammerError
            If what is in the pool cannot be divided so.
        """
        raise NotImplementedError


registry: Registry[Split] = Registry("sampling", "split")
