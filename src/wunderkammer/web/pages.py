"""What the servers of the writing pages share: the page, its guard, and problems in words."""

from __future__ import annotations

import html
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from wunderkammer.core.errors import (
    ConfigurationError,
    StageError,
    WunderkammerError,
)
from wunderkammer.web.described import answered
from wunderkammer.web.entrance import Entrance
from wunderkammer.web.guards import Guard, RefusedError, limited_body
from wunderkammer.web.problems import problem, problem_of
from wunderkammer.web.schemas import Problem
from wunderkammer.web.shield import Shield

STATIC = Path(__file__).parent / "static"
"""Where the built pages lie in the package, each in a folder of its own."""

SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""Headers of every answer; the page needs no script or style from elsewhere or inline."""

PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem} for code in (400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 422)
}
"""What routes may answer beside what was asked for."""

_ASSETS: dict[int | str, dict[str, Any]] = {
    **answered("*/*"),
    **{code: {"model": Problem} for code in (403, 404, 405)},
}
_TOKEN = 'name="review-token" content=""'  # noqa: S105 - a place in the page

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
_Message = TypeVar("_Message", bound=BaseModel)


def guarded_app(
    title: str, page: Path, guard: Guard, *, lifespan: Lifespan | None = None
) -> FastAPI:
    """Return an application that hands out one page, and answers no page but that one.

    Parameters
    ----------
    title : str
        What the application is called.
    page : Path
        The built page; what it loads lies beside it in ``assets``.
    guard : Guard
        Lets only this server's own page write.
    lifespan : callable, optional
        What is done when the application starts and ends, as FastAPI takes it.

    Raises
    ------
    StageError
        If the page was not built.
    """
    filled = _filled(page, guard.token)
    app = app_behind(guard, title, lifespan=lifespan)

    html = {**answered("text/html"), 403: {"model": Problem}}

    @app.get("/", response_class=Response, responses=html)
    @app.head("/", response_class=Response, include_in_schema=False)
    def entry() -> Response:
        return Response(filled, media_type="text/html", headers={"Cache-Control": "no-store"})

    @app.get("/assets/{name}", response_class=Response, responses=_ASSETS)
    @app.head("/assets/{name}", response_class=Response, include_in_schema=False)
    def asset(name: str) -> Response:
        path = page.parent / "assets" / name
        if "/" in name or ".." in name or not path.is_file():
            return problem(404, f"there is no '{name}' in this page.")
        # their names hold their hash
        forever = {"Cache-Control": "public, max-age=31536000, immutable"}
        kind = "text/javascript" if name.endswith(".js") else None
        return FileResponse(path, headers=forever, media_type=kind)

    return app


def app_behind(
    guard: Guard,
    title: str,
    *,
    lifespan: Lifespan | None = None,
    entrance: Entrance | None = None,
) -> FastAPI:
    """Return an application without routes; its guard sees every request, errors are words."""
    app = FastAPI(title=title, docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(Shield, headers=SECURITY, entrance=entrance, guard=guard)
    _explain(app)
    return app


async def message(request: Request, model: type[_Message], n_bytes: int) -> _Message:
    """Return what a request says.

    Raises
    ------
    RefusedError
        If it is no JSON, or longer than ``n_bytes``.
    ConfigurationError
        If it does not say what the model wants.
    """
    if request.headers.get("content-type", "") != "application/json":
        raise RefusedError("statements are sent as application/json.", status=415)
    try:
        return model.model_validate_json(await limited_body(request, n_bytes))
    except ValidationError as error:
        raise ConfigurationError(_first(error), hint="Load the page again.") from None


def _filled(page: Path, token: str) -> bytes:
    """Return the page with the token of this start in it."""
    try:
        text = page.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StageError(
            f"the page '{page.stem}' is not built.",
            hint="In a checkout run 'make frontend'; an installed package brings it.",
        ) from None
    filled = f'name="review-token" content="{html.escape(token, quote=True)}"'
    return text.replace(_TOKEN, filled).encode()


def _explain(app: FastAPI) -> None:
    """Answer every error as a problem in words."""

    @app.exception_handler(WunderkammerError)
    def known(_request: Request, error: WunderkammerError) -> JSONResponse:
        told = problem_of(error)
        return problem(told.status, told.title, told.detail)

    @app.exception_handler(RequestValidationError)
    def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        return problem(422, _first(error))

    @app.exception_handler(HTTPException)
    def other(_request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, f"{error.detail}.", headers=error.headers)


def _first(error: RequestValidationError | ValidationError) -> str:
    """Return what is wrong first, and where."""
    one = error.errors()[0]
    return f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}."
