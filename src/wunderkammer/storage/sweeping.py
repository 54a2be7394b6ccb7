"""Sweeping: objects of a collection that nobody can need any more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from wunderkammer.storage.manifest import FOLDER, OBJECTS, Chain, Manifest

GRACE = dt.timedelta(days=1)
"""What is younger is left: somebody may be reading it, or about to name it."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What was removed: objects, their bytes, and manifests."""

    n_objects: int
    n_bytes: int
    n_manifests: int


def sweep(chain: Chain, grace: dt.timedelta = GRACE) -> Swept:
    """Remove manifests that were replaced long ago, and objects that no manifest left names.

    The caller holds the collection. An object is removed only if it is older than ``grace``
    itself: one that somebody has just written, and whose manifest comes next, is younger.
    Names are never used twice, so what no manifest names now is not named again.

    Parameters
    ----------
    chain : Chain
    grace : timedelta, optional
        Longer than any reader takes to fetch a collection.
    """
    newest = chain.newest()
    listed = list(chain.store.names(f"{FOLDER}/"))
    # by the clock of the bucket: that of this machine may be wrong
    before = max((one.written for one in listed), default=dt.datetime.now(dt.UTC)) - grace
    old = {one.name for one in listed if one.written < before and one.name != newest.name}
    named: set[str] = set()
    for one in listed:
        if one.name not in old:
            content = chain.store.read(one.name)
            if content is not None:
                named |= _named_by(chain, Manifest.model_validate_json(content))
    unnamed = [
        one
        for one in chain.store.names(f"{OBJECTS}/")
        if one.written < before and one.name not in named
    ]
    chain.store.remove(sorted(old))
    chain.store.remove(one.name for one in unnamed)
    return Swept(len(unnamed), sum(one.size for one in unnamed), len(old))


def _named_by(chain: Chain, manifest: Manifest) -> set[str]:
    """Return every object that a reader of a manifest may ask for."""
    names = {entry.object for entry in manifest.journals.values()}
    names |= {one.object for one in manifest.changes}
    names |= {manifest.listing} if manifest.listing else set()
    return names | set(chain.files(manifest)["object"].to_pylist())
