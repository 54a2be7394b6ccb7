"""Wrong names in the records of specimens, the right ones kept beside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.testing.specimens.taxonomy import Taxon, Taxonomy

Within = Literal["", "family", "genus"]


@dataclass(frozen=True)
class Misnaming:
    """Which specimens are recorded under the name of another species.

    Parameters
    ----------
    taxonomy : Taxonomy
        Where the other names come from, always of the same group.
    share : float
        Of all specimens, 0 to 1; each is drawn for itself.
    within : str
        What a wrong name has in common with the right one: ``"genus"`` (another species of
        it), ``"family"`` (a species of another genus of it, as people confuse them), or
        nothing, ``""`` (a species of any other genus). Who has no such species keeps its name.
    seed : int
        Fixes who, and which name.

    Raises
    ------
    ConfigurationError
        If the share is not between 0 and 1.

    Examples
    --------
    >>> from wunderkammer.testing import Taxonomy
    >>> tree = Taxonomy.generate(2, groups=("moth",))
    >>> moth = tree.taxa[0]
    >>> wrong = Misnaming(tree, share=1.0, within="family").recorded(moth, 0)
    >>> wrong.family == moth.family, wrong.genus == moth.genus
    (True, False)
    """

    taxonomy: Taxonomy
    share: float
    within: Within = ""
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        if not 0 <= self.share <= 1:
            raise ConfigurationError(
                f"misnaming: share = {self.share}: a share lies between 0 and 1."
            )

    def recorded(self, taxon: Taxon, i: int) -> Taxon:
        """Return the species that the record of specimen ``i`` names.

        Parameters
        ----------
        taxon : Taxon
            What it is.
        i : int
            Number of the specimen: the answer depends on nothing else.
        """
        rng = np.random.default_rng([self.seed, i, 4])
        others = self._others[taxon] if rng.random() < self.share else ()
        return others[int(rng.integers(len(others)))] if others else taxon

    @cached_property
    def _others(self) -> dict[Taxon, tuple[Taxon, ...]]:
        """The names that each species may get."""
        return {
            one: tuple(other for other in self.taxonomy.of(one.group) if self._may(one, other))
            for one in self.taxonomy.taxa
        }

    def _may(self, one: Taxon, other: Taxon) -> bool:
        """Say whether a species may be taken for another."""
        if self.within == "genus":
            return other.genus == one.genus and other != one
        related = self.within == "" or other.family == one.family
        return related and other.genus != one.genus
