"""The application for sorting: the page, queues, pictures, labels, rounds and files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi import Path as InPath

from wunderkammer.web.app import SiteFiles
from wunderkammer.web.described import FILES, answered, describe, sent
from wunderkammer.web.desk import Desk
from wunderkammer.web.guards import Guard, RefusedError, limited_body
from wunderkammer.web.pages import PROBLEMS, STATIC, guarded_app, message
from wunderkammer.web.sorting_files import export_of, import_labels
from wunderkammer.web.sorting_schemas import (
    MAX_PAGE,
    Applied,
    FoundMedium,
    Imported,
    Labels,
    QueueList,
    QueueName,
    RoundList,
    RoundOrder,
    Saved,
    SortAudit,
    SortQueue,
    SortState,
    TaskList,
    Who,
)

PAGE = STATIC / "sort" / "sort.html"
"""The built page."""

MAX_JSON = 1 << 20
MAX_FILE = 64 << 20
"""Longest bodies that are read, in bytes: labels, and a file of labels."""

_JPEG = answered("image/jpeg")

TaskName = Annotated[str, InPath(pattern="^[A-Za-z][A-Za-z0-9_]*$", max_length=100)]
MediaId = Annotated[str, InPath(pattern="^[0-9a-f]{20}$")]
Asker = Annotated[str, Query(max_length=100)]
Precision = Annotated[float | None, Query(gt=0, lt=1)]


def _limits(
    quantile: Annotated[float, Query(ge=0, le=1)] = 0.9,
    confidence: Annotated[float, Query(ge=0, le=1)] = 0.9,
) -> dict[str, float]:
    return {"quantile": quantile, "confidence": confidence}


Limits = Annotated[dict[str, float], Depends(_limits)]


def sort_app(desk: Desk, guard: Guard) -> FastAPI:
    """Return the application in which people sort one collection.

    Parameters
    ----------
    desk : Desk
        Shows media and writes down what people say; it is stopped with the application.
    guard : Guard
        Lets only this server's own page write.

    Raises
    ------
    StageError
        If the page was not built.
    """

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        yield
        desk.stop()

    app = guarded_app("Wunderkammer sorting", PAGE, guard, lifespan=running)
    for routes in (_questions(desk), _statements(desk), _rounds(desk), _files(desk)):
        app.include_router(routes, prefix="/api", responses=PROBLEMS)
    app.mount("/atlas", SiteFiles(desk.site))
    describe(app, {f"/atlas{path}": item for path, item in FILES.items()})
    return app


def _questions(desk: Desk) -> APIRouter:
    """Return the routes that only read."""
    routes = APIRouter()

    @routes.get("/tasks")
    def tasks() -> TaskList:
        return desk.tasks()

    @routes.get("/sort/{task}")
    def state(task: TaskName) -> SortState:
        return desk.state(task)

    @routes.get("/sort/{task}/queue")
    def queue(
        task: TaskName,
        limits: Limits,
        name: QueueName = "next",
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 60,
        who: Asker = "",
    ) -> SortQueue:
        return desk.queue(task, name, (offset, limit), who, limits)

    @routes.get("/sort/{task}/find")
    def find(
        task: TaskName, name: Annotated[str, Query(max_length=300)], who: Asker = ""
    ) -> FoundMedium:
        return desk.find(task, name, who)

    @routes.get("/sort/{task}/queues")
    def queues(task: TaskName, limits: Limits, who: Asker = "") -> QueueList:
        return desk.queues(task, who, limits)

    @routes.get("/pictures/{media_id}/{kind}", response_class=Response, responses=_JPEG)
    def picture(
        media_id: MediaId,
        kind: Literal["photograph", "small"],
        v: Annotated[str, Query(max_length=100)] = "",
    ) -> Response:
        content, version = desk.picture(kind, media_id)
        # an address that holds the version of what it shows never shows anything else
        lasting = "private, max-age=31536000, immutable" if v == version else "private, no-cache"
        return Response(content, media_type="image/jpeg", headers={"Cache-Control": lasting})

    return routes


async def _labels(request: Request) -> Labels:
    return await message(request, Labels, MAX_JSON)


async def _order(request: Request) -> RoundOrder:
    return await message(request, RoundOrder, MAX_JSON)


async def _file(request: Request) -> bytes:
    if request.headers.get("content-type", "") != "application/json":
        raise RefusedError("a file of labels is sent as application/json.", status=415)
    return await limited_body(request, MAX_FILE)


def _statements(desk: Desk) -> APIRouter:
    """Return the routes that write labels; what they answer is on disk."""
    routes = APIRouter()

    @routes.post("/sort/{task}/labels", openapi_extra=sent("application/json", Labels))
    def labels(task: TaskName, said: Annotated[Labels, Depends(_labels)]) -> Saved:
        return desk.say(task, said)

    @routes.post("/sort/{task}/import", openapi_extra=sent("application/json"))
    def bring(
        task: TaskName, who: Annotated[Who, Query()], content: Annotated[bytes, Depends(_file)]
    ) -> Imported:
        return import_labels(desk.sorting(task), content, who)

    return routes


def _rounds(desk: Desk) -> APIRouter:
    """Return the routes of rounds, and of what is made of them."""
    routes = APIRouter()

    @routes.get("/sort/{task}/rounds")
    def rounds(task: TaskName) -> RoundList:
        return desk.all_rounds(task)

    @routes.post("/sort/{task}/rounds", openapi_extra=sent("application/json", RoundOrder))
    def start(task: TaskName, order: Annotated[RoundOrder, Depends(_order)]) -> SortState:
        return desk.start_round(task, order.who)

    @routes.get("/sort/{task}/audit")
    def audit(task: TaskName, precision: Precision = None) -> SortAudit:
        return desk.audit(task, precision)

    @routes.post("/sort/{task}/apply")
    def apply(task: TaskName, precision: Precision = None) -> Applied:
        return desk.apply(task, precision)

    return routes


def _files(desk: Desk) -> APIRouter:
    """Return the routes by which labels and sorted media are taken home."""
    routes = APIRouter()

    @routes.get(
        "/sort/{task}/export/{kind}", response_class=Response,
        responses=answered("application/json", "text/plain", "text/csv"),
    )  # fmt: skip
    def export(task: TaskName, kind: Annotated[str, InPath(max_length=300)]) -> Response:
        file = export_of(desk.sorting(task), kind)
        told = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        return Response(
            file.content,
            media_type=file.media_type,
            headers={"Content-Disposition": told, "Cache-Control": "no-store"},
        )

    return routes
