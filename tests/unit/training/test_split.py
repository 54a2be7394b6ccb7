from collections import Counter

import pytest

from wunderkammer.training.split import PARTS, filled_split, seeded_split

GROUPS = [f"specimen-{n}" for n in range(5000)]


def test_shares_come_out_as_asked() -> None:
    counts = Counter(seeded_split(GROUPS, 1))
    assert counts["train"] / 5000 == pytest.approx(0.8, abs=0.02)
    assert counts["validation"] / 5000 == pytest.approx(0.1, abs=0.02)


def test_a_group_is_never_parted_and_stays_when_others_come() -> None:
    few = dict(zip(GROUPS[:100], seeded_split(GROUPS[:100], 1), strict=True))
    both = seeded_split([one for one in GROUPS for _ in range(2)], 1)
    assert both[::2] == both[1::2]
    assert all(few[one] == part for one, part in zip(GROUPS[:100], both[::2], strict=False))


def test_another_seed_parts_otherwise() -> None:
    assert seeded_split(GROUPS, 1) != seeded_split(GROUPS, 2)


def test_the_last_part_takes_the_rounding() -> None:
    assert set(seeded_split(GROUPS, 1, {"a": 0.3, "b": 0.3, "c": 0.3})) == {"a", "b", "c"}


def test_no_part_is_empty_with_three_groups_however_large_they_are() -> None:
    groups = ["a"] * 100 + ["b", "c"]
    for seed in range(200):
        found = filled_split(groups, seed)
        assert set(found) == set(PARTS)
        assert len(set(found[:100])) == 1


def test_only_empty_parts_are_filled_and_what_is_stated_stays() -> None:
    assert filled_split(GROUPS, 1) == seeded_split(GROUPS, 1)
    assert filled_split(["a", "b", "c", "d"], 1, ["test", "", "test", "test"])[0] == "test"
    assert set(filled_split(["a", "b"], 1)) < set(PARTS)
