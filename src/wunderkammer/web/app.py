"""The application of an atlas: its files, read-only, and no route that changes anything."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from fastapi import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from wunderkammer.atlas.paths import ATLAS, FRONT_PAGE
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.core.publishing import PublishedSite
from wunderkammer.web.entrance import Entrance
from wunderkammer.web.files import Files, tell
from wunderkammer.web.guards import SAFE
from wunderkammer.web.problems import problem
from wunderkammer.web.shield import Shield

SECURITY = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    "img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
"""Headers of every answer; the page needs no script or style from elsewhere or inline.

WebAssembly is what looks at photographs in the page; text is never run as a script.
"""

_MADE = {FRONT_PAGE: "text/html; charset=utf-8", ATLAS: "application/json"}
_PATHS_KEPT = 16_384

Latest = Callable[[], PublishedSite | None]


def atlas_app(latest: Latest, entrance: Entrance | None = None) -> ASGIApp:
    """Return the application that serves one atlas, read-only.

    It has no router and no route but the files: nothing in it reads the body of a request,
    and every method but GET and HEAD is refused.

    Parameters
    ----------
    latest : callable
        Returns the site as it is now; asked when a visitor opens the page or its
        entry point, so that a run made meanwhile is seen at the next visit.
    entrance : Entrance, optional
        Who is let in; without it, everybody.
    """
    return Shield(SiteFiles(latest), SECURITY, entrance)


class SiteFiles:
    """Every file of an atlas, the page included, as an ASGI application.

    Parameters
    ----------
    latest : callable
        Returns the site as it is now; None where there is none.
    said : str
        HTML that is added to the head of the page: what this server lets it do.
    """

    def __init__(self, latest: Latest, said: str = "") -> None:
        self._latest = latest
        self._said = said
        self._site = latest()
        self._looked_at = time.monotonic()
        self._looking = asyncio.Lock()
        self._paths: OrderedDict[str, Path] = OrderedDict()
        self._files = Files()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await _no_lifespan(scope, receive, send)
            return
        if scope["method"] not in SAFE:
            answer = problem(
                405, f"{scope['method']} changes nothing here.", headers={"Allow": "GET, HEAD"}
            )
            await tell(answer, scope, send)
            return
        name = scope["path"].removeprefix(scope.get("root_path", ""))[1:] or FRONT_PAGE
        if name in _MADE:
            await self._look_again()
        site = self._site
        if site is None:
            refusal = problem(404, "there is no atlas yet.", "Build it with 'wk run'.")
            await tell(refusal, scope, send)
        elif name in _MADE:
            await self._made(site, name, scope, send)
        else:
            await self._file(site, name, scope, send)

    async def _made(self, site: PublishedSite, name: str, scope: Scope, send: Send) -> None:
        """Answer what is made for an atlas."""
        content = await asyncio.to_thread(site.made, name) or b""
        if name != FRONT_PAGE or not self._said:
            await self._files.text(content, _MADE[name], scope, send)
            return
        html = content.decode().replace("</head>", f"{self._said}</head>", 1)
        headers = {"Cache-Control": "no-store"}
        await tell(Response(html, media_type="text/html", headers=headers), scope, send)

    async def _file(self, site: PublishedSite, name: str, scope: Scope, send: Send) -> None:
        """Answer a file by its path; a problem if there is none."""
        path = self._paths.get(name)
        if path is not None:
            with contextlib.suppress(FileNotFoundError):
                await self._files.file(path, scope, send)
                return
        path = await asyncio.to_thread(site.file, name)
        if path is not None:
            self._paths[name] = path
            if len(self._paths) > _PATHS_KEPT:
                self._paths.popitem(last=False)
            with contextlib.suppress(FileNotFoundError):
                await self._files.file(path, scope, send)
                return
        await tell(problem(404, f"there is no '{name[:300]}' in this atlas."), scope, send)

    async def _look_again(self) -> None:
        """Take the site as it is now; who comes while it is looked at shares what is found."""
        came = time.monotonic()
        async with self._looking:
            if self._looked_at > came:
                return
            began = time.monotonic()
            found = await asyncio.to_thread(_site_of, self._latest)
            # while a run replaces the atlas, the one before is shown
            if found is not None:
                self._site = found
                self._paths.clear()
            self._looked_at = began


def _site_of(latest: Latest) -> PublishedSite | None:
    """Return the site, if it is whole."""
    with contextlib.suppress(WunderkammerError):
        return latest()
    return None


async def _no_lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer what begins and ends a server, of which the files need nothing."""
    if scope["type"] != "lifespan":
        return
    for moment in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{moment}.complete"})
