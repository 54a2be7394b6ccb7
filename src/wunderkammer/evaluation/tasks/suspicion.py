"""Suspicion: wrong names that were planted and found again, and names that may really be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from wunderkammer.core.errors import WunderkammerError
from wunderkammer.evaluation.case import Case, Some
from wunderkammer.evaluation.files import ISSUES, issues_path
from wunderkammer.evaluation.tasks import Answer, Question, Table, Task
from wunderkammer.metrics.detection import detection
from wunderkammer.metrics.logistic import N_FOLDS, SEED
from wunderkammer.metrics.mislabels import (
    LabelIssue,
    Planted,
    Suspicions,
    label_issues,
    plant,
    suspect_by_confidence,
    suspect_by_neighbours,
)
from wunderkammer.metrics.neighbours import Neighbours, nearest_neighbours

_COARSER = "family"


class Suspecting(Task):
    """Base of what looks for wrong names."""

    k: int = Field(15, description="Neighbours that vote on a name.", ge=1)
    metric: Literal["euclidean", "cosine"] = Field(
        "cosine", description="Distance between features."
    )
    n_folds: int = Field(N_FOLDS, description="Folds of the classifier.", ge=2)
    fold_seed: int = Field(SEED, description="Shuffles what is dealt to the folds.", ge=0)

    def near(self, case: Case, some: Some) -> Neighbours:
        """Return the nearest media of other specimens, of each medium."""
        k = max(1, min(self.k, len(some) - 1))
        how = ("suspicion", self.metric, k, some.ids)
        return case.once(how, lambda: nearest_neighbours(
            some.features, k, groups=some.groups, metric=self.metric, device=case.device
        ))  # fmt: skip

    def suspicions(self, case: Case, some: Some, labels: Sequence[Any]) -> dict[str, Suspicions]:
        """Return what each detector makes of labels: confidence, neighbours and both."""
        sure = suspect_by_confidence(
            some.features, labels, groups=some.groups, n_folds=self.n_folds, seed=self.fold_seed,
            device=case.device,
        )  # fmt: skip
        near = suspect_by_neighbours(self.near(case, some), labels)
        return {"confidence": sure, "neighbours": near, "both": together(sure, near)}


class Mislabels(Suspecting):
    """Whether wrong names are found: some are planted in the tests, at random, within families."""

    name: Literal["mislabels"] = "mislabels"
    version: Literal["1"] = "1"
    fractions: tuple[float, ...] = Field(
        (0.05, 0.1), description="Shares of the specimens whose name is made wrong.", min_length=1
    )
    n_resamples: int = Field(1_000, description="Resamples of the bootstrap intervals.", ge=1)

    def questions(self, case: Case) -> Iterator[Question]:
        """Ask of each rank in each test."""
        for rank in case.ranks:
            coarser = (_COARSER,) if _COARSER in case.labels and rank != _COARSER else ()
            for part in case.tests:
                yield Question(rank, part, (part,), (rank, *coarser))

    def answer(self, case: Case, question: Question) -> Answer:
        """Plant and look, by kind of planting, then fraction, then detector."""
        rank, *coarser = question.labels
        some = self.some(case, str(question.split)).labelled(rank)
        figures: dict[str, Any] = {}
        notes = []
        kinds: dict[str, tuple[Any, ...] | None] = {"random": None}
        if coarser:
            kinds["within_family"] = some.labels(coarser[0])
        for kind, within in kinds.items():
            for fraction in self.fractions:
                try:
                    found = self._planted(case, some, some.labels(rank), fraction, within)
                    figures.setdefault(kind, {})[f"{100 * fraction:g}%"] = found
                except WunderkammerError as error:
                    notes.append(f"{kind.replace('_', ' ')}: {error.message}")
        return Answer(figures, note=" ".join(dict.fromkeys(notes)))

    def _planted(
        self, case: Case, some: Some, labels: Sequence[Any], fraction: float,
        within: Sequence[Any] | None,
    ) -> dict[str, Any]:  # fmt: skip
        """Return how well each detector finds what is planted."""
        planted = planted_by_group(labels, some.groups, fraction, within, self.seed)
        found = self.suspicions(case, some, planted.labels)
        measured = {
            name: detection(
                planted.wrong, one.flagged, one.scores, seed=self.seed, n_resamples=self.n_resamples
            ).figures()
            for name, one in found.items()
        }
        return {"planted": planted.figures(), **measured}


class Issues(Suspecting):
    """Names in the collection itself that may be wrong, with the nearest media as the reason."""

    name: Literal["issues"] = "issues"
    version: Literal["1"] = "1"
    n_shown: int = Field(5, description="Neighbours that are kept as the reason.", ge=1)
    most_issues: int = Field(1_000, description="No more suspected names than this.", ge=1)

    def questions(self, case: Case) -> Iterator[Question]:
        """Ask of each rank, of all media."""
        for rank in case.ranks:
            yield Question(rank, None, (), (rank,))

    def files(self, case: Case, question: Question) -> tuple[Path, ...]:
        """Return the list of this encoder and rank."""
        return (issues_path(case.root, case.encoder, str(question.rank)),)

    def answer(self, case: Case, question: Question) -> Answer:
        """Rank suspected names, most suspect first."""
        rank = str(question.rank)
        some = self.some(case).labelled(rank)
        both = self.suspicions(case, some, some.labels(rank))["both"]
        near = self.near(case, some)
        found = label_issues(both, near, k=self.n_shown, most=self.most_issues)
        rows = [_row(one, some, rank, case.encoder) for one in found]
        tables = {path: Table(rows, ISSUES) for path in self.files(case, question)}
        figures = {"n_media": len(some), "n_suspected": int(both.flagged.sum())}
        return Answer(figures, tables)


def together(first: Suspicions, second: Suspicions) -> Suspicions:
    """Return the mean of what two detectors make of the same labels.

    Notes
    -----
    Both scores are margins that are even at one half; so is their mean, and what it puts below
    is flagged. The label suggested is that of the detector that is surer.
    """
    scores = (first.scores + second.scores) / 2
    surer = np.where(first.scores <= second.scores, first.suggested, second.suggested)
    return Suspicions(first.names, scores, scores < 0.5, first.given, surer)


def planted_by_group(
    labels: Sequence[Any],
    groups: Sequence[str],
    fraction: float,
    within: Sequence[Any] | None,
    seed: int,
) -> Planted:
    """Give a fraction of the specimens another label, all media of a specimen the same.

    Parameters
    ----------
    labels, groups : sequence
        Of each medium.
    fraction : float
        Of the specimens.
    within : sequence or None
        A coarser label of each medium, see :func:`wunderkammer.metrics.mislabels.plant`.
    seed : int

    Raises
    ------
    WunderkammerError
        As :func:`wunderkammer.metrics.mislabels.plant`.
    """
    first: Mapping[str, int] = {one: row for row, one in reversed(list(enumerate(groups)))}
    rows = sorted(first.values())
    place = {groups[row]: at for at, row in enumerate(rows)}
    made = plant(
        [labels[row] for row in rows], fraction, seed=seed,
        within=None if within is None else [within[row] for row in rows],
    )  # fmt: skip
    at = [place[one] for one in groups]
    wrong = np.array([made.wrong[one] for one in at], np.bool_)
    pairs = zip(at, labels, wrong.tolist(), strict=True)
    return Planted(tuple(made.labels[one] if bad else own for one, own, bad in pairs), wrong)


def _row(one: LabelIssue, some: Some, rank: str, encoder: str) -> dict[str, Any]:
    vectors = some.features
    near = list(one.neighbours)
    return {
        "media_id": some.ids[one.row],
        "rank": rank,
        "encoder": encoder,
        "label": one.given,
        "proposed": one.suggested,
        "score": one.score,
        "neighbours": [some.ids[row] for row in near],
        "neighbour_labels": list(one.neighbour_labels),
        "neighbour_similarities": _cosines(vectors[one.row], vectors[near]),
    }


def _cosines(vector: Any, others: Any) -> list[float]:
    lengths = np.linalg.norm(others, axis=1) * np.linalg.norm(vector)
    products = np.asarray(others @ vector, np.float64)
    found = np.divide(products, lengths, np.zeros(len(products)), where=lengths > 0)
    return [float(one) for one in np.clip(found, -1, 1)]
