"""No split: every medium that is drawn is drawn for one purpose."""

from __future__ import annotations

from typing import Literal

from wunderkammer.sampling import Split, registry
from wunderkammer.sampling.pool import Pool


@registry.register
class NoSplit(Split):
    """One set, called 'drawn'."""

    name: Literal["none"] = "none"
    version: Literal["1"] = "1"

    def sets(self) -> tuple[str, ...]:
        """Return the one there is."""
        return ("drawn",)

    def divide(self, pool: Pool) -> None:
        """Put all into it."""
        pool.put(pool.inside, "drawn")
