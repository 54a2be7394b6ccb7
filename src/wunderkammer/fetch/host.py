"""One host: its pace, its closed hours, its places; and the gate each request passes."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Self

from wunderkammer.fetch.ledger import Ledger
from wunderkammer.fetch.policy import Policy
from wunderkammer.fetch.rate import Limit, Pace, per_second
from wunderkammer.fetch.retry import pause_s

_CLOSINGS = 8
"""So often in a row may a host close itself; then the rest is left for the next run."""


HEARD_S = 1.0
"""A host with a pace that began no answer for so long is asked the next all the same."""


class LeaveHost(Exception):  # noqa: N818 - a decision, not an error
    """What is left of a host is for the next run.

    Parameters
    ----------
    host, why : str
    until : float or None
        Unix time before which asking again is in vain.
    """

    def __init__(self, host: str, why: str, until: float | None = None) -> None:
        super().__init__(f"{host} {why}")
        self.host, self.why, self.until = host, why, until


class NotNow(Exception):  # noqa: N818 - an answer, not an error
    """A request was about to go out, and its host had just closed."""


class Host:
    """What is known of a host while a run lasts.

    Parameters
    ----------
    key : str
        As :func:`wunderkammer.fetch.address.host_key` names it.
    policy : Policy
    ledger : Ledger
        Remembers until when it is closed.
    """

    def __init__(self, key: str, policy: Policy, ledger: Ledger) -> None:
        rules = policy.rules_for(key)
        self.key = key
        self.concurrency = rules.concurrency
        self.pace = Pace(time.monotonic, *_limits(rules.requests_per_second, rules.delay_s))
        self.slots = asyncio.Semaphore(rules.concurrency)
        self.turn = asyncio.Lock()
        self.n_requests = 0
        self.n_unreachable = 0
        self.n_robots_failed = 0
        self.why = ""
        self.gone: LeaveHost | None = None
        self._patience_s = policy.patience_s
        self._first_s = policy.backoff_s
        self._ledger = ledger
        self._n_closings = 0
        until, why = ledger.closed_until(key)
        self._open_at = time.monotonic() + max(0.0, until - time.time())
        if until > time.time():
            self.why = why

    def closed_for_s(self) -> float:
        """Return how long no request may go out; 0 if it is open."""
        return max(0.0, self._open_at - time.monotonic())

    def waiting_until(self) -> float | None:
        """Return the Unix time at which it opens, None if it is open."""
        pause = self.closed_for_s()
        return time.time() + pause if pause else None

    def answered(self) -> None:
        """Learn that it answered something other than that it is closed."""
        self.n_unreachable = 0
        self._n_closings = 0
        if not self.closed_for_s():
            self.why = ""

    def close(self, status: int, pause: float | None) -> None:
        """Close it for as long as it asked, or for a pause that doubles each time.

        Parameters
        ----------
        status : int
            429 or 503.
        pause : float or None
            Seconds; None or 0 if the host named none.
        """
        self._n_closings += 1
        said = " with Retry-After" if pause else ""
        self._shut(pause or self._own_pause_s(self._n_closings), f"answered {status}{said}")
        self._ledger.close_host(self.key, time.time() + self.closed_for_s(), self.why)

    def rest(self, n_failed: int, why: str) -> None:
        """Close it for a pause after so many failures in a row; not remembered after the run."""
        self._shut(self._own_pause_s(n_failed), why)

    async def opened(self) -> None:
        """Wait until a request may go out.

        Raises
        ------
        LeaveHost
            If that is beyond the run's patience.
        """
        if self.gone is not None:
            raise self.gone
        while (pause := max(self.closed_for_s(), self.pace.wait_s())) > 0:
            self._check_patience(pause)
            await asyncio.sleep(pause)

    def leave(self, why: str, until: float | None = None) -> LeaveHost:
        """Ask it no more in this run; return what to raise."""
        self.gone = LeaveHost(self.key, why, until)
        return self.gone

    def _check_patience(self, pause: float) -> None:
        closed_s = self.closed_for_s()
        if closed_s and self._n_closings > _CLOSINGS:
            raise self.leave(f"{self.why} {self._n_closings} times", self.waiting_until())
        if pause > self._patience_s:
            why = self.why if closed_s else f"asks for {pause:,.0f} s between requests"
            raise self.leave(why, time.time() + pause)

    def _own_pause_s(self, n_failed: int) -> float:
        """Return a pause with half jitter: a host in trouble is never asked again at once."""
        longest = min(self._first_s * 2.0 ** min(n_failed - 1, 30), 300.0)
        return longest / 2 + min(longest / 2, pause_s(n_failed, self._first_s / 2, self.key))

    def _shut(self, pause: float, why: str) -> None:
        self._open_at = max(self._open_at, time.monotonic() + pause)
        self.why = why


def _limits(rate: float, delay_s: float) -> list[Limit]:
    limit = per_second(rate)
    return [*([limit] if limit else []), *([Limit(1, delay_s)] if delay_s else [])]


class Turn:
    """The right to send one request, held from when it may go until its answer begins.

    So a host with a pace that asks to be left alone is not asked the next thing
    before it was heard. Only if it is slow to answer do requests overlap, after
    one second; the bodies of answers may overlap always. ``async with`` waits for
    the right; :meth:`use` is called when the request is written, :meth:`heard`
    when its answer has begun and was heeded.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._holds = False
        self._number: int | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def used(self) -> bool:
        """Whether the request went out."""
        return self._number is not None

    async def __aenter__(self) -> Self:
        """Wait for the host's pace, and for it to be open."""
        if self._host.pace.limited:
            await self._host.turn.acquire()
            self._holds = True
        try:
            await self._host.opened()
        except BaseException:
            self._release()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hand the right back if it was not used."""
        self._release()

    def use(self) -> None:
        """Note that the request is written now.

        Raises
        ------
        NotNow
            If the host has closed since, or the request went out already: a second
            one needs a turn of its own.
        """
        if self.used or self._host.closed_for_s():
            raise NotNow
        self._number = self._host.pace.sent()
        self._host.n_requests += 1
        if self._holds:
            self._timer = asyncio.get_running_loop().call_later(HEARD_S, self._release)

    def answered(self) -> None:
        """Note that the host began to answer."""
        if self._number is not None:
            self._host.pace.answered(self._number)

    def heard(self) -> None:
        """Let the next one go: what the host answered has been heeded."""
        self._release()

    def _release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._holds:
            self._holds = False
            self._host.turn.release()
