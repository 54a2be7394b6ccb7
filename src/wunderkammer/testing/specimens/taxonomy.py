"""An invented tree of life whose looks are inherited."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar

import numpy as np

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.testing.specimens import names

Group = Literal["butterfly", "moth", "beetle", "plant"]
Level = Literal["family", "genus", "species"]
GROUPS: tuple[Group, ...] = ("butterfly", "moth", "beetle", "plant")

_RANKS = {
    "butterfly": ("Animalia", "Arthropoda", "Insecta", ("Lepidoptera",)),
    "moth": ("Animalia", "Arthropoda", "Insecta", ("Lepidoptera",)),
    "beetle": ("Animalia", "Arthropoda", "Insecta", ("Coleoptera",)),
    "plant": ("Plantae", "Tracheophyta", "Magnoliopsida", ("Rosales", "Fagales", "Sapindales")),
}
_Option = TypeVar("_Option")


def _unit(key: str, trait: str) -> float:
    """Return a number in [0, 1) that depends on key and trait alone."""
    digest = hashlib.blake2b(f"{key}|{trait}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") / 2**64


@dataclass(frozen=True)
class Lineage:
    """Where a species stands in the tree: the source of every trait it shows.

    A trait is drawn for the family, and changed a little by the genus and less
    by the species. It depends on the keys and its own name only, so that a new
    trait leaves the others as they are.

    Parameters
    ----------
    keys : tuple of str
        Keys of family, genus and species.
    family_rank : int
        Position of the family among its group: neighbours get different plans.
    """

    keys: tuple[str, str, str]
    family_rank: int

    def number(
        self, trait: str, low: float, high: float, genus: float = 0.32, species: float = 0.1
    ) -> float:
        """Return an inherited number in [low, high].

        ``genus`` and ``species`` are the widths of their deviations, as shares
        of the range; what would leave the range is reflected at its ends.
        """
        x = _unit(self.keys[0], trait)
        x += (_unit(self.keys[1], trait) - 0.5) * 2 * genus
        x += (_unit(self.keys[2], trait) - 0.5) * 2 * species
        x = abs(x) % 2
        return low + (high - low) * (2 - x if x > 1 else x)

    def choice(self, trait: str, options: Sequence[_Option], level: Level = "family") -> _Option:
        """Return one option, the same for all of a family, genus or species."""
        key = self.keys[("family", "genus", "species").index(level)]
        return options[int(_unit(key, trait) * len(options))]

    def plan(self, options: Sequence[_Option], offset: float) -> _Option:
        """Return the option of this family such that neighbouring families differ."""
        return options[(int(offset * len(options)) + self.family_rank) % len(options)]


@dataclass(frozen=True)
class Taxon:
    """An invented species with the ranks above it."""

    group: Group
    order: str
    family: str
    genus: str
    species: str
    authorship: str
    lineage: Lineage
    root: float
    """Where in a list of plans the first family of the group begins, in [0, 1)."""

    @cached_property
    def name(self) -> str:
        """Genus and epithet, without the author."""
        return f"{self.genus} {self.species}"

    @property
    def kingdom(self) -> str:
        """Animalia or Plantae."""
        return _RANKS[self.group][0]

    @property
    def phylum(self) -> str:
        """Arthropoda or Tracheophyta."""
        return _RANKS[self.group][1]

    @property
    def class_(self) -> str:
        """Insecta or Magnoliopsida."""
        return _RANKS[self.group][2]


@dataclass(frozen=True)
class Taxonomy:
    """The species that a generator draws.

    Parameters
    ----------
    taxa : tuple of Taxon
        Ordered by group, family, genus, species.
    """

    taxa: tuple[Taxon, ...]

    @classmethod
    def generate(
        cls,
        seed: int = 0,
        *,
        n_families: int = 4,
        n_genera: int = 3,
        n_species: int = 3,
        groups: Sequence[Group] = GROUPS,
    ) -> Taxonomy:
        """Return a tree with invented names.

        Parameters
        ----------
        seed : int
            Fixes names and looks.
        n_families : int
            Families in each group.
        n_genera : int
            Genera in each family.
        n_species : int
            Species in each genus, at most 60.
        groups : sequence of str
            Which of butterfly, moth, beetle and plant.

        Raises
        ------
        ConfigurationError
            If a count is below 1 or there are more species than epithets.
        """
        if min(n_families, n_genera, n_species) < 1 or n_species > len(names.EPITHETS):
            raise ConfigurationError(
                f"taxonomy: n_families={n_families}, n_genera={n_genera}, n_species={n_species}: "
                f"each is 1 or more, n_species at most {len(names.EPITHETS)}."
            )
        used: set[str] = set()
        taxa: list[Taxon] = []
        for group in groups:
            for rank in range(n_families):
                taxa += _family(seed, group, rank, (n_genera, n_species), used)
        return cls(tuple(taxa))

    def of(self, group: str) -> tuple[Taxon, ...]:
        """Return the species of one group, such as ``"moth"``."""
        return self._by_group.get(group, ())

    @cached_property
    def _by_group(self) -> dict[str, tuple[Taxon, ...]]:
        return {g: tuple(t for t in self.taxa if t.group == g) for g in GROUPS}


def _family(
    seed: int, group: Group, rank: int, counts: tuple[int, int], used: set[str]
) -> list[Taxon]:
    """Return the species of one family."""
    rng = np.random.default_rng([seed, GROUPS.index(group), rank])
    orders = _RANKS[group][3]
    root = _unit(f"{seed}", f"{group} plan")
    family_key = f"{seed}/{group}/{rank}"
    taxa: list[Taxon] = []
    family = ""
    for g in range(counts[0]):
        genus = _unused(rng, group, used)
        family = family or names.family_name(genus, group)
        epithets = rng.permutation(len(names.EPITHETS))[: counts[1]]
        for s, epithet in enumerate(epithets):
            author = names.pick(rng, names.SURNAMES)
            year = int(rng.integers(1758, 1962))
            keys = (family_key, f"{family_key}/{g}", f"{family_key}/{g}/{s}")
            taxa.append(
                Taxon(
                    group=group,
                    order=orders[rank % len(orders)],
                    family=family,
                    genus=genus,
                    species=names.EPITHETS[int(epithet)],
                    authorship=_authorship(author, year, group),
                    lineage=Lineage(keys, rank),
                    root=root,
                )
            )
    return taxa


def _unused(rng: np.random.Generator, group: str, used: set[str]) -> str:
    """Return a genus whose name nobody in the tree has yet."""
    while True:
        genus = names.genus_name(rng, group)
        stem = genus.rstrip("aeious")
        if stem not in used and len(genus) <= 13:
            used.add(stem)
            return genus


def _authorship(author: str, year: int, group: str) -> str:
    """Return the author as botanists or zoologists write it."""
    if group == "plant":
        return f"{author[:4]}." if len(author) > 6 else author
    return f"({author}, {year})" if year % 3 else f"{author}, {year}"
