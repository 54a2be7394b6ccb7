"""The protocol of Kew's herbarium study: three tests that get harder."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError
from wunderkammer.sampling import Split, registry
from wunderkammer.sampling.classes import Classes
from wunderkammer.sampling.pool import Pool
from wunderkammer.sampling.ranking import Mask, nearest_count, ranks, smallest
from wunderkammer.sampling.words import words

_LISTED = 12


@registry.register
class Kew(Split):
    """Test on unseen specimens, on unseen species, and on unseen institutions [1]_.

    In this order: at most ``cap`` of each species; those of other institutions
    are the set 'institutions'; a share of the species that are left, whole, is
    the set 'species'; a share of what is left then is the set 'random'; the
    rest is 'train'. A genus of which one is left trains nothing and is left out,
    and from all three tests what is of a genus that is not trained on.

    References
    ----------
    .. [1] Walker, B. E., Tucker, A., and Nicolson, N. (2022). Harnessing
       large-scale herbarium image datasets through representation learning.
       Frontiers in Plant Science 12, 806407.
    """

    name: Literal["kew"] = "kew"
    version: Literal["1"] = "1"
    cap: int = Field(25, ge=0, description="At most so many of each species; 0: all.")
    train_institutions: Annotated[tuple[str, ...], BeforeValidator(words)] = Field(
        ("NY", "NYBG", "New York Botanical Garden"),
        min_length=1,
        description="Institutions that are trained on, as the collection spells them; capitals do "
        "not matter. All others are a test.",
    )
    species_share: float = Field(
        0.1, ge=0, lt=1, description="Share of the species that is kept from training."
    )
    random_share: float = Field(
        0.1, ge=0, lt=1, description="Share of what is left then that is kept from training."
    )

    def sets(self) -> tuple[str, ...]:
        """Return the set that trains, then the tests from the easiest to the hardest."""
        return ("train", "random", "species", "institutions")

    def divide(self, pool: Pool) -> None:
        """Follow the protocol, step by step.

        Raises
        ------
        ConfigurationError
            If no medium is of an institution that is trained on.
        NotEnoughMediaError
            If no name of a species is there, or nothing is left to train on.
        """
        pool.keep_known("species", "no species name")
        if not pool.inside.any():
            raise NotEnoughMediaError("sample: no medium that is drawn has the name of a species.")
        self._check_institutions(pool)
        pool.keep_known(pool.institution, "no institution")
        if self.cap:
            pool.cap("species", self.cap)
        self._hold_out_institutions(pool)
        self._hold_out_species(pool)
        self._hold_out_some(pool)
        self._train(pool)

    def _check_institutions(self, pool: Pool) -> None:
        """Refuse a pool without a unit of an institution that is trained on."""
        classes = pool.columns[pool.institution]
        present = classes.codes[pool.inside & classes.known]
        if not self._trains(classes)[present].any():
            names = sorted(classes.names.take(np.unique(present)).to_pylist())
            raise ConfigurationError(
                f"sample: no medium is of {' or '.join(self.train_institutions)}, which "
                f"'train_institutions' names. '{pool.institution}' holds: "
                f"{', '.join(names[:_LISTED]) or 'nothing'}.",
                hint="Write the institution that is trained on as it stands there, or name "
                "another column as 'institution'.",
            )

    def _trains(self, institutions: Classes) -> Mask:
        """Return which institutions are trained on."""
        wanted = {name.casefold() for name in self.train_institutions}
        names = institutions.names.to_pylist()
        return np.array([name.casefold() in wanted for name in names], dtype=np.bool_)

    def _hold_out_institutions(self, pool: Pool) -> None:
        classes = pool.columns[pool.institution]
        away = pool.inside.copy()
        away[away] = ~self._trains(classes)[classes.codes[away]]
        pool.put(away, "institutions")
        pool.note("institutions held out")

    def _hold_out_species(self, pool: Pool) -> None:
        classes = pool.columns["species"]
        present = np.unique(classes.codes[pool.inside])
        rank = ranks(pool.seed, "species", classes.names.take(present))
        chosen = present[smallest(rank, nearest_count(self.species_share, len(present)))]
        pool.put(np.isin(classes.codes, chosen), "species")
        pool.note("species held out")

    def _hold_out_some(self, pool: Pool) -> None:
        which = pool.inside
        n = nearest_count(self.random_share, int(which.sum()))
        held = which.copy()
        held[which] = smallest(pool.rank("random", which), n)
        pool.put(held, "random")
        pool.note("random held out")

    def _train(self, pool: Pool) -> None:
        genera = pool.columns["genus"].with_empty()
        sizes = np.bincount(genera.codes[pool.inside], minlength=len(genera.names))
        pool.leave_out(sizes[genera.codes] < 2, "alone in its genus")
        pool.withdraw(sizes[genera.codes] < 2, "genus not in train")
        pool.note("alone in its genus")
        if not pool.inside.any():
            raise NotEnoughMediaError(
                "sample: nothing is left to train on: no genus has two of them after the tests "
                "were taken out.",
                hint="Lower species_share or random_share, or raise cap.",
            )
        pool.put(pool.inside, "train")
