"""Figures of a round."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from wunderkammer.curation.figures import (
    Figure,
    accuracy,
    area,
    balanced_accuracy,
    held_out_figures,
)

RNG = np.random.default_rng(0)
CODES = RNG.integers(0, 3, 120)
CHANCES = RNG.dirichlet([1, 1, 1], 120).round(2) + 0.3 * np.eye(3)[CODES]


def test_they_are_those_of_scikit_learn():
    assert accuracy(CHANCES, CODES) == (CHANCES.argmax(axis=1) == CODES).mean()
    told = CHANCES.argmax(axis=1)
    assert balanced_accuracy(CHANCES, CODES) == pytest.approx(balanced_accuracy_score(CODES, told))
    each = [roc_auc_score(one == CODES, CHANCES[:, one]) for one in range(3)]
    assert area(CHANCES, CODES) == pytest.approx(np.mean(each))
    two = np.stack([1 - CHANCES[:, 0], CHANCES[:, 0]], axis=1)
    is_it = (CODES == 0).astype(int)
    assert area(two, is_it) == pytest.approx(roc_auc_score(is_it, two[:, 1]))


def test_one_class_alone_has_no_area_and_nothing_has_no_figure():
    assert np.isnan(area(CHANCES[CODES == 1], CODES[CODES == 1]))
    assert np.isnan(accuracy(CHANCES[:0], CODES[:0]))


def test_the_random_ones_are_told_apart_from_all():
    random = np.arange(120) < 40
    found = {
        one.name: one for one in held_out_figures(CHANCES, [CHANCES] * 2, CODES, random, seed=0)
    }
    own = found["accuracy"]
    assert own.held_out.value == accuracy(CHANCES, CODES)
    assert own.audited.value == accuracy(CHANCES[:40], CODES[:40])
    assert own.members == (own.held_out.value,) * 2
    assert own.audited.high - own.audited.low > own.held_out.high - own.held_out.low
    assert found["auc"].held_out.low < found["auc"].held_out.value


def test_what_labels_drawn_by_lot_would_have_taught_stands_beside():
    random = np.arange(120) < 40
    some = CHANCES[:40, [1, 2, 0]]
    found = held_out_figures(CHANCES, [CHANCES], CODES, random, seed=0, by_lot=some)
    assert {one.name: one.by_lot for one in found} == {
        "accuracy": accuracy(some, CODES[:40]),
        "balanced accuracy": balanced_accuracy(some, CODES[:40]),
        "auc": area(some, CODES[:40]),
    }
    assert Figure.of(found[0].figures()) == found[0]


def test_an_accuracy_without_a_mistake_is_not_certain():
    sure = np.eye(3)[CODES]
    accuracy_, *_ = held_out_figures(sure, [sure], CODES, np.ones(120, np.bool_), seed=0)
    assert accuracy_.held_out.value == accuracy_.held_out.high == 1
    assert accuracy_.held_out.low == pytest.approx(0.969, abs=0.001)


def test_it_comes_back_from_json():
    none = np.zeros(120, np.bool_)
    for one in held_out_figures(CHANCES, [CHANCES], CODES, none, seed=0):
        assert one.audited is None
        assert Figure.of(one.figures()) == one
