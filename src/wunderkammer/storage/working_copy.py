"""A working copy: the folder on a machine in which a collection of a bucket is worked on."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from filelock import FileLock, Timeout

from wunderkammer.core.configuration import FILE
from wunderkammer.core.errors import CollectionLockedError, StorageError
from wunderkammer.core.files import file_sha256, write_bytes
from wunderkammer.core.together import Together
from wunderkammer.storage import MARK, journals
from wunderkammer.storage.index import Index, Known
from wunderkammer.storage.manifest import SCHEMA, Chain, Entry, Lease, Manifest, object_name
from wunderkammer.storage.scanning import Difference, Found, difference, hold, looked_at
from wunderkammer.storage.store import AT_ONCE, Store

COPIES = "WUNDERKAMMER_COPIES"
"""Environment variable: the folder that working copies lie in."""

PICTURES = ("media/", "blobs/")
"""What those who only look at tables do without."""

_IN_ONE_GO = 16 << 20
_STATEMENTS = "annotations/"
_LOCK_S = 10.0


class _Held(NamedTuple):
    found: Found
    file: Path


@dataclass(slots=True)
class Snapshot:
    """What was new at one moment, held still until it is in the bucket."""

    written: list[_Held] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


class WorkingCopy:
    """A folder and the collection in a bucket that it is a copy of.

    Parameters
    ----------
    root : Path
        The folder.
    address : str
        Of the collection.

    Notes
    -----
    ``.bucket/`` in the folder holds the address, the index and what is on its way up.
    """

    def __init__(self, root: Path, address: str) -> None:
        self.root = root
        self.store = Store(address)
        self.chain = Chain(self.store)
        self._mark = root / MARK
        self._mark.mkdir(parents=True, exist_ok=True)
        if not (self._mark / "address").exists():
            write_bytes(self._mark / "address", self.store.address.encode())
        self.index = Index(self._mark / "index.sqlite")
        self._lock = FileLock(self._mark / "lock")
        self._advancing = threading.RLock()
        self._n_held = 0

    def own(self) -> None:
        """Keep other processes of this machine from writing here, until :meth:`disown`."""
        try:
            self._lock.acquire(timeout=_LOCK_S)
        except Timeout:
            raise CollectionLockedError(
                f"{self.root}, the working copy of {self.store.address}, is being changed by "
                "another process on this machine.",
                hint="Wait until it has finished, or stop it.",
            ) from None
        shutil.rmtree(self._mark / "held", ignore_errors=True)

    def disown(self) -> None:
        """Let others write here again."""
        self._lock.release()

    def refresh(self, *, whole: bool = True) -> None:
        """Make the folder what the collection is now; leave it if somebody here is at work.

        What was made here and never committed is kept as long as nobody else has committed
        since; else it gives way, but for what people stated.

        Parameters
        ----------
        whole : bool
            Also fetch originals and made images.

        Raises
        ------
        ConfigurationError, StorageError
            If the bucket cannot be read, or ``collection.toml`` was changed here and there.
        """
        try:
            with self._lock.acquire(timeout=0):
                self.refresh_owned(whole=whole)
        except Timeout:
            return

    def refresh_owned(self, *, whole: bool = True) -> None:
        """As :meth:`refresh`, by who owns the copy."""
        newest = self.chain.newest()
        if newest.number and newest.number != self.number:
            mine = difference(self.root, self.index)
            listing = self.chain.files(newest)
            self._check_settings(mine, listing)
            gone = self.index.take_over(listing)
            self._give_way(mine, gone)
            self.index.note("number", newest.number)
        if newest.number:
            found = journals.merged(self.root, self.index, self.store, newest.journals)
            self.index.put_journals({k: v for k, v in found.items() if k in newest.journals})
        self._fetch(() if whole else PICTURES)

    @property
    def number(self) -> int:
        """Number of the manifest that the folder was last equal to, or went on from."""
        return int(self.index.fact("number") or 0)

    def _check_settings(self, mine: Difference, listing: pa.Table) -> None:
        """Refuse to choose between two people's settings."""
        if FILE not in {one.path for one in mine.written}:
            return
        known = self.index.known(FILE)
        theirs = listing.filter(pc.equal(listing["path"], FILE))["object"].to_pylist()
        if known is not None and theirs and theirs[0] != known.entry.object:
            raise StorageError(
                f"{self.root / FILE} was changed here, and in {self.store.address} by others.",
                hint="Keep your version elsewhere, remove the file, and make your changes again "
                "with 'wk config set'.",
            )

    def _give_way(self, mine: Difference, gone: list[str]) -> None:
        """Undo what was made here beside what others committed."""
        again, dropped = list(mine.gone), list(gone)
        for one in mine.written:
            if one.path != FILE:
                (again if self.index.known(one.path) else dropped).append(one.path)
        self.index.unfetch(again)
        for path in dropped:
            (self.root / path).unlink(missing_ok=True)

    def _fetch(self, skipped: tuple[str, ...]) -> None:
        """Fetch what is missing, many at a time; each is compared with its SHA-256."""
        missing = self.index.missing(skipped)
        while some := list(islice(missing, 16 * AT_ONCE)):
            with Together() as together:
                goals = [together.begin(self.root / one.path) for one in some]
                with ThreadPoolExecutor(AT_ONCE) as pool:
                    list(pool.map(self._fetch_one, some, goals))
            found = (looked_at(self.root, one.path) for one in some)
            self.index.put(
                one._replace(here=True, stat=now.stat)
                for one, now in zip(some, found, strict=True)
                if now is not None
            )

    def _fetch_one(self, known: Known, goal: Path) -> None:
        there, entry = self.root / known.path, known.entry
        if _is(there, entry):
            shutil.copyfile(there, goal)
            return
        if not self.store.download(entry.object, goal):
            raise StorageError(
                f"{self.store.address}/{entry.object} is named by the manifest and is not there.",
                hint="It may have been swept while this copy was made: run the command again.",
            )
        if not _is(goal, entry):
            raise StorageError(
                f"{self.store.address}/{entry.object} has other bytes than were written.",
                hint="Run the command again; if it stays so, the bucket is damaged.",
            )

    def snapshot(self) -> Snapshot:
        """Hold still what is new. Called while no table is being written."""
        found = difference(self.root, self.index)
        folder = self._mark / "held"
        folder.mkdir(exist_ok=True)
        made = Snapshot(gone=found.gone)
        for one in found.written:
            self._n_held += 1
            held = folder / str(self._n_held)
            try:
                hold(self.root, one.path, one.size, held)
            except FileNotFoundError:
                continue
            made.written.append(_Held(one, held))
        return made

    def commit(self, snapshot: Snapshot, token: str, lease: Lease | None) -> Manifest:
        """Bring a snapshot into the bucket: the objects, then the manifest that names them.

        Parameters
        ----------
        snapshot : Snapshot
        token : str
            Of the lease that must hold.
        lease : Lease or None
            What becomes of it.
        """
        with ThreadPoolExecutor(AT_ONCE) as pool:
            entries = list(pool.map(self._uploaded, snapshot.written))
        paths = [held.found.path for held in snapshot.written]
        rows = zip(paths, entries, strict=True)
        changes = _rows([*rows, *((path, None) for path in snapshot.gone)])
        made = self._advance(changes, token, lease=lease)
        self.index.put(
            Known(held.found.path, entry, here=True, stat=held.found.stat)
            for held, entry in zip(snapshot.written, entries, strict=True)
        )
        self.index.drop(snapshot.gone)
        for held in snapshot.written:
            held.file.unlink(missing_ok=True)
        return made

    def lease(self, change: Callable[[Manifest], Manifest], token: str = "") -> Manifest:
        """Write a manifest that says anew who holds the collection, and how long."""
        with self._advancing:
            return self._follow(self.chain.advance(change, token))

    def state(self) -> None:
        """Commit what people stated here; needs no lease, as statements are only added."""
        with self._advancing:
            found = difference(self.root, self.index, _STATEMENTS).written
            theirs = self.chain.newest().journals
            if not found and not journals.differ(self.root, theirs):
                return
            entries = [self._uploaded(_Held(one, self.root / one.path)) for one in found]
            pairs = list(zip(found, entries, strict=True))
            self._advance(_rows([(one.path, entry) for one, entry in pairs]))
            self.index.put(Known(one.path, entry, here=True, stat=one.stat) for one, entry in pairs)

    def _advance(self, changes: pa.Table, token: str = "", **lease: Lease | None) -> Manifest:
        """Write a manifest with changes and all statements; the lease stays if none is given."""

        def change(newest: Manifest) -> Manifest:
            known = journals.merged(self.root, self.index, self.store, newest.journals)
            made = self.chain.with_changes(newest, changes)
            return made.model_copy(update={"journals": known, **lease})

        with self._advancing:
            made = self._follow(self.chain.advance(change, token))
            self.index.put_journals(made.journals)
        return made

    def _follow(self, made: Manifest) -> Manifest:
        """Note that the folder goes on from a manifest, if it was equal to the one before."""
        if self.number == made.number - 1:
            self.index.note("number", made.number)
        return made

    def _uploaded(self, held: _Held) -> Entry:
        """Write the object of a file that is held; return it."""
        size = held.file.stat().st_size
        if size <= _IN_ONE_GO:
            content = held.file.read_bytes()
            entry = _entry(hashlib.sha256(content).hexdigest(), len(content))
            self.store.put(entry.object, content)
        else:
            entry = _entry(file_sha256(held.file), size)
            self.store.put(entry.object, held.file)
        return entry


def _entry(sha256: str, size: int) -> Entry:
    return Entry(object=object_name(sha256), size=size, sha256=sha256)


def _is(path: Path, entry: Entry) -> bool:
    """Tell whether a file is there and has the bytes of an object."""
    right_size = path.is_file() and path.stat().st_size == entry.size
    return right_size and file_sha256(path) == entry.sha256


def _rows(entries: Iterable[tuple[str, Entry | None]]) -> pa.Table:
    """Return changes to a listing."""
    rows = sorted(entries, key=lambda one: one[0])
    return pa.table(
        {
            "path": [path for path, _ in rows],
            "object": [entry.object if entry else "" for _, entry in rows],
            "size": [entry.size if entry else 0 for _, entry in rows],
            "sha256": [entry.sha256 if entry else "" for _, entry in rows],
        },
        schema=SCHEMA,
    )


def copies_folder() -> Path:
    """Return the folder that working copies lie in, unless one is named."""
    given = os.environ.get(COPIES)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return Path(given).expanduser() if given else cache / "wunderkammer" / "copies"


def copy_folder(address: str) -> Path:
    """Return where the working copy of a collection lies.

    Examples
    --------
    >>> copy_folder("s3://museum/moths/").name
    'moths-36412c6c3f20'
    """
    plain = address.rstrip("/")
    digest = hashlib.sha256(plain.encode()).hexdigest()[:12]
    return copies_folder().resolve() / f"{plain.rpartition('/')[2]}-{digest}"
