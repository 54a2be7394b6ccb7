"""What a shell offers while words are typed: names out of the collection at hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from wunderkammer.core.collection import Collection


def stages(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the collection's stages that begin so."""
    found = _collection(ctx)
    return _of(begun, () if found is None else (one.group for one in found.configuration.stages))


def terms(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the terms of the collection's records, and those that people stated."""
    found = _collection(ctx)
    if found is None:
        return []
    table = found.table()
    return _of(begun, {*table.record_columns, *table.annotated} - {"media_id"})


def settings(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the names of settings that begin so, each with its equals sign."""
    found = _collection(ctx)
    if found is None:
        return []
    names = (
        f"{stage.group}.{name}="
        for stage in found.configuration.stages
        for name in type(stage).model_fields
        if name not in {"name", "version"}
    )
    return _of(begun, names)


def _collection(ctx: click.Context) -> Collection | None:
    """Return the collection that -C names, or that of this folder; None where there is none."""
    import wunderkammer
    from wunderkammer.core.errors import WunderkammerError

    given: Any = ctx.params.get("path")
    try:
        return wunderkammer.open(given or Path())
    except WunderkammerError:
        return None  # a shell that completes says nothing of errors


def _of(begun: str, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name.startswith(begun))
