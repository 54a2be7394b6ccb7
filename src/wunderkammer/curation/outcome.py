"""Outcome: how each medium is sorted as things stand, by people or by the last round."""

from __future__ import annotations

from typing import NamedTuple

from wunderkammer.curation.queues import Standing
from wunderkammer.curation.task import UNSURE


class Outcome(NamedTuple):
    """How one medium is sorted.

    Attributes
    ----------
    media_id : str
    label : str or None
        Its class; None where nothing is known.
    score : float or None
        The class's probability; 1 where people said it.
    review : bool
        Whether a person should look.
    by : str
        ``person``, ``ensemble``, or empty.
    """

    media_id: str
    label: str | None
    score: float | None
    review: bool
    by: str


def outcomes(standing: Standing, threshold: float) -> list[Outcome]:
    """Return the outcome of each medium, in the order of the lot.

    Parameters
    ----------
    standing : Standing
    threshold : float
        The least probability that needs no person.
    """
    return [_outcome(one, standing, threshold) for one in standing.media.ids]


def _outcome(media_id: str, standing: Standing, threshold: float) -> Outcome:
    label = standing.votes.labels.get(media_id)
    if label is not None and label != UNSURE:
        return Outcome(media_id, label, 1.0, False, "person")
    asked = standing.votes.is_answered(media_id)
    told = standing.told
    place = None if told is None else told.predictions.place.get(media_id)
    if told is None or place is None:
        return Outcome(media_id, None, None, asked, "")
    best = int(told.uncertainty.classes[place])
    score = float(told.uncertainty.probabilities[place, best])
    label = standing.votes.task.classes[best]
    return Outcome(media_id, label, score, asked or score < threshold, "ensemble")
