import numpy as np
import pytest

from wunderkammer.metrics.intervals import (
    Interval,
    mean_interval,
    percentile_interval,
    share_interval,
)

DRAW = np.random.default_rng(0)


def test_an_interval_of_a_mean_is_that_of_the_normal_theory():
    values = DRAW.normal(size=2_000)
    found = mean_interval(values)
    half = 1.96 * values.std() / np.sqrt(2_000)
    assert found.value == pytest.approx(values.mean())
    assert found.high - found.low == pytest.approx(2 * half, rel=0.1)
    assert found.low < found.value < found.high


def test_images_of_one_specimen_are_one_witness():
    values = np.repeat(DRAW.normal(size=50), 10)
    groups = np.repeat(np.arange(50), 10)
    alone, together = mean_interval(values), mean_interval(values, groups=groups)
    assert together.value == alone.value
    ratio = (together.high - together.low) / (alone.high - alone.low)
    assert ratio == pytest.approx(np.sqrt(10), rel=0.25)


def test_the_seed_reaches_the_draws():
    values = DRAW.normal(size=30)
    assert mean_interval(values, seed=1) == mean_interval(values, seed=1)
    assert mean_interval(values, seed=1) != mean_interval(values, seed=2)


def test_media_without_a_value_are_left_out():
    found = mean_interval([1.0, np.nan, 1.0], groups=["a", "b", None])
    assert found.figures() == {"value": 1.0, "low": 1.0, "high": 1.0}


def test_nothing_has_no_interval():
    found = mean_interval([])
    assert np.isnan([found.value, found.low, found.high]).all()
    assert np.isnan(percentile_interval(1.0, [np.nan]).low)


def test_percentiles_hold_95_percent():
    found = percentile_interval(50, np.arange(101))
    assert isinstance(found, Interval)
    assert list(found.figures().values()) == pytest.approx([50, 2.5, 97.5])


def test_an_interval_of_a_share_is_wilsons():
    found = share_interval(15, 20)
    assert found.value == 0.75
    assert (found.low, found.high) == pytest.approx((0.5313, 0.8881), abs=1e-4)
    none, every = share_interval(0, 20), share_interval(20, 20)
    assert (none.low, every.high) == (0, 1)
    assert none.high == pytest.approx(1 - every.low)
    assert share_interval(15, 20, level=0.99).low < found.low


def test_a_share_of_nothing_may_be_anything():
    found = share_interval(0, 0)
    assert np.isnan(found.value)
    assert (found.low, found.high) == (0, 1)


def test_95_of_100_intervals_hold_the_share():
    hits = DRAW.binomial(100, 0.9, 2_000)
    held = [share_interval(int(n), 100).low <= 0.9 <= share_interval(int(n), 100).high
            for n in hits]  # fmt: skip
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)
