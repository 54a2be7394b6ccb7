"""Tasks: what media are sorted into, and how the sorting is set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator, model_validator

from wunderkammer.core.configuration import REFERS_TO, Configuration
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.settings import CONTEXT, Settings
from wunderkammer.core.stage import Stage
from wunderkammer.curation.acquisition import Acquisition
from wunderkammer.curation.stopping import StopSettings
from wunderkammer.sampling.words import words

FOLDER = "curation"
"""What rounds make of a collection's labels lies here, a folder for each task."""

UNSURE = "unsure"
"""The answer of a person who cannot tell; it is asked again later."""

MOST_CLASSES = 9
"""One key a class, 1 to 9."""


@dataclass(frozen=True, slots=True)
class Task:
    """What media are sorted into.

    Attributes
    ----------
    name : str
        The column that is written, and the term that people state.
    classes : tuple of str
        In the order of their keys.
    """

    name: str
    classes: tuple[str, ...]

    @property
    def term(self) -> str:
        """The term of an annotation by which a person votes."""
        return self.name

    @property
    def settled_term(self) -> str:
        """The term of an annotation that settles a conflict."""
        return f"{self.name}/settled"

    def code(self, label: str) -> int:
        """Return the place of a class; -1 for what is none, such as not sure."""
        return self.classes.index(label) if label in self.classes else -1

    def allows(self, value: str) -> bool:
        """Tell whether a person may answer so."""
        return value == UNSURE or value in self.classes


class TaskSettings(Settings):
    """How one task is sorted: its classes, who predicts, and which media are asked for."""

    task: str = Field(
        "quality",
        pattern=r"^[A-Za-z][A-Za-z0-9_]*$",
        description="Name of the task and of its column: letters, digits and '_'.",
    )
    classes: Annotated[tuple[str, ...], BeforeValidator(words)] = Field(
        ("good", "bad"), description="What media are sorted into, in the order of their keys 1-9."
    )
    features: str = Field(
        "",
        description="Features that the ensemble sees; empty: the first.",
        json_schema_extra={REFERS_TO: "features"},
    )
    keep: Annotated[tuple[str, ...], BeforeValidator(words)] = Field(
        (),
        description="Classes that later stages see, beside media of which nothing is known yet; "
        "empty: all media.",
    )
    precision: float = Field(
        0.99,
        gt=0,
        lt=1,
        description="Share that shall be right of what is sorted without a person looking.",
        json_schema_extra={CONTEXT: True},
    )
    n_members: int = Field(
        5, ge=1, description="Members of the ensemble.", json_schema_extra={CONTEXT: True}
    )
    seed: int = Field(
        0,
        ge=0,
        description="Decides the lot and every draw of a round.",
        json_schema_extra={CONTEXT: True},
    )
    acquisition: Acquisition = Field(
        "margin",
        description="How the media are chosen that a person is asked next.",
        json_schema_extra={CONTEXT: True},
    )
    batch: int = Field(
        20,
        ge=1,
        description="Media that are chosen together.",
        json_schema_extra={CONTEXT: True},
    )
    random_share: float = Field(
        0.1,
        ge=0,
        le=1,
        description="Share of a batch that is drawn by lot: these alone measure without bias.",
        json_schema_extra={CONTEXT: True},
    )

    budget: int = Field(
        0,
        ge=0,
        description="Labels after which to stop is advised anyhow; 0: no such limit.",
        json_schema_extra={CONTEXT: True},
    )

    @field_validator("classes")
    @classmethod
    def _are_classes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not 2 <= len(value) <= MOST_CLASSES:
            raise ValueError(f"a task has 2 to {MOST_CLASSES} classes")
        if len(set(value)) < len(value):
            raise ValueError("two classes have one name")
        if UNSURE in value:
            raise ValueError(f"'{UNSURE}' is always there and is no class")
        odd = [one for one in value if not re.fullmatch(r"\w[\w .()&+-]*", one)]
        if odd:
            raise ValueError(
                f"'{odd[0]}' cannot be a folder: a class is made of letters, digits, spaces and "
                "'_.()&+-', and begins with a letter or digit"
            )
        return value

    @model_validator(mode="after")
    def _keeps_classes(self) -> TaskSettings:
        strangers = [one for one in self.keep if one not in self.classes]
        if strangers:
            raise ValueError(f"keep: '{strangers[0]}' is none of the classes")
        return self

    @property
    def stop(self) -> StopSettings:
        """When to stop is advised."""
        return StopSettings(budget=self.budget or None)

    @property
    def as_task(self) -> Task:
        """The task itself."""
        return Task(self.task, self.classes)


def task_settings(stage: Stage) -> TaskSettings:
    """Return a stage as the settings of its task.

    Raises
    ------
    ConfigurationError
        If it is not one that sorts.
    """
    if not isinstance(stage, TaskSettings):
        raise ConfigurationError(
            f"the stage '{stage.group}' sorts nothing.",
            hint="Name a sorting: 'wk status' lists them, each begins with sort/.",
        )
    return stage


def tasks_of(configuration: Configuration) -> dict[str, Stage]:
    """Return the stages that sort, by the names of their tasks, in order."""
    found = [stage for stage in configuration.stages if isinstance(stage, TaskSettings)]
    return {task_settings(stage).task: stage for stage in found}


def applied_path(root: Path, task: str) -> Path:
    """Return where the members lie that a task's stage sorts by."""
    return root / FOLDER / task / "applied.safetensors"
