"""Single documents, such as a IIIF manifest or a page of a search, got as politely as images."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from wunderkammer.fetch.address import host_of, normalised
from wunderkammer.fetch.client import open_session
from wunderkammer.fetch.download import refusal
from wunderkammer.fetch.errors import BrokenOffError, HostDownError, RedirectError, TooLargeError
from wunderkammer.fetch.fetcher import check_contact, gatekeeper_of
from wunderkammer.fetch.host import LeaveHost
from wunderkammer.fetch.hosts import REDIRECTS, Hosts, drained, redirected
from wunderkammer.fetch.ledger import Ledger
from wunderkammer.fetch.policy import Policy
from wunderkammer.fetch.retry import ClosedHost, Setback, Unreachable, pause_s

_ACCEPT = "application/json, */*;q=0.5"


@contextmanager
def polite_get(root: Path, policy: Policy, *, contact: str) -> Iterator[Callable[[str], bytes]]:
    """Yield a function that returns what an address holds.

    It keeps the rules of fetching: robots.txt, rate, ``Retry-After``, back-off,
    caps, no private addresses. Calls wait their turn; use one for many addresses.

    Parameters
    ----------
    root : Path
        The collection's folder, where host windows and robots.txt are kept.
    policy : Policy
    contact : str
        E-mail address or web page sent with each request.

    Yields
    ------
    callable
        Address to bytes. It raises a FetchError if the document does not come,
        and ContactMissingError if a public host is asked and there is no contact.

    Examples
    --------
    >>> with polite_get(Path("moths"), Policy(), contact="me@museum.example") as get:
    ...     manifest = get("https://iiif.museum.example/1/manifest.json")  # doctest: +SKIP
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="fetch-get", daemon=True)
    thread.start()

    def call(what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(what, loop).result()

    ledger = Ledger(root)
    getter = call(_opened(policy, contact, ledger))

    def get(address: str) -> bytes:
        plain = normalised(address)
        check_contact([host_of(plain)], policy, contact.strip())
        content: bytes = call(getter.get(plain))
        return content

    try:
        yield get
    finally:
        call(getter.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        ledger.close()


def get(address: str, *, root: Path, policy: Policy, contact: str) -> bytes:
    """Return what one address holds; see :func:`polite_get`."""
    with polite_get(root, policy, contact=contact) as one:
        return one(address)


async def _opened(policy: Policy, contact: str, ledger: Ledger) -> _Getter:
    gatekeeper = gatekeeper_of(policy, contact.strip())
    session = open_session(policy, gatekeeper, contact)
    return _Getter(policy, session, Hosts(policy, ledger, gatekeeper, session))


class _Getter:
    """Gets one document at a time."""

    def __init__(self, policy: Policy, session: aiohttp.ClientSession, hosts: Hosts) -> None:
        self._policy = policy
        self._session = session
        self._hosts = hosts

    async def close(self) -> None:
        """End what a caller no longer waits for, and the session."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._session.close()

    async def get(self, address: str) -> bytes:
        """Try until it comes, it is clear that it will not, or patience ends."""
        n_failed = 0
        while True:
            try:
                return await self._once(address)
            except ClosedHost:
                continue
            except LeaveHost as left:
                raise HostDownError(
                    f"{left.host} {left.why}.", hint="Run the same command again later."
                ) from None
            except Setback as setback:
                n_failed += 1
                if n_failed >= self._policy.tries:
                    raise setback.error from None
                if not isinstance(setback, Unreachable):
                    await asyncio.sleep(pause_s(n_failed, self._policy.backoff_s, address))

    async def _once(self, address: str) -> bytes:
        behind = []
        while True:
            async with self._hosts.allowed(address, {"Accept": _ACCEPT}) as response:
                if response.status == 200:
                    return await self._content(address, response)
                if response.status not in REDIRECTS:
                    await drained(response)
                    raise refusal(address, response.status)
                behind.append(address)
                address = redirected(address, response)
                await drained(response)
            if address in behind or len(behind) > self._policy.max_redirects:
                raise RedirectError(
                    f"{behind[0]} is redirected again and again, to {address}.",
                    hint="Tell the institution: the link is broken.",
                )

    async def _content(self, address: str, response: aiohttp.ClientResponse) -> bytes:
        content = bytearray()
        try:
            async with asyncio.timeout(self._policy.stall_s) as limit:
                while piece := await response.content.readany():
                    content += piece
                    limit.reschedule(asyncio.get_running_loop().time() + self._policy.stall_s)
                    if len(content) > self._policy.max_bytes:
                        raise TooLargeError(
                            f"{address} has more than the {self._policy.max_bytes:,} bytes "
                            "that are allowed.",
                            hint="Raise [fetch] max_bytes if it is meant to be so large.",
                        )
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise Setback(
                BrokenOffError(f"{address} broke off.", hint="Run the same command again later.")
            ) from None
        return bytes(content)
