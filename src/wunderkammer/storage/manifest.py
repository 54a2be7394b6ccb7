"""Manifests: numbered, written once, each says what a collection is at one moment.

Only a manifest names objects, and it is written after them: what is not named is not
there for a reader. The next number can be written by one process alone, so the chain
has one order; the holder of the lease stands in it, and one that lost it cannot go on.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, ValidationError

from wunderkammer.core.errors import LeaseLostError, StorageError
from wunderkammer.storage.store import Store

FOLDER = "manifest"
OBJECTS = "objects"

SCHEMA = pa.schema(
    [("path", pa.string()), ("object", pa.string()), ("size", pa.int64()), ("sha256", pa.string())]
)
"""Of a listing, and of changes to one; there an empty ``object`` says that a path is gone."""

_FEW = 1_000
_GONE = (
    "Was something removed or replaced by hand, or by a rule of the bucket? If it keeps earlier "
    "versions of objects, restore this one."
)
_SHARE = 4
_MOST_CHANGES = 16


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Entry(_Frozen):
    """An object: its name, bytes and SHA-256."""

    object: str
    size: int
    sha256: str


class Lease(_Frozen):
    """Who alone may change the collection, and until when if nothing more is heard."""

    token: str
    holder: str
    since: str
    until: str

    def is_over(self, now: dt.datetime | None = None) -> bool:
        """Tell whether nothing was heard of the holder for too long."""
        return dt.datetime.fromisoformat(self.until) < (now or dt.datetime.now(dt.UTC))


class Changes(_Frozen):
    """An object that holds changes to the listing, and how many."""

    object: str
    n: int


class Manifest(_Frozen):
    """What a collection is at one moment.

    Attributes
    ----------
    number : int
        Its place in the chain; the highest is the collection.
    written : str
        When.
    listing : str
        Object with a row a file, sorted by path; empty if there is none yet.
    n_listed : int
        Rows of it.
    changes : tuple of Changes
        Later ones win.
    journals : mapping of str to Entry
        The journals of annotations, which several may write.
    lease : Lease or None
        Who is changing it.
    """

    number: int = 0
    written: str = ""
    listing: str = ""
    n_listed: int = 0
    changes: tuple[Changes, ...] = ()
    journals: Mapping[str, Entry] = {}
    lease: Lease | None = None

    @property
    def name(self) -> str:
        """Name of its object."""
        return f"{FOLDER}/{self.number:012d}.json"


class Chain:
    """The manifests of a collection in a store.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._known = Manifest()

    def newest(self) -> Manifest:
        """Return the newest manifest; number 0 stands for a place without any."""
        names = (one.name for one in self.store.names(f"{FOLDER}/", after=self._known.name))
        last = max(names, default=None)
        if last is not None:
            content = self.store.read(last)
            try:
                self._known = Manifest.model_validate_json(content or b"")
            except ValidationError as error:
                raise StorageError(
                    f"{self.store.address}/{last} cannot be understood: {error}.", hint=_GONE
                ) from None
        return self._known

    def advance(self, change: Callable[[Manifest], Manifest], token: str = "") -> Manifest:
        """Write the next manifest; where another came first, anew from that one.

        Parameters
        ----------
        change : callable
            Takes the newest manifest and returns what comes after it. Called as often
            as another process was quicker.
        token : str, optional
            Of the lease that must still hold.

        Raises
        ------
        LeaseLostError
            If it does not.
        """
        while True:
            newest = self.newest()
            if token and (newest.lease is None or newest.lease.token != token):
                who = newest.lease.holder if newest.lease else "somebody who has finished"
                raise LeaseLostError(
                    f"{self.store.address} was taken over by {who}: nothing more is written.",
                    hint="What was committed before is kept; look at 'wk bucket show'.",
                )
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            made = change(newest).model_copy(
                update={"number": newest.number + 1, "written": f"{now}"}
            )
            if self.store.create(made.name, made.model_dump_json(indent=1).encode()):
                self._known = made
                return made

    def with_changes(self, manifest: Manifest, changes: pa.Table) -> Manifest:
        """Return a manifest with more changes; folds them where they have become many."""
        if not changes.num_rows:
            return manifest
        added = Changes(object=self._put(changes), n=changes.num_rows)
        every = (*manifest.changes, added)
        n_changed = sum(one.n for one in every)
        if n_changed > max(_FEW, manifest.n_listed // _SHARE):
            listing = self.files(manifest.model_copy(update={"changes": every}))
            update: dict[str, Any] = {
                "listing": self._put(listing), "n_listed": listing.num_rows, "changes": (),
            }  # fmt: skip
        elif len(every) > _MOST_CHANGES:
            folded = _folded([self._table(one.object) for one in every])
            update = {"changes": (Changes(object=self._put(folded), n=folded.num_rows),)}
        else:
            update = {"changes": every}
        return manifest.model_copy(update=update)

    def files(self, manifest: Manifest) -> pa.Table:
        """Return a row a file, sorted by path; the journals are not among them."""
        names = [manifest.listing] if manifest.listing else []
        names += [one.object for one in manifest.changes]
        rows = _folded([self._table(name) for name in names])
        return rows.filter(pc.not_equal(rows["object"], ""))

    def _table(self, name: str) -> pa.Table:
        content = self.store.read(name)
        if content is None:
            raise StorageError(
                f"{self.store.address}/{name} is named and is not there.", hint=_GONE
            )
        return pq.read_table(io.BytesIO(content), schema=SCHEMA)

    def _put(self, rows: pa.Table) -> str:
        file = io.BytesIO()
        pq.write_table(rows, file, compression="zstd")
        content = file.getvalue()
        name = object_name(hashlib.sha256(content).hexdigest())
        self.store.put(f"{name}.parquet", content)
        return f"{name}.parquet"


def object_name(sha256: str) -> str:
    """Return a name that no other object has: it is not used again once it is swept."""
    return f"{OBJECTS}/{sha256[:2]}/{sha256}-{secrets.token_hex(4)}"


def _folded(tables: list[pa.Table]) -> pa.Table:
    """Return the last row of each path, sorted."""
    rows = pa.concat_tables([SCHEMA.empty_table(), *tables])
    numbered = rows.append_column("place", pa.array(range(rows.num_rows), pa.int64()))
    last = numbered.group_by("path").aggregate([("place", "max")])["place_max"]
    return rows.take(last).sort_by("path")
