"""Shares: so much to validate on, so much to test on, the rest to train on."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pyarrow as pa
from pydantic import Field, model_validator

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.sampling import Split, registry
from wunderkammer.sampling.pool import Pool
from wunderkammer.sampling.ranking import (
    Codes,
    Mask,
    Ranks,
    largest_remainder,
    portions,
    ranks,
    smallest_of_each,
)


@registry.register
class Shares(Split):
    """Sets 'train', 'validation' and 'test' by fractions; groups and classes are respected.

    Notes
    -----
    Where the sample has a class (``stratify``), every class is divided by the
    same fractions, as nearly as whole numbers allow: within each of the sets the
    counts of all classes are rounded together, by the largest remainder.
    """

    name: Literal["shares"] = "shares"
    version: Literal["1"] = "1"
    validation: float = Field(0.1, ge=0, lt=1, description="Fraction to validate on.")
    test: float = Field(0.1, ge=0, lt=1, description="Fraction to test on; the rest trains.")
    group: str = Field(
        "",
        description="Column whose equal values stay on one side, such as recordedBy or species; "
        "fractions then count groups. Empty: every unit is by itself.",
    )

    @model_validator(mode="after")
    def _leave_some_to_train(self) -> Shares:
        if self.validation + self.test >= 1:
            raise ConfigurationError(
                f"sample: validation = {self.validation} and test = {self.test} leave nothing to "
                "train on.",
                hint="They must sum to less than 1.",
            )
        return self

    def reads(self) -> tuple[str, ...]:
        """Return the column of groups."""
        return (self.group,) if self.group else ()

    def sets(self) -> tuple[str, ...]:
        """Return the three."""
        return ("train", "validation", "test")

    def divide(self, pool: Pool) -> None:
        """Draw the test set, then the validation set; the rest is for training."""
        which = pool.inside
        group_of, first, rank = self._groups(pool)
        classes, sizes, ties = pool.strata(which)
        classes = classes[first]
        sizes = np.bincount(classes, minlength=len(sizes))
        _, *wanted = portions(len(first), (self.test, self.validation))
        units = np.flatnonzero(which)
        side = np.full(len(first), "train", dtype=object)
        for name, n in zip(("test", "validation"), wanted, strict=True):
            free = np.flatnonzero(side == "train")
            left = np.bincount(classes[free], minlength=len(sizes))
            each = largest_remainder(left, n, ties)
            side[free[smallest_of_each(classes[free], rank[free], each)]] = name
            pool.put(_of(units[side[group_of] == name], which), name)
            pool.note(f"{name} held out")
        pool.put(pool.inside, "train")

    def _groups(self, pool: Pool) -> tuple[Codes, Codes, Ranks]:
        """Return each unit's group, each group's first unit, and each group's rank."""
        which = pool.inside
        n_units = int(which.sum())
        if not self.group:
            return np.arange(n_units), np.arange(n_units), pool.rank("split", which)
        groups = pool.columns[self.group]
        codes = groups.codes[which]
        lonely = codes < 0
        codes = np.where(lonely, len(groups.names) + np.arange(n_units), codes)
        _, first, group_of = np.unique(codes, return_index=True, return_inverse=True)
        names = pa.concat_arrays([groups.names, pool.ids.filter(pa.array(which))])
        rank = ranks(pool.seed, "split", names.take(pa.array(codes[first])))
        return group_of, first, rank


def _of(units: Codes, like: Mask) -> Mask:
    """Return places as a mask."""
    mask = np.zeros_like(like)
    mask[units] = True
    return mask
