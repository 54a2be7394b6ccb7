"""The table of butterflies holds only numbers that are used, in order."""

import pytest

from wunderkammer.testing.specimens.butterfly_plans import BUTTERFLIES
from wunderkammer.testing.specimens.ground_plan import DEFAULTS, SLOTS


@pytest.mark.parametrize("plan", BUTTERFLIES, ids=lambda p: p.name)
def test_every_plan_is_sound(plan):
    assert set(plan.ranges) <= set(DEFAULTS)
    assert all(low <= high for low, high in (DEFAULTS | plan.ranges).values())
    for palette in plan.palettes:
        assert len(palette.split()) == len(SLOTS)
        assert all(len(bytes.fromhex(code)) == 3 for code in palette.split())


def test_butterflies_have_clubbed_antennae():
    assert {plan.antenna for plan in BUTTERFLIES} == {"club"}
