"""Publish: the page, the tiles and the atlas of a collection as one site."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import wunderkammer
from wunderkammer.atlas.alike_schemas import PhotographSearch
from wunderkammer.atlas.appearance import colours, logo_name
from wunderkammer.atlas.cards import web_address
from wunderkammer.atlas.page_schemas import Appearance, Translation
from wunderkammer.atlas.paths import LAYOUT, PHOTOGRAPH, layout_folder
from wunderkammer.atlas.schemas import Layout
from wunderkammer.atlas.site import Site
from wunderkammer.core.collection import Collection
from wunderkammer.core.configuration import About
from wunderkammer.core.errors import StageError, UnknownNameError, nearest
from wunderkammer.core.files import read_json
from wunderkammer.stages.atlas import AtlasStage
from wunderkammer.stages.layout import LayoutStage
from wunderkammer.stages.photograph import PhotographStage
from wunderkammer.stages.places import PlacesStage

PAGE = Path(wunderkammer.__file__).parent / "web" / "static"
"""Where the built page lies in the package."""


def site_of(collection: Collection) -> Site:
    """Return the site of a collection's first atlas, with all layouts that go with it.

    Raises
    ------
    StageError
        If the atlas has not been built, or the page was not.
    ConfigurationError
        If a colour or the logo is not fit for a page, or a layout that is translated is none.
    """
    if not (PAGE / "index.html").exists():
        raise StageError(
            "the page of the atlas is not built.",
            hint="In a checkout run 'make frontend'; an installed package brings it.",
        )
    atlas = next(one for one in collection.configuration.stages if isinstance(one, AtlasStage))
    folders = tuple(collection.artifacts(group) for group in (f"tile/{atlas.layout}", atlas.group))
    shown = _shown(collection, atlas)
    about = collection.configuration.about
    photograph, looking = _photograph(collection, atlas)
    further = [layout.name for _, layout in shown if layout.plane]
    logo = {logo_name(found): found for found in (collection.root / about.logo,) if about.logo}
    return Site(
        PAGE,
        collection.root,
        (*folders, *(folder for folder, _ in shown), *photograph),
        about={
            **_texts(collection, about),
            "appearance": appearance(about, next(iter(logo), "")),
            "photograph": looking,
            "generator": f"Wunderkammer {wunderkammer.__version__}",
        },
        files=logo,
        layouts=[layout for _, layout in shown],
        placed={layout_folder(name): collection.artifacts(f"tile/{name}") for name in further},
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


def check_looks(about: About, root: Path) -> None:
    """Refuse a logo that cannot be shown and colours that cannot be read.

    Raises
    ------
    ConfigurationError
        As of :func:`~wunderkammer.atlas.appearance.logo_name` and :func:`appearance`.
    """
    appearance(about, logo_name(root / about.logo) if about.logo else "")


def _texts(collection: Collection, about: About) -> dict[str, object]:
    stages = collection.configuration.stages
    _refuse_unknown(about, [one.label for one in stages if isinstance(one, LayoutStage)])
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


def _refuse_unknown(about: About, layouts: Sequence[str]) -> None:
    """Refuse titles of layouts that the collection does not have."""
    for code, one in about.translations.items():
        for name in one.layout_titles:
            if name not in layouts:
                raise UnknownNameError(
                    f"collection.toml, [collection.translations.{code}.layout_titles]: no layout "
                    f"is called '{name}'.",
                    hint=nearest(name, layouts),
                )


def _shown(collection: Collection, atlas: AtlasStage) -> list[tuple[Path, Layout]]:
    """Return the layouts that go with an atlas as it is now, its own first, and their folders."""
    shown = []
    for stage in collection.configuration.stages:
        if not isinstance(stage, PlacesStage) or stage.atlas != atlas.layout:
            continue
        folder = _folder(collection, stage.group)
        told = read_json(folder / LAYOUT) if folder else None
        if folder is None or told is None or not _goes_with(collection, told["made_of"]):
            continue
        layout = Layout.model_validate(told["layout"])
        title = _title(collection, stage.layout)
        shown.append((folder, layout.model_copy(update={"title": title})))
    shown.sort(key=lambda one: one[1].plane is not None)
    return shown


def _photograph(
    collection: Collection, atlas: AtlasStage
) -> tuple[list[Path], PhotographSearch | None]:
    """Return the folder of what a page finds by a photograph with, and what the atlas says."""
    for stage in collection.configuration.stages:
        if not isinstance(stage, PhotographStage) or stage.atlas != atlas.layout:
            continue
        folder = _folder(collection, stage.group)
        told = read_json(folder / PHOTOGRAPH) if folder else None
        if folder and told and _goes_with(collection, told["made_of"]):
            return [folder], PhotographSearch.model_validate(told["photograph"])
    return [], None


def _goes_with(collection: Collection, made_of: Mapping[str, str]) -> bool:
    """Return whether what a stage was made of is still there.

    One that was made of what is no more would show other media than those it names.
    """
    now = {group: _folder(collection, group) for group in made_of}
    return all(found is not None and found.name == made_of[group] for group, found in now.items())


def _folder(collection: Collection, group: str) -> Path | None:
    """Return the folder of what a stage made last, or None if it has not run."""
    with contextlib.suppress(StageError):
        return collection.artifacts(group)
    return None


def _title(collection: Collection, name: str) -> str:
    stages = collection.configuration.stages
    found = (one for one in stages if isinstance(one, LayoutStage) and one.label == name)
    return next(found).title
