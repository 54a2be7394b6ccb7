import json

import numpy as np
import pytest

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.metrics.classification import (
    Scores,
    binary_scores,
    calibration,
    coverage_curve,
    macro_scores,
    mean_scores,
    thinned,
    top_accuracy,
)


def test_macro_scores_by_hand():
    found = macro_scores([0, 0, 0, 1], [0, 0, 1, 1])
    assert found.accuracy == pytest.approx(3 / 4)
    assert found.precision == pytest.approx((1 + 1 / 2) / 2)
    assert found.recall == pytest.approx((2 / 3 + 1) / 2)
    assert found.f1 == pytest.approx((4 / 5 + 2 / 3) / 2)


def test_binary_scores_are_of_what_is_true():
    found = binary_scores([True, True, False, False], [True, False, True, False])
    assert found == Scores(0.5, 0.5, 0.5, 0.5)
    assert binary_scores([True, False], [False, False]) == Scores(0.5, 0.0, 0.0, 0.0)
    assert mean_scores([Scores(0, 0, 0, 0), Scores(1, 1, 1, 0.5)]) == Scores(0.5, 0.5, 0.5, 0.25)


def test_the_fifth_counts_and_the_sixth_does_not():
    scores = np.array([[6.0, 5, 4, 3, 2, 1]])
    assert top_accuracy(np.array([4]), scores) == 1
    assert top_accuracy(np.array([5]), scores) == 0
    assert top_accuracy(np.array([4]), scores[:, :5]) is None


def test_a_classifier_that_knows_how_sure_it_is_has_no_error():
    draw = np.random.default_rng(0)
    sure = draw.uniform(0.2, 1, 20_000)
    honest = draw.uniform(size=20_000) < sure
    assert calibration(sure, honest).error < 0.02
    assert calibration(np.ones(20_000), honest).error == pytest.approx(1 - honest.mean())


def test_bins_by_hand():
    found = calibration([1.0, 0.99, 0.5], [True, False, True])
    assert found.n_media[14] == 2
    assert found.confidence[14] == pytest.approx(0.995)
    assert found.accuracy[14] == pytest.approx(0.5)
    assert found.error == pytest.approx((2 * 0.495 + 0.5) / 3)


def test_rejecting_the_least_sure_leaves_the_right_ones():
    found = coverage_curve([0.9, 0.8, 0.7, 0.6], [True, True, False, True], targets=(0.9, 0.7, 1.1))
    assert found.coverage == (0.25, 0.5, 0.75, 1.0)
    assert found.accuracy == pytest.approx((1, 1, 2 / 3, 3 / 4))
    assert found.reached == {0.9: (0.5, 0.8), 0.7: (1.0, 0.6), 1.1: None}
    assert found.area == pytest.approx((1 + 1 + 2 / 3 + 3 / 4) / 4)
    assert json.loads(json.dumps(found.figures()))["reached"]["1.1"] is None


def test_media_as_sure_are_answered_together():
    found = coverage_curve([0.9, 0.5, 0.5], [True, False, True])
    assert found.coverage == pytest.approx((1 / 3, 1))
    assert found.threshold == (0.9, 0.5)


def test_long_curves_are_thinned_to_their_ends():
    draw = np.random.default_rng(0)
    found = coverage_curve(draw.uniform(size=5_000), draw.uniform(size=5_000) < 0.5)
    assert len(found.coverage) == 100
    assert found.coverage[-1] == 1
    assert thinned(3, 10).tolist() == [0, 1, 2]


def test_no_answers_are_no_figures():
    with pytest.raises(NotEnoughMediaError, match="0 came for 0"):
        macro_scores([], [])
    with pytest.raises(NotEnoughMediaError, match="1 came for 2"):
        calibration([0.5, 0.5], [True])
