"""Looking: the maps of an encoder's features, and the channels that vary most."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.errors import WunderkammerError
from wunderkammer.core.settings import digest_of
from wunderkammer.evaluation.case import Case, Some
from wunderkammer.evaluation.files import (
    ACTIVATIONS,
    EMBEDDINGS,
    activations_path,
    embedding_path,
)
from wunderkammer.evaluation.tasks import Answer, Question, Table, Task
from wunderkammer.metrics.embedding import embedding_quality
from wunderkammer.metrics.neighbours import nearest_neighbours, neighbour_figures
from wunderkammer.projections import Projection, registry

Points = npt.NDArray[np.float64]


class Embedding(Task):
    """Maps of the training set, on which the tests find their place, and what the maps keep."""

    name: Literal["embedding"] = "embedding"
    version: Literal["1"] = "1"
    projections: tuple[str, ...] = Field(
        ("umap", "tsne"), description="Projections, each by its name.", min_length=1
    )
    k: int = Field(5, description="Neighbours that vote on a name, on the map.", ge=1)

    def questions(self, case: Case) -> Iterator[Question]:
        """Ask of each projection; no label decides where a medium lies."""
        for name in self.projections:
            yield Question(None, name, case.sets)
            for rank in case.ranks:
                yield Question(rank, name, case.sets, (rank,))

    def key(self, case: Case, question: Question) -> str:
        """Return the digest of all that decides an answer, the projection's settings among it."""
        return digest_of([super().key(case, question), self._projection(question).settings()])

    def files(self, case: Case, question: Question) -> tuple[Path, ...]:
        """Return the table of places; names on the map have none."""
        if question.rank is not None:
            return ()
        return (embedding_path(case.root, case.encoder, str(question.split)),)

    def answer(self, case: Case, question: Question) -> Answer:
        """Measure each set on the map: what is kept of neighbourhoods, or names by neighbours."""
        some, points = self._mapped(case, question)
        figures: dict[str, Any] = {}
        for part in case.sets:
            rows = np.flatnonzero(np.array(some.parts) == part)
            if question.rank is None:
                figures[part] = {
                    **embedding_quality(some.features[rows], points[rows]), "n_media": len(rows)
                }  # fmt: skip
                continue
            try:
                figures[part] = self._told(some, points, rows, question.rank, case)
            except WunderkammerError:
                continue
        coordinates = zip(some.ids, *points.T.tolist(), some.parts, strict=True)
        made = [dict(zip(EMBEDDINGS.names, row, strict=True)) for row in coordinates]
        tables = {path: Table(made, EMBEDDINGS) for path in self.files(case, question)}
        return Answer(figures, tables)

    def _told(
        self, some: Some, points: Points, rows: npt.NDArray[np.int64], rank: str, case: Case
    ) -> dict[str, Any]:
        """Return how well neighbours on the map tell a name; compare with the task neighbours."""
        groups, labels = some.groups, some.labels(rank)
        near = nearest_neighbours(
            points[rows], max(1, min(self.k, len(rows) - 1)),
            groups=[groups[row] for row in rows], device=case.device,
        )  # fmt: skip
        asked = [labels[row] for row in rows]
        return neighbour_figures(near, asked, k=self.k, at=(1,), seed=self.seed).figures()

    def _projection(self, question: Question) -> Projection:
        return registry.get(str(question.split), where="evaluate, embedding").model_validate({})

    def _mapped(self, case: Case, question: Question) -> tuple[Some, Points]:
        """Return the media and where they lie: the map is that of the training set alone."""
        some = self.some(case, *case.sets)

        def make() -> Points:
            is_train = np.array(some.parts) == case.train
            places = np.empty((len(some), 2))
            found = self._projection(question).project_both(
                some.features[is_train], some.features[~is_train], n_threads=case.device.n_threads
            )
            places[is_train], places[~is_train] = found
            return places

        return some, case.once((self, question.split), make)


class Activations(Task):
    """The channels that vary most, and the media that bring them lowest and highest."""

    name: Literal["activations"] = "activations"
    version: Literal["1"] = "1"
    n_channels: int = Field(8, description="Channels that are kept.", ge=1)
    n_extremes: int = Field(8, description="Media at each end, each of another specimen.", ge=1)

    def questions(self, case: Case) -> Iterator[Question]:
        """Ask once."""
        yield Question(None, None, case.sets)

    def files(self, case: Case, question: Question) -> tuple[Path, ...]:
        """Return the table of channels."""
        return (activations_path(case.root, case.encoder),)

    def answer(self, case: Case, question: Question) -> Answer:
        """Rank channels by their variance in the training set."""
        some = self.some(case, *case.sets)
        features = some.features
        variance = features[np.array(some.parts) == case.train].var(axis=0, dtype=np.float64)
        order = np.argsort(-variance, kind="stable")[: self.n_channels]
        rows = [
            {
                "channel": int(channel),
                "variance": float(variance[channel]),
                "lowest": self._ends(features[:, channel], some),
                "highest": self._ends(-features[:, channel], some),
            }
            for channel in order
        ]
        total = float(variance.sum())
        figures = {
            "n_media": len(some),
            "n_channels": features.shape[1],
            "n_constant": int((variance == 0).sum()),
            "variance_of_shown": float(variance[order].sum()) / total if total else 0.0,
        }
        tables = {path: Table(rows, ACTIVATIONS) for path in self.files(case, question)}
        return Answer(figures, tables)

    def _ends(self, values: npt.NDArray[np.float32], some: Some) -> list[str]:
        """Return the media of the smallest values, one of each specimen, the most extreme first."""
        found: dict[str, str] = {}
        for row in np.argsort(values, kind="stable"):
            found.setdefault(some.groups[row], some.ids[row])
            if len(found) == self.n_extremes:
                break
        return list(found.values())
