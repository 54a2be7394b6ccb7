"""Queues: which media wait for a person, in which order, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import UnknownNameError, nearest
from wunderkammer.curation.acquisition import Uncertainty
from wunderkammer.curation.kinds import EXPLANATIONS, KINDS, TITLES, Thresholds, kinds
from wunderkammer.curation.measures import Proposal
from wunderkammer.curation.media import MediaTable
from wunderkammer.curation.pages import Shown
from wunderkammer.curation.predictions import Predictions
from wunderkammer.curation.task import UNSURE
from wunderkammer.curation.votes import Votes

LOOKS = ("blurred", "dark", "tiny", "duplicates", "odd-aspect")
"""Queues of what measures propose."""

_OTHERS: Mapping[str, tuple[str, str]] = {
    "next": (
        "Next",
        (
            "What is most worth a label now: media the ensemble is least sure of, unlike each "
            "other, and some drawn by lot."
        ),
    ),
    "lot": (
        "Random",
        "Drawn by lot: these alone tell without bias how good the sorting is.",
    ),
    "unsure": ("Not sure", 'You answered "not sure": look again when you know more.'),
    "conflicts": (
        "Conflicts", "People disagree on these: settle them, or one of you changes their answer."
    ),
    "labelled": (
        "Labelled",
        "All that has a label: first what you have not answered yourself, then the latest.",
    ),
    "unlabelled": ("Not labelled", "All that nobody has answered yet, in the order of the lot."),
    "blurred": ("Blurred", "Less sharp than the rest, or not sharp at all."),
    "dark": ("Dark", "Even the lightest parts are dark."),
    "tiny": ("Tiny", "Far fewer pixels than the rest."),
    "duplicates": ("Repeated", "The same picture is there a second time."),
    "odd-aspect": ("Odd shape", "Much wider or taller than the rest."),
}  # fmt: skip

NAMES = ("next", "lot", *KINDS, "unsure", "conflicts", "labelled", "unlabelled", *LOOKS)
"""All queues, in the order in which they are shown."""

_PROPOSED_EVERY = 5
"""Before the first round so many-th media are those that measures make suspect."""

_SHARED_OUT = 20
"""Media at the beginning of a queue at which several people start at different places."""


class Waiting(NamedTuple):
    """A medium of a queue, and why it is there."""

    media_id: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What the last round says.

    Attributes
    ----------
    predictions : Predictions
    uncertainty : Uncertainty
        Of what members say of media that they did not see, in the order of the predictions.
    """

    predictions: Predictions
    uncertainty: Uncertainty


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """All that queues are made of, at one moment.

    Attributes
    ----------
    media : MediaTable
    votes : Votes
    told : Told or None
        None before the first round.
    codes : ndarray of int64
        Label of each medium of the predictions, see :mod:`wunderkammer.curation.kinds`.
    proposals : mapping of str to sequence of Proposal
        By queue.
    chosen : sequence of Waiting
        What is to be asked next, answered or not; before the first round :func:`opening`.
    """

    media: MediaTable
    votes: Votes
    told: Told | None
    codes: npt.NDArray[np.int64]
    proposals: Mapping[str, Sequence[Proposal]]
    chosen: Sequence[Waiting]


def described(name: str) -> tuple[str, str]:
    """Return the title of a queue and a sentence on what it is for."""
    return (TITLES[name], EXPLANATIONS[name]) if name in KINDS else _OTHERS[name]


def refuse_unknown(name: str) -> None:
    """Refuse the name of a queue that there is not.

    Raises
    ------
    UnknownNameError
    """
    if name not in NAMES:
        raise UnknownNameError(f"no queue is called '{name}'.", hint=nearest(name, NAMES))


def queue_of(name: str, standing: Standing, thresholds: Thresholds, who: str = "") -> list[Waiting]:
    """Return all media of a queue, in order.

    Parameters
    ----------
    name : str
        One of :data:`NAMES`.
    standing : Standing
    thresholds : Thresholds
        Of the seven kinds.
    who : str
        Whose answers are told apart.
    """
    refuse_unknown(name)
    if name in KINDS:
        return kind_queues(standing, thresholds)[name]
    if name in LOOKS:
        answered = standing.votes.is_answered
        found = standing.proposals.get(name, ())
        return [Waiting(one.media_id, one.reason) for one in found if not answered(one.media_id)]
    if name in _OF_A_PERSON:
        return _OF_A_PERSON[name](standing, who)
    return _OF_ALL[name](standing)


def kind_queues(standing: Standing, thresholds: Thresholds) -> dict[str, list[Waiting]]:
    """Return the queues of the seven kinds; all empty before the first round."""
    found: dict[str, list[Waiting]] = {kind: [] for kind in KINDS}
    if standing.told is None:
        return found
    told, known = standing.told, standing.told.predictions
    of_each = kinds(told.uncertainty, known.honest, standing.codes, thresholds)
    here = standing.media.place
    open_ = np.array([one in here for one in known.ids], np.bool_)
    for media_id in standing.votes.conflicts:
        if media_id in known.place:
            open_[known.place[media_id]] = False
    keys = _orders(told, standing.codes)
    for kind in KINDS:
        rows = np.flatnonzero((of_each == kind) & open_)
        rows = rows[np.argsort(keys[kind][rows], kind="stable")]
        found[kind] = [Waiting(known.ids[row], _because(kind, told, row)) for row in rows.tolist()]
    return found


def _orders(told: Told, codes: npt.NDArray[np.int64]) -> Mapping[str, npt.NDArray[np.float64]]:
    """Return what each kind is sorted by, lowest first; easy ones stay in the order of the lot."""
    u = told.uncertainty
    own = np.take_along_axis(u.probabilities, np.maximum(codes, 0)[:, None], axis=1)[:, 0]
    best = u.probabilities.max(axis=1)
    return {
        "A": np.zeros(len(codes)), "B": -u.entropy, "C": -best, "D": -u.entropy,
        "NOTSURE": u.entropy, "MISPREDICTION": own, "UNCERTAIN": -u.entropy,
    }  # fmt: skip


def _because(kind: str, told: Told, row: int) -> str:
    """Return why a medium is of its kind, in figures."""
    classes = told.uncertainty.classes
    votes = told.predictions.honest[:, row].argmax(axis=1)
    agreeing = int((votes == classes[row]).sum())
    sure = told.uncertainty.probabilities[row].max()
    if kind in {"A", "B"}:
        return f"all {len(votes)} members agree, {sure:.0%} sure"
    return f"{agreeing} of {len(votes)} members agree, {sure:.0%} sure"


def _next(standing: Standing, who: str) -> list[Waiting]:
    """Return what was chosen; several people begin at different places of what comes first."""
    answered = standing.votes.is_answered
    found = [one for one in standing.chosen if not answered(one.media_id)]
    people = sorted({*standing.votes.people, who} - {""})
    if who not in people or len(people) < 2:
        return found
    first = found[:_SHARED_OUT]
    start = people.index(who) * len(first) // len(people)
    return [*first[start:], *first[:start], *found[len(first) :]]


def opening(media: MediaTable, proposed: Mapping[str, Sequence[Proposal]]) -> list[Waiting]:
    """Return what is asked before the first round: the lot, with proposals mixed in.

    Parameters
    ----------
    media : MediaTable
    proposed : mapping of str to sequence of Proposal
        From :func:`wunderkammer.curation.measures.proposals`; of each measure in turn.
    """
    turns = zip_longest(*(proposed.get(name, ()) for name in LOOKS))
    titles = [described(name)[0].lower() for name in LOOKS]
    suspects = {
        one.media_id: Waiting(one.media_id, f"{title}: {one.reason}")
        for turn in turns
        for title, one in zip(titles, turn, strict=True)
        if one is not None
    }
    found: dict[str, Waiting] = {}
    waiting = iter(suspects.values())
    for place, media_id in enumerate(media.ids, 1):
        found.setdefault(media_id, Waiting(media_id, "drawn by lot"))
        if place % (_PROPOSED_EVERY - 1) == 0:
            suspect = next((one for one in waiting if one.media_id not in found), None)
            if suspect is not None:
                found[suspect.media_id] = suspect
    return list(found.values())


def _lot(standing: Standing) -> list[Waiting]:
    answered = standing.votes.is_answered
    return [Waiting(one, "drawn by lot") for one in standing.media.ids if not answered(one)]


def _unlabelled(standing: Standing) -> list[Waiting]:
    return [Waiting(one.media_id, "") for one in _lot(standing)]


def _unsure(standing: Standing) -> list[Waiting]:
    """Return what is not sure, that on which the ensemble is surest first."""
    found = [one for one, label in standing.votes.labels.items() if label == UNSURE]
    sure = {one: _sureness(standing, one) for one in found}
    return [Waiting(one, "") for one in sorted(_here(standing, found), key=lambda m: -sure[m])]


def _sureness(standing: Standing, media_id: str) -> float:
    told = standing.told
    place = None if told is None else told.predictions.place.get(media_id)
    if told is None or place is None:
        return 0.0
    return float(told.uncertainty.probabilities[place].max())


def _conflicts(standing: Standing) -> list[Waiting]:
    """Return conflicts, the latest first."""
    return [
        Waiting(one, "; ".join(f"{name}: {said}" for name, said in standing.votes.of(one).items()))
        for one in _here(standing, reversed(standing.votes.conflicts))
    ]


def _labelled(standing: Standing, who: str) -> list[Waiting]:
    """Return what has a label: what others said and this person did not, then the latest."""
    labels = standing.votes.labels
    order = chain(reversed(list(standing.votes.by_medium)), standing.votes.settled)
    latest = [one for one in dict.fromkeys(order) if one in labels and labels[one] != UNSURE]
    found = _here(standing, latest)
    if not who:
        return [Waiting(one, "") for one in found]
    mine = {one for one in found if who in standing.votes.of(one)}
    by_lot = sorted((one for one in found if one not in mine), key=standing.media.place.__getitem__)
    first = [Waiting(one, "answered by others") for one in by_lot]
    return [*first, *(Waiting(one, "") for one in found if one in mine)]


def _here(standing: Standing, ids: Iterable[str]) -> list[str]:
    """Return those media that the collection still has."""
    known = standing.media.place
    return [one for one in ids if one in known]


_OF_A_PERSON: Mapping[str, Callable[[Standing, str], list[Waiting]]] = {
    "next": _next,
    "labelled": _labelled,
}
_OF_ALL: Mapping[str, Callable[[Standing], list[Waiting]]] = {
    "lot": _lot,
    "unlabelled": _unlabelled,
    "unsure": _unsure,
    "conflicts": _conflicts,
}


def shown(one: Waiting, standing: Standing, who: str) -> Shown:
    """Return a medium of a queue with all that is known of it."""
    row, said = standing.media.row(one.media_id), dict(standing.votes.of(one.media_id))
    own = said.pop(who, None)
    found = Shown(
        media_id=one.media_id,
        caption=row.get("caption") or "",
        width=row.get("width") or 0,
        height=row.get("height") or 0,
        said=own,
        others=said,
        settled=standing.votes.settled.get(one.media_id),
        label=standing.votes.labels.get(one.media_id),
        reason=one.reason,
    )
    told = standing.told
    place = None if told is None else told.predictions.place.get(one.media_id)
    if told is None or place is None:
        return found
    classes, u = standing.votes.task.classes, told.uncertainty
    best = int(u.classes[place])
    return replace(
        found,
        proposed=classes[best],
        score=float(u.probabilities[place, best]),
        probabilities=dict(zip(classes, u.probabilities[place].tolist(), strict=True)),
        entropy=float(u.entropy[place]),
        votes=tuple(classes[one] for one in told.predictions.honest[:, place].argmax(axis=1)),
    )
