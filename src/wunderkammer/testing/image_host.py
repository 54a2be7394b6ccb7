"""A real HTTP server on loopback for tests of downloaders, ours or anybody's."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self
from urllib.parse import quote

from wunderkammer.testing.hosts.answers import Redirect
from wunderkammer.testing.hosts.errors import ImageHostError
from wunderkammer.testing.hosts.listening import MOST_HOSTS
from wunderkammer.testing.hosts.record import Request
from wunderkammer.testing.hosts.replies import SAFE
from wunderkammer.testing.hosts.rules import Rule, Script, check
from wunderkammer.testing.hosts.serving import Plan, Process, Serving, Thread

POLL_S = 0.01


class ImageHost:
    """Serve images from many hosts, as well or as badly as rules say, and record every request.

    Every path holds an image of its own until a rule says otherwise, so a
    test needs no files; ``robots.txt`` is missing. What is served follows from
    host, path and rules alone: :meth:`content` and :meth:`sha256` tell the truth
    without a request.

    Parameters
    ----------
    rules : sequence of Rule, optional
        What the hosts do. For each request the first that holds decides.
    n_hosts : int
        How many, at most 250; each has an address of its own: 127.0.0.1, 127.0.0.2, ...
    refusing : sequence of int
        Hosts at which every attempt to connect is refused.
    silent : sequence of int
        Hosts at which an attempt to connect gets no answer at all, as behind a
        firewall (Linux).
    in_thread : bool
        Serve from a thread of this process. By default the hosts have a process
        of their own: then neither their clock nor their pace is disturbed by
        the client. It ends with the process that started it.

    Raises
    ------
    ImageHostError
        If a rule is for a host that is not there, a picture does not fit in its
        bytes, or the system has no such loopback address.

    Examples
    --------
    >>> from urllib.request import urlopen
    >>> from wunderkammer.testing import ImageHost
    >>> with ImageHost(n_hosts=2, in_thread=True) as site:
    ...     with urlopen(site.address("drawer/1.jpg", host=1)) as answer:
    ...         stored = answer.read()
    ...     [request] = site.requests()
    >>> stored == site.content("drawer/1.jpg", host=1)
    True
    >>> request.host, request.path, request.status, request.whole
    (1, 'drawer/1.jpg', 200, True)
    """

    def __init__(
        self,
        rules: Sequence[Rule] = (),
        *,
        n_hosts: int = 1,
        refusing: Sequence[int] = (),
        silent: Sequence[int] = (),
        in_thread: bool = False,
    ) -> None:
        if not 1 <= n_hosts <= MOST_HOSTS:
            raise ImageHostError(
                f"An image host was to have {n_hosts} hosts; it can have 1 to {MOST_HOSTS}."
            )
        check(rules, n_hosts)
        self._plan = Plan(n_hosts, tuple(rules), tuple(refusing), tuple(silent))
        self._in_thread = in_thread
        self._script = Script(rules)
        self._serving: Serving | None = None
        self._origins: Sequence[str] = ()
        self._ended: list[Request] = []

    def __enter__(self) -> Self:
        """Start serving."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving."""
        self.stop()

    def start(self) -> None:
        """Take ports and begin to serve."""
        if self._serving is not None:
            raise ImageHostError("The image host is serving already.", hint="Stop it first.")
        self._ended = []
        self._serving = (Thread if self._in_thread else Process)(self._plan)
        self._origins = tuple(self._serving.origins)

    def stop(self) -> None:
        """Close all connections and ports; :meth:`requests` goes on to answer."""
        if self._serving is None:
            return
        serving, self._serving = self._serving, None
        self._ended += serving.stop(len(self._ended))

    @property
    def n_hosts(self) -> int:
        """Return how many hosts there are."""
        return self._plan.n_hosts

    @property
    def origins(self) -> Sequence[str]:
        """Return where each host is, such as ``"http://127.0.0.1:40001"``."""
        if not self._origins:
            raise ImageHostError(
                "The image host has no addresses before it is started.",
                hint="Write 'with ImageHost(...) as site:', or call start().",
            )
        return self._origins

    def address(self, path: str, host: int = 0) -> str:
        """Return the address of a path (without a slash in front) of a host."""
        return f"{self.origins[host]}/{quote(path, safe=SAFE)}"

    def content(self, path: str, host: int = 0, *, attempt: int | None = None) -> bytes:
        """Return what one who gets all of a file must have stored.

        Parameters
        ----------
        path, host
            Which file.
        attempt : int, optional
            As it is served to the so-many-th request for it, counted from 1 and
            without those a throttle refused. By default as it is served in the
            end, when the rules for ``first`` requests have passed.

        Raises
        ------
        ImageHostError
            If the rules redirect this path.
        """
        answer = self._script.standing(host, path, attempt=attempt)
        if isinstance(answer, Redirect):
            raise ImageHostError(
                f"{path!r} of host {host} has no content: it redirects to {answer.to!r}.",
                hint="Ask for the content of the path it leads to.",
            )
        return answer.content(host, path)

    def sha256(self, path: str, host: int = 0, *, attempt: int | None = None) -> str:
        """Return the SHA-256 of :meth:`content`, in hexadecimal digits."""
        return hashlib.sha256(self.content(path, host, attempt=attempt)).hexdigest()

    def follow(self, rules: Sequence[Rule]) -> None:
        """Go by other rules from now on; counts of the old ones are forgotten.

        Use it to let files change between two runs of a client, or for rules
        that name addresses, which are known only now.
        """
        check(rules, self.n_hosts)
        self._working().follow(rules)
        self._script = Script(rules)

    def requests(self) -> list[Request]:
        """Return all requests so far, in the order of their arrival.

        Works while the hosts serve and after they have stopped.
        """
        if self._serving is None:
            return list(self._ended)
        fresh = self._serving.requests(len(self._ended))
        n_ended = next((n for n, one in enumerate(fresh) if one.ended_s is None), len(fresh))
        everything = [*self._ended, *fresh]
        self._ended += fresh[:n_ended]
        return everything

    def wait_for(self, n_requests: int, timeout_s: float = 30.0) -> list[Request]:
        """Return all requests as soon as there are so many.

        Raises
        ------
        ImageHostError
            If there are fewer after ``timeout_s`` seconds.
        """
        until_s = time.monotonic() + timeout_s
        while len(found := self.requests()) < n_requests:
            if time.monotonic() > until_s:
                raise ImageHostError(
                    f"{n_requests} requests were waited for, and {len(found)} came "
                    f"within {timeout_s:g} seconds."
                )
            time.sleep(POLL_S)
        return found

    def _working(self) -> Serving:
        if self._serving is None:
            raise ImageHostError(
                "The image host is not serving.",
                hint="Write 'with ImageHost(...) as site:', or call start().",
            )
        return self._serving
