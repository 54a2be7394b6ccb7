"""Engines: where batches run; submit and as-completed, nothing more."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wunderkammer.core.engine import Engine
    from wunderkammer.core.resources import EngineSettings

ENGINES = ("local", "dask", "ray")
"""What ``[engine] kind`` and ``wk run --engine`` may say."""


def engine_of(settings: EngineSettings) -> Engine:
    """Return the engine that is asked for; its library is loaded only now.

    Raises
    ------
    ConfigurationError
        If nobody knows an engine of this kind.
    EngineError
        If its library is not installed, or no cluster answers.
    """
    from wunderkammer.core.errors import ConfigurationError, nearest

    if settings.kind == "local":
        from wunderkammer.engines.local import LocalEngine

        return LocalEngine(settings.workers)
    if settings.kind == "dask":
        from wunderkammer.engines.dask import DaskEngine

        return DaskEngine(settings.address)
    if settings.kind == "ray":
        from wunderkammer.engines.ray import RayEngine

        return RayEngine(settings.address)
    raise ConfigurationError(
        f"[engine] kind: there is no engine '{settings.kind}'.",
        hint=nearest(settings.kind, ENGINES),
    )


def library(name: str, extra: str) -> ModuleType:
    """Return the library of a cluster.

    Raises
    ------
    EngineError
        If it is not installed; says what to install.
    """
    from wunderkammer.core.errors import EngineError

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise EngineError(
            f"the engine '{extra}' needs the library {name}: {error}.",
            hint=f"Install it with: pip install 'wunderkammer[{extra}]', here and on the workers.",
        ) from None
