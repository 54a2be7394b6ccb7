"""What is wanted of a fetcher, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from wunderkammer.fetch.errors import FetchError


@dataclass(frozen=True, slots=True)
class Before:
    """What an earlier run stored for a medium: with it, the host is asked conditionally.

    Attributes
    ----------
    path : str
        Of the file, relative to the collection.
    sha256 : str
        Of its bytes; a file that has others is fetched anew.
    address : str
        The address it came from; at another one nothing is asked conditionally.
    etag, last_modified : str
        Headers the host sent with it; empty if none.
    """

    path: str
    sha256: str
    address: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One medium to fetch.

    Attributes
    ----------
    media_id : str
        Names its file.
    address : str
        As the record has it.
    key : str
        Key of the row to make; a receipt with the same key answers without a request.
    before : Before or None
        What is there already.
    """

    media_id: str
    address: str
    key: str
    before: Before | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A medium whose file is here, whole and verified.

    Attributes
    ----------
    media_id : str
    path : str
        ``media/ab/<media_id>.<ext>``, relative to the collection; the ending
        follows the real format, not the host's word.
    sha256 : str
        Of the bytes as the host sent them.
    n_bytes : int
    media_type : str
        Of the real format, such as ``"image/jpeg"``.
    file_format : str
        As Pillow calls it, such as ``"JPEG"``.
    width, height : int
        In pixels, after the EXIF turn.
    fetched_from : str
        The address that answered, after redirects.
    redirects : tuple of str
        The addresses that sent on, in order; empty without redirects.
    etag, last_modified : str
        For asking conditionally later; empty if the host sent none.
    copy : bytes or None
        JPEG with longest side ``copy_px``, if asked for.
    from_receipt : bool
        It had been fetched for the same key before: no request was made.
    unchanged : bool
        The host answered 304: the file that was there is still good.
    """

    media_id: str
    path: str
    sha256: str
    n_bytes: int
    media_type: str
    file_format: str
    width: int
    height: int
    fetched_from: str
    redirects: tuple[str, ...] = ()
    etag: str = ""
    last_modified: str = ""
    copy: bytes | None = None
    from_receipt: bool = False
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class NotFetched:
    """A medium that will not come by asking again at once, and why."""

    media_id: str
    error: FetchError


@dataclass(frozen=True, slots=True)
class HostState:
    """How far a host is, for those who watch.

    Attributes
    ----------
    host : str
        ``name`` or ``name:port``.
    done, failed, left : int
        Media of this run.
    rate : float
        Requests a second over the last seconds.
    waiting_until : float or None
        Unix time until which no request is made, because the host said so or is down.
    note : str
        Why it waits; empty if it does not.
    """

    host: str
    done: int
    failed: int
    left: int
    rate: float
    waiting_until: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class HostLeft:
    """Media of a host that got no outcome: the next run takes them.

    Attributes
    ----------
    host : str
    number : int
    why : str
        A clause, such as ``"answered 429 with Retry-After"``.
    until : float or None
        Unix time before which asking again is in vain.
    """

    host: str
    number: int
    why: str
    until: float | None = None


class Queue(Protocol):
    """The to-do list, one queue a host; it may lie on disk.

    Hosts are as :func:`wunderkammer.fetch.address.host_key` names them. A fetcher
    calls both methods from one background thread, one call at a time.
    """

    def waiting(self) -> Mapping[str, int]:
        """Return how many media wait, by host; called once, at the start."""
        ...

    def take(self, host: str, n: int) -> Sequence[Wanted]:
        """Return at most ``n`` next media of a host and forget them; none at the end."""
        ...
