"""What an examination asks: which encoders, which split, which ranks, which tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from wunderkammer.core.errors import ConfigurationError, UnknownNameError, nearest
from wunderkammer.core.settings import Settings
from wunderkammer.evaluation.files import TASKS
from wunderkammer.evaluation.tasks import Task
from wunderkammer.evaluation.tasks.looking import Activations, Embedding
from wunderkammer.evaluation.tasks.naming import Discriminate, Identification, LearningCurve
from wunderkammer.evaluation.tasks.separation import Leakage, NearestNeighbours, Silhouette
from wunderkammer.evaluation.tasks.suspicion import Issues, Mislabels
from wunderkammer.sampling.words import words

_Words = Annotated[tuple[str, ...], BeforeValidator(words)]

RANKS = ("family", "genus", "species")
LEAKS = ("institutionCode", "recordedBy", "creator")


class Examination(Settings):
    """The same questions for every encoder of a collection."""

    name: Literal["evaluate"] = "evaluate"
    version: Literal["1"] = "1"
    encoders: _Words = Field(
        (),
        description="Who is examined: features that the collection has, by what they are called; "
        "encoders; or kinds that are trained on the training set first: autoencoder, vae, triplet, "
        "classifier, simclr. Empty: all features that the collection has.",
    )
    split: str = Field(
        "",
        description="A sample, or a column, that says 'train' and the names of tests; empty: "
        "specimens are divided here, so that each name keeps its share.",
    )
    test_share: float = Field(
        0.2, description="Share of the specimens that is asked, where they are divided here.",
        gt=0, lt=1,
    )  # fmt: skip
    ranks: _Words = Field(
        RANKS, description="Ranks of classification, wide to narrow, or columns that are told."
    )
    leaks: _Words = Field(
        LEAKS,
        description="Columns that features should not tell: who keeps, collected, photographed.",
    )
    tasks: _Words = Field(TASKS, description="What is measured.")
    seed: int = Field(0, description="Decides every draw.", ge=0)
    training: Mapping[str, Mapping[str, Any]] = Field(
        default_factory=dict,
        description="Settings of trainings by kind, such as triplet.n_epochs = 20.",
    )
    silhouette: Silhouette = Field(default_factory=Silhouette, description="Silhouettes.")
    neighbours: NearestNeighbours = Field(
        default_factory=NearestNeighbours, description="Nearest neighbours."
    )
    leakage: Leakage = Field(default_factory=Leakage, description="Leakage.")
    identification: Identification = Field(
        default_factory=Identification, description="Identification."
    )
    discrimination: Discriminate = Field(
        default_factory=Discriminate, description="Pairs of genera."
    )
    mislabels: Mislabels = Field(default_factory=Mislabels, description="Planted wrong names.")
    issues: Issues = Field(default_factory=Issues, description="Names that may be wrong.")
    embedding: Embedding = Field(default_factory=Embedding, description="Maps.")
    activations: Activations = Field(default_factory=Activations, description="Channels.")
    learning_curve: LearningCurve = Field(
        default_factory=LearningCurve, description="Learning curves."
    )

    @field_validator("tasks")
    @classmethod
    def _are_tasks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            if one not in TASKS:
                raise UnknownNameError(
                    f"evaluate: no task is called '{one}'.", hint=nearest(one, TASKS)
                )
        return value

    @field_validator("ranks")
    @classmethod
    def _are_some(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ConfigurationError(
                "evaluate: at least one rank is needed.", hint=f"Such as {', '.join(RANKS)}."
            )
        return value

    def chosen(self) -> list[Task]:
        """Return the tasks that were asked for, in their order, with the seed in each."""
        asked = [name for name in TASKS if name in self.tasks]
        return [self.task(name) for name in asked]

    def task(self, name: str) -> Task:
        """Return a task of the examination by its name."""
        task: Task = getattr(self, name.replace("-", "_"))
        return task.model_copy(update={"seed": self.seed})


def task_of(settings: Mapping[str, Any]) -> Task | None:
    """Return the task that a cell was answered by; None if it is of another version."""
    kinds: Sequence[type[Task]] = (
        Silhouette, NearestNeighbours, Leakage, Identification, Discriminate, Mislabels, Issues,
        Embedding, Activations, LearningCurve,
    )  # fmt: skip
    by_name = {kind.model_fields["name"].default: kind for kind in kinds}
    kind = by_name.get(settings.get("name", ""))
    try:
        return None if kind is None else kind.model_validate(dict(settings))
    except ValueError:
        return None
