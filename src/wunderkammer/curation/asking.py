"""Asking: which media the machine would like to have labelled next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np
import numpy.typing as npt

from wunderkammer.core.collection import Collection
from wunderkammer.curation.acquisition import (
    AcquisitionSettings,
    Reason,
    Uncertainty,
    choose,
)
from wunderkammer.curation.media import FeatureRows
from wunderkammer.curation.queues import Standing, Waiting
from wunderkammer.curation.task import TaskSettings

_POOL = 5_000
"""Media of which the features are looked at, of those that are most worth a label."""

_REASONS: Mapping[Reason, str] = {
    "acquisition": "the ensemble is unsure",
    "diversity": "unsure, and unlike what is labelled",
    "random": "drawn by lot",
}


def choose_next(
    collection: Collection, settings: TaskSettings, standing: Standing, n: int, number: int
) -> list[Waiting]:
    """Choose further media to be asked after a round.

    Parameters
    ----------
    collection : Collection
    settings : TaskSettings
    standing : Standing
        What it has chosen before is not chosen again.
    n : int
        How many.
    number : int
        Of the round.

    Notes
    -----
    Features are read of some thousand media only, so that memory does not grow with the
    collection: those with the highest scores, the next in the lot, and all that is labelled.
    """
    told = standing.told
    if told is None or n < 1:
        return []
    known = told.predictions
    taken = {one.media_id for one in standing.chosen}
    answered, here = standing.votes.is_answered, standing.media.place
    open_ = np.array(
        [one in here and one not in taken and not answered(one) for one in known.ids], np.bool_
    )
    if not open_.any():
        return []
    features = FeatureRows(
        collection, collection.configuration.stage(f"features/{settings.features}"), known.place
    )
    has_features = np.zeros(len(known.ids), np.bool_)
    has_features[features.places()] = True
    waiting = open_ & has_features
    near = has_features & ((standing.codes >= 0) | np.isin(known.ids, list(taken)))
    how = AcquisitionSettings(acquisition=settings.acquisition, random_share=settings.random_share)
    pool = _pool(told.uncertainty.scores(how.acquisition), waiting, near, n, how)
    batch = choose(
        _part(told.uncertainty, pool),
        features.of(pool),
        pool,  # rows are in the order of the lot
        waiting=waiting[pool],
        labelled=near[pool],
        n=n,
        codes=standing.codes[pool],
        settings=how,
        seed=settings.seed * 100_000 + number,
    )
    return [
        Waiting(known.ids[pool[row]], _REASONS[reason])
        for row, reason in zip(batch.rows.tolist(), batch.reasons, strict=True)
    ]


def _pool(
    scores: npt.NDArray[np.float64],
    waiting: npt.NDArray[np.bool_],
    near: npt.NDArray[np.bool_],
    n: int,
    how: AcquisitionSettings,
) -> npt.NDArray[np.int64]:
    """Return the rows of which features are needed, ascending."""
    rows = np.flatnonzero(waiting)
    most = max(_POOL, round(n * how.shortlist))
    best = rows[np.argsort(-scores[rows], kind="stable")[:most]]
    return np.unique(np.concatenate([best, rows[:n], np.flatnonzero(near)]))


def _part(u: Uncertainty, rows: npt.NDArray[np.int64]) -> Uncertainty:
    return Uncertainty(**{one.name: getattr(u, one.name)[rows] for one in fields(u)})
