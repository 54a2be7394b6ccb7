"""Who is let in: by which names a server may be called, and who brings its token."""

from __future__ import annotations

import functools
import ipaddress
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from fastapi import Request, Response

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.web.guards import SAFE, RefusedError

SHORTEST_TOKEN = 20
"""Characters that a token of one's own has at least."""

_BEARER = "bearer "
_ARRIVED = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Atlas</title>
<meta http-equiv="refresh" content="0;url={address}"></head>
<body><p><a href="{address}">Go on to the atlas</a></p></body></html>
"""


@dataclass(frozen=True, slots=True)
class Entrance:
    """Lets requests in that call the server by a name of its own and know its token.

    Attributes
    ----------
    names : collection of str
        Host names by which it may be called, on any port, beside ``localhost`` and every
        numeric address. A page of another site can make its own name lead here
        (DNS rebinding), but not a number, nor a name that is not its own.
    token : str
        What a visitor must know; empty: whoever reaches the server may look.
    cookie : str
        Under which name a browser keeps the token.
    """

    names: Collection[str] = ()
    token: str = ""
    cookie: str = "wk"

    def admit(self, request: Request) -> Response | None:
        """Let a request pass, or answer it: a visitor who brings the token in the address.

        The answer sets the cookie and leads to the same address without the token. It is a
        page, not a redirection: a browser that follows a redirection from another
        site's link leaves strict cookies behind.

        Raises
        ------
        RefusedError
            If the server is called by a name that is not its own, or the token is missing
            or wrong.
        """
        host = request.headers.get("host", "")
        if not self.is_called(host):
            raise RefusedError(
                f"this server is not called '{host[:100]}'.",
                hint="Open it by its number or as localhost, or start it with --name.",
            )
        if not self.token or self._knows(request):
            return None
        asked = parse_qs(request.url.query)
        given = asked.pop("token", [""])[0]
        if request.method in SAFE and given and self._is(given):
            return self._arrived(request, urlencode(asked, doseq=True))
        raise RefusedError(
            "the token of this server is wrong." if given else "this server wants its token.",
            hint="Open the address that 'wk serve' printed, or send 'Authorization: Bearer' "
            "and the token.",
            status=401,
        )

    def is_called(self, host: str) -> bool:
        """Tell whether a Host header names this server.

        Examples
        --------
        >>> here = Entrance(names=("atlas.museum.example",))
        >>> [here.is_called(one) for one in ("127.0.0.1:8000", "[::1]:8000", "localhost")]
        [True, True, True]
        >>> here.is_called("Atlas.Museum.example"), here.is_called("elsewhere.example")
        (True, False)
        """
        return _leads_here(host, frozenset(one.lower() for one in self.names))

    def _knows(self, request: Request) -> bool:
        """Tell whether a request brings the token as a cookie or as a header."""
        said = request.headers.get("authorization", "")
        if said.lower().startswith(_BEARER) and self._is(said[len(_BEARER) :].strip()):
            return True
        return self._is(request.cookies.get(self.cookie, ""))

    def _is(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self.token.encode())

    def _arrived(self, request: Request, query: str) -> Response:
        """Return a page that sets the cookie and goes on to where the visitor wanted to go."""
        address = f"?{query}" if query else "./"
        page = _ARRIVED.format(address=address.replace("&", "&amp;"))
        answer = Response(page, media_type="text/html", headers={"Cache-Control": "no-store"})
        answer.set_cookie(
            self.cookie,
            self.token,
            httponly=True,
            samesite="strict",
            secure=request.headers.get("x-forwarded-proto", "") == "https",
        )
        return answer


@functools.lru_cache(maxsize=256)
def _leads_here(host: str, names: frozenset[str]) -> bool:
    """Tell whether a Host header is a number, this machine's own name, or one of some names."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    name = name.strip("[]").rstrip(".").lower()
    if name == "localhost" or name in names:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Tell whether an address answers this machine alone.

    Examples
    --------
    >>> [is_loopback(one) for one in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "museum")]
    [True, True, True, False, False]
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def new_token() -> str:
    """Return a token that nobody guesses, for one start of a server."""
    return secrets.token_urlsafe(32)


def read_token(path: Path) -> str:
    """Return the token that a file holds, without the space around it.

    Raises
    ------
    ConfigurationError
        If it cannot be read, is short, or holds what no header can carry.
    """
    hint = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
    try:
        token = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the token in {path} cannot be read: {error}.", hint=hint
        ) from None
    if len(token) < SHORTEST_TOKEN:
        raise ConfigurationError(
            f"the token in {path} has {len(token)} characters, and {SHORTEST_TOKEN} are wanted.",
            hint=hint,
        )
    if not all(one.isalnum() or one in "-_." for one in token):
        raise ConfigurationError(
            f"the token in {path} holds more than letters, digits, '-', '_' and '.'.", hint=hint
        )
    return token
