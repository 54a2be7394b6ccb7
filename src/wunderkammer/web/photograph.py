"""The route that takes a visitor's photograph and tells what is like it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from wunderkammer.web.described import answered
from wunderkammer.web.guards import RefusedError, limited_body
from wunderkammer.web.pages import PROBLEMS
from wunderkammer.web.photograph_process import PhotographProcess
from wunderkammer.web.schemas import Problem

MAX_BYTES = 24 * 2**20
"""Longest photograph that is read."""

KINDS = frozenset({"image/jpeg", "image/png", "image/webp"})
MOST_WAITING = 8
"""Photographs that may come, or wait to be looked at, at one time."""

LONGEST_WAY_S = 60.0
"""Time in which a photograph must arrive."""

_TOLD = {**PROBLEMS, **answered("application/x-ndjson"), 503: {"model": Problem}}
_TAKEN = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS},
    }
}


def photograph_routes(
    process: PhotographProcess, *, longest_way_s: float = LONGEST_WAY_S
) -> APIRouter:
    """Return the route by which a photograph is looked at.

    The answer comes in lines of JSON: ``step`` as each begins, at last ``liked``, a
    :class:`~wunderkammer.web.schemas.Liked`, or a ``problem``.

    Parameters
    ----------
    process : PhotographProcess
        Looks at one after the other.
    longest_way_s : float
        Time in which a photograph must arrive; who sends slower gives up the place in the line.
    """
    routes = APIRouter()
    # one thread: who waits here takes no thread from those who answer tiles
    line = ThreadPoolExecutor(1, thread_name_prefix="photograph")
    waiting: set[object] = set()

    @routes.post(
        "/photograph", response_class=StreamingResponse, responses=_TOLD, openapi_extra=_TAKEN
    )
    async def look(request: Request) -> StreamingResponse:
        if request.headers.get("content-type", "") not in KINDS:
            raise RefusedError(
                "this is no photograph that can be read.",
                hint="Send a JPEG, a PNG or a WebP.",
                status=415,
            )
        if len(waiting) >= MOST_WAITING:
            raise RefusedError(
                "many people ask at this moment.", hint="Try again in a minute.", status=503
            )
        ticket = object()
        # a place in the line is taken first: no more photographs come at once than may wait
        waiting.add(ticket)
        with _given_back(waiting, ticket):
            content = await _arrived(request, longest_way_s)
        told: asyncio.Queue[Mapping[str, Any] | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def work() -> None:
            try:
                for one in process.look(content):
                    loop.call_soon_threadsafe(told.put_nowait, one)
            finally:
                waiting.discard(ticket)
                loop.call_soon_threadsafe(told.put_nowait, None)

        line.submit(work)
        return StreamingResponse(
            _lines(told), media_type="application/x-ndjson", headers={"Cache-Control": "no-store"}
        )

    return routes


@contextmanager
def _given_back(waiting: set[object], ticket: object) -> Iterator[None]:
    """Give up a place in the line where a block ends with an error."""
    try:
        yield
    except BaseException:
        waiting.discard(ticket)
        raise


async def _arrived(request: Request, longest_way_s: float) -> bytes:
    """Return a photograph, if it arrives in time."""
    try:
        async with asyncio.timeout(longest_way_s):
            return await limited_body(request, MAX_BYTES)
    except TimeoutError:
        raise RefusedError(
            f"the photograph did not arrive within {longest_way_s:g} s.",
            hint="Send a smaller one.",
            status=408,
        ) from None


async def _lines(told: asyncio.Queue[Mapping[str, Any] | None]) -> AsyncIterator[bytes]:
    while (one := await told.get()) is not None:
        yield json.dumps(one).encode() + b"\n"
