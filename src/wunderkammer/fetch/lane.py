"""One host's lane: its media in order, what failed tried again later, the rest left in time."""

from __future__ import annotations

import asyncio
import heapq
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from itertools import count

from wunderkammer.core.files import NO_ROOM
from wunderkammer.fetch.address import normalised
from wunderkammer.fetch.download import Arrived, Downloader, Job
from wunderkammer.fetch.errors import FetchError, ServerError
from wunderkammer.fetch.host import Host, LeaveHost
from wunderkammer.fetch.ledger import Ledger
from wunderkammer.fetch.outcomes import HostLeft, HostState, Wanted
from wunderkammer.fetch.partial import NotWrittenError
from wunderkammer.fetch.policy import Policy
from wunderkammer.fetch.retry import TOO_MANY, ClosedHost, Setback, Unreachable, pause_s
from wunderkammer.fetch.storing import Settled, Stale, not_stored

_log = logging.getLogger(__name__)

_BREATH_S = 0.02
_AHEAD_S = 4.0
_MOST_AHEAD = 256
_MOST_LATER = 64
_TRIED_AND_DOWN = 3
_FAILED_IN_ROW = 10
_SLOW_TRIES = 2
_TURNED_AWAY = 10

Take = Callable[[str, int], Awaitable[Sequence[Wanted]]]
"""Takes the next media of a host from the queue; one call at a time, not in the event loop."""


class Desk:
    """What all lanes share: where media come from, who fetches them, where outcomes go.

    Attributes
    ----------
    policy : Policy
    ledger : Ledger
    downloader : Downloader
    take : callable
        Returns the next media of a host.
    submit : callable
        Hands over what arrived, None for a job with a receipt; waits for room.
    fail : callable
        Hands over the failure of a medium.
    crowded : callable
        Tells whether outcomes wait to be taken, and no more media should be begun.
    in_flight : set of Task
        Those that sent a request for a job that is not done.
    """

    def __init__(
        self,
        policy: Policy,
        ledger: Ledger,
        downloader: Downloader,
        *,
        take: Take,
        submit: Callable[[Job, Arrived | None], Awaitable[None]],
        fail: Callable[[str, FetchError], None],
        crowded: Callable[[], bool],
        in_flight: set[asyncio.Task[None] | None],
    ) -> None:
        self.in_flight = in_flight
        self.policy = policy
        self.ledger = ledger
        self.downloader = downloader
        self.take = take
        self.submit = submit
        self.fail = fail
        self.crowded = crowded


class Lane:
    """The media of one host.

    Parameters
    ----------
    host : Host
    n_media : int
        That wait in the queue.
    desk : Desk
    """

    def __init__(self, host: Host, n_media: int, desk: Desk) -> None:
        self.host = host
        self._desk = desk
        self._n_media = n_media
        self._n_done = 0
        self._n_failed = 0
        self._n_open = 0
        self._n_failed_in_row = 0
        self._n_slow_in_row = 0
        self._fresh: deque[Job] = deque()
        self._later: list[tuple[float, int, Job]] = []
        self._order = count()
        self._taken_all = False
        self._taking = asyncio.Lock()
        self._changed = asyncio.Event()
        self._left: LeaveHost | None = None

    def state(self, rate: float) -> HostState:
        """Return how far it is, for those who watch."""
        until = None if self._over() else self.host.waiting_until()
        note = self.host.why if until else (self._left.why if self._left else "")
        left = self._n_media - self._n_done - self._n_failed
        return HostState(
            self.host.key, self._n_done, self._n_failed, max(0, left), rate, until, note
        )

    def left(self) -> HostLeft | None:
        """Return how many media got no outcome, and why; None if all have one."""
        number = self._n_media - self._n_done - self._n_failed
        if number <= 0:
            return None
        if self._left is None:
            return HostLeft(self.host.key, number, "was not finished")
        return HostLeft(self.host.key, number, self._left.why, self._left.until)

    async def work(self) -> None:
        """Do the lane's media one after the other; several may work at one lane."""
        while (job := await self._next()) is not None:
            await self._do(job)
            self._desk.in_flight.discard(asyncio.current_task())

    def settled(self, settled: Settled) -> None:
        """Learn how a job's verification went."""
        job, result = settled.job, settled.result
        self._changed.set()
        if isinstance(result, Stale):
            job.conditional = job.receipt is not None
            job.receipt = None
            self._fresh.appendleft(job)
        elif isinstance(result, Setback):
            self._again(job, result)
        else:
            self._n_open -= 1
            self._went_well()
            if isinstance(result, FetchError):
                self._n_failed += 1
                self._desk.fail(job.wanted.media_id, result)
            else:
                self._n_done += 1

    async def _next(self) -> Job | None:
        """Return the next job, waiting for one that is due later; None when there is none left."""
        while self._left is None:
            if self._later and self._later[0][0] <= time.monotonic():
                return heapq.heappop(self._later)[2]
            if len(self._later) < _MOST_LATER:
                if self._fresh:
                    return self._fresh.popleft()
                if not self._taken_all:
                    await self._take()
                    continue
            if not self._n_open:
                self._changed.set()
                return None
            await self._change()
        return None

    async def _change(self) -> None:
        """Wait until something is settled or due."""
        pause = self._later[0][0] - time.monotonic() if self._later else None
        self._changed.clear()
        try:
            async with asyncio.timeout(pause):
                await self._changed.wait()
        except TimeoutError:
            return

    async def _take(self) -> None:
        """Take the next media; those with a receipt are answered without a request."""
        async with self._taking:
            if self._fresh or self._taken_all:
                return
            while self._desk.crowded():  # noqa: ASYNC110 - another thread empties it
                await asyncio.sleep(_BREATH_S)
            taken = await self._desk.take(self.host.key, self._n_ahead())
            self._taken_all = not taken
            receipts = self._desk.ledger.receipts([one.media_id for one in taken])
            for wanted in taken:
                self._n_open += 1
                job = Job(wanted, "", self.host.key)
                try:
                    job.address = normalised(wanted.address)
                except FetchError as error:
                    self._failed(job, error)
                    continue
                receipt = receipts.get(wanted.media_id)
                if receipt is not None and receipt.key == wanted.key:
                    job.receipt = receipt
                    await self._desk.submit(job, None)
                else:
                    self._fresh.append(job)
        self._changed.set()

    def _n_ahead(self) -> int:
        """Return how many to take at a time: a slow host needs few, and there may be thousands."""
        interval = self.host.pace.interval_s
        most = int(_AHEAD_S / interval) if interval else _MOST_AHEAD
        return min(max(most, 2 * self.host.concurrency), _MOST_AHEAD)

    async def _do(self, job: Job) -> None:
        """Try one job once."""
        try:
            await self._desk.submit(job, await self._desk.downloader.download(job))
        except FetchError as error:
            self._went_well()
            self._failed(job, error)
        except Unreachable as setback:
            self._unreachable(job, setback)
        except Setback as setback:
            self._again(job, setback)
        except ClosedHost as closed:
            self._turned_away(job, closed)
        except LeaveHost as left:
            self._leave(left)
        except NotWrittenError as error:
            if error.error.errno in NO_ROOM:
                raise error.error from None
            self._failed(job, not_stored(error.error))
        except Exception as error:
            if isinstance(error, OSError) and error.errno in NO_ROOM:
                raise
            _log.exception("fetching %s", job.address)
            self._failed(
                job,
                FetchError(
                    f"something unforeseen: {type(error).__name__}: {error}.",
                    hint="Try once more with 'wk run fetch --retry-failed', and report it if it "
                    "happens again.",
                ),
            )

    def _went_well(self) -> None:
        """Note that the host answered as it should, be it that there is nothing."""
        self._n_failed_in_row = self._n_slow_in_row = 0

    def _again(self, job: Job, setback: Setback) -> None:
        """Try a job again later, unless it was tried often enough."""
        job.n_failed += 1
        self._n_slow_in_row = self._n_slow_in_row + 1 if setback.slow else 0
        if job.n_failed < self._desk.policy.tries:
            first_s = self._desk.policy.backoff_s
            self._put_off(job, pause_s(job.n_failed, first_s, job.wanted.media_id))
        else:
            self._n_failed_in_row += 1
            self._failed(job, setback.error)
        if self._n_failed_in_row >= _FAILED_IN_ROW:
            why = f"failed {self._n_failed_in_row} times in a row"
            self._leave(LeaveHost(self.host.key, why))
        elif self._n_slow_in_row >= _SLOW_TRIES * self._desk.policy.tries:
            self._leave(LeaveHost(self.host.key, "is too slow, or stalls"))

    def _unreachable(self, job: Job, setback: Unreachable) -> None:
        """Try a job again when its host has rested; leave a host that stays away."""
        if setback.host != self.host.key:
            self._again(job, setback)
            return
        job.n_failed += 1
        self._put_off(job, 0.0)
        if self.host.n_unreachable >= self._desk.policy.tries and self._left is None:
            tried = [one for _, _, one in self._later if one.n_failed]
            for one in tried[:_TRIED_AND_DOWN]:
                self._failed(one, setback.error)
            self._leave(LeaveHost(self.host.key, self.host.why))

    def _turned_away(self, job: Job, closed: ClosedHost) -> None:
        """Put a job back whose host closed itself; it is not the medium's fault."""
        job.n_turned_away += 1
        error = ServerError(
            f"the host answers {closed.status} for {job.address}.",
            hint="Run again later, with --retry-failed.",
        )
        if closed.status != TOO_MANY and not closed.pause_s:
            self._again(job, Setback(error))
        elif job.n_turned_away >= _TURNED_AWAY:
            self._failed(job, error)
        else:
            self._put_off(job, 0.0)

    def _put_off(self, job: Job, pause: float) -> None:
        heapq.heappush(self._later, (time.monotonic() + pause, next(self._order), job))
        self._changed.set()

    def _failed(self, job: Job, error: FetchError) -> None:
        self._n_open -= 1
        self._n_failed += 1
        self._changed.set()
        self._desk.fail(job.wanted.media_id, error)

    def _leave(self, left: LeaveHost) -> None:
        """Leave what is not done for the next run."""
        if left.host != self.host.key:
            left = LeaveHost(
                self.host.key, f"sends on to {left.host}, which {left.why}", left.until
            )
        self._left = self._left or left
        self._changed.set()

    def stop(self) -> None:
        """Take no more jobs."""
        if not self._over():
            self._leave(LeaveHost(self.host.key, "was not finished"))

    def _over(self) -> bool:
        return self._left is not None or (self._taken_all and not self._n_open)
