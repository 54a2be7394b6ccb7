from collections import Counter

import pytest

from wunderkammer.training.split import seeded_split

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
