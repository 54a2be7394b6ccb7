import json

import numpy as np
import pytest

from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.metrics.logistic import fit_logistic, out_of_fold

DRAW = np.random.default_rng(0)
LABELS = np.array(["a", "b", "c"])[np.arange(90) % 3]
FEATURES = (DRAW.normal(size=(3, 5)) * 2)[np.arange(90) % 3] + DRAW.normal(size=(90, 5))


@pytest.mark.parametrize("names", ["ab", "abc"])
def test_probabilities_add_up_and_favour_the_true_label(names):
    some = np.isin(LABELS, list(names))
    model = fit_logistic(FEATURES[some], LABELS[some])
    found = model.probabilities(FEATURES[some])
    assert model.names == tuple(names)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (np.array(model.names)[found.argmax(axis=1)] == LABELS[some]).mean() > 0.85


def test_units_of_features_do_not_matter():
    other = FEATURES * [1, 1e-4, 1e5, 3, 7] + [0, 5, -1e6, 1, 0]
    first, second = (fit_logistic(one, LABELS).probabilities(one) for one in (FEATURES, other))
    np.testing.assert_allclose(first, second, atol=2e-3)


def test_a_feature_that_never_changes_is_no_trouble():
    flat = np.column_stack([FEATURES, np.full(90, 3.0)])
    expected = fit_logistic(FEATURES, LABELS).probabilities(FEATURES)
    found = fit_logistic(flat, LABELS).probabilities(flat)
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_a_common_scale_keeps_proportions_and_needs_no_units():
    loud = FEATURES * [1, 1, 1, 1, 1e-3]
    first, second = (
        fit_logistic(one, LABELS, scaling="common").probabilities(one)
        for one in (loud, loud * 500 - 20)
    )
    np.testing.assert_allclose(first, second, atol=2e-3)
    faint = fit_logistic(loud, LABELS, scaling="common").weights[4] * 1e-3
    assert np.abs(faint).max() < 0.01 * np.abs(fit_logistic(loud, LABELS).weights[:4]).max()


def test_strength_on_a_common_scale_does_not_depend_on_the_number_of_features():
    twice = np.concatenate([FEATURES, FEATURES], axis=1)
    first, second = (
        fit_logistic(one, LABELS, scaling="common").probabilities(one) for one in (FEATURES, twice)
    )
    np.testing.assert_allclose(first, second, atol=2e-3)


def test_balance_gives_rare_labels_their_due():
    x = np.concatenate([DRAW.normal(0, 1, 300), DRAW.normal(1, 1, 30)])[:, None]
    labels = ["many"] * 300 + ["few"] * 30
    at_middle = [
        fit_logistic(x, labels, balanced=one).probabilities([[0.5]])[0, 0] for one in (True, False)
    ]
    assert at_middle[0] == pytest.approx(0.5, abs=0.1)
    assert at_middle[1] < 0.2


def test_media_without_a_label_are_not_fitted_on():
    labels = [None if i >= 60 else one for i, one in enumerate(LABELS)]
    first = fit_logistic(FEATURES, labels)
    second = fit_logistic(FEATURES[:60], LABELS[:60])
    assert (first.weights == second.weights).all()
    assert json.loads(json.dumps(first.figures()))["names"] == ["a", "b", "c"]


def test_nobody_is_told_by_a_classifier_that_saw_them():
    features, labels = np.eye(40), ["a", "b"] * 20  # each can only be learnt by heart
    told = out_of_fold(features, labels)
    np.testing.assert_allclose(told.probabilities, 0.5, atol=0.2)
    assert np.bincount(told.fold).tolist() == [8] * 5


def test_one_specimen_is_in_one_fold():
    groups = np.arange(90) // 3
    told = out_of_fold(FEATURES, np.array(["a", "b"])[groups % 2], groups=groups)
    assert all(len(set(told.fold[groups == one])) == 1 for one in range(30))


def test_seeds_and_threads():
    first = out_of_fold(FEATURES, LABELS)
    second = out_of_fold(FEATURES, LABELS, device=Device(n_threads=2))
    assert (second.probabilities == first.probabilities).all()
    assert (out_of_fold(FEATURES, LABELS, seed=1).fold != first.fold).any()


def test_a_label_that_a_fold_lacks_has_no_probability_there():
    labels = [*LABELS[:-1], "rare"]
    told = out_of_fold(FEATURES, labels)
    assert told.probabilities[-1, told.names.index("rare")] == 0


def test_what_cannot_be_fitted_is_refused():
    with pytest.raises(NotEnoughMediaError, match="a classifier needs media of at least 2 labels"):
        fit_logistic(FEATURES, ["a"] * 90)
    with pytest.raises(StageError, match="fitted on 5 features, and these media have 4"):
        fit_logistic(FEATURES, LABELS).probabilities(FEATURES[:, :4])
    with pytest.raises(StageError, match="1 of 90 media have no label"):
        out_of_fold(FEATURES, [None, *LABELS[1:]])
    with pytest.raises(NotEnoughMediaError, match=r"the largest has 2"):
        out_of_fold(FEATURES[:6], LABELS[:6])
