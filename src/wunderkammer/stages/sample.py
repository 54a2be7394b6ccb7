"""Sample: a subset, a split, or both, as a column; no file is copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import pyarrow as pa
import pyarrow.csv
from pydantic import BeforeValidator, Field, field_validator

from wunderkammer.core.collection import Collection
from wunderkammer.core.column import Column
from wunderkammer.core.configuration import FILE, Configuration
from wunderkammer.core.errors import NotEnoughMediaError, WunderkammerError
from wunderkammer.core.files import write_bytes
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.registry import chosen_from
from wunderkammer.core.stage import Context, TableResult, TableStage
from wunderkammer.core.table import Table
from wunderkammer.core.template import edited
from wunderkammer.core.whole import gather
from wunderkammer.sampling import Split, registry
from wunderkammer.sampling.classes import NAME_TERMS
from wunderkammer.sampling.conditions import columns_of
from wunderkammer.sampling.counting import COUNTS, STEPS, count_sets, step_table
from wunderkammer.sampling.draw import FROM_NAMES, Draw, Drawn, Unit
from wunderkammer.sampling.pool import Pool
from wunderkammer.sampling.words import words

_COUNTS, _STEPS = "counts.csv", "steps.csv"


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample that was drawn.

    Attributes
    ----------
    drawn : Drawn
        What became of each medium.
    counts : pyarrow.Table
        One row a set: media, specimens, names; see :data:`wunderkammer.sampling.counting.COUNTS`.
    steps : pyarrow.Table
        How many media were still in the pool after each step.
    """

    drawn: Drawn
    counts: pa.Table
    steps: pa.Table


class SampleStage(TableStage):
    """Draw a subset, divide it into sets, and say of every other medium why it is left out.

    The steps are, in this order: the condition, the taxa, classes that are too small, caps,
    the number, the split. Every choice by lot follows from the seed and the ids alone.
    """

    optional: ClassVar[bool] = True
    name: Literal["sample"] = "sample"
    version: Literal["1"] = "1"
    sample: str = Field(
        "subset",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$",
        description="Name of the sample: letters, digits, '-' and '_'.",
    )
    seed: int = Field(0, ge=0, description="Decides every choice by lot.")
    unit: Unit = Field(
        "specimen",
        description="What is drawn and counted. specimen: all its media share one lot, so that "
        "none stands on both sides of a split; medium: each image by itself.",
    )
    where: str = Field(
        "",
        description="Condition in SQL over the columns of the collection, such as family = "
        "'Nymphalidae' and year_from >= 1900; empty: all media.",
    )
    taxa: Annotated[tuple[str, ...], BeforeValidator(words)] = Field(
        (),
        description="Names of taxa of any rank, from kingdom to species; capitals do not matter; "
        "empty: all.",
    )
    smallest_class: int = Field(
        0,
        ge=0,
        description="Classes of fewer units are left out; a class is a value of 'stratify', or "
        "else a species.",
    )
    per_species: int = Field(0, ge=0, description="At most so many of each species; 0: all.")
    per_genus: int = Field(0, ge=0, description="At most so many of each genus; 0: all.")
    n: int = Field(0, ge=0, description="How many are drawn of those that are left; 0: all.")
    stratify: str = Field(
        "",
        description="Column whose values keep their shares in the draw of n and in a split by "
        "shares; species and genus are read from names; empty: none.",
    )
    minimum: int = Field(
        0,
        ge=0,
        description="With n and stratify: each class gets at least so many, or all it has.",
    )
    institution: str = Field(
        "institutionCode", description="Column that says which institution keeps the specimen."
    )
    split: Annotated[Split, chosen_from(registry)] = Field(
        default_factory=lambda: registry.parse("none"),
        description="How what is drawn is divided into sets: a split's name and its settings.",
    )
    restrict: bool = Field(
        False, description="Whether later stages see only media that were drawn."
    )

    @field_validator("where")
    @classmethod
    def _is_a_condition(cls, value: str) -> str:
        if value.strip():
            columns_of(value)
        return value.strip()

    @property
    def floats(self) -> bool:
        """A sample is drawn as soon as what it asks for is known."""
        return True

    @property
    def label(self) -> str:
        """The sample's name."""
        return self.sample

    def reads(self) -> tuple[str, ...]:
        """Return names, specimens, institutions and what the settings ask for."""
        asked = (*self._columns(), *(columns_of(self.where) if self.where else ()))
        found = dict.fromkeys(("specimen_id", *NAME_TERMS, self.institution, *asked))
        return tuple(name for name in found if name != "media_id")

    def writes(self) -> tuple[Column, ...]:
        """Return the set of each medium, or why it is in none."""
        sets = ", ".join(self.split.sets())
        return (
            Column(f"{self.group}/split", "text", f"The set ({sets}); empty: left out."),
            Column(f"{self.group}/why", "text", "Why a medium was left out; empty: it was not."),
        )

    def limits(self) -> str | None:
        """Return the column of sets, if later stages see only what was drawn."""
        return f"{self.group}/split" if self.restrict else None

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Draw, and write the counts beside the columns."""
        made = self.draw(inputs.scalars)
        pa.csv.write_csv(made.counts, context.artifacts / _COUNTS)
        pa.csv.write_csv(made.steps, context.artifacts / _STEPS)
        values = (made.drawn.split, made.drawn.why)
        sizes = zip(made.counts["set"].to_pylist(), made.counts["media"].to_pylist(), strict=True)
        return TableResult(
            {column.name: value for column, value in zip(self.writes(), values, strict=True)},
            {f"n_{name.replace(' ', '_')}": float(size) for name, size in sizes},
        )

    def draw(self, media: pa.Table) -> Sample:
        """Return the sample of a table of media.

        Raises
        ------
        ConfigurationError
            If a setting does not fit what the collection holds.
        NotEnoughMediaError
            If nothing is drawn.
        """
        draw = Draw(media, seed=self.seed, unit=self.unit)
        if self.where:
            draw.only_where(self.where)
        if self.taxa:
            draw.only_taxa(self.taxa)
        pool = draw.pool(self._columns(), institution=self.institution, stratify=self.stratify)
        self._thin(pool)
        steps = [*draw.steps, *pool.steps]
        if not pool.inside.any():
            listing = ", ".join(f"{step.name}: {step.n_media:,}" for step in steps)
            raise NotEnoughMediaError(
                f"{self.group}: the sample is empty. Media left after each step: {listing}.",
                hint="Ask for less."
                if media.num_rows
                else f"'wk run {self.group}' first brings what it needs up to date.",
            )
        self.split.divide(pool)
        drawn = draw.drawn(pool)
        counts = count_sets(drawn.split, self.split.sets(), draw.counted(self.institution))
        return Sample(drawn, counts, step_table([*draw.steps, *pool.steps]))

    def _thin(self, pool: Pool) -> None:
        """Leave out classes that are too small, and what is beyond the caps and the number."""
        if self.smallest_class:
            if not self.stratify:
                pool.keep_known("species", "no species name")
            pool.keep_large(self.stratify or "species", self.smallest_class)
        for rank, at_most in (("species", self.per_species), ("genus", self.per_genus)):
            if at_most:
                pool.keep_known(rank, f"no {rank} name")
                pool.cap(rank, at_most)
        if self.n:
            pool.take(self.n, self.minimum)

    def _columns(self) -> tuple[str, ...]:
        """Return the columns that steps look at, beside what is read from names."""
        asked = dict.fromkeys(filter(None, (self.stratify, *self.split.reads())))
        return tuple(name for name in asked if name not in FROM_NAMES)


def samples_of(configuration: Configuration) -> list[SampleStage]:
    """Return the samples that are set in a collection."""
    return [stage for stage in configuration.stages if isinstance(stage, SampleStage)]


def counts_of(collection: Collection, name: str) -> tuple[pa.Table, pa.Table]:
    """Return the counts and the steps of a sample as it was drawn last.

    Raises
    ------
    StageError
        If it has not been drawn.
    """
    folder = collection.artifacts(f"sample/{name}")
    return _read(folder / _COUNTS, COUNTS), _read(folder / _STEPS, STEPS)


@contextmanager
def settings_kept_if_drawn(root: Path) -> Iterator[None]:
    """Put ``collection.toml`` back as it was if what runs inside finds that it cannot be done."""
    before = (root / FILE).read_bytes()
    try:
        yield
    except WunderkammerError as error:
        if (root / FILE).read_bytes() != before:
            write_bytes(root / FILE, before)
            error.hint = f"{error.hint} {FILE} is as it was before.".strip()
        raise


def preview(collection: Collection, name: str, changes: Mapping[str, Any]) -> Sample:
    """Draw a sample with other settings from what is there, and change nothing.

    Parameters
    ----------
    collection : Collection
    name : str
        The sample's name; there need be none of it yet.
    changes : mapping
        Settings by dotted name, as for :func:`wunderkammer.core.template.edit`.
    """
    configuration = edited(collection.root, changes, collection.pipeline.stages).configuration
    [stage] = [one for one in samples_of(configuration) if one.label == name]
    return stage.draw(gather(Table(collection.root, configuration), stage).scalars)


def _read(path: Path, schema: pa.Schema) -> pa.Table:
    options = pa.csv.ConvertOptions(column_types=schema)
    return pa.csv.read_csv(path, convert_options=options)
