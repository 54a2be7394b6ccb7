"""Publish: the page, the tiles and the atlas of a collection as one site."""

from __future__ import annotations

from pathlib import Path

import wunderkammer
from wunderkammer.atlas.appearance import colours, logo_name
from wunderkammer.atlas.cards import web_address
from wunderkammer.atlas.page_schemas import Appearance, Translation
from wunderkammer.atlas.site import Site
from wunderkammer.core.collection import Collection
from wunderkammer.core.configuration import About
from wunderkammer.core.errors import StageError
from wunderkammer.stages.atlas import AtlasStage

PAGE = Path(wunderkammer.__file__).parent / "web" / "static"
"""Where the built page lies in the package."""


def site_of(collection: Collection) -> Site:
    """Return the site of a collection's first atlas.

    Raises
    ------
    StageError
        If the atlas has not been built, or the page was not.
    ConfigurationError
        If a colour or the logo is not fit for a page.
    """
    if not (PAGE / "index.html").exists():
        raise StageError(
            "the page of the atlas is not built.",
            hint="In a checkout run 'make frontend'; an installed package brings it.",
        )
    atlas = next(one for one in collection.configuration.stages if isinstance(one, AtlasStage))
    folders = tuple(collection.artifacts(group) for group in (f"tile/{atlas.layout}", atlas.group))
    about = collection.configuration.about
    logo = {logo_name(found): found for found in (collection.root / about.logo,) if about.logo}
    return Site(
        PAGE,
        collection.root,
        folders,
        about={
            **_texts(about),
            "appearance": appearance(about, next(iter(logo), "")),
            "generator": f"Wunderkammer {wunderkammer.__version__}",
        },
        files=logo,
    )


def appearance(about: About, logo: str) -> Appearance:
    """Return how the page looks.

    Raises
    ------
    ConfigurationError
        If texts could not be read in the colours.
    """
    return Appearance(
        language=about.language,
        theme=about.theme,
        logo=logo,
        light=colours("light", accent=about.accent, paper=about.paper),
        dark=colours("dark", accent=about.accent_dark, paper=about.paper_dark),
    )


def _texts(about: About) -> dict[str, object]:
    names = ("title", "description", "citation", "publisher", "introduction", "disclaimer")
    translations = {
        code: Translation.model_validate(one.model_dump())
        for code, one in about.translations.items()
    }
    return {
        **{name: getattr(about, name) for name in names},
        "website": web_address(about.website),
        "translations": translations,
    }
