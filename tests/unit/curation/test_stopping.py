from dataclasses import replace

import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.settings import build
from wunderkammer.curation.changes import Measures
from wunderkammer.curation.stopping import StopSettings, advise

SETTLED = Measures(
    n_media=1_000, n_labels=100, mean_entropy=0.01, uncertainty=0.02, n_disagreeing=5,
    members_changed=(1, 0, 2), ensemble_changed=1, kappa=0.998, n_compared=1_000,
    label_counts=(80, 20),
)  # fmt: skip
RESTLESS = replace(
    SETTLED, uncertainty=0.4, members_changed=(60, 80, 70), ensemble_changed=60, kappa=0.8
)
FIRST = replace(RESTLESS, members_changed=(), ensemble_changed=None, kappa=None, n_compared=0)


def rounds(*kinds, batch=20, n_first=100):
    """Return a history with so many more labels in each round."""
    return [replace(one, n_labels=n_first + place * batch) for place, one in enumerate(kinds)]


def named(advice):
    return {one.name: one for one in advice.criteria}


def test_without_a_round_there_is_nothing_to_stop():
    advice = advise([])
    assert (advice.stop, advice.criteria) == (False, ())
    assert "no round yet" in advice.reason


def test_one_round_cannot_be_compared_with_itself():
    advice = advise([FIRST])
    assert not advice.stop
    assert named(advice)["predictions"].value is None
    assert not named(advice)["predictions"].met


def test_while_predictions_change_labelling_goes_on():
    advice = advise(rounds(FIRST, RESTLESS, RESTLESS, RESTLESS, SETTLED))
    assert not advice.stop
    assert advice.reason.startswith("Go on: predictions still change")


def test_stable_predictions_of_made_up_minds_are_enough():
    history = rounds(FIRST, RESTLESS, SETTLED, SETTLED, SETTLED)
    stops = [advise(history[:n]).stop for n in range(1, 6)]
    assert stops == [False, False, False, True, True]
    advice = advise(history)
    assert advice.reason.startswith("Stop: predictions are stable")
    assert named(advice)["predictions"].value == pytest.approx(1 - 2 * 0.002)
    assert named(advice)["change of mind"].value == pytest.approx(2 * 0.001)


def test_stable_predictions_that_nobody_is_sure_of_are_not_enough():
    doubtful = replace(SETTLED, uncertainty=0.4, members_changed=(90, 90, 90))
    advice = advise(rounds(FIRST, *[doubtful] * 5))
    assert not advice.stop
    assert named(advice)["predictions"].met
    assert not named(advice)["change of mind"].met
    assert not named(advice)["uncertainty"].met


def test_low_entropy_alone_is_early_conceit():
    advice = advise(rounds(FIRST, *[replace(RESTLESS, uncertainty=0.0)] * 4))
    assert not advice.stop
    assert named(advice)["uncertainty"].met


@pytest.mark.parametrize(("batch", "n_rounds"), [(5, 8), (10, 4), (20, 2), (100, 2)])
def test_it_takes_as_many_labels_in_small_rounds_as_in_large_ones(batch, n_rounds):
    history = rounds(RESTLESS, *[SETTLED] * 20, batch=batch, n_first=200)
    stops = [advise(history[:n]).stop for n in range(1, len(history) + 1)]
    assert stops.index(True) == n_rounds


def test_an_easy_task_needs_fewer():
    few = [replace(one, label_counts=(5, 5)) for one in (FIRST, *[SETTLED] * 6)]
    history = rounds(*few, batch=2, n_first=6)
    stops = [advise(history[:n]).stop for n in range(1, len(history) + 1)]
    assert history[stops.index(True)].n_labels == 10, "the last 4 of 10 are two fifths"


@pytest.mark.parametrize("counts", [(), (100, 0), (98, 2)])
def test_an_ensemble_that_hardly_saw_a_class_is_not_believed_however_sure(counts):
    blind = replace(SETTLED, label_counts=counts, uncertainty=0.0, members_changed=(0, 0, 0))
    advice = advise(rounds(FIRST, *[blind] * 5))
    assert not advice.stop
    assert advice.reason.startswith("Go on: the class with the fewest labels has")


def test_the_budget_stops_whatever_else_is_so():
    history = [FIRST, RESTLESS]
    assert "budget" not in named(advise(history))
    assert not advise(history, StopSettings(budget=101)).stop
    advice = advise(history, StopSettings(budget=100))
    assert advice.stop
    assert "the budget is 100" in advice.reason


def test_a_random_sample_that_is_right_often_enough_stops():
    audited = replace(RESTLESS, n_audited=400, n_right=400)
    assert advise([FIRST, audited]).stop
    few = replace(RESTLESS, n_audited=40, n_right=40)
    advice = advise([FIRST, few])
    assert not advice.stop, "40 of 40 right may still be 91 %"
    assert named(advice)["accuracy"].value == pytest.approx(0.912, abs=1e-3)
    assert advise([FIRST, few], StopSettings(accuracy=0.9)).stop


def test_with_every_medium_labelled_nothing_is_left():
    assert advise([replace(FIRST, n_labels=1_000)]).stop


def test_every_criterion_says_what_it_found_and_what_it_wants():
    advice = advise(rounds(FIRST, RESTLESS, RESTLESS, RESTLESS), StopSettings(budget=500))
    assert list(named(advice)) == [
        "classes", "predictions", "change of mind", "uncertainty", "accuracy", "budget",
    ]  # fmt: skip
    for one in advice.criteria:
        assert one.sentence.endswith(".")
    assert advice.figures()["criteria"][0]["name"] == "classes"


def test_an_agreement_above_1_is_refused():
    with pytest.raises(ConfigurationError, match="kappa"):
        build(StopSettings, {"kappa": 1.2}, where="here")
