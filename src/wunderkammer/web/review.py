"""The application for reviewing: the page, the queue, pictures, and what people state."""

from __future__ import annotations

import html
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from wunderkammer.core.errors import (
    ConfigurationError,
    ImageMissingError,
    StageError,
    UnknownNameError,
    WunderkammerError,
)
from wunderkammer.web.curator import Curator
from wunderkammer.web.guards import Guard, RefusedError, limited_body
from wunderkammer.web.queue import Question
from wunderkammer.web.schemas import (
    Examination,
    Found,
    Medium,
    Name,
    NameList,
    Order,
    Problem,
    Queue,
    Reasons,
    Session,
    Stated,
    Statements,
    Suspicions,
    Tool,
)
from wunderkammer.web.suspects import suspicions

PAGE = Path(__file__).parent / "static" / "curate"
"""Where the built page lies in the package."""

SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""Headers of every answer; the page needs no script or style from elsewhere or inline."""

MAX_JSON = 16 * 1024
MAX_PNG = 64 * 2**20
"""Longest bodies that are read, in bytes: statements, and a mask."""

_KINDS = {"photograph": "image/jpeg", "small": "image/jpeg", "mask": "image/png",
          "drawn": "image/png", "cutout": "image/webp"}  # fmt: skip
_PROBLEM = "application/problem+json"
_TOKEN = 'name="review-token" content=""'  # noqa: S105 - a place in the page

MediaId = Annotated[str, InPath(pattern="^[0-9a-f]{20}$")]
Kind = Literal["photograph", "small", "mask", "drawn", "cutout"]
Rank = Annotated[str, Query(max_length=100)]


def _question(tool: Tool, rank: Rank = "", encoder: Rank = "") -> Question:
    return Question(tool, rank, encoder) if tool == "labels" else Question(tool)


Asked = Annotated[Question, Depends(_question)]


def review_app(curator: Curator, guard: Guard) -> FastAPI:
    """Return the application in which one person reviews one collection.

    Parameters
    ----------
    curator : Curator
        Shows media and writes statements down.
    guard : Guard
        Lets only this server's own page write.

    Raises
    ------
    StageError
        If the page was not built.
    """
    page = _page(guard.token)
    problems: dict[int | str, dict[str, Any]] = {
        code: {"model": Problem} for code in (403, 404, 413, 422)
    }
    app = FastAPI(title="Wunderkammer review", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(_guarded(guard))
    _explain(app)
    app.include_router(_label_questions(curator), prefix="/api", responses=problems)
    app.include_router(_questions(curator), prefix="/api", responses=problems)
    app.include_router(_statements(curator), prefix="/api", responses=problems)

    @app.api_route("/", methods=["GET", "HEAD"], response_class=Response)
    def entry() -> Response:
        return Response(page, media_type="text/html", headers={"Cache-Control": "no-store"})

    @app.api_route("/assets/{name}", methods=["GET", "HEAD"], response_class=Response)
    def asset(name: str) -> Response:
        path = PAGE / "assets" / name
        if "/" in name or ".." in name or not path.is_file():
            return _problem(404, f"there is no '{name}' in this page.", "")
        # their names hold their hash
        forever = {"Cache-Control": "public, max-age=31536000, immutable"}
        kind = "text/javascript" if name.endswith(".js") else None
        return FileResponse(path, headers=forever, media_type=kind)

    return app


def _label_questions(curator: Curator) -> APIRouter:
    """Return the routes that only read, of suspected labels."""
    routes = APIRouter()

    @routes.get("/examination")
    def examination() -> Examination:
        found = [Suspicions(**asdict(one)) for one in suspicions(curator.collection)]
        return Examination(suspicions=found)

    @routes.get("/names")
    def names(
        rank: Rank, text: Rank = "", limit: Annotated[int, Query(ge=1, le=50)] = 8
    ) -> NameList:
        known = curator.labels.names.suggest(rank, text, limit)
        return NameList(names=[Name(**asdict(one)) for one in known])

    @routes.get("/labels/{media_id}/reasons")
    def reasons(media_id: MediaId, rank: Rank, encoder: Rank) -> Reasons:
        return curator.reasons(Question("labels", rank, encoder), media_id)

    return routes


def _questions(curator: Curator) -> APIRouter:
    """Return the routes that only read."""
    routes = APIRouter()

    @routes.get("/session")
    def session() -> Session:
        return Session(title=curator.collection.configuration.about.title, who=curator.who)

    @routes.get("/queue")
    def queue(
        asked: Asked,
        order: Order = "worst",
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=200)] = 60,
    ) -> Queue:
        return curator.queue(asked, order, offset, limit)

    @routes.get("/find")
    def find(asked: Asked, name: Annotated[str, Query(max_length=300)]) -> Found:
        return Found(id=curator.find(asked, name))

    @routes.get("/{tool}/{media_id}")  # noqa: FAST003 - the tool is part of what is asked
    def medium(asked: Asked, media_id: MediaId) -> Medium:
        return curator.medium(asked, media_id)

    @routes.get("/{tool}/{media_id}/{kind}", response_class=Response)
    def picture(
        tool: Tool,
        media_id: MediaId,
        kind: Kind,
        part: Annotated[str, Query(pattern="^[0-9a-f]{20}$")] = "",
    ) -> Response:
        content = curator.picture(kind, tool, media_id, part)
        fresh = {"Cache-Control": "private, no-cache"}
        return Response(content, media_type=_KINDS[kind], headers=fresh)

    return routes


async def _png(request: Request) -> bytes:
    if request.headers.get("content-type", "") != "image/png":
        raise RefusedError("a mask is sent as image/png.", status=415)
    return await limited_body(request, MAX_PNG)


async def _said(request: Request) -> Statements:
    if request.headers.get("content-type", "") != "application/json":
        raise RefusedError("statements are sent as application/json.", status=415)
    try:
        return Statements.model_validate_json(await limited_body(request, MAX_JSON))
    except ValidationError as error:
        raise ConfigurationError(_first(error), hint="Load the page again.") from None


def _statements(curator: Curator) -> APIRouter:
    """Return the routes that write; what they answer is on disk."""
    routes = APIRouter()

    @routes.put("/cutout/{media_id}/mask")
    def mask(media_id: MediaId, content: Annotated[bytes, Depends(_png)]) -> Stated:
        return curator.save_mask(media_id, content)

    @routes.post("/{tool}/{media_id}/statements")
    def statements(
        asked: Asked, media_id: MediaId, said: Annotated[Statements, Depends(_said)]
    ) -> Stated:
        return curator.state(asked, media_id, said.statements)

    return routes


def _page(token: str) -> bytes:
    """Return the page with the token of this start in it."""
    try:
        text = (PAGE / "curate.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StageError(
            "the page for reviewing is not built.",
            hint="In a checkout run 'make frontend'; an installed package brings it.",
        ) from None
    filled = f'name="review-token" content="{html.escape(token, quote=True)}"'
    return text.replace(_TOKEN, filled).encode()


def _guarded(
    guard: Guard,
) -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response]]:
    async def check(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        try:
            guard.check(request)
            response = await call_next(request)
        except RefusedError as error:
            response = _problem(error.status, error.message, error.hint)
        response.headers.update(SECURITY)
        return response

    return check


def _explain(app: FastAPI) -> None:
    """Answer every error as a problem in words."""

    @app.exception_handler(WunderkammerError)
    def known(_request: Request, error: WunderkammerError) -> JSONResponse:
        status = 422
        if isinstance(error, RefusedError):
            status = error.status
        elif isinstance(error, UnknownNameError | ImageMissingError):
            status = 404
        return _problem(status, error.message, error.hint)

    @app.exception_handler(RequestValidationError)
    def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        return _problem(422, _first(error), "")

    @app.exception_handler(HTTPException)
    def other(_request: Request, error: HTTPException) -> JSONResponse:
        return _problem(error.status_code, f"{error.detail}.", "")


def _first(error: RequestValidationError | ValidationError) -> str:
    """Return what is wrong first, and where."""
    one = error.errors()[0]
    return f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}."


def _problem(status: int, title: str, detail: str) -> JSONResponse:
    problem = Problem(title=title, detail=detail, status=status)
    return JSONResponse(problem.model_dump(), status, media_type=_PROBLEM)
