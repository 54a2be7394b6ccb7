"""Naming: what a plain classifier on frozen features tells, from many labels and from few."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.evaluation.case import Case
from wunderkammer.evaluation.tasks import Answer, Question, Task
from wunderkammer.metrics.discrimination import (
    LEAST_MEDIA,
    Discrimination,
    discriminate_all,
    similar_pairs,
)
from wunderkammer.metrics.identification import (
    N_LABELLED,
    cross_validated,
    learning_curve,
    train_to_test,
)
from wunderkammer.metrics.logistic import N_FOLDS, SEED


class Identification(Task):
    """Whether names are told: inside a test as Kew's study did, and from what was learnt before."""

    name: Literal["identification"] = "identification"
    version: Literal["1"] = "1"
    n_folds: int = Field(N_FOLDS, description="Folds inside a test.", ge=2)
    fold_seed: int = Field(SEED, description="Shuffles what is dealt to the folds.", ge=0)

    def questions(self, case: Case) -> Iterator[Question]:
        """Ask of each rank in each test."""
        for rank in case.ranks:
            for part in case.tests:
                yield Question(rank, part, (case.train, part), (rank,))

    def answer(self, case: Case, question: Question) -> Answer:
        """Measure both ways.

        ``within`` is cross-validated inside the test, ``train_to_test`` fitted on the training
        set; the nearest centroid stands beside each, under ``centroid``.
        """
        rank, part = str(question.rank), str(question.split)
        train, test = self.some(case, case.train), self.some(case, part)
        figures: dict[str, Any] = {}
        notes = []
        try:
            figures["within"] = cross_validated(
                test.features, test.labels(rank), groups=test.groups, n_folds=self.n_folds,
                seed=self.fold_seed, device=case.device,
            ).figures()  # fmt: skip
        except NotEnoughMediaError as error:
            notes.append(f"inside the test: {error.message}")
        try:
            figures["train_to_test"] = train_to_test(
                train.features, train.labels(rank), test.features, test.labels(rank),
                test_groups=test.groups, seed=self.seed,
            ).figures()  # fmt: skip
        except NotEnoughMediaError as error:
            notes.append(f"from train to test: {error.message}")
        return Answer(figures, note=" ".join(notes))


class LearningCurve(Task):
    """What a few labels are worth."""

    name: Literal["learning-curve"] = "learning-curve"
    version: Literal["1"] = "1"
    n_labelled: tuple[int, ...] = Field(
        N_LABELLED, description="Media of each label that are learnt from.", min_length=1
    )
    n_draws: int = Field(3, description="Sets of so many media that are drawn.", ge=1)

    def questions(self, case: Case) -> Iterator[Question]:
        """Ask of each rank in each test."""
        for rank in case.ranks:
            for part in case.tests:
                yield Question(rank, part, (case.train, part), (rank,))

    def answer(self, case: Case, question: Question) -> Answer:
        """Fit on more and more media of the training set."""
        rank, part = str(question.rank), str(question.split)
        train, test = self.some(case, case.train), self.some(case, part)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that there are few media is the point
            points = learning_curve(
                train.features, train.labels(rank), test.features, test.labels(rank),
                n_labelled=self.n_labelled, n_draws=self.n_draws, seed=self.seed,
                device=case.device,
            )  # fmt: skip
        return Answer({"points": [one.figures() for one in points], "n_media": len(test)})


class Discriminate(Task):
    """Whether pairs of names, such as genera, can be told apart."""

    name: Literal["discrimination"] = "discrimination"
    version: Literal["1"] = "1"
    rank: str = Field("genus", description="Rank whose names are told apart.")
    n_pairs: int = Field(
        300,
        description="All pairs if there are no more than this, else so many of the most similar; "
        "0: all.",
        ge=0,
    )
    n_folds: int = Field(N_FOLDS, description="Folds of the media of a pair.", ge=2)
    fold_seed: int = Field(SEED, description="Shuffles what is dealt to the folds.", ge=0)

    def questions(self, case: Case) -> Iterator[Question]:
        """Ask of one rank in each test."""
        if self.rank in case.ranks:
            for part in case.tests:
                yield Question(self.rank, part, (part,), (self.rank,))

    def answer(self, case: Case, question: Question) -> Answer:
        """Tell pairs apart, hardest first."""
        some = self.some(case, str(question.split))
        labels = some.labels(self.rank)
        counts = [labels.count(one) for one in set(labels) - {None}]
        large = sum(n >= max(LEAST_MEDIA, self.n_folds) for n in counts)
        n_possible = large * (large - 1) // 2
        if not n_possible:
            raise NotEnoughMediaError(
                f"evaluate: a pair needs {LEAST_MEDIA} media of each name, and {large} "
                f"{self.rank} of '{question.split}' have so many.",
                hint="Examine more media, or raise test_share.",
            )
        few = self.n_pairs and n_possible > self.n_pairs
        found = discriminate_all(
            some.features, labels,
            pairs=similar_pairs(some.features, labels, self.n_pairs) if few else None,
            groups=some.groups, n_folds=self.n_folds, seed=self.fold_seed, device=case.device,
        )  # fmt: skip
        return Answer(_summed(found, n_possible, len(some)))


def _summed(found: tuple[Discrimination, ...], n_possible: int, n_media: int) -> dict[str, Any]:
    """Return pairs without their folds, and what is told of all together."""
    pairs = [{k: v for k, v in one.figures().items() if k != "folds"} for one in found]
    accuracy = [one.scores.accuracy for one in found]
    return {
        "accuracy": sum(accuracy) / len(accuracy),
        "worst_accuracy": min(accuracy),
        "n_pairs": len(found),
        "n_possible": n_possible,
        "n_media": n_media,
        "pairs": pairs,
    }
