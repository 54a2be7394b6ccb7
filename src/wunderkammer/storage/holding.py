"""Holding: one process alone changes a collection in a bucket, and what it makes goes up."""

from __future__ import annotations

import datetime as dt
import os
import platform
import secrets
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from wunderkammer.core.errors import CollectionLockedError, LeaseLostError, StorageError
from wunderkammer.core.lanes import LaneState
from wunderkammer.core.progress import Progress
from wunderkammer.core.provenance import StageRun
from wunderkammer.storage.manifest import Lease, Manifest
from wunderkammer.storage.working_copy import Snapshot, WorkingCopy

LEASE = "WUNDERKAMMER_LEASE_S"
"""Environment variable: seconds after which a holder that is not heard of has lost it."""

COMMIT = "WUNDERKAMMER_COMMIT_S"
"""Environment variable: seconds between two commits of a long stage."""

_SHARE = 10.0
"""Looking for what is new may take a tenth of the time."""


class Holding:
    """The right to change a collection, for as long as a block runs.

    Parameters
    ----------
    copy : WorkingCopy
        Is made equal to the bucket first; what is new in it goes up at the end at the latest.

    Raises
    ------
    CollectionLockedError
        If another process has the right; says which, and until when.
    LeaseLostError
        If another took it over meanwhile: nothing more is committed then.
    StorageError
        If the last of what was made could not be brought up. It is kept in the copy.
    """

    def __init__(self, copy: WorkingCopy) -> None:
        self.copy = copy
        self._token = secrets.token_hex(8)
        self._lasts = dt.timedelta(seconds=float(os.environ.get(LEASE) or 120))
        self._every_s = float(os.environ.get(COMMIT) or 60)
        self._since = _now()
        self._ended = threading.Event()
        self._wanted = threading.Event()
        self._waiting: Snapshot | None = None
        self._lost: LeaseLostError | None = None
        self._next = time.monotonic() + self._every_s
        self._threads = [
            threading.Thread(target=one, daemon=True, name="bucket")
            for one in (self._renew, self._commit)
        ]

    def __enter__(self) -> Self:
        """Take the lease and make the working copy whole."""
        self.copy.own()
        try:
            before = self.copy.index.fact("token")
            self.copy.index.note("token", self._token)
            self.copy.lease(lambda newest: self._taken(newest, before))
            self._threads[0].start()
            self.copy.refresh_owned()
            self._threads[1].start()
        except BaseException:
            self._ended.set()
            self.copy.disown()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Bring up the rest and let go, also after an error: what is finished is kept."""
        self._ended.set()
        self._wanted.set()
        try:
            for thread in self._threads:
                thread.join()
            if self._lost is None:
                self.copy.commit(self.copy.snapshot(), self._token, None)
            elif error is None:
                raise self._lost
        finally:
            self.copy.disown()

    def tick(self, *, now: bool = False) -> None:
        """Hold still what is new if it is time; called where no table is being written.

        Raises
        ------
        LeaseLostError
            If another has taken the collection over.
        """
        if self._lost is not None:
            raise self._lost
        start = time.monotonic()
        if self._waiting is None and (now or start >= self._next):
            self._waiting = self.copy.snapshot()
            self._wanted.set()
            took = time.monotonic() - start
            self._next = start + max(self._every_s, _SHARE * took)

    def _taken(self, newest: Manifest, before: str) -> Manifest:
        """Return a manifest with our lease.

        A lease that was last taken from this same copy is free: the process that took it
        would still own the copy if it lived.
        """
        lease = newest.lease
        if lease is not None and lease.token != before and not lease.is_over():
            raise CollectionLockedError(
                f"{self.copy.store.address} is being changed by {lease.holder} since "
                f"{lease.since}, and held until {lease.until} at least.",
                hint="Wait until it has finished. If it is dead, it is free after that time; "
                "sooner with 'wk bucket free'.",
            )
        return newest.model_copy(update={"lease": self._lease()})

    def _lease(self) -> Lease:
        until = (dt.datetime.now(dt.UTC) + self._lasts).isoformat(timespec="seconds")
        return Lease(token=self._token, holder=_who(), since=self._since, until=until)

    def _renew(self) -> None:
        """Say now and then that this process lives."""
        while not self._ended.wait(self._lasts.total_seconds() / 3):
            try:
                self.copy.lease(
                    lambda newest: newest.model_copy(update={"lease": self._lease()}), self._token
                )
            except LeaseLostError as error:
                self._lost = error
                return
            except StorageError:
                continue  # the next time, or the last commit, says so if it stays

    def _commit(self) -> None:
        """Bring up what is held still, while the work goes on."""
        while not self._ended.is_set():
            self._wanted.wait()
            self._wanted.clear()
            if self._waiting is None:
                continue
            try:
                self.copy.commit(self._waiting, self._token, self._lease())
            except LeaseLostError as error:
                self._lost = error
            except StorageError:
                pass  # it is still new, so the next commit brings it; the last one says why not
            finally:
                self._waiting = None


class Watching:
    """Tells a progress what it is told, and has what is new brought up now and then."""

    def __init__(self, progress: Progress, holding: Holding) -> None:
        self._progress = progress
        self._holding = holding

    def stage_begins(self, group: str, n_todo: int, n_fresh: int) -> None:
        """Pass it on."""
        self._progress.stage_begins(group, n_todo, n_fresh)

    def advanced(self, group: str, n_done: int, n_failed: int) -> None:
        """Pass it on; a batch has been committed, and no table is being written."""
        self._progress.advanced(group, n_done, n_failed)
        self._holding.tick()

    def lanes_stand(self, group: str, lanes: Sequence[LaneState]) -> None:
        """Pass it on."""
        self._progress.lanes_stand(group, lanes)

    def stands(self, group: str, text: str) -> None:
        """Pass it on."""
        self._progress.stands(group, text)

    def stage_ends(self, run: StageRun) -> None:
        """Pass it on; a stage that did something is brought up."""
        self._progress.stage_ends(run)
        self._holding.tick(now=bool(run.reasons))


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _who() -> str:
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
    return f"process {os.getpid()} on {platform.node()} ({command})"
