import numpy as np
import pytest

from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.curation.acquisition import AcquisitionSettings
from wunderkammer.curation.simulation import (
    SimulationSettings,
    area_under_roc,
    average_precision,
    labels_to_reach,
    scores,
    simulate,
)

RNG = np.random.default_rng(2)
N = 240
TRUTH = (np.arange(N) % 6 == 0).astype(np.int64)
FEATURES = (RNG.normal(size=(N, 12)) + 1.5 * TRUTH[:, None] * (np.arange(12) < 6)).astype("f4")
IDS = [f"{k:020d}" for k in range(N)]
HOW = SimulationSettings(n_first=8, batch=8, budget=44)


def run(seed=0, **changes):
    return simulate(
        FEATURES, TRUTH, ("good", "bad"), IDS, HOW.model_copy(update=changes), seed=seed
    )


def test_a_curve_goes_up_to_the_budget_and_up_in_quality():
    curve = run()
    assert curve.n_labels.tolist() == [8, 16, 24, 32, 40, 44]
    assert curve.auc[-1] > 0.85
    assert 0.5 <= curve.area() <= 1
    assert (np.diff(curve.n_rare) >= 0).all()
    assert curve.collection[-1] >= 0.5
    assert curve.history == ()


def test_every_way_of_asking_begins_with_the_same_labels():
    first, second = (
        run(acquisition=AcquisitionSettings(acquisition=one)) for one in ("random", "bald")
    )
    assert first.auc[0] == second.auc[0]
    assert first.auc[1:].tolist() != second.auc[1:].tolist()


def test_a_seed_gives_one_curve_and_another_seed_another():
    assert run(3).auc.tolist() == run(3).auc.tolist() != run(4).auc.tolist()


def test_a_small_collection_is_labelled_to_its_end():
    curve = run(budget=1000)
    assert curve.n_labels[-1] == N - round(N * HOW.held_out)
    assert curve.collection[-1] == 1  # all of it was said by the curator


def test_a_measured_curve_tells_the_stop_rule_what_the_application_would():
    curve = run(measured=True)
    assert [one.n_labels for one in curve.history] == curve.n_labels.tolist()
    assert {one.n_media for one in curve.history} == {120}
    assert curve.history[0].ensemble_changed is None
    assert all(one.ensemble_changed is not None for one in curve.history[1:])
    assert all(0 <= one.n_right <= one.n_audited <= one.n_labels for one in curve.history)
    assert curve.history[0].n_audited == 8  # the first labels are the beginning of the lot
    random = run(measured=True, acquisition=AcquisitionSettings(acquisition="random"))
    assert [one.n_audited for one in random.history] == random.n_labels.tolist()


def test_labels_to_reach_a_level():
    assert labels_to_reach([10, 20, 30], [0.5, 0.7, 0.6], 0.6) == 15
    assert labels_to_reach([10, 20], [0.5, 0.7], 0.4) == 10
    assert labels_to_reach([10, 20], [0.5, 0.7], 0.8) == float("inf")
    curve = run()
    assert curve.labels_to_reach(0.0) == 8


def test_ranking_figures_are_scikit_learns():
    from sklearn.metrics import average_precision_score, balanced_accuracy_score, roc_auc_score

    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 90)
    told = rng.dirichlet(np.ones(3), 90).round(1)  # with ties
    for one in range(3):
        wanted = truth == one
        assert area_under_roc(wanted, told[:, one]) == pytest.approx(
            roc_auc_score(wanted, told[:, one])
        )
        assert average_precision(wanted, told[:, one]) == pytest.approx(
            average_precision_score(wanted, told[:, one])
        )
    balanced, auc, precision = scores(told, truth, 2)
    assert balanced == pytest.approx(balanced_accuracy_score(truth, told.argmax(axis=1)))
    areas = [roc_auc_score(truth == one, told[:, one]) for one in range(3)]
    assert auc == pytest.approx(np.mean(areas))
    assert precision == pytest.approx(average_precision_score(truth == 2, told[:, 2]))


def test_media_of_one_class_teach_nothing():
    with pytest.raises(NotEnoughMediaError, match="of one class"):
        simulate(FEATURES, np.zeros(N, np.int64), ("good", "bad"), IDS, HOW)


def test_lists_of_other_lengths_are_refused():
    with pytest.raises(StageError, match="240 features, 240 classes and 239 media"):
        simulate(FEATURES, TRUTH, ("good", "bad"), IDS[1:], HOW)
