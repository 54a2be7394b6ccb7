"""Clean, measured, explorable natural-history image collections.

Examples
--------
>>> import wunderkammer
>>> collection = wunderkammer.open("moths")  # doctest: +SKIP
>>> collection.plan()  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wunderkammer.core.collection import Collection, Pipeline

__all__ = ["create", "open", "pipeline"]
__version__ = "0.1.0"


def open(path: str | Path = ".") -> Collection:  # noqa: A001 - wunderkammer.open(...) is the word
    """Open the collection in a folder.

    Parameters
    ----------
    path : str or Path
        The folder that holds ``collection.toml``.

    Raises
    ------
    NotACollectionError
        If it is none.
    ConfigurationError
        If its ``collection.toml`` holds something that cannot be used.
    """
    from wunderkammer.core.collection import Collection

    return Collection(Path(path), pipeline())


def create(path: str | Path, settings: Mapping[str, Any]) -> Collection:
    """Make a collection in a folder and open it.

    Parameters
    ----------
    path : str or Path
        The folder; it is made if need be.
    settings : mapping
        Values of ``collection.toml`` by dotted name, such as
        ``{"ingest.source.name": "table", "ingest.source.path": "moths.csv"}``.

    Raises
    ------
    NotACollectionError
        If the folder is a collection already.
    ConfigurationError
        If a name or value is not allowed.
    """
    from wunderkammer.core.collection import Collection
    from wunderkammer.core.template import template

    stages = pipeline()
    return Collection.create(Path(path), template(stages.stages, settings), stages)


def pipeline() -> Pipeline:
    """Return the stages there are and the engines they run on."""
    from wunderkammer.core.collection import Pipeline
    from wunderkammer.engines import engine_of
    from wunderkammer.stages import STAGES
    from wunderkammer.stages.publish import site_of

    return Pipeline(STAGES, engine_of, site_of)
