"""Publish: the page, the tiles and the atlas of a collection as one site."""

from __future__ import annotations

from pathlib import Path

import wunderkammer
from wunderkammer.atlas.site import Site
from wunderkammer.core.collection import Collection
from wunderkammer.core.configuration import About
from wunderkammer.core.errors import StageError
from wunderkammer.stages.atlas import AtlasStage

PAGE = Path(wunderkammer.__file__).parent / "web" / "static"
"""Where the built page lies in the package."""


def _citation(about: About) -> str:
    return f"Cite as: {about.citation}" if about.citation else ""


def site_of(collection: Collection) -> Site:
    """Return the site of a collection's first atlas.

    Raises
    ------
    StageError
        If the atlas has not been built, or the page was not.
    """
    if not (PAGE / "index.html").exists():
        raise StageError(
            "the page of the atlas is not built.",
            hint="In a checkout run 'make frontend'; an installed package brings it.",
        )
    atlas = next(one for one in collection.configuration.stages if isinstance(one, AtlasStage))
    folders = tuple(collection.artifacts(group) for group in (f"tile/{atlas.layout}", atlas.group))
    about = collection.configuration.about
    return Site(
        PAGE,
        collection.root,
        folders,
        title=about.title,
        description="\n\n".join(filter(None, (about.description, _citation(about)))),
        generator=f"Wunderkammer {wunderkammer.__version__}",
    )
