"""The outermost layer of every application: its headers, who is let in, and errors in words."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from fastapi import Request, Response
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wunderkammer.core.errors import WunderkammerError
from wunderkammer.web.entrance import Entrance
from wunderkammer.web.guards import RefusedError
from wunderkammer.web.problems import problem, problem_of

LONGEST_ADDRESS = 8 * 1024
LONGEST_HEADERS = 32 * 1024
"""Bytes of what is asked for, and of all headers of a request."""

_log = logging.getLogger(__name__)


class Check(Protocol):
    """Refuses requests, by raising."""

    def check(self, request: Request) -> None:
        """Let a request pass, or raise a RefusedError."""
        ...


class Shield:
    """Stands before an application: every answer passes it, and every error becomes a problem.

    Parameters
    ----------
    app : ASGI application
        What it stands before.
    headers : mapping of str to str
        Headers of every answer, also of refusals.
    entrance : Entrance, optional
        Who is let in; without it, everybody.
    guard : Check, optional
        Who may write.
    """

    def __init__(
        self,
        app: ASGIApp,
        headers: Mapping[str, str],
        entrance: Entrance | None = None,
        guard: Check | None = None,
    ) -> None:
        self.app = app
        self._headers = [(k.lower().encode(), v.encode()) for k, v in headers.items()]
        self._names = {name for name, _ in self._headers}
        self._entrance = entrance
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def told(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                own = [one for one in message["headers"] if one[0].lower() not in self._names]
                message["headers"] = own + self._headers
            await send(message)

        try:
            answer = self._answered(scope)
            if answer is None:
                await self.app(scope, receive, told)
                return
        except ClientDisconnect:
            return
        except Exception as error:
            if started:
                raise
            answer = _explained(error, str(scope["path"]))
        await answer(scope, receive, told)

    def _answered(self, scope: Scope) -> Response | None:
        """Return the answer to a request that goes no further; None lets it pass."""
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            title = f"an address may have {LONGEST_ADDRESS:,} bytes at most."
            return problem(414, title, headers={"Connection": "close"})
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEADERS:
            title = f"the headers of a request may have {LONGEST_HEADERS:,} bytes at most."
            return problem(431, title, headers={"Connection": "close"})
        if self._entrance is None and self._guard is None:
            return None
        request = Request(scope)
        answer = self._entrance.admit(request) if self._entrance else None
        if answer is None and self._guard:
            self._guard.check(request)
        return answer


def _explained(error: Exception, path: str) -> Response:
    """Return an error as an answer; what is not ours to explain goes to the log, not out."""
    if isinstance(error, WunderkammerError):
        told = problem_of(error)
        wanted = isinstance(error, RefusedError) and error.status == 401
        headers = {"WWW-Authenticate": "Bearer"} if wanted else None
        return problem(told.status, told.title, told.detail, headers)
    _log.error("%s could not be answered", path, exc_info=error)
    return problem(
        500,
        "this could not be answered, by a fault of the server.",
        "Whoever runs it finds the reason where it was started.",
    )
