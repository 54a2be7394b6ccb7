"""Identify: a name for each medium that has none, from those that have one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.column import Column
from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.stage import Context, TableResult, TableStage
from wunderkammer.vocab.ranks import RANKS, classification

_TERMS = (
    *RANKS[: RANKS.index("species")],
    "scientificName", "genericName", "specificEpithet", "infraspecificEpithet",
    "identificationQualifier",
)  # fmt: skip

Codes = npt.NDArray[np.int64]


class IdentifyStage(TableStage):
    """Propose a name for each medium that has none at a rank, or say nothing where unsure.

    A classifier learns from the features of the media that have a name; a name that people
    took away counts as none. What it says is a proposal: no record is changed.
    """

    optional: ClassVar[bool] = True
    name: Literal["identify"] = "identify"
    version: Literal["1"] = "1"
    rank: str = Field(
        "species",
        pattern=r"^\w+$",
        description="Rank of the names, such as species, genus or family; or any column.",
    )
    features: str = Field(
        "",
        description="Encoder whose features tell; empty: the first.",
        json_schema_extra={REFERS_TO: "features"},
    )
    accuracy: float = Field(
        0.95,
        gt=0,
        lt=1,
        description="Share of the names that shall be right, as measured on specimens that were "
        "held out; where it is not sure enough, it says nothing.",
    )
    least: int = Field(
        3, ge=1, description="Specimens that a name must have to be learnt; rarer names are not."
    )
    n_alternatives: int = Field(5, ge=1, description="Names that are told beside the likeliest.")
    n_folds: int = Field(5, ge=2, description="Folds in which sureness is measured.")
    seed: int = Field(0, ge=0, description="Deals specimens to folds.")

    @property
    def label(self) -> str:
        """The rank."""
        return self.rank

    def reads(self) -> tuple[str, ...]:
        """Return the features, the names, and what people said of these."""
        names = _TERMS if self.rank in RANKS else (self.rank,)
        said = f"annotation/{self.rank}Label"
        return (f"features/{self.features}", "specimen_id", *names, said)

    def writes(self) -> tuple[Column, ...]:
        """Return the name, how sure it is, and what else it could be."""
        return (
            Column(f"{self.group}/name", "text", "The name proposed; empty: named, or unsure."),
            Column(f"{self.group}/score", "real", "Probability of the likeliest name, calibrated."),
            Column(
                f"{self.group}/alternatives",
                "text",
                "The likeliest names with their probabilities, as JSON: [[name, score], …].",
            ),
            Column(f"{self.group}/abstained", "boolean", "Whether it was too unsure to say."),
        )

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Learn from the named, measure how sure is sure enough, tell the others."""
        from wunderkammer.metrics.logistic import fit_logistic, out_of_fold
        from wunderkammer.stages._answering import calibrated, reserve_of

        labels = self._labels(inputs)
        groups = [one or where for one, where in
                  zip(inputs.column("specimen_id"), inputs.ids, strict=True)]  # fmt: skip
        learnt = self._learnt(labels, groups)
        features = inputs.vectors(self.reads()[0])
        rows = np.flatnonzero([one in learnt for one in labels])
        known = [labels[row] for row in rows]
        told = out_of_fold(
            features[rows], known, groups=[groups[row] for row in rows], n_folds=self.n_folds,
            seed=self.seed, device=Device(n_threads=context.n_threads),
        )  # fmt: skip
        reserve = reserve_of(told, self.accuracy)
        asked = np.flatnonzero([one is None for one in labels])
        model = fit_logistic(features[rows], known)
        found = calibrated(model.probabilities(features[asked]), reserve.temperature)
        sure = found.max(axis=1, initial=0) >= reserve.threshold
        quality = {
            "n_named": float(len(rows)),
            "n_names": float(len(learnt)),
            "n_identified": float(sure.sum()),
            "n_abstained": float((~sure).sum()),
            "accuracy_held_out": reserve.accuracy,
            "coverage_held_out": reserve.coverage,
            "threshold": reserve.threshold,
        }
        kept = {name: value for name, value in quality.items() if value == value}  # noqa: PLR0124  not NaN
        return TableResult(self._values(len(inputs), asked, found, sure, model.names), kept)

    def _labels(self, inputs: Inputs) -> list[str | None]:
        """Return the name of each medium at the rank; None where it has none."""
        said = inputs.column(f"annotation/{self.rank}Label")
        if self.rank not in RANKS:
            own: list[str | None] = [str(one) if one else None for one in inputs.column(self.rank)]
        else:
            columns = [inputs.column(term) for term in _TERMS]
            own = [self._named(row) for row in zip(*columns, strict=True)]
        return [
            None if verdict == "rejected" else one for one, verdict in zip(own, said, strict=True)
        ]

    def _named(self, row: tuple[Any, ...]) -> str | None:
        terms = {term: str(one) for term, one in zip(_TERMS, row, strict=True) if one}
        return dict(classification(terms)).get(self.rank)

    def _learnt(self, labels: Sequence[str | None], groups: Sequence[str]) -> set[str]:
        """Return the names with enough specimens.

        Raises
        ------
        NotEnoughMediaError
            If there are fewer than two.
        """
        pairs = {(one, group) for one, group in zip(labels, groups, strict=True) if one}
        counts = Counter(one for one, _ in pairs)
        learnt = {one for one, n in counts.items() if n >= self.least}
        if len(learnt) < 2 or max(counts.values()) < self.n_folds:
            raise NotEnoughMediaError(
                f"{self.group}: it takes at least 2 names of {self.least} specimens each, and one "
                f"of {self.n_folds}; {len(learnt)} of {len(counts)} names at the rank "
                f"'{self.rank}' have so many.",
                hint="Choose a wider rank, or lower least.",
            )
        return learnt

    def _values(
        self,
        n: int,
        asked: Codes,
        found: npt.NDArray[np.float64],
        sure: npt.NDArray[np.bool_],
        names: Sequence[str],
    ) -> dict[str, list[Any]]:
        """Return the written columns, empty for media that have a name."""
        name, score, alternatives, abstained = (column.name for column in self.writes())
        values: dict[str, list[Any]] = {column.name: [None] * n for column in self.writes()}
        order = np.argsort(-found, axis=1, kind="stable")[:, : self.n_alternatives]
        for place, row in enumerate(asked.tolist()):
            likeliest = [(names[one], round(float(found[place, one]), 4)) for one in order[place]]
            values[name][row] = likeliest[0][0] if sure[place] else None
            values[score][row] = likeliest[0][1]
            values[alternatives][row] = json.dumps(likeliest, ensure_ascii=False)
            values[abstained][row] = not sure[place]
        return values
