import itertools

import pytest

from drawn_cases import case_of
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.evaluation.tasks import Question
from wunderkammer.evaluation.tasks.naming import Discriminate, Identification, LearningCurve
from wunderkammer.metrics.identification import cross_validated, train_to_test


def test_identification_is_told_both_ways():
    case = case_of(n_each=18, spread=1.2)
    question = next(one for one in Identification().questions(case) if one.rank == "genus")
    figures = Identification().answer(case, question).figures
    train, test = case.of("train"), case.of("test")
    labels = train.labels("genus"), test.labels("genus")
    within = cross_validated(test.features, labels[1], groups=test.groups)
    across = train_to_test(
        train.features, labels[0], test.features, labels[1], test_groups=test.groups, seed=0
    )
    assert figures["within"] == within.figures()
    assert figures["train_to_test"] == across.figures()


def test_names_that_were_never_learnt_are_told_inside_the_test_only():
    case = case_of(n_each=18)
    strangers = [
        f"new {name}" if part == "test" else name
        for name, part in zip(case.labels["genus"], case.parts, strict=True)
    ]
    case.labels = {**case.labels, "genus": tuple(strangers)}
    question = Question("genus", "test", ("train", "test"), ("genus",))
    answer = Identification().answer(case, question)
    assert "within" in answer.figures
    assert "train_to_test" not in answer.figures
    assert "none of" in answer.note


def test_more_labels_are_better_than_one():
    case = case_of(n_each=36, spread=1.0)
    task = LearningCurve(n_labelled=(1, 10), n_draws=4)
    question = next(one for one in task.questions(case) if one.rank == "species")
    one, ten = task.answer(case, question).figures["points"]
    assert (one["n_each"], ten["n_each"]) == (1, 10)
    assert one["scores"]["accuracy"] < ten["scores"]["accuracy"]


def test_all_pairs_of_genera_are_told_apart_or_the_most_similar():
    case = case_of(n_each=30)
    (question,) = Discriminate().questions(case)
    figures = Discriminate().answer(case, question).figures
    pairs = {(one["first"], one["second"]) for one in figures["pairs"]}
    genera = sorted(set(case.labels["genus"]))
    assert pairs == set(itertools.combinations(genera, 2))
    few = Discriminate(n_pairs=2).answer(case, question).figures
    assert (few["n_pairs"], few["n_possible"]) == (2, 6)
    with pytest.raises(NotEnoughMediaError, match="10 media of each name"):
        Discriminate().answer(case_of(n_each=6), question)
