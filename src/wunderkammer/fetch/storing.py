"""What arrived is verified, stored and receipted, in threads of its own.

The order is what makes a kill harmless at any moment: the file is whole on disk
under ``media/.part``, then its receipt is committed, then it is renamed to its
place, then it is told. Many files share one flush of the disk.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from wunderkammer.core.blobs import original_path
from wunderkammer.core.files import NO_ROOM, sync
from wunderkammer.fetch.download import Arrived, Job
from wunderkammer.fetch.errors import BrokenImageError, FetchError, NotStoredError
from wunderkammer.fetch.ledger import Ledger, Receipt
from wunderkammer.fetch.outcomes import Fetched
from wunderkammer.fetch.partial import FOLDER, part_path
from wunderkammer.fetch.policy import Policy
from wunderkammer.fetch.retry import Setback
from wunderkammer.fetch.verify import Verified, verify

_GROUP = 512
_FEW = 8
_NOT_IN_DETAILS = {"media_id", "path", "sha256", "copy", "from_receipt"}
_IN_RECEIPT = tuple(one.name for one in fields(Fetched) if one.name not in _NOT_IN_DETAILS)


class Stale(Exception):  # noqa: N818 - an answer, not an error
    """What was to spare a download does not hold: the file is gone or has other bytes."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How a job's verification went.

    Attributes
    ----------
    job : Job
    result : Fetched, FetchError, Setback or Stale
        Stored; failed; or to be tried again.
    """

    job: Job
    result: Fetched | FetchError | Setback | Stale


@dataclass(frozen=True, slots=True)
class _ToStore:
    """A verified file: ``part`` is still to be moved to its place, if there is one."""

    job: Job
    fetched: Fetched
    part: Path | None


class Storing:
    """Threads that verify, and one that stores.

    Parameters
    ----------
    root : Path
        The collection's folder.
    policy : Policy
    ledger : Ledger
    settled : callable
        Takes what is settled, some at a time, from the storing thread.
    failed : callable
        Takes the exception after which nothing can be stored any more.
    n_threads : int, optional
        That verify.
    """

    def __init__(
        self,
        root: Path,
        policy: Policy,
        ledger: Ledger,
        *,
        settled: Callable[[Sequence[Settled]], None],
        failed: Callable[[Exception], None],
        n_threads: int = 2,
    ) -> None:
        self._root = root
        self._policy = policy
        self._ledger = ledger
        self._settled = settled
        self._failed = failed
        self._arrived: queue.SimpleQueue[tuple[Job, Arrived | None] | None] = queue.SimpleQueue()
        self._verified: queue.SimpleQueue[_ToStore | Settled | None] = queue.SimpleQueue()
        self._folders: set[Path] = set()
        (root / FOLDER).mkdir(parents=True, exist_ok=True)
        self._verifiers = [
            threading.Thread(target=self._verify_all, name=f"fetch-verify-{number}", daemon=True)
            for number in range(n_threads)
        ]
        self._storer = threading.Thread(target=self._store_all, name="fetch-store", daemon=True)
        for thread in (*self._verifiers, self._storer):
            thread.start()

    def submit(self, job: Job, arrived: Arrived | None) -> None:
        """Hand over what arrived; None if a receipt is to answer for the job."""
        self._arrived.put((job, arrived))

    def close(self) -> None:
        """Do what was handed over, then end the threads."""
        for _ in self._verifiers:
            self._arrived.put(None)
        for thread in self._verifiers:
            thread.join()
        self._verified.put(None)
        self._storer.join()

    def _verify_all(self) -> None:
        while (one := self._arrived.get()) is not None:
            job, arrived = one
            try:
                self._verified.put(self._verify(job, arrived))
            except (FetchError, Setback, Stale) as error:
                self._verified.put(Settled(job, error))
            except OSError as error:
                if error.errno in NO_ROOM:
                    self._failed(error)
                self._verified.put(Settled(job, not_stored(error)))
            except Exception as error:  # noqa: BLE001 - raised in the thread that takes outcomes
                self._failed(error)

    def _verify(self, job: Job, arrived: Arrived | None) -> _ToStore:
        if arrived is None:
            return self._of_receipt(job)
        if arrived.unchanged:
            return self._of_unchanged(job, arrived)
        part = part_path(self._root, job.wanted.media_id)
        content = part.read_bytes() if arrived.content is None else arrived.content
        try:
            verified = self._verified_bytes(content)
        except FetchError as error:
            part.unlink(missing_ok=True)
            if isinstance(error, BrokenImageError) and (arrived.resumed or not arrived.certain):
                raise Setback(error) from None
            raise
        if arrived.content is not None:
            part.write_bytes(content)
        path = original_path(job.wanted.media_id, verified.kind.suffix)
        return _ToStore(job, _fetched(job, arrived, verified, path), part)

    def _of_unchanged(self, job: Job, arrived: Arrived) -> _ToStore:
        """Verify the file that was there, now that its host says it is still good."""
        before = job.wanted.before
        assert before is not None
        content = _bytes_with(self._root / before.path, before.sha256)
        if content is None:
            raise Stale
        fetched = _fetched(job, arrived, self._verified_bytes(content), before.path)
        return _ToStore(job, replace(fetched, unchanged=True), None)

    def _of_receipt(self, job: Job) -> _ToStore:
        """Find the file a receipt speaks of: in its place, or on the way there."""
        receipt = job.receipt
        assert receipt is not None
        place, part = self._root / receipt.path, part_path(self._root, receipt.media_id)
        content = _bytes_with(place, receipt.sha256)
        is_part = content is None
        if content is None:
            content = _bytes_with(part, receipt.sha256)
        if content is None:
            raise Stale
        details = {**receipt.details, "redirects": tuple(receipt.details["redirects"])}
        copy = self._verified_bytes(content).copy if self._policy.copy_px else None
        fetched = Fetched(
            media_id=receipt.media_id,
            path=receipt.path,
            sha256=receipt.sha256,
            copy=copy,
            from_receipt=True,
            **details,
        )
        return _ToStore(job, fetched, part if is_part else None)

    def _verified_bytes(self, content: bytes) -> Verified:
        policy = self._policy
        return verify(content, max_pixels=policy.max_pixels, copy_px=policy.copy_px)

    def _store_all(self) -> None:
        ends = False
        while not ends:
            group = [self._verified.get()]
            with contextlib.suppress(queue.Empty):
                while len(group) < _GROUP:
                    group.append(self._verified.get_nowait())
            ends = None in group
            try:
                self._settled(self._store([one for one in group if one is not None]))
            except Exception as error:  # noqa: BLE001 - raised in the thread that takes outcomes
                self._failed(error)

    def _store(self, group: Sequence[_ToStore | Settled]) -> list[Settled]:
        """Store a group: flush, receipts, rename, flush."""
        settled, to_store = self._placed(group)
        moving = [(one.part, self._root / one.fetched.path) for one in to_store if one.part]
        flush([part for part, _ in moving], self._root)
        self._ledger.add_receipts([_receipt(one) for one in to_store])
        for part, place in moving:
            part.replace(place)
        flush(sorted({place.parent for _, place in moving}), self._root)
        return [*settled, *(Settled(one.job, one.fetched) for one in to_store)]

    def _placed(self, group: Sequence[_ToStore | Settled]) -> tuple[list[Settled], list[_ToStore]]:
        """Return what is settled, and what is to be stored in a folder that is there."""
        settled, to_store = [], []
        for one in group:
            if isinstance(one, Settled):
                settled.append(one)
                continue
            folder = (self._root / one.fetched.path).parent
            try:
                if folder not in self._folders:
                    folder.mkdir(parents=True, exist_ok=True)
                    self._folders.add(folder)
            except OSError as error:
                if error.errno in NO_ROOM:
                    raise
                settled.append(Settled(one.job, not_stored(error)))
            else:
                to_store.append(one)
        return settled, to_store


def not_stored(error: OSError) -> NotStoredError:
    """Return the failure of a medium that cannot be written here."""
    return NotStoredError(
        f"its file cannot be written to {error.filename or 'the collection'}: "
        f"{error.strerror or error}.",
        hint="Look at the folder's permissions and the length of its path; "
        "then 'wk run --retry-failed'.",
    )


def flush(paths: Sequence[Path], root: Path) -> None:
    """Flush files or folders to the disk: a few one by one, many with all else on that disk."""
    if len(paths) > _FEW and _flushed_together(root):
        return
    for path in paths:
        sync(path)


def _flushed_together(root: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    handle = os.open(root, os.O_RDONLY)
    try:
        return bool(ctypes.CDLL(None).syncfs(handle) == 0)
    finally:
        os.close(handle)


def _bytes_with(path: Path, sha256: str) -> bytes | None:
    """Return a file's bytes if they have a digest, None if not or if it is not there."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _fetched(job: Job, arrived: Arrived, verified: Verified, path: str) -> Fetched:
    return Fetched(
        media_id=job.wanted.media_id,
        path=path,
        sha256=verified.sha256,
        n_bytes=verified.n_bytes,
        media_type=verified.kind.media_type,
        file_format=verified.file_format,
        width=verified.width,
        height=verified.height,
        fetched_from=arrived.fetched_from,
        redirects=arrived.redirects,
        etag=arrived.etag,
        last_modified=arrived.last_modified,
        copy=verified.copy,
    )


def _receipt(one: _ToStore) -> Receipt:
    fetched = one.fetched
    details = {name: getattr(fetched, name) for name in _IN_RECEIPT}
    return Receipt(fetched.media_id, one.job.wanted.key, fetched.sha256, fetched.path, details)
