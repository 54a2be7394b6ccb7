import math

import numpy as np
import pytest

from wunderkammer.imaging.angles import difference_deg, summary, wrapped_deg


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(10, 350, 20), (350, 10, -20), (-179, 179, 2), (0, 180, -180), (725, 5, 0)],
)
def test_the_difference_is_the_short_way_round(a, b, expected):
    assert difference_deg(a, b) == pytest.approx(expected)


def test_half_a_turn_is_negative_and_a_tiny_negative_stays_inside():
    assert wrapped_deg(180) == -180
    assert -180 <= wrapped_deg(-180 - 1e-14) < 180
    assert -180 <= wrapped_deg(180 - 1e-14) < 180


def test_arrays_give_arrays_and_numbers_numbers():
    assert isinstance(wrapped_deg(270), float)
    assert np.asarray(difference_deg([10, 350], 0)).tolist() == [10, -10]


def test_a_summary_tells_median_tail_and_heads_below():
    found = summary([0.0] * 50 + [-4.0] * 45 + [170.0, -170.0, 10.0, 10.0, 10.0])
    assert found.median_deg == 2.0
    assert found.p95_deg == pytest.approx(4.3, abs=0.01)
    assert found.upside_down == pytest.approx(0.02)


def test_errors_are_wrapped_before_they_are_counted():
    assert summary([359.0, -361.0]).median_deg == pytest.approx(1)


def test_nothing_is_no_number():
    found = summary([])
    assert math.isnan(found.median_deg)
    assert found.upside_down == 0
