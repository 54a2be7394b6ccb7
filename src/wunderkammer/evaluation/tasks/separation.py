"""Separation: whether media lie with their like, and what they should not lie by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.evaluation.case import Case, Some
from wunderkammer.evaluation.files import SILHOUETTES, silhouettes_path
from wunderkammer.evaluation.tasks import Answer, Question, Table, Task
from wunderkammer.metrics.neighbours import Neighbours, nearest_neighbours, neighbour_figures
from wunderkammer.metrics.silhouette import Silhouettes, silhouettes

Metric = Literal["euclidean", "cosine"]


class Silhouette(Task):
    """How much nearer each medium lies to its own label than to the next one."""

    name: Literal["silhouette"] = "silhouette"
    version: Literal["1"] = "1"
    metric: Metric = Field("euclidean", description="Distance between features.")
    n_resamples: int = Field(1_000, description="Resamples of the bootstrap interval.", ge=1)

    def questions(self, case: Case) -> Iterator[Question]:
        """Ask of each rank in each set."""
        for rank in case.ranks:
            for part in case.sets:
                yield Question(rank, part, (part,), (rank,))

    def files(self, case: Case, question: Question) -> tuple[Path, ...]:
        """Return the table of all silhouettes."""
        rank, part = str(question.rank), str(question.split)
        return (silhouettes_path(case.root, case.encoder, rank, part),)

    def answer(self, case: Case, question: Question) -> Answer:
        """Measure all ranks of a set at once, since distances are the same."""
        part = str(question.split)
        some = self.some(case, part)
        found = case.once((self, part), lambda: self._measured(case, some))
        if question.rank not in found:
            raise NotEnoughMediaError(
                f"evaluate: the media of '{part}' do not differ in {question.rank}."
            )
        one = found[question.rank]
        pairs = zip(some.ids, one.values.tolist(), strict=True)
        rows = [{"media_id": name, "silhouette": value} for name, value in pairs if value == value]  # noqa: PLR0124  not NaN
        tables = {path: Table(rows, SILHOUETTES) for path in self.files(case, question)}
        return Answer(one.figures(), tables)

    def _measured(self, case: Case, some: Some) -> dict[str, Silhouettes]:
        labels = {rank: some.labels(rank) for rank in case.ranks}
        several = {rank: one for rank, one in labels.items() if len(set(one) - {None}) > 1}
        return silhouettes(
            some.features, several, metric=self.metric, groups=some.groups, device=case.device,
            seed=self.seed, n_resamples=self.n_resamples,
        )  # fmt: skip


class NearestNeighbours(Task):
    """Whether the nearest media of other specimens have the same name."""

    name: Literal["neighbours"] = "neighbours"
    version: Literal["1"] = "1"
    k: int = Field(5, description="Neighbours that vote.", ge=1)
    at: tuple[int, ...] = Field(
        (1, 5, 10), description="Numbers of neighbours that recall is told for.", min_length=1
    )
    metric: Metric = Field("cosine", description="Distance between features.")

    def questions(self, case: Case) -> Iterator[Question]:
        """Ask of each rank in each set."""
        for rank in case.ranks:
            for part in case.sets:
                reads = (part,) if part == case.train else (case.train, part)
                yield Question(rank, part, reads, (rank,))

    def answer(self, case: Case, question: Question) -> Answer:
        """Let the media of a set vote among themselves, and for a test those of the training set.

        The latter stands under ``train_to_test``.
        """
        rank, part = str(question.rank), str(question.split)
        figures = self.within(case, part, rank)
        if part == case.train:
            return Answer(figures)
        try:
            return Answer({**figures, "train_to_test": self._across(case, part, rank)})
        except NotEnoughMediaError as error:
            return Answer(figures, note=error.message)

    def within(self, case: Case, part: str, label: str) -> dict[str, Any]:
        """Return the figures of a set's media among themselves."""
        some = self.some(case, part)
        near = self._near(case, part, some)
        return neighbour_figures(
            near, some.labels(label), k=self.k, at=self.at, seed=self.seed
        ).figures()

    def _across(self, case: Case, part: str, label: str) -> dict[str, Any]:
        train, asked = self.some(case, case.train), self.some(case, part)
        near = case.once((self, "across", part), lambda: nearest_neighbours(
            train.features, self._n(len(train)), queries=asked.features, groups=train.groups,
            query_groups=asked.groups, metric=self.metric, device=case.device,
        ))  # fmt: skip
        return neighbour_figures(
            near, train.labels(label), query_labels=asked.labels(label), k=self.k, at=self.at,
            seed=self.seed,
        ).figures()  # fmt: skip

    def _near(self, case: Case, part: str, some: Some) -> Neighbours:
        # leakage looks at the same neighbours
        how = ("neighbours", self.metric, self._n(len(some)), self.most, self.seed, part)
        return case.once(how, lambda: nearest_neighbours(
            some.features, self._n(len(some)), groups=some.groups, metric=self.metric,
            device=case.device,
        ))  # fmt: skip

    def _n(self, n: int) -> int:
        """Return how many neighbours are looked up among so many media."""
        return max(1, min(max(self.k, *self.at), n - 1))


class Leakage(NearestNeighbours):
    """Whether features tell what is no property of a specimen: who keeps or photographed it."""

    name: Literal["leakage"] = "leakage"  # type: ignore[assignment]

    def questions(self, case: Case) -> Iterator[Question]:
        """Ask of each column in each set."""
        for column in case.columns:
            for part in case.sets:
                yield Question(column, part, (part,), (column,))

    def answer(self, case: Case, question: Question) -> Answer:
        """Let the media of a set vote among themselves."""
        return Answer(self.within(case, str(question.split), str(question.rank)))
