"""The HTTP client: one session, checked connections, and a last look before each request."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from contextvars import ContextVar
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.fetch.address import Gatekeeper
from wunderkammer.fetch.policy import Policy

_KEEP_ALIVE_S = 15.0
_NAMES_KEPT_S = 300
_READ_BYTES = 1 << 18

about_to_send: ContextVar[Callable[[], None]] = ContextVar("about_to_send")
"""Called when a connection is there and the request is written next; may raise to stop it."""


class CheckedResolver(AbstractResolver):
    """Resolves names and hands on only addresses that may be connected to.

    The session connects to the numbers that were checked here, so a name that
    means another machine a moment later (DNS rebinding) changes nothing.
    """

    def __init__(self, gatekeeper: Gatekeeper) -> None:
        self._gatekeeper = gatekeeper
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a host that are allowed.

        Raises
        ------
        HostRefusedError
            If none of them is.
        """
        found = await self._inner.resolve(host, port, family)
        allowed = []
        refused: Exception | None = None
        for one in found:
            number = ipaddress.ip_address(one["host"].partition("%")[0])
            try:
                self._gatekeeper.check_number(f"{host}:{port}", number)
            except Exception as error:  # noqa: BLE001 - raised below, if no address is left
                refused = error
            else:
                allowed.append(one)
        if refused and not allowed:
            raise refused
        return allowed

    async def close(self) -> None:
        """Close what it uses."""
        await self._inner.close()


class _LookedAtRequest(aiohttp.ClientRequest):
    """A request that asks once more when its connection is there, just before it is written."""

    async def send(self, conn: Any) -> aiohttp.ClientResponse:
        about_to_send.get()()
        return await super().send(conn)


def open_session(policy: Policy, gatekeeper: Gatekeeper, contact: str) -> aiohttp.ClientSession:
    """Return a session that names itself, follows nothing, and keeps no cookies.

    Raises
    ------
    ConfigurationError
        If the contact cannot be sent as a header.
    """
    connector = aiohttp.TCPConnector(
        limit=0,
        resolver=CheckedResolver(gatekeeper),
        ttl_dns_cache=_NAMES_KEPT_S,
        keepalive_timeout=_KEEP_ALIVE_S,
    )
    return aiohttp.ClientSession(
        connector=connector,
        request_class=_LookedAtRequest,
        headers=headers_for(contact),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, connect=policy.connect_s),
        read_bufsize=_READ_BYTES,
    )


def headers_for(contact: str) -> dict[str, str]:
    """Return the headers that say who asks.

    Examples
    --------
    >>> headers_for("digitisation@museum.example")["From"]
    'digitisation@museum.example'
    """
    text = contact.strip()
    if not (text.isascii() and text.isprintable()):
        raise ConfigurationError(
            f"collection.toml, [collection]: contact = {contact!r} has letters beyond ASCII, and "
            "is sent as a header.",
            hint="Write an e-mail address or the address of a web page.",
        )
    named = f" (+{text})" if text else ""
    headers = {
        "User-Agent": f"Wunderkammer/{_version()}{named}",
        "Accept": "image/*, */*;q=0.1",
        "Accept-Encoding": "identity",
    }
    if "@" in text and "/" not in text:
        headers["From"] = text
    return headers


def _version() -> str:
    try:
        return version("wunderkammer")
    except PackageNotFoundError:
        return "0"  # run from its files, not installed
