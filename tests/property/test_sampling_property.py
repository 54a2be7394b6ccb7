"""Samples of whatever collection hypothesis can think of."""

from collections import Counter, defaultdict

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError
from wunderkammer.sampling.ranking import largest_remainder
from wunderkammer.stages.sample import SampleStage

NAMES = ("Acer alba", "Acer nigra", "Betula alba", "Carex sp.", "Draba minor", "")

SPECIMENS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["NY", "K", ""]), st.integers(1, 3)),
    min_size=1,
    max_size=40,
)

SPLITS = st.sampled_from(
    [
        "none",
        {"name": "shares", "validation": 0.2, "test": 0.3},
        {"name": "kew", "cap": 3, "species_share": 0.3, "random_share": 0.3},
    ]
)


def table(specimens):
    """Return one row a medium; ids say nothing of their order."""
    return pa.Table.from_pylist(
        [
            {
                "media_id": f"{number * 7919 % 1000:04}-{number}-{side}",
                "specimen_id": f"s{number}",
                "scientificName": name,
                "institutionCode": where,
            }
            for number, (name, where, n_media) in enumerate(specimens)
            for side in range(n_media)
        ]
    )


def drawn(media, **chosen):
    """Return the set, or the reason, of each medium; None if the sample would be empty."""
    try:
        made = SampleStage(**chosen).draw(media).drawn
    except (NotEnoughMediaError, ConfigurationError):
        return None
    sides = zip(made.split.to_pylist(), made.why.to_pylist(), strict=True)
    return dict(zip(media["media_id"].to_pylist(), sides, strict=True))


@settings(max_examples=25)
@given(SPECIMENS, SPLITS, st.integers(0, 9), st.sampled_from(["", "species"]), st.randoms())
def test_the_order_of_rows_changes_nothing(specimens, split, n, stratify, random):
    media = table(specimens)
    places = list(range(media.num_rows))
    random.shuffle(places)
    chosen = {"seed": 5, "n": n, "stratify": stratify, "split": split}
    assert drawn(media, **chosen) == drawn(media.take(places), **chosen)


@settings(max_examples=25)
@given(SPECIMENS, SPLITS, st.integers(0, 3))
def test_each_medium_is_in_one_set_or_has_a_reason_and_specimens_stay_whole(specimens, split, cap):
    media = table(specimens)
    found = drawn(media, seed=1, split=split, per_species=cap)
    if found is None:
        return
    of_specimen = defaultdict(set)
    for (one, (side, why)), specimen in zip(
        found.items(), media["specimen_id"].to_pylist(), strict=True
    ):
        assert (side is None) != (why is None), one
        of_specimen[specimen].add((side, why))
    assert {len(sides) for sides in of_specimen.values()} == {1}


@settings(max_examples=25)
@given(SPECIMENS, st.integers(1, 4), st.sampled_from(["specimen", "medium"]))
def test_a_cap_is_never_exceeded_and_never_wasted(specimens, cap, unit):
    media = table(specimens)
    found = drawn(media, seed=1, per_species=cap, unit=unit)
    if found is None:
        return
    key = "specimen_id" if unit == "specimen" else "media_id"
    units, all_units = defaultdict(set), defaultdict(set)
    for row, (side, _) in zip(media.to_pylist(), found.values(), strict=True):
        all_units[row["scientificName"]].add(row[key])
        if side:
            units[row["scientificName"]].add(row[key])
    for name, some in all_units.items():
        named = name not in {"", "Carex sp."}
        assert len(units[name]) == (min(cap, len(some)) if named else 0)


@settings(max_examples=25)
@given(SPECIMENS)
def test_tests_of_kew_are_of_genera_that_are_trained_on(specimens):
    media = table(specimens)
    split = {"name": "kew", "cap": 3, "species_share": 0.3, "random_share": 0.3}
    found = drawn(media, seed=1, split=split)
    if found is None:
        return
    rows = [(row, found[row["media_id"]][0]) for row in media.to_pylist()]
    trained = Counter(row["scientificName"].split()[0] for row, side in rows if side == "train")
    assert trained
    for row, side in rows:
        if side:
            assert row["scientificName"].split()[0] in trained
        if side == "train":
            assert row["institutionCode"] == "NY"


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=12),
    st.floats(0, 1),
    st.integers(0, 4),
)
def test_largest_remainder_hands_out_all_and_keeps_to_the_shares(sizes, part, minimum):
    sizes = np.array(sizes)
    n = int(part * sizes.sum())
    if np.minimum(sizes, minimum).sum() > n:
        minimum = 0
    ties = np.arange(len(sizes), dtype=np.uint64)[::-1]
    given_out = largest_remainder(sizes, n, ties, minimum)
    assert given_out.sum() == n
    assert (given_out >= np.minimum(sizes, minimum)).all()
    assert (given_out <= sizes).all()
    if not minimum and sizes.sum():
        assert (abs(given_out - sizes * n / sizes.sum()) < 1).all()


def many(n):
    lot = np.random.default_rng(0)
    names = lot.choice([name for name in NAMES if name and "." not in name], n)
    return pa.table(
        {
            "media_id": [f"m{number}" for number in range(n)],
            "specimen_id": [f"s{number}" for number in range(n)],
            "scientificName": names,
            "institutionCode": ["NY" if number % 3 else "K" for number in range(n)],
        }
    )


def test_a_grown_collection_keeps_nearly_the_same_draw():
    before, after = many(10_000), many(10_100)
    for chosen, most in (
        ({"n": 1_000}, 20),
        ({"per_species": 200}, 20),
        ({"n": 1_000, "stratify": "species"}, 20),
        ({"split": "shares"}, 25),
        ({"split": {"name": "kew", "cap": 2_000, "species_share": 0}}, 120),
    ):
        first, second = drawn(before, seed=2, **chosen), drawn(after, seed=2, **chosen)
        n_moved = sum(second[one][0] != side for one, (side, _) in first.items())
        assert n_moved <= most, (chosen, n_moved)


def test_a_larger_draw_holds_the_smaller_one():
    media = many(3_000)
    few, more = drawn(media, seed=2, n=200), drawn(media, seed=2, n=900)
    assert {one for one, (side, _) in few.items() if side} <= {
        one for one, (side, _) in more.items() if side
    }
