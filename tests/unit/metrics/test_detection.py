import json

import numpy as np
import pytest

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.metrics.detection import detection

DRAW = np.random.default_rng(0)


def test_rates_by_hand():
    wrong = [True, True, False, False, False]
    found = detection(wrong, [True, False, True, False, False], [0.1, 0.4, 0.2, 0.8, 0.9])
    assert found.precision.value == pytest.approx(1 / 2)
    assert found.recall.value == pytest.approx(1 / 2)
    assert found.f1.value == pytest.approx(1 / 2)
    assert found.false_positive_rate.value == pytest.approx(1 / 3)
    assert found.average_precision.value == pytest.approx((1 + 2 / 3) / 2)
    assert (found.n_media, found.n_wrong, found.n_flagged) == (5, 2, 2)


def test_a_perfect_ranking_has_all_and_a_random_one_the_share_of_the_wrong():
    wrong = DRAW.uniform(size=2_000) < 0.1
    perfect = detection(wrong, wrong, 1 - wrong, n_resamples=50)
    assert (perfect.average_precision.low, perfect.f1.low) == (1, 1)
    chance = detection(wrong, wrong, DRAW.uniform(size=2_000), n_resamples=50)
    assert chance.average_precision.value == pytest.approx(0.1, abs=0.03)


def test_intervals_narrow_as_media_become_more():
    widths = []
    for n in (200, 5_000):
        wrong = DRAW.uniform(size=n) < 0.2
        scores = np.where(wrong, 0.3, 0.6) + DRAW.normal(size=n) * 0.2
        found = detection(wrong, scores < 0.4, scores, n_resamples=200)
        for one in (found.precision, found.recall, found.false_positive_rate):
            assert one.low <= one.value <= one.high
        widths.append(found.average_precision.high - found.average_precision.low)
    assert widths[1] < widths[0] / 3


def test_media_of_the_same_score_are_flagged_together():
    found = detection([True, False, False], [True] * 3, [0.5, 0.5, 0.9], n_resamples=5)
    assert found.curve_score == (0.5, 0.9)
    assert found.curve_precision == pytest.approx((1 / 2, 1 / 3))
    assert found.average_precision.value == pytest.approx(1 / 2)


def test_figures_are_json_and_curves_short():
    wrong = DRAW.uniform(size=1_000) < 0.5
    found = json.loads(json.dumps(detection(wrong, wrong, DRAW.uniform(size=1_000)).figures()))
    assert found["true_positive_rate"] == found["recall"]
    assert len(found["curve"]["precision"]) == 200


@pytest.mark.parametrize("wrong", [[True, True], [False, False]])
def test_without_right_and_wrong_there_is_nothing_to_measure(wrong):
    with pytest.raises(NotEnoughMediaError, match="right and wrong labels are needed"):
        detection(wrong, [True, False], [0.0, 1.0])
