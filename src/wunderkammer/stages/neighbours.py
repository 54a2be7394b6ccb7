"""Neighbours: the media that are most alike by their features, found once for all that ask."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.stage import Context, TableResult, TableStage


class NeighboursStage(TableStage):
    """Find the nearest of each medium by the direction of its features, and measure the recall."""

    optional: ClassVar[bool] = True
    name: Literal["neighbours"] = "neighbours"
    version: Literal["2"] = "2"
    features: str = Field(
        "",
        description="Encoder whose features are compared; empty: the first.",
        json_schema_extra={REFERS_TO: "features"},
    )
    k: int = Field(
        90,
        ge=1,
        description="Neighbours of each medium, or all others where there are fewer; t-SNE goes "
        "by three times its perplexity, UMAP by 15.",
    )
    recall: float = Field(
        0.95,
        gt=0,
        le=1,
        description="Share of the true neighbours that is enough beyond 20,000 media; 1 compares "
        "all with all.",
    )
    seed: int = Field(0, ge=0, le=2**31 - 2, description="Seed of the cells and of the sample.")

    @property
    def label(self) -> str:
        """The encoder's name."""
        return self.features

    def reads(self) -> tuple[str, ...]:
        """Return the features."""
        return (f"features/{self.features}",)

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Write ``indices.npy`` and ``distances.npy``; rows are media in the order of their ids."""
        from wunderkammer.projections.neighbours import most_alike, predicted_bytes

        features = inputs.vectors(self.reads()[0])
        n = len(features)
        if n < 2:
            raise NotEnoughMediaError(
                f"neighbours: a medium has neighbours where there are 2, and {n} have features.",
                hint="Get features of more media.",
            )
        k = min(self.k, n - 1)
        bytes_taken = predicted_bytes(n, features.shape[1], k)
        context.tell(f"takes about {bytes_taken / 1e9:.1f} GB of memory beside the features")
        graph = most_alike(
            features,
            k,
            recall=self.recall,
            seed=self.seed,
            n_threads=context.n_threads,
        )
        graph.save(context.artifacts)
        return TableResult(quality={"recall": graph.recall, "k": float(graph.k)})
