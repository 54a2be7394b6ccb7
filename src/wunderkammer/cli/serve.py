"""``wk serve``."""

from __future__ import annotations

from pathlib import Path

import click

from wunderkammer.cli.options import folder


@click.command(short_help="Show the atlas in a browser.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 takes a free one.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address; the default is this machine only.",
)
@folder
def command(path: Path, port: int, host: str) -> None:
    """Show the atlas in a browser, from this machine, until Ctrl-C."""
    import wunderkammer
    from wunderkammer.web.server import serve

    serve(
        wunderkammer.open(path),
        host=host,
        port=port,
        started=lambda address: click.echo(f"The atlas is at {address} (Ctrl-C stops it)."),
    )
