"""The pace of one host: never more requests in a stretch of time than are allowed."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

MARGIN_S = 0.05
"""Added to each stretch, so that uneven delays on the way do not push two requests together."""

SEEN_S = 0.25
"""A request that was not answered for so long is taken to have arrived."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``n`` requests in any stretch of ``window_s`` seconds."""

    n: int
    window_s: float

    @property
    def interval_s(self) -> float:
        """Seconds between two requests when they are spread evenly."""
        return (self.window_s + MARGIN_S) / self.n


def per_second(rate: float) -> Limit | None:
    """Return the limit that a rate in requests a second means; None for 0, no limit.

    Between whole numbers the lower one counts: at 2.5 a second, three in one
    second would be too many.

    Examples
    --------
    >>> per_second(2.5)
    Limit(n=2, window_s=1.0)
    >>> per_second(0.25)
    Limit(n=1, window_s=4.0)
    """
    if rate <= 0:
        return None
    return Limit(math.floor(rate), 1.0) if rate >= 1 else Limit(1, 1.0 / rate)


class Pace:
    """Says when the next request to a host may go.

    Requests are spread evenly, without bursts. On top of it a request waits until
    the ``n``-th before it was *seen* by the host a whole window ago: when it was
    answered, at the latest 0.25 s after it was sent. So the limit holds at the
    host, whatever the way there does to single requests.

    Parameters
    ----------
    clock : callable
        Seconds that never run backwards.
    limits : Limit
        All of them hold.
    """

    def __init__(self, clock: Callable[[], float], *limits: Limit) -> None:
        self._clock = clock
        self._limits: list[Limit] = []
        self._seen: deque[float] = deque()
        self._first = 0
        self._due = 0.0
        self._last = -math.inf
        for limit in limits:
            self.add(limit)

    @property
    def limited(self) -> bool:
        """Whether there is any limit."""
        return bool(self._limits)

    @property
    def interval_s(self) -> float:
        """Seconds between two requests; 0 without a limit."""
        return max((limit.interval_s for limit in self._limits), default=0.0)

    def add(self, limit: Limit) -> None:
        """Let another limit hold too: a pace only ever becomes slower."""
        if limit not in self._limits:
            self._limits.append(limit)
            self._due = self._last + self.interval_s

    def wait_s(self) -> float:
        """Return how long the next request has to wait; 0 or less if it may go."""
        due = self._due
        for limit in self._limits:
            if len(self._seen) >= limit.n:
                due = max(due, self._seen[-limit.n] + limit.window_s)
        return due - self._clock()

    def sent(self) -> int:
        """Learn that a request is handed to the socket now; return its number."""
        self._last = self._clock()
        self._due = self._last + self.interval_s
        self._seen.append(self._last + SEEN_S)
        if len(self._seen) > max((limit.n for limit in self._limits), default=1):
            self._seen.popleft()
            self._first += 1
        return self._first + len(self._seen) - 1

    def answered(self, number: int) -> None:
        """Learn that the host has begun to answer a request."""
        index = number - self._first
        if 0 <= index < len(self._seen):
            self._seen[index] = min(self._seen[index], self._clock())
