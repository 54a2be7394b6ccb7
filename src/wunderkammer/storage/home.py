"""The home of a collection that lives in a bucket: what its folder's users need not know."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from wunderkammer.core.configuration import FILE
from wunderkammer.core.errors import NotACollectionError, StorageError
from wunderkammer.core.files import file_sha256
from wunderkammer.core.progress import Progress
from wunderkammer.storage import MARK
from wunderkammer.storage.holding import Holding, Watching
from wunderkammer.storage.working_copy import WorkingCopy, copy_folder

_HELD = "WUNDERKAMMER_HELD"
"""Tells the processes that a holder starts that it commits what they make."""

_SOON_S = 1.0

_homes: dict[Path, BucketHome] = {}


class BucketHome:
    """A collection in a bucket, seen from its working copy.

    Parameters
    ----------
    copy : WorkingCopy
    """

    def __init__(self, copy: WorkingCopy) -> None:
        self.copy = copy
        self._holding: Holding | None = None
        self._timer: threading.Timer | None = None
        self._timing = threading.Lock()

    @property
    def address(self) -> str:
        """The bucket's address."""
        return self.copy.store.address

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let this process alone change the collection; see :class:`Holding`."""
        if self._holding is not None or os.environ.get(_HELD) == str(self.copy.root):
            yield
            return
        with Holding(self.copy) as holding:
            self._holding, os.environ[_HELD] = holding, str(self.copy.root)
            try:
                yield
            finally:
                self._holding = None
                os.environ.pop(_HELD, None)

    @contextmanager
    def writing(self, progress: Progress) -> Iterator[Progress]:
        """Let this process alone change the collection, and commit what a run makes.

        Raises
        ------
        StorageError
            If the settings are others than when the collection was opened.
        """
        before = _digest(self.copy.root / FILE)
        with self.hold():
            if _digest(self.copy.root / FILE) != before:
                raise StorageError(
                    f"{FILE} of {self.copy.store.address} was changed since it was opened.",
                    hint="Open the collection again.",
                )
            yield Watching(progress, self._holding) if self._holding else progress

    def stated(self) -> None:
        """Have statements committed within a second, together with those that come meanwhile."""
        with self._timing:
            if self._timer is None:
                self._timer = threading.Timer(_SOON_S, self._state_quietly)
                self._timer.daemon = True
                self._timer.start()

    def settle(self) -> None:
        """Commit statements now that wait to be.

        Raises
        ------
        StorageError
            If they could not be. They are kept in the copy, and go up with the next ones.
        """
        with self._timing:
            waiting, self._timer = self._timer, None
        if waiting is not None:
            waiting.cancel()
            self.copy.state()

    def _state_quietly(self) -> None:
        with suppress(StorageError):  # they are in the copy, and go up with the next
            self.settle()


def home_of(root: Path) -> BucketHome:
    """Return the home of a working copy; one a process."""
    root = root.resolve()
    if root not in _homes:
        address = (root / MARK / "address").read_text(encoding="utf-8")
        _homes[root] = BucketHome(WorkingCopy(root, address))
        atexit.register(_homes[root]._state_quietly)  # noqa: SLF001 - its own module
    return _homes[root]


def fetched(address: str, *, whole: bool = True) -> Path:
    """Return the working copy of a collection, equal to what the bucket holds now.

    Parameters
    ----------
    address : str
        Of the collection.
    whole : bool
        Also fetch originals and made images; the tables do without.

    Raises
    ------
    NotACollectionError
        If there is none.
    """
    home = new_home(address)
    if not home.copy.chain.newest().number:
        raise NotACollectionError(
            f"{address} holds no collection.",
            hint=f"Make one with 'wk new {address} --from …', or look at the address.",
        )
    home.copy.refresh(whole=whole)
    return home.copy.root


def new_home(address: str) -> BucketHome:
    """Return the home of a collection at an address, whether there is one yet or not."""
    root = copy_folder(address)
    if root not in _homes:
        _homes[root] = BucketHome(WorkingCopy(root, address))
        atexit.register(_homes[root]._state_quietly)  # noqa: SLF001 - its own module
    return _homes[root]


def _digest(path: Path) -> str:
    return file_sha256(path) if path.exists() else ""
