"""Embedding: features of all media to one map in two dimensions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wunderkammer.core.column import Column
from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.registry import chosen_from
from wunderkammer.core.stage import Context, Inputs, TableResult, TableStage
from wunderkammer.metrics.embedding import embedding_quality
from wunderkammer.projections import Projection, registry


class EmbeddingStage(TableStage):
    """Project the features of all media to two dimensions, and measure what was kept."""

    name: Literal["embedding"] = "embedding"
    version: Literal["1"] = "1"
    features: str = Field(
        "",
        description="Encoder whose features are projected; empty: the first.",
        json_schema_extra={REFERS_TO: "features"},
    )
    projection: Annotated[Projection, chosen_from(registry)] = Field(
        default_factory=lambda: registry.parse("tsne"),
        description="How: a projection's name and its settings.",
    )

    @property
    def label(self) -> str:
        """The projection's name."""
        return self.projection.name

    def reads(self) -> tuple[str, ...]:
        """Return the features."""
        return (f"features/{self.features}",)

    def writes(self) -> tuple[Column, ...]:
        """Return a point."""
        return (
            Column(f"{self.group}/x", "real", "Horizontal place in the embedding; any unit."),
            Column(f"{self.group}/y", "real", "Vertical place in the embedding; any unit."),
        )

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Project, and measure trustworthiness, continuity and neighbours kept."""
        features = inputs.vectors(self.reads()[0])
        points = self.projection.project(features, n_threads=context.n_threads)
        x, y = self.writes()
        return TableResult(
            {x.name: points[:, 0], y.name: points[:, 1]}, embedding_quality(features, points)
        )
