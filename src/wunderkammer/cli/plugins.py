"""``wk plugins``."""

from __future__ import annotations

import re

import click

FAMILIES = ("sources", "sampling", "encoders", "projections", "layouts")


@click.command(short_help="List what can be chosen.")
@click.argument("family", required=False, type=click.Choice(FAMILIES))
def command(family: str | None) -> None:
    """List sources, encoders, projections and layouts, each with what it does."""
    import importlib

    for name in [family] if family else FAMILIES:
        registry = importlib.import_module(f"wunderkammer.{name}").registry
        click.echo(name)
        for plugin in registry:
            summary = re.sub(r" \[\d+\]_", "", (plugin.__doc__ or "").strip().split("\n", 1)[0])
            click.echo(f"    {plugin.model_fields['name'].default:<20} {summary}")
