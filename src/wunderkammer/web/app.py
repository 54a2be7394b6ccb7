"""The application: the files of a site over HTTP, whole or by range, compressed or not."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse

from wunderkammer.atlas.paths import ATLAS
from wunderkammer.core.errors import WunderkammerError
from wunderkammer.core.publishing import PublishedSite

SECURITY = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; "
    "img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; frame-ancestors *",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
"""Headers of every answer; the page needs no script or style from elsewhere or inline.

WebAssembly is what looks at photographs in the page; text is never run as a script.
"""

PAGE = "index.html"
"""The page of an atlas."""

_COMPRESSED = frozenset(
    {"application/json", "text/html", "text/css", "text/javascript", "image/svg+xml"}
)
_WORTH_COMPRESSING = 1024
_PROBLEM = "application/problem+json"


def atlas_app(latest: Callable[[], PublishedSite]) -> FastAPI:
    """Return the application that serves one atlas, read-only.

    Parameters
    ----------
    latest : callable
        Returns the site as it is now; asked when a visitor opens the page or its
        entry point, so that a run made meanwhile is seen at the next visit.
    """
    app = FastAPI(title="Wunderkammer atlas", docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def secured(request: Request, call_next):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        response = await call_next(request)
        response.headers.update(SECURITY)
        return response

    @app.exception_handler(WunderkammerError)
    def problem(_request: Request, error: WunderkammerError) -> JSONResponse:
        return _problem(404, error.message, error.hint)

    app.include_router(atlas_files(latest))
    return app


def atlas_files(latest: Callable[[], PublishedSite], said: str = "") -> APIRouter:
    """Return the route of every file of an atlas, the page included.

    Parameters
    ----------
    latest : callable
        Returns the site as it is now.
    said : str
        HTML that is added to the head of the page: what this server lets it do.
    """
    sites = [latest()]
    routes = APIRouter()

    @routes.api_route("/{name:path}", methods=["GET", "HEAD"], response_class=Response)
    def answer(name: str, request: Request) -> Response:
        name = name or PAGE
        if name in {PAGE, ATLAS}:
            # while a run replaces the atlas, the one before is shown
            with contextlib.suppress(WunderkammerError):
                sites[0] = latest()
        page = sites[0].file(PAGE) if said and name == PAGE else None
        if page is None:
            return site_file(request, sites[0], name)
        html = page.read_text("utf-8").replace("</head>", f"{said}</head>", 1)
        return Response(html, media_type="text/html", headers={"Cache-Control": "no-store"})

    return routes


def site_file(request: Request, site: PublishedSite, name: str) -> Response:
    """Answer a file of a site by its path, whole or by range; a problem if there is none."""
    if name == ATLAS:
        return _bytes(request, site.atlas_json(), "application/json")
    path = site.file(name)
    if path is None:
        return _problem(404, f"there is no '{name}' in this atlas.", "")
    return _file(request, path)


def _file(request: Request, path: Path) -> Response:
    """Answer a file: small texts compressed, all else as it is, whole or by range."""
    media_type = _media_type(path)
    compressible = media_type in _COMPRESSED and "range" not in request.headers
    if compressible and path.stat().st_size >= _WORTH_COMPRESSING:
        return _bytes(request, path.read_bytes(), media_type)
    response = FileResponse(path, media_type=media_type, headers=_caching(path))
    response.set_stat_headers(path.stat())
    if _not_modified(request, response.headers["etag"]):
        return Response(status_code=304, headers=dict(response.headers))
    return response


def _bytes(request: Request, content: bytes, media_type: str) -> Response:
    """Answer bytes with an ETag, compressed as the client can take them."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if _not_modified(request, etag):
        return Response(status_code=304, headers=headers)
    accepted = request.headers.get("accept-encoding", "")
    if len(content) >= _WORTH_COMPRESSING:
        if "br" in accepted:
            import brotli

            content, headers["Content-Encoding"] = brotli.compress(content, quality=5), "br"
        elif "gzip" in accepted:
            content = gzip.compress(content, 6, mtime=0)
            headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=media_type, headers=headers)


def _not_modified(request: Request, etag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return etag in (part.strip().removeprefix("W/") for part in known.split(","))


def _caching(path: Path) -> dict[str, str]:
    """Files whose name holds their hash never change; all others are asked for again."""
    hashed = path.parent.name == "assets"
    forever = "public, max-age=31536000, immutable"
    return {"Cache-Control": forever if hashed else "no-cache"}


def _media_type(path: Path) -> str:
    if path.suffix in {".pmtiles", ".bin"}:
        return "application/octet-stream"
    if path.suffix == ".js":
        return "text/javascript"
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _problem(status: int, message: str, hint: str) -> JSONResponse:
    return JSONResponse(
        {"title": message, "detail": hint, "status": status}, status, media_type=_PROBLEM
    )
