"""Pages: what a person is shown of a queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shown:
    """One medium of a queue, with all that helps to answer.

    Attributes
    ----------
    media_id, caption : str
    width, height : int
        Of the photograph in pixels.
    said : str or None
        What the person who asks has answered before.
    others : mapping of str to str
        What others answered, by name.
    settled : str or None
        How a conflict was settled.
    label : str or None
        The class, or "unsure", on which all agree; None without one.
    proposed : str or None
        What the ensemble says; None before the first round.
    score : float or None
        Its calibrated probability, in [0, 1].
    probabilities : mapping of str to float
        Of each class; empty before the first round.
    entropy : float or None
        Of the mean prediction, in nats.
    votes : tuple of str
        Class of each member.
    reason : str
        Why it is shown, as a few words.
    """

    media_id: str
    caption: str
    width: int
    height: int
    said: str | None = None
    others: Mapping[str, str] = field(default_factory=dict)
    settled: str | None = None
    label: str | None = None
    proposed: str | None = None
    score: float | None = None
    probabilities: Mapping[str, float] = field(default_factory=dict)
    entropy: float | None = None
    votes: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a queue, and how many media it has in all."""

    name: str
    n: int
    media: Sequence[Shown]


@dataclass(frozen=True, slots=True)
class QueueCount:
    """A queue, what it is for, and how many media wait in it."""

    name: str
    title: str
    sentence: str
    n: int


@dataclass(frozen=True, slots=True)
class Counts:
    """All queues, and the entropy in nats from which on it counts as high.

    ``entropy`` is None before the first round.
    """

    queues: Sequence[QueueCount]
    entropy: float | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written down.

    Attributes
    ----------
    n : int
        Statements that are on disk now.
    before : mapping of str to str or None
        What the person had said of each medium before, None for nothing; to state it again
        is to undo.
    """

    n: int
    before: Mapping[str, str | None]
