"""All hosts of a run: each request finds its host, obeys its robots.txt, and passes its gate."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NoReturn
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from wunderkammer.fetch import robots as robots_txt
from wunderkammer.fetch.address import Gatekeeper, host_of, normalised, origin
from wunderkammer.fetch.client import about_to_send
from wunderkammer.fetch.errors import (
    AddressError,
    BrokenOffError,
    FetchError,
    HostDownError,
    HostRefusedError,
    RedirectError,
)
from wunderkammer.fetch.host import Host, NotNow, Turn
from wunderkammer.fetch.ledger import Ledger
from wunderkammer.fetch.policy import Policy
from wunderkammer.fetch.retry import (
    TOO_MANY,
    UNAVAILABLE,
    ClosedHost,
    Setback,
    Unreachable,
    retry_after_s,
)
from wunderkammer.fetch.robots import Robots

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SMALL_BYTES = 1 << 16


class Hosts:
    """The hosts that a run meets; lives in one event loop.

    Parameters
    ----------
    policy : Policy
    ledger : Ledger
    gatekeeper : Gatekeeper
        Says which hosts may be asked.
    session : aiohttp.ClientSession
        From :func:`wunderkammer.fetch.client.open_session`.

    Attributes
    ----------
    in_flight : set of Task
        The tasks that sent a request; who started them takes them out again.
    """

    def __init__(
        self,
        policy: Policy,
        ledger: Ledger,
        gatekeeper: Gatekeeper,
        session: aiohttp.ClientSession,
    ) -> None:
        self._policy = policy
        self._ledger = ledger
        self._gatekeeper = gatekeeper
        self._session = session
        self._places = asyncio.Semaphore(policy.concurrency)
        self._hosts: dict[str, Host] = {}
        self._robots: dict[str, Robots] = {}
        self._robots_locks: dict[str, asyncio.Lock] = {}
        self.in_flight: set[asyncio.Task[None] | None] = set()

    def host(self, key: str) -> Host:
        """Return what is known of a host."""
        found = self._hosts.get(key)
        if found is None:
            found = self._hosts[key] = Host(key, self._policy, self._ledger)
        return found

    @asynccontextmanager
    async def allowed(
        self, address: str, headers: Mapping[str, str]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Ask for an address that the settings and the host's robots.txt allow.

        Parameters
        ----------
        address : str
            Normalised.
        headers : mapping of str to str
            Beside those of the session.

        Yields
        ------
        aiohttp.ClientResponse
            Its body not yet read; any status but 429 and 503.

        Raises
        ------
        HostRefusedError, RobotsError
            If it may not be asked for.
        Setback, ClosedHost, LeaveHost
            If it cannot be asked for now.
        """
        self._gatekeeper.check(host_of(address))
        robots = await self._robots_of(origin(address))
        robots.check(address)
        async with self._asked(address, headers) as response:
            yield response

    @asynccontextmanager
    async def _asked(
        self, address: str, headers: Mapping[str, str]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Make one request when its host's turn has come, and hold its places until it is read."""
        host = self.host(host_of(address))
        async with host.slots:
            while True:
                turn = Turn(host)
                async with turn, self._places:
                    try:
                        response = await self._sent(host, turn, address, headers)
                    except NotNow:
                        if turn.used:
                            raise Setback(_reset(host, "it closed the connection")) from None
                        continue
                    try:
                        await self._heed(host, response)
                        turn.heard()
                        yield response
                    finally:
                        response.release()
                    return

    async def _sent(
        self, host: Host, turn: Turn, address: str, headers: Mapping[str, str]
    ) -> aiohttp.ClientResponse:
        """Send a request and wait for the head of its answer."""
        loop = asyncio.get_running_loop()
        policy = self._policy
        try:
            async with asyncio.timeout(2 * policy.connect_s) as limit:

                def about() -> None:
                    turn.use()
                    self.in_flight.add(asyncio.current_task())
                    limit.reschedule(loop.time() + policy.first_byte_s)

                about_to_send.set(about)
                response = await self._session.get(
                    URL(address, encoded=True), headers=headers, allow_redirects=False
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            turn.answered()
            self._explain(host, turn, error)
        turn.answered()
        return response

    def _explain(self, host: Host, turn: Turn, error: Exception) -> NoReturn:
        """Tell a host that cannot be reached from an answer that did not come."""
        if isinstance(error, aiohttp.InvalidURL):
            raise AddressError(
                f"the address cannot be asked: {error}.", hint="Correct it in the records."
            ) from None
        if not turn.used:
            host.n_unreachable += 1
            why = _why_unreachable(error)
            host.rest(host.n_unreachable, why)
            raise Unreachable(
                host.key,
                HostDownError(
                    f"{host.key} {why}.",
                    hint="If a browser reaches it, run again later; else its links are dead.",
                ),
            ) from None
        if isinstance(error, TimeoutError):
            raise Setback(
                HostDownError(
                    f"{host.key} did not answer in {self._policy.first_byte_s:g} s.",
                    hint="Run again later, with --retry-failed.",
                ),
                slow=True,
            ) from None
        raise Setback(_reset(host, str(error) or type(error).__name__)) from None

    async def _heed(self, host: Host, response: aiohttp.ClientResponse) -> None:
        """Close a host that asks for it; else it is well."""
        if response.status not in {TOO_MANY, UNAVAILABLE}:
            host.answered()
            return
        headers = response.headers
        pause = retry_after_s(
            headers.get("Retry-After", ""), date=headers.get("Date", ""), now=time.time()
        )
        host.close(response.status, pause)
        raise ClosedHost(response.status, pause)

    async def _robots_of(self, where: str) -> Robots:
        """Return what an origin's robots.txt says, asking for it if need be."""
        known = self._robots.get(where)
        if known and known.is_fresh(time.time()):
            return known
        async with self._robots_locks.setdefault(where, asyncio.Lock()):
            known = self._robots.get(where) or self._ledger.robots(where)
            if not (known and known.is_fresh(time.time())):
                known = Robots(await self._robots_text(where), time.time())
                self._ledger.keep_robots(where, known)
            for limit in known.limits():
                self.host(host_of(where)).pace.add(limit)
            self._robots[where] = known
        return known

    async def _robots_text(self, where: str) -> str:
        """Ask for a robots.txt: none is permission, an error of the host is none (RFC 9309)."""
        host = self.host(host_of(where))
        try:
            text = await self._followed_robots(f"{where}/robots.txt")
        except RedirectError:
            return ""
        except Setback as setback:
            if not isinstance(setback, Unreachable):
                self._robots_failed(host, setback.error.message)
            raise
        host.n_robots_failed = 0
        return text

    async def _followed_robots(self, address: str) -> str:
        for _ in range(robots_txt.MAX_REDIRECTS + 1):
            async with self._asked(address, {"Accept": "text/plain, */*;q=0.1"}) as response:
                if response.status in REDIRECTS:
                    address = self._checked(redirected(address, response))
                    await drained(response)
                    continue
                if response.status >= 500:
                    raise Setback(
                        HostDownError(
                            f"{host_of(address)} answers {response.status} for its robots.txt, and "
                            "without it nothing is asked.",
                            hint="Run the same command again later.",
                        )
                    )
                if response.status >= 300:
                    await drained(response)
                    return ""
                return robots_txt.read_text(await self._first_bytes(response))
        return ""

    def _checked(self, address: str) -> str:
        """Return where a robots.txt has gone to, if one may go there."""
        try:
            self._gatekeeper.check(host_of(address))
        except HostRefusedError as error:
            raise RedirectError(error.message, hint=error.hint) from None
        return address

    async def _first_bytes(self, response: aiohttp.ClientResponse) -> bytes:
        """Read as much of a robots.txt as counts."""
        content = bytearray()
        try:
            async with asyncio.timeout(self._policy.first_byte_s):
                while len(content) < robots_txt.MAX_BYTES:
                    piece = await response.content.readany()
                    if not piece:
                        break
                    content += piece
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise Setback(
                HostDownError("robots.txt broke off.", hint="Run the same command again later.")
            ) from None
        return bytes(content)

    def _robots_failed(self, host: Host, why: str) -> None:
        """Wait, then leave a host whose robots.txt cannot be read: nothing is allowed till then."""
        host.n_robots_failed += 1
        if host.n_robots_failed >= self._policy.tries:
            raise host.leave(f"does not hand out its robots.txt ({why.rstrip('.')})")
        host.rest(host.n_robots_failed, "its robots.txt cannot be read")


def redirected(address: str, response: aiohttp.ClientResponse) -> str:
    """Return where a redirect leads.

    Raises
    ------
    RedirectError
        If it leads nowhere.
    """
    location = response.headers.get("Location", "").strip()
    if not location:
        raise RedirectError(
            f"{address} answers {response.status} and does not say where to go.",
            hint="Tell the institution: the link is broken.",
        )
    try:
        return normalised(urljoin(address, location))
    except (AddressError, ValueError) as error:
        why = error.message if isinstance(error, FetchError) else str(error)
        raise RedirectError(
            f"{address} leads to {location[:200]!r}: {why}",
            hint="Tell the institution: the link is broken.",
        ) from None


async def drained(response: aiohttp.ClientResponse) -> None:
    """Read a short body that is not wanted, so that its connection can be used again."""
    length = response.content_length
    if length is not None and length <= _SMALL_BYTES:
        try:
            async with asyncio.timeout(5):
                await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError):
            response.close()


def _why_unreachable(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"has no address ({error.os_error.strerror or error.os_error})"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"shows a certificate that does not hold ({error.certificate_error})"
    if isinstance(error, TimeoutError):
        return "does not take connections"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"cannot be reached ({error.os_error.strerror or error.os_error})"
    return f"cannot be reached ({error or type(error).__name__})"


def _reset(host: Host, why: str) -> BrokenOffError:
    return BrokenOffError(
        f"{host.key} broke off before it answered: {why}.",
        hint="Run again later, with --retry-failed.",
    )
