"""Votes: what several people said of media, where they agree, and where not."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from wunderkammer.curation.task import UNSURE, Task

_Z = 1.959963984540054
"""Standard normal quantile of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Votes:
    """What people said, as it is at one moment.

    Attributes
    ----------
    task : Task
    by_medium : mapping of str to mapping of str to str
        Each person's last answer by medium and name; what was taken back is not there.
        Media stand in the order in which they were last spoken of.
    settled : mapping of str to str
        Media that somebody settled, and how.
    labels : mapping of str to str
        The class, or :data:`~wunderkammer.curation.task.UNSURE`, of media on which all who
        answered agree, or that are settled.
    conflicts : tuple of str
        Media on which people disagree and nobody has settled it, the latest last.
    people : mapping of str to int
        How many answers of each person stand.
    strangers : mapping of str to int
        How many answers stand that are no class of the task, such as one it once had; they
        count for nothing.
    """

    task: Task
    by_medium: Mapping[str, Mapping[str, str]]
    settled: Mapping[str, str]
    labels: Mapping[str, str]
    conflicts: tuple[str, ...]
    people: Mapping[str, int]
    strangers: Mapping[str, int]

    def of(self, media_id: str) -> Mapping[str, str]:
        """Return what each person says of a medium."""
        return self.by_medium.get(media_id, {})

    def is_answered(self, media_id: str) -> bool:
        """Tell whether anybody has said anything of a medium."""
        return media_id in self.by_medium or media_id in self.settled

    @property
    def n_by_class(self) -> dict[str, int]:
        """How many media have each class as their label, in the order of the classes."""
        counts = Counter(self.labels.values())
        return {name: counts[name] for name in self.task.classes}

    @property
    def n_unsure(self) -> int:
        """How many media people are not sure of."""
        return sum(label == UNSURE for label in self.labels.values())


class Ballot:
    """Counts votes as they come in; each statement changes one medium.

    Parameters
    ----------
    task : Task
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self._by_medium: dict[str, Mapping[str, str]] = {}
        self._settled: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._conflicts: dict[str, None] = {}
        self._strangers: dict[tuple[str, str], str] = {}

    def add(self, rows: Iterable[Mapping[str, Any]]) -> bool:
        """Count statements in the order they were made; tell whether any was of this task.

        Parameters
        ----------
        rows : iterable of mapping
            ``media_id``, ``term``, ``value``, ``who``, as in the journal.
        """
        changed = False
        for row in rows:
            if row["term"] == self.task.term:
                self._vote(row["media_id"], row["who"], row["value"])
            elif row["term"] == self.task.settled_term:
                self._settle(row["media_id"], row["value"])
            else:
                continue
            self._count(row["media_id"])
            changed = True
        return changed

    def votes(self) -> Votes:
        """Return what was counted so far; later votes do not change it."""
        people = Counter(who for one in self._by_medium.values() for who in one)
        return Votes(
            self.task,
            self._by_medium.copy(),
            self._settled.copy(),
            self._labels.copy(),
            tuple(self._conflicts),
            dict(sorted(people.items())),
            dict(sorted(Counter(self._strangers.values()).items())),
        )

    def _vote(self, media_id: str, who: str, value: str | None) -> None:
        self._strangers.pop((media_id, who), None)
        others = {
            one: said for one, said in self._by_medium.pop(media_id, {}).items() if one != who
        }
        if value is not None and self.task.allows(value):
            others[who] = value
        elif value is not None:
            self._strangers[media_id, who] = value
        if others:
            self._by_medium[media_id] = others

    def _settle(self, media_id: str, value: str | None) -> None:
        self._settled.pop(media_id, None)
        if value is not None and self.task.allows(value):
            self._settled[media_id] = value

    def _count(self, media_id: str) -> None:
        """Find the label of a medium, or that people disagree."""
        self._labels.pop(media_id, None)
        self._conflicts.pop(media_id, None)
        said = set(self._by_medium.get(media_id, {}).values())
        if media_id in self._settled:
            self._labels[media_id] = self._settled[media_id]
        elif len(said) == 1:
            self._labels[media_id] = said.pop()
        elif said:
            self._conflicts[media_id] = None


def read_votes(annotations: pa.Table, task: Task) -> Votes:
    """Count the votes on a task.

    Parameters
    ----------
    annotations : pyarrow.Table
        All statements in the order they were made; see :func:`wunderkammer.core.journal.read`.
    task : Task

    Returns
    -------
    Votes
        The last statement of each person is that person's vote. Where all who voted say the
        same, that is the label. Where they do not, there is none, until somebody states
        :attr:`Task.settled_term`; that holds until it is taken back, whoever votes later.
    """
    ballot = Ballot(task)
    ballot.add(annotations.to_pylist())
    return ballot.votes()


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two people agree, beyond chance.

    Attributes
    ----------
    one, other : str
        Their names.
    n : int
        Media that both have answered.
    kappa : float or None
        Cohen's κ: 1 where they always agree, 0 as by chance. None if they share no
        medium, or if both always gave one and the same answer: chance then agrees too.
    low, high : float or None
        Its 95 % interval, within [-1, 1].
    """

    one: str
    other: str
    n: int
    kappa: float | None
    low: float | None
    high: float | None


def cohen_kappa(votes: Votes, one: str, other: str) -> Agreement:
    """Return Cohen's κ of two people, with its interval; "not sure" is an answer like any other.

    Notes
    -----
    With p_o the share of media on which both say the same, and p_e the share that would come
    of their frequencies alone, κ = (p_o - p_e) / (1 - p_e) [1]_. The interval is normal, with
    the standard error of [2]_; for few media it is too narrow.

    References
    ----------
    .. [1] Cohen, J. (1960). Educational and Psychological Measurement 20, 37-46.
    .. [2] Fleiss, J. L., Cohen, J. & Everitt, B. S. (1969). Psychological Bulletin 72, 323-327.
    """
    pairs = Counter(
        (said[one], said[other])
        for said in votes.by_medium.values()
        if one in said and other in said
    )
    n = pairs.total()
    answers = sorted({answer for pair in pairs for answer in pair})
    rows = {a: sum(c for (x, _), c in pairs.items() if x == a) / n for a in answers}
    columns = {a: sum(c for (_, y), c in pairs.items() if y == a) / n for a in answers}
    agreed = sum(pairs[a, a] for a in answers) / n if n else 0.0
    chance = sum(rows[a] * columns[a] for a in answers)
    if not n or chance >= 1:
        return Agreement(one, other, n, None, None, None)
    kappa = (agreed - chance) / (1 - chance)
    shares = {pair: count / n for pair, count in pairs.items()}
    error = math.sqrt(max(_variance(shares, rows, columns, kappa, chance), 0.0) / n)
    low, high = max(-1.0, kappa - _Z * error), min(1.0, kappa + _Z * error)
    return Agreement(one, other, n, kappa, low, high)


def agreements(votes: Votes) -> list[Agreement]:
    """Return the agreement of each two people who share a medium, in order of their names."""
    together = Counter(
        (one, other)
        for said in votes.by_medium.values()
        if len(said) > 1
        for one in said
        for other in said
        if one < other
    )
    return [cohen_kappa(votes, one, other) for one, other in sorted(together)]


def _variance(
    shares: Mapping[tuple[str, str], float],
    rows: Mapping[str, float],
    columns: Mapping[str, float],
    kappa: float,
    chance: float,
) -> float:
    """Return n times the variance of κ: Fleiss, Cohen & Everitt (1969), equation 13."""
    same = sum(
        share * (1 - (rows[one] + columns[one]) * (1 - kappa)) ** 2
        for (one, other), share in shares.items()
        if one == other
    )
    apart = (1 - kappa) ** 2 * sum(
        share * (columns[one] + rows[other]) ** 2
        for (one, other), share in shares.items()
        if one != other
    )
    return (same + apart - (kappa - chance * (1 - kappa)) ** 2) / (1 - chance) ** 2
