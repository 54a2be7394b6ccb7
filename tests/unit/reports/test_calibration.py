"""Intervals, reliability and coverage, against independent references."""

import numpy as np
import pytest
from scipy import stats
from sklearn.calibration import calibration_curve

from wunderkammer.reports.calibration import calibration, estimate, kept_surest


def test_an_interval_holds_the_truth_in_about_95_of_100_samples():
    draw = np.random.default_rng(3)
    found = [estimate(draw.beta(8, 2, 40), seed=n) for n in range(100)]
    hits = sum(one.low <= 0.8 <= one.high for one in found)
    assert 86 <= hits <= 100


def test_an_interval_is_that_of_another_bootstrap():
    values = np.random.default_rng(1).exponential(size=200)
    for statistic in (np.mean, np.median):
        ours = estimate(values, statistic)
        theirs = stats.bootstrap(
            (values,), statistic, n_resamples=4000, method="percentile", random_state=9
        ).confidence_interval
        assert ours.value == pytest.approx(statistic(values))
        assert (ours.low, ours.high) == pytest.approx(tuple(theirs), abs=0.05)


def test_an_interval_is_drawn_by_its_seed():
    values = np.random.default_rng(0).random(30)
    assert estimate(values) == estimate(values)
    assert estimate(values, seed=1) != estimate(values, seed=2)


def test_what_is_not_a_number_is_left_out_and_nothing_is_no_error():
    assert estimate([0.5, np.nan, 0.7]).n == 2
    none, one = estimate([]), estimate([0.5])
    assert (none.n, one.n, one.value) == (0, 1, 0.5)
    assert np.isnan([none.value, none.low, one.low, one.high]).all()


def test_an_interval_of_many_values_needs_little_memory():
    many = np.random.default_rng(0).random(60_000)
    few = estimate(many[:1000])
    whole = estimate(many)
    assert whole.high - whole.low < (few.high - few.low) / 5


def test_reliability_is_that_of_scikit_learn():
    draw = np.random.default_rng(5)
    said = draw.random(3000)
    right = draw.random(3000) < said**2
    ours = calibration(said, right)
    measured, confidence = calibration_curve(right, said, n_bins=10)
    assert [one.measured for one in ours.bins] == pytest.approx(measured)
    assert [one.confidence for one in ours.bins] == pytest.approx(confidence)
    assert sum(one.n for one in ours.bins) == 3000
    # E|p - p²| for p uniform in [0, 1] is 1/6.
    assert ours.error == pytest.approx(1 / 6, abs=0.03)


def test_a_confidence_that_says_the_truth_has_no_error():
    said = np.linspace(0, 1, 101)
    assert calibration(said, said).error == pytest.approx(0)
    assert calibration([1.0, 0.0], [0.0, 1.0]).error == 1
    assert calibration([], []).bins == ()


def test_keeping_the_surest_leaves_the_best_where_confidence_tells():
    said = np.linspace(0, 1, 50)
    curve = kept_surest(said, said)
    means = [mean for _, _, mean in curve]
    assert means == sorted(means, reverse=True)
    assert curve[-1] == (1.0, 0.0, pytest.approx(0.5))
    assert curve[0] == (0.1, pytest.approx(said[45]), pytest.approx(said[45:].mean()))


def test_media_of_one_confidence_are_not_parted():
    [half, whole] = kept_surest([0.5] * 10, [1] * 5 + [0] * 5, shares=(0.5, 1))
    assert half[2] == whole[2] == 0.5
    assert kept_surest([], []) == []
