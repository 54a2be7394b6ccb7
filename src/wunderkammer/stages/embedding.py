"""Embedding: features of all media to one map in two dimensions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.column import Column
from wunderkammer.core.configuration import REFERS_TO
from wunderkammer.core.errors import StageError
from wunderkammer.core.inputs import Inputs
from wunderkammer.core.registry import chosen_from
from wunderkammer.core.settings import CONTEXT
from wunderkammer.core.stage import Context, TableResult, TableStage
from wunderkammer.metrics.embedding import embedding_quality
from wunderkammer.projections import Projection, registry
from wunderkammer.stages._growing import Grown, grown, old_map, sampled
from wunderkammer.stages._taxa import TERMS, taxa

if TYPE_CHECKING:
    from wunderkammer.projections.neighbours import NeighbourGraph

_MANY = 1_000
_N_COMPARED = 500
_NO_WORSE = 0.02


class EmbeddingStage(TableStage):
    """Project the features of all media to two dimensions, and measure what was kept."""

    redoing: ClassVar[str] = "Optimise the whole map once more, from where it stands."
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

    growth: Literal["place", "anew"] = Field(
        "place",
        description="What becomes of a map as media come: place them on the map that is there, "
        "so that old ones keep their places, or make it anew each time, whatever was there.",
    )
    most_new: float = Field(
        0.2,
        ge=0,
        le=1,
        description="Share of media that may have come since the map was last optimised; beyond "
        "it, the whole map is optimised again, from where it stands. 'wk run embedding "
        "--refresh' does so at once.",
    )
    optimised_at_most: int = Field(
        5_000_000,
        ge=1_000,
        description="Beyond so many media a map is optimised for as many, drawn by lot, and the "
        "others are placed on it: memory grows no more.",
        # a map that is there stands; it counts when one is made
        json_schema_extra={CONTEXT: True},
    )
    called: str = Field(
        "",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$|^$",
        description="What it is called, where there are several of one projection; empty: as the "
        "projection.",
        json_schema_extra={CONTEXT: True},
    )

    @property
    def label(self) -> str:
        """What it is called, or the projection's name."""
        return self.called or self.projection.name

    def reads(self) -> tuple[str, ...]:
        """Return the features."""
        return (f"features/{self.features}",)

    def looks_up(self) -> tuple[str, ...]:
        """Return the names, by which the map is measured and not made."""
        return TERMS

    def reads_artifacts(self) -> tuple[str, ...]:
        """Return the neighbours, if they are of the same features and are gone by."""
        if not self.projection.keeps_neighbours or self.neighbours != self.features:
            return ()
        return (f"neighbours/{self.neighbours}",) if self.neighbours else ()

    def writes(self) -> tuple[Column, ...]:
        """Return a point, and how it came about."""
        return (
            Column(f"{self.group}/x", "real", "Horizontal place in the embedding; any unit."),
            Column(f"{self.group}/y", "real", "Vertical place in the embedding; any unit."),
            Column(
                f"{self.group}/placed",
                "boolean",
                "Whether it was placed on a map that was finished without it.",
            ),
        )

    def remembers(self) -> tuple[str, ...]:
        """Return the points of the last time, if the map grows."""
        return self._columns() if self.growth == "place" else ()

    def process(self, inputs: Inputs, context: Context) -> TableResult:
        """Project, or place what is new; measure what is kept of the neighbourhoods.

        Raises
        ------
        StageError
            If the map keeps neighbours worse than principal components do.
        """
        features = inputs.vectors(self.reads()[0])
        teller = Teller(context.tell)

        def optimise(start: npt.NDArray[np.float64] | None) -> npt.NDArray[np.float64]:
            return self.projection.project(
                features,
                n_threads=context.n_threads,
                neighbours=self._known(inputs, len(features)),
                start=start,
                watch=teller.watch,
            )

        old = old_map(inputs, self._columns()) if self.growth == "place" else None
        are_too_many = len(features) > self.optimised_at_most
        if are_too_many and (old is None or inputs.asked_again):
            found = sampled(
                features,
                self.projection,
                self.optimised_at_most,
                n_threads=context.n_threads,
                watch=teller.watch,
            )
        elif old is None:
            found = Grown(optimise(None), np.zeros(len(features), bool), is_optimised=True)
        else:
            found = grown(
                old,
                features,
                self.projection,
                optimise,
                most_new=1 if are_too_many else self.most_new,
                asked_again=inputs.asked_again,
                n_threads=context.n_threads,
            )
        context.tell("is measured")
        quality = embedding_quality(features, found.points, taxa=taxa(inputs.scalars))
        if self.projection.keeps_neighbours and found.is_optimised:
            refuse_unsorted(features, quality)
        values = (found.points[:, 0], found.points[:, 1], found.placed)
        quality |= {"n_placed": float(found.placed.sum())} if found.placed.any() else {}
        return TableResult(
            dict(zip(self._columns(), values, strict=True)), {**quality, **teller.told}, found.note
        )

    def _columns(self) -> tuple[str, str, str]:
        return f"{self.group}/x", f"{self.group}/y", f"{self.group}/placed"

    def _known(self, inputs: Inputs, n: int) -> NeighbourGraph | None:
        """Return the neighbours that were found before, if they are of use."""
        groups = self.reads_artifacts()
        if not groups or not self.projection.n_neighbours(n):
            return None
        from wunderkammer.projections.neighbours import load_neighbours

        return load_neighbours(inputs.artifacts[groups[0]])


class Teller:
    """Keeps the figures of a projection on its way, and tells people.

    Parameters
    ----------
    tell : callable
        Is told in words.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.told: dict[str, float] = {}
        self._tell = tell

    def watch(self, name: str, value: float) -> None:
        """Take a figure."""
        self.told[name] = float(value)
        if name == "predicted_bytes":
            self._tell(f"takes about {value / 1e9:.1f} GB of memory beside the features")
        elif name == "neighbour_recall":
            self._tell(f"found {value:.1%} of the nearest neighbours")
        elif name == "kl_divergence":
            n_done = self.told.get("n_iterations", 0)
            self._tell(f"iteration {n_done:,.0f}, KL divergence {value:.3f}")


def refuse_unsorted(features: npt.NDArray[np.float32], quality: Mapping[str, float]) -> None:
    """Refuse a map that keeps neighbours worse than principal components do.

    Parameters
    ----------
    features : ndarray of float32, shape (n, n_features)
    quality : mapping of str to float
        That of the map.

    Raises
    ------
    StageError
        If its trustworthiness is lower, by more than 0.02, than that of the components on
        a sample; maps of fewer than 1,000 media are not looked at.
    """
    from wunderkammer.projections.pca import Pca

    if len(features) < _MANY:
        return
    found = quality["trustworthiness"]
    bar = embedding_quality(features, Pca().project(features), n_sample=_N_COMPARED)
    if not found >= bar["trustworthiness"] - _NO_WORSE:
        raise StageError(
            f"embedding: the map is unsorted: its trustworthiness is {found:.3f}, and that of "
            f"two principal components {bar['trustworthiness']:.3f}.",
            hint="Set another initialisation, more iterations or a lower learning_rate; "
            'projection = "pca" always works.',
        )
