"""Caring for a collection in a bucket: look, free, sweep, fill."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

from wunderkammer.core.configuration import FILE
from wunderkammer.core.errors import NotACollectionError
from wunderkammer.storage.home import new_home
from wunderkammer.storage.manifest import Chain, Manifest
from wunderkammer.storage.scanning import walk
from wunderkammer.storage.store import Store
from wunderkammer.storage.sweeping import Swept, sweep
from wunderkammer.storage.working_copy import copy_folder


def described(address: str) -> Iterator[str]:
    """Yield in words what a bucket holds of a collection.

    Raises
    ------
    NotACollectionError
        If it holds none.
    """
    chain = Chain(Store(address))
    newest = _newest(chain)
    files = chain.files(newest)
    n_bytes = sum(files["size"].to_pylist()) + sum(one.size for one in newest.journals.values())
    n_files = files.num_rows + len(newest.journals)
    yield f"manifest {newest.number:,} of {newest.written}: {n_files:,} files, {n_bytes:,} bytes"
    lease = newest.lease
    if lease is None:
        yield "nobody is changing it"
    else:
        over = ", of whom nothing was heard since" if lease.is_over() else ""
        yield f"held by {lease.holder} since {lease.since}, until {lease.until}{over}"
    folder = copy_folder(address)
    yield f"working copy: {folder}{'' if folder.exists() else ' (not there yet)'}"


def freed(address: str) -> str:
    """End the lease of whoever holds a collection; return in words what was done."""
    chain = Chain(Store(address))
    lease = _newest(chain).lease
    if lease is None:
        return "nobody held it"
    chain.advance(lambda newest: newest.model_copy(update={"lease": None}))
    return f"freed from {lease.holder}"


def swept(address: str, days: float) -> Swept:
    """Sweep a collection, as the one who alone may change it; see :func:`sweep`."""
    _newest(Chain(Store(address)))
    home = new_home(address)
    with home.hold():
        return sweep(home.copy.chain, dt.timedelta(days=days))


def filled(folder: str | Path, address: str) -> Path:
    """Bring a collection that lies in a folder into a bucket; return its working copy.

    Raises
    ------
    NotACollectionError
        If the folder is none, or the bucket holds one already.
    """
    source = Path(folder)
    if not (source / FILE).exists():
        raise NotACollectionError(
            f"{source} is not a collection: it has no {FILE}.", hint="Name its folder."
        )
    home = new_home(address)
    with home.hold():
        if home.copy.index.known(FILE) is not None:
            raise NotACollectionError(
                f"{address} holds a collection already.", hint="Choose another address."
            )
        for one in walk(source):
            goal = home.copy.root / one.path
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / one.path, goal)
        for path in (source / "annotations").glob("*.jsonl"):
            goal = home.copy.root / "annotations" / path.name
            goal.parent.mkdir(exist_ok=True)
            shutil.copy2(path, goal)
    return home.copy.root


def _newest(chain: Chain) -> Manifest:
    newest = chain.newest()
    if not newest.number:
        raise NotACollectionError(
            f"{chain.store.address} holds no collection.", hint="Look at the address."
        )
    return newest
