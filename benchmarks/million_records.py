"""Records of a large collection that never was: many taxa, few of them common, places and people.

Numbers are like those of a large museum: of a million media 2,000 genera and some 20,000
species, 100,000 teams of collectors, 80,000 localities, a catalogue number each.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

N_FAMILIES, N_GENERA, N_SPECIES = 60, 2_000, 20_000
N_PEOPLE, N_TEAMS, N_PLACES = 40_000, 100_000, 80_000
SYLLABLES = np.array(
    [
        *("pa", "pi", "li", "da", "na", "us", "mor", "pho", "ca", "lo", "thy", "ris", "ze"),
        *("ke", "vin", "tor", "mel", "ano", "gra", "phi", "um", "bra", "si", "ga", "le", "no"),
    ]
)
LICENCES = ("https://creativecommons.org/licenses/by/4.0/", "CC0", "CC BY-NC 4.0")

Whole = npt.NDArray[np.int64]


def names(n: int, n_syllables: int, seed: int) -> list[str]:
    """Return n different made-up words."""
    rng = np.random.default_rng(seed)
    found: dict[str, None] = {}
    while len(found) < n:
        drawn = SYLLABLES[rng.integers(0, len(SYLLABLES), (n, n_syllables))]
        found |= dict.fromkeys("".join(row) for row in drawn)
    return list(found)[:n]


def common(rng: np.random.Generator, n: int, kinds: int, power: float = 0.8) -> Whole:
    """Draw kinds of which few are common: the k-th has a share of (k + 1) ** -power."""
    weights = np.arange(1, kinds + 1) ** -power
    return np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(n)).clip(0, kinds - 1)


class Records:
    """The columns of n records, each made as it is asked for; always the same for one n.

    Attributes
    ----------
    genus : ndarray of int64, shape (n,)
        Which genus each record is of.
    """

    def __init__(self, n: int) -> None:
        self.n = n
        rng = np.random.default_rng(n)
        self.species = common(rng, n, N_SPECIES)
        self.genus = np.random.default_rng(1).integers(0, N_GENERA, N_SPECIES)[self.species]
        self.family = family_of(self.genus)
        self.team = common(rng, n, N_TEAMS, 0.5)
        self.place = common(rng, n, N_PLACES, 0.6)
        self.day = rng.integers(0, 140 * 365, n)
        self.chance = rng.random(n)

    def table(self, files: list[str]) -> pa.Table:
        """Return the records as text; each names one of some files."""
        columns = {**self._taxa(), **self._event(), **self._rest()}
        columns["file"] = _pick(files, np.arange(self.n) * 7919 % len(files))
        return pa.table(columns)

    def _taxa(self) -> dict[str, Any]:
        families = [f"{name.capitalize()}idae" for name in names(N_FAMILIES, 2, 2)]
        genera = [name.capitalize() for name in names(N_GENERA, 3, 3)]
        epithets = names(N_SPECIES, 4, 4)
        genus = _pick(genera, self.genus)
        species = _pick(epithets, self.species)
        return {
            "catalogNumber": pa.array([f"NHMUK{one:09d}" for one in range(self.n)]),
            "scientificName": pc.binary_join_element_wise(genus, species, " "),
            "order": _pick(["Lepidoptera", "Coleoptera", "Hymenoptera", "Diptera"],
                           self.family % 4),
            "family": _pick(families, self.family),
            "genus": genus,
            "specificEpithet": species,
            "sex": _pick(["male", "female", None], (self.chance * 3).astype(np.int64)),
            "typeStatus": _pick(["holotype", "paratype", None],
                                np.minimum(2, (self.chance * 50).astype(np.int64))),
            "lifeStage": _pick(["adult", "larva"], (self.chance > 0.95).astype(np.int64)),
        }  # fmt: skip

    def _event(self) -> dict[str, Any]:
        people = [f"{name.capitalize()}, {name[0].upper()}." for name in names(N_PEOPLE, 4, 5)]
        rng = np.random.default_rng(6)
        first, second = rng.integers(0, N_PEOPLE, (2, N_TEAMS))
        alone = rng.random(N_TEAMS) < 0.7
        teams = [
            people[a] if one else f"{people[a]} | {people[b]}"
            for a, b, one in zip(first.tolist(), second.tolist(), alone.tolist(), strict=True)
        ]
        towns = names(N_PLACES, 4, 7)
        places = [f"{town.capitalize()}, {one % 90} km N of river {towns[one // 3].capitalize()}"
                  for one, town in enumerate(towns)]  # fmt: skip
        countries = [name.capitalize() for name in names(150, 3, 8)]
        states = [name.capitalize() for name in names(1_500, 3, 9)]
        days = np.datetime64("1870-01-01") + self.day.astype("timedelta64[D]")
        return {
            "recordedBy": _pick(teams, self.team),
            "locality": _pick(places, self.place),
            "stateProvince": _pick(states, self.place % 1_500),
            "country": _pick(countries, self.place % 150),
            "decimalLatitude": _told(self.place % 170 - 85 + self.chance),
            "decimalLongitude": _told(self.place % 360 - 180 + self.chance),
            "eventDate": pa.array(days).cast("string"),
        }  # fmt: skip

    def _rest(self) -> dict[str, Any]:
        number = pa.array(np.arange(self.n)).cast("string")
        base = "https://example.org/specimen/"
        return {
            "institutionCode": _pick(["NHMUK", "MNHN", "AMNH"], self.place % 3),
            "collectionCode": _pick(["BMNH(E)", "ENT"], self.place % 2),
            "subject": _pick(["Wings", "Wings | Antennae", None], self.species % 3),
            "preparations": _pick(["pinned"], np.zeros(self.n, np.int64)),
            "license": _pick(list(LICENCES), self.place % 3),
            "rightsHolder": _pick(["The Trustees", "A museum", "Another"], self.place % 3),
            "occurrenceID": pc.binary_join_element_wise(base, number, ""),
            "references": pc.binary_join_element_wise(base, number, ""),
        }


def family_of(genus: Whole) -> Whole:
    """Return the family of each genus."""
    return np.random.default_rng(10).integers(0, N_FAMILIES, N_GENERA)[genus]


def _told(numbers: npt.NDArray[np.float64]) -> Any:
    return pa.array(np.round(numbers, 4)).cast("string")


def _pick(texts: list[Any], which: Whole) -> Any:
    return pa.array(texts, pa.string()).take(pa.array(which))
