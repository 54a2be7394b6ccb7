"""The table of moths holds only numbers that are used, in order."""

import pytest

from wunderkammer.testing.specimens.ground_plan import DEFAULTS, SLOTS
from wunderkammer.testing.specimens.moth_plans import MOTHS


@pytest.mark.parametrize("plan", MOTHS, ids=lambda p: p.name)
def test_every_plan_is_sound(plan):
    assert set(plan.ranges) <= set(DEFAULTS)
    assert all(low <= high for low, high in (DEFAULTS | plan.ranges).values())
    assert plan.antenna in {"club", "thread", "feather"}
    for palette in plan.palettes:
        assert len(palette.split()) == len(SLOTS)
        assert all(len(bytes.fromhex(code)) == 3 for code in palette.split())
