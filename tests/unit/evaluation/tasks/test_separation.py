import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from drawn_cases import case_of
from wunderkammer.evaluation.tasks.separation import Leakage, NearestNeighbours, Silhouette
from wunderkammer.metrics.neighbours import nearest_neighbours, neighbour_figures


def asked(task, case, rank, split):
    (question,) = [one for one in task.questions(case) if (one.rank, one.split) == (rank, split)]
    return question, task.answer(case, question)


def test_silhouettes_of_a_set_are_those_of_scikit_learn():
    case = case_of()
    _, answer = asked(Silhouette(n_resamples=20), case, "genus", "test")
    some = case.of("test")
    expected = silhouette_samples(some.features, some.labels("genus"))
    assert answer.figures["mean"]["value"] == pytest.approx(expected.mean(), abs=1e-5)
    (table,) = answer.tables.values()
    found = {row["media_id"]: row["silhouette"] for row in table.rows}
    np.testing.assert_allclose([found[one] for one in some.ids], expected, atol=1e-5)


def test_neighbours_of_a_test_are_looked_up_in_it_and_in_what_was_learnt():
    case = case_of(spread=1.0)
    _, answer = asked(NearestNeighbours(), case, "species", "test")
    train, test = case.of("train"), case.of("test")
    near = nearest_neighbours(
        train.features, 10, queries=test.features, groups=train.groups, query_groups=test.groups,
        metric="cosine",
    )  # fmt: skip
    expected = neighbour_figures(
        near, train.labels("species"), query_labels=test.labels("species")
    ).figures()
    assert answer.figures["train_to_test"] == expected
    assert answer.figures["n_media"] == len(test)


def test_a_museum_that_features_know_nothing_of_is_told_by_chance_and_one_they_know_is_not():
    case = case_of(n_each=24, spread=6.0)
    _, honest = asked(Leakage(), case, "institutionCode", "train")
    assert honest.figures["accuracy"]["value"] < 0.65
    case.labels = {**case.labels, "institutionCode": case.labels["family"]}
    told = case_of(n_each=24, spread=6.0)
    told.labels = case.labels
    _, leaking = asked(Leakage(), told, "institutionCode", "train")
    assert leaking.figures["accuracy"]["value"] > 0.9


def test_keys_follow_settings_and_labels():
    case, task = case_of(), NearestNeighbours()
    keys = {task.key(case, question) for question in task.questions(case)}
    assert len(keys) == 6, "three ranks in two sets"
    again = {task.key(case_of(), question) for question in task.questions(case)}
    assert keys == again
    other = NearestNeighbours(k=3)
    assert keys.isdisjoint({other.key(case, question) for question in other.questions(case)})
