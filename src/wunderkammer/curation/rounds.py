"""Rounds: labels → ensemble → predictions → measures, kept one folder each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from wunderkammer.core.errors import CollectionLockedError, StageError
from wunderkammer.core.files import read_json, remove_unfinished, write_json
from wunderkammer.core.sums import folder_written_noted
from wunderkammer.curation.changes import Measures
from wunderkammer.curation.ensemble import HeadEnsemble
from wunderkammer.curation.figures import Figure
from wunderkammer.curation.predictions import Predictions, read_predictions, write_predictions
from wunderkammer.curation.task import FOLDER, Task

ABOUT, PREDICTIONS, MEMBERS = "round.json", "predictions.parquet", "members.safetensors"
NETWORKS = "networks.safetensors"

Progress = Callable[[float, str], None]
"""Is told how far something has come, from 0 to 1, and what is being done."""


def silent(_fraction: float, _message: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round as it was kept.

    Attributes
    ----------
    number : int
        1 is the first.
    when, who : str
        When it was finished (ISO 8601, UTC), and who asked for it.
    seconds : float
    task : Task
    settings : mapping
        How the task was set.
    n_by_class : mapping of str to int
        Labels that were learnt from.
    n_unsure, n_conflicts : int
        Media that people are not sure of, or disagree on.
    n_random : int
        Labels of the beginning of the lot.
    temperature : float
        Divides logits before they become probabilities.
    figures : tuple of Figure
        Measured on labelled media that the members did not see.
    measures : Measures
        Changes against the round before, entropy and disagreement.
    advice : mapping
        What was advised then: ``stop``, ``reason``, ``criteria``.
    folder : Path
    """

    number: int
    when: str
    who: str
    seconds: float
    task: Task
    settings: Mapping[str, Any]
    n_by_class: Mapping[str, int]
    n_unsure: int
    n_conflicts: int
    n_random: int
    temperature: float
    figures: tuple[Figure, ...]
    measures: Measures
    advice: Mapping[str, Any]
    folder: Path

    @property
    def n_labelled(self) -> int:
        """Labels that were learnt from."""
        return sum(self.n_by_class.values())

    def predictions(self) -> Predictions:
        """Read what the round says of all media."""
        return read_predictions(self.folder / PREDICTIONS, len(self.task.classes))

    @property
    def has_members(self) -> bool:
        """Whether it has members that sort by features, and so also what comes later."""
        return (self.folder / MEMBERS).exists()

    def ensemble(self) -> HeadEnsemble:
        """Read its members.

        Raises
        ------
        StageError
            If it has none.
        """
        return HeadEnsemble.load(self.folder / MEMBERS)

    def figure(self, name: str) -> Figure:
        """Return a figure by its name; see :data:`wunderkammer.curation.figures.FIGURES`."""
        return next(one for one in self.figures if one.name == name)

    def as_json(self) -> dict[str, Any]:
        """Return the content of its ``round.json``."""
        return {
            "number": self.number,
            "when": self.when,
            "who": self.who,
            "seconds": self.seconds,
            "task": self.task.name,
            "classes": list(self.task.classes),
            "settings": dict(self.settings),
            "n_by_class": dict(self.n_by_class),
            "n_unsure": self.n_unsure,
            "n_conflicts": self.n_conflicts,
            "n_random": self.n_random,
            "temperature": self.temperature,
            "figures": [one.figures() for one in self.figures],
            "measures": self.measures.figures(),
            "advice": dict(self.advice),
        }


def rounds_folder(root: Path, task: str) -> Path:
    """Return the folder of a task's rounds."""
    return root / FOLDER / task / "rounds"


def round_numbers(root: Path, task: str) -> list[int]:
    """Return the numbers of the rounds that are kept, ascending."""
    found = rounds_folder(root, task).glob("[0-9]*")
    return sorted(int(path.name) for path in found if path.name.isdecimal())


def read_rounds(root: Path, task: str) -> list[Round]:
    """Return the rounds of a task, the first one first."""
    return [read_round(root, task, number) for number in round_numbers(root, task)]


def read_round(root: Path, task: str, number: int) -> Round:
    """Return one round.

    Raises
    ------
    StageError
        If it is not there.
    """
    folder = rounds_folder(root, task) / f"{number:04d}"
    about = read_json(folder / ABOUT)
    if about is None:
        raise StageError(
            f"the task '{task}' has no round {number}.", hint="'wk curate status' lists them."
        )
    return Round(
        number=about["number"],
        when=about["when"],
        who=about["who"],
        seconds=about["seconds"],
        task=Task(about["task"], tuple(about["classes"])),
        settings=about["settings"],
        n_by_class=about["n_by_class"],
        n_unsure=about["n_unsure"],
        n_conflicts=about["n_conflicts"],
        n_random=about["n_random"],
        temperature=about["temperature"],
        figures=tuple(Figure.of(one) for one in about["figures"]),
        measures=Measures.of(about["measures"]),
        advice=about["advice"],
        folder=folder,
    )


def write_round(
    about: Round, found: Predictions, save_members: Callable[[Path], None] = lambda _folder: None
) -> None:
    """Write a round's folder whole, or nothing of it.

    Parameters
    ----------
    about : Round
    found : Predictions
    save_members : callable, optional
        Writes the members into a folder.
    """
    with folder_written_noted(about.folder) as temporary:
        write_predictions(temporary / PREDICTIONS, found)
        save_members(temporary)
        write_json(temporary / ABOUT, about.as_json())


@contextmanager
def only_round(folder: Path, task: str) -> Iterator[None]:
    """Make one round of a task at a time; remove first what a killed one left.

    Raises
    ------
    CollectionLockedError
        If another process makes one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise CollectionLockedError(
            f"a round of '{task}' is being trained by another process.",
            hint="Wait until it is done; labels can be given meanwhile.",
        ) from None
    try:
        remove_unfinished(folder)
        yield
    finally:
        lock.release()
