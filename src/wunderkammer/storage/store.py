"""A store: the few things that are asked of a bucket, and its errors in our words."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from wunderkammer.core.errors import ConfigurationError, StorageError, nearest
from wunderkammer.storage import KNOWN

AT_ONCE = 16
"""Requests that are under way at the same time."""

_PART = 8 << 20
"""Larger files go up in parts of so many bytes."""

_PARTS_AT_ONCE = 4
_REMOVED_AT_ONCE = 500
_PIECE = 4 << 20
_RETRIES: Any = {"max_retries": 8, "retry_timeout": timedelta(minutes=2)}
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")

_memories: dict[str, Any] = {}


class Listed(NamedTuple):
    """An object as a listing tells of it: its name, bytes, and when it was written."""

    name: str
    size: int
    written: datetime


class Store:
    """Objects below an address.

    Parameters
    ----------
    address : str
        Such as ``s3://bucket/prefix``, ``gs://…``, ``abfss://…`` or ``file:///folder``. Keys and
        endpoint come from the environment.

    Raises
    ------
    ConfigurationError
        If nobody knows this kind of address.
    StorageError
        If the library is not installed, or the address names no bucket.
    """

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._obs = _library()
        with self._in_our_words("be reached"):
            self._store = _store_of(self.address)
        self._takes_attributes = not self.address.startswith(("file:", "memory:"))

    def read(self, name: str) -> bytes | None:
        """Return the bytes of an object, None if there is none."""
        with self._in_our_words("be read"):
            try:
                return bytes(self._obs.get(self._store, name).bytes())
            except FileNotFoundError:
                return None

    def download(self, name: str, path: Path) -> bool:
        """Write an object into a file piece by piece; return whether there is one."""
        with self._in_our_words("be read"):
            try:
                pieces = self._obs.get(self._store, name).stream(min_chunk_size=_PIECE)
            except FileNotFoundError:
                return False
            with path.open("wb") as file:
                for piece in pieces:
                    file.write(piece)
        return True

    def create(self, name: str, content: bytes) -> bool:
        """Write an object if there is none of this name; return whether it holds these bytes."""
        with self._in_our_words("be written"):
            try:
                self._obs.put(self._store, name, content, mode="create")
            except self._obs.exceptions.AlreadyExistsError:
                # an answer that was lost is asked again: then it is our own that is there
                return self.read(name) == content
        return True

    def put(
        self, name: str, content: bytes | Path, headers: Mapping[str, str] | None = None
    ) -> None:
        """Write an object; it is whole or not there, also where it goes up in parts.

        Parameters
        ----------
        name : str
        content : bytes or Path
            A file is read while it goes up.
        headers : mapping of str to str, optional
            Such as ``Content-Type``, where the store keeps them.
        """
        attributes: Any = dict(headers) if headers and self._takes_attributes else None
        with self._in_our_words("be written"):
            self._obs.put(
                self._store,
                name,
                content,
                attributes=attributes,
                chunk_size=_PART,
                max_concurrency=_PARTS_AT_ONCE,
            )

    def names(self, prefix: str, after: str | None = None) -> Iterator[Listed]:
        """Yield the objects below a prefix whose names come after another, in no order."""
        with self._in_our_words("be listed"):
            for several in self._obs.list(self._store, prefix, offset=after):
                for one in several:
                    yield Listed(one["path"], one["size"], one["last_modified"])

    def remove(self, names: Iterable[str]) -> int:
        """Remove objects and return how many; what is not there is no error."""
        waiting: list[str] = []
        n_removed = 0
        for name in names:
            waiting.append(name)
            if len(waiting) == _REMOVED_AT_ONCE:
                n_removed += self._removed(waiting)
                waiting = []
        return n_removed + self._removed(waiting)

    def _removed(self, names: list[str]) -> int:
        with self._in_our_words("be changed"):
            if self._takes_attributes and names:
                self._obs.delete(self._store, names)
                return len(names)
            for name in names:  # a folder complains of what is not there
                try:
                    self._obs.delete(self._store, name)
                except FileNotFoundError:
                    continue
        return len(names)

    @contextmanager
    def _in_our_words(self, what: str) -> Iterator[None]:
        try:
            yield
        except (self._obs.exceptions.BaseError, OSError, ValueError) as error:
            # the library's words end with the answer of the server and a dump of its own
            said = str(error).split("\n\n")[0].split("<?xml")[0].strip()
            why, hint = in_plain_words(self.address, said)
            message = f"{self.address} could not {what}: {why}.".replace(":.", ".")
            raise StorageError(message, hint=hint) from error


_WHERE_TO_LOOK = (
    "Look at the address, the keys and the endpoint in the environment "
    "(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL for S3)."
)


def in_plain_words(address: str, said: str) -> tuple[str, str]:
    """Return why a store could not be used and what to do, from what a library says of it.

    Parameters
    ----------
    address : str
        Of what was asked for.
    said : str
        The library's words; they stay where nothing plainer is known.
    """
    bucket = address.partition("://")[2].partition("/")[0]
    where = (address.startswith("s3") and _endpoint()) or "its provider"
    if "169.254." in said or "metadata.google" in said:
        return (
            "no keys are in the environment, and this machine has no role that has some",
            (
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for S3; the docs say under 'Keys "
                "and endpoints' what others need."
            ),
        )
    if "404 Not Found" in said or "NoSuchBucket" in said:
        why = f"{where} knows no bucket '{bucket}' (404 Not Found)"
        return why, f"Look at the spelling, or make it. {_WHERE_TO_LOOK}"
    if "403 Forbidden" in said or "401 Unauthorized" in said:
        status = "403 Forbidden" if "403" in said else "401 Unauthorized"
        why = f"{where} does not let these keys into the bucket '{bucket}' ({status})"
        return (
            why,
            f"Ask its owner for the right to list, read and write. {_WHERE_TO_LOOK}",
        )
    if "error sending request" in said:
        return f"{where} cannot be reached", f"Is the network there? {_WHERE_TO_LOOK}"
    return said, _WHERE_TO_LOOK


def _endpoint() -> str:
    """Return the address of the server that the environment names, empty if it names none."""
    return next((os.environ[name] for name in _ENDPOINTS if os.environ.get(name)), "")


def _store_of(address: str) -> Any:
    """Return the library's store for an address."""
    from obstore import store

    scheme, _, rest = address.partition("://")
    if scheme not in KNOWN:
        raise ConfigurationError(
            f"{address}: nobody knows storage of the kind '{scheme}'.", hint=nearest(scheme, KNOWN)
        )
    if scheme == "memory":
        return _memories.setdefault(rest, store.MemoryStore())
    if scheme == "file":
        return store.LocalStore(Path(rest), mkdir=True)
    endpoint = _endpoint()
    given: dict[str, Any] = {"retry_config": _RETRIES}
    if scheme in {"s3", "s3a"} and endpoint:
        given["endpoint"] = endpoint
        given["client_options"] = {"allow_http": endpoint.startswith("http://")}
    return store.from_url(address, **given)


def _library() -> Any:
    """Return the library.

    Raises
    ------
    StorageError
        If it is not installed; says what to install.
    """
    try:
        import obstore
    except ImportError as error:
        raise StorageError(
            f"storage in a bucket needs the library obstore: {error}.",
            hint="Install it with: pip install 'wunderkammer[s3]'; it is for S3, Google and "
            "Azure alike.",
        ) from None
    return obstore
