"""The application for reviewing: the page, the queue, pictures, and what people state."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi import Path as InPath

from wunderkammer.web.curator import Curator
from wunderkammer.web.described import answered, describe, sent
from wunderkammer.web.guards import Guard, RefusedError, limited_body
from wunderkammer.web.pages import PROBLEMS, STATIC, guarded_app, message
from wunderkammer.web.queue import Question
from wunderkammer.web.schemas import (
    Examination,
    Found,
    Medium,
    Name,
    NameList,
    Order,
    Queue,
    Reasons,
    Session,
    Stated,
    Statements,
    Suspicions,
    Tool,
)
from wunderkammer.web.suspects import suspicions

PAGE = STATIC / "curate" / "curate.html"
"""The built page."""

MAX_JSON = 16 * 1024
MAX_PNG = 64 * 2**20
"""Longest bodies that are read, in bytes: statements, and a mask."""

_KINDS = {"photograph": "image/jpeg", "small": "image/jpeg", "mask": "image/png",
          "drawn": "image/png", "cutout": "image/webp"}  # fmt: skip

MediaId = Annotated[str, InPath(pattern="^[0-9a-f]{20}$")]
Kind = Literal["photograph", "small", "mask", "drawn", "cutout"]
Rank = Annotated[str, Query(max_length=100)]
Who = Annotated[str, Query(max_length=100, pattern=r"^\P{C}*$")]
"""Whose statement it is; empty for whom the server was started by."""


def _question(tool: Tool, rank: Rank = "", encoder: Rank = "") -> Question:
    if tool == "name":
        return Question(tool, rank)
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
    app = guarded_app("Wunderkammer review", PAGE, guard)
    for routes in (_label_questions(curator), _questions(curator), _statements(curator)):
        app.include_router(routes, prefix="/api", responses=PROBLEMS)
    describe(app)
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

    @routes.get(
        "/{tool}/{media_id}/{kind}", response_class=Response,
        responses=answered("image/jpeg", "image/png", "image/webp"),
    )  # fmt: skip
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
    return await message(request, Statements, MAX_JSON)


def _statements(curator: Curator) -> APIRouter:
    """Return the routes that write; what they answer is on disk."""
    routes = APIRouter()

    @routes.put("/cutout/{media_id}/mask", openapi_extra=sent("image/png"))
    def mask(media_id: MediaId, content: Annotated[bytes, Depends(_png)], who: Who = "") -> Stated:
        return curator.save_mask(media_id, content, who.strip())

    @routes.post(
        "/{tool}/{media_id}/statements", openapi_extra=sent("application/json", Statements)
    )
    def statements(
        asked: Asked,
        media_id: MediaId,
        said: Annotated[Statements, Depends(_said)],
        who: Who = "",
    ) -> Stated:
        return curator.state(asked, media_id, said.statements, who.strip())

    return routes
