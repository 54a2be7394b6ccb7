"""The thread that runs the event loop: it mans the lanes, and ends them in good order."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from wunderkammer.fetch.address import Gatekeeper
from wunderkammer.fetch.client import open_session
from wunderkammer.fetch.download import Arrived, Downloader, Job
from wunderkammer.fetch.handover import Handover, Room, weight
from wunderkammer.fetch.hosts import Hosts
from wunderkammer.fetch.lane import Desk, Lane, Take
from wunderkammer.fetch.ledger import Ledger
from wunderkammer.fetch.outcomes import Fetched, HostLeft, NotFetched, Queue, Wanted
from wunderkammer.fetch.partial import FOLDER
from wunderkammer.fetch.policy import Policy
from wunderkammer.fetch.storing import Settled, Storing

_ROOM = 1024
_CROWD = 4096
_GRACE_S = 3.0
_NAME_THREADS = 64
_DISK_THREADS = 4


class Crew:
    """Runs a fetcher's lanes in a thread of its own.

    Parameters
    ----------
    root : Path
        The collection's folder.
    policy : Policy
    gatekeeper : Gatekeeper
    contact : str
    handover : Handover
        Takes the outcomes.
    """

    def __init__(
        self,
        root: Path,
        policy: Policy,
        gatekeeper: Gatekeeper,
        contact: str,
        handover: Handover,
    ) -> None:
        self.lanes: Sequence[Lane] = ()
        self._root = root
        self._policy = policy
        self._gatekeeper = gatekeeper
        self._contact = contact
        self._handover = handover
        self._loop = asyncio.new_event_loop()
        self._room = Room(_ROOM)
        self._tasks: list[asyncio.Task[None]] = []
        self._in_flight: set[asyncio.Task[None] | None] = set()
        self._error: Exception | None = None
        self._thread: threading.Thread | None = None
        self._by_host: dict[str, Lane] = {}
        self._stopped = False

    def start(self, queue: Queue, waiting: Mapping[str, int]) -> None:
        """Begin; outcomes come by the handover until it ends."""
        self._thread = threading.Thread(
            target=self._main, args=(queue, waiting), name="fetch", daemon=True
        )
        self._thread.start()

    def took(self, n_fetched: int) -> None:
        """Learn that so many outcomes of fetched media were taken."""
        if n_fetched:
            self._call(functools.partial(self._room.give, n_fetched))

    def stop(self) -> None:
        """Take no more media; what is in flight has a few seconds."""
        if not self._stopped:
            self._stopped = True
            self._call(self._stop)

    def dismiss(self) -> None:
        """End at once, and wait for it."""
        self._stopped = True
        self._call(self._cancel)
        if self._thread is not None:
            self._thread.join()

    def left(self) -> list[HostLeft]:
        """Return what got no outcome."""
        return [left for lane in self.lanes if (left := lane.left()) is not None]

    def _call(self, what: Callable[[], None]) -> None:
        """Have something done in the loop, unless it has ended."""
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(what)

    def _main(self, queue: Queue, waiting: Mapping[str, int]) -> None:
        """Live: the thread's whole work."""
        asyncio.set_event_loop(self._loop)
        names = ThreadPoolExecutor(_NAME_THREADS, thread_name_prefix="fetch-dns")
        self._loop.set_default_executor(names)
        error: Exception | None = None
        try:
            self._loop.run_until_complete(self._run(queue, waiting))
        except Exception as raised:  # noqa: BLE001 - raised again in the thread that takes outcomes
            error = raised
        finally:
            names.shutdown(wait=False, cancel_futures=True)
            self._loop.close()
            self._handover.end(error or self._error)

    async def _run(self, queue: Queue, waiting: Mapping[str, int]) -> None:
        ledger = Ledger(self._root)
        disk = ThreadPoolExecutor(_DISK_THREADS, thread_name_prefix="fetch-disk")
        clerk = ThreadPoolExecutor(1, thread_name_prefix="fetch-queue")

        def take(host: str, n: int) -> asyncio.Future[Sequence[Wanted]]:
            return self._loop.run_in_executor(clerk, queue.take, host, n)

        try:
            storing = Storing(
                self._root,
                self._policy,
                ledger,
                settled=self._on_settled,
                failed=self._on_broken,
                n_threads=min(4, os.cpu_count() or 1),
            )
            try:
                begun = await self._loop.run_in_executor(disk, remove_orphans, self._root, ledger)
                await self._man(ledger, storing, take, waiting, disk, begun)
            finally:
                await self._loop.run_in_executor(disk, storing.close)
                await asyncio.sleep(0)
            if not self._stopped and not self.left() and self._error is None:
                ledger.forget_used_receipts()
        finally:
            clerk.shutdown()
            disk.shutdown()
            ledger.close()

    async def _man(
        self,
        ledger: Ledger,
        storing: Storing,
        take: Take,
        waiting: Mapping[str, int],
        disk: ThreadPoolExecutor,
        begun: set[str],
    ) -> None:
        """Open the lanes and work in them until all are done or left."""
        async with open_session(self._policy, self._gatekeeper, self._contact) as session:
            hosts = Hosts(self._policy, ledger, self._gatekeeper, session)
            self._in_flight = hosts.in_flight
            downloader = Downloader(self._root, self._policy, hosts, ledger, disk)
            downloader.begun |= begun
            desk = Desk(
                self._policy,
                ledger,
                downloader,
                take=take,
                submit=functools.partial(self._submit, storing),
                fail=lambda media_id, error: self._handover.put([NotFetched(media_id, error)]),
                crowded=lambda: self._handover.n_waiting > _CROWD,
                in_flight=hosts.in_flight,
            )
            self.lanes = [Lane(hosts.host(host), n, desk) for host, n in sorted(waiting.items())]
            self._by_host = {lane.host.key: lane for lane in self.lanes}
            self._tasks = [
                asyncio.create_task(lane.work())
                for lane in self.lanes
                for _ in range(lane.host.concurrency)
            ]
            if self._stopped:
                self._stop()
            await _finished(self._tasks)

    async def _submit(self, storing: Storing, job: Job, arrived: Arrived | None) -> None:
        job.weight = await self._room.take(weight(arrived.content if arrived else None))
        storing.submit(job, arrived)

    def _on_settled(self, group: Sequence[Settled]) -> None:
        """Hand over what is stored; the lanes learn the rest in the loop."""
        self._handover.put([one.result for one in group if isinstance(one.result, Fetched)])
        self._call(functools.partial(self._settle, group))

    def _settle(self, group: Sequence[Settled]) -> None:
        for one in group:
            kept = int(isinstance(one.result, Fetched))
            self._room.give(one.job.weight - kept)
            self._by_host[one.job.host].settled(one)

    def _on_broken(self, error: Exception) -> None:
        """End the run: nothing can be stored any more."""
        self._error = self._error or error
        self._call(self._cancel)

    def _stop(self) -> None:
        for lane in self.lanes:
            lane.stop()
        for task in self._tasks:
            if task not in self._in_flight:
                task.cancel()
        self._loop.call_later(_GRACE_S, self._cancel)

    def _cancel(self) -> None:
        for lane in self.lanes:
            lane.stop()
        for task in self._tasks:
            task.cancel()


async def _finished(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Wait for all; the first error cancels the others."""
    pending = set(tasks)
    try:
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                if not task.cancelled():
                    task.result()
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


def remove_orphans(root: Path, ledger: Ledger) -> set[str]:
    """Remove part files that no receipt and no partial download speaks of; return the others."""
    names = [path.name for path in (root / FOLDER).iterdir()]
    known = ledger.known_media(names)
    for name in set(names) - known:
        (root / FOLDER / name).unlink(missing_ok=True)
    return known
