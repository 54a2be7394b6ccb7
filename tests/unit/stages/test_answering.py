"""Probabilities taken at their word, and when nothing is said."""

import numpy as np
import pytest

from wunderkammer.metrics.classification import calibration
from wunderkammer.metrics.logistic import OutOfFold
from wunderkammer.stages._answering import NEVER, calibrated, reserve_of


def told(n=4_000, n_names=6, sharpness=4.0, seed=0):
    """Return answers that are surer than they ought to be by a known factor."""
    rng = np.random.default_rng(seed)
    honest = rng.dirichlet(np.full(n_names, 0.4), n)
    codes = np.array([rng.choice(n_names, p=one) for one in honest])
    sharp = honest**sharpness + 1e-300
    probabilities = sharp / sharp.sum(axis=1, keepdims=True)
    return OutOfFold(tuple("abcdef"), codes, probabilities, rng.integers(0, 5, n))


def test_the_temperature_undoes_what_made_answers_too_sure():
    some = told(sharpness=4.0)
    found = reserve_of(some, 0.9)
    assert found.temperature == pytest.approx(4.0, rel=0.15)
    right = some.probabilities.argmax(axis=1) == some.codes
    before = calibration(some.probabilities.max(axis=1), right).error
    after = calibration(calibrated(some.probabilities, found.temperature).max(axis=1), right).error
    assert after < 0.03 < before


def test_of_those_answered_the_wanted_share_is_right_on_others_too():
    found = reserve_of(told(), 0.9)
    fresh = told(seed=1)
    sure = calibrated(fresh.probabilities, found.temperature)
    answered = sure.max(axis=1) >= found.threshold
    right = (sure.argmax(axis=1) == fresh.codes)[answered]
    assert right.mean() == pytest.approx(0.9, abs=0.02)
    assert found.accuracy == pytest.approx(0.9, abs=0.02)
    assert found.coverage == pytest.approx(answered.mean(), abs=0.03)


def test_where_the_wanted_share_is_never_right_nothing_is_said():
    some = told()
    rng = np.random.default_rng(5)
    lost = OutOfFold(some.names, rng.integers(0, 6, 4_000), some.probabilities, some.fold)
    found = reserve_of(lost, 0.95)
    assert found.threshold == NEVER
    assert found.coverage < 0.01


def test_calibrated_rows_add_up_to_one_and_keep_their_order():
    rows = np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0]])
    found = calibrated(rows, 2.0)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (np.argsort(found, kind="stable") == np.argsort(rows, kind="stable")).all()
