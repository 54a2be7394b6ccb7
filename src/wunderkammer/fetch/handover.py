"""Between the fetcher's threads and the one that takes the outcomes: bounded, both ways."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Sequence

from wunderkammer.fetch.outcomes import Fetched, NotFetched

Outcome = Fetched | NotFetched

_WEIGHT_BYTES = 1 << 16


def weight(content: bytes | None) -> int:
    """Return how much room a body takes until its outcome was taken."""
    return 1 + (len(content) // _WEIGHT_BYTES if content else 0)


class Room:
    """So much may be on its way between a host's answer and the taker's hands.

    Parameters
    ----------
    size : int
        In the unit of :func:`weight`; what is heavier gets all of it.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._free = size
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def take(self, weight: int) -> int:
        """Wait until there is room, first come first served; return what was taken."""
        weight = min(weight, self._size)
        if self._waiting or self._free < weight:
            place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            entry = (weight, place)
            self._waiting.append(entry)
            try:
                await place
            except asyncio.CancelledError:
                if place.done() and not place.cancelled():
                    self.give(weight)
                elif entry in self._waiting:
                    self._waiting.remove(entry)
                    self.give(0)
                raise
        else:
            self._free -= weight
        return weight

    def give(self, weight: int) -> None:
        """Make room."""
        self._free += weight
        while self._waiting and self._free >= self._waiting[0][0]:
            wanted, place = self._waiting.popleft()
            if not place.done():
                self._free -= wanted
                place.set_result(None)


class Handover:
    """Outcomes on their way to the thread that takes them."""

    def __init__(self) -> None:
        self._outcomes: deque[Outcome] = deque()
        self._changed = threading.Condition()
        self._ended = False
        self._error: Exception | None = None

    def put(self, outcomes: Sequence[Outcome]) -> None:
        """Hand over outcomes; never waits."""
        if not outcomes:
            return
        with self._changed:
            self._outcomes.extend(outcomes)
            self._changed.notify()

    @property
    def n_waiting(self) -> int:
        """How many outcomes have not been taken."""
        return len(self._outcomes)

    def end(self, error: Exception | None = None) -> None:
        """Say that no more will come, because all is done or for an error; the first one counts."""
        with self._changed:
            self._ended = True
            self._error = self._error or error
            self._changed.notify()

    @property
    def error(self) -> Exception | None:
        """Why it ended before its time, if it did."""
        return self._error

    def take(self, timeout_s: float) -> list[Outcome] | None:
        """Return what is there, waiting a while for it; None at the end."""
        with self._changed:
            if not self._outcomes and not self._ended:
                self._changed.wait(timeout_s)
            taken = list(self._outcomes)
            self._outcomes.clear()
            return None if self._ended and not taken else taken
