import json

import numpy as np
import pytest

from wunderkammer.core.errors import StageError
from wunderkammer.curation.changes import Measures, kappa, measures


def logits_of(classes, n_classes=2, sure=10.0):
    """Return logits (members, media, classes) of members that say these classes surely."""
    return sure * np.eye(n_classes, dtype=np.float32)[np.asarray(classes)]


def test_classes_that_changed_are_counted_for_each_member_and_for_the_ensemble():
    before = logits_of([[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 1]])
    now = logits_of([[0, 0, 0, 1], [0, 0, 0, 1], [1, 1, 1, 1]])
    found = measures(now, np.full(4, -1), before=before)
    assert found.members_changed == (1, 0, 2)
    assert found.ensemble_changed == 0, "two of three say 0, 0, 0, 1 before and now"
    assert found.kappa == 1
    assert found.n_disagreeing == 3
    assert found.class_shares == (0.75, 0.25)


def test_the_first_round_has_nothing_to_compare_with():
    found = measures(logits_of([[0, 1]]), np.array([0, -1]))
    assert (found.members_changed, found.ensemble_changed, found.kappa) == ((), None, None)
    assert (found.n_media, found.n_labels, found.n_disagreeing) == (2, 1, 0)
    assert found.label_counts == (1, 0)


def test_entropy_is_that_of_the_mean_prediction_and_is_told_of_open_media_as_a_share():
    undecided, decided = [0.0, 0.0], [50.0, 0.0]
    logits = np.array([[undecided, decided, decided]], np.float32)
    found = measures(logits, np.array([-1, -1, 0]))
    assert found.mean_entropy == pytest.approx(np.log(2) / 3)
    assert found.uncertainty == pytest.approx(0.5)
    opposed = logits_of([[0], [1]], sure=50)
    assert measures(opposed, np.array([-1])).uncertainty == pytest.approx(1)
    assert measures(opposed, np.array([0])).uncertainty == 0, "nothing is left to be unsure of"


def test_a_temperature_makes_less_sure():
    logits, none = logits_of([[0, 1]], sure=3), np.full(2, -1)
    assert measures(logits, none, temperature=3).mean_entropy > measures(logits, none).mean_entropy


def test_media_that_came_since_and_members_that_are_new_are_not_compared():
    before = logits_of([[0, 1, 1]])
    before[:, 2] = np.nan
    now = logits_of([[0, 0, 0], [0, 0, 0]])
    found = measures(now, np.full(3, -1), before=before)
    assert (found.ensemble_changed, found.n_compared, found.members_changed) == (1, 2, ())


def test_kappa_is_that_of_the_textbook():
    one = np.repeat([0, 0, 1, 1], [20, 5, 10, 15])
    other = np.repeat([0, 1, 0, 1], [20, 5, 10, 15])
    assert kappa(one, other) == pytest.approx(0.4)
    assert kappa([1, 1], [1, 1]) == 1
    assert kappa([0, 0, 0, 1], [0, 0, 0, 0]) == 0, "no better than always answering the same"
    assert kappa([], []) is None


def test_measures_are_read_back_from_json_and_strangers_are_left_aside():
    found = measures(logits_of([[0, 1]]), np.array([0, -1]), before=logits_of([[1, 1]]))
    written = json.loads(json.dumps({**found.figures(), "seconds": 3}))
    assert Measures.of(written) == found


@pytest.mark.parametrize(
    ("labels", "before"), [(np.zeros(3, int), None), (np.zeros(2, int), np.zeros((1, 3, 2)))]
)
def test_other_media_are_refused(labels, before):
    with pytest.raises(StageError):
        measures(logits_of([[0, 1]]), labels, before=before)
