import json

import numpy as np
import pytest

from wunderkammer.core.errors import StageError
from wunderkammer.curation.audit import NEVER, audit

GOOD_BAD = ("good", "bad")


def of(sure, right, classes=GOOD_BAD, **options):
    """Audit a sample of media, all predicted as the first class; by default that is all."""
    sure = np.asarray(sure, np.float64)
    codes = np.where(right, 0, 1)
    options = {"confidence": sure, "labelled": np.zeros(len(sure), bool), **options}
    return audit(np.stack([sure, 1 - sure], 1), codes, classes, **options)


def test_a_large_sample_without_a_fault_promises_all():
    found = of(np.linspace(0.6, 1, 400), np.ones(400, bool))
    assert found.promised
    assert found.threshold == pytest.approx(0.6)
    assert found.choice.coverage == 1
    assert (found.n_kept, found.n_person, found.n_more) == (400, 0, 0)
    assert "100 % automatically at ≥ 99 % precision" in found.sentence


def test_what_is_promised_is_told_of_all_media_and_the_rest_is_for_a_person():
    sure = np.linspace(0.5, 1, 1_000)
    everything = np.concatenate([np.full(9_400, 0.99), np.full(600, 0.6)])
    labelled = np.zeros(10_000, bool)
    labelled[-100:] = True
    found = of(sure, sure > 0.65, confidence=everything, labelled=labelled)
    assert found.promised
    assert 0.6 < found.threshold < 0.66
    assert found.choice.coverage == pytest.approx(0.94)
    assert (found.n_kept, found.n_person, found.n_media) == (9_400, 500, 10_000)
    assert found.sentence == (
        "Keep 94 % automatically at ≥ 99 % precision, 6 % for a person (500 media without a label)."
    )


def test_a_small_sample_says_what_it_cannot_promise_and_how_many_more_it_takes():
    found = of(np.full(60, 0.99), np.ones(60, bool))
    assert not found.promised
    assert found.choice.coverage == 1
    assert "cannot be promised" in found.sentence
    assert "60 of 60" in found.sentence
    assert found.n_more == 381 - 60, "Wilson's lower end is 0.99 at 381 of 381"
    enough = of(np.full(60 + found.n_more, 0.99), np.ones(60 + found.n_more, bool))
    assert enough.promised
    short = of(np.full(59 + found.n_more, 0.99), np.ones(59 + found.n_more, bool))
    assert not short.promised


def test_nothing_audited_names_a_first_goal():
    found = audit(
        np.zeros((0, 2)), np.zeros(0, np.int64), GOOD_BAD,
        confidence=np.full(50, 0.9), labelled=np.zeros(50, bool), precision=0.95,
    )  # fmt: skip
    assert (found.n, found.curve, found.choice, found.threshold) == (0, (), None, NEVER)
    assert (found.n_person, found.n_more) == (50, 73)
    assert "first 73" in found.sentence
    assert json.loads(json.dumps(found.figures(), allow_nan=False))["accuracy"]["value"] is None


def test_where_nothing_reaches_the_precision_a_person_looks_at_all():
    found = of(np.linspace(0.5, 1, 200), np.arange(200) % 2 == 0)
    assert (found.promised, found.choice, found.threshold) == (False, None, NEVER)
    assert found.n_person == 200
    assert found.n_more is None
    assert "a person should look at all" in found.sentence


def test_precision_and_recall_of_each_class_are_counted_with_their_intervals():
    codes = np.array([0] * 80 + [1] * 20 + [-2] * 3)
    sure = np.full(103, 0.9)
    sure[[78, 79]] = 0.2
    sure[85:100] = 0.2
    found = audit(
        np.stack([sure, 1 - sure], 1), codes, GOOD_BAD,
        confidence=sure, labelled=np.ones(103, bool),
    )  # fmt: skip
    good, bad = found.classes
    assert (good.name, good.n_true, good.n_predicted, good.n_right) == ("good", 80, 83, 78)
    assert (bad.name, bad.n_true, bad.n_predicted, bad.n_right) == ("bad", 20, 17, 15)
    assert good.precision.value == pytest.approx(78 / 83)
    assert bad.recall.value == 0.75
    assert bad.recall.low == pytest.approx(0.531, abs=1e-3), "Wilson's interval of 15 of 20"
    assert bad.recall.high == pytest.approx(0.888, abs=1e-3)
    assert found.accuracy.value == 0.93
    assert (found.n, found.n_unsure) == (100, 3)


def test_the_curve_rises_in_coverage_and_ends_with_all():
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.5, 1, 500)
    found = of(sure, rng.random(500) < sure)
    coverage = [point.coverage for point in found.curve]
    assert len(coverage) <= 100
    assert coverage == sorted(coverage)
    assert found.curve[-1].coverage == 1
    assert found.curve[-1].accuracy == found.accuracy
    surest = [p.accuracy.value for p in found.curve if 0.05 < p.coverage < 0.3]
    assert np.mean(surest) > found.accuracy.value + 0.1


def test_media_as_sure_as_each_other_are_kept_together():
    found = of(np.full(10, 0.8), np.arange(10) < 9)
    assert [point.n_audited for point in found.curve] == [10]


@pytest.mark.parametrize("wanted", [0.0, 1.0, 99.0])
def test_a_precision_that_none_can_promise_is_refused(wanted):
    with pytest.raises(StageError, match="between 0 and 1"):
        of([0.9], [True], precision=wanted)


def test_arrays_of_other_media_are_refused():
    with pytest.raises(StageError, match="shape"):
        of([0.9, 0.8], [True, True], classes=("a", "b", "c"))
