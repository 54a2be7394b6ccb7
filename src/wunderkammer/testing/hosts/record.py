"""What a host notes down of every request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NOTED = ("user-agent", "from", "range", "if-range", "if-none-match", "if-modified-since",
         "accept", "accept-encoding", "referer", "cookie", "authorization")  # fmt: skip
"""Headers of a request that are noted down, where they are sent."""


@dataclass(slots=True)
class Request:
    """A request, as the server saw it.

    Attributes
    ----------
    host : int
        Number of the host, from 0.
    method, path : str
        ``"GET"`` and the path, without the slash in front, with its query,
        percent escapes resolved.
    headers : mapping
        Those of :data:`NOTED` that were sent, by their names in lower case.
    connection : int
        Number of the connection it came on, from 0 on.
    arrived_s : float
        When its head was read: seconds of ``time.monotonic()``, which on Linux
        and macOS is one clock for all processes of a machine.
    arrived_at : float
        The same moment in seconds since 1970.
    ended_s : float or None
        When its answer had been handed to the system whole, or its connection
        was lost; None while it is in progress.
    status : int
        What was answered; 0 where nothing was.
    retry_after : str or None
        Retry-After of the answer, as it was sent.
    n_bytes_sent : int
        Bytes of the body handed to the system, without chunk frames.
    whole : bool
        Whether the answer was handed to the system to its last byte. It need
        not have reached the client: one that is killed leaves whole answers
        unread.
    """

    host: int
    method: str
    path: str
    headers: Mapping[str, str]
    connection: int
    arrived_s: float
    arrived_at: float
    ended_s: float | None = None
    status: int = 0
    retry_after: str | None = None
    n_bytes_sent: int = 0
    whole: bool = False


@dataclass(slots=True)
class Record:
    """All requests in the order of their arrival, and how many are in progress at each host."""

    n_hosts: int
    requests: list[Request] = field(default_factory=list)
    n_at_once: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing in progress."""
        self.n_at_once = [0] * self.n_hosts

    def begin(self, request: Request) -> None:
        """Note a request that has arrived."""
        self.requests.append(request)
        self.n_at_once[request.host] += 1

    def end(self, request: Request, ended_s: float, *, whole: bool) -> None:
        """Note that a request has been answered, or given up."""
        request.ended_s = ended_s
        request.whole = whole
        self.n_at_once[request.host] -= 1
