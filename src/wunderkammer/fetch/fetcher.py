"""The fetcher: one lane a host, verified files out."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from wunderkammer.fetch.address import Gatekeeper
from wunderkammer.fetch.client import headers_for
from wunderkammer.fetch.crew import Crew
from wunderkammer.fetch.errors import ContactMissingError, HostRefusedError
from wunderkammer.fetch.handover import Handover
from wunderkammer.fetch.host import Host
from wunderkammer.fetch.outcomes import Fetched, HostLeft, HostState, NotFetched, Queue
from wunderkammer.fetch.policy import Policy

_SWITCHING_S = 0.0005
"""Threads that verify let go of the interpreter so soon: sockets wait for them less."""

Watch = Callable[[Sequence[HostState]], None]

_LOOK_S = 0.1
_WATCH_S = 0.25
_RATE_OVER_S = 2.0


class Fetcher:
    """Fetches what a queue holds into a collection.

    Parameters
    ----------
    root : Path
        The collection's folder.
    policy : Policy
        How hosts are treated, and which files are accepted.
    contact : str
        E-mail address or web page sent with each request; may be empty if only
        private hosts are asked.
    watch : callable, optional
        Called at most four times a second with the state of each host, from the
        thread that takes the outcomes.
    """

    def __init__(
        self, root: Path, policy: Policy, *, contact: str, watch: Watch | None = None
    ) -> None:
        self._root = root
        self._policy = policy
        self._contact = contact.strip()
        self._watch = watch
        self._left: list[HostLeft] = []
        self._rates: dict[str, tuple[float, int, float]] = {}
        self._watched_at = 0.0

    def run(self, queue: Queue, stop: Callable[[], bool]) -> Iterator[Fetched | NotFetched]:
        """Yield an outcome for each medium, in the order they are ready.

        Parameters
        ----------
        queue : Queue
        stop : callable
            Asked several times a second; once True, what is in flight is given a
            few seconds, then the run ends. Unfinished files are gone on with later.

        Raises
        ------
        ContactMissingError
            If a public host is to be asked and there is no contact.
        OSError
            If the disk takes no more.
        """
        waiting = {host: n for host, n in queue.waiting().items() if n > 0}
        gatekeeper = gatekeeper_of(self._policy, self._contact)
        check_contact(waiting, self._policy, self._contact)
        headers_for(self._contact)
        handover = Handover()
        crew = Crew(self._root, self._policy, gatekeeper, self._contact, handover)
        crew.start(queue, waiting)
        switching_s = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCHING_S)
        try:
            yield from self._outcomes(crew, handover, stop)
        finally:
            sys.setswitchinterval(switching_s)
            crew.dismiss()
            self._left = crew.left()
        self._show(crew, last=True)
        if handover.error is not None:
            raise handover.error

    def left(self) -> list[HostLeft]:
        """Return the hosts whose media got no outcome in the last run, and why."""
        return self._left

    def _outcomes(
        self, crew: Crew, handover: Handover, stop: Callable[[], bool]
    ) -> Iterator[Fetched | NotFetched]:
        looked_at = 0.0
        while (taken := handover.take(_LOOK_S)) is not None:
            for outcome in taken:
                yield outcome
                if time.monotonic() - looked_at > _LOOK_S:
                    looked_at = self._look(crew, stop)
            crew.took(sum(isinstance(outcome, Fetched) for outcome in taken))
            if time.monotonic() - looked_at > _LOOK_S:
                looked_at = self._look(crew, stop)

    def _look(self, crew: Crew, stop: Callable[[], bool]) -> float:
        """Ask whether to stop, and show how far the hosts are."""
        if stop():
            crew.stop()
        self._show(crew)
        return time.monotonic()

    def _show(self, crew: Crew, *, last: bool = False) -> None:
        now = time.monotonic()
        if self._watch is None or (now - self._watched_at < _WATCH_S and not last):
            return
        self._watched_at = now
        self._watch([lane.state(self._rate(lane.host, now)) for lane in crew.lanes])

    def _rate(self, host: Host, now: float) -> float:
        """Return a host's requests a second over the last seconds."""
        since, n_then, rate = self._rates.get(host.key, (now, host.n_requests, 0.0))
        if now - since >= _RATE_OVER_S:
            rate = (host.n_requests - n_then) / (now - since)
            since, n_then = now, host.n_requests
        self._rates[host.key] = (since, n_then, rate)
        return rate


def gatekeeper_of(policy: Policy, contact: str) -> Gatekeeper:
    """Return who says which hosts may be asked."""
    return Gatekeeper(
        policy.allow_hosts, policy.deny_hosts, policy.allow_private, has_contact=bool(contact)
    )


def check_contact(hosts: Iterable[str], policy: Policy, contact: str) -> None:
    """Check that public hosts can learn who asks.

    Raises
    ------
    ContactMissingError
        If one of the hosts is public, and there is no contact.
    """
    if contact:
        return
    gatekeeper = gatekeeper_of(policy, "someone")
    for host in filter(None, hosts):
        try:
            gatekeeper.check(host)
        except HostRefusedError:
            continue
        if not gatekeeper.is_private(host):
            raise ContactMissingError(
                f"{host} is to be asked for images, and nothing says who asks.",
                hint="Give your e-mail address or web page, with the -C of this command: "
                "wk config set collection.contact=you@museum.example",
            )
