"""The pool: the units of a draw, who is still in it, and why others are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.sampling.classes import Classes
from wunderkammer.sampling.ranking import (
    Codes,
    Mask,
    Ranks,
    largest_remainder,
    ranks,
    smallest,
    smallest_of_each,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a draw: its name, and how many media are still in the pool after it."""

    name: str
    n_media: int


class Pool:
    """The units of a draw: specimens, or media.

    Each unit is in the pool until it is put into a set or left out with a reason.

    Parameters
    ----------
    seed : int
        Decides every choice by lot.
    ids : pyarrow.Array of string
        Ids of the units.
    n_media : ndarray of int, shape (n_units,)
        Media of each unit.
    columns : mapping of str to Classes
        ``species``, ``genus`` and every column that a step looks at, a row a unit.
    institution : str
        Name of the column that says who keeps a specimen.
    stratify : str
        Name of the column whose shares are kept; empty: none.
    """

    def __init__(
        self,
        seed: int,
        ids: pa.Array,
        n_media: Codes,
        columns: Mapping[str, Classes],
        *,
        institution: str = "institutionCode",
        stratify: str = "",
    ) -> None:
        self.seed = seed
        self.ids = ids
        self.columns = columns
        self.institution = institution
        self.stratify = stratify
        self.sets = Outcomes(len(ids))
        self.reasons = Outcomes(len(ids))
        self.steps: list[Step] = []
        self._n_media = n_media

    @property
    def inside(self) -> Mask:
        """Which units are still in the pool."""
        return (self.sets.codes < 0) & (self.reasons.codes < 0)

    def rank(self, draw: str, which: Mask) -> Ranks:
        """Return the ranks of some units in a draw of this name."""
        return ranks(self.seed, draw, self.ids.filter(pa.array(which)))

    def put(self, which: Mask, name: str) -> None:
        """Put units that are in the pool into a set."""
        self.sets.say(which & self.inside, name)

    def leave_out(self, which: Mask, why: str) -> None:
        """Leave out units that are in the pool."""
        self.reasons.say(which & self.inside, why)

    def withdraw(self, which: Mask, why: str) -> None:
        """Take units out of the sets they were put into, and leave them out."""
        which = which & (self.sets.codes >= 0)
        self.sets.codes[which] = -1
        self.reasons.say(which, why)

    def note(self, step: str) -> None:
        """Note how many media are still in the pool after a step."""
        self.steps.append(Step(step, int(self._n_media[self.inside].sum())))

    def keep_known(self, column: str, why: str) -> None:
        """Leave out units without a value; it is a step only if there are any."""
        unknown = ~self.columns[column].known & self.inside
        if unknown.any():
            self.leave_out(unknown, why)
            self.note(why)

    def keep_large(self, column: str, at_least: int) -> None:
        """Leave out classes of fewer units; units without a value are a class of their own."""
        codes = self.columns[column].with_empty().codes
        sizes = np.bincount(codes[self.inside], minlength=1 + int(codes.max(initial=0)))
        self.leave_out(sizes[codes] < at_least, "small class")
        self.note("small class")

    def cap(self, column: str, at_most: int) -> None:
        """Draw at most so many units of each value of a column; all units have one."""
        which = self.inside
        kept = smallest_of_each(self.columns[column].codes[which], self.rank("cap", which), at_most)
        self._keep(which, kept, "cap", f"cap per {column}")

    def take(self, n: int, minimum: int) -> None:
        """Draw n units, of each class its share.

        Parameters
        ----------
        n : int
        minimum : int
            What each class gets at least, or all it has.

        Raises
        ------
        ConfigurationError
            If n is too small for that.
        """
        which = self.inside
        if n >= which.sum():
            self.note("n")
            return
        rank = self.rank("n", which)
        if not self.stratify:
            self._keep(which, smallest(rank, n), "n")
            return
        classes, sizes, ties = self.strata(which)
        needed = int(np.minimum(sizes, minimum).sum())
        if needed > n:
            raise ConfigurationError(
                f"sample: n = {n:,} cannot hold at least {minimum:,} of each of "
                f"{np.count_nonzero(sizes):,} classes of '{self.stratify}'.",
                hint=f"Raise n to {needed:,} or more, or lower 'minimum'.",
            )
        self._keep(
            which, smallest_of_each(classes, rank, largest_remainder(sizes, n, ties, minimum)), "n"
        )

    def strata(self, which: Mask) -> tuple[Codes, Codes, Ranks]:
        """Return the class of some units, the size of each class, and who is first at a tie.

        Without a column to stratify by, all are of one class.
        """
        n_units = int(which.sum())
        if not self.stratify:
            return np.zeros(n_units, np.int64), np.array([n_units]), np.zeros(1, np.uint64)
        classes = self.columns[self.stratify].with_empty()
        codes = classes.codes[which]
        sizes = np.bincount(codes, minlength=len(classes.names))
        return codes, sizes, ranks(self.seed, "class", classes.names)

    def _keep(self, which: Mask, kept: Mask, why: str, step: str = "") -> None:
        """Leave out those of some units that were not kept."""
        out = which.copy()
        out[which] = ~kept
        self.leave_out(out, why)
        self.note(step or why)


class Outcomes:
    """One word a unit, or none.

    Attributes
    ----------
    codes : ndarray of int8, shape (n_units,)
        Place in ``words``; -1 where nothing was said.
    words : list of str
    """

    def __init__(self, n: int) -> None:
        self.codes: npt.NDArray[np.int8] = np.full(n, -1, dtype=np.int8)
        self.words: list[str] = []

    def say(self, which: Mask, word: str) -> None:
        """Say a word of some units."""
        if word not in self.words:
            self.words.append(word)
        self.codes[which] = self.words.index(word)
