"""The Kew protocol, told again in plain Python from the paper's steps, divides alike."""

import hashlib
import random
from collections import Counter, defaultdict

import pyarrow as pa
import pytest

from wunderkammer.stages.sample import SampleStage

SEED = 89


def place(draw, name):
    """Return a name's place in a draw: the only thing taken over from what is tested."""
    return hashlib.sha256(f"{SEED}|{draw}|{name}".encode()).hexdigest()[:16]


def in_order(draw, names):
    return sorted(names, key=lambda name: place(draw, name))


def rounded(n, percent):
    return (2 * n * percent + 100) // 200


def protocol(rows, cap, percent_species, percent_random):
    """Follow the paper: cap, institutions, species, random, genera; return the set of each id."""
    species = {row["media_id"]: row["scientificName"] for row in rows}
    home = {row["media_id"]: row["institutionCode"] == "NY" for row in rows}
    of_species = defaultdict(list)
    for one, name in species.items():
        of_species[name].append(one)
    capped = [one for ids in of_species.values() for one in in_order("cap", ids)[:cap]]
    sets = {one: "institutions" for one in capped if not home[one]}
    left = [one for one in capped if home[one]]
    names = in_order("species", {species[one] for one in left})
    unseen = set(names[: rounded(len(names), percent_species)])
    sets |= {one: "species" for one in left if species[one] in unseen}
    left = in_order("random", [one for one in left if species[one] not in unseen])
    n_random = rounded(len(left), percent_random)
    sets |= dict.fromkeys(left[:n_random], "random")
    sets |= dict.fromkeys(left[n_random:], "train")
    of_genus = Counter(species[one].split()[0] for one, name in sets.items() if name == "train")
    return {one: name for one, name in sets.items() if of_genus[species[one].split()[0]] > 1}


def sheets(n, seed):
    """Return n sheets of many rare and a few common species."""
    lot = random.Random(seed)
    epithets = ["alba", "nigra", "minor", "major", "vulgaris", "montana", "repens", "hirsuta"]
    genera = [f"{a}{b}us" for a in ("Ac", "Bet", "Car", "Dr") for b in ("er", "il", "on")]
    return [
        {
            "media_id": f"{lot.getrandbits(80):020x}",
            "specimen_id": f"sheet {number // 2}",
            "scientificName": f"{genera[min(11, int(lot.expovariate(0.3)))]} "
            f"{epithets[min(7, int(lot.expovariate(0.5)))]}",
            "institutionCode": lot.choice(["NY", "NY", "NY", "BPBM", "AK"]),
        }
        for number in range(n)
    ]


@pytest.mark.parametrize(
    ("n", "cap", "seed"), [(40, 25, 0), (300, 5, 1), (300, 25, 2), (3000, 25, 3)]
)
@pytest.mark.parametrize("percent", [10, 25])
def test_every_sheet_is_in_the_set_the_protocol_says(n, cap, seed, percent):
    rows = sheets(n, seed)
    split = {
        "name": "kew", "cap": cap, "species_share": percent / 100, "random_share": percent / 100,
    }  # fmt: skip
    made = SampleStage(seed=SEED, unit="medium", split=split).draw(pa.Table.from_pylist(rows))
    found = dict(zip([row["media_id"] for row in rows], made.drawn.split.to_pylist(), strict=True))
    wanted = protocol(rows, cap, percent, percent)
    assert {one: name for one, name in found.items() if name} == wanted
    assert n < 300 or len(set(wanted.values())) == 4
    assert [bool(one) for one in made.drawn.why.to_pylist()] == [not one for one in found.values()]
