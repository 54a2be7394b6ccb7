"""Embedding: features of all media to one map in two dimensions."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.column import Column
from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.errors import StageError
from wunderkammer.core.registry import chosen_from
from wunderkammer.core.settings import CONTEXT
from wunderkammer.core.stage import Context, Inputs, TableResult, TableStage
from wunderkammer.metrics.embedding import embedding_quality
from wunderkammer.projections import Projection, registry

if TYPE_CHECKING:
    from wunderkammer.projections.neighbours import NeighbourGraph

_MANY = 1_000
_N_COMPARED = 500
_NO_WORSE = 0.02

_log = logging.getLogger(__name__)


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
    neighbours: str = Field(
        "",
        description="Neighbours that are taken if they are of the same features; empty: the "
        "first, and where there are none the projection finds its own.",
        # what they are is in the key by the files that are read
        json_schema_extra={REFERS_TO: "neighbours", CONTEXT: True},
    )

    @property
    def label(self) -> str:
        """The projection's name."""
        return self.projection.name

    def reads(self) -> tuple[str, ...]:
        """Return the features."""
        return (f"features/{self.features}",)

    def reads_artifacts(self) -> tuple[str, ...]:
        """Return the neighbours, if there are any of these features."""
        if not self.projection.keeps_neighbours or self.neighbours != self.features:
            return ()
        return (f"neighbours/{self.neighbours}",) if self.neighbours else ()

    def writes(self) -> tuple[Column, ...]:
        """Return a point."""
        return (
            Column(f"{self.group}/x", "real", "Horizontal place in the embedding; any unit."),
            Column(f"{self.group}/y", "real", "Vertical place in the embedding; any unit."),
        )

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Project, and measure trustworthiness, continuity and neighbours kept.

        Raises
        ------
        StageError
            If the map keeps neighbours worse than principal components do.
        """
        features = inputs.vectors(self.reads()[0])
        told: dict[str, float] = {}

        def watch(name: str, value: float) -> None:
            told[name] = float(value)
            _log.info("%s, %s media: %s %.6g", self.group, f"{len(features):,}", name, value)

        points = self.projection.project(
            features,
            n_threads=context.n_threads,
            neighbours=self._known(inputs, len(features)),
            watch=watch,
        )
        quality = embedding_quality(features, points)
        if self.projection.keeps_neighbours:
            refuse_unsorted(features, points)
        x, y = self.writes()
        return TableResult({x.name: points[:, 0], y.name: points[:, 1]}, {**quality, **told})

    def _known(self, inputs: Inputs, n: int) -> NeighbourGraph | None:
        """Return the neighbours that were found before, if they are of use."""
        groups = self.reads_artifacts()
        if not groups or not self.projection.n_neighbours(n):
            return None
        from wunderkammer.projections.neighbours import load_neighbours

        return load_neighbours(inputs.artifacts[groups[0]])


def refuse_unsorted(features: npt.NDArray[np.float32], points: npt.NDArray[np.float64]) -> None:
    """Refuse a map that keeps neighbours worse than principal components do.

    Raises
    ------
    StageError
        If its trustworthiness on a sample is lower by more than 0.02; maps of fewer
        than 1,000 media are not looked at.
    """
    from wunderkammer.projections.pca import Pca

    if len(features) < _MANY:
        return
    plain = Pca().project(features)
    found, bar = (
        embedding_quality(features, one, n_sample=_N_COMPARED)["trustworthiness"]
        for one in (points, plain)
    )
    if not found >= bar - _NO_WORSE:
        raise StageError(
            f"embedding: the map is unsorted: its trustworthiness is {found:.3f}, and that of "
            f"two principal components {bar:.3f}.",
            hint="Set another initialisation, more iterations or a lower learning_rate; "
            'projection = "pca" always works.',
        )
