import numpy as np
import pytest

from wunderkammer.metrics.intervals import Interval, mean_interval, percentile_interval

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
