"""``wk config``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from wunderkammer.cli import _completing
from wunderkammer.cli.options import folder, tables_read

_LOOKS = frozenset(
    f"collection.{name}" for name in ("logo", "accent", "accent_dark", "paper", "paper_dark")
)
"""Settings that are looked at before they are written: pages could not show every value."""


@click.group(short_help="Show or change settings.")
def command() -> None:
    """Show or change the settings of a collection."""


@command.command("show")
@tables_read
def show(path: Path) -> None:
    """Print every setting in force, defaults included, as TOML."""
    import tomlkit

    import wunderkammer

    configuration = wunderkammer.open(path).configuration
    document: dict[str, object] = {"collection": configuration.about.settings()}
    engine = configuration.engine.model_dump(exclude_unset=True, exclude_none=True)
    if engine:
        document["engine"] = engine
    for name in dict.fromkeys(stage.name for stage in configuration.stages):
        tables = [_shown(stage) for stage in configuration.called(name)]
        document[name] = tables if len(tables) > 1 else tables[0]
    click.echo(tomlkit.dumps(document).rstrip())


def _shown(model: BaseModel) -> dict[str, Any]:
    """Return the settings of a stage as collection.toml spells them."""
    table: dict[str, Any] = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            plugin = {"name": value.name} if hasattr(value, "name") else {}
            table[name] = plugin | _shown(value)
        elif name not in {"name", "version"} and value is not None:
            table[name] = value.as_posix() if isinstance(value, Path) else value
    return table


@command.command("set")
@click.argument(
    "assignments",
    nargs=-1,
    required=True,
    metavar="NAME=VALUE...",
    shell_complete=_completing.settings,
)
@folder
def change(path: Path, assignments: tuple[str, ...]) -> None:
    """Change settings in collection.toml, such as layout.method.gap=0.2; comments stay."""
    import wunderkammer
    from wunderkammer.core.template import edit, edited, parse_assignment

    collection = wunderkammer.open(path)
    changes = dict(parse_assignment(text) for text in assignments)
    if _LOOKS & changes.keys():
        from wunderkammer.stages.publish import check_looks

        made = edited(collection.root, changes, collection.pipeline.stages)
        check_looks(made.configuration.about, collection.root)
    changed = edit(collection.root, changes, collection.pipeline.stages)
    for line in changed:
        click.echo(line)
    if not changed:
        click.echo("nothing changed")
