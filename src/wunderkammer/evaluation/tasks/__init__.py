"""Tasks: what is measured of an encoder, one family of questions a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import Field

from wunderkammer.core.settings import Settings, digest_of
from wunderkammer.evaluation.case import Case, Some


@dataclass(frozen=True, slots=True)
class Question:
    """What one cell of an examination asks.

    Attributes
    ----------
    rank, split : str or None
        See :class:`wunderkammer.evaluation.files.Cell`.
    reads : tuple of str
        The sets that decide the answer; none: all media.
    labels : tuple of str
        The ranks and columns that do.
    """

    rank: str | None
    split: str | None
    reads: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table that an answer comes with."""

    rows: Sequence[Mapping[str, Any]]
    schema: pa.Schema


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Attributes
    ----------
    figures : mapping
        Nested, plain values.
    tables : mapping of Path to Table
        Those of :meth:`Task.files`.
    note : str
        What could not be measured, and why.
    """

    figures: Mapping[str, Any]
    tables: Mapping[Path, Table] = field(default_factory=dict)
    note: str = ""


class Task(Settings):
    """Base of all tasks: fields are settings, and decide the answers."""

    name: str
    version: str
    seed: int = Field(0, description="Decides every draw.", ge=0)
    most: int = Field(
        100_000,
        description="No more media of a set than this are looked at, drawn by lot; 0: all.",
        ge=0,
    )

    def questions(self, case: Case) -> Iterator[Question]:
        """Yield what is asked of an encoder."""
        raise NotImplementedError

    def answer(self, case: Case, question: Question) -> Answer:
        """Return what was found.

        Raises
        ------
        WunderkammerError
            If it cannot be measured on these media.
        """
        raise NotImplementedError

    def files(self, case: Case, question: Question) -> tuple[Path, ...]:
        """Return the tables that the answer comes with."""
        return ()

    def key(self, case: Case, question: Question) -> str:
        """Return the digest of all that decides an answer."""
        read = case.digest(question.reads, question.labels)
        asked = [question.rank, question.split, question.reads, question.labels]
        return digest_of([self.settings(), case.encoder, asked, read])

    def some(self, case: Case, *names: str) -> Some:
        """Return the media of some sets, as many as are looked at."""
        return case.of(*names, most=self.most, seed=self.seed)
