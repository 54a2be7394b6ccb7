import json

import numpy as np
import pytest

from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError, StageError
from wunderkammer.metrics.detection import detection
from wunderkammer.metrics.mislabels import (
    label_issues,
    plant,
    suspect_by_confidence,
    suspect_by_neighbours,
)
from wunderkammer.metrics.neighbours import nearest_neighbours

DRAW = np.random.default_rng(0)
CODES = np.arange(200) % 4
SPECIES = np.array(["A a", "A b", "B a", "C a"])[CODES]
GENUS = np.array(["A", "A", "B", "C"])[CODES]
FEATURES = (DRAW.normal(size=(4, 12)) * 2)[CODES] + DRAW.normal(size=(200, 12))


def test_the_fraction_of_each_label_is_planted():
    planted = plant(SPECIES, 0.1)
    assert np.bincount(CODES[planted.wrong]).tolist() == [5, 5, 5, 5]
    assert ((np.array(planted.labels) != SPECIES) == planted.wrong).all()
    assert planted.figures() == {"n_media": 200, "n_wrong": 20}


@pytest.mark.parametrize(("n", "fraction", "n_wrong"), [(30, 0.05, 15), (8, 0.05, 4), (7, 0.9, 63)])
def test_the_fraction_holds_where_labels_are_small(n, fraction, n_wrong):
    labels = np.repeat([f"species {i}" for i in range(10)], n)
    wrong = plant(labels, fraction).wrong.reshape(10, n).sum(axis=1)
    assert wrong.sum() == n_wrong
    assert np.ptp(wrong) <= 1


def test_within_a_genus_the_genus_stays_right():
    planted = plant(SPECIES, 0.2, within=GENUS)
    assert np.bincount(CODES[planted.wrong], minlength=4).tolist() == [10, 10, 0, 0]
    assert all(new[0] == old[0] for new, old in zip(planted.labels, SPECIES, strict=True))


def test_two_genera_swap_as_in_the_study():
    planted = plant(GENUS[CODES >= 2], 0.1, seed=89)
    truth = GENUS[CODES >= 2][planted.wrong]
    assert (np.array(planted.labels)[planted.wrong] == np.where(truth == "B", "C", "B")).all()
    assert sorted(truth) == ["B"] * 5 + ["C"] * 5


def test_the_seed_reaches_the_planting():
    first, again, other = (plant(SPECIES, 0.1, seed=one) for one in (1, 1, 2))
    assert first.labels == again.labels != other.labels


@pytest.mark.parametrize("detector", ["confidence", "neighbours"])
def test_planted_labels_are_found(detector):
    planted = plant(SPECIES, 0.1)
    near = nearest_neighbours(FEATURES, 15)
    if detector == "confidence":
        found = suspect_by_confidence(FEATURES, planted.labels)
    else:
        found = suspect_by_neighbours(near, planted.labels)
    figures = detection(planted.wrong, found.flagged, found.scores, n_resamples=50)
    assert figures.precision.value >= 0.8
    assert figures.recall.value >= 0.8
    assert figures.average_precision.value >= 0.9
    assert 0 <= found.scores.min() <= found.scores.max() <= 1
    right = np.array(found.names)[found.suggested[planted.wrong & found.flagged]]
    assert (right == SPECIES[planted.wrong & found.flagged]).mean() > 0.9
    assert found.figures()["n_flagged"] == figures.n_flagged


def test_wrong_labels_are_not_learnt_by_heart_where_features_are_many():
    noise = np.random.default_rng(1).normal(size=(200, 800)) * 0.4
    many = np.concatenate([FEATURES, noise], axis=1)
    planted = plant(SPECIES, 0.1)
    study, ours = (
        detection(planted.wrong, one.flagged, one.scores, n_resamples=2).average_precision.value
        for one in (
            suspect_by_confidence(many, planted.labels, strength=1.0, scaling="each"),
            suspect_by_confidence(many, planted.labels),
        )
    )
    assert ours >= 0.9
    assert ours > study + 0.1


def test_an_issue_comes_with_its_reason_the_most_suspect_first():
    planted = plant(SPECIES, 0.1)
    groups = np.arange(200) // 2
    near = nearest_neighbours(FEATURES, 10, groups=groups)
    issues = label_issues(suspect_by_neighbours(near, planted.labels), near, k=3, most=8)
    assert len(issues) == 8
    assert [one.score for one in issues] == sorted(one.score for one in issues)
    for one in issues:
        assert one.given == planted.labels[one.row] != one.suggested
        assert len(one.neighbours) == len(one.distances) == 3
        assert one.neighbour_labels == tuple(planted.labels[other] for other in one.neighbours)
        assert all(groups[other] != groups[one.row] for other in one.neighbours)
    json.dumps([one.figures() for one in issues])


def test_wrong_neighbours_count_less_than_right_ones():
    planted = plant(SPECIES, 0.25, seed=3)
    near = nearest_neighbours(FEATURES, 15)
    found = suspect_by_neighbours(near, planted.labels)
    seen = np.array(planted.labels)[near.indices] == np.array(planted.labels)[:, None]
    plain = detection(planted.wrong, found.flagged, seen.mean(axis=1), n_resamples=2)
    heard = detection(planted.wrong, found.flagged, found.scores, n_resamples=2)
    assert heard.average_precision.value >= plain.average_precision.value


def test_who_has_no_neighbours_is_neither_right_nor_wrong():
    near = nearest_neighbours(FEATURES[:4], 2, groups=["s", "s", "s", "s"])
    found = suspect_by_neighbours(near, ["a", "a", "b", "b"])
    assert (found.scores == 0.5).all()
    assert not found.flagged.any()
    assert label_issues(found, near) == ()


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ConfigurationError, match=r"not 1\.5"):
        plant(SPECIES, 1.5)
    with pytest.raises(NotEnoughMediaError, match="is no medium"):
        plant(SPECIES, 0.001)
    with pytest.raises(StageError, match="'A a' lies in several"):
        plant(SPECIES, 0.1, within=["X", *GENUS[1:]])
    with pytest.raises(StageError, match="1 of 200 media have no label"):
        plant([None, *SPECIES[1:]], 0.1)
