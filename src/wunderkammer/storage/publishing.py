"""Publishing to a bucket: every file of an atlas under its name, the entry points last."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.files import file_sha256
from wunderkammer.core.home import to_folder
from wunderkammer.core.publishing import ENTRIES, PublishedSite
from wunderkammer.storage import is_address
from wunderkammer.storage.store import AT_ONCE, Store

PUBLISHED = ".published.parquet"
"""Object that lists what was published: nothing else is ever removed."""

TYPES = {
    ".avif": "image/avif", ".bin": "application/octet-stream", ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8", ".dzi": "application/xml", ".gif": "image/gif",
    ".html": "text/html; charset=utf-8", ".ico": "image/x-icon", ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg", ".js": "text/javascript; charset=utf-8", ".json": "application/json",
    ".map": "application/json", ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8", ".pmtiles": "application/vnd.pmtiles",
    ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm", ".webmanifest": "application/manifest+json",
    ".webp": "image/webp", ".woff2": "font/woff2", ".xml": "application/xml",
    ".zip": "application/zip",
}  # fmt: skip
"""Content type of a file by how its name ends; of others nothing is known."""

FOREVER = "public, max-age=31536000, immutable"
"""How long what has its digest in its name may be kept."""

A_DAY = "public, max-age=86400"
"""How long pictures may be kept: they hardly ever change."""

ASK = "no-cache"
"""What is replaced in place: it may be kept, and is asked for each time."""

_SCHEMA = pa.schema([("path", pa.string()), ("known_as", pa.string())])
_DIGITS = 64
_BATCH = 64 * AT_ONCE


def publish(site: PublishedSite, target: str | Path, each: Callable[[str], None]) -> int:
    """Write a site below a folder or an address, and return how many files it has."""
    if is_address(target):
        return to_bucket(site, Store(str(target)), each)
    return to_folder(site, target, each)


def headers(path: str) -> dict[str, str]:
    """Return with which headers a file of a site is answered.

    Examples
    --------
    >>> headers("assets/index-onN4oiEM.js")["Cache-Control"]
    'public, max-age=31536000, immutable'
    >>> headers("tiles.pmtiles")
    {'Content-Type': 'application/vnd.pmtiles', 'Cache-Control': 'no-cache'}
    """
    pure = PurePosixPath(path)
    kept = {"assets": FOREVER, "pictures": A_DAY}.get(pure.parts[0], ASK)
    return {
        "Content-Type": TYPES.get(pure.suffix.lower(), "application/octet-stream"),
        "Cache-Control": kept,
    }


def to_bucket(
    site: PublishedSite, store: Store, each: Callable[[str], None] = lambda _: None
) -> int:
    """Write every file of a site into a bucket and return how many there are.

    Parameters
    ----------
    site : PublishedSite
    store : Store
        Whoever may read it is the business of the bucket's policy.
    each : callable, optional
        Is told each path.

    Notes
    -----
    What is there and equal is left alone. First comes what is new, under names that no
    page asks for yet; then what replaces something; then the entry points; last what no
    longer belongs to the site is removed. A publishing that was killed is finished by the
    same call.
    """
    before = _published(store)
    there = {one.name: one.size for one in store.names("")}
    now: dict[str, str] = {}
    waiting: list[str] = []
    for path in site.paths():
        each(path)
        now[path], size = _known_as(site, path)
        if before.get(path) != now[path] or there.get(path) != size:
            waiting.append(path)
    if waiting:
        # what may lie there from now on is known, also if this call is killed
        _note(store, {**before, **dict.fromkeys(waiting, "")})
    for group in _in_order(waiting, there):
        _put_all(site, store, group)
    store.remove(path for path in sorted(set(before) - set(now)) if path in there)
    if now != before:
        _note(store, now)
    return len(now)


def _in_order(paths: list[str], there: Container[str]) -> Iterator[list[str]]:
    """Yield paths in groups, each of which is there before the next one comes."""
    yield [path for path in paths if path not in there and path not in ENTRIES]
    yield [path for path in paths if path in there and path not in ENTRIES]
    yield from ([entry] for entry in ENTRIES if entry in paths)


def _put_all(site: PublishedSite, store: Store, paths: list[str]) -> None:
    """Write files, some at the same time."""

    def put(path: str) -> None:
        store.put(path, site.file(path) or site.made(path) or b"", headers(path))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for first in range(0, len(paths), _BATCH):
            list(pool.map(put, paths[first : first + _BATCH]))


def _known_as(site: PublishedSite, path: str) -> tuple[str, int]:
    """Return by what it is seen that a file must be written again, and its bytes."""
    source = site.file(path)
    if source is None:
        content = site.made(path) or b""
        digest, size = hashlib.sha256(content).hexdigest(), len(content)
    else:
        size = source.stat().st_size
        own_name = "blobs" in source.parts and len(source.stem) == _DIGITS
        digest = source.stem if own_name else file_sha256(source)
    return f"{digest} {' '.join(headers(path).values())}", size


def _published(store: Store) -> dict[str, str]:
    """Return what an earlier call wrote, or may have written."""
    content = store.read(PUBLISHED)
    if content is None:
        return {}
    rows = pq.read_table(io.BytesIO(content), schema=_SCHEMA)
    return dict(zip(rows["path"].to_pylist(), rows["known_as"].to_pylist(), strict=True))


def _note(store: Store, published: dict[str, str]) -> None:
    rows = {"path": list(published), "known_as": list(published.values())}
    file = io.BytesIO()
    pq.write_table(pa.table(rows, schema=_SCHEMA), file, compression="zstd")
    store.put(PUBLISHED, file.getvalue(), {"Cache-Control": ASK})
