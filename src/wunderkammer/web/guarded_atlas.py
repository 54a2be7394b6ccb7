"""An atlas whose page may do more than look: curate, and find what is like a photograph."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI

from wunderkammer.core.publishing import PublishedSite
from wunderkammer.web.app import SiteFiles
from wunderkammer.web.curator import Curator
from wunderkammer.web.described import FILES, describe
from wunderkammer.web.desk import Desk
from wunderkammer.web.entrance import Entrance
from wunderkammer.web.guards import Guard
from wunderkammer.web.pages import app_behind
from wunderkammer.web.photograph import photograph_routes
from wunderkammer.web.photograph_process import PhotographProcess
from wunderkammer.web.review import review_app
from wunderkammer.web.sorting import sort_app

CURATE, SORT = "/curate", "/sort"
"""Where the servers of the review and of the sorting answer, each with its own page."""


@dataclass(frozen=True, slots=True)
class Powers:
    """What the page of an atlas may do beside looking.

    Attributes
    ----------
    curator : Curator or None
        Writes down what is stated of a medium; None: nothing can be stated.
    desk : Desk or None
        Writes down how media are sorted; None: nothing is sorted.
    photographs : PhotographProcess or None
        Finds media like a photograph; None: nobody is asked for one.
    """

    curator: Curator | None = None
    desk: Desk | None = None
    photographs: PhotographProcess | None = None

    def names(self) -> tuple[str, ...]:
        """Return what the page is told it may do."""
        curated: tuple[str, ...] = ()
        if self.curator is not None:
            stages = {one.name for one in self.curator.collection.configuration.stages}
            curated = ("curate", *(one for one in ("cutout", "upright") if one in stages))
        sorted_ = ("sort",) if self.desk is not None else ()
        asked = ("photograph",) if self.photographs is not None else ()
        return (*curated, *sorted_, *asked)


def guarded_atlas_app(
    latest: Callable[[], PublishedSite],
    powers: Powers,
    guard: Guard,
    entrance: Entrance | None = None,
) -> FastAPI:
    """Return the application that serves one atlas to its own page, which may do more.

    The files are those of :func:`~wunderkammer.web.app.atlas_app`; the page says in its
    head what it may do, and holds the token by which it is known. What is stated goes to
    the servers of the review and of the sorting, which answer below as they do alone.

    Parameters
    ----------
    latest : callable
        Returns the site as it is now.
    powers : Powers
        What the page may do.
    guard : Guard
        Lets only this server's own page write.
    entrance : Entrance, optional
        Who is let in; without it, everybody.
    """

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        yield
        if powers.desk is not None:
            powers.desk.stop()
        if powers.photographs is not None:
            powers.photographs.stop()

    app = app_behind(guard, "Wunderkammer atlas", lifespan=running, entrance=entrance)
    if powers.curator is not None:
        app.mount(CURATE, review_app(powers.curator, guard))
    if powers.desk is not None:
        app.mount(SORT, sort_app(powers.desk, guard))
    if powers.photographs is not None:
        app.include_router(photograph_routes(powers.photographs), prefix="/api")
    app.router.default = SiteFiles(latest, _said(guard, powers.names()))
    describe(app, FILES)
    return app


def _said(guard: Guard, powers: tuple[str, ...]) -> str:
    """Return what the head of the page says of this server."""
    token = html.escape(guard.token, quote=True)
    return (
        f'<meta name="review-token" content="{token}" />'
        f'<meta name="powers" content="{" ".join(powers)}" />'
    )
