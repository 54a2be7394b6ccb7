"""IIIF collections followed to their manifests, each saved as a file."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

from wunderkammer.core.errors import SourceError, WunderkammerError
from wunderkammer.core.files import write_bytes
from wunderkammer.sources._columns import is_address
from wunderkammer.sources._iiif_image import is_image_service
from wunderkammer.sources._iiif_manifest import is_whole, members_of
from wunderkammer.sources._iiif_text import id_of, type_of
from wunderkammer.sources._json import parsed

Get = Callable[[str], bytes]
"""Returns what stands at an address; raises a ``WunderkammerError`` if it cannot."""

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


@dataclass(slots=True)
class Harvest:
    """What a harvest did.

    Attributes
    ----------
    files : list of Path
        Every file of it, also those that were there before, in the order found.
    n_manifests : int
        How many of them are manifests (or image descriptions).
    n_fetched : int
        How many were asked for this time.
    n_left : int
        Manifests and collections that were named and not looked at, because
        ``most`` was reached.
    failed : list of (str, WunderkammerError)
        Addresses that gave nothing usable, and why. The next harvest asks again.
    """

    files: list[Path] = field(default_factory=list)
    n_manifests: int = 0
    n_fetched: int = 0
    n_left: int = 0
    failed: list[tuple[str, WunderkammerError]] = field(default_factory=list)


def harvest(
    address: str,
    folder: Path,
    get: Get,
    *,
    most: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Harvest:
    """Save a manifest, or all manifests of a collection, as files that ``iiif`` reads.

    Parameters
    ----------
    address : str
        Of a manifest, a collection of Presentation 2 or 3, or an info.json.
    folder : Path
        Where files go; made if need be. A file that is there already is not
        asked for again.
    get : callable
        Asks for an address.
    most : int, optional
        Manifests to have at most.
    progress : callable, optional
        Told each address before it is asked for.

    Returns
    -------
    Harvest
        What was saved and what was not.

    Raises
    ------
    SourceError
        If the first address is none, or gives nothing usable.

    Notes
    -----
    Collections are followed in the order they are named, however deep, also
    over several pages (``first``, ``next``); each address once, so that
    collections that name each other come to an end. Files are written whole and
    named after their address, so a harvest that was interrupted goes on where
    it stopped.
    """
    if not is_address(address):
        raise SourceError(
            f"'{address}' is no address of a manifest.", hint="It must begin with https://."
        )
    done = Harvest()
    queue = deque([_plain(address)])
    seen = set(queue)
    while queue:
        if most is not None and done.n_manifests >= most:
            done.n_left = len(queue)
            break
        current = queue.popleft()
        try:
            document = _document(current, folder, get, done, progress)
        except WunderkammerError as error:
            if not done.files and not done.failed:
                raise
            done.failed.append((current, error))
            continue
        if type_of(document) != "Collection":
            done.n_manifests += 1
            continue
        for named in map(_plain, _named(document, current)):
            if named not in seen:
                seen.add(named)
                queue.append(named)
    return done


def file_name(address: str) -> str:
    """Return the name under which the document at an address is saved.

    Examples
    --------
    >>> file_name("https://example.org/iiif/herbarium/7/manifest")
    'iiif-herbarium-7-manifest-067a95024526.json'
    """
    path = _plain(address).split("://", 1)[-1].partition("/")[2]
    words = _UNSAFE.sub("-", path).strip("-").removesuffix("-json")[-60:].strip("-")
    digest = hashlib.sha256(_plain(address).encode()).hexdigest()[:12]
    return f"{words}-{digest}.json" if words else f"{digest}.json"


def _plain(address: str) -> str:
    return urldefrag(address.strip()).url


def _document(
    address: str,
    folder: Path,
    get: Get,
    done: Harvest,
    progress: Callable[[str], None] | None,
) -> Mapping[str, Any]:
    """Return what stands at an address, from its file or asked for and saved."""
    path = folder / file_name(address)
    document = _kept(path, address)
    if document is None:
        if progress is not None:
            progress(address)
        content = get(address)
        done.n_fetched += 1
        document = _parsed(content, address)
        write_bytes(path, content)
    done.files.append(path)
    return document


def _kept(path: Path, address: str) -> Mapping[str, Any] | None:
    """Return the document that an earlier harvest saved, or None if there is none of use."""
    if not path.is_file():
        return None
    try:
        return _parsed(path.read_bytes(), address)
    except SourceError:
        return None


def _parsed(content: bytes, address: str) -> Mapping[str, Any]:
    try:
        document = parsed(content)
    except ValueError as error:
        begins = content[:40].decode("utf-8", "replace").strip()
        raise SourceError(
            f"{address} answered with something that is no JSON ({error}); it begins '{begins}'.",
            hint="Open it in a browser: it may be a page about the manifest, not the manifest.",
        ) from None
    kind = type_of(document)
    if kind not in {"Manifest", "Collection"} and not is_image_service(document):
        raise SourceError(
            f"{address} is neither a manifest nor a collection: its type is '{kind}'.",
            hint="Look for the address of the manifest; viewers show it under the IIIF logo.",
        )
    return dict(document)


def _named(collection: Mapping[str, Any], base: str) -> Iterator[str]:
    """Yield the addresses of a collection's members, and of its next page."""
    for member in members_of(collection):
        if is_whole(member):
            if type_of(member) == "Collection":
                yield from _named(member, base)
        elif id_of(member):
            yield urljoin(base, id_of(member))
    for place in ("first", "next"):
        if id_of(collection.get(place)):
            yield urljoin(base, id_of(collection.get(place)))
