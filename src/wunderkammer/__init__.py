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
    """Open the collection in a folder or a bucket.

    Parameters
    ----------
    path : str or Path
        The folder that holds ``collection.toml``; or an address such as ``s3://museum/moths``,
        which is worked on in a copy below ``WUNDERKAMMER_COPIES``.

    Raises
    ------
    NotACollectionError
        If it is none.
    ConfigurationError
        If its ``collection.toml`` holds something that cannot be used.
    """
    from wunderkammer.core.collection import Collection
    from wunderkammer.storage import is_address, is_copy

    if is_address(path):
        from wunderkammer.storage.home import fetched

        path = fetched(str(path))
    home = None
    if is_copy(Path(path)):
        from wunderkammer.storage.home import home_of

        home = home_of(Path(path))
    return Collection(Path(path), pipeline(), home)


def create(path: str | Path, settings: Mapping[str, Any]) -> Collection:
    """Make a collection in a folder or a bucket and open it.

    Parameters
    ----------
    path : str or Path
        The folder, which is made if need be; or an address such as ``s3://museum/moths``.
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
    from wunderkammer.storage import is_address

    stages = pipeline()
    toml = template(stages.stages, settings)
    if not is_address(path):
        return Collection.create(Path(path), toml, stages)
    from wunderkammer.storage.home import new_home

    home = new_home(str(path))
    with home.hold():
        return Collection.create(home.copy.root, toml, stages, home)


def pipeline() -> Pipeline:
    """Return the stages there are and the engines they run on."""
    from wunderkammer.core.collection import Pipeline
    from wunderkammer.engines import engine_of
    from wunderkammer.stages import STAGES
    from wunderkammer.stages.publish import site_of
    from wunderkammer.storage.publishing import publish

    return Pipeline(STAGES, engine_of, site_of, publish)
