"""Who may ask a server that writes: only the page it handed out itself."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field

from fastapi import Request

from wunderkammer.core.errors import WunderkammerError

TOKEN_HEADER = "X-Review-Token"  # noqa: S105 - the name of a header
SAFE = frozenset({"GET", "HEAD"})


class RefusedError(WunderkammerError):
    """A request that does not come from the page of this server, or is too large.

    Attributes
    ----------
    status : int
        The status of the answer.
    """

    def __init__(self, message: str, *, hint: str = "", status: int = 403) -> None:
        super().__init__(message, hint=hint)
        self.status = status


@dataclass(frozen=True, slots=True)
class Guard:
    """Tells requests of the page from those of other sites that a browser has open.

    Attributes
    ----------
    hosts : collection of str
        ``host:port`` by which the server may be called. Another name that
        leads here is refused: so no site can pass itself off as this one.
        Empty where others than this machine are answered, whose names are not known:
        then nothing may be written through it.
    token : str
        Drawn anew at each start and written into the page, which no other
        site can read.
    """

    hosts: Collection[str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def check(self, request: Request) -> None:
        """Let a request pass.

        Raises
        ------
        RefusedError
            If its host is not ours, or it would write and comes from elsewhere.
        """
        host = request.headers.get("host", "")
        if self.hosts and host not in self.hosts:
            raise RefusedError(
                f"this server is not called '{host}'.",
                hint=f"Open http://{next(iter(self.hosts))}/ instead.",
            )
        if request.method in SAFE:
            return
        origin = request.headers.get("origin", "")
        if origin not in {f"http://{host}", f"https://{host}"}:
            raise RefusedError(f"a page of '{origin or 'no site'}' may not write here.")
        given = request.headers.get(TOKEN_HEADER, "")
        if not secrets.compare_digest(given.encode(), self.token.encode()):
            raise RefusedError(
                "the page belongs to a server that was stopped.", hint="Load the page again."
            )


async def limited_body(request: Request, n_bytes: int) -> bytes:
    """Return the body of a request; what goes beyond the limit is never held.

    Raises
    ------
    RefusedError
        As soon as more than ``n_bytes`` have come or are announced.
    """
    content = bytearray()
    announced = request.headers.get("content-length", "0")
    too_large = not announced.isdigit() or int(announced) > n_bytes
    if not too_large:
        async for piece in request.stream():
            content += piece
            too_large = len(content) > n_bytes
            if too_large:
                break
    if too_large:
        raise RefusedError(f"a body may have {n_bytes:,} bytes at most.", status=413)
    return bytes(content)
